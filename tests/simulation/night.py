"""One short night in which everything happens once, always the same: for planted bugs."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.casework.conftest import answered, everything_no, happened
from tests.simulation.ledger import Ledger
from tests.simulation.looks import held_against_the_log, note_about
from tests.simulation.month import people, poison, unpoison
from tests.simulation.outside import TOGETHER
from tests.simulation.world import PASS_EVERY, SECOND, SUITES, Broken, World, staff
from triage import casework
from triage.casework import passes
from triage.domain.errors import InputError, NotAllowed, RoleRefused

MINUTE = timedelta(minutes=1)
_WRONG = timedelta(minutes=5)  # less than the wait for the next step, so that it can hide in it
SUITE = SUITES[0]
SERGEANT, OFFICER = staff("custody_sergeant", SUITE), staff("detention_officer", SUITE)
HCP, INSPECTOR = staff("custody_hcp", SUITE), staff("duty_inspector")
POLICE, CLINICAL = casework.AckKind.POLICE, casework.AckKind.CLINICAL


class Night:
    """The story; every line is checked by the ledger."""

    def __init__(self, folder: Path, *, complete: bool = False) -> None:
        self.world = World(folder)
        self.world.wait(timedelta(hours=20))  # two in the morning
        self.ledger = Ledger(self.world, complete=complete)

    def run(self) -> None:
        """Tell it; raises Broken when an invariant does not hold."""
        people()
        try:
            casework.adopt(self.world.service, actor=INSPECTOR, now=self.world.now)
            self._somebody_swallowed_something()
            self._two_engines_and_two_crashes()
            self._people_do_what_they_may_not()
            self._what_waits_for_the_morning()
            self._taken_and_forgotten()
            self._everybody_looks()
            self._a_clock_that_is_wrong_for_a_while()
            self._a_clock_that_is_set_right_while_nothing_runs()
            self._down_for_three_hours()
            self._letters_that_nobody_sent_for_an_hour()
            self._a_record_that_cannot_be_read()
            self.ledger.check_chain(full=True)
            self.ledger.check()
        finally:
            unpoison()
            self.world.close()

    def _somebody_swallowed_something(self) -> None:
        self.first = self._opened("1")
        self._screened(self.first, swallowed_or_hidden="yes", self_harm_now="thoughts")
        [self.key] = [
            a.key for a in self._alerts(self.first) if a.level == "A1" and a.source == "screening"
        ]
        self.ledger.check_quiet_hours()
        self._pass(3)

    def _two_engines_and_two_crashes(self) -> None:
        self.world.in_a_gap += [self.world.other_engine] * 3
        self._pass(2)
        second = self._opened("2")
        self._screened(second, swallowed_or_hidden="yes")
        self.world.outside.die_after = 1
        self._pass(1)
        self._again()
        self.world.outside.weather = "hangs"
        self._minutes(2)
        self.world.outside.weather = "good"
        self.world.crash_at("after the commit", 1)
        self._minutes(1)
        self._again()
        self._minutes(8)

    def _people_do_what_they_may_not(self) -> None:
        elsewhere = staff("custody_hcp", SUITES[1])
        self._refused(lambda: self._take(self.key, CLINICAL, elsewhere))
        self._refused(lambda: self._take(self.key, CLINICAL, SERGEANT))
        self._take(self.key, POLICE, SERGEANT)
        self._minutes(5)
        self._refused(lambda: casework.cancel(
            self.world.service, self.key, reason="a slip", actor=INSPECTOR, now=self.world.now,
        ))  # fmt: skip
        self._refused(lambda: casework.close(
            self.world.service, self.key, outcome="", actor=HCP, now=self.world.now,
        ))  # fmt: skip

    def _what_waits_for_the_morning(self) -> None:
        """Soon, for the nurse who sleeps; and a limit of law as high, which never waits."""
        self._screened(self._opened("7"), home_tonight="street")
        began = self.world.now - timedelta(hours=6)
        self._opened("8", casework.StayKind.SECTION136, (
            happened("s136_decided", began, limb="remove", consulted="nurse"),
            happened("arrived", began, place="a_and_e"),
        ))  # fmt: skip
        self._minutes(2)
        waits = self.world.record.reading().held_messages(("A3",))
        if not waits:
            raise AssertionError("nothing waits for the morning: this night shows nothing of it")

    def _taken_and_forgotten(self) -> None:
        self._take(self.key, CLINICAL, HCP)
        self._minutes(11)
        visit = casework.Visit(self.world.now)
        casework.record_visit(
            self.world.service, self.first, visit, actor=OFFICER, now=self.world.now
        )
        self.ledger.check()
        self.ledger.check_rows()
        self._minutes(54)
        real, passes.raise_due = passes.raise_due, _fails
        try:
            self._minutes(2)  # the visit is due in five minutes, and that cannot be raised
        finally:
            passes.raise_due = real
        self._minutes(1)

    def _everybody_looks(self) -> None:
        self.world.whose[1] = self.first
        note_about(self.world, self.first, SUITE, 1)
        for actor in (SERGEANT, HCP, INSPECTOR):
            for page in ("stay", "summary", "board", "alerts", "handover"):
                held_against_the_log(self.world, self.ledger, actor, page, self.first, SUITE)
        self.ledger.check()

    def _a_clock_that_is_wrong_for_a_while(self) -> None:
        self._wrong_clock("3")
        self.world.step_clock(-_WRONG)
        self._again_after_a_jump()

    def _a_clock_that_is_set_right_while_nothing_runs(self) -> None:
        self._wrong_clock("4")
        self.world.stop("switched off")
        self.world.step_clock(-_WRONG)
        self._again()
        self._minutes(12)

    def _wrong_clock(self, number: str) -> None:
        """Somebody is found in danger while the clock is ahead; half of the first wait is over."""
        self.world.step_clock(_WRONG)
        self._pass(1)
        self._screened(self._opened(number), self_harm_now="thoughts")
        self._minutes(5)

    def _again_after_a_jump(self) -> None:
        self._pass(1)
        self._minutes(12)

    def _down_for_three_hours(self) -> None:
        self.world.stop("switched off")
        self.world.wait(timedelta(hours=3))
        self._again()
        self._minutes(3)

    def _letters_that_nobody_sent_for_an_hour(self) -> None:
        for number in ("5", "6"):
            self._detained(number)  # at a station that nobody has authorised: urgent
        self.world.stop("switched off")
        self.world.wait(timedelta(hours=1, minutes=5))
        self._again()
        late = [key for key in self.world.outside.tries if key.startswith(TOGETHER)]
        if not late:
            raise AssertionError("no letter was late: this night shows nothing about them")

    def _a_record_that_cannot_be_read(self) -> None:
        poison({self.first})
        self._again()
        self._minutes(25)
        ours = [a for a in self._alerts(self.first) if a.source == "cannot_be_evaluated"]
        if not ours:
            self.ledger.say("F28", "a record cannot be read and nobody is told")
        self.ledger.check()
        self.ledger.check_rows()

    # ------------------------------------------------------------------ one thing each
    def _detained(self, number: str) -> str:
        now = self.world.now
        events = (
            happened("s136_decided", now, limb="remove", consulted="no"),
            happened("arrived", now, place="police_station"),
        )
        return self._opened(number, casework.StayKind.SECTION136, events)

    def _opened(self, number: str, kind=casework.StayKind.CUSTODY, events=()) -> str:
        now = self.world.now
        opening = casework.Opening(
            kind, SUITE, f"TRAINING/NIGHT/{number}", now, training=True, cell=f"CELL-{number}",
            identity=casework.Identity(name="Canary Secretname", age=30), events=events,
        )  # fmt: skip
        stay = casework.open_stay(self.world.service, opening, actor=SERGEANT, now=now).stay
        self.ledger.check()
        return stay

    def _screened(self, stay: str, **answers: str) -> None:
        said = {name: answered(value) for name, value in answers.items()}
        details = replace(everything_no(self.world.now, answers=said))
        casework.record_screening(
            self.world.service, stay, details, actor=SERGEANT, now=self.world.now
        )
        self.ledger.check()

    def _alerts(self, stay: str):
        return self.world.record.reading().alerts_of(stay)

    def _take(self, key: str, kind: casework.AckKind, actor) -> None:
        now = self.world.now
        casework.acknowledge(self.world.service, key, kind=kind, actor=actor, now=now)
        self.ledger.check()

    def _refused(self, act) -> None:
        with suppress(InputError, NotAllowed, RoleRefused):
            act()
        self.ledger.check()

    def _pass(self, times: int) -> None:
        for _ in range(times):
            self.world.wait(PASS_EVERY)
            if not self.world.alive:
                return
            done = self.world.run_pass()
            self.ledger.check()
            self.ledger.check_pass(done)
            self.ledger.check()

    def _minutes(self, number: int) -> None:
        """So long, with a pass whenever something is due."""
        until = self.world.true + number * MINUTE
        while self.world.alive and self.world.true < until:
            due = self.world.next_due()
            if due is None or due > until:
                break
            self.world.wait(max(timedelta(0), due - self.world.true - SECOND))
            self._pass(1)
        self.world.wait(max(timedelta(0), until - self.world.true))

    def _again(self) -> None:
        if self.world.alive:
            self.world.stop("restarted")
        self.world.wait(PASS_EVERY)
        self.world.start()
        self._pass(1)


def _fails(*args: object, **named: object) -> tuple[str, ...]:
    raise ZeroDivisionError


__all__ = ["Broken", "Night"]
