"""The screening on one page: every question with its four states, and what it says so far."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from triage import casework
from triage.casework import DraftSaved, StayView
from triage.casework.in_force import require_rules
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.present.found import found
from triage.present.questions import sections
from triage.schemas.screen import details_of
from triage.web.doors import actor, doors
from triage.web.errors import problems_of
from triage.web.gate import renewing
from triage.web.pages import screening_document as documents


@dataclass(frozen=True)
class _Kept:
    """A draft that the service keeps: what it says, and what all have typed."""

    saved: DraftSaved
    unread: InputError | None = None  # why what was typed cannot be evaluated yet


def screening(stay: str) -> Response | str:
    """Show the form, keep a draft of it, or record it as a version."""
    now, service = doors().now(), doors().service
    if request.method == "GET":
        if renewing() and request.if_none_match:
            return _since(stay)
        require_rules(service.trouble)
    view = casework.stay_view(service, stay, actor=actor(), now=now)
    begun = casework.begun(service, stay, actor=actor(), now=now)
    document, problems, kept = documents.first(begun), tuple[Problem, ...](), None
    version, contested = begun.version, begun.contested
    notices = documents.beside(begun)
    if request.method == "POST":
        document, version, contested = documents.typed(), documents.made_on() or 0, ()
        try:
            kept = _save(view, document)
            if isinstance(kept, Response):
                return kept
            document, version = dict(kept.saved.draft or {}), kept.saved.version
            contested, notices = kept.saved.contested, kept.saved.notices
            if kept.unread is not None:
                problems = documents.on_form(problems_of(kept.unread))
        except (InputError, NotAllowed) as error:
            problems = documents.on_form(problems_of(error))
    so_far = kept.saved.findings if isinstance(kept, _Kept) else None
    return render_template(
        "screening.html",
        stay=stay,
        title=documents.title(view),
        sections=sections(service.rulebook, document),
        form=documents.fields(document),
        problems=(*documents.to_choose(service.rulebook, contested), *problems),
        so_far=found(so_far, rulebook=service.rulebook, now=now) if so_far else None,
        kept=kept is not None and not problems,
        notices=notices,
        others=documents.typed_by(kept.saved.typed if isinstance(kept, _Kept) else begun.typed),
        made_on=version,
        choices=documents,
    )


def _since(stay: str) -> Response:
    """For a form that stands open: nothing while its draft is in the state that it shows, else who
    typed or recorded since, in one line."""
    service, who, now = doors().service, actor(), doors().now()
    version = casework.draft_version(service, stay, actor=who, now=now)
    answer = Response(mimetype="text/plain")
    answer.set_etag(str(version))
    if request.if_none_match.contains(str(version)):
        answer.status_code = 304
    else:
        found = casework.begun(service, stay, actor=who, now=now, kept_open=True)
        answer.set_data(documents.since(found))
    return answer


def _save(view: StayView, document: dict[str, Any]) -> Response | _Kept:
    """Keep a draft as typed, or record a version; a draft that cannot be read yet is kept too."""
    service, now = doors().service, doors().now()
    require_rules(service.trouble)  # before answers are held against no questions at all
    save = partial(
        casework.save_draft, service, view.stay, document, actor=actor(), now=now,
        made_on=documents.made_on(),
    )  # fmt: skip
    if request.form.get("do") != "draft":
        details = details_of(document, service.rulebook, now=now)
        saved = casework.record_screening(
            service, view.stay, details, actor=actor(), now=now, sent=document,
            made_on=documents.made_on(),
        )  # fmt: skip
        done = "screened_in_part" if saved.left_behind else "screened"
        return redirect(url_for("pages.stay", stay=view.stay, done=done), 303)
    try:
        details = details_of(document, service.rulebook, now=now)
    except InputError as error:
        return _Kept(save(), error)
    return _Kept(save(details=details))
