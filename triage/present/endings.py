"""How an alert may end, in words, and what an ending that is not offered waits for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from triage.domain.roles import Verb, may

if TYPE_CHECKING:
    from triage.casework import AlertLine

ENDINGS = (
    ("seen_by_clinician", "Seen by a clinician, and it is on the record"),
    ("handed_over", "Handed to healthcare, hospital or another service"),
    ("route_taken", "A route was taken up"),
    ("declined", "Offered, and the person declined"),
    ("no_route", "No route exists for this need"),
    ("released_before_seen", "Left before they were seen"),
    ("duty_done", "The check or the duty was done"),
    ("other", "Something else"),
)


def endings(lines: "Sequence[AlertLine]", *, role: str) -> tuple[tuple[str, str], ...]:
    """How each of these alerts may end, as the record stands: no door offers more."""
    waits = _waits_for(lines, role)
    return tuple((id, said) for id, said in ENDINGS if id not in waits)


def not_endings(lines: "Sequence[AlertLine]", *, role: str) -> tuple[str, ...]:
    """Why an ending that somebody may look for is not among them."""
    waits = _waits_for(lines, role)
    return tuple(f"{said}: not yet. {waits[id]}" for id, said in ENDINGS if id in waits)


def why_no_ending(line: "AlertLine", *, role: str) -> tuple[str, ...]:
    """Why one alert cannot be ended, or not in every way, by somebody who would look for it."""
    if role in line.may_close:
        return not_endings((line,), role=role)
    return (line.why_not,) if line.why_not and may(role, Verb.CLOSE_ALERT) else ()


def _waits_for(lines: "Sequence[AlertLine]", role: str) -> dict[str, str]:
    return {each.outcome: each.why for line in lines for each in line.barred if role in each.roles}
