"""The questions of a screening as a form asks them, each with its four states."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from triage.domain.rulebook import Rulebook
from triage.domain.specs import FactKind, Observation, Question

NONE_OF_THESE = "none_of_these"
STATES = (("refused", "Refused"), ("unable", "Unable to answer"), ("not_asked", "Not asked"))
ONLY_IF = "Ask this one only if an earlier answer calls for it."
ONLY_IF_ABOVE = "Ask this one only if the answer above calls for it."
IN_PRIVATE = (
    "Ask in private: nobody else can hear, no companion is there, a woman or a man asks as wanted."
)
# What is kept with each observation that was answered by the one act for all of them.
SEEN_NORMAL = "Looked at, and said to be normal together with the others"


@dataclass(frozen=True)
class Asking:
    """One question or observation, with what has been given so far."""

    name: str
    number: str
    words: str
    hint: str
    options: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]
    many: bool
    text: bool
    given: tuple[str, ...]
    asked_at: str = ""  # as it stands in the document, where it does


@dataclass(frozen=True)
class Section:
    """Questions under one heading."""

    id: str
    words: str
    asking: tuple[Asking, ...]


def sections(rulebook: Rulebook, document: Mapping[str, Any]) -> tuple[Section, ...]:
    """What is seen, then what everybody is asked, then what is asked only where it applies.

    What follows from one answer alone, the inhaler from the asthma, is asked under that answer.
    """
    answers = document.get("answers", {})
    seen = document.get("observations", {})
    everybody = {each.number for each in rulebook.core}
    core: list[Asking] = []
    applies: list[Asking] = []
    for each in rulebook.questions.values():
        below = each.branch is not None and each.number.rstrip(ascii_lowercase) in everybody
        into = core if below or each.branch is None else applies
        into.append(_question(each, answers.get(each.id), below=below))
    return (
        Section(
            "seen",
            "What you see",
            tuple(_observation(o, seen.get(o.id)) for o in rulebook.observations.values()),
        ),
        Section("core", "Asked of everybody", tuple(core)),
        Section("branch", "Asked where it applies", tuple(applies)),
    )


def _question(question: Question, given: object, *, below: bool) -> Asking:
    many = question.kind is FactKind.MANY
    hints = [IN_PRIVATE] if question.private else []
    if question.branch is not None:
        hints.append(ONLY_IF_ABOVE if below else ONLY_IF)
    options = tuple(question.options)
    if many:
        options += ((NONE_OF_THESE, "None of these"),)
    return Asking(
        name=f"a.{question.id}",
        number=question.number,
        words=question.asks,
        hint=" ".join(hints),
        options=options,
        states=STATES,
        many=many,
        text=question.kind is FactKind.TEXT,
        given=_given(given, "not_asked"),
        asked_at=str(given.get("asked_at") or "") if isinstance(given, Mapping) else "",
    )


def normal_with_others(given: object) -> bool:
    """Whether an observation rests on the one act that says that all the others are normal."""
    return isinstance(given, Mapping) and given.get("words") == SEEN_NORMAL


def _observation(observation: Observation, given: object) -> Asking:
    options = tuple(observation.options) or (("yes", "Yes"), ("no", "No"))
    return Asking(
        name=f"o.{observation.id}",
        number=observation.number,
        words=observation.looks,
        hint="",
        options=options,
        states=(("unknown", "Cannot tell"), ("", "Not looked at")),
        many=False,
        text=False,
        given=_given(None if normal_with_others(given) else given, ""),
    )


def _given(given: object, nothing: str) -> tuple[str, ...]:
    value = given.get("value") if isinstance(given, Mapping) else given
    if value is None:
        return (nothing,)
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, list | tuple):
        return tuple(map(str, value)) or (NONE_OF_THESE,)
    return (str(value),)
