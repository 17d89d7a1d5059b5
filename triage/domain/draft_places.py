"""The places of a half-finished screening: each answer that somebody typed, by where it stands.

A document and its places say the same. What a form says by itself of what nobody has answered
stands at no place.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Document = Mapping[str, Any]
MARKERS = "record.markers"
_UNKNOWN = {"answers": "not_asked", "observations": "unknown"}
_ABOUT_IT = ("asked_at", "by")  # when it was asked makes no other answer of it


def places_of(document: Document) -> dict[str, Any]:
    """Each answer by its place; what is empty was not typed."""
    found: dict[str, Any] = {}
    for name, value in document.items():
        inner = isinstance(value, Mapping)
        for part, said in value.items() if inner else (("", value),):
            place = f"{name}.{part}" if inner else name
            if place == MARKERS and isinstance(said, list | tuple):
                found |= _markers(said)
            elif said not in ("", None) and not _says_nothing(place, said):
                found[place] = said
    return found


def document_of(places: Mapping[str, Any]) -> dict[str, Any]:
    """The document with these answers at their places."""
    document: dict[str, Any] = {}
    for place, value in places.items():
        name, _, part = place.partition(".")
        if place.startswith(f"{MARKERS}."):
            document.setdefault("record", {}).setdefault("markers", []).append(value)
        elif part:
            document.setdefault(name, {})[part] = value
        else:
            document[name] = value
    return document


def with_places(document: Document, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The document with other answers at these places; None takes one out."""
    places = {**places_of(document), **changes}
    return document_of({place: said for place, said in places.items() if said is not None})


def without_answer(place: str, words: str) -> Any:
    """What stands at a place while two answers do; None where nothing can."""
    silent = _UNKNOWN.get(place.partition(".")[0])
    return None if silent is None else {"value": silent, "words": words}


def said_at(place: str, value: Any, words: str) -> Any:
    """An answer with words beside it that no rule reads; others are left as they are."""
    if place.partition(".")[0] not in _UNKNOWN:
        return value
    if not isinstance(value, Mapping):
        return {"value": value, "words": words}
    return {**value, "words": " ".join(filter(None, (value.get("words"), words)))[:2000]}


def same(one: Any, other: Any) -> bool:
    """Whether two say the same, whenever each was asked."""
    return bool(_bare(one) == _bare(other))


def no_answer(value: Any) -> bool:
    """Whether a place was left without an answer: any answer says more than that."""
    return value is None or _bare(value) == "not_asked"


def answer_in(value: Any) -> Any:
    """The answer itself, without its words."""
    return value["value"] if isinstance(value, Mapping) and "value" in value else value


def words_in(value: Any) -> str:
    """The words beside an answer, or none."""
    return str(value.get("words") or "") if isinstance(value, Mapping) and "value" in value else ""


def _says_nothing(place: str, said: Any) -> bool:
    """Whether a form says this by itself of what nobody has answered: not checked yet, unknown."""
    if place == "record.checked":
        return said is False
    return place.startswith("person.") and said == "unknown"


def _markers(markers: Iterable[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for marker in markers:
        known = marker if isinstance(marker, Mapping) else {}
        place = f"{MARKERS}.{known.get('kind')}:{known.get('origin')}"
        while place in found:
            place += "+"
        found[place] = marker
    return found


def _bare(value: Any) -> Any:
    if not isinstance(value, Mapping) or "value" not in value:
        return value
    rest = {name: said for name, said in value.items() if name not in _ABOUT_IT and said}
    return rest.get("value", value["value"]) if rest.keys() <= {"value"} else rest
