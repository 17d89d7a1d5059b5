"""The fields that every door shares.

Outside data is refused early, field by field, in sentences that say what would be right. Nothing
is coerced: "3" is not 3, true is not 1, a time without an offset is not a time.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from triage.domain import london, timeline
from triage.schemas.refusals import Refusal, input_error, refuse
from triage.schemas.straight import NotStraight, Reader, reader_of, straight_reader

FIRST_DAY, LAST_DAY = date(1983, 9, 30), date(2199, 12, 31)
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_WALL = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$")
_KEPT_CONTROLS = "\n\t"


class StrictSchema(Schema):
    """A schema that refuses keys it does not know, naming those that it does."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        known = sorted(field.data_key or name for name, field in self.fields.items())
        self.error_messages = dict(self.error_messages) | {
            "unknown": Refusal("is not a field here", known),
            "type": Refusal("must be an object with named fields"),
        }


class SafeText(fields.Field[str]):
    """Text without NUL, other control characters or lone surrogates, up to ``longest``.

    Control characters are refused because the sergeant's terminal would obey them.
    """

    def __init__(
        self, *, longest: int = 2000, shortest: int = 0, like: str = "", **options: Any
    ) -> None:
        self.longest, self.shortest, self.like = longest, shortest, like
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise refuse("must be text")
        if not self.shortest <= len(value) <= self.longest:
            raise refuse(f"must be {self.shortest} to {self.longest} characters long")
        if not value.isprintable() and any(_unsafe(character) for character in value):
            raise refuse("holds a character that is not text (NUL, a control or half a pair)")
        if self.like and not re.fullmatch(self.like, value):
            raise refuse(f"must be letters, digits and marks as in {self.like}")
        return value


def _unsafe(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") and character not in _KEPT_CONTROLS


class Choice(fields.Field[str]):
    """One word of a closed list; the refusal names the list."""

    def __init__(self, options: Iterable[str], **rest: Any) -> None:
        self.options = tuple(options)
        super().__init__(**rest)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise refuse("is not one of the words allowed here", self.options)
        return value


class StrictInt(fields.Field[int]):
    """A whole number, not a bool, not text, not 3.0; within its bounds."""

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise refuse("must be a whole number")
        if not self.least <= value <= self.most:
            raise refuse(f"must be from {self.least} to {self.most}")
        return value


class StrictBool(fields.Field[bool]):
    """true or false, and nothing that looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise refuse("must be true or false", ("true", "false"))
        return value


class DateField(fields.Field[date]):
    """A calendar day, ``YYYY-MM-DD``; a TOML date is one already."""

    def __init__(self, *, first: date = date(1900, 1, 1), **options: Any) -> None:
        self.first = first
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if isinstance(value, date) and not isinstance(value, datetime):
            return self._within(value)
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise refuse("must be a day such as 2026-11-23")
        try:
            return self._within(date.fromisoformat(value))
        except ValueError:
            raise refuse("is not a day in the calendar") from None

    def _within(self, day: date) -> date:
        if not self.first <= day <= LAST_DAY:
            raise refuse(f"must be from {self.first} to {LAST_DAY}")
        return day

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else value.isoformat()


class AwareUTC(fields.Field[datetime]):
    """A moment as ISO 8601 with an offset, handed on in UTC. A time without offset is refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        return _from_iso(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else london.iso(value)


class Moment(AwareUTC):
    """T of the contracts: ISO 8601 with offset, or ``{"london": ..., "fold": ...}``; out in UTC.

    A London time that happened twice is refused without a fold, and both readings are named.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        return _from_wall(value) if isinstance(value, Mapping) else _from_iso(value)


class Span(fields.Field[timeline.Moment]):
    """T, or ``{"not_before": T, "not_after": T}`` for what is known only roughly."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> timeline.Moment:
        if not (isinstance(value, Mapping) and value.keys() & {"not_before", "not_after"}):
            return timeline.Moment.at(Moment()._deserialize(value, attr, data))
        ends = _Ends().load(dict(value))
        if ends["not_after"] < ends["not_before"]:
            raise ValidationError({"not_after": [Refusal("is before not_before")]})
        return timeline.Moment(ends["not_before"], ends["not_after"])


class _Ends(StrictSchema):
    not_before = Moment(required=True)
    not_after = Moment(required=True)


def _from_iso(value: Any) -> datetime:
    if isinstance(value, str) and _OFFSET.search(value):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise refuse("is not a time such as 2026-11-23T14:05:00Z") from None
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise refuse(
            "must be a time with an offset, such as 2026-11-23T14:05:00Z, or a London time, "
            'such as {"london": "2026-11-23T14:05"}'
        )
    return _kept(value)


def _from_wall(value: Mapping[str, Any]) -> datetime:
    if unknown := value.keys() - {"london", "fold"}:
        name = sorted(map(str, unknown))[0]
        raise ValidationError({name: [Refusal("is not a field here", ("london", "fold"))]})
    wall, fold = value.get("london"), value.get("fold")
    if isinstance(wall, datetime) and wall.utcoffset() is None:
        wall = wall.isoformat()
    if not isinstance(wall, str) or not _WALL.match(wall):
        raise ValidationError({"london": [Refusal("must be such as 2026-11-23T14:05")]})
    if fold not in (None, "first", "second"):
        raise ValidationError({"fold": [Refusal("is one of two words", ("first", "second"))]})
    try:
        return _kept(london.from_wall(datetime.fromisoformat(wall), fold))
    except london.RepeatedTime as twice:
        raise refuse(str(twice), ("first", "second")) from None
    except london.SkippedTime as never:
        raise refuse(str(never)) from None
    except (ValueError, OverflowError):
        raise refuse("is not a time of the calendar") from None


def _kept(moment: datetime) -> datetime:
    """The moment in UTC, within the years that the law rows cover."""
    try:
        utc = moment.astimezone(UTC)
    except (OverflowError, ValueError):
        raise refuse("is not a time of the calendar") from None
    if not FIRST_DAY <= utc.date() <= LAST_DAY - timedelta(days=366):
        raise refuse(f"must be from {FIRST_DAY} to {LAST_DAY.year - 1}")
    return utc


class ById(fields.Field[dict[str, Any]]):
    """An object whose keys are ids and whose values all load with one inner field.

    Refusals carry the id alone (``answers.head_knock``), not marshmallow's "key" and "value".
    """

    def __init__(self, inner: fields.Field[Any], *, most: int = 500, **options: Any) -> None:
        self.inner, self.most = inner, most
        super().__init__(**options)

    def straight(self) -> Reader:
        """The same for what is right; see ``triage.schemas.straight``."""
        inner = straight_reader(self.inner)

        def read(value: Any) -> dict[str, Any]:
            if type(value) is not dict or len(value) > self.most or None in value.values():
                raise NotStraight
            return {key: inner(item) for key, item in value.items()}

        return read

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise refuse("must be an object with named fields")
        if len(value) > self.most:
            raise refuse(f"must have at most {self.most} entries")
        loaded, refused = {}, {}
        for key, item in value.items():
            try:
                loaded[key] = self.inner.deserialize(item, key, value)
            except ValidationError as error:
                refused[key] = error.messages
        if refused:
            raise ValidationError(refused)
        return loaded


def load(schema: type[Schema], data: Any) -> Any:
    """What the schema makes of outside data; raises InputError naming every field refused."""
    try:
        return reader_of(schema)(data)
    except NotStraight:
        pass  # marshmallow reads it again, to say what is wrong with it
    try:
        return schema().load(data)
    except ValidationError as error:
        raise input_error(error) from None
