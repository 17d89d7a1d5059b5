"""The API as a terminal uses it: tokens, keys, strict bodies, one answer for one request."""

import json
from typing import Any

import pytest
from openapi_spec_validator import validate

from triage.domain.roles import Role
from triage.web.api.shapes import plain

from .conftest import FROM_HERE, House, Terminal
from .test_pages import run_the_timers

OPENING = {
    "kind": "custody",
    "suite": "castle_street",
    "reference": "TRAINING/CS/0415/26",
    "opened_at": {"london": "2026-10-24T20:35"},
    "identity": {"name": "Denise Ahern", "age": 38, "sex": "female"},
    "cell": "4",
    "offence": "theft",
}
HOSPITAL = {
    "kind": "section136",
    "suite": "castle_street",
    "reference": "TRAINING/INC/2231",
    "opened_at": "2026-10-24T19:30:00Z",
    "stage": "section136",
    "place": "a_and_e",
}
SCREEN = {
    "nation": "england",
    "person": {"age": 38, "sex": "female"},
    "stage": "arrest",
    "offence": "theft",
    "answers": {"self_harm_now": "plan_or_intent", "head_knock": "refused"},
    "observations": {"rouse": "alert"},
}


def digest(house: House) -> dict[str, int]:
    """How much the business tables hold; sign-ins and looks are no business of theirs."""
    reading = house.record.reading()
    stays = reading.open_stays()
    return {
        "events": reading.head(),
        "stays": len(stays),
        "drafts": sum(reading.draft(stay.id) is not None for stay in stays),
    }


def opened(terminal: Terminal, body: dict[str, Any] = OPENING) -> str:
    answer = terminal.post("/stays", body)
    assert answer.status_code == 201, answer.json
    return answer.json["stay"]


@pytest.fixture
def desk(house: House) -> Terminal:
    return house.terminal(Role.CUSTODY_SERGEANT)


def test_the_description_is_valid_openapi_3_1(house: House):
    document = house.browser().get("/api/openapi.json").json

    validate(document)
    assert document["openapi"] == "3.1.0"


def test_every_operation_says_in_words_what_it_does(house: House):
    document = house.browser().get("/api/openapi.json").json
    silent = [
        (path, method)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method != "parameters" and not operation.get("summary")
    ]

    assert silent == []


def test_a_custody_stay_is_opened_screened_visited_and_released(house: House, desk: Terminal):
    stay = opened(desk)
    screened = desk.post(f"/stays/{stay}/screenings", SCREEN)
    visited = desk.post(f"/stays/{stay}/visits", {"occurred_at": "2026-10-24T19:40:00Z"})
    declined = desk.post(
        f"/stays/{stay}/routes",
        {"outcome": "declined", "route": "liaison_nurse", "reason": "Not now.",
         "occurred_at": "2026-10-24T19:40:00Z"},
    )  # fmt: skip
    gaps = desk.get(f"/stays/{stay}/release-check").json["gaps"]
    planned = {"occurred_at": "2026-10-24T19:40:00Z", "to": "home", "handed_to": "Her sister"}
    better = desk.post(f"/stays/{stay}/release-check", planned).json["gaps"]
    released = desk.post(
        f"/stays/{stay}/release",
        {"occurred_at": "2026-10-24T19:40:00Z", "to": "home", "reason": "not_given"},
    )
    view = desk.get(f"/stays/{stay}").json

    codes = [answer.status_code for answer in (screened, visited, declined, released)]
    assert codes == [201, 201, 201, 201]
    assert screened.json["findings"]["schema"] == "triage.screen/1"
    assert gaps[0]["urgency"] == "emergency"
    assert ("told" in {g["id"] for g in gaps}, "told" in {g["id"] for g in better}) == (True, False)
    assert all(gap["closes"].endswith(".") for gap in gaps)
    assert view["closed_at"] == "2026-10-24T19:40:00Z"
    assert view["clinical"] is None


def test_a_hospital_detention_keeps_its_clocks(house: House, desk: Terminal):
    stay = opened(desk, HOSPITAL)
    decided = {"kind": "s136_decided", "limb": "remove", "consulted": "paramedic",
               "occurred_at": "2026-10-24T19:30:00Z"}  # fmt: skip
    arrived = {"kind": "arrived", "place": "a_and_e", "occurred_at": "2026-10-24T19:38:00Z"}
    desk.post(f"/stays/{stay}/events", decided)
    clocks = desk.post(f"/stays/{stay}/events", arrived).json["clocks"]
    (line,) = desk.get("/section-136").json["lines"]

    assert clocks["schema"] == "triage.clocks/1"
    assert line["lapses_at"] == "2026-10-25T19:38:00Z"


def test_an_unlawful_authority_is_a_conflict_that_names_the_law(house: House):
    inspector = house.terminal(Role.DUTY_INSPECTOR)
    stay = opened(inspector, {**HOSPITAL, "identity": {"age": 16}})
    decided = {"kind": "s136_decided", "limb": "remove", "occurred_at": "2026-10-24T19:30:00Z"}
    inspector.post(f"/stays/{stay}/events", decided)
    answer = inspector.post(
        f"/stays/{stay}/authorisations",
        {"kind": "station_authorised", "rank": "inspector", "occurred_at": "2026-10-24T19:40:00Z"},
    )

    assert (answer.status_code, answer.json["type"]) == (409, "urn:triage:problem:not-allowed")
    assert answer.json["law_row"]
    assert "under 18" in answer.json["detail"]


def test_a_repeated_send_is_answered_again_and_stored_once(house: House, desk: Terminal):
    first = desk.post("/stays", OPENING, key="desk-1-0001")
    before = digest(house)
    again = desk.post("/stays", OPENING, key="desk-1-0001")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["stay"] == first.json["stay"]
    assert digest(house) == before


def test_the_same_key_with_another_body_is_refused(house: House, desk: Terminal):
    desk.post("/stays", OPENING, key="desk-1-0001")
    before = digest(house)
    other = desk.post("/stays", {**OPENING, "reference": "TRAINING/CS/0416/26"}, key="desk-1-0001")

    assert (other.status_code, other.json["type"]) == (409, "urn:triage:problem:key-used")
    assert digest(house) == before


@pytest.mark.parametrize("key", [None, "short", "spaces are not allowed", "x" * 200, "é" * 12])
def test_a_terminal_that_sends_no_usable_key_is_told_so(house: House, desk: Terminal, key):
    headers = {**desk.headers(), "Idempotency-Key": key}
    headers = {name: value for name, value in headers.items() if value is not None}
    answer = desk.client.post("/api/v1/stays", json=OPENING, headers=headers)

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert digest(house)["stays"] == 0


def test_the_same_number_twice_is_a_conflict(house: House, desk: Terminal):
    opened(desk)
    answer = desk.post("/stays", OPENING)

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (409, "reference")


BAD_BODIES = {
    "not json": b"{",
    "a list": b"[]",
    "a key twice": b'{"kind": "custody", "kind": "voluntary"}',
    "an unknown field": json.dumps({**OPENING, "colour": "blue"}).encode(),
    "a field that is missing": b'{"kind": "custody"}',
    "NUL": json.dumps({**OPENING, "reference": "a\x00b"}).encode(),
    "half a character": json.dumps({**OPENING, "reference": "a\ud800b"}).encode(),
    "a time without an offset": json.dumps({**OPENING, "opened_at": "2026-10-24T20:35"}).encode(),
    "a time that happened twice": json.dumps(
        {**OPENING, "opened_at": {"london": "2026-10-25T01:30"}}
    ).encode(),
    "too deep": b'{"a":' * 200 + b"1" + b"}" * 200,
    "not UTF-8": b'{"kind": "\xff"}',
    "empty": b"",
    "a number with many digits": b'{"kind": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("fault", BAD_BODIES)
def test_a_bad_body_is_refused_with_its_fields_and_nothing_is_stored(house, desk, fault: str):
    before = digest(house)
    answer = desk.client.post(
        "/api/v1/stays", data=BAD_BODIES[fault], content_type="application/json",
        headers=desk.headers(),
    )  # fmt: skip

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert all(set(each) <= {"field", "problem", "allowed"} for each in answer.json["errors"])
    assert len(answer.data) <= 4096
    assert digest(house) == before


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "text/xml", "multipart/form-data", "application/x-www-form-urlencoded", ""],
)
def test_only_json_is_taken(house: House, desk: Terminal, kind: str):
    answer = desk.client.post(
        "/api/v1/stays", data=json.dumps(OPENING), content_type=kind, headers=desk.headers()
    )

    assert (answer.status_code, answer.headers["Accept"]) == (415, "application/json")


def test_a_body_beyond_256_kilobytes_is_too_large(house: House, desk: Terminal):
    body = {**OPENING, "reference": "x" * 300_000}
    answer = desk.post("/stays", body)

    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")


def test_a_method_that_an_address_does_not_take_names_those_that_it_does(house, desk):
    answer = desk.client.delete("/api/v1/stays", headers=desk.headers())

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/stays/s-nobody0"), ("POST", "/stays/s-nobody0/visits"),
        ("GET", "/stays/%00"), ("GET", "/nowhere"), ("POST", "/alerts/none:at:all/close"),
        ("POST", "/events/999999/corrections"),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(house: House, desk: Terminal, method: str, path: str):
    body = {"occurred_at": "2026-10-24T19:40:00Z", "outcome": "over", "reason": "wrong time"}
    wanted = {
        "visits": {"occurred_at": body["occurred_at"]},
        "close": {"outcome": "other", "words": "over"},
        "corrections": {"reason": "wrong", "occurred_at": body["occurred_at"]},
    }
    sent = wanted.get(path.rpartition("/")[2], {})
    answer = desk.client.open(f"/api/v1{path}", method=method, json=sent, headers=desk.headers())

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_an_alert_is_taken_acted_on_and_closed_at_a_terminal(house: House, desk: Terminal):
    stay = opened(desk)
    desk.post(f"/stays/{stay}/screenings", SCREEN)
    run_the_timers(house)
    alert = desk.get("/alerts").json["lines"][0]["key"]
    left = {"outcome": "handed_over", "words": "Taken to hospital."}
    states = [
        desk.post(f"/alerts/{alert}/acknowledge", {"kind": "police"}).json["state"],
        desk.post(f"/alerts/{alert}/act", {"done": "HCP with her."}).json["state"],
        desk.post(f"/alerts/{alert}/close", left).json["state"],
    ]
    over = desk.post(f"/alerts/{alert}/act", {"done": "again"})

    assert states == ["acknowledged", "in_hand", "closed"]
    assert over.status_code == 409


def test_the_list_keeps_every_alert_and_says_which_tell_several_people_of_one_thing(
    house: House, desk: Terminal
):
    stay = opened(desk)
    answers = {"low_or_hopeless": "yes", "wants_nurse": "yes", "self_harm_now": "no"}
    body = {**SCREEN, "everything_else": "no", "answers": answers}
    assert desk.post(f"/stays/{stay}/screenings", body).status_code == 201
    run_the_timers(house)

    found = [each for each in desk.get("/alerts").json["lines"] if each["level"] == "A3"]

    assert [each["to_roles"] for each in found] == [["custody_sergeant"], ["liaison_nurse"]]
    assert len({each["finding"] for each in found}) == 1 and found[0]["finding"]
    assert "custody_sergeant" in found[0]["may_close"]
    assert "custody_sergeant" not in found[1]["may_close"]
    shown = (
        house.browser()
        .get("/api/openapi.json")
        .json["paths"]["/api/v1/alerts"]["get"]["description"]
    )
    assert "`finding`" in shown and "`may_close`" in shown


def test_nobody_is_opened_or_moved_into_a_suite_that_is_on_no_board(house: House, desk: Terminal):
    stay = opened(desk)
    wrong = {**OPENING, "suite": "castle_stret", "reference": "TRAINING/CS/0416/26"}
    moved = {"occurred_at": "2026-10-24T19:36:00Z", "suite": "dock_raod"}
    answers = [desk.post("/stays", wrong), desk.post(f"/stays/{stay}/moves", moved)]

    assert [(each.status_code, each.json["errors"][0]["field"]) for each in answers] == [
        (422, "suite"), (422, "suite"),
    ]  # fmt: skip
    assert [row["suite"] for row in desk.get("/board").json["rows"]] == ["castle_street"]


def test_police_cannot_take_an_alert_as_a_clinician(house: House, desk: Terminal):
    answer = desk.post("/alerts/a:b:c:1/acknowledge", {"kind": "clinical"})

    assert (answer.status_code, answer.json["type"]) == (403, "urn:triage:problem:role")


def test_a_draft_is_kept_and_evaluated(house: House, desk: Terminal):
    stay = opened(desk)
    answer = desk.put(f"/stays/{stay}/draft", {**SCREEN, "observations": {"rouse": "none"}})

    assert answer.status_code == 200
    assert answer.json["recorded"] is not None  # an emergency in it does not wait for the rest
    assert desk.get(f"/stays/{stay}").json["draft"]["answers"] == SCREEN["answers"]


@pytest.mark.parametrize("seen", ["none", "alert"])
def test_the_first_look_does_not_wait_for_the_facts_of_the_stay(
    house: House, desk: Terminal, seen: str
):
    """Nation, stage, offence and age are asked after it; the twin is somebody who is awake."""
    stay = opened(desk)
    typed = {"observations": {"rouse": seen}}
    answer = desk.put(f"/stays/{stay}/draft", typed)

    assert answer.status_code == 200
    assert (answer.json["recorded"] is not None) is (seen == "none")
    kept = desk.get(f"/stays/{stay}/draft").json
    assert kept["draft"] == typed  # what stood in for the facts is not kept as if it were typed
    assert kept["known"] == {
        "nation": "england", "stage": "arrest",
        "person": {"age": 38, "age_source": "unknown", "sex": "female"},
    }  # fmt: skip


def test_whoever_goes_on_reads_what_has_been_typed_and_by_whom(house: House):
    """Answers at the desk are for all of the desk: who cannot see them would overwrite them."""
    typist, other = house.terminal(Role.CUSTODY_SERGEANT), house.terminal(Role.DETENTION_OFFICER)
    stay = opened(typist)
    before = other.get(f"/stays/{stay}/draft").json
    typist.put(f"/stays/{stay}/draft", {"observations": {"rouse": "voice"}})
    mine = typist.get(f"/stays/{stay}/draft").json
    theirs = other.get(f"/stays/{stay}/draft").json

    parts = ("draft", "saved_at", "by", "mine", "version", "typed")
    assert [before[part] for part in parts] == [None, None, None, False, 0, []]
    assert mine["draft"] == theirs["draft"] == {"observations": {"rouse": "voice"}}
    assert (mine["mine"], theirs["mine"]) == (True, False)
    assert [(e["place"], e["by"], e["mine"]) for e in theirs["typed"]] == [
        ("observations.rouse", mine["by"], False)
    ]
    assert theirs["saved_at"] == mine["saved_at"] is not None


def test_two_terminals_that_type_at_once_keep_both_and_what_differs_is_shown(house: House):
    one, other = house.terminal(Role.CUSTODY_SERGEANT), house.terminal(Role.DETENTION_OFFICER)
    path = f"/stays/{opened(one)}/draft"
    on = {"Draft-Version": one.get(path).headers["ETag"].strip('"')}
    first = one.put(path, {"observations": {"rouse": "none"}}, headers=on)
    second = other.put(path, {"observations": {"rouse": "alert", "confused": "no"}}, headers=on)
    chosen = other.put(
        path, {"observations": {"rouse": "none", "confused": "no"}},
        headers={"Draft-Version": str(second.json["version"])},
    )  # fmt: skip

    assert (first.json["contested"], first.headers["ETag"]) == ([], '"1"')
    assert [(e["place"], e["value"]) for e in second.json["contested"]] == [
        ("observations.rouse", "none"), ("observations.rouse", "alert")
    ]  # fmt: skip
    assert second.json["draft"] == {"observations": {"confused": "no"}}
    assert chosen.json["contested"] == []
    assert chosen.json["draft"] == {"observations": {"rouse": "none", "confused": "no"}}


def test_with_if_match_nothing_is_kept_on_another_state_and_the_refusal_says_so(house: House):
    one, other = house.terminal(Role.CUSTODY_SERGEANT), house.terminal(Role.DETENTION_OFFICER)
    path = f"/stays/{opened(one)}/draft"
    one.put(path, {"observations": {"rouse": "alert"}})
    stale = other.put(path, {"answers": {}}, headers={"If-Match": '"0"'})
    fresh = other.put(path, {"answers": {}}, headers={"If-Match": '"1"'})

    assert (stale.status_code, stale.json["type"]) == (412, "urn:triage:problem:changed")
    assert stale.mimetype == "application/problem+json"
    assert fresh.status_code == 200


@pytest.mark.parametrize("header", ["Draft-Version", "If-Match"])
def test_a_state_that_is_no_number_is_refused(house: House, desk: Terminal, header: str):
    answer = desk.put(f"/stays/{opened(desk)}/draft", {}, headers={header: "the last one"})

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == header


def test_an_entry_on_the_wrong_person_moves_to_the_right_one(house: House, desk: Terminal):
    wrong, right = opened(desk), opened(desk, {**OPENING, "reference": "TRAINING/CS/0416/26"})
    seq = desk.post(f"/stays/{wrong}/screenings", SCREEN).json["seq"]
    body = {"seq": seq, "to_stay": right, "reason": "Two at the desk at once."}
    elsewhere = desk.post(f"/stays/{right}/right-person", {**body, "to_stay": wrong})
    moved = desk.post(f"/stays/{wrong}/right-person", body)

    assert (elsewhere.status_code, moved.status_code) == (422, 201)
    assert desk.get(f"/stays/{right}").json["findings"] is not None


def test_a_correction_names_what_it_corrects(house: House, desk: Terminal):
    stay = opened(desk, HOSPITAL)
    seq = desk.post(
        f"/stays/{stay}/events",
        {"kind": "arrived", "place": "a_and_e", "occurred_at": "2026-10-24T19:38:00Z"},
    ).json["seq"]
    answer = desk.post(
        f"/events/{seq}/corrections",
        {"reason": "Misread the clock.", "occurred_at": "2026-10-24T19:35:00Z"},
    )

    assert (answer.status_code, answer.json["corrects"]) == (201, seq)


def test_evaluating_stores_nothing(house: House):
    terminal = house.terminal()
    before = digest(house)
    found = terminal.post("/evaluate/screening", SCREEN)
    clocks = terminal.post(
        "/evaluate/clocks",
        {"nation": "england", "person": {"age": 41},
         "events": [{"kind": "s136_decided", "limb": "remove", "consulted": "no",
                     "occurred_at": "2026-10-24T19:30:00Z"}]},
    )  # fmt: skip

    assert (found.json["schema"], clocks.json["schema"]) == ("triage.screen/1", "triage.clocks/1")
    assert digest(house) == before


def test_why_a_need_was_not_found_names_the_rules_and_the_one_question(house: House):
    """Users' requirement N6; nothing is stored."""
    terminal = house.terminal()
    before = digest(house)

    why_not = terminal.post("/evaluate/explanation/head_injury", SCREEN).json
    why = terminal.post("/evaluate/explanation/suicide_self_harm", SCREEN).json
    route = terminal.post("/evaluate/explanation/veterans", SCREEN).json

    assert (why_not["kind"], why_not["holds"], why_not["outcome"]) == ("need", None, "not_found")
    assert why_not["ask"]["id"] in {m["id"] for rule in why_not["rules"] for m in rule["missing"]}
    assert why_not["ask"]["who"] in ("said", "observed", "record", "officer", "person", "stay")
    assert (why["outcome"], why["rules"][0]["facts"][0]["value"]) == ("emergency", "plan_or_intent")
    assert (route["kind"], route["outcome"]) == ("route", "needs_information")
    assert route["ask"]["id"] == "armed_forces"
    assert digest(house) == before


def test_why_about_something_that_is_not_there_names_the_nearest(house: House):
    answer = house.terminal().post("/evaluate/explanation/head_injry", SCREEN)

    assert (answer.status_code, answer.json["errors"][0]["allowed"]) == (422, ["head_injury"])


@pytest.mark.parametrize(("second", "marked"), [("20.300", True), ("24.000", False)])
def test_an_answer_about_self_harm_that_nobody_had_time_to_ask_for_is_marked(
    house: House, second: str, marked: bool
):
    """Screening principle 5; the answer stands all the same."""
    answers = {
        "low_or_hopeless": {"value": "no", "asked_at": "2026-10-24T19:30:20.000Z"},
        "self_harm_now": {"value": "no", "asked_at": f"2026-10-24T19:30:{second}Z"},
    }

    found = house.terminal().post("/evaluate/screening", {**SCREEN, "answers": answers})

    assert marked == (
        "self_harm_now: answered within a second of the question before it, so not credibly"
        " asked. Ask again." in found.json["warnings"]
    )


def test_health_says_whether_somebody_watches_and_nothing_about_anybody(house: House):
    client = house.browser()
    before = client.get("/api/v1/health").json
    run_the_timers(house)
    after = client.get("/api/v1/health").json

    assert set(after) == {
        "status", "at", "last_pass_at", "words", "rulebook", "rulebook_signed", "training",
    }  # fmt: skip
    assert (before["status"], after["status"]) == ("timers_stale", "ok")


def test_the_questions_are_the_rulebooks(house: House):
    found = house.terminal().get("/rulebook/questions").json

    assert sum(each["core"] for each in found["questions"]) == 29
    assert found["fingerprint"] == house.service.rulebook.fingerprint


def test_a_signed_in_browser_may_use_the_api_from_its_own_page(house: House):
    browser = house.browser(Role.CUSTODY_SERGEANT)
    answer = browser.client.post("/api/v1/stays", json=OPENING, headers=FROM_HERE)

    assert answer.status_code == 201


POLICE_KEYS_OF_A_STAY = {
    "at", "stay", "person", "kind", "suite", "nation", "reference", "opened_at", "closed_at",
    "stage", "place", "cell", "training", "identity", "timers", "findings", "screenings", "draft",
    "clocks", "alerts", "timeline", "decisions", "gaps", "past_stays", "clinical", "past",
    "permissions", "filed", "unreadable", "where", "screen_again",
}  # fmt: skip


def test_police_get_exactly_the_keys_that_are_listed_here(house: House, desk: Terminal):
    stay = opened(desk)
    nurse = house.terminal(Role.LIAISON_NURSE, name="nurse-desk-1")
    nurse.post(
        f"/stays/{stay}/visits", {"occurred_at": "2026-10-24T19:40:00Z", "seen": "canary: lithium"}
    )
    police, clinical = desk.get(f"/stays/{stay}"), nurse.get(f"/stays/{stay}")

    assert set(police.json) == POLICE_KEYS_OF_A_STAY
    assert "canary" not in police.text
    assert "canary" in clinical.text


def test_a_value_of_a_kind_without_words_does_not_pass_unseen():
    assert plain({"a": (1, None)}) == {"a": [1, None]}


def test_what_the_pages_of_a_shift_can_do_the_api_can_do(house: House, desk: Terminal):
    stay = opened(desk)
    thoughts = {**SCREEN, "answers": {**SCREEN["answers"], "self_harm_now": "thoughts"}}
    desk.post(f"/stays/{stay}/screenings", thoughts)
    nurse = house.terminal(Role.LIAISON_NURSE)
    changed = nurse.get("/handover").json
    signed = nurse.post("/handover", {"taken_from": "RN Day", "up_to_seq": changed["up_to_seq"]})
    busy = nurse.put(
        "/shift/with-somebody", {"until": "2026-10-24T20:10:00Z", "reason": "in a cell"}
    )
    free = nurse.delete("/shift/with-somebody")
    taken = nurse.post(f"/stays/{stay}/take", {})
    acted = nurse.post(
        f"/stays/{stay}/act", {"alerts": taken.json["keys"], "done": "Spoke with them."}
    )
    told = nurse.get(f"/stays/{stay}/summary").json
    mark = {"system": "systmone", "up_to_seq": told["up_to_seq"]}
    filed, twice = (nurse.post(f"/stays/{stay}/filings", mark) for _ in range(2))
    ended = nurse.post(
        f"/stays/{stay}/close",
        {"alerts": taken.json["keys"][:1], "outcome": "handed_over", "words": "to the HCP"},
    )
    other = desk.post(
        f"/stays/{stay}/wrong-person",
        {"name": "Bea Right", "age": 30, "age_source": "stated", "reason": "another photo"},
    )

    assert stay in [each["stay"] for each in changed["changes"]]
    codes = [each.status_code for each in (signed, taken, acted, filed, twice, ended, other)]
    assert codes == [201, 201, 201, 201, 200, 201, 201]
    assert (busy.status_code, busy.json["with_somebody_until"]) == (200, "2026-10-24T20:10:00Z")
    assert (free.status_code, free.json["with_somebody_until"]) == (200, None)
    assert (filed.json["repeated"], twice.json["repeated"]) == (False, True)
    assert nurse.get("/shift").json["holding"] != []


def test_one_act_of_the_api_is_about_alerts_that_it_names(house: House, desk: Terminal):
    stay = opened(desk)

    assert desk.post(f"/stays/{stay}/act", {"alerts": [], "done": "x"}).status_code == 422
    assert desk.post(f"/stays/{stay}/take", {}).status_code == 409


def test_over_the_api_an_emergency_is_cancelled_by_two_who_have_both_signed_in(house: House):
    desk = house.terminal(Role.CUSTODY_SERGEANT)
    desk.post(f"/stays/{opened(desk)}/screenings", {**SCREEN, "observations": {"rouse": "none"}})
    run_the_timers(house)
    [alert, *_] = [a.key for a in house.record.reading().open_alerts() if a.level == "A1"]
    for role in (Role.DUTY_INSPECTOR, Role.DETENTION_OFFICER):
        house.account(role)
    house.account(Role.DUTY_INSPECTOR, "dock_road", name="dock.inspector")

    def with_(second: str | None) -> int:
        said = {"reason": "Typed on the wrong person."}
        body = said if second is None else {**said, "second_session": second}
        return desk.post(f"/alerts/{alert}/cancel", body).status_code

    def signed_in(account: str) -> str:
        person = {"account": account, "password": house.password}
        return desk.post("/acting", person).json["session"]

    over = signed_in("duty.inspector")
    house.terminal().client.delete(
        "/api/v1/acting", headers={**desk.headers(), "Acting-Session": over}
    )
    refused = {
        "alone": with_(None), "with themselves": with_(desk.session), "made up": with_("x" * 43),
        "signed out": with_(over), "not for them": with_(signed_in("detention.officer")),
        "another suite": with_(signed_in("dock.inspector")),
    }  # fmt: skip
    done = with_(signed_in("duty.inspector"))

    assert refused == {
        "alone": 409, "with themselves": 409, "made up": 422, "signed out": 422,
        "not for them": 403, "another suite": 403,
    }  # fmt: skip
    assert done == 201
    [event] = [e for e in house.record.reading().all_events() if e.kind == "alert_cancelled"]
    assert (event.actor.account, event.header["second"]) == ("custody.sergeant", "duty.inspector")
