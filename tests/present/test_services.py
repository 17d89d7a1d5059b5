"""What stands under a route: where it leads, whether somebody is there, how to reach them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.rulebooks import person, real
from triage.domain import london
from triage.domain.opening_hours import Holidays
from triage.domain.route_rules import Service
from triage.domain.screening import screen
from triage.present.found import found
from triage.present.screening import as_json, in_words
from triage.present.services import ServiceWords, services

HOLIDAYS = Holidays({date(2026, 12, 28): "Boxing Day"}, date(2030, 12, 31))
MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


def book(**details: object):
    house = Service("house", "womens_centre", "Women's house (training)", details)
    others = tuple(each for each in real().services if each.route != "womens_centre")
    return replace(real(), services=(*others, house), holidays=HOLIDAYS)


def told(at: datetime = MONDAY, suite: str | None = None, **details: object):
    return services(["house"], book(**details), at=at, suite=suite)


HOURS = "Monday to Friday 09:30 to 16:30"


@pytest.mark.parametrize(
    ("when", "hours", "state", "words"),
    [
        ("2026-11-23 12:00", HOURS, "open", "Open until 16:30 GMT."),
        ("2026-11-23 17:00", HOURS, "closed", "Closed; opens Tue 24 Nov 09:30 GMT."),
        ("2026-07-03 17:00", HOURS, "closed", "Closed; opens Mon 6 Jul 09:30 BST."),
        ("2026-11-23 12:00", "every day, day and night", "open", "Open."),
        ("2026-11-23 12:00", None, "not_known", "Hours not given."),
        ("2026-11-23 12:00", "by appointment", "not_known",
         "Whether it is open cannot be told from its hours."),
        ("2026-12-28 12:00", HOURS, "not_known",
         "Bank holiday (Boxing Day): its hours do not say whether it is open."),
        ("2026-12-27 12:00", HOURS, "closed",
         "Closed; opens Tue 29 Dec 09:30 GMT. Before that: bank holiday (Boxing Day): its hours do "
         "not say whether it is open."),
        ("2031-01-06 12:00", HOURS, "not_known",
         "Whether it is open is not known: the bank holidays of this year are not on file."),
    ],
)  # fmt: skip
def test_it_says_whether_a_service_is_open_and_what_nobody_can_tell(when, hours, state, words):
    given = {} if hours is None else {"open": hours}

    (one,) = told(london.from_wall(datetime.fromisoformat(when)), **given)

    assert (one.state, one.opening) == (state, words)


def test_hours_contacts_and_suites_stand_beside_it():
    given = {
        "open": HOURS, "phone": "01632 960001", "email": "house@example.org",
        "suites": ["dock_road", "castle_street"],
    }  # fmt: skip

    assert told(**given) == (
        ServiceWords(
            "Women's house (training)",
            "open",
            "Open until 16:30 GMT.",
            "Monday to Friday 09:30 to 16:30.",
            "Telephone 01632 960001. house@example.org. For Dock Road and Castle Street.",
        ),
    )


def test_a_person_in_one_suite_is_shown_the_services_of_that_suite_only():
    assert told(suite="dock_road", suites=["castle_street"]) == ()
    assert [each.reach for each in told(suite="dock_road", suites=["dock_road"])] == [""]
    assert len(told(suite="dock_road")) == 1  # one that names no suite serves them all


def test_page_terminal_and_data_say_the_same_of_a_service():
    rulebook = book(open=HOURS, phone="01632 960001", suites=["castle_street"])
    details = replace(person(rulebook, sex="female", home_tonight="street"), at=MONDAY)
    findings = screen(rulebook, details)

    shown = found(findings, rulebook=rulebook, now=MONDAY, suite="castle_street")
    document = as_json(findings, rulebook=rulebook)
    text = " ".join(in_words(findings, rulebook=rulebook).split())

    page = [one for _, routes in shown.routes for r in routes for one in r.services]
    assert [one.opening for one in page if one.name.startswith("Women")] == [
        "Open until 16:30 GMT."
    ]
    data = [one for route in document["routes"] for one in route["services"]]
    assert [one for one in data if one["id"] == "house"] == [
        {
            "id": "house",
            "name": "Women's house (training)",
            "suites": ["castle_street"],
            "hours": HOURS,
            "phone": "01632 960001",
            "email": None,
            "website": None,
            "open": True,
            "open_until": "2026-11-23T16:30:00Z",
            "opens_at": None,
            "doubt": None,
            "words": "Open until 16:30 GMT.",
        }
    ]
    assert (
        "- Women's house (training). Open until 16:30 GMT. Monday to Friday 09:30 to 16:30. "
        "Telephone 01632 960001. For Castle Street." in text
    )


def test_a_service_that_is_gone_since_an_old_screening_is_not_shown_as_if_it_were_there():
    rulebook = book(open=HOURS)
    findings = screen(rulebook, person(rulebook, sex="female", home_tonight="street"))
    now = replace(rulebook, services=())

    assert [one for r in as_json(findings, rulebook=now)["routes"] for one in r["services"]] == []
    assert services(["house"], now, at=MONDAY) == ()
