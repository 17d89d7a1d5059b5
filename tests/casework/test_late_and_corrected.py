"""Typed late, corrected or taken back: the old stays readable, and the new counts everywhere."""

import pytest

from tests.casework.conftest import (
    ADMIN,
    MARSH,
    NAIR,
    NOW,
    OKAFOR,
    REFUSED,
    answered,
    custody,
    everything_no,
    keys,
    minutes,
    opened,
)
from triage import casework
from triage.casework import Correction, Identity
from triage.casework.history import History
from triage.domain.errors import InputError, NotAllowed
from triage.domain.timeline import Moment
from triage.present import leaving as leaving_words
from triage.present import past as past_words
from triage.present import stay as stay_words
from triage.present import timeline as words
from triage.record import EventKind, Group, rebuild

LATER = NOW + minutes(120)
LEFT = casework.Release(NOW + minutes(5), "home", reason="arranged_outside")
NO_WAY_ON = {"cannot_go_on_outside": answered("yes")}


def screened(service, stay, at, *, now=None, **said):
    saved = everything_no(at, **said)
    return casework.record_screening(service, stay, saved, actor=OKAFOR, now=now or at)


def view(service, stay, actor=OKAFOR, now=LATER):
    return casework.stay_view(service, stay, actor=actor, now=now)


def correct(service, seq, at=None, *, now=LATER):
    why = (
        Correction("it did not happen", withdrawn=True)
        if at is None
        else Correction("read off the wrong line", Moment.at(at))
    )
    return casework.correct(service, seq, why, actor=OKAFOR, now=now)


def entry(service, stay, seq):
    return words.entry(
        next(each for each in view(service, stay).timeline if each.seq == seq), now=LATER
    )


def gaps(service, stay):
    return {gap.id for gap in view(service, stay).gaps}


@pytest.fixture
def typed_late(service):
    """Asked at 21:50 and in distress; a paper screening of 20:55 is typed after it."""
    stay = opened(service)
    last = screened(service, stay, NOW + minutes(60), answers=NO_WAY_ON)
    early = screened(service, stay, NOW + minutes(5), now=LATER, offence="theft")
    return stay, last, early


def test_what_was_asked_earlier_and_typed_later_is_not_what_is_so_now(service, typed_late):
    stay, last, early = typed_late

    seen = view(service, stay)

    assert (last.version, early.version) == (1, 2)
    assert seen.findings.at == NOW + minutes(60)
    assert service.record.reading().stay(stay).screening == last.seq
    assert stay_words.markers(seen) == seen.screenings[0].details.record.markers


def test_nobody_leaves_without_a_plan_because_an_earlier_screening_was_typed_last(
    service, typed_late
):
    stay, *_ = typed_late

    assert {"plan", "told"} <= gaps(service, stay)


def test_in_the_order_of_typing_the_plan_would_be_forgotten(service, typed_late, monkeypatch):
    stay, *_ = typed_late
    monkeypatch.setattr(
        History, "screenings", property(lambda self: self.standing(EventKind.SCREENING_SAVED))
    )

    assert "plan" not in gaps(service, stay)


def test_what_is_pasted_and_explained_is_the_last_that_was_asked(service, typed_late):
    stay, *_ = typed_late

    pasted = casework.paste_block(service, stay, actor=NAIR, now=LATER)

    assert "Custody screening complete, Sat 24 Oct 2026 21:50 BST" in pasted
    assert casework.why(service, stay, None, actor=NAIR, now=LATER).screened_at == NOW + minutes(60)


def test_an_answer_that_is_missing_now_is_asked_again_whatever_was_said_before(service):
    stay = opened(service)
    screened(service, stay, NOW + minutes(60), answers={"self_harm_now": REFUSED})
    before = {key for key, a in keys(service, stay).items() if a.source == "ask_again"}
    screened(service, stay, NOW + minutes(5), now=NOW + minutes(61))

    after = {key: a.state for key, a in keys(service, stay).items() if a.source == "ask_again"}
    assert before and after == dict.fromkeys(before, "planned")


def test_a_screening_whose_time_is_corrected_takes_its_place_among_the_others(service, typed_late):
    stay, _, early = typed_late
    correct(service, early.seq, NOW + minutes(90))

    assert view(service, stay).findings.at == NOW + minutes(90)
    assert service.record.reading().stay(stay).screening == early.seq


def test_an_opening_that_is_corrected_to_a_later_time_takes_nothing_back(service):
    stay = opened(service, custody(identity=Identity(name="Training Wrong", age=40)))
    begun = view(service, stay).timeline[0].seq
    move = casework.Move(NOW + minutes(10), suite="dock_road", cell="7")
    casework.move_stay(service, stay, move, actor=OKAFOR, now=NOW + minutes(10))
    right = Identity(name="Training Right", age=16)
    person = casework.wrong_person(
        service, stay, right, reason="the photo", actor=MARSH, now=NOW + minutes(11)
    ).person
    correct(service, begun, NOW + minutes(20))

    here = service.record.reading().stay(stay)
    assert (here.opened_at, here.person) == (NOW + minutes(20), person)
    assert (here.suite, here.cell) == ("dock_road", "7")
    assert (here.identity["name"], here.identity["age"]) == ("Training Right", 16)
    assert rebuild(service.record.path).same


def test_what_was_corrected_says_the_time_that_counts_and_can_be_put_right_again(service):
    stay = opened(service)
    seen = casework.record_visit(
        service, stay, casework.Visit(NOW + minutes(30)), actor=OKAFOR, now=LATER
    )
    first = correct(service, seen.seq, NOW + minutes(10))
    second = correct(service, seen.seq, NOW + minutes(20))

    told, replaced = entry(service, stay, seen.seq), entry(service, stay, first.seq)
    mark = f"Corrected by entry {second.seq}: it was at 21:10 BST"
    assert (told.struck, told.may_mend, mark in told.marks) == (False, True, True)
    assert mark in replaced.marks


def test_a_correction_that_was_taken_back_corrects_nothing_any_more(service):
    stay = opened(service)
    visit = casework.Visit(NOW + minutes(30))
    seen = casework.record_visit(service, stay, visit, actor=OKAFOR, now=LATER)
    wrong = correct(service, seen.seq, NOW + minutes(10))
    correct(service, wrong.seq)

    assert [m for m in entry(service, stay, seen.seq).marks if "Corrected" in m] == []
    assert entry(service, stay, wrong.seq).struck


def test_what_was_withdrawn_is_struck_out_and_not_put_right_again(service):
    stay = opened(service)
    seen = casework.record_visit(service, stay, casework.Visit(NOW), actor=OKAFOR, now=NOW)
    gone = correct(service, seen.seq)

    told = entry(service, stay, seen.seq)
    assert (told.struck, told.may_mend) == (True, False)
    assert f"Withdrawn by entry {gone.seq}" in told.marks


def test_nobody_leaves_before_they_came(service):
    stay = opened(service)
    early = casework.Release(NOW - minutes(30), "home", reason="arranged_outside")

    with pytest.raises(InputError, match="before they come: this stay began at 20:50"):
        casework.release(service, stay, early, actor=OKAFOR, now=NOW + minutes(1))

    assert service.record.reading().stay(stay).is_open


def test_an_arrival_that_a_wrong_clock_put_ahead_keeps_nobody_from_being_released(service):
    stay = opened(service)
    back = NOW - minutes(180)
    left = casework.Release(back, "home", reason="arranged_outside")

    casework.release(service, stay, left, actor=OKAFOR, now=back)

    assert service.record.reading().stay(stay).closed_at == back


def test_a_correction_by_which_they_left_before_they_came_is_kept_and_shown(service):
    stay = opened(service)
    left = casework.release(service, stay, LEFT, actor=OKAFOR, now=NOW + minutes(5))

    [conflict] = correct(service, left.seq, NOW - minutes(30)).conflicts

    assert conflict.startswith("The person would have left before they came")
    assert correct(service, left.seq, NOW + minutes(1)).conflicts == ()


def test_who_never_left_did_not_leave_to_anywhere_in_the_past_of_their_next_stay(service):
    first = opened(service)
    left = casework.release(service, first, LEFT, actor=OKAFOR, now=NOW + minutes(5))
    correct(service, left.seq)
    again = opened(service, custody(2, at=LATER, person=view(service, first).person))

    [before] = view(service, again).past.stays
    assert (before.closed_at, before.left_to) == (None, None)


def test_the_second_of_two_is_told_the_corrected_time_of_the_release(service):
    stay = opened(service)
    left = casework.release(service, stay, LEFT, actor=OKAFOR, now=NOW + minutes(5))
    correct(service, left.seq, NOW + minutes(3))

    with pytest.raises(NotAllowed) as no:
        casework.release(service, stay, LEFT, actor=OKAFOR, now=LATER)

    assert "PS Okafor recorded that the person left at 20:53" in str(no.value)


def test_a_number_that_was_given_again_while_they_seemed_gone_is_said_at_once(service):
    first = opened(service)
    left = casework.release(service, first, LEFT, actor=OKAFOR, now=NOW + minutes(5))
    second = opened(service, custody(at=NOW + minutes(10)))

    back = correct(service, left.seq)

    both = service.record.reading().open_stays_by_reference("TRAINING/CS/0001/26")
    assert [each.id for each in both] == [first, second]
    assert [each.startswith("Another stay with the same number") for each in back.conflicts] == [
        True
    ]


def test_the_past_stands_at_its_corrected_times(service):
    first = opened(service)
    told = screened(service, first, NOW, answers={"self_harm_ever": answered("recent")})
    correct(service, told.seq, NOW - minutes(24 * 60), now=NOW)
    person = view(service, first).person
    casework.release(service, first, LEFT, actor=OKAFOR, now=NOW + minutes(5))
    again = opened(service, custody(2, at=LATER, person=person))
    screened(service, again, LATER)

    seen = view(service, again)
    [asked] = seen.screenings
    days = [each.on.isoformat() for each in asked.details.record.markers]
    assert days == ["2026-10-23"]
    assert {each.at for each in asked.details.record.earlier_screens} == {NOW - minutes(24 * 60)}
    assert {n.before.at for n in seen.past.needs if n.before} == {NOW - minutes(24 * 60)}
    assert {said.before_at for said in seen.past.said} == {NOW - minutes(24 * 60)}


def test_a_past_of_which_something_was_erased_says_so(service):
    first = opened(service)
    screened(service, first, NOW, answers={"self_harm_ever": answered("recent")})
    person = view(service, first).person
    casework.release(service, first, LEFT, actor=OKAFOR, now=NOW + minutes(5))
    again = opened(service, custody(2, at=LATER, person=person))
    with service.record.writing(now=LATER) as writing:
        writing.erase_stay(first, list(Group), actor=ADMIN, reason="its time is over")
    screened(service, again, LATER)

    seen = view(service, again)
    [line] = past_words.past(seen, service.rulebook).stays
    lost = "1 screening, 1 erased: what was found is not known any more"
    assert line.endswith(f"number erased: {lost}, left to: a home")
    assert "1 earlier stay. Some of it is erased." in casework.paste_block(
        service, again, actor=NAIR, now=LATER
    )


def test_a_stay_whose_screening_was_erased_is_no_stay_in_which_nobody_asked(service):
    stay = opened(service)
    assert stay_words.no_screening(view(service, stay)) == stay_words.NO_SCREENING
    screened(service, stay, NOW, answers=NO_WAY_ON)
    casework.release(service, stay, LEFT, actor=OKAFOR, now=NOW + minutes(5))
    with service.record.writing(now=LATER) as writing:
        writing.erase_stay(stay, list(Group), actor=ADMIN, reason="its time is over")

    seen = view(service, stay)
    pasted = casework.paste_block(service, stay, actor=NAIR, now=LATER)
    assert stay_words.no_screening(seen) == stay_words.SCREENING_ERASED
    assert "What was screened has been erased." in pasted
    [gap] = [each for each in seen.gaps if each.id == "not_screened"]
    assert gap.words == "What was screened has been erased: screen again."


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (-5, (leaving_words.SEEN_BEFORE_THEY_CAME,)),
        (0, ()),
        (6, (leaving_words.SEEN_AFTER_THEY_LEFT,)),
    ],
)
def test_a_visit_to_somebody_who_was_not_here_is_recorded_and_said(service, at, said):
    stay, typed = opened(service), NOW + minutes(9 if at > 5 else 4)
    if at > 5:
        casework.release(service, stay, LEFT, actor=OKAFOR, now=NOW + minutes(5))
    visit = casework.Visit(NOW + minutes(at))

    saved = casework.record_visit(service, stay, visit, actor=OKAFOR, now=typed)

    assert saved.notices == said
