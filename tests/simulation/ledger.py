"""Our own book of every alert, kept from the chain of events alone, and what must hold of it.

It knows nothing of the casework: only the alert semantics (the assurance notes, 8). Each broken
invariant is one line that begins with its id.
"""

import heapq
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulation.letters import Letters
from tests.simulation.world import Broken, World
from triage.casework.called_again import CALLED_FOR_AGAIN
from triage.record import EventKind, Recorded, verify
from triage.record.alert_fold import ALERT_KINDS
from triage.record.raisings import apart

CLINICIANS = ("custody_hcp", "liaison_nurse", "lead_nurse")
POLICE = ("custody_sergeant", "detention_officer", "duty_inspector", "control_room")
OPEN = ("raised", "acknowledged", "in_hand")
NEVER_HELD = ("A1", "A2", "SYS1", "SYS2")
NO_WORSE = {"A1": 1, "SYS1": 1, "A2": 2, "SYS2": 2, "A3": 3, "A4": 4}
SLACK = 15.0  # seconds: three passes
LATE_AFTER = 60


@dataclass
class Known:
    """One alert as its events tell it."""

    key: str
    level: str
    due_at: str
    source: str
    stay: str | None
    addressees: tuple[str, ...]
    steps: tuple[int, ...]  # minutes after the start of a round
    repeat: int | None
    act_minutes: int | None
    state: str = "raised"
    step: int = 0
    round: int = 0
    began: float = 0.0  # engine seconds when this round began
    noise: float = 0.0  # engine seconds when people last heard of it
    kinds: set[str] = field(default_factory=set)
    held_at: float | None = None
    acted: bool = False
    ended_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Raised and not over."""
        return self.state in OPEN

    @property
    def urgent(self) -> bool:
        """Whether harm may come of it now or within hours."""
        return NO_WORSE[self.level] <= 2

    @property
    def held(self) -> bool:
        """Whether an acknowledgement stands that stops its chain."""
        clinical = any(each in CLINICIANS for each in self.addressees)
        return "clinical" in self.kinds if clinical else bool(self.kinds)

    @property
    def climbs(self) -> bool:
        """Whether the ladder should be running now."""
        return self.is_open and self.repeat is not None and not self.held and not self.acted

    def deadline(self) -> float | None:
        """Engine seconds by which something must happen to it; None while nothing must."""
        ends = [self.noise + self.gap()] if self.climbs else []
        if self.is_open and self.held_at is not None and self.act_minutes is not None:
            ends.append(self.held_at + 60.0 * self.act_minutes)
        return min(ends, default=None)

    def gap(self) -> float:
        """Seconds from this step to the next one."""
        if self.step + 1 < len(self.steps):
            return 60.0 * (self.steps[self.step + 1] - self.steps[self.step])
        return 60.0 * (self.repeat or 0)


@dataclass
class Ledger:
    """Reads what is new in the chain after every event, and checks it.

    After an event it looks at what has changed or come due since the one before; once a day, at
    the end, and always where it is ``complete``, at everything.
    """

    world: World
    complete: bool = False
    seq: int = 0
    alerts: dict[str, Known] = field(default_factory=dict)
    of_stay: dict[str | None, list[Known]] = field(default_factory=dict)
    unseen: list[Recorded] = field(default_factory=list)  # read here, and by nobody on the staff
    last_recorded_at: datetime | None = None
    last_occurred: str = ""
    rulebooks: set[str] = field(default_factory=set)
    kinds: dict[int, str] = field(default_factory=dict)
    raised_at_due: set[tuple[str, str, str]] = field(default_factory=set)
    counted: dict[str, int] = field(default_factory=dict)
    flaws: list[str] = field(default_factory=list)
    _deadlines: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.letters = Letters(self.world, self)

    # ------------------------------------------------------------------ after every event
    def check(self) -> None:
        """Read what is new and hold everything to it; raises Broken with the first flaws."""
        if self.world.alive:
            reading = self.world.record.reading()
            if reading.head() < self.seq:
                self.say("I12", f"the chain became shorter: {reading.head()} < {self.seq}")
            for event in reading.events_after(self.seq, 10_000):
                self._read(event)
            self._timers()
        self.flaws += self.world.outside.flaws
        if self.flaws:
            raise Broken("; ".join(self.flaws[:5]))

    def say(self, invariant: str, words: str) -> None:
        """Note one flaw."""
        self.flaws.append(f"{invariant} {words}")

    def count(self, what: str) -> None:
        """Count something for the report."""
        self.counted[what] = self.counted.get(what, 0) + 1

    def _read(self, event: Recorded) -> None:
        self.seq = event.seq
        self.unseen.extend(apart(event))
        self.kinds[event.seq] = event.kind
        if self.last_recorded_at is not None and event.recorded_at < self.last_recorded_at:
            self.say("I13", f"event {event.seq} was recorded before the one before it")
        self.last_recorded_at = event.recorded_at
        self.count(str(event.kind))
        if event.kind in ALERT_KINDS:
            for one in apart(event):
                getattr(self, f"_{one.kind}")(one, one.header)
            for key in event.alert_keys:
                self._await(self._of(event, key))
        elif event.kind is EventKind.SCREENING_SAVED:
            self._screening(event)
        elif event.kind is EventKind.RELEASED:
            self._released(event)

    def _of(self, event: Recorded, key: str | None = None) -> Known:
        known = self.alerts.get(key or event.header["key"])
        if known is None:
            raise Broken(f"I3 {event.kind} of an alert that was never raised: {event.header}")
        return known

    # ------------------------------------------------------------------ events of alerts
    def _alert_raised(self, event: Recorded, header) -> None:
        key = header["key"]
        if key in self.alerts:
            self.say("I1", f"{key} was raised twice")
        addressees, _, steps, repeat, act = header["chain"] or ((), (), (), None, None)
        known = Known(
            key, header["level"], str(header["due_at"]), header["source"], event.stay,
            tuple(addressees), tuple(each[0] for each in steps), repeat, act,
            began=self.world.up_seconds, noise=self.world.up_seconds,
        )  # fmt: skip
        self.alerts[key] = known
        self.of_stay.setdefault(event.stay, []).append(known)
        self.raised_at_due.add((event.stay or "", known.source, known.due_at[:16]))
        due = datetime.fromisoformat(known.due_at)
        late = max(0, int((event.occurred_at - due).total_seconds()))
        if header["late_seconds"] != late:
            self.say("I10", f"{key} is {late} s late and says {header['late_seconds']} s")
        self.count(f"level {known.level}")

    def _alert_climbed(self, event: Recorded, header) -> None:
        known = self._of(event)
        self._must_be_open(known, event)
        took = header["chain_step"] - known.step
        if took < 1:
            self.say("I5", f"{known.key} went from step {known.step} to {header['chain_step']}")
        if took - 1 != header.get("skipped", 0):
            self.say("I5", f"{known.key} skipped {took - 1} steps and says {header.get('skipped')}")
        if not known.climbs:
            self.say("I5", f"{known.key} climbed although somebody has it")
        self._level(known, header)
        waited = self.world.up_seconds - known.noise
        if waited > known.gap() + self._slack():
            self.say("L1", f"{known.key} climbed after {int(waited)} s, and had {known.gap():.0f}")
        known.step, known.noise = header["chain_step"], self.world.up_seconds

    def _alert_acknowledged(self, event: Recorded, header) -> None:
        known = self._of(event)
        self._must_be_open(known, event)
        allowed = CLINICIANS if header["kind"] == "clinical" else POLICE
        if event.actor.role not in allowed:
            self.say("I4", f"{known.key}: {header['kind']} acknowledged by {event.actor.role}")
        self._own_suite(known, event)
        before = known.held
        known.kinds.add(header["kind"])
        if known.state == "raised":
            known.state = "acknowledged"
        if known.held and not before and not known.acted:
            known.held_at = self.world.up_seconds
        self._level(known, header)

    def _alert_acted(self, event: Recorded, header) -> None:
        known = self._of(event)
        self._must_be_open(known, event)
        known.state = "in_hand"
        clinical = any(each in CLINICIANS for each in known.addressees)
        if header.get("by_event") or not clinical or event.actor.role in CLINICIANS or known.held:
            known.acted, known.held_at = True, None
        self._level(known, header)

    def _alert_counted(self, event: Recorded, header) -> None:
        for key in event.alert_keys:
            self._must_be_open(self._of(event, key), event)

    def _alert_reopened(self, event: Recorded, header) -> None:
        known = self._of(event)
        if header["reason"] != CALLED_FOR_AGAIN:
            self._must_be_open(known, event)
        if header["round"] != known.round + 1 or header["chain_step"] != 0:
            self.say("I5", f"{known.key} opened again at {header['round']}:{header['chain_step']}")
        if known.held_at is not None and known.act_minutes is not None:
            waited = self.world.up_seconds - known.held_at
            if waited > 60 * known.act_minutes + self._slack():
                self.say("L6", f"{known.key} was taken {int(waited)} s ago and opens only now")
        known.state, known.step, known.round = "raised", 0, header["round"]
        known.kinds, known.held_at, known.acted = set(), None, False
        known.began = known.noise = self.world.up_seconds

    def _alert_retimed(self, event: Recorded, header) -> None:
        known = self._of(event)
        self._must_be_open(known, event)
        if header["seconds"] >= 0 or self.kinds.get(header["by_event"]) != "clock_stepped":
            self.say("I6", f"{known.key} was timed anew and no jump of the clock is the cause")

    def _alert_closed(self, event: Recorded, header) -> None:
        known = self._of(event)
        self._must_be_open(known, event)
        known.state, known.ended_by = "closed", event.actor.account
        if event.actor.account == "timers" and known.level in _SYSTEM and known.stay is None:
            self.count("system alerts that were over")
        elif event.actor.account == "timers":
            self._overtaken(known, header)
        elif not event.body.get("reason"):
            self.say("I3", f"{known.key} was closed without an outcome")
        else:
            self._own_suite(known, event)

    def _overtaken(self, known: Known, header) -> None:
        above = self.alerts.get(header.get("by", ""))
        if header.get("reason") != "overtaken" or header.get("by") is None:
            self.say("I3", f"{known.key} was closed by the timers: {dict(header)}")
        elif above is not None and NO_WORSE[above.level] > NO_WORSE[known.level]:
            self.say("I9", f"{known.key} was overtaken by a lower alert")
        elif (above or known).source != known.source:
            self.say("I3", f"{known.key} was overtaken by another clock")

    def _alert_cancelled(self, event: Recorded, header) -> None:
        known = self._of(event)
        self._must_be_open(known, event)
        known.state, known.ended_by = "cancelled", event.actor.account
        if not event.body.get("reason"):
            self.say("I3", f"{known.key} was cancelled without a reason")
        second = header.get("second")
        if known.level in ("A1", "SYS1") and second in (None, event.actor.account):
            self.say("I3", f"{known.key} is an emergency and one person cancelled it")

    def _alert_withdrawn(self, event: Recorded, header) -> None:
        known = self._of(event)
        self._must_be_open(known, event)
        known.state, known.ended_by = "withdrawn", event.actor.account
        about = self.kinds.get(header.get("by_event", 0))
        if about not in (EventKind.CORRECTED, EventKind.WITHDRAWN) and about not in _CORRECTING:
            self.say("I3", f"{known.key} was withdrawn by {about}, which corrects nothing")

    def _must_be_open(self, known: Known, event: Recorded) -> None:
        if not known.is_open:
            self.say("I3", f"{event.kind} of {known.key}, which was {known.state}")

    def _own_suite(self, known: Known, event: Recorded) -> None:
        suite = event.actor.account.partition("-")[2]
        stay = None if known.stay is None else self.world.record.reading().stay(known.stay)
        if stay is not None and suite != "all" and suite not in (stay.suite, self._suite_of(known)):
            self.say("I4", f"{event.actor.account} had no business with {known.key}")

    def _suite_of(self, known: Known) -> str | None:
        row = self.world.record.reading().alert(known.key)
        return None if row is None else row.suite

    def _level(self, known: Known, header) -> None:
        new = header.get("level")
        if new is not None and NO_WORSE[new] > NO_WORSE[known.level]:
            self.say("I9", f"{known.key} fell from {known.level} to {new}")

    # ------------------------------------------------------------------ other events
    def _screening(self, event: Recorded) -> None:
        fingerprint = event.header["rulebook"]
        if fingerprint not in self.rulebooks:
            if self.world.record.reading().rulebook_files(fingerprint) is None:
                self.say("I15", f"screening {event.seq} names rules that are not in the store")
            self.rulebooks.add(fingerprint)
        if event.header["urgency"] != "emergency":
            return
        alerts = self.world.record.reading().alerts_of(event.stay or "")
        if not any(a.level == "A1" and a.state != "planned" for a in alerts):
            self.say("I16", f"screening {event.seq} found an emergency and raised none with it")

    def _released(self, event: Recorded) -> None:
        pressing = [
            known.key
            for known in self.of_stay.get(event.stay, ())
            if known.is_open and known.level in ("A1", "A2") and not known.acted
        ]
        told = {each.removeprefix("alert:") for each in event.header.get("gaps", ())}
        hidden = [key for key in pressing if key not in told]
        if hidden or (pressing and not event.header.get("reason")):
            self.say(
                "I18", f"{event.stay} left with {hidden or pressing} open, and nobody said why"
            )

    # ------------------------------------------------------------------ time
    def _timers(self) -> None:
        """L1 and L6, in seconds of a living engine; the siren covers the seconds of a dead one."""
        if self.complete:
            self.check_timers()
            return
        waiting = []
        while self._deadlines and self._deadlines[0][0] < self.world.up_seconds:
            end, key = heapq.heappop(self._deadlines)
            if self.alerts[key].deadline() == end:  # else it has another one by now, or none
                waiting.append((end, key))
        for each in dict.fromkeys(waiting):
            self._in_time(self.alerts[each[1]])
            heapq.heappush(self._deadlines, each)  # within the slack, or broken

    def check_timers(self) -> None:
        """The same of everything that is open, whatever has changed."""
        for known in self.alerts.values():
            if known.is_open:
                self._in_time(known)

    def _await(self, known: Known) -> None:
        """Look at it again once its time is over."""
        end = known.deadline()
        if end is not None:
            heapq.heappush(self._deadlines, (end, known.key))

    def _in_time(self, known: Known) -> None:
        up = self.world.up_seconds
        if known.climbs and up - known.noise > known.gap() + self._slack():
            silent = int(up - known.noise)
            self.say("L1", f"{known.key} ({known.level}) is silent for {silent} s at {known.step}")
        if known.held_at is not None and known.is_open and known.act_minutes is not None:
            waits = up - known.held_at
            if waits > 60 * known.act_minutes + self._slack():
                self.say("L6", f"{known.key} was taken {int(waits)} s ago and nothing was done")

    def _slack(self) -> float:
        """Three passes, and as long as no pass can be kept because the disk is full."""
        return SLACK + self.world.cannot_record_seconds

    # ------------------------------------------------------------------ after a complete pass
    def check_pass(self, done) -> None:
        """What must hold once a pass says that it was complete."""
        if done is None or not done.beat or not self.world.alive:
            return
        reading = self.world.record.reading()
        oldest = reading.oldest_due()
        if oldest is not None and oldest < done.at:
            self.say("I2", f"a complete pass at {done.at} left an alert planned for {oldest}")
        self.letters.check(reading)

    def check_rows(self) -> None:
        """The rows of the record say what the events say."""
        self.check()  # a process that died after its commit has left events that nobody read
        self.check_timers()
        reading = self.world.record.reading()
        self.letters.check_all(reading)
        for row in reading.open_alerts():
            known = self.alerts.get(row.key)
            if known is None or not known.is_open:
                self.say("I1", f"{row.key} stands open, and no event says so")
                continue
            if datetime.fromisoformat(known.due_at) != row.due_at:
                self.say("I6", f"the due time of {row.key} was moved to {row.due_at}")
            if NO_WORSE[row.level] > NO_WORSE[known.level]:
                self.say("I9", f"the level of {row.key} fell to {row.level}")
            if known.climbs and row.step_due_at is None:
                self.say("L7", f"nobody has {row.key} and no timer runs for it")
            if known.held_at is not None and row.step_due_at is None and known.act_minutes:
                self.say("L6", f"{row.key} was taken and would never open again")
        rows = {row.key for row in reading.open_alerts()}
        for key in self.alerts:
            if self.alerts[key].is_open and key not in rows:
                self.say("I3", f"{key} is open by its events, and its row is gone or over")
        if self.flaws:
            raise Broken("; ".join(self.flaws[:5]))

    def called(self, key: str) -> bool:
        """Whether a message was planned about an alert."""
        return bool(self.world.record.reading().deliveries(key))

    def check_quiet_hours(self) -> None:
        """I11: whatever is urgent was said to somebody at once, at any hour."""
        for known in self.alerts.values():
            if known.level in NEVER_HELD and known.is_open and not self.called(known.key):
                self.say("I11", f"{known.key} ({known.level}) was told to nobody")

    def check_chain(self, *, full: bool = False) -> None:
        """I12: the chain verifies, and the anchors match."""
        found = verify(self.world.path, full=full, remember_at=self.world.now)
        for flaw in found.flaws:
            self.say("I12", f"{flaw.where} {flaw.seq}: {flaw.words}")
        if self.flaws:
            raise Broken("; ".join(self.flaws[:5]))


_SYSTEM = ("SYS1", "SYS2")
# What a named person recorded may show that something was never due: so may that they left, where
# a clock that ran ahead had raised it too early.
_CORRECTING = (
    EventKind.DETENTION_EVENT, EventKind.VISIT, EventKind.ROUSING, EventKind.RELEASED,
)  # fmt: skip
