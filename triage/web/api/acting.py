"""Who acts at a terminal: a person signs in there and their session goes with each request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response
from flask.views import MethodView

from triage.domain.errors import InputError
from triage.present import sign_in as words
from triage.record import Account
from triage.schemas.api import SignInIn
from triage.web import sessions, sign_in
from triage.web.api.parts import Part, answer
from triage.web.doors import acting, actor, doors
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
        here, now = acting(), doors().wall()
        if here.terminal is None and not here.inside:
            raise InputError.at("Authorization", words.TERMINALS_ONLY)
        record = doors().service.record
        try:
            account = sign_in.checked(record, given["account"], given["password"], now=now)
        except sign_in.TooSoon as error:
            headers = {"Retry-After": str(error.seconds)}
            return refusal(429, detail=str(error), headers=headers)
        if account is None or (here.inside and account.account != actor().account):
            return refusal(403, kind="urn:triage:problem:sign-in", detail=words.WRONG)
        if here.inside:  # somebody proves again who they are; in this process nothing runs out
            return answer(_signed_in("", account, now + sessions.LONGEST), 201)
        secret, session = sessions.begin(record, account, terminal=here.terminal, now=now)
        return answer(_signed_in(secret, account, session.ends_at), 201)

    @blueprint.answers(204, None)
    def delete(self) -> Response:
        """Sign out at this terminal."""
        session, now = acting().session, doors().wall()
        if session is not None:
            with doors().service.record.writing(now=now) as writing:
                writing.end_session(session.id_hash, now)
        return Response(status=204)


def _signed_in(secret: str, account: Account, ends_at: datetime) -> SignedIn:
    return SignedIn(
        secret, account.account, account.name, account.role, account.suites, ends_at
    )  # fmt: skip
