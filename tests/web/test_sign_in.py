"""Signing in: no default password, one answer to every wrong try, and a way out that is an end."""

import pytest

from tests.command import ROOT
from triage.record import Account, EventKind
from triage.web import passwords, sign_in
from triage.web.passwords import problem_with
from triage.web.sessions import IDLE, LONGEST

from .conftest import FROM_HERE, NIGHT, PASSWORD, House


def try_to_sign_in(house: House, name: str, password: str):
    return house.browser().post("/sign-in", {"account": name, "password": password})


def first_link(house: House) -> str:
    link = sign_in.first_run_link(house.service, house.clock.at)
    assert link is not None
    return link


def make_first_account(house: House, link: str, password: str = PASSWORD):
    form = {"account": "j.doe", "name": "J Doe", "password": password, "again": password}
    return house.browser().post(link, form)


def test_the_first_account_is_made_through_a_link_that_works_once(house: House):
    link = first_link(house)
    made = make_first_account(house, link)
    again = make_first_account(house, link)
    account = house.record.reading().account("j.doe")

    assert (made.status_code, made.location, again.status_code) == (303, "/sign-in", 404)
    assert account is not None
    assert (account.name, account.role, account.suites) == ("J Doe", "administrator", ())
    assert try_to_sign_in(house, "j.doe", PASSWORD).location == "/"


def test_there_is_no_link_once_there_is_an_account(house: House):
    link = first_link(house)
    house.account("custody_sergeant")

    assert sign_in.first_run_link(house.service, house.clock.at) is None
    assert house.browser().get(link).status_code == 404


def test_a_link_is_over_after_an_hour(house: House):
    link = first_link(house)
    house.clock.pass_by(hours=1)

    assert house.browser().get(link).status_code == 404
    assert make_first_account(house, link).status_code == 404
    assert house.record.reading().accounts() == ()


def test_the_record_keeps_no_password_link_session_or_token_in_clear(house: House, tmp_path):
    link = first_link(house)
    make_first_account(house, link)
    house.account("custody_sergeant")
    browser = house.browser()
    browser.post("/sign-in", {"account": "j.doe", "password": PASSWORD})
    cookie = browser.client.get_cookie("session")
    terminal = house.terminal("custody_sergeant")
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())

    secrets = [PASSWORD, link.rpartition("/")[2], cookie.value, terminal.token, terminal.session]
    assert [secret for secret in secrets if secret.encode() in files] == []


@pytest.mark.parametrize("name", ["custody.sergeant", "nobody.at.all"])
def test_every_wrong_try_gets_the_same_answer(house: House, name: str):
    house.account("custody_sergeant")
    answer = try_to_sign_in(house, name, "the wrong password")

    assert answer.status_code == 422
    assert "That name and password do not open an account here." in answer.text
    assert name not in answer.text


def test_an_unknown_name_costs_the_same_work_as_a_known_one(house: House, monkeypatch):
    house.account("custody_sergeant")
    verified = []
    verify = passwords._HASHER.verify
    spy = type("Spy", (), {"verify": lambda self, *a: (verified.append(a[0][:9]), verify(*a))[1]})
    monkeypatch.setattr(passwords, "_HASHER", spy())
    try_to_sign_in(house, "custody.sergeant", "wrong")
    try_to_sign_in(house, "nobody", "wrong")

    assert verified == ["$argon2id", "$argon2id"]


def test_the_work_for_nobody_is_the_work_for_somebody():
    """With other settings than a password kept today, how long a try takes would name the known."""
    kept = passwords.hashed(PASSWORD)

    assert not passwords.is_outdated(passwords._NOBODYS)
    assert _work(passwords._NOBODYS) == _work(kept) == "$argon2id$v=19$m=65536,t=3,p=4"
    assert not passwords.matches(None, "nobody has this account")


def _work(kept: str) -> str:
    return kept.rsplit("$", 2)[0]


def test_wrong_tries_are_slowed_down_and_never_locked_out(house: House, monkeypatch):
    monkeypatch.setattr(passwords, "matches", lambda kept, password: password == PASSWORD)
    house.account("custody_sergeant")
    waits = []
    for _ in range(12):
        answer = try_to_sign_in(house, "custody.sergeant", "wrong")
        waits.append(answer.headers.get("Retry-After"))
        house.clock.pass_by(seconds=int(answer.headers.get("Retry-After", 0)))
    right = try_to_sign_in(house, "custody.sergeant", PASSWORD)

    # The fifth failure starts the waiting; each refused try is not counted as a failure.
    assert waits == [None] * 5 + ["1", None, "2", None, "4", None, "8"]
    assert right.status_code == 303


def test_a_name_that_nobody_has_is_slowed_down_alike(house: House, monkeypatch):
    monkeypatch.setattr(passwords, "matches", lambda kept, password: False)
    answers = [try_to_sign_in(house, "nobody", "x").status_code for _ in range(6)]

    assert answers == [422, 422, 422, 422, 422, 429]


def test_the_longest_wait_is_a_minute(house: House, monkeypatch):
    failures = tuple(NIGHT for _ in range(40))

    assert sign_in._wait(failures, NIGHT) == sign_in.LONGEST_WAIT_SECONDS == 60


def test_each_sign_in_begins_a_new_session_and_ends_the_one_before(house: House):
    browser = house.browser("custody_sergeant")
    before = browser.client.get_cookie("session").value
    browser.post("/sign-in", {"account": "custody.sergeant", "password": PASSWORD})
    after = browser.client.get_cookie("session").value
    browser.client.set_cookie("session", before)

    assert before != after
    assert browser.get("/open").location == "/sign-in?back=/open"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House):
    house.account("custody_sergeant")
    form = {"account": "custody.sergeant", "password": PASSWORD}
    plain = house.browser().post("/sign-in", form).headers["Set-Cookie"]
    secure = (
        house.browser().post("/sign-in", form, base_url="https://localhost").headers["Set-Cookie"]
    )

    assert plain.partition(";")[2] == " HttpOnly; Path=/; SameSite=Strict"
    assert secure.startswith("__Host-session=")
    assert secure.partition(";")[2] == " Secure; HttpOnly; Path=/; SameSite=Strict"


@pytest.mark.parametrize(
    ("span", "left_open"), [(IDLE, True), (IDLE * 1.01, False), (LONGEST, False)]
)
def test_a_session_ends_when_nobody_uses_it(house: House, span, left_open: bool):
    browser = house.browser("custody_sergeant")
    house.clock.at += span

    assert (browser.get("/open").status_code == 200) is left_open


def test_a_session_in_use_still_ends_after_one_shift(house: House):
    browser = house.browser("custody_sergeant")
    open_for = 0
    while browser.get("/open").status_code == 200:
        house.clock.pass_by(minutes=10)
        open_for += 10

    assert open_for == 12 * 60


def test_signing_out_ends_the_session_in_the_record(house: House):
    browser = house.browser("custody_sergeant")
    secret = browser.client.get_cookie("session").value
    out = browser.post("/sign-out")
    browser.client.set_cookie("session", secret)

    assert (out.status_code, out.headers["Clear-Site-Data"]) == (303, '"cache", "storage"')
    assert browser.get("/open").status_code == 303


def test_somebody_who_is_shut_out_is_out_at_once(house: House):
    browser, administrator = house.browser("custody_sergeant"), house.browser("administrator")
    administrator.post("/accounts/active", {"account": "custody.sergeant", "active": "no"})

    assert browser.get("/open").status_code == 303
    assert try_to_sign_in(house, "custody.sergeant", PASSWORD).status_code == 422


def test_a_new_role_counts_at_once_in_every_session_and_is_on_the_chain(house: House):
    browser, administrator = house.browser("custody_sergeant"), house.browser("administrator")
    page = administrator.post(
        "/accounts/role",
        {"account": "custody.sergeant", "role": "liaison_nurse", "suites": "dock_road"},
    )

    assert "is liaison nurse in Dock Road, from now on." in page.text
    assert browser.get("/open").status_code == 403
    assert browser.get("/worklist").status_code == 200
    [last] = house.record.reading().rare_events(EventKind.ACCESS_GRANTED, 1)
    assert (last.actor.account, dict(last.header)) == (
        "administrator",
        {"act": "account_changed", "account": "custody.sergeant", "role": "liaison_nurse",
         "suites": ["dock_road"], "was": "custody_sergeant", "was_in": []},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("account", "role", "status"),
    [("administrator", "custody_sergeant", 422), ("custody.sergeant", "king", 422),
     ("nobody.here", "custody_sergeant", 404)],
)  # fmt: skip
def test_nobody_changes_themselves_or_becomes_what_there_is_not(
    house: House, account: str, role: str, status: int
):
    house.account("custody_sergeant")
    administrator = house.browser("administrator")

    answer = administrator.post("/accounts/role", {"account": account, "role": role})

    assert answer.status_code == status
    assert house.record.reading().account("custody.sergeant").role == "custody_sergeant"
    assert administrator.get("/accounts").status_code == 200


def test_an_administrator_adds_somebody_without_ever_knowing_their_password(house: House):
    administrator = house.browser("administrator")
    page = administrator.post(
        "/accounts", {"account": "nair", "name": "Nurse Nair", "role": "liaison_nurse"}
    )
    link = page.text.partition("http://localhost")[2].split()[0].rstrip(".<")
    chosen = house.browser().post(link, {"password": PASSWORD, "again": PASSWORD})

    assert (page.status_code, chosen.status_code) == (200, 303)
    assert try_to_sign_in(house, "nair", PASSWORD).location == "/"


def test_every_act_on_who_may_come_in_is_on_the_chain_with_its_author(house: House):
    administrator = house.browser("administrator")
    page = administrator.post(
        "/accounts", {"account": "nair", "name": "Nurse Nair", "role": "liaison_nurse"}
    )
    link = page.text.partition("http://localhost")[2].split()[0].rstrip(".<")
    house.browser().post(link, {"password": PASSWORD, "again": PASSWORD})
    administrator.post("/accounts/active", {"account": "nair", "active": "no"})
    administrator.post("/accounts/active", {"account": "nair", "active": "yes"})
    administrator.post("/terminals", {"terminal": "castle-desk-9"})
    token = house.record.reading().tokens()[-1].token_hash
    administrator.post("/terminals/revoke", {"token": token})

    acts = house.record.reading().rare_events(EventKind.ACCESS_GRANTED)
    assert [(each.header["act"], each.actor.account) for each in reversed(acts)] == [
        ("account_made", "administrator"),
        ("link_made", "administrator"),
        ("password_chosen", "nair"),
        ("account_off", "administrator"),
        ("account_on", "administrator"),
        ("token_made", "administrator"),
        ("token_revoked", "administrator"),
    ]
    assert PASSWORD not in str([each.header for each in acts])


def test_no_door_changes_who_may_come_in_past_the_chain():
    """The acts are written in one place, and the training night alone stands outside it."""
    changes = ("add_account", "set_password", "set_active", "set_role", "add_token",
               "revoke_token", "add_link")  # fmt: skip
    written = {
        path.relative_to(ROOT).as_posix(): found
        for path in (ROOT / "triage").rglob("*.py")
        if path.parent.name != "record"
        and (found := [name for name in changes if f"writing.{name}(" in path.read_text("utf-8")])
    }

    assert written == {
        "triage/casework/administering.py": [
            "add_account", "set_password", "set_active", "set_role", "add_token", "revoke_token",
            "add_link",
        ],
        "triage/demo/sign_in.py": ["add_account", "set_password"],
        "triage/web/sign_in.py": ["set_password"],  # the same password under a newer hash
    }  # fmt: skip


def test_an_administrator_cannot_shut_themselves_out(house: House):
    administrator = house.browser("administrator")
    answer = administrator.post("/accounts/active", {"account": "administrator", "active": "no"})

    assert answer.status_code == 422
    assert administrator.get("/accounts").status_code == 200


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere"]
)
def test_signing_in_never_leads_to_another_site(house: House, back: str):
    house.account("custody_sergeant")
    form = {"account": "custody.sergeant", "password": PASSWORD, "back": back}

    assert house.browser().post("/sign-in", form).location == "/"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", "Use at least 12 characters"),
        ("x" * 129, "Use at most 128 characters."),
        ("aaaaaaaaaaaaaa", "easily guessed"),
        ("custody-triage1", "easily guessed"),
        ("j.doej.doej.doe", "easily guessed"),
        (PASSWORD, None),
    ],
)
def test_what_counts_in_a_password_is_that_it_is_long_and_not_obvious(password, fault):
    found = problem_with(password, "j.doe")

    assert (found is None) if fault is None else (fault in found)


def test_a_password_made_with_weaker_settings_is_kept_anew(house: House, monkeypatch):
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with house.record.writing(now=NIGHT) as writing:
        writing.add_account(
            Account("okafor", "PS Okafor", "custody_sergeant", (), weak, active=True, made_at=NIGHT)
        )
    try_to_sign_in(house, "okafor", PASSWORD)
    account = house.record.reading().account("okafor")

    assert account is not None
    assert account.password_hash not in (None, weak)
    assert "m=65536" in str(account.password_hash)


def test_at_a_terminal_a_person_signs_in_with_the_terminals_token(house: House):
    house.account("custody_sergeant")
    terminal = house.terminal()
    made = terminal.post("/acting", {"account": "custody.sergeant", "password": PASSWORD})
    terminal.session = made.json["session"]
    inside = terminal.get("/rulebook").status_code
    other = house.terminal(name="dock-desk-1")
    other.session = terminal.session
    out = terminal.client.delete("/api/v1/acting", json={}, headers=terminal.headers())

    assert (made.status_code, inside, out.status_code) == (201, 200, 204)
    assert other.get("/board").status_code == 401  # the session is bound to the first terminal
    assert terminal.get("/board").status_code == 401


def test_a_token_that_was_taken_back_opens_nothing(house: House):
    terminal, administrator = house.terminal("custody_sergeant"), house.browser("administrator")
    (token,) = house.record.reading().tokens()
    administrator.post("/terminals/revoke", {"token": token.token_hash})

    assert terminal.get("/rulebook").status_code == 401


def test_a_browser_cannot_sign_in_through_the_terminals_door(house: House):
    browser = house.browser("custody_sergeant")
    answer = browser.client.post(
        "/api/v1/acting", json={"account": "x", "password": "y"}, headers=FROM_HERE
    )

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "Authorization")
