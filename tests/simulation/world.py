"""The real record, casework and timers under a clock of our own, with everything that can go wrong.

Nothing of the service is replaced. What is ours: the clock that is handed in, the outside world
that messages go to, the ids that are drawn, and a hand that can stop the process around a commit.
"""

import logging
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from unittest import mock

from tests.simulation.outside import Crash, Outside
from triage import casework, scheduler
from triage.record import Actor, Record, Writing
from triage.record.engine import Connection
from triage.record.errors import StoreError
from triage.record.events import moment
from triage.record.operations import Heartbeat
from triage.rules_files import load, rules_dir
from triage.settings import Mail, Settings

START = datetime(2026, 10, 20, 6, 0, tzinfo=UTC)  # five days before the clocks go back
SUITES = ("castle_street", "dock_road", "mill_lane", "north_quay")
SECOND = timedelta(seconds=1)
PASS_EVERY = timedelta(seconds=5)
LOOK_AGAIN = timedelta(minutes=20)  # in the simulation; the service looks once a minute
UNLIMITED = 1_073_741_823


class Broken(AssertionError):
    """An invariant does not hold."""


@cache
def rulebook():
    """The rules that ship, with four suites."""
    book = load(rules_dir(), draft=True)
    suites = book.practice["suites"]
    first, second = suites["suite"]
    third = {**first, "id": SUITES[2], "name": "Mill Lane (training)"}
    four = [first, second, third, {**second, "id": SUITES[3], "name": "North Quay (training)"}]
    practice = {**book.practice, "suites": {**suites, "suite": four}}
    return replace(book, practice=MappingProxyType(practice))


def staff(role: str, suite: str | None = None) -> Actor:
    """Somebody invented with this role, in one suite or in all."""
    account = f"{role}-{suite or 'all'}"
    return Actor(account, account, role, None, (suite,) if suite else ())


ROLES = ("custody_sergeant", "detention_officer", "custody_hcp", "liaison_nurse", "lead_nurse",
         "duty_inspector", "control_room")  # fmt: skip


def quick_folder() -> Path:
    """A new folder, in memory where there is such a place.

    What dies here is the process and never the power, and that leaves the same file in both;
    `tests/faults` cuts the power.
    """
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))


@cache
def new_record(true: datetime) -> bytes:
    """A record that holds nothing but the texts of its rulebook, adopted at this moment."""
    folder = quick_folder()
    try:
        world = World(folder, true=true)
        casework.adopt(world.service, actor=staff("administrator"), now=world.now)
        world.close()
        return world.path.read_bytes()
    finally:
        shutil.rmtree(folder)


class MortalRecord(Record):
    """The real record, with a hand that may stop the process around each commit."""

    around: Callable[[str], None] | None = None

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with super()._transaction() as connection:
            yield connection
            self._at("before the commit")
        self._at("after the commit")

    @contextmanager
    def writing(self, *, now: datetime) -> Iterator[Writing]:
        with super().writing(now=now) as writing:
            yield writing
        self._at("between two acts")

    def _at(self, when: str) -> None:
        if self.around is not None:
            self.around(when)


class QuickMemory(casework.Memory):
    """Looks at each stay again every twenty minutes: the acts plan their own stays anyway."""

    def fresh(self, stay: str, book: str, now: datetime) -> bool:
        seen = self.looked.get(stay)
        return seen is not None and seen[0] == book and abs(now - seen[1]) < LOOK_AGAIN


@dataclass
class World:
    """One installation, and what happens to it."""

    folder: Path
    seed: int = 0
    true: datetime = START  # the time that really passes
    offset: timedelta = timedelta(0)  # what the wall clock shows beyond it
    log: list[str] = field(default_factory=list)
    up_seconds: float = 0.0  # how long an engine has been alive, in all
    alive: bool = True
    jumped: bool = False
    jumps: int = 0
    cannot_record_seconds: float = 0.0
    whose: dict[int, str] = field(default_factory=dict)  # number of a person -> their stay
    book: object = None

    def __post_init__(self) -> None:
        self._ids = mock.patch("triage.casework.opening.secrets", _Ids(self.seed))
        self._ids.start()
        self.path = self.folder / "triage.db"
        MortalRecord.open(self.path, create=True).close()
        self.outside = Outside(self.path, self.seed, lambda: self.true)
        self._mail = mock.patch("triage.scheduler.mail", lambda service: self.outside.send)
        self._mail.start()
        self._pool = mock.patch("triage.casework.sending.ThreadPoolExecutor", _InTurn)
        self._pool.start()
        to = {role: (f"{role}@example.test",) for role in ROLES}
        mail = Mail("127.0.0.1", 1, "triage@example.test", "none", to=to)
        self.settings = Settings(self.folder, self.path, mail=mail, training=True)
        self._level = logging.getLogger("triage").level
        logging.getLogger("triage").setLevel(logging.CRITICAL + 1)  # the log is ours
        self.armed: list[tuple[str, int]] = []
        self.in_a_gap: list[Callable[[], None]] = []  # once each, between two acts
        self.last_beat: datetime | None = None
        self.beat_of_another: Heartbeat | None = None  # of the second engine, when it was whole
        self.start()

    def close(self) -> None:
        """End it, and give the patched names back."""
        self.record.close()
        self.outside.close()
        self._mail.stop()
        self._pool.stop()
        self._ids.stop()
        logging.getLogger("triage").setLevel(self._level)

    # ------------------------------------------------------------------ time
    @property
    def now(self) -> datetime:
        """What the wall clock shows."""
        return self.true + self.offset

    @property
    def timers_now(self) -> datetime:
        """The moment as the timers have it; before their first look, the wall clock.

        Time that has passed since their last look counts: an engine may have slept meanwhile.
        """
        watch = self.timers._watch
        if watch.wall is None:
            return self.now
        return watch.now() + SECOND * (self._running() - watch.running)

    def _running(self) -> float:
        return (self.true - START).total_seconds()

    def wait(self, span: timedelta) -> None:
        """Let time pass."""
        self.true += span
        if self.alive:
            self.up_seconds += span.total_seconds()

    def step_clock(self, by: timedelta) -> None:
        """Somebody, or something, sets the wall clock."""
        self.say(f"the wall clock jumps by {by.total_seconds() / 60:.0f} min")
        self.jumped = True
        self.jumps += 1
        self.offset += by

    # ------------------------------------------------------------------ the process
    def start(self) -> None:
        """Start the process: everything that was in its head is new."""
        self.record = MortalRecord.open(self.path)
        self.record.around = self._around
        self.service = casework.Service(self.record, self.book or rulebook(), self.settings)
        self.timers = self._engine(self.service)
        self.alive = True

    def _engine(self, service) -> scheduler.Timers:
        timers = scheduler.Timers(service, now=lambda: self.now, running=self._running)
        timers._memory = QuickMemory()
        return timers

    def stop(self, why: str) -> None:
        """The process is gone."""
        self.say(f"the process stops: {why}")
        self.record.close()
        self.armed.clear()
        self.in_a_gap.clear()
        self.outside.die_after = 0
        self.outside.kills += 1
        self.alive = False

    def crash_at(self, when: str, count: int = 1) -> None:
        """Let the process die before or after the so-manieth commit from now."""
        self.armed.append((when, count))

    def _around(self, when: str) -> None:
        for place, (wanted, count) in enumerate(self.armed):
            if wanted == when:
                self.armed[place] = (wanted, count - 1)
                if count <= 1:
                    self.armed.clear()
                    raise Crash(when)
        if when == "between two acts" and self.in_a_gap:
            self.in_a_gap.pop(0)()

    def fill_disk(self, *, full: bool) -> None:
        """Real SQLite that may not grow by one page more, or may again."""
        self.say("the disk is full" if full else "there is space again")
        connection = self.record._connection()
        pages = connection.execute("pragma page_count").fetchone()[0] if full else UNLIMITED
        connection.execute(f"pragma max_page_count = {pages}").fetchone()

    def other_engine(self) -> None:
        """A whole pass of a second engine, in a gap of the first one."""
        other = MortalRecord.open(self.path)
        try:
            service = replace(self.service, record=other)
            done = scheduler.run_pass(service, self.timers_now, memory=casework.Memory())
            if done.beat:
                self.beat_of_another = other.reading().last_heartbeat()
        finally:
            other.close()

    # ------------------------------------------------------------------ what is done
    def do(self, what: str, act: Callable[[], object]) -> object | None:
        """Do one thing as a person at a door; a dead process is started again by the next one.

        Returns None when it did not happen: the process died, the disk was full, or it was refused.
        """
        if not self.alive:
            self.say(f"not possible, nothing runs: {what}")
            return None
        self.say(what)
        try:
            return act()
        except Crash as crash:
            self.stop(f"{crash} ({what})")
        except StoreError as error:
            self.say(f"  not recorded: {type(error).__name__}")
        return None

    def run_pass(self) -> casework.Pass | None:
        """One pass of the timers as the scheduler runs it."""
        done = None
        try:
            done = self.timers.run_once(send=False)
            for channel in self.record.reading().channels_waiting(self.timers._moment()):
                self.timers._send(self.service, channel)  # beside the passes, as the service does
        except Crash as crash:
            self.stop(f"{crash} (in a pass)")
        except StoreError as error:
            self.say(f"the pass could not be recorded: {type(error).__name__}")
            self.jumped = True  # the next one looks again in five seconds, as in life
        except Exception as error:
            self.outside.flaws.append(f"F28 one record broke off the pass: {type(error).__name__}")
        if done is not None and done.beat:
            self.last_beat = self.true
        elif self.alive:
            self._must_not_beat()
        if done is not None:
            for word in ("raised", "climbed", "reopened"):
                for key in getattr(done, word):
                    self.say(f"timers: {word} {key}")
        return done

    def _must_not_beat(self) -> None:
        """W0: a pass that was not complete leaves no heartbeat; a second engine may have beaten."""
        beat = self.record.reading().last_heartbeat()
        if beat == self.beat_of_another:
            return
        if beat is not None and beat.at >= self.timers_now:
            self.outside.flaws.append("W0 a pass that was not complete beat all the same")

    def next_due(self) -> datetime | None:
        """When, in true time, the timers have something to do next."""
        connection = self.record._connection()
        row = connection.execute(_NEXT).fetchone()[0]
        if row is None:
            return None
        return moment(row) - self.offset - self.timers._watch.lag

    def say(self, words: str) -> None:
        """One line of the log of this month."""
        self.log.append(f"{self.true:%d %b %H:%M:%S} {words}")


_NEXT = """select min(at) from (
 select min(due_at) as at from alerts where state = 'planned'
 union all select min(step_due_at) from alerts
   where state in ('raised', 'acknowledged', 'in_hand') and step_due_at is not null
 union all select min(try_at) from deliveries where state in ('planned', 'unknown')
 union all select min(d.try_at) from alerts a join deliveries d on d.alert_key = a.key
   where a.state in ('raised', 'acknowledged', 'in_hand') and a.level = 'A3' and d.state = 'held'
 union all select min(lease_until) from deliveries where state = 'claimed')"""


class _InTurn:
    """Sends in turn, in place of threads: what a kill leaves behind must be the same each time."""

    def __init__(self, *args: object, **named: object) -> None:
        pass

    def __enter__(self) -> "_InTurn":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def map(self, act: Callable[[object], object], each: list[object]) -> Iterator[object]:
        return map(act, each)


class _Ids:
    """Ids that a seed decides, in place of those that nobody can guess."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"ids {seed}")

    def choice(self, options: str) -> str:
        return self._random.choice(options)

    def token_hex(self, size: int) -> str:
        return self._random.randbytes(size).hex()
