"""How our fields, errors and sign-in read in the OpenAPI document."""

from typing import Any

from flask_smorest import Api
from marshmallow import Schema, fields

from triage.schemas.fields import (
    AwareUTC,
    ById,
    Choice,
    DateField,
    Moment,
    SafeText,
    Span,
    StrictBool,
    StrictInt,
)
from triage.web.gate import PERSON_HEADER

Plain = dict[str, Any]
_INSTANT: Plain = {"type": "string", "format": "date-time"}
_LONDON: Plain = {
    "type": "object",
    "properties": {
        "london": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$"},
        "fold": {"enum": ["first", "second"]},
    },
    "required": ["london"],
    "additionalProperties": False,
}
_MOMENT: Plain = {"anyOf": [_INSTANT, _LONDON]}
_SPAN: Plain = {
    "anyOf": [
        *_MOMENT["anyOf"],
        {
            "type": "object",
            "properties": {"not_before": _MOMENT, "not_after": _MOMENT},
            "required": ["not_before", "not_after"],
            "additionalProperties": False,
        },
    ]
}


class ProblemField(Schema):
    """One field that cannot be used."""

    field = fields.String(required=True)
    problem = fields.String(required=True)
    allowed = fields.List(fields.String())


class PROBLEM(Schema):
    """A refusal in the form of RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemField))
    law_row = fields.String()


def describe_fields(api: Api) -> None:
    """Teach the description what our own fields take."""
    api.ma_plugin.converter.add_attribute_function(_described)


def described(field: fields.Field[Any]) -> Plain:
    """The JSON schema of one field that stands in an address."""
    if isinstance(field, fields.List):
        return {"type": "array", "items": _described(None, field.inner)}
    return _described(None, field)


def _described(self: Any, field: fields.Field[Any], **rest: Any) -> Plain:
    """The JSON schema of one of our fields, and nothing for marshmallow's own."""
    match field:
        case SafeText():
            bounds: Plain = {"type": "string", "minLength": field.shortest}
            bounds["maxLength"] = field.longest
            return bounds | ({"pattern": f"^(?:{field.like})$"} if field.like else {})
        case Choice():
            return {"type": "string", "enum": list(field.options)}
        case StrictInt():
            return {"type": "integer", "minimum": field.least, "maximum": field.most}
        case StrictBool():
            return {"type": "boolean"}
        case DateField():
            return {"type": "string", "format": "date"}
        case Moment():
            return dict(_MOMENT)
        case AwareUTC():
            return dict(_INSTANT)
        case Span():
            return dict(_SPAN)
        case ById():
            return {"type": "object", "maxProperties": field.most}
    return {}


def describe_security(api: Api) -> None:
    """Say how somebody shows who they are."""
    components = api.spec.components
    components.security_scheme("terminal", {"type": "http", "scheme": "bearer"})
    components.security_scheme("person", {"type": "apiKey", "in": "header", "name": PERSON_HEADER})
    components.security_scheme("browser", {"type": "apiKey", "in": "cookie", "name": "session"})
    api.spec.options["security"] = [{"terminal": [], "person": []}, {"browser": []}]
