"""Accounts and terminals, for the administrator: no password of anybody else is ever typed."""

from flask import render_template, request
from werkzeug.exceptions import NotFound

from triage import casework
from triage.domain.errors import InputError, Problem
from triage.domain.roles import Role, role_words
from triage.present import sign_in as words
from triage.present import spans
from triage.record import Account, Token
from triage.web import forms, sign_in, suites
from triage.web.doors import actor, doors, new_secret, secret_hash


def people() -> str:
    """Everybody who may sign in, and the form for another."""
    problems: tuple[Problem, ...] = ()
    said = ""
    if request.method == "POST":
        try:
            said = _add_account()
        except InputError as error:
            problems = error.problems
    return _people_page(said, problems)


def _add_account() -> str:
    name = forms.account_name("account")
    account = Account(
        account=name,
        name=forms.required("name", "the name that others will read"),
        role=Role(forms.option("role", tuple(Role), "the role")),
        suites=_chosen_suites(),
        password_hash=None,
        active=True,
        made_at=doors().wall(),
    )
    casework.make_account(
        doors().service, account, taken=words.NAME_TAKEN, actor=actor(), now=doors().wall()
    )
    return _link_for(account)


def _link_for(account: Account) -> str:
    path = sign_in.new_link(
        doors().service, sign_in.SET_PASSWORD, account.account, actor=actor(), now=doors().wall()
    )
    return words.link_ready(account.name, request.host_url.rstrip("/") + path)


def new_link() -> str:
    """A new link for somebody who has not chosen a password, or has lost it."""
    return _people_page(_link_for(_named()), ())


def set_active() -> str:
    """Let somebody in again, or shut them out at once with every session they have."""
    account, now = _named(), doors().wall()
    active = forms.text("active") == "yes"
    if account.account == actor().account and not active:
        raise InputError.at("", words.NOT_YOURSELF)
    casework.switch_account(doors().service, account.account, active=active, actor=actor(), now=now)
    return _people_page(words.active_changed(account.name, active), ())


def set_role() -> str:
    """Say what somebody is from now on, and where; it counts at once, in every session."""
    account, chosen = _named(), _chosen_suites()
    if account.account == actor().account:
        raise InputError.at("", words.NOT_YOUR_OWN_ROLE)
    role = forms.option("role", tuple(Role), "the role")
    casework.change_account(
        doors().service, account.account, role=role, suites=chosen, actor=actor(),
        now=doors().wall(),
    )  # fmt: skip
    return _people_page(words.account_changed(account.name, role, list(chosen)), ())


def _chosen_suites() -> tuple[str, ...]:
    return tuple(id for id in request.form.getlist("suites") if id in suites.known())


def _named() -> Account:
    account = doors().service.record.reading().account(forms.text("account"))
    if account is None:
        raise NotFound
    return account


def _people_page(said: str, problems: tuple[Problem, ...]) -> str:
    accounts = doors().service.record.reading().accounts()
    listed = [
        {
            "account": each.account,
            "name": each.name,
            "role": spans.capital(role_words(each.role)),
            "is": each.role,
            "in": each.suites,
            "suites": spans.listed([spans.named(suite) for suite in each.suites]) or "All suites",
            "state": words.account_state(active=each.active, has_password=bool(each.password_hash)),
            "active": each.active,
            "own": each.account == actor().account,
        }
        for each in accounts
    ]
    return render_template(
        "accounts.html",
        accounts=listed,
        said=said,
        problems=problems,
        form=forms.filled(now=doors().wall()) if problems else forms.Filled(),
        roles=[(role.value, spans.capital(role_words(role))) for role in Role],
        suites=tuple(suites.known().items()),
    )


def terminals() -> str:
    """The terminals that may use the API, and the form for another."""
    problems: tuple[Problem, ...] = ()
    said = ""
    if request.method == "POST":
        try:
            said = _add_terminal()
        except InputError as error:
            problems = error.problems
    return _terminals_page(said, problems)


def _add_terminal() -> str:
    terminal, now = forms.account_name("terminal"), doors().wall()
    chosen = _chosen_suites()
    secret = new_secret()
    token = Token(secret_hash(secret), terminal, chosen, now, None)
    casework.make_token(doors().service, token, actor=actor(), now=now)
    return words.token_ready(terminal, secret)


def revoke() -> str:
    """Shut one terminal out, at once."""
    service, now, chosen = doors().service, doors().wall(), forms.text("token")
    standing = [each for each in service.record.reading().tokens() if each.revoked_at is None]
    mine = [each for each in standing if each.token_hash == chosen]
    casework.revoke_tokens(service, mine, actor=actor(), now=now)
    return _terminals_page(words.REVOKED, ())


def _terminals_page(said: str, problems: tuple[Problem, ...]) -> str:
    now = doors().wall()
    listed = [
        {
            "token": each.token_hash,
            "terminal": each.terminal,
            "suites": spans.listed([spans.named(suite) for suite in each.suites]) or "All suites",
            "made": spans.moment(each.made_at, now=now),
            "revoked": spans.moment(each.revoked_at, now=now) if each.revoked_at else "",
        }
        for each in doors().service.record.reading().tokens()
    ]
    return render_template(
        "terminals.html", terminals=listed, said=said, problems=problems,
        form=forms.Filled(), suites=tuple(suites.known().items()),
    )  # fmt: skip
