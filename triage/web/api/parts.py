"""What every part of the API shares: strict bodies, idempotency keys, answers from values."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from flask import Response, g, request
from flask_smorest import Blueprint
from marshmallow import Schema

from triage.domain.errors import InputError
from triage.present import pages as words
from triage.schemas import documents
from triage.schemas.clocks import ClocksIn, EventIn
from triage.schemas.fields import load
from triage.schemas.screen import DraftIn, ScreenIn
from triage.web.api.describing import described as describe
from triage.web.api.shapes import plain, schema_of, written
from triage.web.doors import acting
from triage.web.gate import RENEWING

KEY_HEADER = "Idempotency-Key"
# Their documents are checked against the rulebook too, all at once, by ``triage.schemas``.
READ_BY_THE_VIEW: tuple[type[Schema], ...] = (ScreenIn, DraftIn, EventIn, ClocksIn)
_KEY = re.compile(r"[A-Za-z0-9._:-]{8,128}")
_NUMBER = re.compile(r"[0-9]{1,9}")
KEY_PARAMETER = {
    "name": KEY_HEADER,
    "in": "header",
    "required": False,
    "description": "Required from a terminal. A repeated send with the same key stores nothing "
    "twice; the same key with another body is refused.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{8,128}$"},
}
DRAFT_VERSION = "Draft-Version"
DRAFT_PARAMETER = {
    "name": DRAFT_VERSION,
    "in": "header",
    "required": False,
    "description": "The state of the draft (`version`) that this was made on. What others typed "
    "since is kept beside it, question by question; where two answered one question differently "
    "both stand, in `contested`, until one of them is sent on a state that holds both. Without it "
    "nobody knows what was seen: it counts as made on the last state that you typed yourself, and "
    "chooses nothing.",
    "schema": {"type": "integer", "minimum": 0, "maximum": 1_000_000_000},
}
IF_MATCH_PARAMETER = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the draft. Nothing is kept, and nothing in it is raised, unless it "
    "is still in that state (412). Where an emergency must not wait, send Draft-Version instead.",
    "schema": {"type": "string"},
}
IF_NONE_MATCH_PARAMETER = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "With Renewing: the ETag of the draft that is known. While it is still in that "
    "state the answer is 304 without a body; what has come since is fetched whole.",
    "schema": {"type": "string"},
}
RENEWING_PARAMETER = {
    "name": RENEWING,
    "in": "header",
    "required": False,
    "description": "Sent by a screen that renews itself: nobody pressed anything, so the look is "
    "logged as kept open once an hour, and keeps no session alive.",
    "schema": {"type": "string"},
}


View = TypeVar("View", bound=Callable[..., Any])


class Decorator(Protocol):
    """Something that leaves the type of a view as it is."""

    def __call__(self, view: View, /) -> View:
        """The view, described."""


class Part(Blueprint):  # type: ignore[misc]
    """One part of the API. flask-smorest describes it; our own views read bodies and answer."""

    def takes(self, schema: type[Schema]) -> Decorator:
        """Read the body by this schema and hand it to the view first."""
        described = self.arguments(schema)

        def taking(view: View) -> View:
            @wraps(view)
            def read(at: object, **named: Any) -> Any:
                given = {} if schema in READ_BY_THE_VIEW else load(schema, body())
                return view(at, given, **named)

            return _described(cast(View, read), described(view))

        return cast(Decorator, taking)

    def asks(self, schema: type[Schema]) -> Decorator:
        """Describe what may stand in the address; the view reads it by the same schema."""
        described = [
            {
                "name": field.data_key or name,
                "in": "query",
                "required": field.required,
                "description": str(field.metadata.get("description", "")),
                "schema": describe(field),
            }
            for name, field in schema().fields.items()
        ]
        return cast(Decorator, self.doc(parameters=described))

    def answers(self, status: int, shape: type | None) -> Decorator:
        """Describe the answer of a view by the type of the value that it hands out."""
        described = self.response(status, None if shape is None else schema_of(shape))
        return cast(Decorator, lambda view: _described(view, described(view)))

    def keyed(self, view: View) -> View:
        """Describe that a view takes an idempotency key, and needs one from a terminal."""
        return cast(View, self.doc(parameters=[KEY_PARAMETER])(view))

    def versioned(self, view: View) -> View:
        """Describe that a view takes the state of the draft that it was made on."""
        return cast(View, self.doc(parameters=[DRAFT_PARAMETER])(view))

    def matched(self, view: View) -> View:
        """Describe that a view keeps nothing where the draft is not in the state that is named."""
        return cast(View, self.doc(parameters=[DRAFT_PARAMETER, IF_MATCH_PARAMETER])(view))

    def renews_if_changed(self, view: View) -> View:
        """Describe that a screen may renew this by itself, and gets it only in another state."""
        parameters = [RENEWING_PARAMETER, IF_NONE_MATCH_PARAMETER]
        return cast(View, self.doc(parameters=parameters)(view))

    def renews(self, view: View) -> View:
        """Describe that a screen may show this and renew it by itself."""
        return cast(View, self.doc(parameters=[RENEWING_PARAMETER])(view))

    def for_anyone(self, view: View) -> View:
        """Describe that nobody has to say who they are."""
        return cast(View, self.doc(security=[])(view))


def _described(view: View, by: Any) -> View:
    """The view with the description that flask-smorest made, without its work at each request:
    it looks for values to be dumped, and our views hand out answers."""
    view._apidoc = by._apidoc  # type: ignore[attr-defined]
    return view


def body() -> dict[str, Any]:
    """The body of this request as it was sent, read once and strictly."""
    if "body" not in g:
        g.body = documents.parse(request.get_data(cache=True), name="body.json")
    return cast(dict[str, Any], g.body)


def answer(value: object, status: int = 200) -> Response:
    """A value as JSON, with nothing in it that its type does not name."""
    return Response(written(plain(value)) + b"\n", status, mimetype="application/json")


def saved(value: object) -> Response:
    """What was recorded: 201 the first time, 200 when the same request is answered again."""
    return answer(value, 200 if getattr(value, "repeated", False) else 201)


def key() -> str | None:
    """The idempotency key of this request; raises InputError where a terminal sends none."""
    sent = request.headers.get(KEY_HEADER)
    if sent is None:
        if acting().terminal:
            raise InputError.at(KEY_HEADER, words.KEY_MISSING)
        return None
    if not _KEY.fullmatch(sent):
        raise InputError.at(KEY_HEADER, words.KEY_SHAPE)
    return sent


def draft_version() -> int | None:
    """The state of the draft that this request was made on; None where it does not say."""
    sent = request.headers.get(DRAFT_VERSION)
    if sent is None:
        return None
    if not _NUMBER.fullmatch(sent):
        raise InputError.at(DRAFT_VERSION, words.NOT_A_VERSION)
    return int(sent)


def if_match() -> int | None:
    """The one state of the draft that this may be kept on; None where any will do."""
    return _state("If-Match")


def if_none_match() -> int | None:
    """The state of the draft that is known already; None where none is named."""
    return _state("If-None-Match")


def _state(header: str) -> int | None:
    sent = request.headers.get(header)
    if sent is None or sent.strip() == "*":
        return None
    number = sent.strip().strip('"')
    if not _NUMBER.fullmatch(number):
        raise InputError.at(header, words.NOT_A_VERSION)
    return int(number)


def in_state(answered: Response, version: int) -> Response:
    """The answer, with the state of the draft that it shows as its ETag."""
    answered.set_etag(str(version))
    return answered
