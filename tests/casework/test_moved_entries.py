"""An entry that was typed on the wrong person goes to the right one as it stands, and alone."""

from types import MappingProxyType

import pytest

from tests.casework.conftest import (
    HCP,
    NAIR,
    NOW,
    OKAFOR,
    answered,
    custody,
    everything_no,
    minutes,
    opened,
    section136,
)
from triage import casework
from triage.casework import Correction, Identity, moving
from triage.casework.entries import details_of
from triage.domain.answers import Person
from triage.domain.errors import NotAllowed
from triage.domain.timeline import Event, Moment
from triage.present import timeline as words
from triage.record import Group, rebuild

LATER = NOW + minutes(60)
CHECKED = Event(
    id="",
    kind="health_check",
    occurred_at=Moment.at(NOW),
    words="TRAINING: says that she is on lithium",
    extra=MappingProxyType({"waking": "needed"}),
)


@pytest.fixture
def two(service):
    """The wrong person, a man of forty, and the right one, a girl of sixteen."""
    ann = Identity(name="Training Wrong", age=40, age_source="document", sex="male")
    bea = Identity(name="Training Right", age=16, age_source="document", sex="female")
    return opened(service, custody(1, identity=ann)), opened(service, custody(2, identity=bea))


def move(service, seq, stay, *, actor=OKAFOR):
    return casework.move_to_right_person(
        service, seq, stay, reason="two people in one corridor", actor=actor, now=LATER
    )


def view(service, stay, actor=OKAFOR):
    return casework.stay_view(service, stay, actor=actor, now=LATER)


def moved_entry(service, saved, actor=OKAFOR):
    return next(e for e in view(service, saved.stay, actor).timeline if e.seq == saved.seq)


def test_what_health_staff_wrote_stays_unread_by_police_whoever_moves_it(service, two):
    wrong, right = two
    check = casework.record_event(service, wrong, CHECKED, actor=HCP, now=NOW)

    saved = move(service, check.seq, right)

    assert "lithium" not in str(moved_entry(service, saved))
    assert "lithium" in str(moved_entry(service, saved, HCP))
    assert set(service.record.reading().event(saved.seq).payloads) == {
        Group.POLICE,
        Group.CLINICAL,
    }


def test_by_the_role_of_whoever_moves_it_alone_police_would_read_it(service, two, monkeypatch):
    wrong, right = two
    check = casework.record_event(service, wrong, CHECKED, actor=HCP, now=NOW)
    append = moving.append_event
    monkeypatch.setattr(
        moving, "append_event", lambda *args, clinical, **said: append(*args, **said)
    )

    saved = move(service, check.seq, right)

    assert "lithium" in str(moved_entry(service, saved))


def test_what_the_desk_saw_stays_read_by_the_desk_when_health_staff_move_it(service, two):
    wrong, right = two
    visit = casework.Visit(NOW, seen="TRAINING: asleep on his left side, breathing well")
    seen = casework.record_visit(service, wrong, visit, actor=OKAFOR, now=NOW)

    saved = move(service, seen.seq, right, actor=HCP)

    assert "left side" in str(moved_entry(service, saved))


@pytest.mark.parametrize("kind", ["visit", "screening", "consent"])
def test_an_entry_goes_at_its_corrected_time(service, two, kind):
    wrong, right = two
    at = NOW + minutes(30)
    typed = {
        "visit": lambda: casework.record_visit(
            service, wrong, casework.Visit(at), actor=OKAFOR, now=LATER
        ),
        "screening": lambda: casework.record_screening(
            service, wrong, everything_no(at), actor=OKAFOR, now=LATER
        ),
        "consent": lambda: casework.consent(
            service, wrong, casework.Consent(True, "GP", at), actor=NAIR, now=LATER
        ),
    }[kind]()
    for minute in (5, 10):
        right_time = Correction("read off the wrong line", Moment.at(NOW + minutes(minute)))
        casework.correct(service, typed.seq, right_time, actor=OKAFOR, now=LATER)

    saved = move(service, typed.seq, right)

    assert service.record.reading().event(saved.seq).occurred_at == NOW + minutes(10)


def test_a_screening_goes_without_the_past_of_the_wrong_person(service):
    first = opened(service, custody(1))
    told = everything_no(answers={"self_harm_ever": answered("recent")})
    casework.record_screening(service, first, told, actor=OKAFOR, now=NOW)
    person = view(service, first).person
    leaving = casework.Release(NOW + minutes(1), "home", reason="arranged_outside")
    casework.release(service, first, leaving, actor=OKAFOR, now=NOW + minutes(1))
    back, right = opened(service, custody(2, person=person)), opened(service, custody(3))
    typed = everything_no(NOW + minutes(2))
    now = NOW + minutes(2)
    asked = casework.record_screening(service, back, typed, actor=OKAFOR, now=now)

    saved = move(service, asked.seq, right)

    before = details_of(service.record.reading().event(asked.seq)).record
    after = details_of(service.record.reading().event(saved.seq)).record
    assert [each.kind for each in before.markers] == ["self_harm"]
    assert after == typed.record


def test_a_child_stays_a_child_when_the_screening_of_an_adult_turns_out_to_be_theirs(service, two):
    wrong, right = two
    told = everything_no(person=Person(age=40, age_source="document", sex="male"))
    asked = casework.record_screening(service, wrong, told, actor=OKAFOR, now=NOW)

    move(service, asked.seq, right)

    here = service.record.reading().stay(right).identity
    assert (here["age"], here["sex"], here["name"]) == (16, "female", "Training Right")
    assert "appropriate_adult" in [each.flag for each in view(service, right).findings.flags]
    assert service.record.reading().stay(wrong).identity["age"] == 40


def test_with_the_age_that_the_form_had_filled_in_no_adult_would_be_called(
    service, two, monkeypatch
):
    wrong, right = two
    monkeypatch.setattr(moving, "_who", lambda told, **_: told)
    told = everything_no(person=Person(age=40, age_source="document", sex="male"))
    asked = casework.record_screening(service, wrong, told, actor=OKAFOR, now=NOW)

    move(service, asked.seq, right)

    assert view(service, right).findings.flags == ()


def test_an_age_that_only_the_wrong_persons_stay_filled_in_is_unknown_of_the_right_one(
    service, two
):
    wrong, right = two[0], opened(service, custody(3))
    told = everything_no(person=Person(age=40, age_source="document", sex="male"))
    asked = casework.record_screening(service, wrong, told, actor=OKAFOR, now=NOW)

    saved = move(service, asked.seq, right)

    assert details_of(service.record.reading().event(saved.seq)).person == Person()


def test_an_age_that_the_person_said_goes_along(service):
    wrong, right = opened(service, custody(1)), opened(service, custody(2))
    told = everything_no(person=Person(age=17, age_source="stated", sex="male"))
    asked = casework.record_screening(service, wrong, told, actor=OKAFOR, now=NOW)

    saved = move(service, asked.seq, right)

    assert details_of(service.record.reading().event(saved.seq)).person == told.person


def test_a_screening_typed_on_a_section_136_detention_makes_none_of_an_arrest(service):
    wrong, right = opened(service, section136(1)), opened(service, custody(2))
    told = everything_no(stage="section136")
    asked = casework.record_screening(service, wrong, told, actor=OKAFOR, now=NOW)

    saved = move(service, asked.seq, right)

    assert service.record.reading().event(saved.seq).header["stage"] == "arrest"
    assert [power.power for power in saved.clocks.powers] == ["pace"]


@pytest.mark.parametrize("kind", ["stay_opened", "released", "wrong_person", "corrected"])
def test_what_makes_the_stay_itself_cannot_become_another_persons(service, two, kind):
    wrong, right = two
    who = Identity(name="Training Third", age=50)
    casework.wrong_person(service, wrong, who, reason="photo", actor=OKAFOR, now=NOW)
    leaving = casework.Release(NOW, "home", reason="arranged_outside")
    left = casework.release(service, wrong, leaving, actor=OKAFOR, now=NOW)
    again = Correction("a slip", Moment.at(NOW + minutes(1)))
    casework.correct(service, left.seq, again, actor=OKAFOR, now=LATER)
    events = service.record.reading().stay_events(wrong)
    seq = next(each.seq for each in events if each.kind == kind)
    before = [service.record.reading().stay(each) for each in two]

    with pytest.raises(NotAllowed, match="belongs to the stay itself"):
        move(service, seq, right)

    assert [service.record.reading().stay(each) for each in two] == before


def test_of_an_entry_that_was_erased_nothing_is_left_to_move(service, two):
    wrong, right = two
    check = casework.record_event(service, wrong, CHECKED, actor=HCP, now=NOW)
    with service.record.writing(now=LATER) as writing:
        writing.erase([(check.seq, Group.CLINICAL)], actor=OKAFOR, reason="its time is over")

    with pytest.raises(NotAllowed, match="erased"):
        move(service, check.seq, right)


def test_who_typed_it_first_is_named_and_who_moved_it_too(service, two):
    wrong, right = two
    given = casework.Consent(True, "GP", NOW)
    agreed = casework.consent(service, wrong, given, actor=NAIR, now=NOW)

    saved = move(service, agreed.seq, right)

    seen = view(service, right, NAIR)
    assert [each.by for each in seen.permissions] == ["Nurse Nair"]
    assert [each.by for each in seen.decisions] == ["Nurse Nair"]
    assert words.entry(moved_entry(service, saved, NAIR), now=LATER).by == (
        "Nurse Nair, liaison nurse; moved here from another person by PS Okafor, custody sergeant"
    )


def test_moved_on_to_a_third_person_it_keeps_the_name_of_whoever_typed_it_first(service, two):
    wrong, right = two
    third = opened(service, custody(3))
    check = casework.record_event(service, wrong, CHECKED, actor=HCP, now=NOW)
    saved = move(service, move(service, check.seq, right).seq, third, actor=NAIR)

    assert words.entry(moved_entry(service, saved, HCP), now=LATER).by.startswith("HCP Lund")
    assert "lithium" not in str(moved_entry(service, saved))


def test_a_rebuild_gives_the_same_stays(service, two):
    wrong, right = two
    told = everything_no(person=Person(age=40, age_source="document", sex="male"))
    asked = casework.record_screening(service, wrong, told, actor=OKAFOR, now=NOW)
    move(service, asked.seq, right)
    before = [service.record.reading().stay(each) for each in two]

    assert rebuild(service.record.path).same
    assert [service.record.reading().stay(each) for each in two] == before
