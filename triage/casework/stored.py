"""Domain values as JSON bodies of the record, and back: one codec, driven by the types.

A field that holds its default is left out, so a body stays small, and a field that a later release
adds with a default reads well from an older body.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from itertools import compress
from math import isfinite
from operator import attrgetter, is_not
from types import MappingProxyType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from triage.domain.answers import Answer, Status
from triage.domain.london import iso


def pack(value: Any) -> Any:
    """A value as JSON: dataclasses as objects without their defaults, moments ending in Z."""
    return _packer(value.__class__)(value)


def unpack(kind: Any, body: Any) -> Any:
    """The value of this type that ``pack`` wrote."""
    return _reader(kind)(body)


@cache
def _packer(kind: Any) -> Callable[[Any], Any]:
    """What packs values of one class; a screening has hundreds of values of a dozen classes."""
    if issubclass(kind, Enum):
        return _value
    if kind is type(None) or issubclass(kind, str | bool | int):
        return _as_it_is
    if issubclass(kind, float):
        return _finite
    if issubclass(kind, datetime):
        return iso
    if issubclass(kind, date):
        return date.isoformat
    if issubclass(kind, Mapping):
        return _packed_mapping
    if issubclass(kind, tuple | list):
        return _packed_list
    return _packed_answer if kind is Answer else _dataclass_packer(kind)


def _value(item: Enum) -> Any:
    return item.value


def _as_it_is(item: Any) -> Any:
    return item


def _finite(item: float) -> float:
    if not isfinite(item):
        raise ValueError("A number of the record is a number.")
    return item


def _packed_mapping(items: Mapping[str, Any]) -> dict[str, Any]:
    """A moment in a mapping of mixed values is marked, because there text is text."""
    return {
        key: _packed_answer(item) if item.__class__ is Answer else _packed_item(item)
        for key, item in items.items()
    }


def _packed_item(item: Any) -> Any:
    return {"at": iso(item)} if isinstance(item, datetime) else _packer(item.__class__)(item)


def _packed_list(items: tuple[Any, ...] | list[Any]) -> list[Any]:
    return [item if item.__class__ in _PLAIN else _packer(item.__class__)(item) for item in items]


_PLAIN = frozenset({str, int, bool, type(None)})  # JSON as they are
_ANSWERED = Status.ANSWERED
_more_of = attrgetter("asked_at", "by", "needed_by", "words")
_NO_MORE = (None,) * 4


def _packed_answer(given: Answer) -> Any:
    """Nearly every answer says one thing and no more; 70 of them are most of a screening."""
    value = given.value
    if _more_of(given) == _NO_MORE:
        if given.status is not _ANSWERED and value is None:
            return f"?{given.status}"
        if given.status is _ANSWERED:
            kind: Any = value.__class__
            if kind is not str:
                return _packer(kind)(value)
            if value[:1] != "?":  # type: ignore[index]
                return value
    return _dataclass_packer(Answer)(given)


@cache
def _dataclass_packer(kind: Any) -> Callable[[Any], Any]:
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is not kept in the record")
    names = tuple(each.name for each in fields(kind))
    defaults = tuple(_default(each) for each in fields(kind))
    all_of = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)

    def packed(value: Any) -> dict[str, Any]:
        """Most fields are their very default, and are passed over outside of the loop."""
        found, told = {}, all_of(value)
        others = compress(zip(names, told, defaults, strict=True), map(is_not, told, defaults))
        for name, item, default in others:
            if default is MISSING or item != default:
                of = item.__class__
                found[name] = item if of in _PLAIN else _packer(of)(item)
        return found

    return packed


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
        return rest[0](body) if rest else body  # a whole number where a number may be whole

    return read
