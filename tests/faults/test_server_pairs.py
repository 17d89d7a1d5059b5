"""Two servers on one record, a leader that is killed, and three hours in which nothing ran.

What is asserted stands in the record: heartbeats, raised alerts, how late each one was.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.depth import depth
from tests.faults.server import Server, pause
from triage import casework, clock
from triage.domain.timeline import Event, Moment
from triage.record import Actor, Record, Recorded, verify
from triage.record.raisings import RAISED, apart
from triage.rules_files import load, rules_dir
from triage.settings import Settings

OKAFOR = Actor("okafor", "PS Okafor", "custody_sergeant", "castle-desk-1")
LONGEST = 60.0  # seconds of waiting for something to happen at all; no promise
HELD = (
    ("s136_decided", {"extra": {"limb": "remove", "consulted": "doctor"}}),
    ("arrived", {"place": "a_and_e"}),
)
TAKEN_OVER_WITHIN = timedelta(seconds=15)
RAISED_WITHIN = timedelta(seconds=30)
ONLY_ONE_PASS = 600  # seconds to the next


@dataclass
class Suite:
    """One record, prepared as if people had been brought in hours ago."""

    instance: Path

    @property
    def record(self) -> Record:
        return Record.open(self.instance / "triage.db")

    def bring_in(self, people: int, *, at: datetime) -> None:
        """So many people arrive at one moment of the past, typed in then: every fifth in hospital.

        By now their visits, handovers, rounds and MHA steps are due, at more than one level.
        """
        settings = Settings(self.instance, self.instance / "triage.db")
        service = casework.Service(self.record, load(rules_dir(), draft=True), settings)
        for number in range(people):
            held = number % 5 == 0
            kind = casework.StayKind.SECTION136 if held else casework.StayKind.CUSTODY
            opening = casework.Opening(
                kind, "castle_street", f"TRAINING/P/{number}", at, training=True,
                place="a_and_e" if held else None,
            )  # fmt: skip
            stay = casework.open_stay(service, opening, actor=OKAFOR, now=at).stay
            for kind_of_event, named in HELD if held else ():
                happened = Event("new", kind_of_event, Moment.at(at), **named)
                casework.record_event(service, stay, happened, actor=OKAFOR, now=at)
        service.record.close()

    def due(self, at: datetime) -> dict[str, datetime]:
        record = self.record
        found = {alert.key: alert.due_at for alert in record.reading().alerts_due(at, 1_000_000)}
        record.close()
        return found

    def raised(self) -> list[Recorded]:
        record = self.record
        found = [
            one
            for event in record.reading().all_events()
            if event.kind in RAISED
            for one in apart(event)
        ]
        record.close()
        return found

    def beat(self) -> datetime | None:
        record = self.record
        beat = record.reading().last_heartbeat()
        record.close()
        return None if beat is None else beat.at

    def beat_after(self, moment: datetime | None) -> datetime:
        """The first heartbeat that is later."""
        until = clock.running() + LONGEST
        while clock.running() < until:
            beat = self.beat()
            if beat is not None and (moment is None or beat > moment):
                return beat
            pause(0.02)
        raise AssertionError("no heartbeat")


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    Record.open(tmp_path / "triage.db", create=True).close()
    return Suite(tmp_path)


@pytest.fixture
def servers(suite: Suite) -> Iterator[list[Server]]:
    both = [Server(suite.instance), Server(suite.instance)]
    yield both
    for server in both:
        server.end()


def test_two_servers_raise_each_alert_once(suite: Suite, servers: list[Server]):
    suite.bring_in(depth(40, 1000), at=clock.now() - timedelta(hours=3))
    due = suite.due(clock.now())

    for server in servers:
        server.begin()  # both at once: whoever is faster leads
    for server in servers:
        server.wait()
    suite.beat_after(suite.beat_after(None))
    for server in servers:
        assert server.stop() == 0

    raised = Counter(str(event.header["key"]) for event in suite.raised())
    assert set(due) <= set(raised)
    assert set(raised.values()) == {1}
    assert verify(suite.instance / "triage.db", full=True).ok


def test_a_leader_that_is_killed_is_replaced_by_the_other_server(
    suite: Suite, servers: list[Server]
):
    first, second = servers
    first.start()
    last_of_first = suite.beat_after(None)  # nobody else runs, so this is the leader's
    second.start()

    first.kill()
    after = suite.beat()
    next_beat = suite.beat_after(after)  # only the second can have written it

    assert after is not None
    assert next_beat - max(after, last_of_first) <= TAKEN_OVER_WITHIN


def test_after_three_hours_everything_missed_is_raised_in_the_first_pass(suite: Suite):
    """Late to the second, the most severe first; the promise is thirty seconds."""
    night = clock.now() - timedelta(hours=3, minutes=10)
    suite.bring_in(depth(40, 1000), at=night)
    due = suite.due(clock.now())
    server = Server(suite.instance, passes=ONLY_ONE_PASS)
    began = clock.now()
    try:
        server.start()
        beat = suite.beat_after(None)
    finally:
        server.end()

    raised = [event for event in suite.raised() if event.header["key"] in due]
    keys = [str(event.header["key"]) for event in raised]
    levels = [str(event.header["level"]).replace("SYS", "A") for event in raised]
    lates = [event.header["late_seconds"] for event in raised]
    assert sorted(keys) == sorted(due)
    assert len(set(levels)) >= 3
    assert levels == sorted(levels)
    assert lates == [
        int((event.occurred_at - due[key]).total_seconds())
        for key, event in zip(keys, raised, strict=True)
    ]
    assert max(lates) > 2 * 3600
    assert beat - began <= RAISED_WITHIN
