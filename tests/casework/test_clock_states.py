"""Any history of a detention on the real record: late, wrong, corrected, over a change of clocks.

Hypothesis draws who types what and when, which entries are put right, when the process dies and how
the wall clock is set. After each step: everything acknowledged is on the record, no time has passed
without an alert, and nothing unlawful lengthens a period.
"""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.casework import clock_checks
from tests.casework.clock_checks import Acknowledged
from tests.casework.conftest import happened
from tests.depth import depth
from tests.simulation.world import (
    PASS_EVERY,
    SECOND,
    SUITES,
    Broken,
    World,
    new_record,
    quick_folder,
    staff,
)
from triage import casework
from triage.casework import after, called_again, overtaking, planning, raising
from triage.domain import alerts, extensions, pace, section136, timeline, whereabouts
from triage.domain.clocks import ClockState
from triage.domain.errors import InputError, NotAllowed, RoleRefused
from triage.domain.timeline import KINDS, Event, Moment
from triage.record import verify

NIGHTS = {  # the evening before the clocks go back, and before they go forward
    "autumn": datetime(2026, 10, 24, 17, tzinfo=UTC),
    "spring": datetime(2027, 3, 27, 17, tzinfo=UTC),
}
BORN = {"autumn": date(2008, 10, 25), "spring": date(2009, 3, 28)}  # 18 at midnight in the cell
REFUSED = (InputError, NotAllowed, RoleRefused)
SUITE = SUITES[0]
DESK, INSPECTOR = staff("custody_sergeant"), staff("duty_inspector")
some = st.integers(0, 10_000)
minutes_late = st.sampled_from([0, 0, 0, 1, 9, 11, 45, 130, 600, 1500])

# What is typed of a detention: mostly what bears on a clock, the rest as it comes.
OFTEN = (
    "s136_decided", "arrived", "transferred", "extension_authorised", "superintendent_approved",
    "absconded", "retaken", "ended", "health_check", "behaviour_review", "fell_asleep", "woke",
    "left_for_hospital", "back_from_hospital", "pace_review_done", "pace_extended", "bailed",
)  # fmt: skip
KIND = st.sampled_from(OFTEN) | st.sampled_from([kind for kind in KINDS if kind != "corrected"])
SAID = {
    "limb": st.sampled_from(["remove", "keep"]),
    "consulted": st.sampled_from(["nurse", "no"]),
    "waking": st.sampled_from(["needed", "not_needed"]),
    "conditions": st.sampled_from(["exist", "ended"]),
    "hours": st.sampled_from([1, 4, 12, 13, 36]),
    "ground": st.sampled_from(["condition", "condition", "condition", "no_bed"]),
    "power": st.sampled_from(["section136", "pace", "all"]),
    "passed": st.booleans(),
    "minutes": st.sampled_from([5, 30, 60]),
    "basis": st.sampled_from(["offence", "section_46a", "other_force"]),
    "exception": st.booleans(),
    "answer": st.sampled_from(["full", "yes"]),
    "section": st.just("2"),
    "risk": st.booleans(),
}
PLACES = ("police_station", "a_and_e", "health_based_place_of_safety", "home", None)


@st.composite
def told(draw) -> Event:
    """Something that happened, without its time."""
    kind = draw(KIND)
    said = {name: draw(SAID[name]) for name in KINDS[kind] if name in SAID and draw(st.booleans())}
    if kind == "extension_authorised":
        said |= {"hours": draw(SAID["hours"]), "ground": draw(SAID["ground"])}
    usual = {"extension_authorised": "doctor", "health_check": "custody_hcp"}
    role = usual.get(kind) if draw(st.booleans()) else None
    rank = draw(st.sampled_from([None, "sergeant", "inspector", "superintendent"]))
    event = happened(kind, NIGHTS["autumn"], place=draw(st.sampled_from(PLACES)), **said)
    return replace(event, role=role or event.role, rank=rank)


class Detentions(RuleBasedStateMachine):
    """One suite, a few people, one record file, one wall clock that cannot be trusted."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = quick_folder()
        self.stays: list[str] = []
        self.acts: list[Acknowledged] = []
        self.touched: str | None = None
        self.told: dict[str, clock_checks.Told] = {}  # what stood when nobody was left untold

    @initialize(night=st.sampled_from(list(NIGHTS)))
    def the_night_begins(self, night):
        self.night = night
        (self.folder / "triage.db").write_bytes(new_record(NIGHTS[night]))
        self.world = World(self.folder, true=NIGHTS[night])

    def teardown(self) -> None:
        """Every chain must still verify at the end; then the world goes."""
        if hasattr(self, "world"):
            self.world.close()
            assert verify(self.world.path).flaws == ()
        shutil.rmtree(self.folder)

    # ------------------------------------------------------------------ people
    @rule(under_136=st.booleans(), events=st.lists(told(), max_size=3), late=minutes_late,
          turns_18=st.booleans())  # fmt: skip
    def somebody_is_opened(self, under_136, events, late, turns_18):
        now = self.world.now
        kind = casework.StayKind.SECTION136 if under_136 else casework.StayKind.CUSTODY
        born = BORN[self.night] if turns_18 else None
        opening = casework.Opening(
            kind, SUITE, f"TRAINING/CLOCK/{len(self.stays)}", now, training=True,
            stage="section136" if under_136 else "arrest", indictable=True,
            identity=casework.Identity(date_of_birth=born, age=None if born else 30),
            events=self._in_a_row(events, late),
        )  # fmt: skip
        opened = self._do(
            lambda: casework.open_stay(self.world.service, opening, actor=DESK, now=now)
        )
        if opened is not None:
            self.stays.append(opened.stay)
            self._acknowledged(opened.stay, opened.seq, None, now)

    @precondition(lambda self: self.stays)
    @rule(stay=some, event=told(), late=minutes_late)
    def something_happened(self, stay, event, late):
        self._record(casework.record_event, stay, self._at(event, late))

    @precondition(lambda self: self.stays)
    @rule(stay=some, event=told().filter(lambda event: event.kind in casework.AUTHORITIES))
    def something_is_authorised(self, stay, event):
        self._record(casework.authorise, stay, self._at(event, 0))

    @precondition(lambda self: self.stays)
    @rule(stay=some, roused=st.sampled_from([None, True, False]), late=minutes_late)
    def somebody_is_visited(self, stay, roused, late):
        visit = casework.Visit(self.world.now - timedelta(minutes=late), rouse=roused)
        saved = self._do(
            lambda: casework.record_visit(
                self.world.service, self._stay(stay), visit, actor=DESK, now=self.world.now
            )
        )
        if saved is not None:
            kind = "visit" if roused is None else "rouse"
            self._acknowledged(saved.stay, saved.seq, kind, visit.occurred_at)

    @precondition(lambda self: self.acts)
    @rule(which=some, late=st.none() | minutes_late, rough=st.booleans())
    def something_is_corrected(self, which, late, rough):
        """Another time, exact or rough; or that it never happened."""
        about = self.acts[which % len(self.acts)]
        moment = None
        if late is not None:
            at = self.world.now - timedelta(minutes=late)
            moment = Moment(at - timedelta(minutes=20), at) if rough else Moment.at(at)
        how = casework.Correction("a slip", occurred_at=moment, withdrawn=moment is None)
        saved = self._do(
            lambda: casework.correct(
                self.world.service, about.seq, how, actor=DESK, now=self.world.now
            )
        )
        if saved is not None:
            when = about.occurred_at if moment is None else moment.not_before
            self._acknowledged(about.stay, saved.seq, None, when)

    @precondition(lambda self: self.stays)
    @rule(stay=some)
    def somebody_leaves(self, stay):
        now = self.world.now
        left = casework.Release(now, "home", reason="arranged_outside")
        saved = self._do(
            lambda: casework.release(
                self.world.service, self._stay(stay), left, actor=DESK, now=now
            )
        )
        if saved is not None:
            self._acknowledged(saved.stay, saved.seq, None, now)

    # ------------------------------------------------------------------ time and bad luck
    @rule(minutes=st.sampled_from([1, 5, 29, 30, 31, 60, 61, 180, 400, 1439, 1440, 1441]))
    def time_passes(self, minutes):
        """To the very second of each alert on the way, as the timers would run."""
        until = self.world.true + timedelta(minutes=minutes)
        for _ in range(40):
            due = self.world.next_due() if self.world.alive else None
            if due is None or due > until:
                break
            self.world.wait(max(due - self.world.true, PASS_EVERY))
            self._pass(on_the_way=True)
        self.world.wait(max(until - self.world.true, timedelta(0)))
        self._pass()

    @rule(hours=st.integers(1, 26))
    def nothing_runs_for_hours(self, hours):
        self.world.stop("switched off")
        self.world.wait(timedelta(hours=hours))
        self._start()

    @rule(minutes=st.sampled_from([-120, -60, -1, 1, 60, 180]))
    def the_wall_clock_is_set(self, minutes):
        self.world.step_clock(timedelta(minutes=minutes))
        self._pass()

    @rule(when=st.sampled_from(["before the commit", "after the commit"]), count=st.integers(1, 3))
    def it_dies_around_a_commit(self, when, count):
        self.world.crash_at(when, count)

    # ------------------------------------------------------------------ what must hold
    @invariant()
    def the_record_and_the_clocks_hold(self):
        """All of it for the stay that was touched last, and the chain for all."""
        if not hasattr(self, "world"):
            return
        if not self.world.alive:
            self._start()
        if not self.world.alive:
            return
        service = self.world.service
        clock_checks.everything_is_on_the_record(service, self.acts[-40:])
        if self.touched is None or not self._stands(self.touched):
            return
        at = self._moment()
        clock_checks.nothing_is_dropped(service, self.touched, at)
        clock_checks.no_unlawful_event_lengthens(service, self.touched, at)
        clock_checks.the_timeline_shows_it(service, self.touched, self.acts)

    def _moment(self) -> datetime:
        """Now; never before what the record holds, as the service reads it."""
        typed = [act.occurred_at for act in self.acts]
        recorded = (self.world.record.reading().event(act.seq) for act in self.acts[-3:])
        known = [event.recorded_at for event in recorded if event is not None]
        return max([self.world.now, *typed, *known])

    def _start(self) -> None:
        self.world.wait(PASS_EVERY)
        self.world.start()
        self._pass()

    def _pass(self, *, on_the_way: bool = False) -> None:
        """One pass; on the way to a later one only those are looked at for whom anything is new."""
        if not self.world.alive:
            self._start()
            return
        done = self.world.run_pass()
        if done is None or not done.beat:
            return
        for stay in filter(self._stands, self.stays):
            if on_the_way and clock_checks.stands(self.world.service, self.told.get(stay), done.at):
                continue
            self.told[stay] = clock_checks.no_breach_is_silent(self.world.service, stay, done.at)

    def _stands(self, stay: str) -> bool:
        """A stay that was opened by mistake and holds nothing may be taken back."""
        return self.world.record.reading().stay(stay) is not None

    def _at(self, event: Event, late: int) -> Event:
        return replace(event, occurred_at=Moment.at(self.world.now - timedelta(minutes=late)))

    def _in_a_row(self, events: list[Event], late: int) -> tuple[Event, ...]:
        """One after the other, three minutes apart, the last one so many minutes ago."""
        last = len(events) - 1
        return tuple(self._at(event, late + 3 * (last - n)) for n, event in enumerate(events))

    def _record(self, verb, stay: int, event: Event) -> None:
        saved = self._do(
            lambda: verb(
                self.world.service, self._stay(stay), event, actor=INSPECTOR, now=self.world.now
            )
        )
        if saved is not None:
            self._acknowledged(saved.stay, saved.seq, event.kind, event.occurred_at.not_before)

    def _acknowledged(self, stay: str, seq: int, kind: str | None, when: datetime) -> None:
        self.acts.append(Acknowledged(stay, seq, kind, when))
        self.touched = stay

    def _do(self, act):
        if not self.world.alive:
            self._start()
        try:
            return self.world.do("", act)
        except REFUSED:
            return None

    def _stay(self, number: int) -> str:
        return self.stays[number % len(self.stays)]


TestClockStates = Detentions.TestCase
TestClockStates.settings = settings(
    max_examples=depth(6, 600),
    stateful_step_count=depth(20, 60),
    derandomize=bool(depth(1, 0)),  # the same histories in each test run; the soak looks for more
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


# ---------------------------------------------------------------------- the twins
@pytest.fixture
def machine():
    """One such history, written by hand."""
    made = Detentions()
    made.the_night_begins("autumn")
    yield made
    made.teardown()


def detained(machine: Detentions, *, at_station: bool = False) -> None:
    place = "police_station" if at_station else "a_and_e"
    now = machine.world.now
    events = [
        happened("s136_decided", now, limb="remove", consulted="nurse"),
        happened("arrived", now, place=place),
    ]
    machine.somebody_is_opened(True, events, 0, False)
    machine.the_record_and_the_clocks_hold()


def a_day_later_a_doctor_extends(machine: Detentions) -> None:
    detained(machine)
    machine.time_passes(1441)
    late = happened("extension_authorised", machine.world.now, hours=12, ground="condition")
    machine.something_happened(0, replace(late, role="doctor"), 0)
    machine.the_record_and_the_clocks_hold()


def the_arrival_is_corrected(machine: Detentions) -> None:
    detained(machine)
    came = replace(happened("transferred", machine.world.now), place="home")
    machine.something_happened(0, came, 0)
    machine.something_is_corrected(len(machine.acts) - 1, 9, False)
    machine.the_record_and_the_clocks_hold()


def nobody_looks_for_a_day(machine: Detentions) -> None:
    detained(machine)
    machine.time_passes(1441)


def moved_on_twice(machine: Detentions) -> None:
    detained(machine)
    machine.time_passes(400)
    moved = replace(happened("arrived", machine.world.now), place="health_based_place_of_safety")
    machine.something_happened(0, moved, 0)
    machine.the_record_and_the_clocks_hold()


def leaves_at_once(machine: Detentions) -> None:
    """Opened under PACE, and under section 136 as well; both leave in the same instant."""
    machine.somebody_is_opened(False, [], 0, False)
    machine.somebody_leaves(0)
    kept = happened("s136_decided", machine.world.now, limb="keep", consulted="nurse")
    machine.somebody_is_opened(True, [kept], 0, False)
    machine.somebody_leaves(1)
    machine.the_record_and_the_clocks_hold()
    machine.time_passes(1441)


def detained_again_after_leaving(machine: Detentions) -> None:
    """Nobody opened a new stay: it is typed on the one that has ended."""
    machine.somebody_is_opened(False, [], 0, False)
    machine.somebody_leaves(0)
    machine.time_passes(60)
    kept = happened("s136_decided", machine.world.now, limb="keep", consulted="nurse")
    machine.something_happened(0, kept, 0)
    machine.the_record_and_the_clocks_hold()
    machine.time_passes(1441)


def detained_again_at_once(machine: Detentions) -> None:
    """Detained for hours, released, and detained again in the same minute: one use of the power."""
    kept = happened("s136_decided", machine.world.now, place="police_station", limb="keep")
    machine.somebody_is_opened(True, [kept], 0, False)
    machine.time_passes(180)
    machine.somebody_leaves(0)
    again = replace(happened("s136_decided", machine.world.now), place="police_station")
    machine.something_happened(0, again, 0)
    machine.the_record_and_the_clocks_hold()
    machine.time_passes(1441)


def dies_after_the_commit(machine: Detentions) -> None:
    detained(machine)
    machine.it_dies_around_a_commit("after the commit", 1)
    machine.something_happened(0, happened("woke", machine.world.now), 0)
    machine.the_record_and_the_clocks_hold()


def _late_extensions_count(monkeypatch) -> None:
    monkeypatch.setattr(extensions, "_fault", lambda *_: None)


def _a_correction_drops_the_entry(monkeypatch) -> None:
    monkeypatch.setattr(timeline, "NEVER_HAPPENED", (None,))


def _a_lapse_raises_nothing(monkeypatch) -> None:
    honest = alerts._of_watch

    def silent(ladder, watch, at):
        if watch.clock.clock == "permitted_period" and watch.clock.state is ClockState.BREACH:
            return iter(())
        return honest(ladder, watch, at)

    monkeypatch.setattr(alerts, "_of_watch", silent)


def in_custody(machine: Detentions) -> None:
    machine.somebody_is_opened(False, [], 0, False)
    machine.the_record_and_the_clocks_hold()


def visited_was_somebody_else_twice(machine: Detentions) -> None:
    """Two visits are taken back after each next one was missed: nobody was here for hours."""
    in_custody(machine)
    for _ in range(2):
        machine.time_passes(61)
        machine.somebody_is_visited(0, None, 0)
    machine.time_passes(61)
    for which in (1, 2):
        machine.something_is_corrected(which, None, False)
    machine.time_passes(1)


def the_opening_was_hours_before(machine: Detentions) -> None:
    """What is raised anew must not be kept silent by what this same correction takes away."""
    in_custody(machine)
    machine.time_passes(400)
    machine.something_is_corrected(0, 600, False)
    machine.time_passes(1)


def the_opening_is_put_back_after_they_left(machine: Detentions) -> None:
    """Found once in six hundred histories: nobody looks at a closed stay again."""
    in_custody(machine)
    machine.time_passes(1441)
    machine.somebody_leaves(0)
    machine.nothing_runs_for_hours(1)
    machine.something_is_corrected(0, 45, False)
    machine.nothing_runs_for_hours(8)
    machine.something_is_corrected(len(machine.acts) - 1, None, False)
    machine.nothing_runs_for_hours(1)


def _overtaken_stays_overtaken(monkeypatch) -> None:
    monkeypatch.setattr(called_again, "_lost", lambda *_: frozenset())


def _what_stands_no_longer_keeps_silent(monkeypatch) -> None:
    """The order of before: raised first, and then what the correction made untrue withdrawn."""
    honest, withdraw, answer = overtaking.stands_above, after._take_away, after._answer_all

    def any_stands_above(writing, alert, timed, _=None):
        return honest(writing, alert, timed)

    def all_at_the_end(*given, **said):
        withdraw(*given, **said)
        answer(*given, **said)

    for each in (raising, called_again):
        monkeypatch.setattr(each, "stands_above", any_stands_above)
    monkeypatch.setattr(after, "_take_away", lambda *_, **__: None)
    monkeypatch.setattr(after, "_answer_all", all_at_the_end)
    _overtaken_stays_overtaken(monkeypatch)


def _the_last_arrival_starts_the_clock(monkeypatch) -> None:
    honest = section136._from_arrival

    def restarts(line, found, episode):
        last = episode.within(line, "arrived", "transferred")[-1:]
        if not last:
            return honest(line, found, episode)
        return section136.Start(last[0], last[0].earliest)

    monkeypatch.setattr(section136, "_from_arrival", restarts)


def _what_begins_after_a_release_is_not_watched(monkeypatch) -> None:
    monkeypatch.setattr(planning, "_still_running", lambda *_: frozenset())


def _a_release_ends_only_what_began_before(monkeypatch) -> None:
    """With the net below it taken away: that would call people about somebody who left."""
    _what_begins_after_a_release_is_not_watched(monkeypatch)

    def later(event, opened):
        return whereabouts.ends_everything(event) and event.latest > opened.earliest

    monkeypatch.setattr(pace, "releases", later)


TWINS = {
    "a late extension lengthens": (a_day_later_a_doctor_extends, _late_extensions_count, "U"),
    "a correction drops an entry": (the_arrival_is_corrected, _a_correction_drops_the_entry, "R2"),
    "a breach raises nothing": (nobody_looks_for_a_day, _a_lapse_raises_nothing, "B1"),
    "a release ends nothing new": (leaves_at_once, _a_release_ends_only_what_began_before, "B1"),
    "nobody watches who came back": (
        detained_again_after_leaving,
        _what_begins_after_a_release_is_not_watched,
        "B1",
    ),
    "nobody watches who is detained again at once": (
        detained_again_at_once,
        _what_begins_after_a_release_is_not_watched,
        "B1",
    ),
    "what was overtaken stays so": (
        visited_was_somebody_else_twice,
        _overtaken_stays_overtaken,
        "B3",
    ),
    "an alert of before keeps the new one silent": (
        the_opening_was_hours_before,
        _what_stands_no_longer_keeps_silent,
        "B3",
    ),
    "an alert of before keeps the old one withdrawn": (
        the_opening_is_put_back_after_they_left,
        _what_stands_no_longer_keeps_silent,
        "B1",
    ),
    "a transfer restarts the clock": (moved_on_twice, _the_last_arrival_starts_the_clock, "U3"),
}


@pytest.mark.parametrize("twin", TWINS)
def test_the_same_history_is_caught_with_a_planted_fault_and_holds_without(
    twin, machine, monkeypatch
):
    history, plant, word = TWINS[twin]
    plant(monkeypatch)

    with pytest.raises(Broken, match=word):
        history(machine)


@pytest.mark.parametrize(
    "history",
    [*(history for history, _, _ in TWINS.values()), dies_after_the_commit],
    ids=lambda history: history.__name__,
)
def test_the_histories_of_the_twins_hold_as_the_service_is(history, machine):
    history(machine)

    assert machine.acts != []


def test_an_act_that_is_lost_after_it_was_acknowledged_would_be_seen(machine):
    detained(machine)
    machine._acknowledged(machine.stays[0], 9_999, "woke", machine.world.now + SECOND)

    with pytest.raises(Broken, match="R1"):
        machine.the_record_and_the_clocks_hold()
