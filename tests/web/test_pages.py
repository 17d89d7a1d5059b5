"""The pages, through the journeys of the people who use them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import triage.web
from tests.rulebooks import real
from triage import casework
from triage.casework import tick
from triage.casework.codes import code_of
from triage.casework.entries import details_of
from triage.domain.answers import Answer, Closing, Details, Status
from triage.domain.progress import not_credibly_asked
from triage.domain.roles import Role
from triage.present.questions import SEEN_NORMAL

from .conftest import Browser, House
from .reading import Page

SIREN = "/static/siren.js"  # the one script of our pages
HOSPITAL = {
    "reference": "TRAINING/INC/2231",
    "decided": "20:30",
    "decided_day": "2026-10-24",
    "place": "a_and_e",
    "sex": "male",
    "suite": "castle_street",
}
CUSTODY = {
    "reference": "TRAINING/CS/0415/26",
    "kind": "custody",
    "opened": "20:35",
    "opened_day": "2026-10-24",
    "name": "Denise Ahern",
    "age": "38",
    "sex": "female",
    "offence": "theft",
    "suite": "castle_street",
    "cell": "4",
}


def run_the_timers(house: House) -> None:
    tick(house.service, now=house.clock.at, send=lambda *given: None)


def opened(browser: Browser, form: dict[str, str], path: str = "/open/hospital") -> str:
    answer = browser.post(path, form)
    assert answer.status_code == 303, Page(answer.text).words()
    return answer.location.partition("?")[0]


def everything(house: House) -> dict[str, str]:
    """Every page that there is, with two people on the board and an emergency open."""
    desk, nurse = house.browser(Role.CUSTODY_SERGEANT), house.browser(Role.LIAISON_NURSE)
    inspector, administrator = house.browser(Role.DUTY_INSPECTOR), house.browser("administrator")
    hospital = opened(desk, {**HOSPITAL, "age": "27"})
    person = opened(desk, CUSTODY, "/open")
    house.record_screening(desk, person, {"o.rouse": "voice", "a.head_knock": "knock_red"})
    run_the_timers(house)
    alert = house.record.reading().open_alerts()[0].key
    entry = next(
        each.seq for each in house.record.reading().stay_events(person.rpartition("/")[2])
        if each.kind == "screening_saved"
    )  # fmt: skip
    addresses = [
        (desk, "/board"), (desk, "/alerts"), (desk, hospital), (desk, person),
        (desk, "/open/hospital"), (desk, "/open"), (desk, f"{person}/screening"),
        (desk, f"{person}/event"), (desk, f"{person}/event?kind=arrived"),
        (desk, f"{person}/authorise"), (desk, f"{person}/authorise?kind=extension_authorised"),
        (desk, f"{person}/visit"), (desk, f"{person}/route?route=womens_centre"),
        (desk, f"{person}/release"), (desk, f"/alerts/cancel?alert={alert}"), (desk, "/nowhere"),
        (desk, f"{person}/why?of=drugs"),
        (desk, "/handover"), (desk, f"{person}/identity"), (desk, f"{person}/move"),
        (desk, f"{person}/wrong-person"),
        (desk, f"{person}/note"), (desk, f"{person}/entries/{entry}/correct"),
        (desk, f"{person}/entries/{entry}/move"), (nurse, f"{person}/consent"),
        (nurse, f"{person}/summary"), (nurse, f"{person}/done"), (nurse, f"{person}/ended"),
        (nurse, "/shift"), (nurse, "/worklist"), (nurse, person), (inspector, "/section-136"),
        (administrator, "/accounts"), (administrator, "/terminals"), (administrator, "/rota"),
        (desk, "/api/docs"),
    ]  # fmt: skip
    pages = {address: browser.get(address).text for browser, address in addresses}
    pages["/sign-in"] = house.browser().get("/sign-in").text
    pages["/welcome"] = house.browser().get("/welcome/nothing").text
    return pages


def test_every_page_has_one_heading_its_title_and_a_label_for_each_field(house: House):
    faults = {address: Page(text).faults for address, text in everything(house).items()}

    assert {address: each for address, each in faults.items() if each} == {}


def test_a_page_that_breaks_the_rules_is_noticed():
    source = '<title>A</title><h1>A</h1><h1>B</h1><input name="x" id="y"><p id="y"></p>'

    assert Page(source).faults == [
        "2 headings of the first level",
        "title ['A'] is not the heading ['A', 'B']",
        "input x has no label",
        "id y stands twice",
    ]


def test_every_template_is_shown_by_some_page(house: House, monkeypatch):
    shown = set()
    loader = house.app.jinja_env.loader
    get_source = loader.get_source
    monkeypatch.setattr(
        loader, "get_source", lambda env, name: (shown.add(name), get_source(env, name))[1]
    )
    everything(house)
    folder = Path(triage.web.__file__).parent / "templates"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    written = {name for name in names if not name.startswith("review_")}  # in test_review_pages

    assert written - shown == {
        "welcome.html", "fault.html",  # shown in the tests of signing in
        "sound_test.html",  # and in those of the siren
    }  # fmt: skip


def test_a_hospital_detention_is_opened_with_an_incident_number_alone(house: House):
    desk = house.browser(Role.CONTROL_ROOM)
    typed = Page(desk.get("/open/hospital").text).form(reference="TRAINING/INC/2231")
    page = Page(desk.get(opened(desk, {**typed, "suite": "castle_street", "place": "a_and_e",
                                       "sex": "unknown"})).text)  # fmt: skip

    assert page.words("h1") == "No name yet, On the way to: A&E department"
    assert "Power recorded: Section 136" in page.words()


def test_the_inspector_reads_which_power_is_recorded_and_when_it_lapses(house: House):
    desk, inspector = house.browser(Role.CUSTODY_SERGEANT), house.browser(Role.DUTY_INSPECTOR)
    opened(desk, {**HOSPITAL, "arrived": "20:40", "arrived_day": "2026-10-24"})
    words = Page(inspector.get("/section-136").text).words()

    assert "Power recorded: Section 136, by Custody Sergeant, since 20:30 BST" in words
    # 24 hours run from the arrival at 20:40 BST, over the night that the clocks go back.
    assert "Lapses at Sun 25 Oct 19:40 GMT" in words


def test_a_time_that_happened_twice_is_asked_about_and_never_guessed(house: House):
    house.clock.at = datetime(2026, 10, 25, 2, 0, tzinfo=UTC)
    desk = house.browser(Role.CUSTODY_SERGEANT)
    form = {**HOSPITAL, "decided": "01:30", "decided_day": "2026-10-25"}
    asked = Page(desk.post("/open/hospital", form).text)
    stay = opened(desk, {**form, "decided_fold": "second"})

    assert "This time happened twice, because the clocks went back." in asked.words()
    assert "The second, an hour later (GMT)" in asked.words()
    assert "since 01:30 GMT" in Page(desk.get(stay).text).words()


def test_a_time_that_never_existed_is_refused(house: House):
    house.clock.at = datetime(2026, 3, 29, 3, 0, tzinfo=UTC)
    desk = house.browser(Role.CUSTODY_SERGEANT)
    form = {**HOSPITAL, "decided": "01:30", "decided_day": "2026-03-29"}

    assert "This time never existed" in Page(desk.post("/open/hospital", form).text).words()


def test_what_is_still_to_come_is_not_recorded_as_done(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    answer = desk.post("/open/hospital", {**HOSPITAL, "decided": "23:30"})

    assert answer.status_code == 200
    assert "has not happened yet" in Page(answer.text).words()
    assert house.record.reading().open_stays() == ()


def test_what_happened_is_recorded_from_the_page_and_stands_in_the_timeline(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, HOSPITAL)
    form = Page(desk.get(f"{stay}/event?kind=arrived").text).form(
        at="20:38", place="a_and_e", kind="arrived", role="constable", by="PC Reed"
    )
    answer = desk.post(f"{stay}/event", form)
    page = Page(desk.get(stay).text)

    assert answer.location == f"{stay}?done=event"
    assert "20:38 BST Arrived at the place of safety" in page.words()
    assert "Handover to health Running" in page.words()


def test_what_fits_a_person_stands_before_what_hardly_does(house: House):
    desk, nurse = house.browser(Role.CUSTODY_SERGEANT), house.browser(Role.LIAISON_NURSE)
    hospital, custody = opened(desk, HOSPITAL), opened(desk, CUSTODY, "/open")
    of_both = [Page(desk.get(f"{stay}/event").text).words() for stay in (hospital, custody)]
    given = [Page(desk.get(f"{stay}/authorise").text).words() for stay in (hospital, custody)]

    for words, first, last in (
        (of_both[0], "Handover accepted", "PACE review done"),
        (of_both[1], "PACE review done", "Health check done"),
    ):
        assert words.index(first) < words.index("These hardly fit") < words.index(last)
    for words, first, last in (
        (given[0], "Extension of the permitted period", "Extension of detention"),
        (given[1], "Extension of detention", "Extension of the permitted period"),
    ):
        assert words.index(first) < words.index("Record it first") < words.index(last)
    assert nurse.get(f"{custody}/authorise").status_code == 403


def test_an_unlawful_authority_is_refused_with_the_law(house: House):
    desk, inspector = house.browser(Role.CUSTODY_SERGEANT), house.browser(Role.DUTY_INSPECTOR)
    stay = opened(desk, {**HOSPITAL, "age": "16"})
    tests = {"risk": "yes", "no_other_place": "yes", "hcp_available": "yes", "consulted": "nurse"}
    form = {"kind": "station_authorised", "at": "", "rank": "inspector", "role": "duty_inspector"}
    form |= tests
    answer = inspector.post(f"{stay}/authorise", form)

    assert answer.status_code == 200
    words = Page(answer.text).words()
    assert "Something needs to be put right" in words
    assert "under 18" in words


def test_a_screening_travels_from_the_form_to_findings_an_alert_and_back(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    answer = house.record_screening(desk, stay, {"a.self_harm_now": "thoughts"})
    page = Page(desk.get(stay).text)
    run_the_timers(house)

    assert answer.location == f"{stay}?done=screened"
    assert "Suicide and self-harm" in page.words()
    assert "Open alerts" in Page(desk.get(stay).text).words()


def test_a_question_that_was_left_alone_is_not_asked_and_never_no(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    house.record_screening(desk, stay, {})
    page = Page(desk.get(stay).text)

    assert "What is missing is unknown, not no." in page.words()
    assert "0 of 29 answers" in page.words()
    assert "No flags raised" not in page.words()


def details_of_last(house: House, stay: str) -> Details:
    id = stay.rpartition("/")[2]
    details = details_of(house.record.reading().last_screening(id).event)
    assert details is not None
    return details


@pytest.mark.parametrize("looked", [True, False])
def test_what_nobody_answered_of_what_is_seen_is_normal_only_by_the_act_that_says_so(
    house: House, looked: bool
):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    act = {"all_normal": "yes"} if looked else {}
    house.record_screening(desk, stay, {"o.rouse": "voice", "o.injury": "unknown", **act})
    seen = details_of_last(house, stay).observations

    rest = {
        each.id: Answer(Status.ANSWERED, each.nothing, words=SEEN_NORMAL)
        for each in real().observations.values()
        if each.id not in ("rouse", "injury")
    }
    given = {"rouse": Answer(Status.ANSWERED, "voice"), "injury": Answer(Status.NOT_ASKED)}
    assert dict(seen) == {**given, **(rest if looked else {})}


def test_a_draft_shows_the_act_for_all_again_and_no_single_answer_instead_of_it(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    typed = {"o.rouse": "voice", "all_normal": "yes"}
    house.record_screening(desk, stay, typed, do="draft")

    form = Page(desk.get(f"{stay}/screening").text).form()

    assert (form["all_normal"], form["o.rouse"], form["o.injury"]) == ("yes", "voice", "")


@pytest.mark.parametrize(
    ("ago", "doubted"),
    [
        ({"self_harm_ever": "5000", "self_harm_now": "4400"}, ("self_harm_now",)),
        ({"self_harm_ever": "5000", "self_harm_now": "2000"}, ()),
        ({}, ()),
        ({"self_harm_ever": "-1", "self_harm_now": "x" * 50}, ()),
    ],
)
def test_an_answer_about_self_harm_in_under_a_second_was_not_credibly_asked(
    house: House, ago: dict[str, str], doubted: tuple[str, ...]
):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    sent = {f"ago.{name}": each for name, each in ago.items()}
    typed = {"a.self_harm_ever": "never", "a.self_harm_now": "no", **sent}
    house.record_screening(desk, stay, typed)

    assert not_credibly_asked(real(), details_of_last(house, stay)) == doubted


def test_the_times_of_a_draft_go_on_to_the_screening(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    typed = {"a.self_harm_ever": "never", "ago.self_harm_ever": "5000"}
    house.record_screening(desk, stay, typed, do="draft")
    began = house.clock.at
    house.clock.pass_by(minutes=4)
    again = Page(desk.get(f"{stay}/screening").text)
    hidden = [
        each.attributes for each in again.all("input") if each.attributes["name"][:6] == "asked."
    ]
    house.record_screening(desk, stay, {each["name"]: each["value"] for each in hidden})

    asked = details_of_last(house, stay).answers["self_harm_ever"]
    assert asked == Answer(Status.ANSWERED, "never", asked_at=began - timedelta(seconds=5))


def test_a_draft_is_kept_and_shown_again_and_an_emergency_in_it_does_not_wait(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    typed = {"o.rouse": "none", "a.head_knock": "refused", "a.conditions": ["fits", "heart"]}
    page = Page(house.record_screening(desk, stay, typed, do="draft").text)
    again = Page(desk.get(f"{stay}/screening").text)
    ticked = {
        (each.attributes["name"], each.attributes["value"])
        for each in again.all("input")
        if "checked" in each.attributes
    }

    assert "The draft is kept." in page.words()
    assert "Call 999 first" in page.words() or "999" in page.words()
    assert {
        ("o.rouse", "none"), ("a.head_knock", "refused"), ("a.conditions", "fits"),
        ("a.conditions", "heart"),
    } <= ticked  # fmt: skip
    assert house.record.reading().last_screening(stay.rpartition("/")[2]) is not None


def test_an_alert_is_taken_acted_on_and_closed(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    house.record_screening(desk, stay, {"o.rouse": "none"})
    run_the_timers(house)
    alert = house.record.reading().open_alerts()[0].key
    target = {"alert": alert, "stay": stay.rpartition("/")[2], "from": "alerts"}
    desk.post("/alerts/acknowledge", target)
    taken = Page(desk.get("/alerts").text).words()
    desk.post("/alerts/act", {**target, "done": "Ambulance called, HCP with her."})
    in_hand = Page(desk.get("/alerts").text).words()
    closed = desk.post("/alerts/close", {**target, "outcome": "handed_over", "words": "Hospital."})

    assert "With Custody Sergeant (custody sergeant) since 20:40 BST" in taken
    assert "In hand with Custody Sergeant" in in_hand
    assert closed.location == "/alerts?done=closed"
    assert house.record.reading().alert(alert).state == "closed"


def test_whoever_takes_an_alert_second_is_told_so(house: House):
    desk, inspector = house.browser(Role.CUSTODY_SERGEANT), house.browser(Role.DUTY_INSPECTOR)
    stay = opened(desk, CUSTODY, "/open")
    house.record_screening(desk, stay, {"o.rouse": "none"})
    run_the_timers(house)
    form = {"alert": house.record.reading().open_alerts()[0].key, "from": "alerts"}
    first = desk.post("/alerts/acknowledge", form)
    second = inspector.post("/alerts/acknowledge", form)
    again = desk.post("/alerts/acknowledge", form)

    assert first.location == again.location == "/alerts?done=taken"
    assert "had taken it just before you" in Page(inspector.get(second.location).text).words()


def test_an_emergency_is_cancelled_by_two_people_only(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    house.account(Role.DUTY_INSPECTOR)
    stay = opened(desk, CUSTODY, "/open")
    house.record_screening(desk, stay, {"o.rouse": "none"})
    run_the_timers(house)
    alert = house.record.reading().open_alerts()[0].key
    form = {"alert": alert, "reason": "Typed on the wrong person."}
    asked = Page(desk.get(f"/alerts/cancel?alert={alert}").text).words()
    alone = Page(desk.post("/alerts/cancel", form).text).words()
    wrong = Page(
        desk.post("/alerts/cancel", {**form, "account": "duty.inspector", "password": "x"}).text
    ).words()
    both = desk.post(
        "/alerts/cancel",
        {**form, "account": "duty.inspector", "password": house.password},
    )

    for page in (asked, alone):  # which alert it is stands there, before and after a mistake
        assert f"Emergency: Hospital now: call 999. Code {code_of(alert)}." in page
    assert "two different people" in alone
    assert "do not open an account here" in wrong
    assert both.location == "/alerts?done=cancelled"


def test_the_release_shows_what_is_open_and_asks_why_it_was_left(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    house.record_screening(desk, stay, {"a.self_harm_now": "plan_or_intent"})
    run_the_timers(house)
    form = {"left": "20:40", "left_day": "2026-10-24", "to": "home"}
    gate = Page(desk.get(f"{stay}/release").text).words()
    without = Page(desk.post(f"{stay}/release", form).text).words()
    done = desk.post(f"{stay}/release", {**form, "reason": "not_given"})

    assert "What is still open" in gate
    assert "These things are still open." in gate
    assert "Something needs to be put right" in without
    assert done.location == f"{stay}?done=released"


def test_a_decision_on_a_route_stands_on_the_page(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    house.record_screening(desk, stay, {})
    form = {"route": "liaison_nurse", "outcome": "declined", "reason": "Not now, thank you."}
    desk.post(f"{stay}/route", form)

    assert "declined" in Page(desk.get(stay).text).words().casefold()


def test_police_read_no_clinical_word_on_any_page(house: House):
    desk, nurse = house.browser(Role.CUSTODY_SERGEANT), house.browser(Role.LIAISON_NURSE)
    stay = opened(desk, CUSTODY, "/open")
    nurse.post(f"{stay}/visit", {"at": "", "seen": "canary: lithium level asked for"})
    police = [desk.get(path).text for path in (stay, "/board", "/alerts", "/section-136")]

    assert "canary" in nurse.get(stay).text
    assert [text for text in police if "canary" in text] == []


@pytest.mark.parametrize("minutes", [1, 3])
def test_every_page_says_loudly_when_the_timers_have_stopped(house: House, minutes: int):
    run_the_timers(house)
    house.clock.pass_by(minutes=minutes)
    loud = {
        address: "The timers have stopped" in text and 'role="alert"' in text
        for address, text in {
            "/sign-in": house.browser().get("/sign-in").text,
            "/board": house.browser(Role.CUSTODY_SERGEANT).get("/board").text,
            "/nowhere": house.browser(Role.CUSTODY_SERGEANT).get("/nowhere").text,
        }.items()
    }

    assert set(loud.values()) == {minutes > 2}


def test_every_page_of_a_training_database_says_so(house: House):
    unmarked = [
        address for address, text in everything(house).items() if "Training database" not in text
    ]

    assert unmarked == []


@pytest.mark.parametrize("suite", ["castle_street", "dock_road"])
def test_somebody_of_one_suite_sees_that_suite_only(house: House, suite: str):
    opened(house.browser(Role.CUSTODY_SERGEANT), HOSPITAL)
    officer = house.browser(Role.DETENTION_OFFICER, suite)
    page = Page(officer.get("/board").text).words()

    assert ("TRAINING/INC/2231" in page) is (suite == "castle_street")


HOSTILE_NAMES = [
    "Robert'); DROP TABLE stays;--",
    '"><svg onload=alert(1)>',
    "<script>alert(1)</script>",
    "{{ 7*7 }} {% raw %}",
    "Zoë Ångström-O'Neill",
    "محمد علي",
    "李小龙",
    "🙂 Emoji",
    "null",
    "  ",
    "../../etc/passwd",
    "=HYPERLINK(1)",
    "a" * 200,
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_comes_back_as_it_was_typed_and_nothing_in_it_acts(house: House, name: str):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, {**CUSTODY, "name": name}, "/open")
    page = Page(desk.get(stay).text)
    acting = [
        each.tag
        for each in page.elements
        if (each.tag in ("script", "svg", "iframe") and each.attributes.get("src") != SIREN)
        or any(attribute.startswith("on") for attribute in each.attributes)
    ]
    shown = [" ".join(each.words.split()) for each in page.all("dd")]

    assert acting == []
    assert (" ".join(name.split()) or "Not known yet") in shown


def test_a_reference_that_is_in_use_is_said_beside_its_field(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    opened(desk, HOSPITAL)
    page = Page(desk.post("/open/hospital", HOSPITAL).text)

    assert "An open stay has this number already." in page.words()
    assert page.faults == []


def test_a_stay_that_does_not_exist_is_not_found(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    answers = {
        path: desk.get(path).status_code
        for path in ("/stays/s-nobody0", "/stays/s-nobody0/screening", "/stays/%00", "/stays/%F0")
    }

    assert set(answers.values()) == {404}


def test_a_warning_is_closed_on_the_form_with_a_day_a_name_and_a_reason(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    marked = {"checked": "yes", "marker_0": "self_harm", "marker_0_origin": "pnc"}
    closing = {
        "marker_0_closed_on": "2026-10-01",
        "marker_0_closed_by_role": "custody_hcp",
        "marker_0_closed_reason": "Reviewed with the person (TRAINING)",
    }
    house.record_screening(desk, stay, marked | closing, do="draft")
    kept = Page(desk.get(f"{stay}/screening").text).form()
    house.record_screening(desk, stay, marked)

    (marker,) = details_of_last(house, stay).record.markers
    assert {name: kept[name] for name in closing} == closing
    assert marker.closed == Closing(
        date(2026, 10, 1), "custody_hcp", "Reviewed with the person (TRAINING)"
    )


def test_a_warning_closed_in_part_is_refused_at_the_field_and_not_recorded(house: House):
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    typed = {
        "marker_0": "self_harm", "marker_0_origin": "pnc", "marker_0_closed_reason": "Old",
    }  # fmt: skip

    answer = house.record_screening(desk, stay, typed)

    at_fault = [
        each.attributes["name"] for each in Page(answer.text).all("input")
        if each.attributes.get("aria-invalid") == "true"
    ]  # fmt: skip
    assert answer.location is None
    assert at_fault == ["marker_0_closed_on", "marker_0_closed_by_role"]


def test_two_browsers_that_type_at_once_keep_both_and_what_differs_is_chosen(house: House):
    desk, other = house.browser(Role.CUSTODY_SERGEANT), house.browser(Role.DETENTION_OFFICER)
    stay = opened(desk, CUSTODY, "/open")
    shown = {"made_on": "0", "nation": "england", "stage": "arrest", "offence": "theft"}
    first = {**shown, "o.rouse": "voice", "o.confused": "no"}
    house.record_screening(desk, stay, first, do="draft")
    second = house.record_screening(
        other, stay, {**shown, "o.rouse": "alert", "a.armed_forces": "no"}, do="draft"
    )
    text = Page(second.text).words()
    id = stay.rpartition("/")[2]

    assert "O1 can be woken. Different answers stand" in text
    assert 'typed "wakes to a voice" at' in text and 'typed "awake' in text.lower()
    assert "Until one is chosen, the more careful one is recorded." in text
    assert "Also typed here:" in text
    assert '<input type="hidden" name="made_on" value="2">' in second.text
    assert house.record.reading().draft(id).body["answers"] == {"armed_forces": "no"}


def test_what_was_left_out_of_a_recorded_screening_is_seen_by_whoever_looks_next(house: House):
    desk, other = house.browser(Role.CUSTODY_SERGEANT), house.browser(Role.DETENTION_OFFICER)
    stay = opened(desk, CUSTODY, "/open")
    shown = {"made_on": "0", "nation": "england", "stage": "arrest", "offence": "theft"}
    house.record_screening(desk, stay, shown, do="draft")
    house.record_screening(other, stay, {**shown, "a.armed_forces": "no"}, do="draft")
    before = Page(desk.get(stay).text).words()
    recorded = house.record_screening(desk, stay, {**shown, "made_on": "1", "a.armed_forces": ""})
    after, form = Page(other.get(stay).text), Page(other.get(f"{stay}/screening").text)

    assert recorded.location is not None
    assert recorded.location.endswith("done=screened_in_part")
    assert "A half-finished screening is kept." in before
    assert "1 answer is not recorded. Go on with it" in after.words()
    assert "Custody Sergeant recorded a screening at" in form.words()
    assert form.form()["a.armed_forces"] == "no"


def test_nothing_is_said_of_a_half_finished_screening_once_all_of_it_is_recorded(house: House):
    """The twin."""
    desk = house.browser(Role.CUSTODY_SERGEANT)
    stay = opened(desk, CUSTODY, "/open")
    house.record_screening(desk, stay, {"a.armed_forces": "no"}, do="draft")
    house.record_screening(desk, stay, {"a.armed_forces": "no"})

    assert "half-finished" not in Page(desk.get(stay).text).words()


def test_what_somebody_types_while_the_form_is_fetched_is_in_it_or_counts_as_unseen(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    """The form and the state that it says it was made on are one look at the draft."""
    desk, other = house.browser(Role.CUSTODY_SERGEANT), house.browser(Role.DETENTION_OFFICER)
    stay = opened(desk, CUSTODY, "/open")
    look = casework.stay_view

    def slow_look(*told: Any, **more: Any) -> casework.StayView:
        found = look(*told, **more)
        monkeypatch.setattr(casework, "stay_view", look)
        house.record_screening(other, stay, {"a.armed_forces": "yes"}, do="draft")
        return found

    monkeypatch.setattr(casework, "stay_view", slow_look)
    shown = desk.get(f"{stay}/screening").text

    assert 'name="made_on" value="1"' in shown
    assert Page(shown).form()["a.armed_forces"] == "yes"
