"""Alerts in words: how bad, what, who has it, what happens if nobody takes it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triage.domain.roles import CLINICAL_ROLES, Verb, may, role_words
from triage.present import spans
from triage.present.endings import ENDINGS, endings, why_no_ending

if TYPE_CHECKING:
    from triage.casework import AlertLine, Holder

URGENCY_WORDS = {
    "emergency": "Emergency",
    "urgent": "Urgent",
    "soon": "Soon",
    "routine": "Routine",
}
_LEVELS = {
    "A1": "Emergency",
    "A2": "Urgent",
    "A3": "Soon",
    "A4": "Routine",
    "SYS1": "Emergency of the service",
    "SYS2": "Fault of the service",
}
_STATES = {
    "planned": "Planned",
    "raised": "Nobody has it",
    "acknowledged": "Taken",
    "in_hand": "In hand",
    "closed": "Closed",
    "withdrawn": "Withdrawn by a correction",
    "cancelled": "Cancelled",
}
_OPEN = ("raised", "acknowledged", "in_hand")
FIRST_999 = (
    "If life is at risk, call 999 or press the suite's emergency button first. "
    "This list is not an ambulance."
)
ACT_LABEL = "What was done"
CLOSE_LABEL = "How it ended"
ENDING_LEAD = "Nothing just ends: choose how, and say in a few words with whom they are now."
CALL_HINT = "Only if they left before they were seen and a call was agreed. It comes back then."
CANCEL_LABEL = "Why it should never have been raised"


@dataclass(frozen=True)
class Card:
    """One alert as a page shows it."""

    key: str
    stay: str
    level: str  # the urgency, for the style sheet; the words say it too
    level_words: str
    headline: str  # the first sentence
    more: str  # what follows it
    where: str
    code: str
    facts: tuple[str, ...]
    why_here: str
    first: str  # what comes before anything else, for an emergency
    take: str  # the label of the button to take it; empty when this role cannot
    kind: str
    may_act: bool
    may_close: bool
    may_cancel: bool
    endings: tuple[tuple[str, str], ...] = ENDINGS
    not_endings: tuple[str, ...] = ()  # why an ending that somebody may look for is not offered
    for_role: bool = True  # this role is among those who are called


@dataclass(frozen=True)
class Ahead:
    """Somebody who is to be screened again before that is an open alert."""

    stay: str
    where: str
    words: str
    code: str


SCREEN_AGAIN = "To be screened again"


def ahead(line: "AlertLine", *, now: datetime) -> Ahead:
    """After what they are to be screened again, and by when."""
    by = f"{line.words} By {spans.moment(line.due_at, now=now)}."
    return Ahead(line.stay, _where(line, now), by, line.code)


def card(line: "AlertLine", *, role: str, now: datetime) -> Card:
    """One alert for somebody with this role."""
    headline, more = sentences(line.words)
    clinical = role in CLINICAL_ROLES
    kind = "clinical" if clinical else "police"
    has_it = any(holder.kind == kind for holder in line.holders)
    opened = line.state in _OPEN
    return Card(
        key=line.key,
        stay=line.stay,
        level=line.urgency,
        level_words=level_words(line.level),
        headline=headline,
        more=more,
        where=_where(line, now),
        code=line.code,
        facts=tuple(_facts(line, now)),
        why_here=f"Stands here because: {line.why_here}." if line.why_here else "",
        first=first_999(line),
        take="" if has_it or not opened or not _may_take(role, kind) else _take_words(line, kind),
        kind=kind,
        may_act=opened and may(role, Verb.ACT),
        may_close=role in line.may_close,
        may_cancel=role in line.may_cancel,
        endings=endings((line,), role=role),
        not_endings=why_no_ending(line, role=role),
        for_role=role in line.to_roles,
    )


def sentences(words: str) -> tuple[str, str]:
    """The first sentence, and the rest: a heading of five lines is read by nobody."""
    first, stop, rest = words.partition(". ")
    return (f"{first}.", rest) if stop else (words, "")


def first_999(line: "AlertLine") -> str:
    """What comes before anything else, for an emergency that is open."""
    opened = line.state in _OPEN
    return FIRST_999 if line.level == "A1" and opened and "999" not in line.words else ""


def less_urgent(card: Card) -> bool:
    """Whether an alert may stand behind those that cannot wait."""
    return card.level in ("soon", "routine")


def others_words(number: int) -> str:
    """What stands over the alerts for which others are called."""
    return spans.count(
        number, "alert for which others are called", "alerts for which others are called"
    )


def others_end(number: int, *, listed: bool) -> str:
    """How many open alerts of a person somebody else ends, where some are."""
    if not number:
        return ""
    open_now = spans.count(
        number, "alert about this person is open", "alerts about this person are open"
    )
    return f"{'Besides, ' if listed else ''}{open_now} that somebody else says the end of."


def _may_take(role: str, kind: str) -> bool:
    verb = Verb.ACKNOWLEDGE_CLINICAL if kind == "clinical" else Verb.ACKNOWLEDGE_POLICE
    return may(role, verb)


def _take_words(line: "AlertLine", kind: str) -> str:
    """What the button promises: two different things for police and for health staff."""
    if kind == "clinical":
        return "I am taking this"
    if line.level not in ("A1", "A2"):
        return "I have it"
    if line.left_at:
        return "I have it, I find out where they are"
    return f"I have it, someone is {'at the cell' if line.cell else 'with the person'}"


def _where(line: "AlertLine", now: datetime) -> str:
    """Whose it is and where; who has left is in no cell, and somebody else may be in theirs."""
    cell = f"cell {line.cell}" if line.cell else ""
    place = f"LEFT CUSTODY {spans.moment(line.left_at, now=now)}" if line.left_at else cell
    parts = [line.initials, place, spans.named(line.suite)]
    return ", ".join(part for part in parts if part)


def _facts(line: "AlertLine", now: datetime) -> list[str]:
    facts = [f"Due {spans.due(line.due_at, now=now)}."]
    facts += raised_late(line)
    facts.append(f"{holders(line.holders, line.state, now=now)}.")
    if line.acted_at:
        facts.append(f"Something was done at {spans.moment(line.acted_at, now=now)}.")
    if line.count > 1:
        facts.append(found_again(line, now))
    facts += held(line, now=now)
    if next_step(line, now=now):
        facts.append(next_step(line, now=now))
    if line.to_roles:
        facts.append(f"For: {spans.listed([role_words(role) for role in line.to_roles])}.")
    return facts


def raised_late(line: "AlertLine") -> list[str]:
    """By how much it was raised late, from a minute on."""
    late = line.late_seconds
    return [f"Raised {spans.span(late)} late."] if late >= 60 else []


def found_again(line: "AlertLine", now: datetime) -> str:
    """How often the same was found; it stays one alert."""
    at = f", last at {spans.moment(line.found_again_at, now=now)}" if line.found_again_at else ""
    return f"Found {line.count} times{at}; it stays one alert."


def held(line: "AlertLine", *, now: datetime) -> list[str]:
    """That quiet hours hold a message, for whom and until when; it stands on the list all the same.

    What is over, or a shift that has begun meanwhile, is not said.
    """
    return [
        f"Held until {spans.moment(each.until, now=now)} for the {role_words(each.role)}, who is "
        "off duty: no message leaves before then."
        for each in line.held_for
        if each.until > now
    ]


def level_words(level: str) -> str:
    """The word for a level; one that we do not know is said as it stands."""
    return _LEVELS.get(level, level)


def next_step(line: "AlertLine", *, now: datetime) -> str:
    """What happens next by itself; empty when nothing more does."""
    if line.climbs_at is None or line.climbs_at <= now:
        return ""
    return _next(line, spans.moment(line.climbs_at, now=now))


def _next(line: "AlertLine", at: str) -> str:
    if line.state == "raised":
        return f"If nobody takes it, the next people are told at {at}."
    return f"If nothing is done by {at}, it is open again."


def holders(people: "tuple[Holder, ...]", state: str, *, now: datetime) -> str:
    """Who has it, since when; or that nobody has. Whoever said so after them has it not."""
    if not people:
        return _STATES.get(state, spans.plain(state))
    named = [
        f"{each.name} ({role_words(each.role)}) {spans.since(each.since, now=now)}"
        for each in people
        if each.first
    ]
    after = [
        f"{each.name} said so too, at {spans.moment(each.since, now=now)}"
        for each in people
        if not each.first
    ]
    has = f"{'In hand with' if state == 'in_hand' else 'With'} {spans.listed(named)}"
    return "; ".join([has, *after])


def urgency_words(urgency: str | None) -> str:
    """The word for an urgency; none is not a finding about the person."""
    return URGENCY_WORDS[urgency] if urgency else "No flags raised"


def list_words(number: int, *, now: datetime) -> str:
    """What stands above the list."""
    if not number:
        return f"No open alert at {spans.moment(now, now=now)}."
    return f"{spans.count(number, 'open alert', 'open alerts')} at {spans.moment(now, now=now)}."


def waiting_words(number: int) -> str:
    """What stands over the alerts that may wait a little."""
    return spans.count(number, "alert that is less urgent", "alerts that are less urgent")
