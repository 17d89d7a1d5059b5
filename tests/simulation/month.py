"""A month of four suites: who arrives, what staff do and forget, and what breaks.

Everything is drawn from one seed. What happens stands in the log of the world, line by line.
"""

import heapq
import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

from tests.simulation.case_mix import later, somebody
from tests.simulation.ledger import NEVER_HELD, Ledger
from tests.simulation.looks import canary, look, note_about
from tests.simulation.outside import HELD, TOGETHER
from tests.simulation.world import (
    PASS_EVERY,
    SECOND,
    START,
    SUITES,
    Broken,
    World,
    rulebook,
    staff,
)
from triage import casework
from triage.domain.cover import on_duty
from triage.domain.errors import InputError, NotAllowed, RoleRefused, TriageError
from triage.domain.screening import Details
from triage.domain.timeline import Event, Moment
from triage.record import EventKind
from triage.record.errors import StoreError
from triage.record.operations import Duty
from triage.schemas.screen import details_of

PEOPLE = Path(__file__).parents[1] / "cases" / "people"
IDLE = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def minutes(number: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=number)


@cache
def people():
    """The written people, as the door of the desk reads them."""
    found = []
    for file in sorted(PEOPLE.glob("*.toml")):
        for person in tomllib.loads(file.read_text(encoding="utf-8"))["person"]:
            try:
                found.append(details_of(person["details"], rulebook(), now=START + HOUR * 9000))
            except TriageError:
                continue  # written to be refused at the door
    return tuple(found)


def _is_roused(said: Details) -> bool:
    """Whether staff go in each half hour to wake them: seen very drunk or drugged (annex H)."""
    seen = said.observations.get("intoxication")
    return seen is not None and seen.value in ("marked", "incapable")


@dataclass(frozen=True)
class Plan:
    """How much happens in this month, and how much goes wrong."""

    days: float = 30
    arrivals_a_day: float = 4.0
    detentions_a_day: float = 0.5  # under section 136
    faults_a_day: float = 3.0
    careless: float = 0.12  # how often somebody forgets
    unroused: float = 0.015  # of rousing checks, how many are not passed
    poison: bool = True
    ordinary: bool = False  # a mix of people as they come, in place of the written ones


_HEARD = (EventKind.ALERT_RAISED, EventKind.ALERT_CLIMBED, EventKind.ALERT_REOPENED)
_OF_ONE_SUITE = ("custody_sergeant", "detention_officer", "custody_hcp")
FAULTS = (
    "crash before a commit", "crash after a commit", "crash between sent and recorded",
    "mail refuses", "mail hangs", "mail drops", "mail refuses for good", "second engine",
    "paused engine", "clock back", "clock ahead", "disk full", "down three hours", "poisoned stay",
    "empty slot", "busy nurse",
)  # fmt: skip


@dataclass
class Month:
    """One month, replayable by its seed."""

    folder: Path
    seed: int
    plan: Plan = Plan()
    faults: tuple[str, ...] | None = None  # None: the seed switches each on or off
    world: World = field(init=False)
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(f"month {self.seed}")
        self.world = World(self.folder, self.seed)
        self.ledger = Ledger(self.world)
        self.heap: list[tuple[datetime, int, Callable[[], None]]] = []
        self.number = 0
        self.until = START + timedelta(days=self.plan.days)
        self.visited: dict[str, datetime] = {}  # plain custody stays -> last visit, as typed
        self.poisoned: set[str] = set()
        self.passes = 0
        self.last_pass = START
        self.down_since: datetime | None = None
        if self.faults is None:
            self.faults = tuple(each for each in FAULTS if self.dice.random() < 0.6)
        casework.adopt(self.world.service, actor=staff("administrator"), now=self.world.now)
        self.world.say(f"seed {self.seed}, faults: {', '.join(self.faults) or 'none'}")

    # ------------------------------------------------------------------ the loop
    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        """Let something happen at a moment of true time."""
        self.number += 1
        heapq.heappush(self.heap, (moment, self.number, act))

    def after(self, span: timedelta, act: Callable[[], None]) -> None:
        """Let something happen so much later."""
        self.at(self.world.true + span, act)

    def run(self) -> "Month":
        """Play the month; raises Broken with seed and step when an invariant does not hold."""
        try:
            self._arrivals()
            self._faults()
            self.at(START + timedelta(days=1), self._midnight)
            while self.heap and self.heap[0][0] < self.until:
                self._next()
            self._end()
        except Broken as broken:
            tail = "\n".join(self.world.log[-60:])
            raise Broken(f"{broken}\nseed {self.seed}, the night:\n{tail}") from None
        finally:
            self.world.close()
        return self

    def _next(self) -> None:
        moment, _, act = self.heap[0]
        due = self._pass_due()
        if due is not None and due <= moment:
            self._wait_until(due)
            self._pass()
            return
        heapq.heappop(self.heap)
        self._wait_until(moment)
        if not self.world.alive and self.down_since is None:
            self.down_since = self.world.true
            self.after(PASS_EVERY * self.dice.choice((1, 2, 12)), self._restart)
        act()
        self._settle()

    def _wait_until(self, moment: datetime) -> None:
        self.world.wait(max(timedelta(0), moment - self.world.true))

    def _pass_due(self) -> datetime | None:
        """The next beat of five seconds at which there is something to do."""
        if not self.world.alive:
            return None
        due = self.world.next_due()
        if self.world.jumped:
            due = self.world.true  # the engine looks at the clock every five seconds
        wanted = self.last_pass + IDLE if due is None else min(due, self.last_pass + IDLE)
        beats = -(-(wanted - self.last_pass) // PASS_EVERY)
        return max(self.last_pass + PASS_EVERY * max(1, beats), self.world.true)

    def _pass(self) -> None:
        self.passes += 1
        self.last_pass = self.world.true
        self.world.jumped = False
        done = self.world.run_pass()
        self.ledger.check_pass(done)
        self._settle()
        if done is not None and done.beat:
            self._visits_were_watched(done.at)

    def _settle(self) -> None:
        """After every event and every pass: read, check, and let staff react to what is new."""
        if not self.world.alive and self.down_since is None:
            self.down_since = self.world.true
            self.after(PASS_EVERY * self.dice.choice((1, 2, 12)), self._restart)
        self.ledger.check()
        fresh, self.ledger.unseen = self.ledger.unseen, []
        if self.world.alive:
            for event in fresh:
                self._react(event)

    def _restart(self) -> None:
        if self.world.alive:
            return
        self._stale_while_down()
        self.world.say("the process starts")
        self.world.start()
        self.world.jumped = True  # a new process looks at everything at once
        self.down_since = None
        self.last_pass = self.world.true - PASS_EVERY

    def _stale_while_down(self) -> None:
        """L2: whoever looks while nothing beats is told, by the age of the last beat."""
        gone = self.world.true - (self.down_since or self.world.true)
        self.world.start()
        timers = casework.timers(self.world.service, now=self.world.now)
        if gone > 20 * SECOND and not timers.stale and not self.world.jumps:
            self.ledger.say("L2", f"no pass for {gone} and the pages look live")
        self.world.record.close()
        self.world.alive = False

    def _midnight(self) -> None:
        self.after(timedelta(days=1), self._midnight)
        if self.world.alive:
            self.ledger.check_rows()
            self.ledger.check_chain()

    # ------------------------------------------------------------------ who arrives
    def _arrivals(self) -> None:
        whole = self.plan.arrivals_a_day * self.plan.days
        for number in range(int(whole)):
            moment = START + timedelta(days=self.plan.days) * self.dice.random()
            self.at(moment, lambda number=number: self._arrive(number))
        for number in range(int(self.plan.detentions_a_day * self.plan.days)):
            moment = START + timedelta(days=self.plan.days) * self.dice.random()
            self.at(moment, lambda number=number: self._detained(number))

    def _arrive(self, number: int) -> None:
        suite = self.dice.choice(SUITES)
        opening = casework.Opening(
            kind=casework.StayKind.CUSTODY,
            suite=suite,
            reference=f"TRAINING/SIM/{number}/{self.number}",
            opened_at=self.world.now,
            training=True,
            cell=f"CELL-{number}",
            identity=casework.Identity(
                name=f"Canary Secretname {canary('identity', number)}",
                age=self.dice.randint(18, 70),
            ),
        )
        sergeant = staff("custody_sergeant", suite)
        opened = self._try(
            f"{suite}: somebody arrives",
            lambda: casework.open_stay(
                self.world.service, opening, actor=sergeant, now=self.world.now
            ),
        )
        if opened is None:
            self.after(minutes(10), lambda: self._arrive(number))
            return
        stay = opened.stay
        self.visited[stay] = opening.opened_at
        self.world.whose[number] = stay
        self._look_at(stay, suite, number)
        details = self._somebody()
        self.after(minutes(self.dice.randint(5, 40)), lambda: self._screen(stay, suite, details))
        self.after(minutes(self.dice.randint(50, 59)), lambda: self._visit(stay, suite))
        self.after(HOUR * 5.8, lambda: self._review(stay))
        self.after(HOUR * self.dice.triangular(3, 22, 9), lambda: self._leave(stay, suite))

    def _somebody(self):
        if self.plan.ordinary:
            return somebody(self.dice, self.world.now)
        return self.dice.choice(people())

    def _somebody_later(self, details: Details) -> Details:
        """Whom a second screening meets: the same person, or with the written ones anybody."""
        return later(self.dice, details) if self.plan.ordinary else self._somebody()

    def _look_at(self, stay: str, suite: str, number: int) -> None:
        """Two notes are made about them, and in the hours that follow people look."""
        soon = minutes(self.dice.randint(10, 30))
        self.after(
            soon,
            lambda: self._try("notes", lambda: note_about(self.world, stay, suite, number)),
        )
        for _ in range(3):
            self.after(soon + HOUR * self.dice.uniform(0, 6), lambda: self._look(stay, suite))

    def _look(self, stay: str, suite: str) -> None:
        dice = random.Random(f"{self.seed}:{stay}:{self.number}")
        self._try(
            f"{suite}: somebody looks",
            lambda: look(self.world, self.ledger, stay, suite, dice),
        )

    def _screen(self, stay: str, suite: str, details) -> None:
        if not self._here(stay):
            return
        ahead = SECOND * self.dice.choice((0, 0, 0, 0, 90, -400))
        said = replace(details, at=self.world.now + ahead)
        if _is_roused(said):
            self.visited.pop(stay, None)  # roused, not visited
        who = self.dice.choice(("custody_sergeant", "detention_officer", "custody_hcp"))
        saved = self._try(
            f"{suite}: screening of {stay}",
            lambda: casework.record_screening(
                self.world.service, stay, said, actor=staff(who, suite), now=self.world.now
            ),
        )
        if saved is None:
            self.after(minutes(10), lambda: self._screen(stay, suite, details))
            return
        if self.dice.random() < 0.3:
            again = self._somebody_later(details)
            self.after(HOUR * self.dice.uniform(1, 4), lambda: self._screen(stay, suite, again))
        if self.dice.random() < 0.05:
            self.after(minutes(self.dice.randint(1, 90)), lambda: self._withdraw(saved.seq, suite))

    def _withdraw(self, seq: int, suite: str) -> None:
        wrong = casework.Correction("typed for somebody else", withdrawn=True)
        self._try(
            f"{suite}: event {seq} is withdrawn",
            lambda: casework.correct(
                self.world.service, seq, wrong, actor=staff("custody_sergeant", suite),
                now=self.world.now,
            ),
        )  # fmt: skip

    def _visit(self, stay: str, suite: str) -> None:
        if not self._here(stay):
            return
        if self.dice.random() < self.plan.careless:
            self.after(minutes(self.dice.randint(5, 60)), lambda: self._visit(stay, suite))
            return
        now = self.world.now
        passed = self.dice.random() >= self.plan.unroused if stay not in self.visited else None
        visit = casework.Visit(now, rouse=passed)
        saved = self._try(
            f"{suite}: visit to {stay}",
            lambda: casework.record_visit(
                self.world.service, stay, visit, actor=staff("detention_officer", suite), now=now
            ),
        )
        if saved is not None and stay in self.visited:
            self.visited[stay] = now
        gap = self.dice.randint(48, 59) if stay in self.visited else self.dice.randint(22, 29)
        self.after(minutes(gap), lambda: self._visit(stay, suite))

    def _review(self, stay: str) -> None:
        if not self._here(stay):
            return
        if self.dice.random() < self.plan.careless:
            self.after(minutes(self.dice.randint(10, 120)), lambda: self._review(stay))
            return
        self._event(stay, "pace_review_done", staff("duty_inspector"))
        self.after(HOUR * 8.7, lambda: self._review(stay))

    def _leave(self, stay: str, suite: str) -> None:
        if not self._here(stay):
            return
        left = casework.Release(
            self.world.now, "home", handed_to="family", told=("family",), plan="call on Monday",
            transport="taxi", reason=self.dice.choice(("arranged_outside", "not_given")),
        )  # fmt: skip
        done = self._try(
            f"{suite}: {stay} leaves",
            lambda: casework.release(
                self.world.service, stay, left, actor=staff("custody_sergeant", suite),
                now=self.world.now,
            ),
        )  # fmt: skip
        if done is None:
            self.after(minutes(20), lambda: self._leave(stay, suite))
        else:
            self.visited.pop(stay, None)

    # ------------------------------------------------------------------ section 136
    def _detained(self, number: int) -> None:
        suite = self.dice.choice(SUITES)
        now = self.world.now
        station = self.dice.random() < 0.3
        events = [_happened("s136_decided", now - minutes(30), limb="remove", consulted="nurse")]
        if station:
            events.append(_happened("station_authorised", now - minutes(20), rank="inspector"))
        place = "police_station" if station else "a_and_e"
        events.append(_happened("arrived", now, place=place))
        opening = casework.Opening(
            kind=casework.StayKind.SECTION136,
            suite=suite,
            reference=f"TRAINING/INC/{number}/{self.number}",
            opened_at=now,
            stage="section136",
            training=True,
            identity=casework.Identity(name="Canary Secretname", age=self.dice.randint(15, 80)),
            events=tuple(events),
        )
        opened = self._try(
            f"{suite}: somebody is detained under section 136",
            lambda: casework.open_stay(
                self.world.service, opening, actor=staff("control_room"), now=now
            ),
        )
        if opened is None:
            self.after(minutes(10), lambda: self._detained(number))
            return
        stay = opened.stay
        inspector, hcp = staff("duty_inspector"), staff("custody_hcp", suite)
        if station:
            self.after(minutes(27), lambda: self._check(stay, "health_check", hcp, 29))
            self.after(minutes(57), lambda: self._check(stay, "behaviour_review", inspector, 58))
        else:
            self.after(
                minutes(self.dice.randint(30, 180)),
                lambda: self._event(stay, "handover_accepted", staff("control_room")),
            )
        self.after(
            HOUR * self.dice.uniform(1, 7), lambda: self._event(stay, "assessment_began", inspector)
        )
        ends = HOUR * self.dice.triangular(3, 27, 10)
        self.after(ends, lambda: self._event(stay, "ended", inspector))
        self.after(ends + minutes(5), lambda: self._leave(stay, suite))

    def _check(self, stay: str, kind: str, actor, every: int) -> None:
        if not self._here(stay):
            return
        if self.dice.random() >= self.plan.careless:
            extra = {"waking": "needed"} if kind == "health_check" else {"conditions": "exist"}
            self._event(stay, kind, actor, **extra)
        self.after(minutes(every), lambda: self._check(stay, kind, actor, every))

    def _event(self, stay: str, kind: str, actor, **extra) -> None:
        if not self._here(stay):
            return
        event = _happened(kind, self.world.now, **extra)
        self._try(
            f"{kind} of {stay}",
            lambda: casework.record_event(
                self.world.service, stay, event, actor=actor, now=self.world.now
            ),
        )

    def _here(self, stay: str) -> bool:
        if not self.world.alive:
            return True  # nobody can look; the act itself will say that nothing runs
        found = self.world.record.reading().stay(stay)
        return found is not None and found.is_open

    def _try(self, what: str, act: Callable[[], object]):
        """Do it at a door; what the law or the form refuses is no fault."""
        try:
            return self.world.do(what, act)
        except (InputError, NotAllowed) as refused:
            self.world.say(f"  refused: {refused}")
            return None

    # ------------------------------------------------------------------ what staff do about alerts
    def _react(self, event) -> None:
        """Somebody sees what the board shows, soon, late, or not at all."""
        if event.kind is EventKind.VISIT and event.stay in self.visited:
            # Also when the process died after the commit, and whoever typed it saw no answer.
            self.visited[event.stay] = max(self.visited[event.stay], event.occurred_at)
        elif event.kind is EventKind.RELEASED:
            self.visited.pop(event.stay, None)
        elif event.kind is EventKind.CORRECTED and event.actor.account == "timers":
            self._timed_anew(event)
        if event.kind not in _HEARD:
            return
        key, level = event.header["key"], self.ledger.alerts[event.header["key"]].level
        if level == "A4" or self.dice.random() < self.plan.careless:
            return
        slow = {"A1": 4, "SYS1": 5, "A2": 15, "A3": 90}.get(level, 30)
        for role in self.dice.sample(event.header["to"], k=min(2, len(event.header["to"]))):
            soon = minutes(self.dice.expovariate(1 / slow))
            self.after(soon, lambda role=role: self._take(key, role))

    def _timed_anew(self, event) -> None:
        """The service knows better when the last visit was: its clock had been ahead."""
        about = self.world.record.reading().event(event.corrects)
        of_a_visit = about.kind in (EventKind.VISIT, EventKind.STAY_OPENED)
        if of_a_visit and self.visited.get(event.stay, event.occurred_at) > self.world.now:
            self.visited[event.stay] = event.occurred_at

    def _take(self, key: str, role: str) -> None:
        if not self.world.alive:
            return
        row = self.world.record.reading().alert(key)
        if row is None or not row.is_open or self.ledger.alerts[key].acted:
            return
        suite = row.suite if role in _OF_ONE_SUITE else None
        actor, now = staff(role, suite), self.world.now
        clinical = role in ("custody_hcp", "liaison_nurse", "lead_nurse")
        kind = casework.AckKind.CLINICAL if clinical else casework.AckKind.POLICE
        if self.dice.random() < 0.05:
            self._wrong_hands(key, row)
        self._try(
            f"{actor.account} acknowledges {key}",
            lambda: casework.acknowledge(self.world.service, key, kind=kind, actor=actor, now=now),
        )
        if self.dice.random() < 1 - self.plan.careless:
            self.after(minutes(self.dice.expovariate(1 / 8)), lambda: self._act(key, actor))

    def _act(self, key: str, actor) -> None:
        row = self.world.record.reading().alert(key) if self.world.alive else None
        if row is None or not row.is_open:
            return
        if self.dice.random() < 0.03:
            self._cancel(key, actor)
            return
        self._try(
            f"{actor.account} acts on {key}",
            lambda: casework.act(
                self.world.service, key, "went there", actor=actor, now=self.world.now
            ),
        )
        if self.dice.random() < 0.9:
            self.after(minutes(self.dice.uniform(5, 300)), lambda: self._close(key, actor))

    def _close(self, key: str, actor) -> None:
        row = self.world.record.reading().alert(key) if self.world.alive else None
        if row is None or not row.is_open:
            return
        try:
            self._try(
                f"{actor.account} closes {key}",
                lambda: casework.close(
                    self.world.service, key, outcome="seen", actor=actor, now=self.world.now
                ),
            )
        except RoleRefused:
            self.world.say("  refused: not for this role")

    def _cancel(self, key: str, actor) -> None:
        second = staff("duty_inspector") if self.dice.random() < 0.5 else None
        try:
            self._try(
                f"{actor.account} cancels {key}",
                lambda: casework.cancel(
                    self.world.service, key, reason="a slip", actor=actor, now=self.world.now,
                    second_actor=second,
                ),
            )  # fmt: skip
        except RoleRefused:
            self.world.say("  refused: not for this role")

    def _wrong_hands(self, key: str, row) -> None:
        """Somebody of another suite, or of the wrong kind, tries: nothing may come of it."""
        before = self.world.record.reading().head()
        elsewhere = next(each for each in SUITES if each != row.suite)
        tries = [(staff("custody_sergeant"), casework.AckKind.CLINICAL)]
        if row.suite is not None:
            tries.append((staff("custody_hcp", elsewhere), casework.AckKind.CLINICAL))
        for actor, kind in tries:
            try:
                casework.acknowledge(
                    self.world.service, key, kind=kind, actor=actor, now=self.world.now
                )
            except RoleRefused:
                continue
            except StoreError:
                return
            self.ledger.say("I4", f"{actor.account} acknowledged {key} as {kind}")
        if self.world.record.reading().head() != before:
            self.ledger.say("I4", f"a refused acknowledgement of {key} left something behind")

    # ------------------------------------------------------------------ what breaks
    def _faults(self) -> None:
        if not self.faults:
            return
        for _ in range(int(self.plan.faults_a_day * self.plan.days)):
            moment = START + timedelta(days=self.plan.days) * self.dice.random()
            for _ in range(self.dice.choice((1, 1, 2, 3))):  # compound: several at once
                fault = self.dice.choice(self.faults)
                late = SECOND * self.dice.randint(0, 600)
                self.at(moment + late, lambda fault=fault: self._break(fault))

    def _break(self, fault: str) -> None:
        if not self.world.alive:
            return
        world, dice = self.world, self.dice
        world.say(f"FAULT {fault}")
        match fault:
            case "crash before a commit":
                world.crash_at("before the commit", dice.randint(1, 6))
            case "crash after a commit":
                world.crash_at("after the commit", dice.randint(1, 6))
            case "crash between sent and recorded":
                world.outside.die_after = dice.randint(1, 4)
            case "second engine":
                world.in_a_gap += [world.other_engine] * dice.randint(1, 3)
            case "paused engine":
                world.in_a_gap.append(self._sleep_on)
            case "clock back":
                world.step_clock(-minutes(dice.choice((1, 20, 120))))
            case "clock ahead":
                by = minutes(dice.choice((1, 20, 180)))
                world.step_clock(by)
                self.after(minutes(dice.randint(1, 60)), lambda: world.step_clock(-by))
            case "disk full":
                self._disk(full=True)
            case "down three hours":
                world.stop("switched off")
                self.down_since = world.true
                self.after(HOUR * 3, self._restart)
            case "poisoned stay":
                self._poison()
            case "empty slot":
                self._empty_slot()
            case "busy nurse":
                nurse = staff("liaison_nurse")
                until = world.now + minutes(30)
                self._try(
                    "the nurse is with somebody",
                    lambda: casework.with_somebody(
                        world.service, until, reason="in a cell", actor=nurse, now=world.now
                    ),
                )
            case _:
                world.outside.weather = fault.removeprefix("mail ")
                self.after(minutes(dice.choice((2, 10, 45))), self._good_weather)

    def _sleep_on(self) -> None:
        """This engine sleeps between two acts, longer than any lease; another one goes on."""
        self.world.outside.kills += 1
        self.world.true += 40 * SECOND  # while it sleeps no engine is alive
        self.world.other_engine()

    def _good_weather(self) -> None:
        self.world.say("the mail works again")
        self.world.outside.weather = "good"

    def _disk(self, *, full: bool) -> None:
        if not self.world.alive:
            return  # a new process has new connections
        self.world.fill_disk(full=full)
        if full:
            self.world.cannot_record_seconds = 700.0
            self.after(minutes(10), lambda: self._disk(full=False))
        else:
            self.after(minutes(1), self._disk_over)

    def _disk_over(self) -> None:
        self.world.cannot_record_seconds = 0.0

    def _poison(self) -> None:
        """One byte of what was recorded about somebody turns: it can be read no more."""
        stays = self.world.record.reading().open_stays()
        if stays and self.plan.poison:
            stay = self.dice.choice(stays).id
            self.poisoned.add(stay)
            self.visited.pop(stay, None)
            self.world.say(f"  {stay} cannot be evaluated from now on")
            poison(self.poisoned)

    def _empty_slot(self) -> None:
        """A site keeps a rota for the nurse in one suite, and nobody is on it now."""
        world, suite = self.world, self.dice.choice(SUITES)
        tomorrow = world.now + timedelta(days=1)
        duty = Duty(
            f"d-{self.number}", suite, "liaison_nurse", "nurse", "Nurse", None, tomorrow,
            tomorrow + HOUR * 8,
        )  # fmt: skip
        self._try(
            "the rota has a hole",
            lambda: casework.set_duty(
                world.service, duty, actor=staff("lead_nurse"), now=world.now
            ),
        )

    # ------------------------------------------------------------------ what must hold
    def _visits_were_watched(self, now: datetime) -> None:
        """I2, worked out by hand: an hour after the last visit an alert has been raised."""
        if self.world.offset:
            return
        for stay, last in self.visited.items():
            due = last + HOUR
            if due + PASS_EVERY < now and not self._was_raised(stay, due):
                self.ledger.say("I2", f"{stay} was not visited since {last} and nothing was raised")

    def _was_raised(self, stay: str, due: datetime) -> bool:
        stamp = due.strftime("%Y-%m-%dT%H:%M")
        return (stay, "visit", stamp) in self.ledger.raised_at_due

    def _end(self) -> None:
        """Faults end; nobody comes any more. Everything open is in hand, or at the top and loud."""
        self.world.say("the faults end")
        self.heap.clear()
        self.world.outside.weather = "good"
        unpoison()
        if not self.world.alive:
            self.world.start()
        self.world.fill_disk(full=False)
        self.world.cannot_record_seconds = 0.0
        self.world.armed.clear()
        self.world.in_a_gap.clear()
        self.world.outside.die_after = 0
        self.last_pass = self.world.true - PASS_EVERY
        self._passes_for(minutes(1))
        self._nothing_old_is_planned()
        self._passes_for(HOUR * 2)
        self.ledger.check_rows()
        self._at_the_top()
        self.ledger.check_chain(full=True)

    def _passes_for(self, span: timedelta) -> None:
        until = self.world.true + span
        while (due := self._pass_due()) is not None and due <= until:
            self._wait_until(due)
            self._pass()
        self._wait_until(until)

    def _nothing_old_is_planned(self) -> None:
        """L5: a minute after the faults ended no message is older than thirty seconds."""
        now = self.world.timers_now
        rows = self.world.record._connection().execute(
            "select d.key, d.try_at, d.planned_at from deliveries d join alerts a"
            " on a.key = d.alert_key where d.state in ('planned', 'unknown', 'claimed')"
            " and a.state in ('raised', 'acknowledged', 'in_hand')"
        )
        for row in rows.fetchall():
            waits = now - datetime.fromisoformat(row["planned_at"])
            if waits > minutes(1.5):
                self.ledger.say("L5", f"{row['key']} still waits after {waits}")

    def _at_the_top(self) -> None:
        """L7: whatever nobody has is at the top of its chain, and repeats."""
        for known in self.ledger.alerts.values():
            urgent = known.level in ("A1", "A2", "SYS1")
            time_enough = (
                self.world.up_seconds - known.began > 60 * max(known.steps, default=0) + 120
            )
            low = known.step < len(known.steps) - 1
            if urgent and known.climbs and low and time_enough:
                self.ledger.say("L7", f"{known.key} is open at step {known.step} and nobody has it")
        if self.ledger.flaws:
            raise Broken("; ".join(self.ledger.flaws[:5]))

    # ------------------------------------------------------------------ figures
    def nurse_shifts(self, *, pages: bool) -> list[float]:
        """What reached the one liaison nurse in each twelve hours of her duty: pages, or letters.

        A page interrupts: texts and pushes carry it. What needs attention this shift is a letter
        and a line on her list. The hours in which somebody else is told are not hers: she has a
        day of fourteen hours, and what comes in them is counted for twelve.
        """
        days = int(-(-(self.until - START) // timedelta(days=1)))
        heard, hours = [0.0] * days, [self._duty_hours(day) for day in range(days)]
        for each in self.world.outside.arrivals:
            key = each.key.removeprefix(TOGETHER).removeprefix(HELD)  # one, of its first alert
            alert = self.ledger.alerts[key.rsplit(":", 4)[0]]
            if each.at >= self.until:
                continue  # the hours after the month, in which nobody answers any more
            if each.recipient == "liaison_nurse" and (alert.level in NEVER_HELD) is pages:
                heard[(each.at - START) // timedelta(days=1)] += 1
        return [number * 12 / on for number, on in zip(heard, hours, strict=True) if on]

    def _duty_hours(self, day: int) -> float:
        """For how long in this day she covers any suite, as the practice says."""
        step, begins = minutes(10), START + timedelta(days=day)
        ends = min(begins + timedelta(days=1), self.until)
        suites = rulebook().practice["suites"]
        on = 0
        for number in range(int((ends - begins) / step)):
            at = begins + step * number
            on += any(on_duty(suites, suite, "liaison_nurse", at) for suite in SUITES)
        return on * (step / HOUR)


def _happened(kind: str, at: datetime, *, place=None, rank=None, **extra) -> Event:
    return Event(
        id="", kind=kind, occurred_at=Moment.at(at), place=place, rank=rank,
        extra=MappingProxyType(extra),
    )  # fmt: skip


# ------------------------------------------------------------------ a record that cannot be read
def poison(stays: set[str]) -> None:
    """Let the clocks of these stays raise, as a record does that nothing can be made of."""
    from triage.casework import planning

    if not hasattr(planning, "_whole_clocks"):
        planning._whole_clocks = planning.detention_clocks

    def failing(service, history, *, now):
        if history.stay.id in stays:
            raise ZeroDivisionError("poisoned")
        return planning._whole_clocks(service, history, now=now)

    planning.detention_clocks = failing


def unpoison() -> None:
    """Mend all of them."""
    from triage.casework import planning

    if hasattr(planning, "_whole_clocks"):
        planning.detention_clocks = planning._whole_clocks
