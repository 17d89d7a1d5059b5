"""Proof of life: what a page asks for every five seconds, and the test that it can be heard.

The answer is signed and repeats what was asked, so that neither an old copy nor another server is
taken for ours. It does not count as being there: a page that only watches lets a session run out.
Nothing about anybody is in it.
"""

import hmac
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from triage.casework.ringing import Ring, Waiting, note_sound_test, ringing, sound_tested_at
from triage.domain.errors import InputError
from triage.domain.london import iso
from triage.domain.roles import Verb, may
from triage.present import siren as words
from triage.record import Account, Actor, Session
from triage.web import forms, sessions
from triage.web.doors import acting, actor, doors, secret_hash

blueprint = Blueprint("siren", __name__)
_NONCE = re.compile(r"[0-9a-f]{8,64}")
_KEY_BYTES = 32


@dataclass(frozen=True)
class Siren:
    """What the frame of a page needs to keep watch."""

    key: str
    beat_age: float | None  # seconds since the last complete pass, when the page was made
    untested: str  # what to say while the sound was not tested since sign-in


@blueprint.get("/alive")
def alive() -> Response:
    """Server time, the age of the last pass, and what waits; signed, for whoever asks."""
    nonce = request.args.get("nonce", "")
    if not _NONCE.fullmatch(nonce):
        raise InputError.at("nonce", "Must be 8 to 64 hexadecimal digits.")
    now = doors().now()
    found, reading = _session(), doors().service.record.reading()
    signed_in = found is not None and sessions.stands(found[1], doors().wall())
    waiting = Waiting(Ring.QUIET, 0)
    if found is not None:
        account = found[0]
        waiting = ringing(reading, role=account.role, suites=account.suites)
    told = {
        "nonce": nonce,
        "at": iso(now),
        "beat_age": _text(beat_age(now)),
        "ring": str(waiting.ring),
        "waiting": str(waiting.number),
        "signed_in": "yes" if signed_in else "no",
        "newest": mark_of(found[0]) if found is not None and signed_in else "",
    }
    return jsonify({**told, "mac": _mac(told)})


@blueprint.route("/sound-test", methods=("GET", "POST"))
def sound_test() -> Answer | str:
    """Play some beeps, ask how many were heard, and record the answer."""
    who, now = actor(), doors().now()
    if request.method == "GET":
        tested = sound_tested_at(doors().service.record.reading(), who.account)
        lead = words.last_tested(tested, now=now)
        return render_template("sound_test.html", lead=lead, choices=words.CHOICES, again="")
    played, pressed = forms.required("played", "what was played"), forms.text("pressed")
    if played not in words.COUNTS or pressed not in (*words.COUNTS, words.NONE):
        raise InputError.at("pressed", "Press one of the colours.")
    heard = played == pressed
    note_sound_test(doors().service, heard=heard, actor=who, now=now)
    if heard:
        return redirect(url_for("pages.home"), 303)
    return render_template(
        "sound_test.html", lead="", choices=words.CHOICES, again=words.not_heard(pressed)
    )


def siren_of(now: datetime) -> Siren | None:
    """What the page that is made now needs to keep watch; None where nobody is signed in."""
    here = acting()
    if here.account is None or here.session is None or not may(here.account.role, Verb.VIEW_BOARD):
        return None
    tested = sound_tested_at(doors().service.record.reading(), here.account.account)
    fresh = tested is not None and tested >= here.session.began_at
    at_a_test = request.endpoint == "siren.sound_test"
    untested = "" if fresh or at_a_test else words.UNTESTED
    return Siren(_key().hex(), beat_age(now), untested)


def mark_of(who: Account | Actor) -> str:
    """Another text as soon as a list of theirs may have changed; none for who sees no list."""
    if not may(who.role, Verb.VIEW_BOARD):
        return ""
    return doors().service.record.reading().mark(who.suites or None)


def beat_age(now: datetime) -> float | None:
    """Seconds since the timers last completed a pass; None if they never did."""
    beat = doors().service.record.reading().last_heartbeat()
    return None if beat is None else max(0.0, (now - beat.at).total_seconds())


def _session() -> tuple[Account, Session] | None:
    """Whose screen asks. A session that ran out still rings until its shift is over."""
    record, now = doors().service.record, doors().wall()
    secret = request.cookies.get(sessions.cookie_name())
    if not secret:
        return None
    shown = record.reading().shown(id_hash=secret_hash(secret))
    session, account = shown.session, shown.account
    if session is None or session.ended_at is not None or now >= session.ends_at:
        return None
    return (account, session) if account is not None and account.active else None


def _text(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.3f}"


def _mac(told: dict[str, str]) -> str:
    """Over every field in the order of its name, as the page counts it again."""
    said = "\n".join(f"{name}={told[name]}" for name in sorted(told))
    return hmac.new(_key(), said.encode(), sha256).hexdigest()


def _key() -> bytes:
    """The key of this installation, made at first use; all of its processes share it."""
    path: Path = doors().service.settings.instance / "siren.key"
    with suppress(FileNotFoundError):
        key = path.read_bytes()
        if len(key) == _KEY_BYTES:
            return key
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
    with suppress(FileExistsError):
        os.link(fresh, path)  # whoever was first has made it
    fresh.unlink()
    return path.read_bytes()
