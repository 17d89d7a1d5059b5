"""What a site's own file lays over the rules, in words: for whoever signs, reads or explains."""

from collections.abc import Iterator

from triage.domain.laid import Laid, LaidOver
from triage.domain.opening_hours import read
from triage.domain.rulebook import Rulebook
from triage.present import spans

NOT_COVERED = (
    "The signature of the folder does not cover a site's own file; the fingerprint names both."
)
_KINDS = {
    "service": "service added",
    "contact": "hours and contacts of",
    "rule": "tightened, rule",
    "route": "tightened, route",
    "row": "tightened, target",
    "rescreen": "tightened, time to screen again",
    "after": "tightened, time to screen again after",
    "ask_again": "tightened, time to ask again when",
    "status": "tightened, time to screen again when",
}


def whose(laid: Laid) -> str:
    """Which file lies over the rules, and whose it is."""
    count = spans.count(len(laid.over), "entry", "entries")
    day = spans.day(laid.checked_on)
    return f"{laid.file}, {count}: {laid.owner}, checked on {day}."


def entries(laid: Laid) -> Iterator[str]:
    """Each thing that the file adds or tightens, as it was and as it is."""
    for over in laid.over:
        yield f"{spans.capital(_KINDS[over.kind])} {over.of}: {_changes(over)}."


def about(rulebook: Rulebook, name: str) -> Iterator[str]:
    """What the site's files changed about one thing of the rulebook."""
    for laid in rulebook.laid:
        for over in laid.over:
            if over.of == name:
                yield f"{laid.file} of the site, {_KINDS[over.kind]} {name}: {_changes(over)}."


def unread_hours(rulebook: Rulebook) -> Iterator[str]:
    """Services whose hours are words that nobody can reckon with, or that have none."""
    for each in rulebook.services:
        hours = each.details.get("open")
        if not hours:
            yield f"{each.id}: no hours are given, so nobody sees whether it is open."
        elif read(hours) is None:
            yield (
                f'{each.id}: "{hours}" cannot be read as hours, so nobody sees whether it is open. '
                'Write such as "Monday to Friday 09:00 to 17:00, not on bank holidays".'
            )


def _changes(over: LaidOver) -> str:
    told = [
        f"{change.key} {change.now}"
        if not change.was
        else f"{change.key} was {change.was}, now {change.now}"
        for change in over.changes
        if change.was != change.now
    ]
    return "; ".join(
        [*told, *([f"because {spans.small(over.why.rstrip('.'))}"] if over.why else [])]
    )
