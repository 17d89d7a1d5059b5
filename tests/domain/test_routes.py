"""Which routes are open to whom, on the small rulebook of tests/assets/rules."""

from datetime import date

import pytest

from tests.rulebooks import person, small
from triage.domain.answers import Details
from triage.domain.findings import Axis, Missing, Route, RouteStatus
from triage.domain.routes import suggest
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen

BOOK = small()
OPIOIDS = {"drugs_month": ("opioid",)}


def routes(details: Details, book: Rulebook = BOOK) -> dict[str, Route]:
    return {route.route: route for route in screen(book, details).routes}


def statuses(details: Details, book: Rulebook = BOOK) -> dict[str, str]:
    return {name: route.status.value for name, route in routes(details, book).items()}


def test_everyone_is_offered_the_nurse_and_information_where_there_is_nothing_else() -> None:
    found = statuses(person(offence="none"))

    assert found["liaison_nurse"] == found["information_only"] == "suggested"


def test_information_alone_is_held_back_while_another_support_is_suggested() -> None:
    found = statuses(person(**OPIOIDS))

    assert found["drug_treatment"] == "suggested"
    assert "information_only" not in found


def test_a_route_says_which_needs_it_answers() -> None:
    assert routes(person(**OPIOIDS))["liaison_nurse"].why == (
        "Everyone is offered the nurse.",
        "For: drugs (soon).",
    )


def test_a_route_that_nothing_calls_for_is_left_out() -> None:
    assert "emergency_ambulance" not in routes(person())


def test_a_possible_need_makes_a_route_need_information_and_never_suggests_it() -> None:
    details = person(drugs_month="refused", drugs_today="no", which_today=())

    route = routes(details)["drug_treatment"]

    assert route.status is RouteStatus.NEEDS_INFORMATION
    assert route.missing == (Missing("drugs_month", "refused"),)


def test_a_route_is_possible_where_a_person_may_think_of_it() -> None:
    assert statuses(person(sex="female"))["womens_centre"] == "possible"
    assert statuses(person(sex="female", **OPIOIDS))["womens_centre"] == "suggested"


def test_an_unknown_sex_neither_opens_nor_closes_a_route() -> None:
    route = routes(person(sex="unknown", **OPIOIDS))["womens_centre"]

    assert route.status is RouteStatus.NEEDS_INFORMATION
    assert Missing("sex", "not_asked") in route.missing


@pytest.mark.parametrize("known", [{"age": 16}, {"age": None, "looks_under_18": True}])
def test_a_child_never_meets_a_route_for_adults(known: dict[str, object]) -> None:
    found = routes(person(sex="female", evidence_ready=True, admits=True, **OPIOIDS, **known))

    for name in ("womens_centre", "conditional_caution"):
        assert found[name].status is RouteStatus.NOT_AVAILABLE


def test_a_person_who_may_be_a_child_is_not_sent_to_adults_until_it_is_known() -> None:
    details = person(sex="female", age=None, looks_under_18="not_asked", **OPIOIDS)

    route = routes(details)["womens_centre"]

    assert route.status is RouteStatus.NEEDS_INFORMATION
    assert {each.id for each in route.missing} >= {"age", "looks_under_18"}


def test_a_route_of_one_nation_is_not_open_in_the_other() -> None:
    route = routes(person(sex="female", nation="wales"))["womens_centre"]

    assert (route.status, route.why) == (RouteStatus.NOT_AVAILABLE, ("Not in Wales.",))


def test_a_disposal_waits_for_the_evidence_stage_and_says_what_is_missing() -> None:
    route = routes(person(**OPIOIDS))["conditional_caution"]

    assert (route.axis, route.status) == (Axis.DISPOSAL, RouteStatus.NEEDS_INFORMATION)
    assert route.missing == (
        Missing("evidence_stage", "not_asked"),
        Missing("admits", "not_asked"),
    )


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ({"admits": True}, RouteStatus.SUGGESTED),
        ({"admits": None}, RouteStatus.NEEDS_INFORMATION),
        ({"admits": False}, RouteStatus.NOT_AVAILABLE),
        ({"admits": True, "offence": "sexual"}, RouteStatus.NOT_AVAILABLE),
        ({"admits": True, "offence": "other"}, RouteStatus.NOT_AVAILABLE),
    ],
)
def test_a_disposal_opens_only_to_what_is_known(
    known: dict[str, object], status: RouteStatus
) -> None:
    details = person(evidence_ready=True, **OPIOIDS, **known)

    assert routes(details)["conditional_caution"].status is status


def test_a_route_whose_law_is_not_in_force_says_that_a_change_is_expected() -> None:
    details = person(drug_test="positive")
    assumed = BOOK.assume([("NEW", date(2026, 1, 1))])

    before = routes(details)["drug_test_required_assessment"]
    assert before.status is RouteStatus.NOT_AVAILABLE
    assert "change is expected" in before.why[0]
    assert statuses(details, assumed)["drug_test_required_assessment"] == "suggested"


def test_routes_stand_in_the_order_of_the_axes() -> None:
    details = person(rouse="none", sex="female", **OPIOIDS)

    axes = [route.axis for route in screen(BOOK, details).routes]

    assert axes == sorted(axes, key=["duty", "support", "disposal"].index)


def test_the_services_of_a_route_are_those_of_the_nation() -> None:
    assert routes(person(sex="female"))["womens_centre"].services == ("house",)


def test_routes_can_be_suggested_again_from_what_was_found() -> None:
    details = person(sex="female", head_knock="unable", drugs_month="refused")
    findings = screen(BOOK, details)

    again = suggest(BOOK, details, findings.needs, findings.flags, findings.not_excluded)

    assert again == findings.routes
