"""Whatever went wrong, as sentences on standard error and an exit code."""

import json
import traceback
from typing import Any

import click

from triage.domain.errors import (
    Fault,
    InputError,
    NotAllowed,
    Problem,
    RulebookRefused,
    TriageError,
    Unreachable,
)

OUR_FAULT, BAD_INPUT, REFUSED_RULEBOOK, INTERRUPTED = 1, 2, 3, 130
MOST_SHOWN, MOST_ALLOWED = 20, 14
_INPUT = "The input cannot be used"
_RULES = "The rulebook is refused"
_USAGE = "The command cannot be used like this"
_RECORD = "The record cannot be used"
_SERVICE = "The service cannot be reached"
_SYSTEM = "The system refused"
_OURS = "Our fault: the command could not be finished"


def tell(error: Exception, *, as_json: bool = False) -> int:
    """Write the fault where a person, or with ``as_json`` a program, can read it; the exit code."""
    code, title, problems = _read(error)
    if problems is None:
        click.echo("Stopped.", err=True)
    elif as_json:
        click.echo(json.dumps(_document(title, problems), ensure_ascii=False), err=True)
    else:
        click.echo("\n".join(_lines(title, problems)), err=True)
    return code


def _read(error: Exception) -> tuple[int, str, list[Problem] | None]:
    match error:
        case click.exceptions.Exit():
            return error.exit_code, "", None
        case click.Abort() | KeyboardInterrupt():
            return INTERRUPTED, "", None
        case click.ClickException():
            return BAD_INPUT, _USAGE, [Problem("", error.format_message())]
        case InputError():
            return BAD_INPUT, _INPUT, list(error.problems)
        case NotAllowed():
            return BAD_INPUT, _INPUT, [Problem(error.field, str(error))]
        case RulebookRefused():
            return REFUSED_RULEBOOK, _RULES, [_fault(fault) for fault in error.faults]
        case Unreachable():
            return OUR_FAULT, _SERVICE, [Problem("--url", str(error))]
        case TriageError() if _is_of_the_record(error):
            return OUR_FAULT, _RECORD, [Problem("", str(error))]
        case TriageError():  # refused by name elsewhere, in a sentence of its own
            return BAD_INPUT, _USAGE, [Problem("", str(error))]
        case OSError() if error.filename is not None:
            said = error.strerror or "the system refused"
            return OUR_FAULT, _SYSTEM, [Problem(str(error.filename), said)]
    return OUR_FAULT, _OURS, [Problem("", _where(error))]


def _is_of_the_record(error: TriageError) -> bool:
    """Whether the store said it; asked only when something is wrong, as it opens the engine."""
    from triage.record.errors import StoreError

    return isinstance(error, StoreError)


def _fault(fault: Fault) -> Problem:
    where = f"{fault.file}:{fault.line}" if fault.line else fault.file
    hint = f" Did you mean {fault.nearest}?" if fault.nearest else ""
    return Problem(f"{where} [{fault.id}]" if fault.id else where, f"{fault.problem}{hint}")


def _where(error: Exception) -> str:
    """The kind of fault and its place in our code, without any word of the data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = next((frame for frame in reversed(frames) if "triage" in frame.filename), None)
    at = f" in {place.name}, line {place.lineno}" if place else ""
    return f"{type(error).__name__}{at}. Please report this line; it holds nothing of the input."


def _document(title: str, problems: list[Problem]) -> dict[str, Any]:
    errors = [
        {"field": each.field, "problem": each.problem, "allowed": list(each.allowed)}
        for each in problems
    ]
    return {"title": title, "status": 422, "errors": errors}


def _lines(title: str, problems: list[Problem]) -> list[str]:
    # Of a rulebook every fault is told: whoever repairs it wants to see the end of the work.
    most = len(problems) if title == _RULES else MOST_SHOWN
    lines = [f"{title}:"]
    lines += [f"  {_sentence(each)}" for each in problems[:most]]
    if len(problems) > most:
        lines.append(f"  and {len(problems) - most} more")
    return lines


def _sentence(problem: Problem) -> str:
    allowed = ""
    if 0 < len(problem.allowed) <= MOST_ALLOWED:
        allowed = f" Allowed: {', '.join(problem.allowed)}."
    where = f"{problem.field}: " if problem.field else ""
    end = "" if problem.problem.endswith((".", "?", "!")) else "."
    return f"{where}{problem.problem}{end}{allowed}"
