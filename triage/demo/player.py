"""Plays the night: staff, people and acts in the order of their moments, through casework alone.

The timers run a pass at every moment at which an alert falls due or climbs, and before every act,
so that alerts, climbs and lateness are what they would have been.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from triage.casework import Memory, Send, Service
from triage.demo.acts import Doing, do
from triage.demo.night import Act, Night, Routine, Staff
from triage.domain.errors import TriageError
from triage.domain.roles import CLINICAL_ROLES
from triage.record import Actor, Alert, EventKind
from triage.record.raisings import raising_of
from triage.scheduler import run_pass

_FAR = 1_000  # alerts that can fall due between two acts
_A_MINUTE, _LONGEST = timedelta(minutes=1), timedelta(hours=1)
_ABOUT_ALERTS = ("take", "acted", "close")
_SEEN = ("asleep, breathing", "awake, quiet", "lying down, awake", "sitting up", "reading")


def _stay_still(at: datetime) -> None:
    """Nobody has to hear of the time."""


@dataclass
class Unhurried(Memory):
    """Looks at a stay when something of it falls due, and a minute later, and not in between.

    The timers look at each stay once a minute; in a night that is played in seconds, looking when
    something can have changed comes to the same.
    """

    again: dict[str, datetime] = field(default_factory=dict)

    def fresh(self, stay: str, rulebook: str, now: datetime) -> bool:
        seen = self.looked.get(stay)
        return seen is not None and seen[0] == rulebook and now - seen[1] < _LONGEST

    def forget(self, at: datetime, due: list[str]) -> None:
        """Look again now at these, and at those whose minute is over."""
        over = [stay for stay, moment in self.again.items() if moment <= at]
        for stay in over:
            del self.again[stay]
        for stay in (*due, *over):
            self.looked.pop(stay, None)
        self.again.update(dict.fromkeys(due, at + _A_MINUTE))


@dataclass(frozen=True)
class Left:
    """An act of the story that no longer fits, because the viewer did something else first."""

    act: Act
    why: str


@dataclass
class Player:
    """Plays one night onto one service."""

    night: Night
    service: Service
    send: Send
    strict: bool = True  # an act that fails is a fault of the story; not once a viewer plays too
    left: list[Left] = field(default_factory=list)
    _stays: dict[str, str] = field(default_factory=dict)
    _memory: Unhurried = field(default_factory=Unhurried)
    _meant: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by alert
    _tried: set[tuple[str, Routine]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._stays |= _found_again(self.night, self.service)

    def play(
        self, since: datetime, until: datetime, *, moved: Callable[[datetime], None] = _stay_still
    ) -> None:
        """Everything that happens after ``since``, up to and with ``until``; then a last pass.

        ``moved`` hears of each moment before anything happens at it.
        """
        acts = [act for act in self.night.acts if since < act.at <= until]
        now = since
        while (moment := self._next(acts, now, until)) is not None:
            moved(moment)
            self._pass(moment)
            now_due = [act for act in acts if act.at <= moment]
            for act in now_due:
                acts.remove(act)
                self._do(act, moment)
            if self._answer_all(moment) or now_due:
                self._pass(moment)  # what the acts raised goes out at once, not at the next moment
            now = moment
        moved(until)
        self._pass(until)

    def stay(self, key: str) -> str:
        """The stay of a person of the night."""
        return self._stays[key]

    def has(self, key: str) -> bool:
        """Whether this person has been booked in by now."""
        return key in self._stays

    def _next(self, acts: list[Act], now: datetime, until: datetime) -> datetime | None:
        """The next moment at which anything happens, after ``now`` and up to ``until``."""
        reading = self.service.record.reading()
        moments = [act.at for act in acts[:1]]
        moments += [alert.due_at for alert in reading.alerts_due(until, _FAR)]
        climbing = (alert.step_due_at for alert in reading.alerts_to_climb(until, _FAR))
        moments += [at for at in climbing if at is not None]
        moments += [at for _, _, at in self._routines()]
        moments += [at for at in self._memory.again.values()]
        return min((at for at in moments if now < at <= until), default=None)

    def _pass(self, at: datetime) -> None:
        due = self.service.record.reading().alerts_due(at, _FAR)
        self._memory.forget(at, [alert.stay for alert in due if alert.stay is not None])
        run_pass(self.service, at, send=self.send, memory=self._memory)

    def _routines(self) -> Iterator[tuple[Routine, Alert, datetime]]:
        """Which open alerts staff answer by routine, and when they get to it."""
        by_stay = {stay: key for key, stay in self._stays.items()}
        for alert in self.service.record.reading().open_alerts():
            began = alert.raised_at or alert.due_at
            who = by_stay.get(alert.stay or "", "")
            story = any(t.who == who and t.since <= began < t.until for t in self.night.told)
            for routine in self.night.routines:
                if story and routine.do in (*_ABOUT_ALERTS, "screen"):
                    continue
                if self._fits(routine, alert):
                    yield routine, alert, began + routine.after

    def _fits(self, routine: Routine, alert: Alert) -> bool:
        return (
            (not routine.levels or alert.level in routine.levels)
            and routine.step in ("any", alert.step)
            and routine.on in ("any", alert.source, _clock(alert.source))
            and (alert.key, routine) not in self._tried
            and self._stands(routine, alert, self.night.staff[routine.by[0]].role)
        )

    def _stands(self, routine: Routine, alert: Alert, role: str) -> bool:
        """Whether this answer is this role's to give, and still to be given.

        An alert is first taken, then acted on, then closed.
        """
        if routine.do not in _ABOUT_ALERTS:
            return True
        taken = alert.clinical_ack_at if role in CLINICAL_ROLES else alert.police_ack_at
        stage = {
            "take": taken is None and alert.state != "in_hand",
            "acted": taken is not None and alert.state == "acknowledged",
            "close": alert.state == "in_hand",
        }
        return stage[routine.do] and role in self._meant_for(alert)

    def _meant_for(self, alert: Alert) -> tuple[str, ...]:
        """The roles that it was raised for, and those who stood in, before anybody was added."""
        if alert.key not in self._meant:
            raised = self.service.record.reading().event(alert.raised_seq or 0)
            to = () if raised is None else raising_of(raised, alert.key).header["to"]
            self._meant[alert.key] = tuple(to)
        return self._meant[alert.key]

    def _answer_all(self, now: datetime) -> int:
        """Every answer that is due now; how many there were."""
        due = [(routine, alert) for routine, alert, at in self._routines() if at <= now]
        for routine, alert in due:
            self._answer(routine, alert, now)
        return len(due)

    def _answer(self, routine: Routine, alert: Alert, now: datetime) -> None:
        staff = next(
            (
                each
                for each in map(self.night.staff.__getitem__, routine.by)
                if each.works(now) and alert.suite in each.suites
            ),
            None,
        )
        still = self.service.record.reading().alert(alert.key)
        self._tried.add((alert.key, routine))
        if staff is None or alert.stay is None or still is None or not still.is_open:
            return
        more = dict(routine.more)
        if routine.do in _ABOUT_ALERTS:
            more["keys"] = (alert.key,)
        elif routine.do == "visit":
            more["seen"] = _SEEN[alert.due_at.minute % len(_SEEN)]
        who = next((key for key, stay in self._stays.items() if stay == alert.stay), None)
        held = self.night.people[who] if who else None
        act = Act(0, now, routine.do, staff.id, who, None, more)
        self._try(Doing(self.service, act, actor(staff), now, alert.stay, held))

    def _do(self, act: Act, now: datetime) -> None:
        staff = self.night.staff[act.by]
        held = self.night.people[act.who] if act.who else None
        stay = self._stays.get(act.who or "", "")
        took_from = self.night.staff[act.more["from"]].name if "from" in act.more else ""
        doing = Doing(self.service, act, actor(staff), now, stay, held, took_from)
        made = self._try(doing)
        if act.do == "open" and act.who and made:
            self._stays[act.who] = made

    def _try(self, doing: Doing) -> str:
        try:
            return do(doing)
        except TriageError as error:
            if self.strict:
                raise
            self.left.append(Left(doing.act, str(error)))
            return ""


def _clock(source: str) -> str:
    """The clock that an alert is a step of: ``pace_review_2`` is a ``pace_review``."""
    return source.rstrip("0123456789n").rstrip("_")


def actor(staff: Staff) -> Actor:
    """Somebody of the night, as the record names them."""
    return Actor(staff.id, staff.name, staff.role, "training", staff.suites)


def _found_again(night: Night, service: Service) -> dict[str, str]:
    """The stays that a night played before has opened already, found by their numbers."""
    numbers = {held.opening["number"]: key for key, held in night.people.items()}
    found: dict[str, str] = {}
    for event in service.record.reading().all_events():
        if event.kind is EventKind.STAY_OPENED and event.stay:
            number = (event.payloads.get("identity") or {}).get("reference")
            if number in numbers:
                found[numbers[number]] = event.stay
    return found
