"""Sentences of signing in and of the accounts page."""

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
