"""Every route against every role, from the one table."""

import inspect
from collections.abc import Callable

import pytest
from flask import Flask

from triage.domain.roles import Role
from triage.web import access, gate
from triage.web.access import ROUTES, Door, roles_for, unlisted

from .conftest import FROM_HERE, House

A_STAY, AN_ALERT = "s-nobody0", "s-nobody0:rule:0:1"
ADDRESSES = {"stay": A_STAY, "alert": AN_ALERT, "seq": 1, "secret": "x", "filename": "triage.css",
             "name": "head_injury", "duty": "0123456789abcdef"}  # fmt: skip


def calls(house: House) -> list[tuple[str, str, str]]:
    """Each route with one of its methods and an address that can be asked for."""
    found = []
    adapter = house.app.url_map.bind("localhost")
    for rule in house.app.url_map.iter_rules():
        values = {name: ADDRESSES[name] for name in rule.arguments}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found.append((rule.endpoint, method, adapter.build(rule.endpoint, values, method)))
    return found


def refused_for_role(house: House, role: Role, method: str, path: str) -> bool:
    browser = house.browser(role)
    headers = {**FROM_HERE}
    if path.startswith("/api/"):
        answer = browser.client.open(path, method=method, json={}, headers=headers, buffered=True)
        return answer.status_code == 403 and "role" in str(answer.json)
    answer = browser.client.open(
        path, method=method, headers=headers, buffered=True,
        data={"csrf": browser.csrf} if method == "POST" else None,
    )  # fmt: skip
    return answer.status_code == 403


def lets_in(endpoint: str, role: Role) -> bool:
    return role in roles_for(ROUTES[endpoint])


def disagreements(house: House, role: Role) -> list[tuple[str, str]]:
    """Routes that let this role in although the table does not, or the other way round."""
    return [
        (endpoint, method)
        for endpoint, method, path in calls(house)
        if refused_for_role(house, role, method, path)
        is not (role not in roles_for(ROUTES[endpoint]))
    ]


def test_every_role_gets_exactly_the_routes_of_the_table(house: House, role: Role):
    assert disagreements(house, role) == []


def test_a_route_that_is_opened_by_mistake_is_noticed(house: House, monkeypatch):
    widened = {**ROUTES, "pages.people": Door.SIGNED_IN}
    monkeypatch.setattr(gate, "ROUTES", widened)

    assert disagreements(house, Role.DETENTION_OFFICER) == [
        ("pages.people", "GET"),
        ("pages.people", "POST"),
    ]


def test_nobody_gets_further_than_the_sign_in_page(house: House):
    inside = {}
    for endpoint, method, path in calls(house):
        answer = house.browser().client.open(path, method=method, headers=FROM_HERE, buffered=True)
        inside[endpoint] = answer.status_code in (303, 401)

    assert {each for each, stopped in inside.items() if not stopped} == {
        each for each, door in ROUTES.items() if door is Door.ANYONE
    }


def test_a_terminal_without_a_person_sees_no_record(house: House):
    terminal = house.terminal()
    open_to_it = set()
    for endpoint, method, path in calls(house):
        if path.startswith("/api/v1/"):
            answer = house.app.test_client().open(
                path, method=method, json={}, headers=terminal.headers()
            )
            if answer.status_code != 401:
                open_to_it.add(endpoint)

    assert open_to_it == {
        each for each, door in ROUTES.items() if door in (Door.TERMINAL, Door.ANYONE)
    } & {endpoint for endpoint, _, path in calls(house) if path.startswith("/api/v1/")}


def test_an_application_with_a_route_that_the_table_forgot_is_not_started(house: House):
    assert unlisted(["pages.board", "pages.surprise"]) == ["pages.surprise"]
    assert unlisted(rule.endpoint for rule in house.app.url_map.iter_rules()) == []


def test_the_table_names_no_route_that_does_not_exist(house: House):
    assert set(access.ROUTES) == {rule.endpoint for rule in house.app.url_map.iter_rules()}


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://elsewhere"}]
)
def test_a_change_asked_for_by_another_site_is_refused(house: House, headers: dict[str, str]):
    browser = house.browser(Role.CUSTODY_SERGEANT)
    refused = {}
    for endpoint, method, path in calls(house):
        if method in ("POST", "PUT", "DELETE") and Role.CUSTODY_SERGEANT in roles_for(
            ROUTES[endpoint]
        ):
            kind = {"json": {}} if path.startswith("/api/") else {"data": {"csrf": browser.csrf}}
            answer = browser.client.open(path, method=method, headers=headers, **kind)
            refused[endpoint] = answer.status_code

    assert set(refused.values()) == {403}


def test_a_form_without_the_sessions_own_token_changes_nothing(house: House):
    browser = house.browser(Role.CUSTODY_SERGEANT)
    answers = {
        endpoint: browser.client.post(path, data={"csrf": "another"}, headers=FROM_HERE).status_code
        for endpoint, method, path in calls(house)
        if method == "POST"
        and not path.startswith("/api/")
        and lets_in(endpoint, Role.CUSTODY_SERGEANT)
        and ROUTES[endpoint] is not Door.ANYONE
    }

    assert set(answers.values()) == {403}


def asynchronous(app: Flask) -> list[str]:
    """The functions of an application that it would have to wait for."""
    hooks = [each for kind in (app.before_request_funcs, app.after_request_funcs)
             for found in kind.values() for each in found]  # fmt: skip
    hooks += [handler for by_code in app.error_handler_spec.values()
              for handlers in by_code.values() for handler in handlers.values()]  # fmt: skip
    views = [view for function in app.view_functions.values() for view in methods(function)]
    return [each.__name__ for each in (*hooks, *views) if inspect.iscoroutinefunction(each)]


def methods(view: Callable[..., object]) -> list[Callable[..., object]]:
    kind = getattr(view, "view_class", None)
    return [view] if kind is None else [getattr(kind, name.lower()) for name in kind.methods]


def test_nothing_that_answers_is_asynchronous(house: House):
    assert asynchronous(house.app) == []


def test_an_asynchronous_view_is_noticed(house: House):
    async def later() -> str:
        return "later"

    house.app.view_functions["pages.home"] = later

    assert asynchronous(house.app) == ["later"]
