"""What a terminal's token and a person's session open together, asked anew at each request."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.web.conftest import House, Terminal
from triage.domain.roles import Role
from triage.record import Reading, Shown
from triage.web.doors import secret_hash
from triage.web.sessions import AT_A_DESK, LONGEST

BOARD, RULEBOOK = "/board", "/rulebook"  # for a person who may look; for a terminal alone
A_PERSON, THE_TERMINAL, NOBODY = (200, 200), (401, 200), (401, 401)
SECOND = timedelta(seconds=1)


def opens(terminal: Terminal) -> tuple[int, int]:
    return terminal.get(BOARD).status_code, terminal.get(RULEBOOK).status_code


def as_it_is(house: House, terminal: Terminal) -> None:
    """Nothing happens."""


def quiet_for_two_hours(house: House, terminal: Terminal) -> None:
    house.clock.at += AT_A_DESK


def quiet_for_longer(house: House, terminal: Terminal) -> None:
    house.clock.at += AT_A_DESK + SECOND


def in_use_until_the_shift_is_over(house: House, terminal: Terminal) -> None:
    over = house.clock.at + LONGEST
    while house.clock.at < over:
        house.clock.at = min(house.clock.at + AT_A_DESK, over)
        terminal.get(RULEBOOK)


def signed_out(house: House, terminal: Terminal) -> None:
    assert terminal.delete("/acting").status_code == 204


def shut_out(house: House, terminal: Terminal) -> None:
    with house.record.writing(now=house.clock.at) as writing:
        writing.set_active("custody.sergeant", active=False)


def token_taken_back(house: House, terminal: Terminal) -> None:
    with house.record.writing(now=house.clock.at) as writing:
        writing.revoke_token(secret_hash(terminal.token), house.clock.at)


def no_session(house: House, terminal: Terminal) -> None:
    terminal.session = ""


def a_made_up_session(house: House, terminal: Terminal) -> None:
    terminal.session = "x" * 43


def a_made_up_token(house: House, terminal: Terminal) -> None:
    terminal.token = "x" * 43


def the_session_of_another_terminal(house: House, terminal: Terminal) -> None:
    terminal.session = house.terminal(Role.CUSTODY_SERGEANT, name="dock-desk-1").session


def the_session_of_a_browser(house: House, terminal: Terminal) -> None:
    terminal.session = house.session(house.account(Role.CUSTODY_SERGEANT), None)[0]


Happening = Callable[[House, Terminal], None]
CASES: dict[Happening, tuple[int, int]] = {
    as_it_is: A_PERSON,
    quiet_for_two_hours: A_PERSON,
    quiet_for_longer: THE_TERMINAL,
    in_use_until_the_shift_is_over: THE_TERMINAL,
    signed_out: THE_TERMINAL,
    shut_out: THE_TERMINAL,
    token_taken_back: NOBODY,
    no_session: THE_TERMINAL,
    a_made_up_session: THE_TERMINAL,
    a_made_up_token: NOBODY,
    the_session_of_another_terminal: THE_TERMINAL,
    the_session_of_a_browser: THE_TERMINAL,
}


@pytest.mark.parametrize("happens", CASES, ids=lambda each: each.__name__)
def test_what_is_shown_opens_what_it_stands_for_now(house: House, happens: Happening):
    terminal = house.terminal(Role.CUSTODY_SERGEANT)
    before = opens(terminal)

    happens(house, terminal)

    assert (before, opens(terminal)) == (A_PERSON, CASES[happens])


def test_another_role_and_other_suites_count_from_the_next_request_on(house: House):
    terminal = house.terminal(Role.CUSTODY_SERGEANT)
    before = terminal.get(BOARD).status_code
    with house.record.writing(now=house.clock.at) as writing:
        writing.set_role("custody.sergeant", Role.ADMINISTRATOR, ())

    assert (before, terminal.get(BOARD).status_code) == (200, 403)


def test_what_is_remembered_of_a_secret_is_noticed(house: House, monkeypatch: pytest.MonkeyPatch):
    """The twin: a gate that looked once would go on letting them in."""
    looked, known = Reading.shown, dict[str, Shown]()
    monkeypatch.setattr(
        Reading,
        "shown",
        lambda self, **secrets: known.setdefault(str(secrets), looked(self, **secrets)),
    )
    wrong = []
    for happens in (signed_out, shut_out, token_taken_back):
        terminal = house.terminal(Role.CUSTODY_SERGEANT, name=happens.__name__)
        opens(terminal)
        happens(house, terminal)
        wrong.append(opens(terminal) != CASES[happens])

    assert wrong == [True, True, True]
