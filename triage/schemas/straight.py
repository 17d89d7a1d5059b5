"""The straight way through a schema, for the data that is right, which nearly all of it is.

marshmallow is there to explain a refusal; reading a right document it takes longer than deciding
on it. The same fields read the same values here, and whatever they refuse goes to marshmallow.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Protocol, runtime_checkable

from marshmallow import Schema, ValidationError, fields

Reader = Callable[[Any], Any]


class NotStraight(Exception):
    """Something that marshmallow has to look at: most often what is refused."""


@cache
def reader_of(kind: type[Schema]) -> Reader:
    """What reads a document of this schema as ``kind().load`` does; raises NotStraight.

    Raises TypeError for a schema that does more than its fields say.
    """
    schema = kind()
    if any(hooks for hooks in schema._hooks.values()):
        raise TypeError(f"{kind.__name__} has a method of its own that looks at what it loads")
    return _object_reader(schema.fields)


def _object_reader(known: Mapping[str, fields.Field[Any]]) -> Reader:
    readers = {
        field.data_key or name: (field.attribute or name, straight_reader(field))
        for name, field in known.items()
    }
    required = {field.attribute or name for name, field in known.items() if field.required}

    def read(document: Any) -> dict[str, Any]:
        if type(document) is not dict:
            raise NotStraight
        found = {}
        for key, value in document.items():
            if value is None or key not in readers:
                raise NotStraight
            name, reader = readers[key]
            found[name] = reader(value)
        if not required <= found.keys():
            raise NotStraight
        return found

    return read


@runtime_checkable
class Straight(Protocol):
    """A field of our own that holds others, and knows its own straight way."""

    def straight(self) -> Reader:
        """What reads a value of this field; raises NotStraight."""


def straight_reader(field: fields.Field[Any]) -> Reader:
    """What reads the values of one field as it does itself; raises NotStraight."""
    if isinstance(field, Straight):
        reader = field.straight()
    elif type(field) is fields.Nested:
        reader = _object_reader(field.schema.fields)
    elif type(field) is fields.List:
        reader = _list_reader(straight_reader(field.inner))
    elif type(field) is fields.Raw:
        reader = _as_it_is
    else:
        reader = _leaf_reader(field)
    return _validated(field, reader) if field.validators else reader


def _leaf_reader(field: fields.Field[Any]) -> Reader:
    read = field._deserialize

    def leaf(value: Any) -> Any:
        try:
            return read(value, None, None)
        except ValidationError:
            raise NotStraight from None

    return leaf


def _validated(field: fields.Field[Any], reader: Reader) -> Reader:
    def read(value: Any) -> Any:
        found = reader(value)
        try:
            field._validate(found)
        except ValidationError:
            raise NotStraight from None
        return found

    return read


def _list_reader(inner: Reader) -> Reader:
    def read(value: Any) -> list[Any]:
        if type(value) is not list or None in value:
            raise NotStraight
        return [inner(each) for each in value]

    return read


def _as_it_is(value: Any) -> Any:
    return value
