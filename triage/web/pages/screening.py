"""The screening on one page: every question with its four states, and what it says so far."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from triage import casework
from triage.casework import StayView
from triage.casework.in_force import require_rules
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.domain.findings import Findings
from triage.present.found import found
from triage.present.questions import sections
from triage.schemas.screen import details_of
from triage.web.doors import actor, doors
from triage.web.errors import problems_of
from triage.web.pages import screening_document as documents

Saved = Response | Findings | None


def screening(stay: str) -> Response | str:
    """Show the form, keep a draft of it, or record it as a version."""
    now, service = doors().now(), doors().service
    if request.method == "GET":
        require_rules(service.trouble)
    view = casework.stay_view(service, stay, actor=actor(), now=now)
    document = documents.first(view)
    problems: tuple[Problem, ...] = ()
    so_far: Findings | None = None
    if request.method == "POST":
        document = documents.typed()
        try:
            saved = _save(view, document)
            if isinstance(saved, Response):
                return saved
            so_far = saved
        except (InputError, NotAllowed) as error:
            problems = documents.on_form(problems_of(error))
    return render_template(
        "screening.html",
        stay=stay,
        title=documents.title(view),
        sections=sections(service.rulebook, document),
        form=documents.fields(document),
        problems=problems,
        so_far=found(so_far, rulebook=service.rulebook, now=now) if so_far else None,
        kept=request.method == "POST" and not problems,
        choices=documents,
    )


def _save(view: StayView, document: dict[str, Any]) -> Saved:
    """Keep a draft as typed, or record a version; a draft that cannot be read yet is kept too."""
    service, now = doors().service, doors().now()
    require_rules(service.trouble)  # before answers are held against no questions at all
    if request.form.get("do") != "draft":
        details = details_of(document, service.rulebook, now=now)
        casework.record_screening(service, view.stay, details, actor=actor(), now=now)
        return redirect(url_for("pages.stay", stay=view.stay, done="screened"), 303)
    try:
        details = details_of(document, service.rulebook, now=now)
    except InputError:
        casework.save_draft(service, view.stay, document, actor=actor(), now=now)
        raise
    saved = casework.save_draft(
        service, view.stay, document, details=details, actor=actor(), now=now
    )
    return saved.findings
