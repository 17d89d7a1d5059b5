"""Release and correction: gaps are named, nobody is held by the record, nothing is edited."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.casework.conftest import (
    HCP,
    NAIR,
    NOW,
    OKAFOR,
    answered,
    custody,
    everything_no,
    happened,
    keys,
    minutes,
    opened,
    section136,
)
from triage import casework
from triage.casework import planning
from triage.domain.errors import InputError, NotAllowed
from triage.domain.timeline import Moment
from triage.record import EventKind

URGENT = {"cannot_go_on_outside": answered("yes")}


def gaps_of(service, stay, at=NOW, leaving=None):
    found = casework.release_check(service, stay, actor=OKAFOR, now=at, release=leaving)
    return [gap.id.partition(":")[0] for gap in found]


def test_nobody_leaves_after_a_worrying_answer_without_a_plan_and_somebody_told(service):
    stay = opened(service)
    casework.record_screening(service, stay, everything_no(answers=URGENT), actor=OKAFOR, now=NOW)

    assert {"alert", "plan", "told"} <= set(gaps_of(service, stay))


def screen_again_gap(service, stay, at, leaving=None):
    found = casework.release_check(service, stay, actor=OKAFOR, now=at, release=leaving)
    return [(gap.urgency.word, gap.words) for gap in found if gap.id == "screen_again"]


def test_who_was_charged_and_not_screened_again_leaves_with_that_gap(service):
    """Principle 6: before release everything is asked again."""
    stay = opened(service)
    casework.record_screening(service, stay, everything_no(), actor=OKAFOR, now=NOW)
    charged = happened("charged", NOW + minutes(15))
    casework.record_event(service, stay, charged, actor=OKAFOR, now=NOW + minutes(15))

    soon = screen_again_gap(service, stay, NOW + minutes(20))
    late = screen_again_gap(service, stay, NOW + minutes(50))

    asked = "Screen again: after the charge at 21:05."
    assert soon == [("soon", f"Nobody has screened again: it is due by 21:35 BST. {asked}")]
    assert late == [("soon", f"Nobody has screened again: it was due by 21:35 BST. {asked}")]


def test_the_gap_is_closed_by_a_screening_of_that_moment_or_later(service):
    """The twin: it is the screening that was not made, and nothing else, that the gap is about."""
    stay = opened(service)
    casework.record_screening(service, stay, everything_no(), actor=OKAFOR, now=NOW)
    charged = happened("charged", NOW + minutes(15))
    casework.record_event(service, stay, charged, actor=OKAFOR, now=NOW + minutes(15))
    again = everything_no(NOW + minutes(20))
    casework.record_screening(service, stay, again, actor=OKAFOR, now=NOW + minutes(20))

    assert screen_again_gap(service, stay, NOW + minutes(50)) == []


def test_what_a_screening_asked_for_by_itself_is_a_gap_once_it_was_due(service):
    stay = opened(service)
    asleep = replace(everything_no(), observations={"asleep": answered(True)})
    casework.record_screening(service, stay, asleep, actor=OKAFOR, now=NOW)

    before = screen_again_gap(service, stay, NOW + minutes(30))
    after = screen_again_gap(service, stay, NOW + minutes(150))

    assert before == []
    assert [words.partition(".")[0] for _, words in after] == [
        "Nobody has screened again: it was due by 22:50 BST"
    ]


def test_a_gap_of_a_screening_that_was_due_blocks_no_release(service):
    """What has happened is recorded at its time; the record never makes a detention longer."""
    stay = opened(service)
    casework.record_screening(service, stay, everything_no(), actor=OKAFOR, now=NOW)
    charged = happened("charged", NOW + minutes(15))
    casework.record_event(service, stay, charged, actor=OKAFOR, now=NOW + minutes(15))
    leaving = casework.Release(NOW + minutes(50), "home", reason="no_power")

    left = casework.release(service, stay, leaving, actor=OKAFOR, now=NOW + minutes(50))

    assert "screen_again" in [gap.id for gap in left.gaps]
    assert service.record.reading().stay(stay).closed_at == NOW + minutes(50)


def test_a_plan_somebody_told_and_a_way_home_close_their_gaps_and_the_open_alert_remains(service):
    stay = opened(service)
    casework.record_screening(service, stay, everything_no(answers=URGENT), actor=OKAFOR, now=NOW)
    leaving = casework.Release(
        NOW, "home", handed_to="his sister", plan="a call on Sunday", transport="by car"
    )

    assert set(gaps_of(service, stay, leaving=leaving)) == {"alert"}


def test_with_gaps_a_reason_of_one_key_is_asked_and_then_the_release_stands_at_its_time(service):
    stay = opened(service)
    leaving = casework.Release(NOW + minutes(1), "home")
    later = NOW + minutes(20)

    with pytest.raises(InputError) as asked:
        casework.release(service, stay, leaving, actor=OKAFOR, now=later)
    assert asked.value.problems[0].allowed == tuple(casework.REASONS)
    assert service.record.reading().stay(stay).is_open

    given = casework.Release(NOW + minutes(1), "home", reason="court_order")
    saved = casework.release(service, stay, given, actor=OKAFOR, now=later)
    assert service.record.reading().stay(stay).closed_at == NOW + minutes(1)
    assert (saved.late, [gap.id for gap in saved.gaps]) == (True, ["not_screened"])


def test_a_release_without_any_reason_is_recorded_and_the_inspector_hears_of_it(service):
    stay = opened(service)
    leaving = casework.Release(NOW + minutes(1), "home", reason="not_given")

    casework.release(service, stay, leaving, actor=OKAFOR, now=NOW + minutes(1))

    [alert] = [a for a in keys(service, stay).values() if a.is_open]
    assert (alert.source, alert.to_roles) == ("release", ("duty_inspector",))


def test_a_release_with_nothing_open_asks_for_nothing_and_ends_the_reminders(service, send):
    stay = opened(service)
    casework.record_screening(service, stay, everything_no(), actor=OKAFOR, now=NOW)
    assert keys(service, stay, "planned")

    saved = casework.release(
        service,
        stay,
        casework.Release(NOW + minutes(1), "home"),
        actor=OKAFOR,
        now=NOW + minutes(1),
    )

    assert saved.gaps == ()
    assert keys(service, stay, "planned") == {}
    assert casework.tick(service, now=NOW + minutes(600), send=send).raised == ()


def test_an_urgent_alert_outlives_the_release(service):
    stay = opened(service)
    casework.record_screening(service, stay, everything_no(answers=URGENT), actor=OKAFOR, now=NOW)
    before = {k for k, a in keys(service, stay).items() if a.is_open and a.level in ("A1", "A2")}
    leaving = casework.Release(NOW + minutes(1), "home", reason="no_power")

    casework.release(service, stay, leaving, actor=OKAFOR, now=NOW + minutes(1))

    assert before
    assert before <= {k for k, a in keys(service, stay).items() if a.is_open}


def test_a_stay_ends_once(service):
    stay = opened(service)
    leaving = casework.Release(NOW, "home", reason="court_order")
    casework.release(service, stay, leaving, actor=OKAFOR, now=NOW)

    with pytest.raises(NotAllowed, match="ended already"):
        casework.release(service, stay, leaving, actor=OKAFOR, now=NOW)


def test_what_happens_after_a_release_is_recorded_all_the_same(service):
    stay = opened(service)
    leaving = casework.Release(NOW, "home", reason="court_order")
    casework.release(service, stay, leaving, actor=OKAFOR, now=NOW)

    saved = casework.record_visit(service, stay, casework.Visit(NOW), actor=OKAFOR, now=NOW)

    assert "had ended" in saved.notices[-1]


def brought_back(service, *, then=()):
    """Left, and an hour later somebody types on the ended stay that they were detained again."""
    stay = opened(service)
    leaving = casework.Release(NOW, "home", reason="court_order")
    casework.release(service, stay, leaving, actor=OKAFOR, now=NOW)
    back = NOW + minutes(60)
    kept = happened("s136_decided", back, limb="keep", consulted="nurse", place="home")
    for event in (kept, *then):
        casework.record_event(service, stay, event, actor=OKAFOR, now=back + minutes(1))
    return stay, back + timedelta(hours=24)


def breaches_told(service, at, send):
    casework.tick(service, now=at, send=send)
    alerts = service.record.reading().open_alerts()
    return [alert.due_at for alert in alerts if alert.source == "permitted_period"
            and alert.due_at == at]  # fmt: skip


def test_who_is_detained_again_on_a_stay_that_had_ended_has_a_watched_lapse(service, send):
    _, lapses_at = brought_back(service)

    assert breaches_told(service, lapses_at, send) == [lapses_at]


def test_a_period_that_began_before_they_left_and_is_typed_after_it_is_watched(service, send):
    """A home was entered at 20:30, the stay was closed at 20:50, and then section 136 was typed."""
    entered = happened("entered_premises", NOW - minutes(20), place="police_station")
    stay = opened(service, custody(events=(entered,)))
    leaving = casework.Release(NOW, "home", reason="court_order")
    casework.release(service, stay, leaving, actor=OKAFOR, now=NOW)
    decided = happened("s136_decided", NOW, place="police_station")
    casework.record_event(service, stay, decided, actor=OKAFOR, now=NOW)
    lapses_at = NOW - minutes(20) + timedelta(hours=24)

    assert breaches_told(service, lapses_at, send) == [lapses_at]


def test_who_left_again_after_that_is_nobodys_alarm(service, send):
    gone = happened("ended", NOW + minutes(61), power="all")
    _, lapses_at = brought_back(service, then=(gone,))

    assert breaches_told(service, lapses_at, send) == []


def test_without_watching_what_began_after_the_release_nobody_would_hear(
    service, send, monkeypatch
):
    monkeypatch.setattr(planning, "_still_running", lambda *_: frozenset())
    _, lapses_at = brought_back(service)

    assert breaches_told(service, lapses_at, send) == []


def test_a_corrected_arrival_moves_the_lapse_and_keeps_the_first_version(service):
    stay = opened(service, section136())
    events = service.record.reading().stay_events(stay)
    arrival = next(e for e in events if e.header.get("kind") == "arrived")
    right = casework.Correction("misread the log", Moment.at(NOW - minutes(20)))

    saved = casework.correct(service, arrival.seq, right, actor=OKAFOR, now=NOW)

    assert saved.clocks.powers[0].lapses_at == NOW - minutes(20) + minutes(24 * 60)
    assert service.record.reading().event(arrival.seq).occurred_at == NOW
    view = casework.stay_view(service, stay, actor=OKAFOR, now=NOW)
    [entry] = [each for each in view.timeline if each.seq == arrival.seq]
    assert entry.corrected_by == saved.seq


def test_what_was_entered_on_the_wrong_person_takes_its_alerts_with_it_by_name(service):
    wrong, right = opened(service, custody(1)), opened(service, custody(2))
    missed = casework.record_rousing(
        service, wrong, casework.Visit(NOW, rouse=False), actor=OKAFOR, now=NOW
    )
    [before] = [k for k, a in keys(service, wrong, "raised").items() if a.level == "A1"]

    moved = casework.move_to_right_person(
        service, missed.seq, right, reason="wrong cell", actor=OKAFOR, now=NOW + minutes(1)
    )

    assert moved.withdrawn_alerts == (before,)
    assert service.record.reading().alert(before).state == "withdrawn"
    assert [a.source for a in keys(service, right, "raised").values() if a.level == "A1"] == [
        "not_roused"
    ]
    assert service.record.reading().event(moved.seq).occurred_at == NOW
    assert service.record.reading().event(missed.seq).kind is EventKind.ROUSING


def test_a_screening_moved_to_the_right_person_is_evaluated_for_that_person(service):
    wrong, right = opened(service, custody(1)), opened(service, custody(2))
    saved = casework.record_screening(
        service, wrong, everything_no(answers=URGENT), actor=OKAFOR, now=NOW
    )
    assert [a for a in keys(service, wrong).values() if a.is_open]

    casework.move_to_right_person(
        service, saved.seq, right, reason="two people", actor=OKAFOR, now=NOW
    )

    assert [a for a in keys(service, wrong).values() if a.is_open] == []
    assert [a.level for a in keys(service, right).values() if a.is_open]
    assert casework.stay_view(service, wrong, actor=NAIR, now=NOW).findings is None


def test_withdrawing_one_version_leaves_the_alerts_of_the_others_alone(service):
    stay = opened(service)
    first = casework.record_screening(
        service,
        stay,
        everything_no(observations={"rouse": answered("none")}),
        actor=OKAFOR,
        now=NOW,
    )
    second = casework.record_screening(
        service,
        stay,
        everything_no(NOW + minutes(1), answers=URGENT),
        actor=OKAFOR,
        now=NOW + minutes(1),
    )

    gone = casework.correct(
        service,
        first.seq,
        casework.Correction("another person", withdrawn=True),
        actor=OKAFOR,
        now=NOW + minutes(2),
    )

    assert sorted(gone.withdrawn_alerts) == sorted(first.alerts)
    states = {key: alert.state for key, alert in keys(service, stay).items()}
    assert all(states[key] in ("raised", "planned") for key in second.alerts)


def test_a_correction_says_what_was_wrong_and_cannot_undo_itself_twice(service):
    stay = opened(service)
    visit = casework.record_visit(service, stay, casework.Visit(NOW), actor=OKAFOR, now=NOW)
    gone = casework.Correction("never made", withdrawn=True)

    for nonsense in (
        casework.Correction("", withdrawn=True),
        casework.Correction("x"),
        casework.Correction("x", Moment.at(NOW), withdrawn=True),
        casework.Correction("x", Moment.at(NOW + minutes(5))),
    ):
        with pytest.raises(InputError):
            casework.correct(service, visit.seq, nonsense, actor=OKAFOR, now=NOW)
    casework.correct(service, visit.seq, gone, actor=OKAFOR, now=NOW)
    with pytest.raises(NotAllowed, match="withdrawn already"):
        casework.correct(service, visit.seq, gone, actor=OKAFOR, now=NOW)
    with pytest.raises(InputError):
        casework.correct(service, 999_999, gone, actor=OKAFOR, now=NOW)


def test_two_records_of_one_person_are_linked_and_unlinked_by_name(service):
    one = casework.open_stay(service, custody(1), actor=OKAFOR, now=NOW)
    two = casework.open_stay(service, custody(2), actor=OKAFOR, now=NOW)

    casework.link_person(
        service, one.person, two.person, reason="same prints", actor=OKAFOR, now=NOW
    )
    linked = casework.stay_view(service, two.stay, actor=OKAFOR, now=NOW).past_stays
    casework.unlink_person(service, one.person, two.person, reason="twins", actor=NAIR, now=NOW)
    apart = casework.stay_view(service, two.stay, actor=OKAFOR, now=NOW).past_stays

    assert (linked, apart) == ((one.stay,), ())


def test_a_health_check_that_was_typed_for_the_wrong_time_says_which_older_event_it_breaks(service):
    stay = opened(service, section136(place="police_station", identity=casework.Identity(age=41)))
    check = casework.record_event(
        service, stay, happened("health_check", NOW, role="custody_hcp"), actor=HCP, now=NOW
    )

    saved = casework.correct(
        service,
        check.seq,
        casework.Correction("typed from memory", Moment.at(NOW - minutes(5))),
        actor=HCP,
        now=NOW + minutes(1),
    )

    assert saved.clocks is not None
    assert saved.corrects == check.seq
