"""What a review puts on the record, and how any view looked at a past moment."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.casework.conftest import (
    CONTROL,
    LEAD,
    MARSH,
    NAIR,
    NOW,
    OKAFOR,
    happened,
    opened,
    section136,
)
from tests.law_on_disk import RULES
from triage import casework
from triage.casework import Explanation, Sampled, review, review_live, review_pace, review_sample
from triage.domain.attributed import Attribution
from triage.domain.clocks import ClockState
from triage.domain.errors import InputError, RoleRefused
from triage.domain.roles import Verb
from triage.domain.timeline import Moment
from triage.domain.waits import Stage, WaitKind

DAY = timedelta(hours=24)
LATER = NOW + DAY + timedelta(minutes=20)
BED = "bed.none_found_yet"


def breach(service, stay, now=LATER):
    line = review_live.detention(service, stay, actor=MARSH, now=now)
    return next(one for one in line.case.passed if one.clock.clock == "permitted_period")


def explain(service, stay, *, actor=MARSH, now=LATER, **said):
    clock = breach(service, stay, now).clock
    told = {"reason": BED, "words": "No bed in the county."} | said
    explanation = Explanation(clock.clock, clock.started_at, **told)
    return casework.explain_breach(service, stay, explanation, actor=actor, now=now)


def test_a_breach_that_is_explained_is_signed_and_stays_a_breach(service):
    stay = opened(service, section136())
    before = breach(service, stay)

    explain(service, stay)

    after = breach(service, stay)
    assert (before.clock.state, before.signed) == (ClockState.BREACH, None)
    assert after.clock == before.clock
    assert after.signed is not None
    assert (after.signed.reason, after.signed.words, after.signed.by, after.signed.at) == (
        BED, "No bed in the county.", "Insp Marsh", LATER,
    )  # fmt: skip


def test_an_explanation_of_a_breach_that_was_corrected_away_explains_the_new_one_no_more(service):
    stay = opened(service, section136())
    explain(service, stay)
    [arrival] = [
        event.seq
        for event in service.record.reading().detention_events(stay)
        if event.header["kind"] == "arrived"
    ]

    correction = casework.Correction("wrong hour", Moment.at(NOW - timedelta(minutes=5)))
    casework.correct(service, arrival, correction, actor=MARSH, now=LATER)

    assert breach(service, stay).signed is None


@pytest.mark.parametrize(
    "said", [{"reason": "bed.somebody_elses_fault"}, {"words": "  "}, {"reason": ""}]
)
def test_a_breach_is_not_explained_without_an_agreed_reason_and_a_sentence(service, said):
    stay = opened(service, section136())

    with pytest.raises(InputError):
        explain(service, stay, **said)
    assert breach(service, stay).signed is None


def test_what_did_not_pass_cannot_be_explained_and_a_sergeant_cannot_sign(service):
    stay = opened(service, section136())

    with pytest.raises(InputError, match="No such time has passed"):
        explanation = Explanation("permitted_period", NOW, BED, "x")
        casework.explain_breach(service, stay, explanation, actor=MARSH, now=NOW)
    with pytest.raises(RoleRefused):
        explain(service, stay, actor=OKAFOR)


def test_every_reason_that_minutes_are_counted_under_is_an_agreed_code(service):
    source = (RULES.parent / "triage" / "domain" / "delays.py").read_text(encoding="utf-8")
    agreed = {code for code, _, _ in casework.reasons(service, NOW)}
    counted = {code for code in agreed if all(f'"{part}"' in source for part in code.split("."))}

    assert counted == {
        "amhp.waiting_to_arrive", "doctor.waiting_to_arrive", "bed.none_found_yet",
        "conveyance.on_the_way", "place_of_safety.handover", "place_of_safety.refused",
        "none.intoxication", "unattributed.gap",
    }  # fmt: skip


def gap(service, stay, now=LATER):
    said = review_live.detention(service, stay, actor=MARSH, now=now).case.clocks
    return said.gaps[0]


def test_a_gap_is_given_to_a_reason_by_name_and_taken_back_by_a_correction(service):
    """Half an hour before the arrival and a day after it, nobody was recorded as waited for."""
    stay = opened(service, section136())
    free = gap(service, stay)
    told = Attribution("bed.none_found_yet", free.since, free.since + timedelta(hours=2))

    noted = casework.attribute_gap(
        service, stay, told, words="No bed anywhere.", actor=MARSH, now=LATER
    )

    case = review_live.detention(service, stay, actor=MARSH, now=LATER).case
    whole = int((free.until - free.since) / timedelta(minutes=1))
    assert {f"{d.partner}.{d.reason}": d.minutes for d in case.clocks.delays} == {
        "bed.none_found_yet": 120, "unattributed.gap": whole - 120,
    }  # fmt: skip
    assert [(one.given, one.words, one.by) for one in case.by_hand] == [
        (told, "No bed anywhere.", "Insp Marsh")
    ]
    [line] = casework.section136_list(service, (), actor=MARSH, now=LATER).lines
    assert line.delays == case.clocks.delays

    never = casework.Correction("The bed was there.", withdrawn=True)
    casework.correct(service, noted.seq, never, actor=MARSH, now=LATER)
    assert gap(service, stay) == free


def test_a_gap_is_not_given_without_an_agreed_reason_nor_twice_over_nor_by_anybody(service):
    stay = opened(service, section136())
    free = gap(service, stay)
    before = Attribution(BED, free.since - DAY, free.since)

    for wrong in (replace(before, code="unattributed.gap"), replace(before, code="x"), before):
        with pytest.raises(InputError):
            casework.attribute_gap(service, stay, wrong, actor=MARSH, now=LATER)
    for actor in (OKAFOR, LEAD, CONTROL):
        with pytest.raises(RoleRefused):
            whole = Attribution(BED, free.since, free.until)
            casework.attribute_gap(service, stay, whole, actor=actor, now=LATER)
    assert gap(service, stay) == free


def test_an_attribution_that_was_typed_later_was_not_known_then(service):
    stay = opened(service, section136())
    free, then = gap(service, stay), LATER - timedelta(hours=1)
    whole = Attribution(BED, free.since, free.until)
    casework.attribute_gap(service, stay, whole, actor=MARSH, now=LATER)
    stretch = {"since": NOW - DAY, "until": NOW + DAY, "actor": MARSH, "now": LATER}

    now_known = review.review(service, (), **stretch).ledger
    known_then = review.review(service, (), **stretch, as_known_at=then).ledger

    assert [line.code for line in now_known] == [BED]
    assert [line.code for line in known_then] == ["unattributed.gap"]


def test_answers_for_the_return_are_codes_and_the_last_one_counts(service):
    stay = opened(service, section136())
    answers = {"transport": "police_vehicle", "officers": "2"}
    casework.record_return_details(service, stay, answers, actor=CONTROL, now=NOW)
    casework.record_return_details(service, stay, {"officers": "3"}, actor=CONTROL, now=NOW)

    case = review_live.detention(service, stay, actor=MARSH, now=NOW).case
    assert dict(case.given) == {"transport": "police_vehicle", "officers": "3"}
    assert case.returned[0].values["transport"] == "police_vehicle"
    assert case.returned[0].values["ambulance_requested"] is None  # asked, not answered
    assert case.returned[0].values["station_reason"] == "not_asked"
    for wrong in ({"officers": "0"}, {"transport": "bicycle"}, {"first_place": "other"}, {}):
        with pytest.raises(InputError):
            casework.record_return_details(service, stay, wrong, actor=CONTROL, now=NOW)


def test_a_dip_sample_holds_all_that_is_high_risk_and_the_same_others_for_a_seed(service):
    stays = [opened(service, section136(number)) for number in range(1, 9)]
    for stay in stays[1:]:
        casework.record_event(
            service, stay, happened("ended", NOW + timedelta(hours=1)), actor=CONTROL, now=LATER
        )
    found = review.review(service, (), since=NOW - DAY, until=NOW + DAY, actor=MARSH, now=LATER)

    first, again = (review_sample.sample(found, chosen=3, seed=7) for _ in range(2))

    assert first == again
    assert [line.case.stay for line in first.lines if line.why] == [stays[0]]
    assert (first.of, len(first.lines)) == (8, 4)
    others = [{line.case.stay for line in review_sample.sample(found, chosen=3, seed=s).lines}
              for s in range(8, 20)]  # fmt: skip
    assert any(drawn != {line.case.stay for line in first.lines} for drawn in others)


def test_a_finding_needs_its_fix_and_stands_beside_the_record(service):
    stay = opened(service, section136())
    with pytest.raises(InputError):
        sampled = Sampled("x", "gap", "No time for the AMHP.")
        casework.record_sampled(service, stay, sampled, actor=MARSH, now=LATER)
    found = review.review(service, (), since=NOW - DAY, until=LATER, actor=MARSH, now=LATER)
    name = review_sample.sample(found, chosen=1, seed=1).name

    sampled = Sampled(name, "gap", "No time for the AMHP.", "Asked the AMHP service.")
    casework.record_sampled(service, stay, sampled, actor=MARSH, now=LATER)

    found = review.review(service, (), since=NOW - DAY, until=LATER, actor=MARSH, now=LATER)
    [line] = review_sample.sample(found, chosen=1, seed=1).lines
    assert line.finding is not None
    assert (line.finding.finding, line.finding.fix, line.finding.by) == (
        "gap", "Asked the AMHP service.", "Insp Marsh",
    )  # fmt: skip


def test_the_live_list_begins_with_whoever_is_held_without_a_power(service):
    fresh = opened(service, section136(1, at=LATER - timedelta(hours=1)), now=LATER)
    old = opened(service, section136(2))
    lapsed = opened(service, section136(3, at=NOW - timedelta(hours=2)))

    lines = review_live.live(service, (), actor=MARSH, now=LATER - timedelta(minutes=30)).lines

    assert [line.case.stay for line in lines] == [lapsed, old, fresh]
    assert lines[0].power is None
    assert lines[1].awaited[0] == (WaitKind.DETENTION, Stage.AMHP_TOLD, "police")


def test_any_view_can_be_had_as_it_was_known_then(service):
    """A release typed hours late, a correction, a second stay: none of it was known at ten."""
    stay = opened(service, section136())
    ten = NOW + timedelta(hours=2)
    released = casework.Release(NOW + timedelta(hours=1), "home", reason="no_power")
    casework.release(service, stay, released, actor=MARSH, now=NOW + timedelta(hours=4))
    opened(service, section136(2), now=NOW + timedelta(hours=5))

    now = NOW + timedelta(hours=6)
    then = review_live.live(service, (), actor=MARSH, now=now, as_known_at=ten)
    known_now = review_live.live(service, (), actor=MARSH, now=now)

    assert [line.case.reference for line in then.lines] == ["TRAINING/INC/0001"]
    assert [line.case.reference for line in known_now.lines] == ["TRAINING/INC/0002"]
    assert then.lines[0].left_seconds == 22 * 3600

    stretch = {"since": NOW - DAY, "until": NOW + DAY}
    before = review.review(service, (), **stretch, actor=MARSH, now=now, as_known_at=ten)
    after = review.review(service, (), **stretch, actor=MARSH, now=now)
    [detained] = [one for one in before.measured if one.kind is WaitKind.DETENTION]
    assert detained.legs["whole"].seconds is None
    detained = [m for m in after.measured if m.kind is WaitKind.DETENTION]
    assert {m.record: m.legs["whole"].seconds for m in detained} == {
        "TRAINING/INC/0001": 3600,
        "TRAINING/INC/0002": None,
    }


def test_a_view_as_known_then_is_the_view_that_was_had_then(service):
    """Each view of a growing record, had at once, is had again later, word for word."""
    seen = []
    stay = opened(service, section136())
    steps = ("amhp_told", "amhp_arrived", "doctor_told", "assessment_began", "bed_requested")
    for number, kind in enumerate(steps, 1):
        now = NOW + timedelta(hours=number)
        event = happened(kind, now - timedelta(minutes=30))
        casework.record_event(service, stay, event, actor=CONTROL, now=now)
        seen.append((now, review_live.live(service, (), actor=MARSH, now=now).lines))
    at = NOW + timedelta(hours=9)
    casework.correct(service, 3, casework.Correction("x", Moment.at(NOW)), actor=MARSH, now=at)

    for now, lines in seen:
        again = review_live.live(service, (), actor=MARSH, now=at, as_known_at=now)
        assert again.lines == lines


def test_pace_reviews_due_within_twelve_hours_stand_by_suite_and_time(service):
    from tests.casework.conftest import custody

    events = (
        happened("arrived_station", NOW, place="police_station"),
        happened("detention_authorised", NOW + timedelta(minutes=5)),
    )
    late = NOW + timedelta(hours=1)
    opened(service, custody(1, suite="north_quay", events=events), now=late)
    opened(service, custody(2, events=events), now=late)
    opened(service, custody(3, events=events), now=late)

    due = review_pace.pace_reviews(service, (), actor=MARSH, now=late)

    assert [(one.suite, one.reference, one.clock.due_at) for one in due] == [
        ("castle_street", "TRAINING/CS/0002/26", NOW + timedelta(hours=6, minutes=5)),
        ("castle_street", "TRAINING/CS/0003/26", NOW + timedelta(hours=6, minutes=5)),
        ("north_quay", "TRAINING/CS/0001/26", NOW + timedelta(hours=6, minutes=5)),
    ]
    early = review_pace.pace_reviews(service, (), actor=MARSH, now=late, ahead=timedelta(hours=4))
    assert early == ()


def test_how_a_pace_review_was_done_is_on_the_record_and_by_telephone_why(service):
    from tests.casework.conftest import custody

    events = (
        happened("arrived_station", NOW, place="police_station"),
        happened("detention_authorised", NOW + timedelta(minutes=5)),
    )
    stay = opened(service, custody(1, events=events), now=NOW + timedelta(hours=1))
    six, eight = NOW + timedelta(hours=6), NOW + timedelta(hours=8)
    for at, said in (
        (six, {"mode": "phone", "phone_reason": "Forty miles away, no inspector nearer."}),
        (eight, {"mode": "phone"}),
    ):
        done = happened("pace_review_done", at, by="Insp Marsh", **said)
        casework.record_event(service, stay, done, actor=MARSH, now=at)

    found = review_pace.pace_done(service, (), actor=MARSH, now=eight)
    then = review_pace.pace_done(service, (), actor=MARSH, now=eight, as_known_at=six)

    assert [(one.at, one.mode, one.phone_reason, one.unreasoned) for one in found] == [
        (eight, "phone", None, True),
        (six, "phone", "Forty miles away, no inspector nearer.", False),
    ]
    assert [one.at for one in then] == [six]
    assert review_pace.pace_done(service, ("north_quay",), actor=MARSH, now=eight) == ()


@pytest.mark.parametrize("actor", [MARSH, CONTROL, NAIR, LEAD], ids=lambda one: one.role)
def test_a_hospital_detention_is_opened_by_whoever_hears_of_it_first(service, actor):
    stay = casework.open_stay(service, section136(), actor=actor, now=NOW).stay

    seen = review_live.live(service, (), actor=actor, now=NOW, verb=Verb.VIEW_SECTION136)
    assert [line.case.stay for line in seen.lines] == [stay]


def test_a_nurse_opens_a_detention_and_no_custody_record(service):
    from tests.casework.conftest import custody

    with pytest.raises(RoleRefused):
        casework.open_stay(service, custody(), actor=NAIR, now=NOW)


def test_the_review_is_for_the_inspector_and_the_lead_nurse_and_each_look_is_logged(service):
    review_live.live(service, (), actor=LEAD, now=NOW)

    with pytest.raises(RoleRefused):
        review_live.live(service, (), actor=OKAFOR, now=NOW)
    [look] = service.record.reading().accesses_between(NOW - DAY, NOW + DAY)
    assert (look.what, look.actor.account) == ("review live: all", "lead")
