"""What was typed, as an answer of the step, or as a sentence on what would be one."""

from dataclasses import dataclass
from typing import Any

from triage.desk.steps import Option, Step, Takes


@dataclass(frozen=True)
class NoAnswer:
    """What was typed is not an answer, and what would be."""

    why: str


def value(step: Step, typed: str) -> Any:
    """The answer that was typed, as the document holds it, or NoAnswer."""
    match step.takes:
        case Takes.KEY:
            return _chosen(step, typed)
        case Takes.KEYS:
            return _all_chosen(step, typed)
        case Takes.NUMBER:
            return _number(step, typed)
    return typed


def _chosen(step: Step, typed: str) -> Any:
    for option in step.options:
        if option.key == typed:
            return option.value
    return NoAnswer(f"Press one of: {_keys(step.options)}.")


def _all_chosen(step: Step, typed: str) -> Any:
    if typed == "n":
        return []
    by_key = {option.key: option.value for option in step.options}
    keys = [key for key in typed if key not in " ,"]
    if not keys or any(key not in by_key for key in keys):
        return NoAnswer(f"Type the keys of all that apply, such as {step.options[0].key}, or n.")
    return [value for key, value in by_key.items() if key in keys]


def _number(step: Step, typed: str) -> Any:
    if typed.isascii() and typed.isdecimal() and len(typed) < 9 and int(typed) <= step.most:
        return int(typed)
    return NoAnswer(f"Type a whole number from 0 to {step.most}.")


def _keys(options: tuple[Option, ...]) -> str:
    return " ".join(option.key for option in options)


def other_keys(step: Step) -> str:
    """The keys that are not answers, for the line under the question."""
    how = {
        Takes.KEY: "",
        Takes.KEYS: "All that apply, Enter; n none. ",
        Takes.NUMBER: "A number, then Enter. ",
        Takes.TEXT: "In words, then Enter. ",
    }[step.takes]
    return f"{how}{_commands(step)}"


def _commands(step: Step) -> str:
    if step.is_question:
        return "r refused, u unable, s skip, b back, q stop"
    if step.is_observation:
        return "a the rest looked at and normal (asks first), u cannot tell, b back, q stop"
    return "b back, q stop" if step.needed else "s not known, b back, q stop"
