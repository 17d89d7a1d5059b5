"""The detentions that a review looks at, each as it was known at one moment.

Any view can be had as it would have looked at an earlier time: see ``review_known``.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from triage.casework.faults import one_record
from triage.casework.history import ATTRIBUTED, DETENTION, History
from triage.casework.looking import identity_of
from triage.casework.overtaking import timed_sources
from triage.casework.planning import detention_clocks, ladder
from triage.casework.review_case import (
    ByHand,
    Case,
    Finding,
    Handed,
    Passed,
    Signed,
    Told,
    clock_key,
)
from triage.casework.review_known import stays_known
from triage.casework.service import Service
from triage.casework.stored import unpack
from triage.domain import annual_return, timeline, whereabouts
from triage.domain.annual_return import ReturnField, Row
from triage.domain.attributed import Attribution
from triage.domain.clocks import Clocks, ClockState
from triage.domain.errors import InputError
from triage.domain.shares import shares
from triage.domain.timeline import Detention
from triage.domain.waits import waits
from triage.domain.whereabouts import Known, Where
from triage.record import EventKind, Reading, Recorded
from triage.record.raisings import RAISED, apart

PASSED = (ClockState.BREACH, ClockState.OVERDUE, ClockState.TARGET_MISSED)
EXPLAINED, SAMPLED, RETURNED = "breach_explained", "dip_sampled", "return_details"
_ENDS_AN_ALERT = (
    EventKind.ALERT_CLOSED, EventKind.ALERT_CANCELLED, EventKind.ALERT_WITHDRAWN,
)  # fmt: skip
HANDED, TAKEN = "review_handed_over", "review_taken_over"
# A stay without any of these is nobody's wait: an ordinary arrest is not read further.
_OF_MENTAL_HEALTH = frozenset(
    {
        "s136_decided", "s135_warrant_issued", "entered_premises", "s135_decided", "arrived_site",
        "entered_building", "arrived", "mha_assessment_requested", "amhp_told", "doctor_told",
        "bed_requested",
    }
)  # fmt: skip


def cases(
    service: Service,
    reading: Reading,
    suites: Sequence[str],
    *,
    since: datetime,
    until: datetime,
    at: datetime,
    as_known_at: datetime | None = None,
) -> tuple[Case, ...]:
    """Every stay with a wait in it that was open, or began, in the stretch, oldest first.

    Training stays are left out of a record that is not for training.
    """
    found = []
    for stay, events in stays_known(reading, since, until, as_known_at):
        if suites and stay.suite not in suites:
            continue
        if stay.training and not service.settings.training:
            continue
        concerns, _ = one_record(partial(_of_mental_health, events), lambda: True)
        if stay.kind == "section136" or concerns:
            found.append(case_of(service, History(stay, events), at=at))
    return tuple(one for one in found if one.waits or one.kind == "section136")


def case_of(service: Service, history: History, *, at: datetime) -> Case:
    """One stay as a review sees it; what cannot be evaluated is shown without its clocks."""
    whole, _ = one_record(
        lambda: _case(service, history, at), lambda: _case(service, History(history.stay, ()), at)
    )
    return whole


def _case(service: Service, history: History, at: datetime) -> Case:
    stay = history.stay
    detention = history.detention(at)
    try:
        clocks: Clocks | None = detention_clocks(service, history, now=at)
        of = service.rulebook.law, ladder(service), detention
        found = waits(*of)
        parted = shares(*of, found, history.attributions)
        line = timeline.as_known(detention)
        story, where = line.events, whereabouts.where(line, stay.place)
    except Exception:
        clocks, found, parted, story = None, (), (), detention.events
        where = Where(stay.place, Known.THERE)  # as it was said when the stay was opened
    given = _given(history)
    return Case(
        stay=stay.id,
        reference=stay.reference or stay.id,
        suite=stay.suite or "",
        kind=stay.kind or "",
        initials=identity_of(stay).initials,
        cell=stay.cell,
        opened_at=stay.opened_at or at,
        closed_at=stay.closed_at,
        detention=detention,
        clocks=clocks,
        waits=found,
        story=story,
        passed=tuple(_passed(history, clocks)),
        told=tuple(_told(history)),
        returned=_returned(service, history, detention, given) if clocks else (),
        given=given,
        findings=tuple(_findings(history)),
        by_hand=tuple(_by_hand(history)),
        handed=handovers_of(history),
        where=where,
        shares=parted,
        worst=_worst(history, timed_sources(service)),
    )


def handovers_of(history: History) -> tuple[Handed, ...]:
    """Every handover of this detention from one inspector to another, the first one first."""
    taken = {event.header["about"]: event for event, _ in _notes(history, TAKEN)}
    return tuple(
        Handed(
            event.seq, event.actor.name, event.actor.account, str(part["to"]),
            str(event.header["account"]), event.recorded_at, str(part["promised"]),
            taken[event.seq].actor.name if event.seq in taken else None,
            taken[event.seq].recorded_at if event.seq in taken else None,
        )
        for event, part in _notes(history, HANDED)
    )  # fmt: skip


def handed_of(history: History) -> Handed | None:
    """The last handover of this detention, taken or not."""
    found = handovers_of(history)
    return found[-1] if found else None


def fields(service: Service) -> tuple[ReturnField, ...]:
    """The fields of the annual return, as the rulebook has them."""
    return annual_return.fields_of(service.rulebook.practice.get("annual_return", {}))


def _of_mental_health(events: Sequence[Recorded]) -> bool:
    return any(
        event.kind in DETENTION and event.header.get("kind") in _OF_MENTAL_HEALTH
        for event in events
    )


def _notes(history: History, about: str) -> Iterator[tuple[Recorded, Mapping[str, Any]]]:
    for event in history.standing(EventKind.NOTE):
        part = event.payloads.get("police")
        if event.header.get("note") == about and part is not None:
            yield event, part


def _passed(history: History, clocks: Clocks | None) -> Iterator[Passed]:
    signed = {
        str(event.header["about"]): Signed(
            event.seq, str(part["reason"]), str(part["words"]), event.actor.name,
            event.actor.role, event.recorded_at,
        )
        for event, part in _notes(history, EXPLAINED)
    }  # fmt: skip
    for clock in clocks.clocks if clocks else ():
        if clock.state in PASSED:
            yield Passed(clock, signed.get(clock_key(clock.clock, clock.started_at)))


def _by_hand(history: History) -> Iterator[ByHand]:
    for event, part in _notes(history, ATTRIBUTED):
        given: Attribution = unpack(Attribution, part["given"])
        yield ByHand(
            event.seq, given, str(part.get("words", "")), event.actor.name, event.recorded_at
        )


def _told(history: History) -> Iterator[Told]:
    taken = {
        event.header.get("key"): event.actor.name
        for event in reversed(history.events)
        if event.kind is EventKind.ALERT_ACKNOWLEDGED
    }
    over = {
        event.header.get("key"): event.recorded_at
        for event in history.events
        if event.kind in _ENDS_AN_ALERT
    }
    for raised in _raised(history):
        header = raised.header
        yield Told(
            raised.recorded_at, str(header["source"]), str(header["step"]),
            tuple(header.get("to", ())), taken.get(header["key"]), over.get(header["key"]),
        )  # fmt: skip


def _worst(history: History, timed: frozenset[str]) -> str | None:
    """The highest level of what was found in the person; clocks speak for themselves."""
    levels = [
        str(raised.header["level"])
        for raised in _raised(history)
        if raised.header["source"] not in timed
    ]
    return min(levels, default=None)


def _raised(history: History) -> Iterator[Recorded]:
    """Every alert of the stay as it was raised, one after the other."""
    for event in history.events:
        if event.kind in RAISED:
            yield from apart(event)


def _given(history: History) -> Mapping[str, str]:
    """What was answered for the return, the last answer to each field."""
    answers: dict[str, str] = {}
    for _, part in _notes(history, RETURNED):
        answers.update(part["fields"])
    return MappingProxyType(answers)


def _returned(
    service: Service, history: History, detention: Detention, given: Mapping[str, str]
) -> tuple[Row, ...]:
    stay = history.stay
    try:
        return annual_return.rows(
            fields(service),
            detention,
            given,
            record=stay.reference or stay.id,
            stay=stay.id,
            suite=stay.suite or "",
            back_to_back=timedelta(minutes=ladder(service).get("back_to_back_minutes", 60)),
        )
    except InputError:
        return ()


def _findings(history: History) -> Iterator[Finding]:
    for event, part in _notes(history, SAMPLED):
        yield Finding(
            event.seq, str(event.header["sample"]), str(part["finding"]), str(part["words"]),
            str(part.get("fix", "")), event.actor.name, event.recorded_at,
        )  # fmt: skip
