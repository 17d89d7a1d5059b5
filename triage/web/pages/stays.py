"""One person: what to do now, what was found, the clocks, what was decided, what happened."""

from flask import render_template, request

from triage import casework
from triage.casework import StayView
from triage.domain.errors import InputError, Problem
from triage.domain.roles import Verb, may
from triage.present import alerts as alert_words
from triage.present import chapters
from triage.present import drafts as draft_words
from triage.present import explanation as why_words
from triage.present import findings as finding_words
from triage.present import papers as paper_words
from triage.present import past as past_words
from triage.present import stay as words
from triage.present import timeline as timeline_words
from triage.present import worklist as worklist_words
from triage.present.person import parts
from triage.web.doors import actor, doors


def stay(stay: str) -> str:
    """The page of one stay, as this role may see it."""
    now = doors().now()
    view = casework.stay_view(doors().service, stay, actor=actor(), now=now)
    return render_template("stay.html", view=view, words=words, **_parts(view))


def why(stay: str) -> str:
    """Why a need or a route was found, or why not: what speaks against it, and whom to ask."""
    service, by, now = doors().service, actor(), doors().now()
    name = request.args.get("of") or None
    problems: tuple[Problem, ...] = ()
    try:
        told = casework.why(service, stay, name, actor=by, now=now)
    except InputError as error:
        told, problems = casework.why(service, stay, None, actor=by, now=now), error.problems
    book = service.rulebook
    return render_template(
        "why.html", stay=stay, words=why_words, problems=problems, name=name,
        choices=why_words.choices(told.findings, book),
        told=why_words.page(told, book, now=now),
    )  # fmt: skip


def _parts(view: StayView) -> dict[str, object]:
    now, role = view.at, actor().role
    clinical = view.clinical
    found = finding_words.split(view.alerts, role=role, now=now)
    return {
        **vars(parts(view, rulebook=doors().service.rulebook)),
        "doings": [
            each
            for each in words.DOINGS
            if may(role, each.verb) and words.can_be(each.verb, over=view.closed_at is not None)
        ],
        "open_findings": found,
        "half_finished": draft_words.half_finished(None if view.closed_at else view.draft),
        "others_words": alert_words.others_words(len(found.others)),
        "waiting_words": alert_words.waiting_words(len(found.waiting)),
        "timeline": chapters.chapters(view.timeline, now=now),
        "clinical": None
        if clinical is None
        else [timeline_words.entry(e, now=now) for e in clinical],
        "past_lead": past_words.LEAD,
        "permissions": [paper_words.agreed(each, now=now) for each in view.permissions],
        "filed": worklist_words.filed(view.filed, now=now) if view.filed else "",
        "may_mend": may(role, Verb.CORRECT),
        "papers": paper_words,
        "may_decide": may(role, Verb.DECIDE_ROUTE) and not view.closed_at,
    }
