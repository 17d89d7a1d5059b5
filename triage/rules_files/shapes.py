"""From TOML tables to questions, observations, facts, definitions and actions."""

import re
from typing import Any, TypeVar

from triage.domain.answers import Group, Value
from triage.domain.facts import FILLED
from triage.domain.findings import like
from triage.domain.names import Vocabulary
from triage.domain.rulebook import (
    Action,
)
from triage.domain.specs import (
    Definition,
    FactKind,
    FactSpec,
    Observation,
    Options,
    Question,
    Spec,
    options_of,
)
from triage.rules_files.table import Table

_ID = re.compile(r"[a-z][a-z0-9_]{0,79}")
_RESERVED = frozenset(
    {"and", "or", "not", "in", "is", "if", "else", "for", "lambda", "always", "never", "true"}
    | {"false", "known", "unknown", "withheld", "marked", "reported", "any_of", "only", "count"}
    | {"score", "need", "flag", "any_need"}
)
_CONCERNING = ("up", "down")
_SOURCES = ("person", "stay", "record", "property", "officer")


def plain_id(table: Table, *, word: bool = True) -> str:
    """The id of a table: a plain word where conditions use it."""
    name = table.text("id")
    if word and (not _ID.fullmatch(name) or name in _RESERVED):
        table.wrong(
            "An id is small letters, digits and _, begins with a letter, and is no word of ours."
        )
    return name


def options(table: Table, kind: FactKind) -> Options:
    """The options of a question, each an id and its words."""
    raw = table.rest("options").get("options", [])
    pairs = raw if isinstance(raw, list) else []
    good = [p for p in pairs if isinstance(p, list) and len(p) == 2 and _text(p[0]) and _text(p[1])]
    if not isinstance(raw, list) or len(good) != len(pairs):
        table.wrong('options is a list of ["id", "words"].')
    ids = [option for option, _ in good]
    if len(set(ids)) != len(ids):
        table.wrong("Two options have the same id.")
    for option in ids:
        if not _ID.fullmatch(option):
            table.wrong(f"{option[:60]} is not usable as the id of an option.")
    if kind in (FactKind.CHOICE, FactKind.MANY) and not ids:
        table.wrong("options are missing.")
    if kind in (FactKind.TEXT, FactKind.NUMBER) and ids:
        table.wrong(f"A {kind.value} has no options.")
    return tuple([(option, words) for option, words in good])


def question(table: Table) -> tuple[Question, str | None]:
    """A question, and the text of its gate, which can be read only when all names are known."""
    kind = table.enum("kind", FactKind)
    if kind in (FactKind.YES_NO, FactKind.NUMBER):
        table.wrong("A question is choice, many or text.")
    read = Question(
        id=plain_id(table),
        number=table.text("number"),
        asks=table.text("asks"),
        kind=kind,
        options=options(table, kind),
        nothing="",
        ordered=table.yes("ordered"),
        private=table.yes("private"),
        group=table.enum("group", Group),
        credible=table.yes("credible"),
        context=table.texts("context", ()),
        context_why=table.text("context_why", ""),
    )
    return _with_nothing(table, read), table.maybe("branch")


def observation(table: Table) -> Observation:
    """Something that staff look for."""
    kind = table.enum("kind", FactKind)
    if kind not in (FactKind.YES_NO, FactKind.CHOICE):
        table.wrong("An observation is choice or yes_no.")
    read = Observation(
        id=plain_id(table),
        number=table.text("number", ""),
        looks=table.text("looks"),
        kind=kind,
        options=options(table, kind),
        nothing="",
        ordered=table.yes("ordered"),
        group=table.enum("group", Group),
    )
    return _with_nothing(table, read)


def fact(table: Table) -> FactSpec:
    """Something known before any question; the engine must be able to fill it."""
    kind = table.enum("kind", FactKind)
    name = plain_id(table)
    if name not in FILLED:
        table.wrong("The details of a screening hold no fact of this name.")
    read = FactSpec(
        id=name,
        kind=kind,
        source=table.one("source", _SOURCES),
        words=table.text("words"),
        options=options(table, kind),
        ordered=table.yes("ordered"),
        closes=table.yes("closes"),
        context=table.texts("context", ()),
        context_why=table.text("context_why", ""),
    )
    group = Group(table.one("group", [g.value for g in Group], "police"))
    raw = table.rest("nothing", "concerning")
    nothing = _value(table, read, "nothing", raw["nothing"]) if "nothing" in raw else None
    worse = raw.get("concerning")
    if worse is not None and worse not in _CONCERNING and worse not in options_of(read):
        table.wrong('concerning is "up", "down" or an option.')
        worse = None
    return like(read, group=group, nothing=nothing, concerning=worse)


_S = TypeVar("_S", Question, Observation)


def _with_nothing(table: Table, spec: _S) -> _S:
    raw = table.rest("nothing")
    if "nothing" not in raw:
        table.wrong("nothing is missing: every question declares its harmless answer.")
        return spec
    return like(spec, nothing=_value(table, spec, "nothing", raw["nothing"]))


def _value(table: Table, spec: Spec, key: str, value: Any) -> Value:
    match spec.kind:
        case FactKind.MANY:
            if value != []:
                table.wrong(f"{key} is [] where several options can be chosen.")
            return ()
        case FactKind.TEXT:
            if value != "":
                table.wrong(f'{key} is "" for free text.')
            return ""
        case FactKind.NUMBER:
            table.wrong(f"A number has no {key}.")
            return 0
    if not isinstance(value, str) or value not in options_of(spec):
        table.wrong(f"{key} should be one of the options.")
        return ""
    return value


def definition(table: Table, words: Vocabulary) -> Definition:
    """A named idea."""
    return Definition(plain_id(table), table.condition("when", words), table.text("words"))


def action(table: Table) -> Action:
    """Something that staff may be asked to do."""
    return Action(plain_id(table), table.text("words"), table.whole("rank", 0, 100_000))


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 400 and value.isprintable()
