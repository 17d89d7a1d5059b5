"""How the refusals of outside data read: in sentences that say what would be right."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import ValidationError

from triage.domain.errors import InputError, Problem


class Refusal(str):
    """One sentence of refusal; ``allowed`` names what would be right, when that is a short list."""

    allowed: tuple[str, ...]

    def __new__(cls, sentence: str, allowed: Iterable[str] = ()) -> "Refusal":
        made = super().__new__(cls, sentence)
        made.allowed = tuple(allowed)
        return made


def refuse(sentence: str, allowed: Iterable[str] = ()) -> ValidationError:
    """A refusal for a field to raise."""
    return ValidationError([Refusal(sentence, allowed)])


def input_error(error: ValidationError, *, under: str = "") -> InputError:
    """Marshmallow's refusals as ours: dotted and indexed, as in ``events[4].occurred_at``."""
    return InputError(_problems(error.messages, under))


def _problems(messages: Any, where: str) -> Iterator[Problem]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _problems(inner, _joined(where, key))
    elif isinstance(messages, list | tuple):
        for inner in messages:
            yield from _problems(inner, where)
    else:
        yield Problem(where, _sentence(str(messages)), getattr(messages, "allowed", ()))


def _joined(where: str, key: Any) -> str:
    if key == "_schema":
        return where
    if isinstance(key, int):
        return f"{where}[{key}]"
    return f"{where}.{key}" if where else str(key)


_PLAINER = {
    "Missing data for required field.": "is missing",
    "Field may not be null.": "may not be null; leave it out if it is not known",
    "Not a valid list.": "must be a list",
    "Invalid type.": "must be an object with named fields",
    "Invalid input type.": "must be an object with named fields",
}


def _sentence(message: str) -> str:
    return _PLAINER.get(message, message)
