"""File drop-in and paste-block out, so that nothing is typed twice."""

from datetime import datetime

from triage.casework.service import Service
from triage.record import Actor

LONGEST_PASTE = 1_500  # characters: what a trust's system takes in one field


def paste_block(service: Service, stay: str, *, actor: Actor, now: datetime) -> str:
    """A summary to paste into another system, as this role may see it; at most 1,500 characters."""
    raise NotImplementedError
