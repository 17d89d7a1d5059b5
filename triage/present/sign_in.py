"""Sentences of signing in and of the accounts page."""

from typing import TYPE_CHECKING

from triage.domain.roles import role_words
from triage.present.spans import listed, named

if TYPE_CHECKING:
    from triage.record import Recorded

WRONG = "That name and password do not open an account here. Check both and try again."
NOT_THE_SAME = "The two passwords are not the same."
LINK_USED = "This link has been used or is over. Ask for a new one."
NAME_RULE = "Use 3 to 40 small letters, digits, dots or dashes, beginning with a letter."
NAME_TAKEN = "There is an account with this name already."


def too_soon(seconds: int) -> str:
    """Why the next try does not count yet."""
    return (
        f"Too many wrong tries for this name. Wait {seconds} seconds and try again; "
        "the account is not locked."
    )


def link_ready(name: str, address: str) -> str:
    """What to do with a new link: it is shown once."""
    return (
        f"Hand this address to {name}: {address}  "
        "It works once, within the next hour, and is not shown again."
    )


def token_ready(terminal: str, token: str) -> str:
    """What to do with a new token: it is shown once."""
    return f"The token of terminal {terminal}: {token}  It is not shown again."


NOT_YOURSELF = "You cannot shut yourself out. Ask another administrator."
REVOKED = "The token no longer opens anything."


NOT_YOUR_OWN_ROLE = "You cannot change what you are yourself. Ask another administrator."


def account_changed(name: str, role: str, suites: list[str]) -> str:
    """What somebody is now, and where."""
    where = listed([named(suite) for suite in suites]) or "all suites"
    return f"{name} is {role_words(role)} in {where}, from now on."


def active_changed(name: str, active: bool) -> str:
    """Whether somebody may sign in now."""
    return f"{name} may sign in." if active else f"{name} is shut out, and every session is over."


def account_state(*, active: bool, has_password: bool) -> str:
    """How an account stands."""
    if not active:
        return "Shut out"
    return "In use" if has_password else "Waits for a password"


TERMINALS_ONLY = "This is for terminals: send the terminal's token. In a browser, use the page."
SECOND_OVER = "This session is over or was never one."


_ACCESS_ACTS = {
    "account_made": "account {account} made, {role}",
    "account_changed": "account {account} is now {role}",
    "account_on": "account {account} let in again",
    "account_off": "account {account} shut out",
    "link_made": "link made for account {account}",
    "password_chosen": "password chosen for account {account}",
    "token_made": "token made for terminal {terminal}",
    "token_revoked": "token of terminal {terminal} shut out",
}


def access_changed(acts: int, last: "Recorded") -> str:
    """How often who may come in was changed, and what was done last and by whom."""
    said = {name: value for name, value in last.header.items() if value is not None}
    act = _ACCESS_ACTS.get(str(said.get("act")), "access changed")
    known = {"account": "the first one", "role": "", "terminal": "", **said}
    if known["role"]:
        known["role"] = role_words(known["role"])
    times = "once" if acts == 1 else f"{acts} times"
    return (
        f"Who may come in was changed {times}; last by event {last.seq}, {act.format(**known)}, "
        f"by {last.actor.name}."
    )
