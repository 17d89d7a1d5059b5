"""Words of the release: what is open, what closes it, what is asked, what was recorded."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from triage.domain import london
from triage.domain.roles import role_words
from triage.domain.rulebook import Rulebook
from triage.present import spans
from triage.present.words import asked, said

if TYPE_CHECKING:
    from triage.casework import TimelineEntry
    from triage.record import Recorded

PLACES = (
    ("home", "Home"),
    ("court", "Court"),
    ("hospital", "Hospital"),
    ("health_place", "Another place of health care"),
    ("prison", "Prison"),
    ("other", "Somewhere else"),
)
NO_GAPS = "Nothing is known to be open."
GAPS = (
    "These things are still open. They do not make the detention any longer: if the person leaves "
    "now, record it at its true time and say why they were left open."
)

# What is asked, on the page and at the desk.
LEFT = "When did the person leave?"
TO = "Where to"
HANDED_TO = "Who they left with or were handed to"
TRANSPORT = "How they travel"
TOLD = "Who was told what is still open"
PLAN = "What was agreed for the first days"
MEDICINE = "Their medicine: what was given back, who has the rest, when the next dose is due"
PAPERS = "What was handed over on paper, and to whom"
REASON = "Why these things were left open"
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "occurred_at": "Left",
        "to": "To",
        "handed_to": "With",
        "transport": "Travels",
        "told": "Told",
        "plan": "Plan",
        "medicine": "Medicine",
        "papers": "Papers",
        "words": "Note",
    }
)
LEFT_OPEN = "What was left open stays with whoever has it:"
BEGUN = "release begun"
OPEN = "Left open"
TYPED_HERE = "What was typed at this desk for {}, which is on no record:"
TAKEN_AWAY = (
    "It can no longer be used, so it is not kept any longer. If the record needs something of it, "
    "write a note."
)
HALF_TYPED = "Typed before, and not entered: {}"
KEPT_ALL_THE_SAME = "What you typed is kept at this desk, and nothing of it is on the record."
CONFIRM = "y and Enter records it"
GOES_ON = "There is more. Enter goes on, q stop (all is kept)"
NOTHING_TYPED = "Nothing was typed. s leaves it out, ? says it again."
WHOSE_NOT_KNOWN = "It is not kept who typed it: look at all of it before it is recorded."
WENT_ON = "Begun before. What was typed then is kept, and Enter keeps an answer as it is."
NOT_KNOWN_WHETHER = (
    "Nobody knows whether it arrived. Press y to send it again: it is recorded once, whatever "
    "happened to the first."
)
NOTHING_SAID = "nothing said"
NO_NAME = "No name is recorded yet"
STILL_OPEN = "If they leave like this, these things stay open:"
TWICE = "That time happened twice, because the clocks went back. Which one was it?"
EACH_LINE = ", one on each line"

# One key each at the desk. The record never makes a detention longer, so there is always a key.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "court_order": "A court or the law requires release now",
        "no_power": "There is no power left to hold the person",
        "person_declined": "Offered, and the person declined",
        "arranged_outside": "Arranged outside this service",
        "handed_to_health": "Handed to health staff who have been told",
        "inspector_decided": "The duty inspector has decided so",
        "not_given": "No reason was given",
    }
)

# What is open and what would close it.
CHILD = "Under 18, and nobody is named who takes them into their care."
NO_ADULT = "An appropriate adult is called for, and none is recorded as having come."
NOWHERE = "They may have nowhere safe to sleep, and nothing is arranged."
MEDICINE_OPEN = "They need medicine, or some lies in their property, and nothing is said of it."
INSTRUCTION = "Healthcare gave an instruction that is not carried out."
_ENDED = "This stay has ended already. Correct its time if it is wrong."
SEEN_BEFORE_THEY_CAME = "It lies before they came: check its time, or the arrival."
SEEN_AFTER_THEY_LEFT = "The stay had ended; recorded all the same."
LEFT_BEFORE = "The person would have left before they came: check both times, and correct one."
TWO_OF_ONE_NUMBER = (
    "Another stay with the same number has been opened since. If it is the same person, move its "
    "entries here and withdraw its opening."
)
_MOST = 3  # needs and questions that are named; the rest is counted

_CLOSES: Mapping[str, str] = MappingProxyType(
    {
        "unreadable": "Look it up on paper and ask who had them in their care.",
        "not_screened": "Screen the person now.",
        "screening_open": "Ask what is missing and save the screening again.",
        "screen_again": "Screen the person again before they leave.",
        "plan": "Agree who calls whom and when, and say it below.",
        "told": "Tell whoever collects them or takes over, and name them.",
        "night": "Arrange how they get home, and say how they travel.",
        "permission": "Ask for their consent and record it, or record the lawful basis.",
        "child": "Say which adult they left with.",
        "appropriate_adult": "Call one, and record the route as taken up when they come.",
        "where_to": "Arrange a bed and say it in the plan, or record the housing referral.",
        "medicine": "Give it back or say who has it, and when the next dose is due.",
        "referral": "Send it and record the route, or tell them now and name them as told.",
        "instruction": "Carry it out and screen again, or hear from healthcare that it is over.",
    }
)


UNREADABLE = "What was recorded of this person cannot be read: what else is open is not known."


def typed_by(others: Mapping[str, datetime]) -> str:
    """Which accounts typed a release that somebody else now has before them, and when last."""
    each = [f"{who}, last at {london.text(at)}" for who, at in others.items()]
    return f"TYPED BY {spans.listed(each)}. Look at all of it before you record it."


def closes(gap: str) -> str:
    """What would close a gap, by its id; empty for one that says it itself."""
    return _CLOSES.get(gap.partition(":")[0], "")


def closes_alert(to: Sequence[str], *, taken: bool) -> str:
    """Who closes an open alert by what they do."""
    if taken:
        return "Whoever has it says what was done."
    roles = " or ".join(f"the {role_words(each)}" for each in to) or "somebody"
    return f"{spans.capital(roles)} takes it and says what was done."


def told_once(sentences: str, before: set[str]) -> str:
    """What a gap says, without what one above it has said already; ``before`` grows by it.

    Several people hear of one thing in almost the same words: read under each other they would
    push the rest off the glass.
    """
    said_now = [each.strip() for each in re.split(r"(?<=[.!?…])\s+", sentences) if each.strip()]
    fresh = [each for each in said_now if not _said_before(each, before)]
    repeats = len(fresh) < len(said_now)
    before.update(said_now)
    if not repeats:
        return sentences
    return f"As above, and: {' '.join(fresh)}" if fresh else "As above."


def _said_before(sentence: str, before: set[str]) -> bool:
    """Whether it stands above, whole, or whole where it is cut short here."""
    cut = sentence.removesuffix("…").strip()
    return sentence in before or (cut != sentence and any(e.startswith(cut) for e in before))


def closed_by(closes: str) -> str:
    """What would close a gap, as it stands behind the gap."""
    return f"Closes it: {closes}" if closes else ""


def not_excluded(needs: Iterable[str]) -> str:
    """Which needs nobody could rule out."""
    return f"Could not be ruled out: {_some([said(each) for each in dict.fromkeys(needs)])}."


def ask_again(rulebook: Rulebook, questions: Iterable[str]) -> str:
    """What to ask so that these can be ruled out or found."""
    names = [asked(rulebook, each) for each in dict.fromkeys(questions)]
    return f"Ask again and save the screening: {_some(names)}." if names else ""


def _some(words: list[str]) -> str:
    more = len(words) - _MOST
    return spans.listed(words) if more < 2 else f"{', '.join(words[:_MOST])} and {more} more"


def not_sent(route: str) -> str:
    """A referral that the person agreed to and that nobody has made."""
    return f"The person agreed that they hear of it, and nothing was sent: {said(route)}."


def place(to: str) -> str:
    """Where somebody went."""
    return dict(PLACES).get(to, spans.capital(spans.plain(to)))


def before_they_came(opened_at: datetime, *, now: datetime) -> str:
    """Why a time of leaving that lies before the arrival is not recorded."""
    return (
        f"Nobody leaves before they come: this stay began at {spans.moment(opened_at, now=now)}. "
        "Check which of the two times is right; if they came earlier, correct the opening first."
    )


def ended_already(before: "Recorded | None", at: datetime | None, *, now: datetime) -> str:
    """Why a second release of one stay is not recorded: who was first, and with which time."""
    if before is None or at is None:
        return _ENDED
    return _first(before.recorded_at, at, before.actor.name, before.header, now)


def ended_by_now(timeline: "Iterable[TimelineEntry]", *, now: datetime) -> str:
    """The same, of a stay that somebody reads."""
    left = [each for each in timeline if each.kind == "released" and not each.withdrawn]
    if not left:
        return _ENDED
    one = left[-1]
    return _first(one.recorded_at, one.stands_at or one.occurred_at, one.by, one.parts, now)


def _first(
    recorded_at: datetime, left_at: datetime, by: str, parts: Mapping[str, Any], now: datetime
) -> str:
    typed, at = (spans.moment(each, now=now) for each in (recorded_at, left_at))
    where = spans.small(place(str(parts.get("to") or "not recorded")))
    return (
        f"This stay has ended already: at {typed} {by} recorded that the person "
        f"left at {at}, to: {where}. Correct its time if it is wrong."
    )


def details(parts: Mapping[str, Any]) -> Iterator[str]:
    """How somebody left, part by part, for the line of the timeline."""
    yield f"to: {spans.small(place(str(parts.get('to') or 'not recorded')))}"
    for name, label in LABELS.items():
        value = parts.get(name)
        told = "; ".join(map(str, value)) if isinstance(value, list | tuple) else value
        if told and name not in ("occurred_at", "to"):
            yield f"{spans.small(label)}: {told}"
    if parts.get("gaps"):
        yield f"{spans.small(OPEN)}: {why_open(len(parts['gaps']), parts.get('reason'))}"


def why_open(number: int, reason: str | None) -> str:
    """How much was left open, and why."""
    why = REASONS.get(reason or "", "No reason is recorded")
    return f"{spans.count(number, 'thing', 'things')}. {why}"


def on_record(seq: int) -> str:
    """What is said once it stands."""
    return f"The release is on the record, entry {seq}, and the stay is closed."


def left_open(number: int) -> str:
    """What becomes of what was left open."""
    things = spans.count(number, "thing stays", "things stay")
    return f"{things} open with whoever has it, although the person has left."


def kept(reference: str, by: str) -> str:
    """What was put off is not lost."""
    return f"Everything is kept. To go on: triage release {reference} --by {by}"
