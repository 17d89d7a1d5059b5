"""Who acts at a terminal: a person signs in there and their session goes with each request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response
from flask.views import MethodView

from triage.domain.errors import InputError
from triage.present import sign_in as words
from triage.schemas.api import SignInIn
from triage.web import sessions, sign_in
from triage.web.api.parts import Part, answer
from triage.web.doors import acting, doors
from triage.web.errors import refusal

blueprint = Part("acting", __name__, description="Signing in at a terminal")


@dataclass(frozen=True)
class SignedIn:
    """A session at this terminal; send it as ``Acting-Session`` with each request."""

    session: str
    account: str
    name: str
    role: str
    suites: tuple[str, ...]
    ends_at: datetime


@blueprint.route("/acting")
class Acting(MethodView):
    """The person at this terminal."""

    @blueprint.takes(SignInIn)
    @blueprint.answers(201, SignedIn)
    def post(self, given: dict[str, Any]) -> Response:
        """Sign in at this terminal; works only with the terminal's token."""
        terminal, now = acting().terminal, doors().wall()
        if terminal is None:
            raise InputError.at("Authorization", words.TERMINALS_ONLY)
        record = doors().service.record
        try:
            account = sign_in.checked(record, given["account"], given["password"], now=now)
        except sign_in.TooSoon as error:
            headers = {"Retry-After": str(error.seconds)}
            return refusal(429, detail=str(error), headers=headers)
        if account is None:
            return refusal(403, kind="urn:triage:problem:sign-in", detail=words.WRONG)
        secret, session = sessions.begin(record, account, terminal=terminal, now=now)
        made = SignedIn(
            secret, account.account, account.name, account.role, account.suites, session.ends_at
        )
        return answer(made, 201)

    @blueprint.answers(204, None)
    def delete(self) -> Response:
        """Sign out at this terminal."""
        session, now = acting().session, doors().wall()
        if session is not None:
            with doors().service.record.writing(now=now) as writing:
                writing.end_session(session.id_hash, now)
        return Response(status=204)
