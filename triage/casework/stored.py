"""Domain values as JSON bodies of the record, and back: one codec, driven by the types.

A field that holds its default is left out, so a body stays small, and a field that a later release
adds with a default reads well from an older body.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import MappingProxyType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from triage.domain.answers import Answer, Status
from triage.domain.london import iso


def pack(value: Any) -> Any:
    """A value as JSON: dataclasses as objects without their defaults, moments ending in Z."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _marked(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [pack(item) for item in value]
    if isinstance(value, Answer) and value == Answer(value.status, value.value):
        # Nearly every answer says this and no more; 70 of them are most of a screening.
        if value.status is not Status.ANSWERED and value.value is None:
            return f"?{value.status}"
        if value.status is Status.ANSWERED and not (
            isinstance(value.value, str) and value.value[:1] == "?"
        ):
            return pack(value.value)
    return {
        name: pack(item)
        for name, default in _defaults(value.__class__)
        if (item := getattr(value, name)) != default
    }


def unpack(kind: Any, body: Any) -> Any:
    """The value of this type that ``pack`` wrote."""
    return _reader(kind)(body)


def _marked(item: Any) -> Any:
    """A moment in a mapping of mixed values is marked, because there text is text."""
    return {"at": iso(item)} if isinstance(item, datetime) else pack(item)


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is not kept in the record")
    return tuple((each.name, _default(each)) for each in fields(kind))


def _default(each: Any) -> Any:
    if each.default is not MISSING:
        return each.default
    return MISSING if each.default_factory is MISSING else each.default_factory()


@cache
def _reader(kind: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _union_reader(inner)
    if origin is tuple:
        return _tuple_reader(inner)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        value = _reader(inner[1])
        return lambda body: MappingProxyType({key: value(item) for key, item in body.items()})
    if kind is Any or kind in (str, bool, int, float, type(None)):
        return lambda body: body
    if kind in (datetime, date):
        return kind.fromisoformat
    if issubclass(kind, Enum):
        return kind
    if kind is Answer:
        return _answer_reader()
    return _dataclass_reader(kind)


def _dataclass_reader(kind: Any) -> Any:
    hints = get_type_hints(kind)
    readers = {each.name: _reader(hints[each.name]) for each in fields(kind)}

    def read(body: Mapping[str, Any]) -> Any:
        return kind(**{name: readers[name](item) for name, item in body.items()})

    return read


def _answer_reader() -> Any:
    whole = _dataclass_reader(Answer)

    def read(body: Any) -> Answer:
        if isinstance(body, dict):
            found: Answer = whole(body)
            return found
        if isinstance(body, str) and body[:1] == "?":
            return Answer(Status(body[1:]))
        return Answer(Status.ANSWERED, tuple(body) if isinstance(body, list) else body)

    return read


def _tuple_reader(inner: tuple[Any, ...]) -> Any:
    readers = [_reader(each) for each in inner if each is not Ellipsis]
    if len(inner) == 2 and inner[1] is Ellipsis:
        return lambda body: tuple(readers[0](item) for item in body)
    return lambda body: tuple(read(item) for read, item in zip(readers, body, strict=True))


def _union_reader(inner: tuple[Any, ...]) -> Any:
    """Which of several types a JSON value is, by what it looks like."""
    plain = {each for each in inner if each in (str, bool, int, float)}
    rest = [_reader(each) for each in inner if each not in plain and each is not type(None)]

    def read(body: Any) -> Any:
        if body is None:
            return None
        if isinstance(body, dict) and set(body) == {"at"} and datetime in inner:
            return datetime.fromisoformat(body["at"])
        if type(body) in plain:
            return body
        return rest[0](body)

    return read
