"""Police ranks in order, and whether somebody held the rank that an act needs."""

from triage.domain.timeline import Event

RANKS = (
    "constable",
    "sergeant",
    "inspector",
    "chief_inspector",
    "superintendent",
    "chief_superintendent",
    "assistant_chief_constable",
    "deputy_chief_constable",
    "chief_constable",
    "commander",
)
_OF_ROLE = {
    "detention_officer": "constable",
    "custody_sergeant": "sergeant",
    "duty_inspector": "inspector",
    "superintendent": "superintendent",
}


def is_at_least(event: Event, rank: str) -> bool:
    """Whether the event says that somebody of this rank or above did it. Not said is no proof."""
    held = _held(event)
    return held is not None and RANKS.index(held) >= RANKS.index(rank)


def may_be(event: Event, rank: str) -> bool:
    """As ``is_at_least``, but an event that names neither rank nor role is taken at its word."""
    return (event.rank is None and event.role is None) or is_at_least(event, rank)


def _held(event: Event) -> str | None:
    if event.rank in RANKS:
        return event.rank
    return _OF_ROLE.get(event.role or "")
