"""What an inspector signs and hands over, by API: each once, whatever is sent twice."""

from datetime import timedelta

import pytest

from tests.casework.conftest import happened
from triage import casework
from triage.casework import review_live
from triage.domain.london import iso
from triage.domain.roles import Role
from triage.record import Actor

OTHER = Actor("night.inspector", "Night Inspector", "duty_inspector")


@pytest.fixture
def held(house):
    """Somebody who is held in A&E past the 24 hours."""
    now = house.clock.at
    arrived = now - timedelta(hours=25)
    opening = casework.Opening(
        casework.StayKind.SECTION136, "castle_street", "TRAINING/API", arrived, training=True,
        stage="section136", identity=casework.Identity(age=30),
        events=(
            happened("s136_decided", arrived, limb="remove", consulted="nurse"),
            happened("arrived", arrived, place="a_and_e"),
        ),
    )  # fmt: skip
    return casework.open_stay(house.service, opening, actor=OTHER, now=now).stay


def seen(house, stay) -> casework.Case:
    return review_live.detention(house.service, stay, actor=OTHER, now=house.clock.at).case


def test_a_breach_is_explained_once_and_stays_a_breach(house, held):
    desk = house.terminal(Role.DUTY_INSPECTOR)
    started = next(
        one.clock.started_at for one in seen(house, held).passed
        if one.clock.clock == "permitted_period"
    )  # fmt: skip
    body = {"clock": "permitted_period", "started_at": iso(started),
            "reason": "bed.none_found_yet", "words": "No bed anywhere."}  # fmt: skip

    first = desk.post(f"/stays/{held}/explanations", body, key="explained-1")
    again = desk.post(f"/stays/{held}/explanations", body, key="explained-1")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["seq"] == again.json["seq"]
    [signed] = [one.signed for one in seen(house, held).passed if one.signed]
    assert signed.words == "No bed anywhere."


def test_a_gap_is_attributed_and_what_is_none_is_refused(house, held):
    desk = house.terminal(Role.DUTY_INSPECTOR)
    [gap] = seen(house, held).clocks.gaps
    body = {"code": "conveyance.none_available", "since": iso(gap.since), "until": iso(gap.until)}

    done = desk.post(f"/stays/{held}/attributions", body)
    twice = desk.post(f"/stays/{held}/attributions", body)

    assert (done.status_code, twice.status_code) == (201, 422)
    assert [one.given.code for one in seen(house, held).by_hand] == ["conveyance.none_available"]


def test_the_review_is_offered_and_taken_once_however_often_it_is_sent(house, held):
    giver = house.terminal(Role.DUTY_INSPECTOR)
    to = house.account(Role.DUTY_INSPECTOR, name="night.inspector")
    body = {"to": to.account, "stays": [{"stay": held, "promised": "Bed by six."}]}

    first = giver.post("/review/handovers", body, key="offered-1")
    again = giver.post("/review/handovers", body, key="offered-1")
    [offer] = first.json["handovers"]
    own = giver.post("/review/handovers/taken", {"seqs": [offer["seq"]]})
    casework.take_over(house.service, [offer["seq"]], actor=OTHER, now=house.clock.at)
    late = giver.post("/review/handovers", body, key="offered-1")

    assert (first.status_code, again.json) == (201, first.json)
    assert own.status_code in (403, 409)
    assert late.json["handovers"][0]["taken_by"] == "Night Inspector"
    assert len(seen(house, held).handed) == 1


def test_what_an_inspector_signs_is_not_for_the_desk(house, held):
    desk = house.terminal(Role.CUSTODY_SERGEANT)
    paths = (f"/stays/{held}/explanations", f"/stays/{held}/attributions", "/review/handovers",
             "/review/handovers/taken")  # fmt: skip

    assert {desk.post(path, {}).status_code for path in paths} == {403}


def test_somebody_without_a_power_is_handed_over_in_whole_sentences(house):
    """A period that never ran is no empty sentence, and nobody on the way has arrived."""
    at = house.clock.at - timedelta(hours=3)
    asked = (happened("arrived_station", at), happened("mha_assessment_requested", at),
             happened("ended", at + timedelta(hours=1), power="pace"))  # fmt: skip
    decided = (happened("s136_decided", at, limb="remove", consulted="nurse"),)
    for kind, events, place in (
        (casework.StayKind.CUSTODY, asked, None),
        (casework.StayKind.SECTION136, decided, "a_and_e"),
    ):
        opening = casework.Opening(
            kind, "castle_street", f"TRAINING/{kind}", at, training=True, place=place,
            stage="arrest" if place is None else "section136",
            identity=casework.Identity(age=30), events=events,
        )  # fmt: skip
        casework.open_stay(house.service, opening, actor=OTHER, now=house.clock.at)

    page = house.browser(Role.DUTY_INSPECTOR).get("/review/handover").text

    assert "TRAINING/custody" in page and "<strong>.</strong>" not in page
    assert "On the way to: A&amp;E department" in page
