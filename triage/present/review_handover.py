"""The handover of the review in words: what is open, what lapses next, who promised what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from triage.domain.clocks import ClockState
from triage.present import review as live_words
from triage.present import spans

if TYPE_CHECKING:
    from triage.casework import Case, Handed, LiveLine

LEAD = (
    "A detention of 24 hours always crosses a shift. Write what was promised and to whom; the next "
    "inspector takes it over by name. Until then it stays with whoever has it."
)
NOBODY_TO_TAKE = "There is no other inspector with an account who could take over."


@dataclass(frozen=True)
class Open:
    """One detention that is handed over."""

    stay: str
    who: str
    where: str
    level: str
    power: str
    lapses: str
    lapse_passed: bool
    open: tuple[str, ...]
    handed: str  # with whom it is, or to whom it was offered
    promised: str
    offer: int | None  # the offer that can be taken


def open_ones(one: "LiveLine", practice: Mapping[str, Any], *, account: str, at: datetime) -> Open:
    """What the next inspector must know of one detention."""
    line = live_words.line(one, practice, at=at)
    last = one.case.handed[-1] if one.case.handed else None
    offered = last is not None and last.taken_by is None
    return Open(
        stay=line.stay,
        who=line.who,
        where=line.where,
        level=line.level,
        power=line.power,
        lapses=line.lapses,
        lapse_passed=line.lapse_passed,
        open=_open(one, line),
        handed=with_whom(one.case, at=at),
        promised=last.promised if last else "",
        offer=last.seq if last and offered and last.by_account != account else None,
    )


def with_whom(case: "Case", *, at: datetime) -> str:
    """Whose review this is by the record: both names of the last handover."""
    if not case.handed:
        return ""
    last = case.handed[-1]
    if last.taken_by is not None and last.taken_at is not None:
        meant = "" if last.taken_by == last.to else f", meant for {last.to}"
        when = spans.moment(last.taken_at, now=at)
        return f"With {last.taken_by} since {when}, handed over by {last.by}{meant}"
    when = spans.moment(last.at, now=at)
    return f"Offered to {last.to} by {last.by} at {when}; not taken yet{_still(case, last)}"


def _still(case: "Case", last: "Handed") -> str:
    had = [each for each in case.handed if each.taken_by is not None]
    return f", so it is still with {had[-1].taken_by if had else last.by}"


def _open(one: "LiveLine", line: live_words.Line) -> tuple[str, ...]:
    """What is not finished: who is waited for, what nobody explained, what nobody has taken."""
    found = [f"{wait.kind}, {wait.lasted}. {wait.next}" for wait in line.waits if not wait.over]
    found += [f"Against the law: {words}" for words in line.unlawful]
    found += [f"{each.words}, {each.when}. Not explained yet" for each in _unsigned(one, line)]
    untaken = sum(not each.taken_by and not each.over_at for each in one.case.told)
    if untaken:
        found.append(spans.count(untaken, "open alert is", "open alerts are") + " with nobody")
    return tuple(found)


def _unsigned(one: "LiveLine", line: live_words.Line) -> list[live_words.PassedWords]:
    """What passed as a breach and nobody signed; the rest is on the page of the detention."""
    signed = {each.key for each in one.case.passed if each.signed}
    return [
        each
        for each in line.passed
        if each.state == ClockState.BREACH and f"{each.clock}:{each.started}" not in signed
    ]
