"""The mark that a summary stands in another system."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Filed:
    """A summary was filed in another system, so that nobody files it twice."""

    seq: int
    system: str
    at: datetime
    by: str
    role: str
    newer: int  # entries that were made since and are not in what was filed
