"""What must hold of the clocks of a real record, read from the raw events and not from the plan."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tests.simulation.world import Broken
from triage.casework.entries import event_of
from triage.casework.history import DETENTION, History
from triage.casework.planning import detention_clocks, ladder
from triage.casework.service import Service
from triage.casework.stays import timeline
from triage.domain.alerts import stamp
from triage.domain.clocks import Clock, Clocks, ClockState
from triage.domain.detention import clocks
from triage.domain.timeline import Event, as_known
from triage.record import Alert, EventKind

LATE = (ClockState.BREACH, ClockState.OVERDUE, ClockState.TARGET_MISSED)
DECISIONS = ("s136_decided", "s135_decided", "entered_premises")
ARRIVALS = ("arrived_site", "entered_building", "arrived")
LENGTHENS_NOTHING = ("S136B-", "S136-TRANSFER", "S138-", "NO-CONSEC")
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Acknowledged:
    """Something that a door said is on the record."""

    stay: str
    seq: int
    kind: str | None  # of the detention event; None for other acts
    occurred_at: datetime


@dataclass(frozen=True)
class Told:
    """That nobody was left untold of a stay: at which moment, after which of its events."""

    stay: str
    seq: int
    at: datetime
    until: datetime | None  # when the next of its times passes


def everything_is_on_the_record(service: Service, acts: Iterable[Acknowledged]) -> None:
    """Each acknowledged act stands in the chain at its time, and in what the clocks read."""
    reading = service.record.reading()
    for act in acts:
        found = reading.event(act.seq)
        if found is None or found.stay != act.stay:
            raise Broken(f"R1 event {act.seq} was acknowledged and is not in the chain")
        if found.occurred_at != act.occurred_at:
            raise Broken(f"R1 event {act.seq} stands at another time than was said")
        if act.kind is not None and found.header.get("kind") != act.kind:
            raise Broken(f"R1 event {act.seq} is another kind of event now")


def nothing_is_dropped(service: Service, stay: str, at: datetime) -> None:
    """Every entry that was not withdrawn counts, at its own or its corrected time."""
    history = _history(service, stay)
    line = as_known(history.detention(at))
    counted = {event.id for event in line.events}
    later = {event.id for event in history.detention(at).events if event.earliest > at}
    for event in history.standing(*DETENTION):
        if event_of(event) is None or event.corrects is not None:
            continue
        if str(event.seq) not in counted | later | _moved_ahead(history, at):
            raise Broken(f"R2 entry {event.seq} was dropped without being withdrawn")


def the_timeline_shows_it(service: Service, stay: str, acts: Iterable[Acknowledged]) -> None:
    """What was acknowledged of this stay is in the timeline that people read."""
    shown = {entry.seq for entry in timeline(_history(service, stay), clinical=False)}
    for act in acts:
        if act.stay == stay and act.seq not in shown:
            raise Broken(f"R3 event {act.seq} is not in the timeline")


def stands(service: Service, told: Told | None, at: datetime) -> bool:
    """Whether what was told then is all that there is to tell: nothing typed, nothing passed."""
    if told is None or at < told.at or (told.until is not None and at >= told.until):
        return False
    return told.seq == service.record.reading().stay_events(told.stay)[-1].seq


def no_breach_is_silent(service: Service, stay: str, at: datetime) -> Told:
    """After a pass each time that has passed, and each unlawful event, has a raised alert."""
    history = _history(service, stay)
    said = detention_clocks(service, history, now=at)
    alerts = service.record.reading().alerts_of(stay)
    told = [alert for alert in alerts if alert.state not in ("planned", "withdrawn")]
    for clock in said.clocks:
        if clock.state not in LATE:
            continue
        about = [alert for alert in told if _is_about(alert, clock)]
        if not about:
            raise Broken(f"B1 {clock.clock} of {stay} was due {clock.due_at} and nobody was told")
        if clock.ended_at is None and not any(_is_somebodys(a, said, history, told) for a in about):
            raise Broken(f"B3 {clock.clock} of {stay} was due {clock.due_at} and nobody has it")
    for one in said.unlawful:
        if one.event is not None and not any(alert.step == one.event for alert in told):
            raise Broken(f"B2 {one.law_row} of {stay} and nobody was told")
    ahead = [clock.due_at for clock in said.clocks if clock.due_at and clock.due_at > at]
    return Told(stay, history.events[-1].seq, at, min(ahead, default=None))


def no_unlawful_event_lengthens(service: Service, stay: str, at: datetime) -> None:
    """A period is 24 hours, and as many more as one lawful extension says, from the first start."""
    history = _history(service, stay)
    detention = history.detention(at)
    said = clocks(service.rulebook.law, ladder(service), detention)
    events = as_known(detention).events
    for clock in _permitted(said):
        _is_as_long_as_the_act_says(clock, events)
    _starts_with_the_first_arrival(_permitted(said), events)
    names = {e.event for e in said.unlawful if e.law_row.startswith(LENGTHENS_NOTHING)}
    kept = tuple(event for event in detention.events if not {event.id, event.corrects} & names)
    rest = clocks(service.rulebook.law, ladder(service), replace(detention, events=kept))
    without = {clock.start_event: clock for clock in _permitted(rest)}
    for clock in _permitted(said):
        other = without.get(clock.start_event)
        if other and clock.due_at and other.due_at and clock.due_at > other.due_at:
            raise Broken(f"U1 what is unlawful moves the lapse from {other.due_at} on")


def _is_as_long_as_the_act_says(clock: Clock, events: Iterable[Event]) -> None:
    if clock.started_at is None or clock.due_at is None:
        return
    more = clock.due_at - clock.started_at - DAY
    lawful = [
        timedelta(hours=int(str(event.extra["hours"])))
        for event in events
        if event.kind == "extension_authorised"
        and event.extra.get("ground") == "condition"
        and event.role == "doctor"
        and clock.started_at <= event.earliest
        and event.latest < clock.started_at + DAY
    ]
    if more and (more not in lawful or more > timedelta(hours=12)):
        raise Broken(f"U2 a period of {DAY + more} without a lawful extension of {more}")


def _starts_with_the_first_arrival(periods: list[Clock], events: tuple[Event, ...]) -> None:
    decided = next((event for event in events if event.kind in DECISIONS), None)
    started = [clock.started_at for clock in periods if clock.started_at is not None]
    if decided is None or not started:
        return
    arrived = [e.earliest for e in events if e.kind in ARRIVALS and e.earliest >= decided.earliest]
    if arrived and min(started) > arrived[0]:
        raise Broken(f"U3 arrived {arrived[0]}, and the period runs from {min(started)}")


def _permitted(said: Clocks) -> list[Clock]:
    return [clock for clock in said.clocks if clock.clock == "permitted_period"]


def _is_about(alert: Alert, clock: Clock) -> bool:
    if clock.due_at is None or alert.due_at != clock.due_at:
        return False
    return alert.source in (clock.clock, *(["permitted_period"] * (clock.kind == "practice")))


def _is_somebodys(alert: Alert, said: Clocks, history: History, told: list[Alert]) -> bool:
    """Whether it stands, a person ended it, or what overtook it stands or tells a time that does.

    What was overtaken by an alert that a correction took away since is nobody's, and neither is
    what was ended because its time had moved: it stands now.
    """
    if alert.closed_reason == "moved":
        return False
    by = _overtook(history, alert.key)
    if any(each.key == by and each.state in ("raised", "acknowledged") for each in told):
        return True
    counts = {stamp(at) for clock in said.clocks for at in (clock.started_at, clock.due_at) if at}
    return by is None or by.rsplit(":", 1)[-1].partition("-")[0] in counts


def _overtook(history: History, key: str) -> str | None:
    """What took its place in the end, since it was last raised: the last of those that did."""
    over: dict[str, str] = {}
    for event in history.events:
        if event.kind is EventKind.ALERT_CLOSED and event.header.get("reason") == "overtaken":
            over[str(event.header["key"])] = str(event.header["by"])
        elif event.kind is EventKind.ALERT_REOPENED:
            over.pop(str(event.header["key"]), None)
    found: list[str] = []
    while (key := over.get(key, "")) and key not in found:
        found.append(key)
    return found[-1] if found else None


def _history(service: Service, stay: str) -> History:
    reading = service.record.reading()
    found = reading.stay(stay)
    assert found is not None
    return History.read(reading, found)


def _moved_ahead(history: History, at: datetime) -> set[str]:
    """Entries that a correction moved to a moment later than this one."""
    return {
        str(event.corrects)
        for event in history.standing(EventKind.CORRECTED)
        if event.occurred_at > at
    }
