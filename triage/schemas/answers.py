"""Answers and observations from outside, each checked against its question in the rulebook."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from marshmallow import ValidationError, fields

from triage.domain.answers import NOT_ASKED, Answer, Status, Value
from triage.domain.errors import InputError, Problem
from triage.domain.rulebook import FactKind, Observation, Question, Rulebook
from triage.domain.specs import options_of
from triage.schemas.fields import Moment, SafeText, StrictSchema, load

NO_ANSWER = ("refused", "unable", "not_asked")
_SILENT = {word: Answer(Status(word)) for word in NO_ANSWER}
LONGEST_FIELD = 80  # what is echoed of somebody's key

Answers = dict[str, Answer]


class AnswerIn(StrictSchema):
    """An answer with who asked it and when; the value itself is checked against the question."""

    value = fields.Raw(required=True)
    asked_at = Moment()
    by = SafeText(shortest=1, longest=80)
    needed_by = Moment()
    words = SafeText()


def answer_of(question: Question, given: Any, *, field: str = "") -> Answer:
    """One answer as it is handed in, checked against its question; raises InputError."""
    field = field or f"answers.{question.id}"
    if not isinstance(given, Mapping):
        return _bare(question, given, field)
    try:
        loaded = load(AnswerIn, dict(given))
    except InputError as error:
        raise InputError(_under(field, error)) from None
    bare = _bare(question, loaded.pop("value"), f"{field}.value")
    return Answer(bare.status, bare.value, **loaded)


def observation_of(observation: Observation, given: Any, *, field: str = "") -> Answer:
    """One observation as it is handed in; true and false stand for yes and no.

    It may say more about itself, as an answer may: when it was seen, by whom, and in what words.
    """
    field = field or f"observations.{observation.id}"
    if isinstance(given, Mapping):
        try:
            loaded = load(AnswerIn, dict(given))
        except InputError as error:
            raise InputError(_under(field, error)) from None
        bare = observation_of(observation, _alone(loaded.pop("value")), field=f"{field}.value")
        return Answer(bare.status, bare.value, **loaded)
    if isinstance(given, bool) and observation.kind is FactKind.YES_NO:
        return said("yes" if given else "no")
    if given == "unknown":
        return NOT_ASKED
    if isinstance(given, str) and given in options_of(observation):
        return said(given)
    yes_no = ("true", "false") if observation.kind is FactKind.YES_NO else ()
    raise _not_one_of(field, (*options_of(observation), *yes_no, "unknown"))


def _alone(value: Any) -> Any:
    """A value inside another value is none that anybody could have seen."""
    return None if isinstance(value, Mapping) else value


def _bare(question: Question, given: Any, field: str) -> Answer:
    if isinstance(given, str) and given in _SILENT:
        return _SILENT[given]
    match question.kind:
        case FactKind.MANY:
            return Answer(Status.ANSWERED, _many(question, given, field))
        case FactKind.TEXT:
            return Answer(Status.ANSWERED, _text(given, field))
    if not isinstance(given, str) or given not in options_of(question):
        raise _not_one_of(field, options_of(question) + NO_ANSWER)
    return said(given)


@lru_cache(maxsize=2048, typed=True)
def said(option: Value) -> Answer:
    """The plain answer with one option; there are few, and each screening has seventy."""
    return Answer(Status.ANSWERED, option)


def _many(question: Question, given: Any, field: str) -> Value:
    options = options_of(question)
    if not isinstance(given, list):
        raise InputError.at(
            field, "is a list of options, [] for none of these", options + NO_ANSWER
        )
    for number, option in enumerate(given):
        if not isinstance(option, str) or option not in options:
            raise _not_one_of(f"{field}[{number}]", options)
    return tuple(option for option in options if option in given)


def _text(given: Any, field: str) -> str:
    try:
        return str(SafeText().deserialize(given))
    except ValidationError as error:
        raise InputError.at(field, str(error.messages[0])) from None


def _not_one_of(field: str, allowed: tuple[str, ...]) -> InputError:
    return InputError.at(field, "is not one of the answers allowed here", allowed)


def with_nearest(problem: Problem) -> Problem:
    """An unknown key with the known one that it resembles."""
    if problem.problem != "is not a field here":
        return problem
    return _unknown(problem.field, "is not a field here", problem.allowed)


def _unknown(field: str, sentence: str, known: tuple[str, ...]) -> Problem:
    short = field if len(field) <= LONGEST_FIELD else field[: LONGEST_FIELD - 3] + "..."
    near = get_close_matches(short.rpartition(".")[2], known, n=1)
    return Problem(short, f"{sentence}; did you mean {near[0]}?" if near else sentence, known)


def answers_in(
    document: Any, rulebook: Rulebook, problems: list[Problem]
) -> tuple[Answers, Answers]:
    """Answers and observations; what cannot be used is added to ``problems``."""
    if not isinstance(document, Mapping):
        return {}, {}
    asked = _each(document, "answers", rulebook.questions, answer_of, problems)
    seen = _each(document, "observations", rulebook.observations, observation_of, problems)
    return asked, seen


def _each(
    document: Mapping[str, Any],
    part: str,
    known: Mapping[str, Any],
    read: Callable[..., Answer],
    problems: list[Problem],
) -> Answers:
    given, answers = document.get(part), {}
    for key, value in given.items() if isinstance(given, Mapping) else ():
        if key not in known:
            problems.append(_unknown(f"{part}.{key}", f"is not one of the {part}", tuple(known)))
            continue
        try:
            answers[key] = read(known[key], value)
        except InputError as error:
            problems.extend(error.problems)
    return answers


def _under(field: str, error: InputError) -> list[Problem]:
    return [
        with_nearest(Problem(f"{field}.{inner.field}", inner.problem, inner.allowed))
        for inner in error.problems
    ]
