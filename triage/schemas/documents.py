"""Text from outside, JSON or TOML, read safely into plain values: objects, lists, text, numbers.

What a file may hold is decided elsewhere; here only whether it can be read at all. Whatever is
handed in, the result is a value or an InputError with a sentence and, where one exists, the line.
"""

import json
import math
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any, NoReturn

from triage.domain.errors import InputError

MOST_BYTES = 10_000_000
DEEPEST = 64
LONGEST_NUMBER = 30

Document = dict[str, Any]

_STRING_OR_BRACKET = (
    re.compile(  # an unclosed text runs to the end: looked at once, not from each quote
        r'"(?:[^"\\]++|\\.)*+"?|[][{}]', re.DOTALL
    )
)
_DOTTED_KEY = re.compile(  # tomllib needs the square of the number of parts
    r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64,}"""
)
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def read(stream: IO[bytes], *, name: str = "") -> Document:
    """The object that a stream holds, as JSON or TOML; never reads more than ``MOST_BYTES``."""
    return parse(stream.read(MOST_BYTES + 1), name=name)


def parse(data: bytes, *, name: str = "") -> Document:
    """The object in these bytes.

    ``name`` decides the language by its ending, .json or .toml; otherwise what begins with a brace
    is JSON and the rest is TOML. Raises InputError.
    """
    text = _text(data)
    as_json = _is_json(text, name)
    document = _json(text) if as_json else _toml(text)
    if not isinstance(document, dict):
        _refuse(f"Must be an object with named fields, in braces; this is {_said(document)}.")
    if not (as_json and _is_plain(text)):
        _check_strings(document)
    return document


def _is_plain(text: str) -> bool:
    """Whether no text in this JSON can hold an unfit character: none stands there or is written."""
    return "\\" not in text and _UNFIT.search(text) is None


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        _refuse(f"Is larger than {MOST_BYTES // 1_000_000} MB; a screening is a few kilobytes.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        _refuse("Is written in UTF-16; save it as UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError.at("", f"Is not text in UTF-8: line {line} cannot be read.") from error
    if "\x00" in text:
        _refuse(f"Holds a NUL character in line {_line(text, text.index(chr(0)))}; is it text?")
    if not text.strip():
        _refuse("Is empty.")
    return text


def _is_json(text: str, name: str) -> bool:
    ending = name.lower().rpartition(".")[2]
    return text.lstrip().startswith("{") if ending not in ("json", "toml") else ending == "json"


def _json(text: str) -> object:
    _check_depth(text)
    try:
        return _READER.decode(text)
    except _Twice as found:
        _refuse_twice(found.key, text)
    except json.JSONDecodeError as error:
        raise InputError.at(
            "", f"Is not readable as JSON, line {error.lineno}: {error.msg}."
        ) from error
    except RecursionError as error:
        raise _too_deep() from error


def _toml(text: str) -> object:
    if _DOTTED_KEY.search(text):
        raise _too_deep()
    try:
        return _as_json_holds(tomllib.loads(text, parse_float=_real))
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        found = _AT_LINE.search(str(error))
        words = str(error)[: found.start()] if found else "a value cannot be read"
        line = found.group(1) if found and found.group(1) else text.count("\n") + 1
        hint = "" if "=" in text else " It does not begin with a brace either, as JSON would."
        raise InputError.at("", f"Is not readable as TOML, line {line}: {words}.{hint}") from error


def _as_json_holds(value: Any, depth: int = 0) -> Any:
    """TOML has dates and times of its own; as text they take the same road as those of JSON."""
    if depth > DEEPEST:
        raise _too_deep()
    if isinstance(value, dict):
        return {key: _as_json_holds(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_json_holds(item, depth + 1) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**LONGEST_NUMBER:
        _refuse(f"Holds a number of more than {LONGEST_NUMBER} digits.")
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def _check_depth(text: str) -> None:
    if text.count("{") + text.count("[") <= DEEPEST:
        return  # nothing is nested deeper than it has brackets
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(text):
        match token.group()[0]:
            case "[" | "{":
                depth += 1
            case "]" | "}":
                depth -= 1
        if depth > DEEPEST:
            raise _too_deep(_line(text, token.start()))


class _Twice(Exception):
    """A key that is given twice in one object."""

    def __init__(self, key: str) -> None:
        self.key = key


def _once(pairs: list[tuple[str, Any]]) -> Document:
    """The pairs as an object; a key given twice is refused, because one would be lost."""
    document = dict(pairs)
    if len(document) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(next(key for key in keys if keys.count(key) > 1))
    return document


def _refuse_twice(key: str, text: str) -> NoReturn:
    written = re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:"
    lines = [_line(text, found.start()) for found in re.finditer(written, text)]
    where = f" (lines {lines[0]} and {lines[1]})" if len(lines) == 2 else ""
    _refuse(f"Gives {_quoted(key)} twice in one object{where}; keep the one that holds.")


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        _refuse(f"Holds a number of more than {LONGEST_NUMBER} digits.")
    return int(digits)


def _real(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _refuse(f"Holds a number that is not finite: {_quoted(digits)}.")
    return number


def _constant(word: str) -> NoReturn:
    _refuse(f"{word} is not a number that JSON allows.")


_READER = json.JSONDecoder(
    object_pairs_hook=_once, parse_constant=_constant, parse_int=_whole, parse_float=_real
)


def _check_strings(document: Document) -> None:
    for where, text in _strings(document):
        found = _UNFIT.search(text)
        if found:
            kind = "half a character" if found.group() >= "\ud800" else "a control character"
            raise InputError.at(where, f"Holds {kind} (U+{ord(found.group()):04X}); retype it.")


def _strings(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value with its place; keys come under the place of their object."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield where, key
            yield from _strings(item, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _strings(item, f"{where}[{number}]")


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _quoted(text: str) -> str:
    """Outside text, short and harmless enough to stand in a sentence."""
    plain = _UNFIT.sub("?", text).replace("\n", " ")
    return f'"{plain}"' if len(plain) <= 40 else f'"{plain[:37]}..."'


def _said(value: object) -> str:
    words = {list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return words.get(type(value), "nothing")


def _too_deep(line: int | None = None) -> InputError:
    where = f" (line {line})" if line else ""
    return InputError.at("", f"Is nested more than {DEEPEST} levels deep{where}.")


def _refuse(sentence: str) -> NoReturn:
    raise InputError.at("", sentence)
