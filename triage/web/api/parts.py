"""What every part of the API shares: strict bodies, idempotency keys, answers from values."""

import re
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from flask import Response, g, jsonify, request
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from triage.domain.errors import InputError
from triage.present import pages as words
from triage.schemas import documents
from triage.schemas.clocks import ClocksIn, EventIn
from triage.schemas.fields import input_error
from triage.schemas.screen import ScreenIn
from triage.web.api.describing import described as describe
from triage.web.api.shapes import plain, schema_of
from triage.web.doors import acting

KEY_HEADER = "Idempotency-Key"
# Their documents are checked against the rulebook too, all at once, by ``triage.schemas``.
READ_BY_THE_VIEW: tuple[type[Schema], ...] = (ScreenIn, EventIn, ClocksIn)
_KEY = re.compile(r"[A-Za-z0-9._:-]{8,128}")
KEY_PARAMETER = {
    "name": KEY_HEADER,
    "in": "header",
    "required": False,
    "description": "Required from a terminal. A repeated send with the same key stores nothing "
    "twice; the same key with another body is refused.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{8,128}$"},
}


class StrictParser(FlaskParser):
    """Bodies are read once, strictly; every refusal is ours, with its fields."""

    def load_json(self, req: Any, schema: Any) -> Any:
        """The body as a value; refuses duplicates, odd characters and what is nested too deep."""
        return body()

    def parse(self, argmap: Any, *rest: Any, **named: Any) -> Any:
        """What the schema makes of the body; nothing where the view reads it, once and whole."""
        return {} if argmap in READ_BY_THE_VIEW else super().parse(argmap, *rest, **named)

    def handle_error(self, error: ValidationError, *args: Any, **kwargs: Any) -> Any:
        """Raise our own refusal instead of webargs' abort."""
        messages = error.messages
        if isinstance(messages, dict) and set(messages) <= {"json", "query"}:
            messages = next(iter(messages.values()))
        raise input_error(ValidationError(messages)) from error


View = TypeVar("View", bound=Callable[..., Any])


class Decorator(Protocol):
    """Something that leaves the type of a view as it is."""

    def __call__(self, view: View, /) -> View:
        """The view, described."""


class Part(Blueprint):  # type: ignore[misc]
    """One part of the API; its bodies are read by the strict parser."""

    ARGUMENTS_PARSER = StrictParser()

    def takes(self, schema: type[Schema]) -> Decorator:
        """Read the body by this schema and hand it to the view first."""
        return cast(Decorator, self.arguments(schema))

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
        schema = None if shape is None else schema_of(shape)
        return cast(Decorator, self.response(status, schema))

    def keyed(self, view: View) -> View:
        """Describe that a view takes an idempotency key, and needs one from a terminal."""
        return cast(View, self.doc(parameters=[KEY_PARAMETER])(view))

    def for_anyone(self, view: View) -> View:
        """Describe that nobody has to say who they are."""
        return cast(View, self.doc(security=[])(view))


def body() -> dict[str, Any]:
    """The body of this request as it was sent, read once and strictly."""
    if "body" not in g:
        g.body = documents.parse(request.get_data(cache=True), name="body.json")
    return cast(dict[str, Any], g.body)


def answer(value: object, status: int = 200) -> Response:
    """A value as JSON, with nothing in it that its type does not name."""
    response = jsonify(plain(value))
    response.status_code = status
    return response


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
