"""Any history that people, timers and bad luck can make, step by step, on the real record.

Hypothesis draws it and makes it short when it breaks an invariant; the ledger of the simulation
checks I1 to I18, as far as one can after each step.
"""

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.casework.conftest import happened
from tests.depth import depth
from tests.simulation.ledger import Ledger
from tests.simulation.month import people, poison, unpoison
from tests.simulation.world import PASS_EVERY, SECOND, SUITES, Broken, World, staff
from triage import casework
from triage.casework import alerts
from triage.domain.errors import InputError, NotAllowed, RoleRefused
from triage.record.operations import Duty
from triage.scheduler.clock_watch import ClockWatch

WHO = (
    "custody_sergeant", "detention_officer", "custody_hcp", "liaison_nurse", "lead_nurse",
    "duty_inspector", "control_room", "administrator",
)  # fmt: skip
suites = st.sampled_from(SUITES[:2])
actors = st.builds(staff, st.sampled_from(WHO), suites | st.none())
some = st.integers(0, 10_000)
REFUSED = (InputError, NotAllowed, RoleRefused)


class Custody(RuleBasedStateMachine):
    """Two suites, any number of people, one record."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.world = World(self.folder)
        self.ledger = Ledger(self.world)
        self.stays: list[str] = []
        self.poisoned: set[str] = set()
        casework.adopt(self.world.service, actor=staff("administrator"), now=self.world.now)

    def teardown(self) -> None:
        """End the world."""
        unpoison()
        self.world.close()
        shutil.rmtree(self.folder)

    # ------------------------------------------------------------------ people
    @rule(suite=suites, detained=st.booleans())
    def somebody_arrives(self, suite, detained):
        now = self.world.now
        events = (
            happened("s136_decided", now, limb="remove", consulted="no"),
            happened("arrived", now, place="police_station"),
        )
        kind = casework.StayKind.SECTION136 if detained else casework.StayKind.CUSTODY
        opening = casework.Opening(
            kind, suite, f"TRAINING/STATE/{len(self.stays)}", now, training=True, cell="CELL-9",
            identity=casework.Identity(name="Canary Secretname", age=30),
            events=events if detained else (),
        )  # fmt: skip
        opened = self._do(
            lambda: casework.open_stay(
                self.world.service, opening, actor=staff("custody_sergeant", suite), now=now
            )
        )
        if opened is not None:
            self.stays.append(opened.stay)

    @precondition(lambda self: self.stays)
    @rule(who=actors, stay=some, person=some, ahead=st.integers(-900, 115))
    def somebody_is_screened(self, who, stay, person, ahead):
        details = people()[person % len(people())]
        said = replace(details, at=self.world.now + ahead * SECOND)
        self._do(
            lambda: casework.record_screening(
                self.world.service, self._stay(stay), said, actor=who, now=self.world.now
            )
        )

    @precondition(lambda self: self.stays)
    @rule(stay=some, roused=st.sampled_from([None, True, False]), late=st.integers(-115, 4000))
    def somebody_is_visited(self, stay, roused, late):
        visit = casework.Visit(self.world.now - late * SECOND, rouse=roused)
        hcp = staff("custody_hcp")
        self._do(
            lambda: casework.record_visit(
                self.world.service, self._stay(stay), visit, actor=hcp, now=self.world.now
            )
        )

    @precondition(lambda self: self.ledger.seq > 3)
    @rule(seq=some, late=st.none() | st.integers(0, 7000))
    def something_is_corrected(self, seq, late):
        at = None if late is None else self.world.now - late * SECOND
        moment = None if at is None else happened("visit", at).occurred_at
        how = casework.Correction("a slip", occurred_at=moment, withdrawn=moment is None)
        self._do(
            lambda: casework.correct(
                self.world.service, 1 + seq % self.ledger.seq, how,
                actor=staff("custody_sergeant"), now=self.world.now,
            )
        )  # fmt: skip

    @precondition(lambda self: self.stays)
    @rule(stay=some, why=st.sampled_from([None, "arranged_outside", "not_given"]))
    def somebody_leaves(self, stay, why):
        left = casework.Release(self.world.now, "home", reason=why)
        self._do(
            lambda: casework.release(
                self.world.service, self._stay(stay), left, actor=staff("custody_sergeant"),
                now=self.world.now,
            )
        )  # fmt: skip

    # ------------------------------------------------------------------ alerts
    @precondition(lambda self: self.ledger.alerts)
    @rule(which=some, who=actors, kind=st.sampled_from(list(casework.AckKind)))
    def somebody_acknowledges(self, which, who, kind):
        self._do(
            lambda: casework.acknowledge(
                self.world.service, self._alert(which), kind=kind, actor=who, now=self.world.now
            )
        )

    @precondition(lambda self: self.ledger.alerts)
    @rule(which=some, who=actors)
    def somebody_acts(self, which, who):
        self._do(
            lambda: casework.act(
                self.world.service, self._alert(which), "went", actor=who, now=self.world.now
            )
        )

    @precondition(lambda self: self.ledger.alerts)
    @rule(which=some, who=actors, outcome=st.sampled_from(["", "seen by the nurse"]))
    def somebody_closes(self, which, who, outcome):
        self._do(
            lambda: casework.close(
                self.world.service, self._alert(which), outcome=outcome, actor=who,
                now=self.world.now,
            )
        )  # fmt: skip

    @precondition(lambda self: self.ledger.alerts)
    @rule(which=some, who=actors, second=st.none() | actors)
    def somebody_cancels(self, which, who, second):
        self._do(
            lambda: casework.cancel(
                self.world.service, self._alert(which), reason="a slip", actor=who,
                second_actor=second, now=self.world.now,
            )
        )  # fmt: skip

    # ------------------------------------------------------------------ time and bad luck
    @rule(beats=st.integers(1, 30))
    def time_passes(self, beats):
        for _ in range(beats):
            self.world.wait(PASS_EVERY)
            due = self.world.next_due()
            if due is None or due > self.world.true:
                continue
            self._pass()

    @rule(hours=st.integers(1, 7))
    def nothing_runs_for_hours(self, hours):
        self.world.stop("switched off")
        self.world.wait(timedelta(hours=hours))
        self._start()

    @rule(minutes=st.integers(-120, 180))
    def the_clock_is_set(self, minutes):
        self.world.step_clock(timedelta(minutes=minutes))
        self._pass()

    @rule(when=st.sampled_from(["before the commit", "after the commit"]), count=st.integers(1, 4))
    def it_dies_around_a_commit(self, when, count):
        self.world.crash_at(when, count)

    @rule(weather=st.sampled_from(["good", "refuses", "hangs", "refuses for good"]))
    def the_mail_changes(self, weather):
        self.world.outside.weather = weather

    @rule(messages=st.integers(1, 3))
    def it_dies_while_sending(self, messages):
        self.world.outside.die_after = messages

    @rule()
    def a_second_engine_runs_between(self):
        self.world.in_a_gap.append(self.world.other_engine)

    @precondition(lambda self: self.stays)
    @rule(stay=some)
    def a_record_cannot_be_read(self, stay):
        self.poisoned.add(self._stay(stay))
        poison(self.poisoned)

    @rule(suite=suites)
    def the_rota_has_a_hole(self, suite):
        begins = self.world.now + timedelta(days=1)
        ends = begins + timedelta(hours=8)
        duty = Duty(f"d-{suite}", suite, "liaison_nurse", "n", "Nurse", None, begins, ends)
        lead = staff("lead_nurse")
        self._do(
            lambda: casework.set_duty(self.world.service, duty, actor=lead, now=self.world.now)
        )

    # ------------------------------------------------------------------ what must hold
    @invariant()
    def every_invariant_of_alerts_holds(self):
        """I1 to I18 and L1, L4, L6 as the ledger knows them."""
        if not self.world.alive:
            self._start()
        self.ledger.check()
        self.ledger.check_rows()

    def _start(self) -> None:
        self.world.wait(PASS_EVERY)
        self.world.start()
        self._pass()

    def _pass(self) -> None:
        if not self.world.alive:
            return
        done = self.world.run_pass()
        self.ledger.check()
        self.ledger.check_pass(done)

    def _do(self, act):
        try:
            return self.world.do("", act)
        except REFUSED:
            return None

    def _stay(self, number: int) -> str:
        return self.stays[number % len(self.stays)]

    def _alert(self, number: int) -> str:
        keys = [k for k, known in self.ledger.alerts.items() if known.is_open]
        keys = keys or list(self.ledger.alerts)
        return keys[number % len(keys)]


TestAlertStates = Custody.TestCase
TestAlertStates.settings = settings(
    max_examples=depth(8, 400),
    stateful_step_count=depth(25, 60),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_the_machine_finds_an_acknowledgement_that_the_wrong_role_may_make(monkeypatch):
    """The twin: with the check of roles gone, some history breaks I4."""
    monkeypatch.setattr(alerts, "allow", lambda actor, verb: None)
    quick = settings(
        max_examples=60,
        stateful_step_count=25,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    with pytest.raises(Broken, match="I4"):
        run_state_machine_as_test(Custody, settings=quick)


@contextmanager
def set_back_before_the_timers_looked(minutes):
    """Somebody is held at the station; the clock is set back before the very first pass."""
    custody = Custody()
    try:
        custody.time_passes(beats=1)
        custody.somebody_arrives(detained=True, suite=SUITES[0])
        custody.world.step_clock(timedelta(minutes=-minutes))
        yield custody
    finally:
        custody.teardown()


@pytest.mark.parametrize("minutes", [1, 2, 10, 30, 90])
def test_letters_leave_though_the_clock_was_set_back_before_the_timers_first_looked(minutes):
    with set_back_before_the_timers_looked(minutes) as custody:
        custody._pass()
        custody.every_invariant_of_alerts_holds()

        assert custody.world.outside.tries


def test_without_what_was_last_recorded_they_would_wait(monkeypatch):
    """The twin: timers that trust the wall clock at their first look leave an urgent letter."""
    begin = ClockWatch.go_on
    monkeypatch.setattr(ClockWatch, "go_on", lambda *given, recorded=None: begin(*given))

    with (
        set_back_before_the_timers_looked(2) as custody,
        pytest.raises(Broken, match="L4"),
    ):
        custody._pass()
        custody.every_invariant_of_alerts_holds()
