"""Signing in: accounts of this installation, no default password, one answer to every wrong try.

The first account is made through a link that works once, which only the command line can print.
"""

from datetime import datetime, timedelta
from math import ceil

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from triage import casework
from triage.domain.errors import InputError, Problem
from triage.domain.roles import Role
from triage.present import sign_in as words
from triage.record import Account, Actor, Link, Reading, Record, Writing
from triage.web import forms, passwords, sessions
from triage.web.doors import acting, doors, new_secret, secret_hash

blueprint = Blueprint("sign_in", __name__)

FIRST_ACCOUNT, SET_PASSWORD = "first_account", "set_password"
LINK_LASTS = timedelta(hours=1)
REMEMBERED = timedelta(minutes=15)
FREE_TRIES = 5
LONGEST_WAIT_SECONDS = 60  # never a lock-out: a nurse who cannot sign in is a hazard


class TooSoon(Exception):
    """Too many wrong passwords for this name; carries the seconds to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(words.too_soon(seconds))


def first_run_link(service: casework.Service, now: datetime) -> str | None:
    """The path of a page that makes the first account, once; nothing when there are accounts."""
    if service.record.reading().accounts():
        return None
    return new_link(service, FIRST_ACCOUNT, None, actor=casework.COMMAND_LINE, now=now)


def new_link(
    service: casework.Service, purpose: str, account: str | None, *, actor: Actor, now: datetime
) -> str:
    """The path of a page that works once, within the hour; the record keeps only its hash."""
    secret = new_secret()
    link = Link(secret_hash(secret), purpose, account, now + LINK_LASTS, None)
    casework.keep_link(service, link, actor=actor, now=now)
    return f"/welcome/{secret}"


def checked(record: Record, name: str, password: str, *, now: datetime) -> Account | None:
    """The account that this name and password open, or none; counts what was wrong.

    Raises TooSoon after repeated wrong tries, for names without an account as well.
    """
    counted_as = secret_hash(name.strip().casefold())
    wait = _wait(record.reading().login_failures(counted_as, now - REMEMBERED), now)
    if wait:
        raise TooSoon(wait)
    account = record.reading().account(name.strip().casefold())
    usable = account is not None and account.active
    right = passwords.matches(account.password_hash if usable and account else None, password)
    with record.writing(now=now) as writing:
        if account is None or not right:
            writing.add_login_failure(counted_as, now)
            return None
        writing.clear_login_failures(counted_as)
        if passwords.is_outdated(account.password_hash or ""):
            writing.set_password(account.account, passwords.hashed(password))
    return account


def _wait(failures: tuple[datetime, ...], now: datetime) -> int:
    """Whole seconds until the next try counts: doubling from the fifth wrong one, to a minute."""
    if len(failures) < FREE_TRIES:
        return 0
    pause = min(2 ** (len(failures) - FREE_TRIES), LONGEST_WAIT_SECONDS)
    return max(0, ceil((max(failures) + timedelta(seconds=pause) - now).total_seconds()))


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """The page to sign in at; a session of before is ended, never carried on."""
    if request.method == "GET":
        return _sign_in_page(None)
    name, password = forms.text("account"), forms.text("password")
    record, now = doors().service.record, doors().wall()
    try:
        account = checked(record, name, password, now=now)
    except TooSoon as error:
        return _sign_in_page(str(error)), 429, {"Retry-After": str(error.seconds)}
    if account is None:
        return _sign_in_page(words.WRONG), 422
    _end_present_session(now)
    secret, _ = sessions.begin(record, account, terminal=None, now=now)
    answer = redirect(_own_path(forms.text("back")) or url_for("pages.home"), 303)
    sessions.hand_out(answer, secret)
    return answer


def _sign_in_page(problem: str | None) -> str:
    back = _own_path(request.values.get("back", ""))
    return render_template("sign_in.html", problem=problem, back=back)


def _own_path(path: str) -> str | None:
    """A path of this site to go back to; never the address of another."""
    if (
        path.startswith("/")
        and not path.startswith("//")
        and "\\" not in path
        and path.isprintable()
    ):
        return path
    return None


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session here and in the record; Back shows nothing afterwards."""
    _end_present_session(doors().wall())
    answer = redirect(url_for("sign_in.sign_in"), 303)
    sessions.take_back(answer)
    return answer


def _end_present_session(now: datetime) -> None:
    session = acting().session
    if session is not None:
        with doors().service.record.writing(now=now) as writing:
            writing.end_session(session.id_hash, now)


@blueprint.route("/welcome/<secret>", methods=["GET", "POST"])
def welcome(secret: str) -> Response | str | tuple[str, int]:
    """The page behind a link that works once: make the first account, or choose a password."""
    record, now = doors().service.record, doors().wall()
    link = record.reading().link(secret_hash(secret))
    if link is None or not _still_works(record.reading(), link, now):
        return render_template("link_over.html"), 404
    if request.method == "GET":
        return render_template("welcome.html", first=link.account is None, problems=())
    try:
        _take_up(record, link, now)
    except InputError as error:
        first = link.account is None
        page = render_template("welcome.html", first=first, problems=error.problems)
        return page, 422
    return redirect(url_for("sign_in.sign_in"), 303)


def _still_works(reading: Reading | Writing, link: Link, now: datetime) -> bool:
    if link.used_at is not None or now >= link.ends_at:
        return False
    return link.purpose != FIRST_ACCOUNT or not reading.accounts()


def _take_up(record: Record, link: Link, now: datetime) -> None:
    """Use the link and set the password in one transaction; of two at once, one wins."""
    name = link.account or forms.account_name("account")
    password = forms.text("password")
    problem = passwords.problem_with(password, name)
    problems = [Problem("password", problem)] if problem else []
    if not problem and password != forms.text("again"):
        problems.append(Problem("again", words.NOT_THE_SAME))
    if problems:
        raise InputError(problems)
    kept = passwords.hashed(password)
    with record.writing(now=now) as writing:
        if not _still_works(writing, link, now) or not writing.use_link(link.link_hash, now):
            raise InputError.at("", words.LINK_USED)
        if link.account is None:
            shown = forms.required("name", "your name")
            role = Role.ADMINISTRATOR
            account = Account(name, shown, role, (), kept, active=True, made_at=now)
            casework.keep_account(writing, account, actor=Actor(name, shown, role))
        else:
            known = writing.account(name)
            assert known is not None  # a link names an account of the record
            casework.keep_password(writing, known, kept, now=now)
            writing.clear_login_failures(secret_hash(name))
