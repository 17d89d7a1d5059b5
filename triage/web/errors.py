"""What is said when something cannot be done: problem+json under /api (RFC 9457), pages elsewhere.

No answer echoes what was sent, shows a stack, or names a detained person.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import replace

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from triage.domain.errors import InputError, NotAllowed, Problem, RoleRefused, StateChanged
from triage.present import pages as words
from triage.record import (
    IdempotencyConflict,
    ReferenceInUse,
    StoreBusy,
    StoreError,
    UnknownEvent,
)

PROBLEM_TYPE = "application/problem+json"
_LOG = logging.getLogger(__name__)


def report(app: Flask) -> None:
    """Make this application answer every error in words, in the form that the caller reads."""
    app.register_error_handler(InputError, _input_refused)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(StoreError, _store_refused)
    app.register_error_handler(HTTPException, _as_answer)
    app.register_error_handler(Exception, _our_fault)


def _as_answer(error: HTTPException) -> Response:
    """The answer to an HTTP error; keeps the headers that the error needs, such as Allow."""
    status = error.code or 500
    headers = {name: value for name, value in error.get_headers() if name in _KEPT}
    return refusal(status, headers=headers)


_KEPT = ("Allow", "Retry-After", "WWW-Authenticate", "Location")


def refusal(
    status: int,
    *,
    kind: str = "about:blank",
    detail: str | None = None,
    problems: Iterable[Problem] = (),
    law_row: str = "",
    headers: dict[str, str] | None = None,
) -> Response:
    """An answer that something is refused: why, and what may be done."""
    title, advice = words.error_words(status)
    listed = tuple(problems)
    if request.path.startswith("/api/"):
        body: dict[str, object] = {"type": kind, "title": title, "status": status}
        body["detail"] = detail or advice
        if listed:
            body["errors"] = [_listed(problem) for problem in listed]
        if law_row:
            body["law_row"] = law_row
        answer = Response(json.dumps(body), status, content_type=PROBLEM_TYPE)
    else:
        answer = Response(_page(status, title, detail or advice, listed), status)
    answer.headers.update(headers or {})
    return answer


def _page(status: int, title: str, advice: str, problems: tuple[Problem, ...]) -> str:
    """The page of an error. After a fault of ours it must not need the record, which may be it."""
    if status < 500:
        return render_template("error.html", title=title, advice=advice, problems=problems)
    template = current_app.jinja_env.get_template("fault.html")
    return template.render(service=words.SERVICE, title=title, advice=advice)


def problems_of(error: InputError | NotAllowed, **named: str) -> tuple[Problem, ...]:
    """What to show beside the fields of a form that comes back.

    ``named`` says how the form calls a field that casework calls otherwise.
    """
    if isinstance(error, InputError):
        if _is_about_the_address(error):
            raise error  # there is nothing here to fill in
        return tuple(
            replace(each, field=named.get(each.field, each.field)) for each in error.problems
        )
    if isinstance(error, RoleRefused):
        raise error  # no other answer in the form would help
    law = f" ({error.law_row})" if error.law_row else ""
    return (Problem(error.field, f"{error}{law}"),)


def _listed(problem: Problem) -> dict[str, object]:
    listed: dict[str, object] = {"field": problem.field, "problem": problem.problem}
    return {**listed, "allowed": list(problem.allowed)} if problem.allowed else listed


def _input_refused(error: InputError) -> Response:
    if _is_about_the_address(error):
        return refusal(404, problems=error.problems)
    return refusal(422, kind="urn:triage:problem:input", problems=error.problems)


def _is_about_the_address(error: InputError) -> bool:
    """Whether what is wrong is an id in the address: then the page does not exist."""
    named = request.view_args or {}
    return bool(error.problems) and all(problem.field in named for problem in error.problems)


def _not_allowed(error: NotAllowed) -> Response:
    """What the law forbids is a conflict with the facts; what the role forbids is forbidden."""
    if isinstance(error, RoleRefused):
        return refusal(403, kind="urn:triage:problem:role", detail=str(error))
    if isinstance(error, StateChanged):
        return refusal(412, kind="urn:triage:problem:changed", detail=str(error))
    problems = [Problem(error.field, str(error))] if error.field else []
    kind = "urn:triage:problem:not-allowed"
    detail = str(error)
    return refusal(409, kind=kind, detail=detail, problems=problems, law_row=error.law_row)


def _store_refused(error: StoreError) -> Response:
    """What the store refuses is a conflict or a moment to wait; a broken one is our fault."""
    match error:
        case IdempotencyConflict():
            kind = "urn:triage:problem:key-used"
            return refusal(409, kind=kind, detail=words.KEY_USED_FOR_ANOTHER)
        case ReferenceInUse():
            problem = Problem("reference", words.REFERENCE_IN_USE)
            return refusal(409, kind="urn:triage:problem:in-use", problems=[problem])
        case UnknownEvent():
            return refusal(404)
        case StoreBusy():
            return refusal(503, headers={"Retry-After": "2"})
    return _our_fault(error)


def _our_fault(error: Exception) -> Response:
    """The last resort. The log gets the kind and place of the error, never its text or data."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "unknown"
    _LOG.error("unexpected %s in %s at %s", type(error).__name__, request.endpoint, where)
    return refusal(500)
