"""The past beside the new: what earlier screenings found and heard, next to what is said now.

An old yes is never erased by a new no: both stand, with their dates, and the pair is marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from triage.casework.entries import details_of
from triage.casework.faults import one_record
from triage.casework.history import History
from triage.domain.answers import Answer, Status, Value
from triage.domain.needs import ORDER
from triage.domain.rulebook import Rulebook
from triage.domain.specs import FactKind, Question
from triage.record import EventKind, Reading, Recorded, Stay

_KINDS = (
    EventKind.SCREENING_SAVED, EventKind.RELEASED, EventKind.CORRECTED, EventKind.WITHDRAWN,
)  # fmt: skip
# What was so on another day says nothing about today; within one stay it does.
_OF_THAT_DAY = frozenset(
    {
        "last_drink", "drugs_today", "ill_or_hurt", "head_knock", "swallowed_or_hidden",
        "ill_without_drugs", "home_tonight", "pregnant", "pregnancy_pain_or_bleeding",
    }
)  # fmt: skip
_ABOUT_NO_NEED = frozenset({"says_why_here", "first_time_in_cell", "private_talk", "wants_nurse"})
_URGENCIES = {1: "routine", 2: "soon", 3: "urgent", 4: "emergency"}


@dataclass(frozen=True)
class EarlierNeed:
    """One need as an earlier screening found it."""

    need: str
    urgency: str
    at: datetime


@dataclass(frozen=True)
class NeedBeside:
    """One need: how it was found last before, and how the screening of now finds it."""

    need: str
    now: str | None  # the urgency found now; None: not found now
    before: EarlierNeed | None
    times: int  # how many earlier screenings found it


@dataclass(frozen=True)
class SaidBeside:
    """One question that was once answered with something, and what is said to it now."""

    question: str
    before: Value
    before_at: datetime
    now: Answer | None  # None: there is no screening now that asked it
    differs: bool  # an old yes and a new no: the old one stands until somebody has checked


@dataclass(frozen=True)
class EarlierStay:
    """One earlier stay of the same person."""

    stay: str
    kind: str
    suite: str
    reference: str
    opened_at: datetime | None
    closed_at: datetime | None
    screenings: int
    left_to: str | None
    erased: int = 0  # screenings of it that stand, of which nothing can be read any more
    unreadable: bool = False  # nobody can tell what was found then


@dataclass(frozen=True)
class Past:
    """What is on record about this person from before, beside what is found now."""

    stays: tuple[EarlierStay, ...]
    needs: tuple[NeedBeside, ...]
    said: tuple[SaidBeside, ...]

    @property
    def differs(self) -> int:
        """How many old answers stand against a new one."""
        return sum(each.differs for each in self.said)


NO_PAST = Past((), (), ())
_Asked = tuple[Recorded, datetime]  # a version, and when the person was asked


def past_of(
    rulebook: Rulebook, reading: Reading, history: History, *, clinical: bool, said: bool = True
) -> Past:
    """The past of the person of this stay, as this role may see it.

    ``said`` also compares the answers one by one, which reads more. Earlier screenings of this
    same stay are past too.
    """
    before = [_told(reading, stay) for stay in _others(reading, history.stay)]
    here = history.screenings
    stays = [_stay(told) for told in reversed(before)]
    lost = {each.stay for each in stays if each.unreadable}
    asked = [each for told in before if told.stay.id not in lost for each in _asked(told)]
    earlier = asked + _asked(history)[:-1]
    if not earlier and not before:
        return NO_PAST
    now = here[-1] if here else None
    return Past(
        tuple(stays),
        _needs(earlier, now, clinical=clinical),
        _said(rulebook, history.stay.id, earlier, now, clinical=clinical) if said else (),
    )


def _others(reading: Reading, stay: Stay) -> tuple[Stay, ...]:
    if stay.person is None:
        return ()
    return tuple(each for each in reading.past_stays(stay.person) if each.id != stay.id)


def _told(reading: Reading, stay: Stay) -> History:
    """What an earlier stay tells of the person: its screenings and how it ended, as corrected."""
    return History(stay, reading.events_of_kinds(stay.id, *_KINDS))


def _asked(history: History) -> list[_Asked]:
    return [(event, history.when(event)) for event in history.screenings]


def _stay(told: History) -> EarlierStay:
    """One of them; what is damaged in it hides neither the others nor whoever is here now."""
    erased, readable = one_record(lambda: _erased(told), lambda: 0)
    stay, left = told.stay, told.standing(EventKind.RELEASED)
    return EarlierStay(
        stay.id,
        stay.kind or "",
        stay.suite or "",
        stay.reference or "",
        stay.opened_at,
        stay.closed_at,
        len(told.screenings),
        str(left[-1].header.get("to") or "") or None if left else None,
        erased,
        unreadable=not readable,
    )


def _erased(told: History) -> int:
    """How many of its screenings were erased; raises what is wrong where one cannot be read."""
    for event in told.screenings:
        _found(event, clinical=True), details_of(event)
    return sum(event.payloads.get("police") is None for event in told.screenings)


def _needs(
    earlier: Sequence[_Asked], now: Recorded | None, *, clinical: bool
) -> tuple[NeedBeside, ...]:
    last: dict[str, EarlierNeed] = {}
    times: dict[str, int] = {}
    for event, at in sorted(earlier, key=_in_order):
        for need, urgency in _found(event, clinical=clinical).items():
            last[need] = EarlierNeed(need, urgency, at)
            times[need] = times.get(need, 0) + 1
    found = {} if now is None else _found(now, clinical=clinical)
    named = sorted({*last, *found}, key=lambda need: ORDER.get(need, len(ORDER)))
    return tuple(
        NeedBeside(need, found.get(need), last.get(need), times.get(need, 0)) for need in named
    )


def _in_order(asked: _Asked) -> tuple[datetime, int]:
    event, at = asked
    return at, event.seq


def _found(event: Recorded, *, clinical: bool) -> dict[str, str]:
    """The needs of one saved version with their urgency, without reading the reasons."""
    for group in ("clinical", "police") if clinical else ("police",):
        part = event.payloads.get(group)
        if part and "findings" in part:
            needs = part["findings"]["needs"]
            return {each["need"]: _URGENCIES[each["urgency"]] for each in needs}
    return {}


def _said(
    rulebook: Rulebook,
    stay: str,
    earlier: Sequence[_Asked],
    now: Recorded | None,
    *,
    clinical: bool,
) -> tuple[SaidBeside, ...]:
    """The last telling answer to each question, beside the answer of now; what differs first."""
    told: dict[str, tuple[Value, datetime]] = {}
    for event, at in sorted(earlier, key=_in_order):
        details = details_of(event, clinical=clinical)
        for id, answer in (details.answers if details else {}).items():
            asked, other_day = rulebook.questions.get(id), event.stay != stay
            if asked is None or answer.value is None or not _tells(answer, asked):
                continue
            if not (other_day and id in _OF_THAT_DAY):
                told[id] = (answer.value, at)
    current = None if now is None else details_of(now, clinical=clinical)
    found = []
    for id, (value, at) in told.items():
        new = None if current is None else current.answers.get(id)
        nothing = rulebook.questions[id].nothing
        denied = new is not None and new.status is Status.ANSWERED and new.value == nothing
        found.append(SaidBeside(id, value, at, new, denied))
    order = {id: place for place, id in enumerate(rulebook.questions)}
    return tuple(sorted(found, key=lambda each: (not each.differs, order[each.question])))


def _tells(answer: Answer, asked: Question) -> bool:
    """Whether an answer says something that a later denial would stand against."""
    if asked.kind is FactKind.TEXT or asked.id in _ABOUT_NO_NEED:
        return False
    harmless = (asked.nothing, "not_sure", (), *asked.context)
    return answer.status is Status.ANSWERED and answer.value not in harmless
