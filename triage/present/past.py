"""The past beside the new, in words: what was found and said before, and what is now."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triage.domain.answers import Answer, Status
from triage.domain.rulebook import Rulebook
from triage.present import spans
from triage.present.board import place
from triage.present.words import WHY_MISSING, answer_words, asked, said
from triage.present.worklist import day

if TYPE_CHECKING:
    from triage.casework import StayView
    from triage.casework.past import EarlierStay, NeedBeside, SaidBeside

LEAD = (
    "What was said or found before stays on record. A new no does not erase an old yes: "
    "the riskier stands until somebody has checked."
)
_NOT_FOUND = "Not found"


@dataclass(frozen=True)
class Beside:
    """Two things beside each other, and whether they stand against each other."""

    about: str
    before: str
    now: str
    differs: bool


@dataclass(frozen=True)
class Past:
    """Everything from before, in words."""

    stays: tuple[str, ...]
    needs: tuple[Beside, ...]
    said: tuple[Beside, ...]


def past(view: "StayView", rulebook: Rulebook) -> Past | None:
    """The past of one person; None where nothing is on record from before."""
    found, now = view.past, view.at
    before = [each for each in found.needs if each.before is not None]
    if not (found.stays or before or found.said):
        return None
    screened = view.findings is not None
    return Past(
        tuple(_stay(each, now) for each in found.stays),
        tuple(_need(each, now, screened=screened) for each in before),
        tuple(_said(each, rulebook, now) for each in found.said),
    )


def _stay(one: "EarlierStay", now: datetime) -> str:
    when = day(one.opened_at, now=now) if one.opened_at else "day not known"
    screened = spans.count(one.screenings, "screening", "screenings")
    if one.unreadable:
        screened = "CANNOT BE READ: ask on paper and by telephone what was known"
    if one.erased:
        screened += f", {one.erased} erased: what was found is not known any more"
    left = f", left to: {_left(one.left_to)}" if one.left_to else ""
    still = "" if one.closed_at else ", still open"
    number = one.reference or "number erased"
    return f"{when}, {spans.named(one.suite)}, {number}: {screened}{left}{still}"


def _left(to: str) -> str:
    return place(to).lower() if to != "health_place" else "a place of health care"


def _need(one: "NeedBeside", now: datetime, *, screened: bool) -> Beside:
    before = one.before
    assert before is not None
    times = f", found {one.times} times" if one.times > 1 else ""
    return Beside(
        spans.capital(said(one.need)),
        f"{spans.capital(before.urgency)}, {day(before.at, now=now)}{times}",
        spans.capital(one.now) if one.now else _NOT_FOUND if screened else "Not screened yet",
        differs=screened and one.now is None,
    )


def _said(one: "SaidBeside", rulebook: Rulebook, now: datetime) -> Beside:
    words = spans.capital(answer_words(rulebook, one.question, one.before))
    return Beside(
        spans.capital(asked(rulebook, one.question)),
        f"{words} ({day(one.before_at, now=now)})",
        _now(one.now, rulebook, one.question),
        one.differs,
    )


def _now(answer: Answer | None, rulebook: Rulebook, question: str) -> str:
    if answer is None:
        return "Not asked yet"
    if answer.status is Status.ANSWERED:
        return spans.capital(answer_words(rulebook, question, answer.value))
    return spans.capital(WHY_MISSING.get(answer.status, spans.plain(answer.status)))
