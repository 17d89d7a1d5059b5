"""The nurse's pages and the papers about one person, through the people who use them."""

import pytest

from triage.domain.roles import Role, Verb, may
from triage.record.events import EventKind

from .conftest import House
from .reading import Page
from .test_pages import CUSTODY, opened, run_the_timers

PAPERS = {
    "identity": Verb.MOVE_STAY,
    "move": Verb.MOVE_STAY,
    "consent": Verb.CONSENT,
    "note": Verb.NOTE_POLICE,
    "summary": Verb.VIEW_STAY,
    "done": Verb.ACT,
    "ended": Verb.CLOSE_ALERT,
}


def somebody(house: House, number: int = 415, **typed: str) -> str:
    """A person in a cell whom somebody close hurts: urgent, and for the liaison nurse."""
    desk = house.browser(Role.CUSTODY_SERGEANT)
    form = {**CUSTODY, "reference": f"TRAINING/CS/{number:04}/26"}
    stay = opened(desk, form, "/open")
    house.record_screening(desk, stay, {"a.hurt_by_someone": "now", **typed})
    run_the_timers(house)
    return stay


def last(house: House, stay: str, kind: EventKind):
    return house.record.reading().events_of_kinds(stay.rpartition("/")[2], kind)[-1]


def hers(house: House, stay: str):
    return [
        alert
        for alert in house.record.reading().alerts_of(stay.rpartition("/")[2])
        if alert.is_open and Role.LIAISON_NURSE in alert.to_roles
    ]


def test_the_nurse_takes_says_what_she_did_and_how_it_ended_from_the_line(house: House):
    stay = somebody(house)
    nurse = house.browser(Role.LIAISON_NURSE)
    id = stay.rpartition("/")[2]

    assert nurse.post("/alerts/take", {"stay": id}).location == "/worklist?done=taken"
    taken = Page(nurse.get("/worklist").text).words()
    keys = [alert.key for alert in hers(house, stay)]
    acted = nurse.post(f"{stay}/done", {"done": "Spoke in private", "alerts": keys})
    nurse.post(f"{stay}/route", {"route": "link_worker", "outcome": "offered"})
    ended = {"outcome": "seen_by_clinician", "words": "Link worker meets her", "alerts": keys}
    closed = nurse.post(f"{stay}/ended", ended)

    assert "With Liaison Nurse (liaison nurse)" in taken
    assert "I am taking this" not in taken
    assert (acted.location, closed.location) == ("/worklist?done=acted", "/worklist?done=closed")
    assert hers(house, stay) == []


def test_nothing_closes_without_an_outcome_of_the_list_and_words(house: House):
    stay = somebody(house)
    nurse = house.browser(Role.LIAISON_NURSE)
    keys = [alert.key for alert in hers(house, stay)]

    for typed in ({"words": "over"}, {"outcome": "other"}, {"outcome": "over", "words": "x"}):
        page = Page(nurse.post(f"{stay}/ended", {**typed, "alerts": keys}).text)
        assert "Something needs to be put right" in page.words()
        assert page.faults == []
    assert len(hers(house, stay)) == len(keys)


def test_what_was_typed_stands_there_after_a_mistake(house: House):
    stay = somebody(house)
    nurse = house.browser(Role.LIAISON_NURSE)
    typed = {
        "ended": {"words": "kept words"},
        "done": {"done": "kept words"},
        "consent": {"words": "kept words", "given": "yes"},
        "note": {"words": "kept words"},
        "route": {"words": "kept words"},
    }

    for path, form in typed.items():
        answer = nurse.post(f"{stay}/{path}", form)
        assert answer.status_code == 200, path
        assert "Something needs to be put right" in answer.text, path
        assert "kept words" in answer.text, path


@pytest.mark.parametrize("path", PAPERS)
def test_each_paper_opens_for_the_roles_of_the_table_alone(house: House, path: str, role: Role):
    stay = somebody(house)

    answer = house.browser(role).get(f"{stay}/{path}")

    assert answer.status_code == (200 if may(role, PAPERS[path]) else 403)
    if answer.status_code == 200:
        assert Page(answer.text).faults == []


def test_a_route_outside_the_suite_is_taken_up_with_consent_and_not_without(house: House):
    stay = somebody(house)
    nurse = house.browser(Role.LIAISON_NURSE)
    form = {"route": "womens_centre", "outcome": "accepted"}

    refused = Page(nurse.post(f"{stay}/route", form).text).words()
    agreed = nurse.post(f"{stay}/route", {**form, "agreed": "yes"})

    assert "nobody there may hear of this person yet" in refused
    assert agreed.location == f"{stay}?done=decision"
    assert last(house, stay, EventKind.CONSENT).header["given"] == "yes"


def test_a_consent_is_taken_back_with_one_key_and_stops_what_comes_later(house: House):
    stay = somebody(house)
    nurse = house.browser(Role.LIAISON_NURSE)
    said = {"party": "link worker", "given": "yes", "capacity": "has"}
    nurse.post(f"{stay}/consent", said)
    seq = str(last(house, stay, EventKind.CONSENT).seq)

    nurse.post(f"{stay}/consent", {"withdraw": seq})

    assert "Withdrawn" in Page(nurse.get(f"{stay}/consent").text).words()
    later = nurse.post(f"{stay}/route", {"route": "link_worker", "outcome": "accepted"})
    assert "nobody there may hear of this person yet" in later.text


def test_the_second_nurse_sees_that_it_is_filed_already(house: House):
    stay = somebody(house)
    first = house.browser(Role.LIAISON_NURSE, name="nair")
    second = house.browser(Role.LIAISON_NURSE, name="obi")
    up_to = Page(first.get(f"{stay}/summary").text).all("input")
    sent = next(e.attributes["value"] for e in up_to if e.attributes["name"] == "up_to")

    one = first.post(f"{stay}/summary", {"system": "rio", "up_to": sent})
    seen = [Page(second.get(path).text).words() for path in ("/worklist", stay, f"{stay}/summary")]
    two = second.post(f"{stay}/summary", {"system": "rio", "up_to": sent})

    assert all("Already filed 20:40 BST in RiO by Nair (liaison nurse)." in words for words in seen)
    assert (one.location, two.location) == (
        f"{stay}/summary?done=filed",
        f"{stay}/summary?done=filed_before",
    )
    assert len(house.record.reading().events_of_kinds(stay[7:], EventKind.FILED)) == 1


def test_a_wrong_time_is_put_right_and_the_first_stays_readable(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    desk.post(f"{stay}/visit", {"at": "20:38", "seen": "asleep"})
    seq = last(house, stay, EventKind.VISIT).seq
    form = Page(desk.get(f"{stay}/entries/{seq}/correct").text).form(
        what="time", at="20:36", reason="misread the clock"
    )

    answer = desk.post(f"{stay}/entries/{seq}/correct", form)
    words = Page(desk.get(stay).text).words()

    assert answer.location == f"{stay}?done=corrected"
    assert f"Corrects entry {seq}" in words
    assert "20:38 BST" in words


def test_what_was_typed_on_the_wrong_person_goes_to_the_right_one(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    wrong = opened(desk, CUSTODY, "/open")
    right = opened(desk, {**CUSTODY, "reference": "TRAINING/CS/0416/26", "name": "Ryan C"}, "/open")
    desk.post(f"{wrong}/note", {"words": "asks for his mother", "group": "police"})
    seq = last(house, wrong, EventKind.NOTE).seq
    form = {"reference": "TRAINING/CS/0416/26", "reason": "two tabs"}

    answer = desk.post(f"{wrong}/entries/{seq}/move", form)

    assert answer.location == f"{right}?done=right_person"
    assert "asks for his mother" in desk.get(right).text


def test_an_entry_of_another_person_cannot_be_put_right_from_here(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    one = opened(desk, CUSTODY, "/open")
    other = opened(desk, {**CUSTODY, "reference": "TRAINING/CS/0416/26"}, "/open")
    desk.post(f"{other}/note", {"words": "x", "group": "police"})
    seq = last(house, other, EventKind.NOTE).seq

    assert desk.get(f"{one}/entries/{seq}/correct").status_code == 404
    assert desk.get(f"{other}/entries/{seq}/correct").status_code == 200


def test_a_move_to_another_cell_says_only_what_has_changed(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    form = Page(desk.get(f"{stay}/move").text).form(cell="7", suite="castle_street", stage="arrest")

    answer = desk.post(f"{stay}/move", form)

    assert answer.location == f"{stay}?done=moved"
    assert last(house, stay, EventKind.STAY_MOVED).header["stay"] == {"cell": "7"}


def test_a_shift_is_taken_over_by_difference(house: House):
    first = house.browser(Role.CUSTODY_SERGEANT, name="okafor")
    next_one = house.browser(Role.CUSTODY_SERGEANT, name="adeyemi")
    stay = opened(first, CUSTODY, "/open")
    page = Page(first.get("/handover").text)
    first.post("/handover", page.form(taken_from="PS Reid") | {"up_to": _up_to(page)})
    house.clock.pass_by(minutes=5)
    first.post(f"{stay}/note", {"words": "tearful after the call", "group": "police"})

    words = Page(next_one.get("/handover").text).words()
    nobody = Page(next_one.post("/handover", {"up_to": "1"}).text).words()

    assert "1 of 1 person have changed since 20:40 BST, when your role last signed." in words
    assert "tearful after the call" in words
    assert "Enter who hands over to you." in nobody


def _up_to(page: Page) -> str:
    return next(
        e.attributes["value"] for e in page.all("input") if e.attributes.get("name") == "up_to"
    )


def test_the_nurse_says_until_when_she_is_with_somebody_and_is_free_again(house: House):
    nurse = house.browser(Role.LIAISON_NURSE)
    form = {"until": "21:30", "until_day": "2026-10-24", "reason": "in a cell"}

    assert nurse.post("/shift", form).location == "/shift?done=busy"
    busy = Page(nurse.get("/worklist").text).words()
    nurse.post("/shift/free")

    assert "You are with somebody until 21:30 BST" in busy
    assert "You are with somebody" not in Page(nurse.get("/worklist").text).words()


def test_my_shift_holds_what_i_have_taken_and_nothing_of_others(house: House):
    stay = somebody(house)
    mine = house.browser(Role.LIAISON_NURSE, name="nair")
    other = house.browser(Role.LIAISON_NURSE, name="obi")
    mine.post("/alerts/take", {"stay": stay[7:]})

    assert "Somebody close" in Page(mine.get("/shift").text).words()
    assert "You have taken nothing" in Page(other.get("/shift").text).words()


def test_what_was_said_before_stands_beside_what_is_said_now(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = somebody(house, **{"a.self_harm_ever": "over_1y"})
    house.clock.pass_by(minutes=5)
    house.record_screening(desk, stay, {"a.self_harm_ever": "never"})

    words = Page(house.browser(Role.LIAISON_NURSE).get(stay).text).words()

    assert "Before and now" in words
    assert "Differs: ask again" in words


def test_a_whole_stay_that_was_kept_for_the_wrong_person_gets_the_right_one(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    path = f"{stay}/wrong-person"
    unsaid = desk.post(path, {"name": "Bea Right", "age": "16", "age_source": "stated",
                              "sex": "female", "reason": ""})  # fmt: skip
    done = desk.post(path, {"name": "Bea Right", "age": "16", "age_source": "stated",
                            "sex": "female", "reason": "another photo"})  # fmt: skip
    page = desk.get(stay)

    assert (done.status_code, done.location) == (303, f"{stay}?done=wrong_person")
    assert "how it was found out" in unsaid.text
    assert "Bea Right" in page.text
    assert path in desk.get(f"{stay}/identity").text


# The rota


def test_the_lead_nurse_keeps_the_rota_and_sees_the_hole_that_she_makes(house: House):
    house.account("liaison_nurse")
    lead = house.browser("lead_nurse")
    typed = {"suite": "castle_street", "role": "liaison_nurse", "account": "liaison.nurse",
             "contact": "+447700900123", "begins": "20:00", "ends": "23:00"}  # fmt: skip
    page = lead.post("/rota", typed)
    [duty] = house.record.reading().rota(house.clock.at)
    after = lead.post("/rota/drop", {"duty": duty.id})

    assert "Liaison Nurse is on the rota." in page.text
    assert (duty.account, duty.contact) == ("liaison.nurse", "+447700900123")
    assert "Nobody stands on the rota from now on." in after.text
    assert lead.post("/rota", {**typed, "begins": "19:00", "ends": "20:00"}).text.count(
        "That time has passed."
    )
    assert house.browser("liaison_nurse").get("/rota").status_code == 403


def test_an_empty_slot_is_said_on_the_page_of_the_rota(house: House):
    lead = house.browser("lead_nurse")
    lead.post("/rota", {"suite": "castle_street", "role": "liaison_nurse", "name": "On call",
                        "begins": "23:00", "ends": "23:30"})  # fmt: skip

    assert "Castle Street: nobody covers for the liaison nurse now." in lead.get("/rota").text


def test_a_terminal_keeps_the_rota_over_the_api(house: House):
    terminal = house.terminal("lead_nurse")
    said = {"suite": "castle_street", "role": "liaison_nurse", "name": "On call",
            "starts_at": "2026-10-24T19:00:00Z", "ends_at": "2026-10-24T23:00:00Z"}  # fmt: skip
    first, again = terminal.post("/rota", said), terminal.post("/rota", said)
    listed = terminal.get("/rota").json

    assert (first.status_code, again.json) == (201, first.json)
    assert [each["name"] for each in listed["duties"]] == ["On call"]
    left = terminal.delete(f"/rota/{first.json['id']}")
    assert left.json == {"at": "2026-10-24T19:40:00Z", "duties": [], "empty": []}
    assert terminal.delete(f"/rota/{first.json['id']}").status_code == 404
