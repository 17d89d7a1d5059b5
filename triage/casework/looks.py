"""Logging that somebody looked, so that the log tells people from screens that renew themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.casework.service import Service
from triage.record import Actor, Reading

KEPT_OPEN = "kept open"  # the purpose of a look that a screen took by itself
_ONE_LOOK = timedelta(hours=1)


@dataclass(frozen=True)
class Seen:
    """What somebody looks at."""

    what: str  # as the log names it: views and groups, never values
    screen: str  # what renews itself; a terminal shows one person at a time
    stay: str | None = None
    purpose: str | None = None


def log_look(
    service: Service, seen: Seen, *, actor: Actor, now: datetime, kept_open: bool = False
) -> None:
    """Log one look.

    What renews itself while nobody presses anything is one long look: it is logged when it is
    opened and then once an hour as kept open.
    """
    if kept_open and _told_lately(service.record.reading(), seen, actor, now):
        return
    with service.record.writing(now=now) as writing:
        writing.log_access(actor, seen.what, seen.stay, KEPT_OPEN if kept_open else seen.purpose)
        writing.heartbeat(_name(seen, actor), {"stay": seen.stay} if seen.stay else {})


def _told_lately(reading: Reading, seen: Seen, actor: Actor, now: datetime) -> bool:
    """Whether the log tells of this look within the hour; a clock that went back tells nothing."""
    last = reading.last_heartbeat(_name(seen, actor))
    if last is None or last.detail.get("stay") != seen.stay:
        return False
    return timedelta(0) <= now - last.at < _ONE_LOOK


def _name(seen: Seen, actor: Actor) -> str:
    return f"look:{actor.account}:{actor.terminal or ''}:{seen.screen}"
