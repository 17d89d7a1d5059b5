"""What can be recorded of one stay now: by its events, by the role, and also after its end."""

from tests.casework.conftest import (
    MARSH,
    NAIR,
    NOW,
    OKAFOR,
    custody,
    happened,
    minutes,
    opened,
    section136,
)
from triage import casework


def fits(service, stay, actor=OKAFOR, now=NOW):
    return casework.expected(service, stay, actor=actor, now=now)


def test_somebody_under_arrest_can_have_a_pace_review_and_an_extension(service):
    stay = opened(service, custody(1, at=NOW - minutes(60)))
    found = fits(service, stay)

    assert {"pace_review_done", "warrant_granted", "charged"} <= found.happened
    assert "extension_authorised" not in found.happened
    assert "pace_extended" in found.authorities
    assert found.arrest


def test_somebody_in_a_hospital_under_section_136_can_have_the_extension_of_it(service):
    stay = opened(service, section136(2, at=NOW - minutes(60)))
    found = fits(service, stay)

    assert {"transferred", "handover_accepted", "extension_authorised"} <= found.happened
    assert {"extension_authorised", "station_authorised"} <= found.authorities
    assert found.happened.isdisjoint({"pace_review_done", "health_check"})
    assert not found.arrest


def test_a_nurse_records_what_happened_and_gives_no_authority(service):
    stay = opened(service, section136(3, at=NOW - minutes(60)))
    found = fits(service, stay, NAIR)

    assert "handover_accepted" in found.happened
    assert found.authorities == frozenset()


def test_an_extension_of_a_detention_that_nobody_has_typed_yet_can_be_given(service):
    """What fits is a guide: the law is asked when it is given, and says what is missing."""
    stay = opened(service, section136(5, at=NOW - minutes(60)))
    found = fits(service, stay)

    assert "pace_extended" not in found.authorities
    assert "pace_extended" in found.hardly
    assert found.authorities.isdisjoint(found.hardly)
    assert "legal_owner_decided" not in found.hardly
    assert fits(service, stay, NAIR).hardly == frozenset()


def test_the_legal_owners_decision_is_offered_to_nobody_while_nothing_waits_for_it(service):
    stay = opened(service, section136(4, at=NOW - minutes(60)))

    assert "legal_owner_decided" not in fits(service, stay, MARSH).authorities


def test_after_the_end_of_a_stay_what_happened_is_still_recorded_and_nothing_authorised(service):
    stay = opened(service, custody(5, at=NOW - minutes(60)))
    how = casework.Release(occurred_at=NOW - minutes(5), to="home", reason="not_given")
    casework.release(service, stay, how, actor=OKAFOR, now=NOW - minutes(5))
    found = fits(service, stay)

    assert "bad_news" in found.happened
    assert found.authorities == frozenset()


def test_what_was_withdrawn_does_not_count(service):
    stay = opened(service, section136(6, at=NOW - minutes(60)))
    gone = casework.record_event(
        service, stay, happened("absconded", NOW - minutes(9)), actor=OKAFOR, now=NOW - minutes(8)
    )
    before = fits(service, stay).happened
    never = casework.Correction("did_not_happen", withdrawn=True)
    casework.correct(service, gone.seq, never, actor=OKAFOR, now=NOW)

    assert "retaken" in before
    assert "retaken" not in fits(service, stay).happened
