"""The gate before every route: who is there, may they, and did they ask for it themselves."""

import hmac
from urllib.parse import urlsplit

from flask import Flask, g, redirect, request, url_for
from werkzeug.wrappers import Response

from triage.domain.roles import Verb, require
from triage.present import pages as words
from triage.record import Actor, Record
from triage.web import sessions, training
from triage.web.access import ROUTES, Access, Door
from triage.web.doors import NOBODY, Acting, acting, doors, secret_hash
from triage.web.errors import refusal

WATCHING = "siren.alive"
SAFE = ("GET", "HEAD", "OPTIONS")
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
PERSON_HEADER = "Acting-Session"
# Set by a program of this process that asks without a network (triage.web.inside). What a client
# sends becomes HTTP_ and a text, so that nobody outside can name who acts.
ACTOR = "triage.actor"
RENEWING = "Renewing"  # sent by a page that renews itself: nobody pressed anything


def guard(app: Flask) -> None:
    """Ask every request of this application at the gate."""
    app.before_request(admit)


def renewing() -> bool:
    """Whether a page asks by itself for what it already shows."""
    return RENEWING in request.headers


def admit() -> Response | None:
    """Let the request in, or answer it here."""
    if request.endpoint is None:
        return None  # no such page or no such method: the router answers
    access = training.routes().get(request.endpoint) or ROUTES[request.endpoint]
    if request.endpoint == WATCHING:
        return None  # a page that only watches is nobody at the door, and keeps no session alive
    g.acting = identified()
    refused = None if access is Door.ANYONE else _not_for_them(access)
    if refused is None and request.method not in SAFE:
        refused = _wrong_kind_of_body() or _cut_short() or _not_their_own_wish()
    return refused


def _not_for_them(access: Access) -> Response | None:
    here = acting()
    if here.account is None:
        return None if access is Door.TERMINAL and here.terminal else _who_are_you()
    if isinstance(access, Verb):
        require(here.account.role, access)
    return None


def _wrong_kind_of_body() -> Response | None:
    wanted = JSON if request.path.startswith("/api/") else FORM
    if request.mimetype == wanted or _has_no_body():
        return None
    return refusal(415, detail=words.wrong_kind_of_body(wanted), headers={"Accept": wanted})


def _has_no_body() -> bool:
    """Whether there is nothing to be of a kind: DELETE says all in its address.

    Any other method could be sent by a form of another site, so its kind is asked for.
    """
    return request.method == "DELETE" and not request.mimetype and not request.content_length


def _cut_short() -> Response | None:
    """A body that ended before its length: what never arrived must not be read as not said."""
    said = request.content_length
    if said is None or len(request.get_data(cache=True)) == said:
        return None
    return refusal(400, detail=words.CUT_SHORT)


def _not_their_own_wish() -> Response | None:
    if _asked_for_it_themselves():
        return None
    return refusal(403, kind="urn:triage:problem:other-site", detail=words.FROM_ANOTHER_SITE)


def identified() -> Acting:
    """The person and the terminal that this request shows secrets for."""
    record, now = doors().service.record, doors().wall()
    by = request.environ.get(ACTOR)
    if isinstance(by, Actor):
        return _inside(record, by)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        person = request.headers.get(PERSON_HEADER)
        shown = record.reading().shown(
            token_hash=secret_hash(token.strip()), id_hash=secret_hash(person) if person else None
        )
        known = shown.token
        if known is None or known.revoked_at is not None:
            return NOBODY
        found = sessions.standing(record, shown, now=now, seen=not renewing())
        if found is None or found[1].terminal != known.terminal:
            return Acting(None, None, known.terminal, by_cookie=False)
        return Acting(found[0], found[1], known.terminal, by_cookie=False)
    secret = request.cookies.get(sessions.cookie_name())
    found = sessions.current(record, secret, now=now, seen=not renewing()) if secret else None
    return Acting(found[0], found[1], None, by_cookie=True) if found else NOBODY


def _inside(record: Record, by: Actor) -> Acting:
    """Somebody whose password this process itself has proved; shut out, they are nobody at once."""
    account = record.reading().account(by.account)
    if account is None or not account.active:
        return NOBODY
    return Acting(account, None, by.terminal, by_cookie=False, inside=True)


def _asked_for_it_themselves() -> bool:
    """Whether a request that changes something comes from our own page or from a terminal.

    A browser says where a request comes from (Sec-Fetch-Site; Origin in older ones) and scripts
    cannot change it. Forms carry the session's own token as well.
    """
    if request.headers.get("Authorization") or acting().inside:
        return True  # a token is never sent by a browser on its own
    if not _from_here():
        return False
    if request.path.startswith("/api/"):
        return True  # no other site can send JSON here without asking first, and is refused then
    session = acting().session
    if session is None:
        return True  # signing in: there is no session yet to borrow
    sent = request.form.get("csrf", "")
    return hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), session.csrf.encode())


def _from_here() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin)[:2] == urlsplit(request.host_url)[:2]


def _who_are_you() -> Response:
    if request.path.startswith("/api/"):
        challenge = {"WWW-Authenticate": 'Bearer realm="Custody Triage"'}
        return refusal(401, kind="urn:triage:problem:sign-in", headers=challenge)
    back = request.path if request.method == "GET" else None
    return redirect(url_for("sign_in.sign_in", back=back), 303)
