"""The mark by which an open list knows that it may be old: it never stays while a list changes.

Whatever the dice let people do in two suites, a list that reads otherwise than before has another
mark; and what was done in one suite alone leaves the mark of the other as it is.
"""

from contextlib import suppress
from dataclasses import replace

import pytest

from tests.casework.conftest import HCP, MARSH, NOW, OKAFOR, custody, minutes, opened
from tests.casework.test_memory import Night
from tests.depth import depth
from triage import casework
from triage.casework.ringing import note_sound_test
from triage.domain.errors import TriageError
from triage.record import read_alerts as marks

SUITES = ("castle_street", "dock_road")
REASON = next(iter(casework.REASONS))


class OldList(AssertionError):
    """A list reads otherwise, and its mark is the same."""


def lists(engine, suite, now):
    """All that the four lists of one suite say at one moment."""
    seen = {"actor": replace(OKAFOR, suites=(suite,)), "now": now}
    clinical = {"actor": replace(HCP, suites=(suite,)), "now": now}
    inspector = {"actor": replace(MARSH, suites=(suite,)), "now": now}
    work = casework.worklist(engine, (), **clinical)
    return (
        casework.board(engine, (), **seen).rows,
        casework.alert_list(engine, (), **seen).lines,
        (work.people, work.lines, work.calls),
        casework.section136_list(engine, (), **inspector).lines,
    )


class TwoSuites(Night):
    """The same people and dice in two suites, between which people move and which they leave."""

    def __init__(self, folder, seed):
        super().__init__(folder, seed)
        self.changed = self.untouched = 0

    def run(self, acts):
        self._open()
        for _ in range(acts):
            self.now += minutes(self.chance.choice((0, 1, 7, 40)))
            act = self.chance.choice(
                (self._open, self._screen, self._screen, self._visit, self._correct, self._take,
                 self._close, self._erase, self._pass, self._move, self._move, self._leave)
            )  # fmt: skip
            before = self._seen()
            with suppress(TriageError):
                act()
            for suite, (mark, said) in self._seen().items():
                if said != before[suite][1]:
                    self.changed += 1
                    if mark == before[suite][0]:
                        raise OldList(f"{suite} after {act.__name__}")
                self.untouched += mark == before[suite][0]
        for engine in self.engines:
            engine.record.close()

    def _seen(self):
        reading = self.engines[0].record.reading()
        return {
            suite: (reading.mark((suite,)), lists(self.engines[0], suite, self.now))
            for suite in SUITES
        }

    def _open(self):
        number = len(self.stays)
        suite = SUITES[number % 2]
        self.stays.append(opened(self.engine, custody(number, at=self.now, suite=suite)))

    def _move(self):
        to = self.chance.choice(SUITES)
        move = casework.Move(self.now, suite=to, cell=str(self.chance.randrange(9)))
        casework.move_stay(self.engine, self._stay(), move, actor=OKAFOR, now=self.now)

    def _leave(self):
        engine, stay = self.engine, self._stay()
        gone = casework.Release(self.now, "home", reason=REASON, words="Went home (training).")
        casework.release(engine, stay, gone, actor=OKAFOR, now=self.now)


@pytest.mark.parametrize("seed", range(depth(2, 40)))
def test_a_list_that_reads_otherwise_has_another_mark(tmp_path, seed):
    night = TwoSuites(tmp_path, seed)
    night.run(depth(30, 100))

    assert night.changed >= 10
    assert night.untouched >= 10  # or a mark that always changes would do


@pytest.mark.parametrize("question", range(2))
def test_a_mark_that_forgets_the_people_or_the_alerts_would_be_caught(
    tmp_path, monkeypatch, question
):
    without = [each for at, each in enumerate(marks._MARK) if at != question]
    monkeypatch.setattr(marks, "_MARK", tuple(without))

    with pytest.raises(OldList):
        for seed in range(20):
            TwoSuites(tmp_path, seed).run(60)


def marked(service):
    reading = service.record.reading()
    return {suite: reading.mark((suite,)) for suite in SUITES} | {"all": reading.mark()}


def scopes_changed(service, act):
    """The scopes in which an act makes open lists look again."""
    before = marked(service)
    act()
    return {scope for scope, mark in marked(service).items() if mark != before[scope]}


@pytest.mark.parametrize("suite", SUITES)
def test_what_happens_in_one_suite_leaves_the_lists_of_the_other(service, suite):
    stays = {each: opened(service, custody(at, suite=each)) for at, each in enumerate(SUITES)}
    visit = casework.Visit(NOW, rouse=False)

    scopes = scopes_changed(
        service,
        lambda: casework.record_rousing(service, stays[suite], visit, actor=OKAFOR, now=NOW),
    )

    assert scopes == {suite, "all"}


def test_whoever_is_moved_changes_the_lists_of_both_suites(service):
    stay = opened(service, custody(1))
    move = casework.Move(NOW, suite="dock_road")

    scopes = scopes_changed(
        service, lambda: casework.move_stay(service, stay, move, actor=OKAFOR, now=NOW)
    )

    assert scopes == {"castle_street", "dock_road", "all"}


def test_a_jump_of_the_clock_concerns_every_list(service):
    scopes = scopes_changed(service, lambda: casework.note_clock_step(service, -7200.0, now=NOW))

    assert scopes == {"castle_street", "dock_road", "all"}


def test_the_sound_test_of_one_desk_concerns_no_list_of_a_suite(service):
    scopes = scopes_changed(
        service, lambda: note_sound_test(service, heard=True, actor=OKAFOR, now=NOW)
    )

    assert scopes == {"all"}


# The access log ------------------------------------------------------------------------------


def looks(service):
    found = service.record.reading().accesses_between(NOW - minutes(1), NOW + minutes(600))
    return [(each.what, each.purpose, each.at) for each in found]


def kept_open(service, minute):
    casework.board(service, SUITES[:1], actor=OKAFOR, now=NOW + minutes(minute), kept_open=True)


def test_a_board_that_renews_itself_all_night_is_one_look_an_hour(service):
    casework.board(service, SUITES[:1], actor=OKAFOR, now=NOW)
    for minute in range(1, 125):
        kept_open(service, minute)

    assert looks(service) == [
        ("board: castle_street", None, NOW),
        ("board: castle_street", "kept open", NOW + minutes(60)),
        ("board: castle_street", "kept open", NOW + minutes(120)),
    ]


def test_each_look_that_somebody_took_is_logged_however_often(service):
    for minute in range(3):
        casework.board(service, SUITES[:1], actor=OKAFOR, now=NOW + minutes(minute))

    assert len(looks(service)) == 3


def test_no_list_is_kept_open_unseen(service):
    """Another list, another person, another terminal, or a clock that went back: each is logged."""
    here = {"now": NOW + minutes(1), "kept_open": True}
    kept_open(service, 1)
    casework.alert_list(service, SUITES[:1], actor=OKAFOR, **here)
    casework.board(service, SUITES[1:], actor=OKAFOR, **here)
    casework.board(service, SUITES[:1], actor=HCP, **here)
    casework.board(service, SUITES[:1], actor=replace(OKAFOR, terminal="desk-9"), **here)
    kept_open(service, 0)

    assert [purpose for _, purpose, _ in looks(service)] == ["kept open"] * 6
