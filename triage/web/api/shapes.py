"""Values as JSON and the description of that JSON, both from the same types, so they agree.

Findings and clocks have contracts of their own and leave through ``triage.present``.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from triage.domain import london
from triage.domain.clocks import Clocks
from triage.domain.findings import Findings, Urgency
from triage.present import clocks, screening
from triage.web.doors import doors

Plain = dict[str, Any]


def _findings(findings: Findings) -> Plain:
    """Findings with the services that their routes lead to, as they are open when it is asked."""
    here = doors()
    return screening.as_json(findings, rulebook=here.service.rulebook, now=here.now())


_CONTRACTS: Mapping[type, Any] = {Findings: _findings, Clocks: clocks.as_json}
_SIMPLE: Mapping[Any, Plain] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    Any: {},
    object: {},
    Urgency: {"type": "string", "enum": [each.word for each in reversed(Urgency)]},
}


def plain(value: Any) -> Any:
    """A value as JSON can hold it; times in UTC ending in Z, urgencies as words."""
    for kind, contract in _CONTRACTS.items():
        if isinstance(value, kind):
            return contract(value)
    if isinstance(value, Urgency):
        return value.word
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return london.iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return value


def written(value: Any) -> bytes:
    """Plain values as the text of an answer: nothing but ASCII, whatever the names of people."""
    text = _dumps(value)
    return text if text.isascii() else _standard(value)


def _standard(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _writer() -> Callable[[Any], bytes]:
    """The fast writer of JSON, which leaves letters that ASCII does not have as they are; the
    standard one where no wheel of it is built."""
    try:
        fast: Callable[[Any], bytes] = import_module("orjson").dumps
    except ImportError:
        return _standard
    return fast


_dumps = _writer()


@cache
def schema_of(kind: Any) -> Plain:
    """The JSON schema of what ``plain`` makes of values of this type."""
    if kind in _CONTRACTS:
        return {"type": "object", "description": f"{kind.__name__}, as the contract has it"}
    if kind in _SIMPLE:
        return dict(_SIMPLE[kind])
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return {"anyOf": [schema_of(each) for each in inner]}
    if origin is tuple:
        return _tuple(inner)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(inner[1])}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"type": "string", "enum": [each.value for each in kind]}
    return _object(kind)


def _tuple(inner: tuple[Any, ...]) -> Plain:
    if inner[-1] is Ellipsis:
        return {"type": "array", "items": schema_of(inner[0])}
    kinds = list(dict.fromkeys(inner))
    items = schema_of(kinds[0]) if len(kinds) == 1 else {"anyOf": [schema_of(k) for k in kinds]}
    return {"type": "array", "items": items, "minItems": len(inner), "maxItems": len(inner)}


def _object(kind: Any) -> Plain:
    hints = get_type_hints(kind)
    names = [each.name for each in fields(kind)]
    return {
        "type": "object",
        "title": kind.__name__,
        "description": (kind.__doc__ or "").strip().split("\n")[0],
        "properties": {name: schema_of(hints[name]) for name in names},
        "required": names,
        "additionalProperties": False,
    }
