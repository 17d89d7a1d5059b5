"""Who may come in: each change is an event on the chain, in the transaction that makes it.

An account that was made, shut out or let in, a link that opens one, and a terminal's token decide
what the rest of the record is worth. ``verify`` counts these acts and names the last one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from triage.casework.acts import allow
from triage.casework.service import Service
from triage.domain.errors import InputError
from triage.domain.roles import Role, Verb
from triage.record import Account, Actor, EventKind, Link, NewEvent, Token, Writing

# Whoever types commands on the server can do all that an administrator can.
COMMAND_LINE = Actor("command_line", "Command line", Role.ADMINISTRATOR)


def make_account(
    service: Service, account: Account, *, taken: str, actor: Actor, now: datetime
) -> None:
    """Make an account; raises InputError with the words of ``taken`` where the name is in use."""
    allow(actor, Verb.ADMINISTER)
    with service.record.writing(now=now) as writing:
        if writing.account(account.account) is not None:
            raise InputError.at("account", taken)
        keep_account(writing, account, actor=actor)


def keep_account(writing: Writing, account: Account, *, actor: Actor) -> None:
    """Keep a new account in a transaction that does more: the first one, through its link."""
    writing.add_account(account)
    said = {"account": account.account, "role": account.role, "suites": list(account.suites)}
    _note(writing, "account_made", said, actor)


def switch_account(
    service: Service, account: str, *, active: bool, actor: Actor, now: datetime
) -> None:
    """Let somebody in again, or shut them out at once with every session they have."""
    allow(actor, Verb.ADMINISTER)
    with service.record.writing(now=now) as writing:
        writing.set_active(account, active)
        if not active:
            writing.end_sessions(account, now)
        _note(writing, "account_on" if active else "account_off", {"account": account}, actor)


def change_account(
    service: Service,
    account: str,
    *,
    role: str,
    suites: Sequence[str],
    actor: Actor,
    now: datetime,
) -> None:
    """Let somebody be another from now on: another role, other suites. It counts at once.

    What they did before stays under the role in which they did it.
    """
    allow(actor, Verb.ADMINISTER)
    if role not in set(Role):
        raise InputError.at("role", "Is not a role.", Role)
    with service.record.writing(now=now) as writing:
        before = writing.account(account)
        if before is None:
            raise InputError.at("account", "Nobody has an account with this name.")
        if (role, tuple(suites)) == (before.role, before.suites):
            return
        writing.set_role(account, role, tuple(suites))
        said = {
            "account": account, "role": role, "suites": list(suites),
            "was": before.role, "was_in": list(before.suites),
        }  # fmt: skip
        _note(writing, "account_changed", said, actor)


def keep_link(service: Service, link: Link, *, actor: Actor, now: datetime) -> None:
    """Keep a link with which somebody chooses a password, or the first account is made."""
    allow(actor, Verb.ADMINISTER)
    with service.record.writing(now=now) as writing:
        writing.add_link(link)
        _note(writing, "link_made", {"account": link.account, "purpose": link.purpose}, actor)


def keep_password(writing: Writing, account: Account, password_hash: str, *, now: datetime) -> None:
    """Keep the password that somebody chose behind their link; every session of theirs ends."""
    writing.set_password(account.account, password_hash)
    writing.end_sessions(account.account, now)
    chosen = Actor(account.account, account.name, account.role)
    _note(writing, "password_chosen", {"account": account.account}, chosen)


def make_token(service: Service, token: Token, *, actor: Actor, now: datetime) -> None:
    """Let a terminal speak to the API; of its token only the hash is kept."""
    allow(actor, Verb.ADMINISTER)
    with service.record.writing(now=now) as writing:
        writing.add_token(token)
        said = {"terminal": token.terminal, "suites": list(token.suites)}
        _note(writing, "token_made", said, actor)


def revoke_tokens(
    service: Service, tokens: Sequence[Token], *, actor: Actor, now: datetime
) -> None:
    """Shut these tokens out at once."""
    allow(actor, Verb.ADMINISTER)
    with service.record.writing(now=now) as writing:
        for token in tokens:
            writing.revoke_token(token.token_hash, now)
            _note(writing, "token_revoked", {"terminal": token.terminal}, actor)


def _note(writing: Writing, act: str, said: dict[str, Any], actor: Actor) -> None:
    header = {"act": act, **said}
    writing.append(NewEvent(EventKind.ACCESS_GRANTED, actor, writing.now, header=header))
