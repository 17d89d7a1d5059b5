"""The timers: one leader among all processes runs a pass every few seconds.

A daemon thread waits for the lock of the instance (flock) and then starts the scheduler. When the
leader dies, the kernel gives the lock to the next in the queue; nothing has to be agreed. Even two
leaders would do no harm, because a pass raises each alert once.

Messages leave beside the passes, each channel on a thread of its own: a webhook that hangs keeps
neither the next alert from being raised nor the mail from being sent.
"""

import importlib
import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.background import BackgroundScheduler

from triage import clock
from triage.casework import (
    Memory,
    Pass,
    Send,
    Service,
    caught_up,
    kept_clock,
    lifeline,
    mail,
    note_clock_step,
    tick,
)
from triage.casework.proof import plan_proof
from triage.casework.sending import send_planned
from triage.scheduler.clock_watch import ClockWatch

try:
    fcntl: Any = importlib.import_module("fcntl")
except ImportError:  # not POSIX: one process only, which then leads
    fcntl = None

_log = logging.getLogger(__name__)
JOB, SENDERS = "pass", "senders"
_SEND_EVERY = 1  # seconds; a look that finds nothing writes nothing
_LOOK_AROUND = timedelta(minutes=1)


def run_pass(
    service: Service,
    now: datetime,
    *,
    send: Send | None = None,
    memory: Memory | None = None,
    clock: Mapping[str, Any] | None = None,
) -> Pass:
    """One complete pass at a moment; what the timers run, and what ``triage tick`` runs."""
    return tick(service, now=now, send=send or mail(service), memory=memory, clock=clock)


@dataclass
class Timers:
    """One process's share in the timers: it waits to lead, and leads until it is stopped."""

    service: Service
    now: Callable[[], datetime] = clock.now
    running: Callable[[], float] = clock.running
    boot: str = field(default_factory=clock.boot)
    _memory: Memory = field(default_factory=Memory)
    _watch: ClockWatch = field(default_factory=ClockWatch)
    _looked_at: datetime | None = None
    _sending: dict[str, threading.Thread] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _taking: threading.Lock = field(default_factory=threading.Lock)  # the lead, or its end
    _scheduler: BackgroundScheduler | None = None
    _lock: int | None = None

    def start(self) -> None:
        """Begin to wait for the lead, on a thread of its own."""
        threading.Thread(target=self._lead, name="timers", daemon=True).start()

    def stop(self) -> None:
        """End the passes and the sending, and give the lead away; what runs is finished first.

        After this nothing of the timers touches the record any more, so that it can be closed. A
        try to send is waited for: every channel ends it after its own timeout.
        """
        self._stopped.set()
        with self._taking:  # whoever is just taking the lead has it now, or never will
            scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.shutdown(wait=True)
        for sender in self._sending.values():
            sender.join()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @property
    def leading(self) -> bool:
        """Whether this process runs the passes now."""
        return self._scheduler is not None

    def run_once(self, *, send: bool = True) -> Pass:
        """One pass now; a jump of the wall clock goes on the record first.

        Without ``send`` its messages stay planned for ``send_beside``.
        """
        now = self._look_at_the_clock()
        service, kept = self.service.fresh(now), self._watch.kept()
        try:
            self._look_around(service, now)
            if not send:
                done = tick(service, now=now, send=None, memory=self._memory, clock=kept)
            else:
                done = run_pass(service, now, memory=self._memory, clock=kept)
            if done.beat:  # a half-dead loop sends no proof of life either
                plan_proof(service, now=now)
            return done
        except Exception:
            lifeline.engine_failed(service, now=now)
            raise

    def send_beside(self) -> None:
        """Begin to send what waits, one thread for each channel that is not sending already."""
        service = self.service
        for channel in service.record.reading().channels_waiting(self._moment()):
            running = self._sending.get(channel)
            if running is None or not running.is_alive():
                thread = threading.Thread(
                    target=self._send, args=(service, channel), name=f"send-{channel}", daemon=True
                )
                self._sending[channel] = thread
                thread.start()

    def _send(self, service: Service, channel: str) -> None:
        """Send by one channel until nothing waits there."""
        send = mail(service)
        try:
            while not self._stopped.is_set():
                if not send_planned(service, now=self._moment(), send=send, channel=channel):
                    return
        except Exception as error:  # claimed and not settled: sent again after the lease
            _log.error("sending by %s broke off: %s", channel, type(error).__name__)

    def _moment(self) -> datetime:
        return self.now() + self._watch.lag

    def _look_at_the_clock(self) -> datetime:
        """The moment for this pass; a jump goes on the record first, and what it had delayed."""
        watch, wall, running = self._watch, self.now(), self.running()
        if watch.wall is None:
            reading = self.service.record.reading()
            kept, last = kept_clock(reading), None
            if not kept and reading.open_stays():  # nobody waits for what set the service up
                last = reading.event(reading.head())
            recorded = None if last is None else last.recorded_at
            watch.go_on(kept, wall, running, self.boot, recorded=recorded)
        before = replace(watch)
        stepped = watch.step(wall, running)
        if (watch.lag, watch.ahead) != (before.lag, before.ahead):
            try:
                self._note(stepped, wall, before)
            except BaseException:
                self._watch = before  # it is not on the record: the next look sees it again
                raise
        return watch.now()

    def _note(self, stepped: float, wall: datetime, before: ClockWatch) -> None:
        """Put on the record what the watch saw, and bring forward what a wrong clock has timed."""
        watch = self._watch
        if watch.moved and watch.ahead == before.ahead:  # no jump: the wall clock has caught up
            caught_up(self.service, now=wall, moved=watch.moved, clock=watch.kept())
            return
        if not before.ahead:
            watch.since = self.service.record.reading().head()
        note_clock_step(
            self.service,
            stepped,
            now=wall,
            moved=watch.moved,
            since=watch.since,
            clock=watch.kept(),
        )

    def _look_around(self, service: Service, now: datetime) -> None:
        """What no pass can see from inside: that there were none, and that the disk fills up."""
        last, self._looked_at = self._looked_at, self._looked_at or now
        if last is None:
            lifeline.stood_still(service, now=now)
        if last is None or now - last >= _LOOK_AROUND:
            self._looked_at = now
            lifeline.disk(service, now=now)

    def _lead(self) -> None:
        lock = self._wait_for_lead()
        with self._taking:
            if not self._stopped.is_set():
                self._take_lead(lock)
                return
        if lock is not None:
            os.close(lock)

    def _take_lead(self, lock: int | None) -> None:
        self._lock = lock
        scheduler = BackgroundScheduler(timezone="UTC")
        scheduler.add_listener(_say, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        every = self.service.settings.pass_every_seconds
        for job, seconds, does in (
            (JOB, every, partial(self.run_once, send=False)),
            (SENDERS, _SEND_EVERY, self.send_beside),
        ):
            scheduler.add_job(
                does,
                "interval",
                seconds=seconds,
                id=job,
                replace_existing=True,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
                next_run_time=clock.now(),
            )
        scheduler.start()
        self._scheduler = scheduler
        _log.info("this process leads the timers")

    def _wait_for_lead(self) -> int | None:
        """The open lock file, once it is ours; the kernel keeps the queue and ends it with us."""
        if fcntl is None:
            return None
        path = self.service.settings.leader_lock
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        fcntl.flock(lock, fcntl.LOCK_EX)
        return lock


def _say(event: Any) -> None:
    """What APScheduler would only log: the stale heartbeat on each page says the rest."""
    error = getattr(event, "exception", None)
    kind = "missed or overran" if error is None else f"failed: {type(error).__name__}"
    _log.error("a pass of the timers %s", kind)


def start(service: Service, *, now: Callable[[], datetime] = clock.now) -> Timers:
    """Start this process's timers; they lead when nobody else does."""
    timers = Timers(service, now)
    timers.start()
    return timers
