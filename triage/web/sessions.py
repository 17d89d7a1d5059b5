"""Sessions: kept by the record, known to the browser by a secret, over after a shift."""

from dataclasses import replace
from datetime import datetime, timedelta

from flask import request
from werkzeug.wrappers import Response

from triage.record import Account, Record, Session, Shown
from triage.web.doors import new_secret, secret_hash

IDLE = timedelta(minutes=15)
AT_A_DESK = timedelta(hours=2)  # the desk locks its own screen; its session outlives a quiet hour
LONGEST = timedelta(hours=12)  # one shift
_SEEN_EVERY = timedelta(minutes=1)


def begin(
    record: Record, account: Account, *, terminal: str | None, now: datetime
) -> tuple[str, Session]:
    """A new session and the secret that opens it; each sign-in gets a new one."""
    secret = new_secret()
    session = Session(
        id_hash=secret_hash(secret),
        account=account.account,
        csrf=new_secret(),
        terminal=terminal,
        began_at=now,
        last_seen_at=now,
        ends_at=now + LONGEST,
        ended_at=None,
    )
    with record.writing(now=now) as writing:
        writing.begin_session(session)
    return secret, session


def current(
    record: Record, secret: str, *, now: datetime, seen: bool = True
) -> tuple[Account, Session] | None:
    """The account and session that a secret opens, if both still stand; notes that it was seen.

    A page that renews itself is not ``seen``: it keeps no session open that nobody uses.
    """
    shown = record.reading().shown(id_hash=secret_hash(secret))
    return standing(record, shown, now=now, seen=seen)


def standing(
    record: Record, shown: Shown, *, now: datetime, seen: bool = True
) -> tuple[Account, Session] | None:
    """The account and session that were shown, if both still stand; notes that it was seen."""
    session, account = shown.session, shown.account
    if session is None or not stands(session, now):
        return None
    if account is None or not account.active:
        return None
    if seen and now - session.last_seen_at >= _SEEN_EVERY:
        with record.writing(now=now) as writing:
            writing.touch_session(session.id_hash, now)
        session = replace(session, last_seen_at=now)
    return account, session


def stands(session: Session, now: datetime) -> bool:
    """Whether a session still opens anything: not ended, not over, not idle for too long."""
    if session.ended_at is not None or now >= session.ends_at:
        return False
    return now - session.last_seen_at <= (AT_A_DESK if session.terminal else IDLE)


def cookie_name() -> str:
    """The name with which a browser itself insists on a secure cookie for this host only."""
    return "__Host-session" if request.is_secure else "session"


def hand_out(response: Response, secret: str) -> None:
    """Give the browser the secret, out of reach of scripts and of other sites."""
    response.set_cookie(
        cookie_name(), secret, httponly=True, samesite="Strict", secure=request.is_secure, path="/"
    )


def take_back(response: Response) -> None:
    """Make the browser forget the secret and what it kept of our pages."""
    response.delete_cookie(
        cookie_name(), httponly=True, samesite="Strict", secure=request.is_secure, path="/"
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
