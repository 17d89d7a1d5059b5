"""What every verb stands on: one record, one rulebook, one installation's settings."""

from dataclasses import dataclass

from triage.domain.rulebook import Rulebook
from triage.record import Record
from triage.settings import Settings


@dataclass(frozen=True)
class Service:
    """Handed to every verb; holds no state of its own."""

    record: Record
    rulebook: Rulebook
    settings: Settings
