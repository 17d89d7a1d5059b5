"""What the desk asks, step by step, in the order in which it keeps people alive.

First look at the person, then the few facts of the stay and the record, then the questions. A step
knows its keys and where its answer stands in ``screen in``; it knows nothing of any terminal.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from triage.domain.conditions import Tree
from triage.domain.facts import MARKER_KINDS
from triage.domain.grammar import read
from triage.domain.names import Vocabulary
from triage.domain.rulebook import Rulebook
from triage.domain.specs import FactKind, FactSpec, Observation, Question, Spec
from triage.present.words import said

Document = dict[str, Any]


class Takes(StrEnum):
    """How an answer is typed."""

    KEY = "key"  # one key
    KEYS = "keys"  # some keys, then Enter
    NUMBER = "number"
    TEXT = "text"


REFUSED, UNABLE, SKIP, BACK, STOP, AGAIN, ALL_NORMAL = "r", "u", "s", "b", "q", "?", "a"
RECORD, OFFICERS = "pnc", "officer"
_NONE_WORDS = ("none", "never")
_DIGITS_THEN_LETTERS = "123456789cdefghijklmoptvwxz"


@dataclass(frozen=True)
class Option:
    """One answer: the key for it, the words, and what stands in the document for it."""

    key: str
    words: str
    value: Any


@dataclass(frozen=True)
class Step:
    """One thing to be asked or looked at."""

    place: tuple[str, ...]  # where the answer stands in the document
    words: str
    takes: Takes
    options: tuple[Option, ...] = ()
    number: str = ""
    private: bool = False
    credible: bool = False
    question: Question | None = None
    most: int = 0
    gate: Tree | None = None  # asked only where this holds, or may
    needed: bool = False  # without it nothing can be screened at all
    origin: str = ""  # warnings from the record, or from officers, share one place

    @property
    def id(self) -> str:
        """What tells this step from every other."""
        return ".".join((*self.place, self.origin)).rstrip(".")

    @property
    def is_question(self) -> bool:
        """Whether a person is asked, and may refuse or be unable to answer."""
        return self.place[0] == "answers"

    @property
    def is_observation(self) -> bool:
        """Whether staff look for it themselves."""
        return self.place[0] == "observations"


def steps(rulebook: Rulebook) -> tuple[Step, ...]:
    """Every step of a screening, branches included; which branches apply is asked as we go."""
    return (
        *(_observation(each) for each in rulebook.observations.values()),
        *_facts(rulebook),
        *(_question(each) for each in rulebook.questions.values()),
    )


def held(document: Document, step: Step) -> Any:
    """What the document holds for a step, as it was put there; None where it holds nothing."""
    value: Any = document
    for name in step.place:
        value = value.get(name) if isinstance(value, Mapping) else None
    return _kinds(document, value or [], step.origin) if step.origin else value


def put(document: Document, step: Step, value: Any) -> None:
    """Write an answer into the document; None takes out what stood there."""
    inner = document
    for name in step.place[:-1]:
        inner = inner.setdefault(name, {})
    if step.origin:
        _put_markers(inner, step.origin, value)
    elif value is None:
        inner.pop(step.place[-1], None)
    else:
        inner[step.place[-1]] = value


def _kinds(document: Document, markers: list[Any], origin: str) -> list[str] | None:
    kinds = [each["kind"] for each in markers if each.get("origin") == origin]
    checked = origin == RECORD and document.get("record", {}).get("checked") is True
    return kinds if kinds or checked else None


def _put_markers(record: Document, origin: str, kinds: list[str] | None) -> None:
    """The warnings of one origin, for those that stood there; the other origins stay."""
    others = [each for each in record.get("markers", []) if each["origin"] != origin]
    record["markers"] = others + [{"kind": kind, "origin": origin} for kind in kinds or []]
    if origin == RECORD:
        record["checked"] = kinds is not None


def _question(question: Question) -> Step:
    takes = {FactKind.MANY: Takes.KEYS, FactKind.TEXT: Takes.TEXT}.get(question.kind, Takes.KEY)
    return Step(
        ("answers", question.id),
        question.asks,
        takes,
        _keyed([(words, option) for option, words in question.options], question.nothing),
        number=question.number,
        private=question.private,
        credible=question.credible,
        question=question,
        gate=None if question.branch is None else question.branch.tree,
    )


def _observation(seen: Observation) -> Step:
    options = seen.options or (("no", "No"), ("yes", "Yes"))
    keyed = _keyed([(words, option) for option, words in options], seen.nothing)
    return Step(("observations", seen.id), seen.looks, Takes.KEY, keyed, number=seen.number)


_PLACES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "age": ("person", "age"),
        "age_source": ("person", "age_source"),
        "sex": ("person", "sex"),
        "nation": ("nation",),
        "stage": ("stage",),
        "offence": ("offence",),
        "arrests_12m": ("arrests_12m",),
        "force_used": ("record", "force_used"),
        "property": ("record", "property"),
        "hospital_today": ("record", "hospital_today"),
        "instruction_open": ("record", "instruction_open"),
        "appropriate_adult_before": ("record", "appropriate_adult_before"),
        "managed_by": ("record", "managed_by"),
        "interpreter_present": ("interpreter_present",),
        "appropriate_adult_present": ("appropriate_adult_present",),
    }
)
_GATES = MappingProxyType(
    {
        # Above 30 nobody is taken for a child, whatever the age rests on.
        "age_source": "unknown(age) or age < 30",
        "interpreter_present": "known(language_help) and language_help in (interpreter, bsl)",
        "appropriate_adult_present": "known(stage) and stage == interview",
    }
)
_NEEDED = ("nation", "stage", "offence")
_MOST = MappingProxyType({"age": 129, "arrests_12m": 1000})


def _facts(rulebook: Rulebook) -> Iterator[Step]:
    known: dict[str, Spec] = {**rulebook.questions, **rulebook.facts}
    for name, place in _PLACES.items():
        if name == "force_used":
            yield from _marker_steps()
        if name in rulebook.facts:
            step = _fact(rulebook.facts[name], place)
            gate = _GATES.get(name)
            yield replace(step, gate=read(gate, Vocabulary(known)).tree) if gate else step


def _fact(fact: FactSpec, place: tuple[str, ...]) -> Step:
    match fact.kind:
        case FactKind.NUMBER:
            return Step(place, f"{fact.words}?", Takes.NUMBER, most=_MOST[fact.id])
        case FactKind.YES_NO:
            return Step(place, f"{fact.words}?", Takes.KEY, _keyed([("No", False), ("Yes", True)]))
        case FactKind.MANY:
            keyed = _keyed([(words, option) for option, words in fact.options])
            return Step(place, f"{fact.words}?", Takes.KEYS, keyed)
    return _choice(fact, place)


def _choice(fact: FactSpec, place: tuple[str, ...]) -> Step:
    options = [(words, option) for option, words in fact.options]
    if fact.id == "instruction_open":  # where none is open, the document says nothing
        options = [(words, option) for words, option in options if option != "none"]
        keyed = (Option("n", "None", None), *_keyed(options))
    else:
        keyed = _keyed(options, "none")
    return Step(place, f"{fact.words}?", Takes.KEY, keyed, needed=fact.id in _NEEDED)


def _marker_steps() -> Iterator[Step]:
    kinds = _keyed([(said(kind), kind) for kind in MARKER_KINDS])
    place = ("record", "markers")
    looked = "Look at the record (PNC). Which warnings does it hold?"
    told = "Did officers, family or the incident log warn of any of these?"
    yield Step(place, looked, Takes.KEYS, kinds, origin=RECORD)
    yield Step(place, told, Takes.KEYS, kinds, origin=OFFICERS)


def _keyed(options: list[tuple[str, Any]], nothing: Any = False) -> tuple[Option, ...]:
    """Options with their keys: y for yes, n for the harmless no or none, the others in order.

    Only the harmless answer may have n: whoever types n by habit must not say something grave, and
    ``none`` is grave where it means that somebody cannot be woken.
    """
    keys = iter(_DIGITS_THEN_LETTERS)
    return tuple(
        Option(_fixed(value, nothing) or next(keys), words, value) for words, value in options
    )


def _fixed(value: Any, nothing: Any) -> str:
    if value in ("yes", True):
        return "y"
    if value in ("no", False):
        return "n"
    return "n" if value == nothing and value in _NONE_WORDS else ""
