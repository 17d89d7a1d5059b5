"""Making lines of what is on record: one alert, who has it, how fresh the timers are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from triage.casework.again import since_screened
from triage.casework.clock_steps import moment_of
from triage.casework.codes import code_of, finding_of
from triage.casework.enders import barred_of, enders_of
from triage.casework.lines import AlertLine, HeldFor, Holder, NextDue, ScreenAgain, Timers
from triage.casework.opening import Identity
from triage.casework.service import Service
from triage.casework.stored import unpack
from triage.domain.ladder import MAY_BE_HELD
from triage.domain.roles import CLINICAL_ROLES, Role
from triage.present.section136 import limit_words
from triage.record import Alert, EventKind, Reading, Recorded, Stay
from triage.record.raisings import RAISED

URGENCY = {
    "A1": "emergency",
    "SYS1": "emergency",
    "A2": "urgent",
    "SYS2": "urgent",
    "A3": "soon",
    "A4": "routine",
}
SEVERITY = {word: rank for rank, word in enumerate(("routine", "soon", "urgent", "emergency"), 1)}
_LATE_SECONDS = 60
_OPENS = RAISED | {EventKind.ALERT_REOPENED}
_TOLD_FOR = timedelta(hours=1)  # how long a jump of the clock stands on every page
_IDENTITY = tuple(Identity.__dataclass_fields__)


def identity_of(stay: Stay | None) -> Identity:
    """Who the person is, as far as it is known and not erased."""
    told = {} if stay is None else (stay.identity or {})
    found: Identity = unpack(Identity, {name: told[name] for name in _IDENTITY if name in told})
    return found


def timers_of(service: Service, reading: Reading, now: datetime) -> Timers:
    """When the timers last completed a pass; stale is loud, and so is never."""
    beat, stepped = reading.last_heartbeat(), _stepped(reading, now)
    if beat is None:
        return Timers(None, None, True, stepped)
    age = int((now - beat.at).total_seconds())
    return Timers(beat.at, age, abs(age) > service.settings.stale_after_seconds, stepped)


def _stepped(reading: Reading, now: datetime) -> datetime | None:
    """When the wall clock last jumped, while everybody should still be told."""
    jumps = reading.rare_events(EventKind.CLOCK_STEPPED, 1)
    recent = jumps and abs(now - jumps[0].occurred_at) <= _TOLD_FOR
    return jumps[0].occurred_at if recent else None


@dataclass
class Look:
    """One look at the record: stays and their alert events are read once."""

    service: Service
    reading: Reading
    now: datetime
    _stays: dict[str, Stay | None] = field(default_factory=dict)
    _events: dict[str, tuple[Recorded, ...]] = field(default_factory=dict)
    _raised: dict[int, Recorded | None] = field(default_factory=dict)
    _held: dict[str, dict[str, datetime]] | None = None  # alert -> role -> until when

    def stay(self, stay: str | None) -> Stay | None:
        """The stay of an alert; None for those about the service itself."""
        if stay is None:
            return None
        if stay not in self._stays:
            self._stays[stay] = self.reading.stay(stay)
        return self._stays[stay]

    def knows(self, stay: Stay) -> None:
        """Keep a stay that was read already."""
        self._stays[stay.id] = stay

    def events(self, stay: str) -> tuple[Recorded, ...]:
        """The events of a stay."""
        if stay not in self._events:
            self._events[stay] = self.reading.stay_events(stay)
        return self._events[stay]

    def lines(self, alerts: Iterable[Alert]) -> tuple[AlertLine, ...]:
        """The alerts as lines, in the order given."""
        return tuple(self.line(alert) for alert in alerts)

    def line(self, alert: Alert, why_here: str = "") -> AlertLine:
        """One alert as a line."""
        stay = self.stay(alert.stay)
        enders = enders_of(self.service, self.reading, alert, self._raising(alert), now=self.now)
        late = alert.late_seconds if alert.late_seconds > _LATE_SECONDS else 0
        return AlertLine(
            key=alert.key,
            code=code_of(alert.key),
            stay=alert.stay or "",
            suite=alert.suite or "",
            reference=(stay.reference or "") if stay else "",
            initials=identity_of(stay).initials if stay else "–",
            cell=stay.cell if stay else None,
            source=alert.source,
            step=alert.step,
            episode=alert.episode,
            need=alert.need or None,
            level=alert.level,
            urgency=URGENCY[alert.level],
            words=alert.words or "",
            finding=finding_of(alert),
            to_roles=alert.to_roles,
            state=alert.state,
            due_at=alert.due_at,
            raised_at=alert.raised_at,
            late_seconds=late,
            age_seconds=max(0, int((self.now - alert.due_at).total_seconds())),
            count=alert.count,
            round=alert.round,
            chain_step=alert.chain_step,
            climbs_at=alert.step_due_at,
            holders=self.holders(alert),
            acted_at=alert.acted_at,
            why_here=why_here,
            found_again_at=self._found_again(alert),
            held_for=self._held_for(alert),
            may_close=tuple(sorted(enders.close)),
            may_cancel=tuple(sorted(enders.cancel)),
            why_not=enders.why if alert.is_open else "",
            barred=barred_of(self.reading, alert, stay),
            left_at=None if stay is None else stay.closed_at,
        )

    def _raising(self, alert: Alert) -> Recorded | None:
        """The event that raised an alert; what one screening finds is raised in one."""
        if alert.raised_seq is None or not alert.is_open:
            return None
        if alert.raised_seq not in self._raised:
            self._raised[alert.raised_seq] = self.reading.event(alert.raised_seq)
        return self._raised[alert.raised_seq]

    def _held_for(self, alert: Alert) -> tuple[HeldFor, ...]:
        """Those who are off duty, for whom a message about this is held; all are read at once."""
        if alert.level not in MAY_BE_HELD or not alert.is_open:
            return ()
        if self._held is None:
            self._held = {}
            for each in self.reading.held_messages(MAY_BE_HELD):
                if each.held_until is not None:
                    self._held.setdefault(each.alert_key, {})[each.role] = each.held_until
        held = self._held.get(alert.key, {})
        return tuple(HeldFor(role, until) for role, until in held.items())

    def _found_again(self, alert: Alert) -> datetime | None:
        """When a later screening last found it again; None while it was found once."""
        if alert.count < 2 or alert.stay is None:
            return None
        counted = [
            event.recorded_at
            for event in self._events_about(alert)
            if event.kind is EventKind.ALERT_COUNTED
        ]
        return counted[-1] if counted else None

    def holders(self, alert: Alert) -> tuple[Holder, ...]:
        """Who has it since it was raised or opened again: of each kind whoever took it first.

        Whoever said so after them follows them, and whoever did something comes before both: they
        have it in hand, whoever took it.
        """
        if alert.police_ack_at is None and alert.clinical_ack_at is None and not alert.acted_by:
            return ()
        found: dict[str, Holder] = {}
        for event in self._events_about(alert):
            who = event.actor
            if event.kind in _OPENS:
                found.clear()
            elif event.kind is EventKind.ALERT_ACKNOWLEDGED and who.account not in found:
                kind = str(event.header["kind"])
                found[who.account] = Holder(
                    who.name, who.role, kind, event.recorded_at, who.account
                )
            elif event.kind is EventKind.ALERT_ACTED:
                kind = "clinical" if who.role in CLINICAL_ROLES else "police"
                said = Holder(who.name, who.role, kind, event.recorded_at, who.account)
                found = {who.account: found.get(who.account, said), **found}
        return _in_order(found.values())

    def taken_before(self, alert: Alert, kind: str, seq: int) -> Holder | None:
        """Who was first to say that they have it, before an event, since it was last opened."""
        first: Holder | None = None
        for event in self._events_about(alert):
            if event.seq >= seq:
                break
            if event.kind in _OPENS:
                first = None
            elif event.kind is EventKind.ALERT_ACKNOWLEDGED and event.header["kind"] == kind:
                who = event.actor
                first = first or Holder(who.name, who.role, kind, event.recorded_at, who.account)
        return first

    def _events_about(self, alert: Alert) -> Iterable[Recorded]:
        if alert.stay is None:
            events: Iterable[Recorded] = self.reading.events_of_no_stay(alert.raised_seq or 0)
        else:
            events = self.events(alert.stay)
        return (event for event in events if alert.key in event.alert_keys)


def _in_order(people: Iterable[Holder]) -> tuple[Holder, ...]:
    """By kind, whoever has it first; whoever said so after them is marked."""
    kinds: set[str] = set()
    found = []
    for each in sorted(people, key=lambda each: each.kind):
        found.append(replace(each, first=each.kind not in kinds))
        kinds.add(each.kind)
    return tuple(found)


def next_due(alerts: Sequence[Alert], now: datetime) -> NextDue | None:
    """The next thing that falls due, or the first that is past and not done.

    What is due is the visit, not the warning five minutes before it; and until its moment no
    sentence calls it overdue.
    """
    found = [_next(each, now) for each in alerts if _ahead(each) or _undone(each, alerts)]
    return min(found, key=lambda each: (each.at, each.level, each.words), default=None)


def _ahead(alert: Alert) -> bool:
    return alert.state == "planned"


def _undone(alert: Alert, alerts: Sequence[Alert]) -> bool:
    """A duty of the desk that is past. Where somebody has acted and the next one is planned, the
    missed one was made up for: it still stands among the alerts, and is due no more."""
    if not alert.is_open or alert.source not in _DUTIES:
        return False
    again = any(_ahead(each) and each.source == alert.source for each in alerts)
    return not (alert.state == "in_hand" and again)


def _next(alert: Alert, now: datetime) -> NextDue:
    warns = alert.step.startswith("before_")
    at = datetime.fromisoformat(moment_of(alert)) if warns else alert.due_at
    names_limit = alert.step == "due" or warns
    words = limit_words(alert.source) if names_limit and now < at else alert.words or ""
    return NextDue(at, words, alert.level, max(0, int((now - at).total_seconds())))


def screen_again(alerts: Iterable[Alert]) -> ScreenAgain | None:
    """After what somebody is to be screened again, as soon as it happened: due, or still ahead.

    What the last screening asked for by itself stands with its findings.
    """
    asked = [each for each in alerts if since_screened(each)]
    first = min(asked, key=lambda each: (each.level, each.due_at, each.key), default=None)
    return None if first is None else ScreenAgain(first.words or "", first.due_at)


_DUTIES = ("visit", "rouse", "health_check", "behaviour_review", "rescreen", "ask_again")


def taken(line: AlertLine) -> bool:
    """Whether somebody by name has it."""
    return bool(line.holders) or line.state == "in_hand"


def why(line: AlertLine) -> str:
    """Why a line stands where it stands: urgency, age, and whether anybody has it."""
    minutes = line.age_seconds // 60
    age = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    who = ", ".join(holder.name for holder in line.holders if holder.first)
    has = f"{who} has it" if who else ("in hand" if line.state == "in_hand" else "nobody has it")
    return f"{line.urgency}, {age}, {has}"


def order(line: AlertLine) -> tuple[Any, ...]:
    """Urgency first, then what nobody has, then the oldest."""
    return (-SEVERITY[line.urgency], taken(line), line.due_at, line.key)


ROLES_OF: dict[str, frozenset[str]] = {
    Role.LEAD_NURSE: frozenset({Role.LIAISON_NURSE, Role.LEAD_NURSE}),
}


def for_role(alert: Alert, role: str) -> bool:
    """Whether an alert stands on this role's list; the lead nurse sees her nurses' too."""
    return bool(ROLES_OF.get(role, frozenset({role})) & set(alert.to_roles))
