"""``triage account`` and ``triage token``: who may sign in, and which terminals may speak.

Nobody ever types another person's password: an account begins with a link that works once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from triage.cli import inputs
from triage.domain.errors import InputError
from triage.domain.roles import Role, role_words

if TYPE_CHECKING:
    from triage.casework import Service
    from triage.record import Account

_NAME = click.argument("name", metavar="NAME")
_SUITES = click.option(
    "--suite", "suites", multiple=True, metavar="ID", help="A suite; several times; none: all."
)


@click.group()
def account() -> None:
    """Who may sign in."""


@account.command()
@_NAME
@click.option("--role", required=True, metavar="ROLE", help="What they are: custody_sergeant, ...")
@click.option("--shown", metavar="TEXT", help="The name that others read; else NAME.")
@_SUITES
def add(name: str, role: str, shown: str | None, suites: tuple[str, ...]) -> None:
    """Make an account and print the link, once, with which they choose a password."""
    from triage import casework, clock
    from triage.present import sign_in as words
    from triage.record import Account

    if role not in set(Role):
        raise InputError.at("--role", "is not one of the roles", tuple(Role))
    with _service() as service:
        made = Account(
            _named(name, "NAME"), shown or name, role, _known(service, suites), None,
            active=True, made_at=clock.now(),
        )  # fmt: skip
        casework.make_account(
            service, made, taken=words.NAME_TAKEN, actor=casework.COMMAND_LINE, now=clock.now()
        )
        _print_link(service, made)


@account.command("list")
def list_accounts() -> None:
    """List everybody who may sign in, or might again."""
    from triage.present import sign_in as words

    with _service() as service:
        for each in service.record.reading().accounts():
            state = words.account_state(active=each.active, has_password=bool(each.password_hash))
            suites = ", ".join(each.suites) or "all suites"
            role = role_words(each.role)
            click.echo(f"{each.account:<20}{state:<22}{role}; {suites}; {each.name}")


@account.command()
@_NAME
@click.option("--role", metavar="ROLE", help="What they are from now on; else as before.")
@_SUITES
@click.option("--all-suites", is_flag=True, help="In all suites from now on.")
def change(name: str, role: str | None, suites: tuple[str, ...], all_suites: bool) -> None:
    """Say what somebody is from now on, or where. It counts at once, in every session."""
    from triage import casework, clock
    from triage.present import sign_in as words

    if all_suites and suites:
        raise InputError.at("--all-suites", "not together with --suite")
    if role is None and not (suites or all_suites):
        raise InputError.at("--role", "say the role, --suite or --all-suites")
    if role is not None and role not in set(Role):
        raise InputError.at("--role", "is not one of the roles", tuple(Role))
    with _service() as service:
        found = _account(service, name)
        now_in = () if all_suites else _known(service, suites) or found.suites
        casework.change_account(
            service, found.account, role=role or found.role, suites=now_in,
            actor=casework.COMMAND_LINE, now=clock.now(),
        )  # fmt: skip
    click.echo(words.account_changed(found.name, role or found.role, list(now_in)))


@account.command()
@_NAME
def link(name: str) -> None:
    """Print a new link, once, for somebody who has lost their password."""
    with _service() as service:
        _print_link(service, _account(service, name))


@account.command()
@_NAME
def off(name: str) -> None:
    """Shut somebody out at once, with every session they have."""
    _set_active(name, active=False)


@account.command()
@_NAME
def on(name: str) -> None:
    """Let somebody in again who was shut out."""
    _set_active(name, active=True)


@click.group()
def token() -> None:
    """Which terminals may speak to the API."""


@token.command("add")
@click.argument("terminal", metavar="TERMINAL")
@_SUITES
def add_token(terminal: str, suites: tuple[str, ...]) -> None:
    """Print a token, once, for a terminal with this name."""
    from triage import casework, clock
    from triage.record import Token
    from triage.web.doors import new_secret, secret_hash

    secret = new_secret()
    with _service() as service:
        name = _named(terminal, "TERMINAL")
        made = Token(secret_hash(secret), name, _known(service, suites), clock.now())
        casework.make_token(service, made, actor=casework.COMMAND_LINE, now=clock.now())
    click.echo(secret)
    click.echo(f"The token of terminal {name}. It is not shown again.", err=True)


@token.command("list")
def list_tokens() -> None:
    """List the terminals, without their tokens."""
    with _service() as service:
        for each in service.record.reading().tokens():
            state = "shut out" if each.revoked_at else "in use"
            suites = ", ".join(each.suites) or "all suites"
            click.echo(f"{each.terminal:<24}{state:<10}{suites}; since {each.made_at:%Y-%m-%d}")


@token.command()
@click.argument("terminal", metavar="TERMINAL")
def revoke(terminal: str) -> None:
    """Shut every token of a terminal out, at once."""
    from triage import casework, clock

    with _service() as service:
        mine = [
            each
            for each in service.record.reading().tokens()
            if each.terminal == terminal and each.revoked_at is None
        ]
        if not mine:
            raise InputError.at("TERMINAL", "no terminal of this name has a token")
        casework.revoke_tokens(service, mine, actor=casework.COMMAND_LINE, now=clock.now())
    click.echo(f"The tokens of {terminal} open nothing any more.")


@contextmanager
def _service() -> Iterator["Service"]:
    """The service of this instance; its record is closed afterwards."""
    from triage import casework

    service = casework.service(inputs.settings())
    try:
        yield service
    finally:
        service.record.close()


def _named(name: str, field: str) -> str:
    from triage.present import sign_in as words
    from triage.web.forms import is_account_name

    typed = name.strip().casefold()
    if not is_account_name(typed):
        raise InputError.at(field, words.NAME_RULE)
    return typed


def _known(service: "Service", suites: tuple[str, ...]) -> tuple[str, ...]:
    from triage import casework

    known = [id for id, _ in casework.suites_of(service)]
    if any(suite not in known for suite in suites):
        raise InputError.at("--suite", "is not one of the suites", known)
    return suites


def _account(service: "Service", name: str) -> "Account":
    found = service.record.reading().account(name.strip().casefold())
    if found is None:
        known = [each.account for each in service.record.reading().accounts()]
        raise InputError.at("NAME", "nobody has an account with this name", known)
    return found


def _print_link(service: "Service", account: "Account") -> None:
    from triage import casework, clock
    from triage.web.sign_in import SET_PASSWORD, new_link

    path = new_link(
        service, SET_PASSWORD, account.account, actor=casework.COMMAND_LINE, now=clock.now()
    )
    click.echo(f"{service.settings.base_url.rstrip('/')}{path}")
    click.echo(
        f"Hand it to {account.name}. It works once, within the next hour, and is not shown again.",
        err=True,
    )


def _set_active(name: str, *, active: bool) -> None:
    from triage import casework, clock
    from triage.present import sign_in as words

    with _service() as service:
        found, now = _account(service, name), clock.now()
        casework.switch_account(
            service, found.account, active=active, actor=casework.COMMAND_LINE, now=now
        )
    click.echo(words.active_changed(found.name, active))
