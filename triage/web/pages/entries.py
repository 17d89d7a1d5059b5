"""What happened, what is authorised, visits, and decisions on routes."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from triage import casework
from triage.casework import RouteDecision, RouteOutcome, Visit
from triage.domain import london
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.domain.roles import CLINICAL_ROLES, POLICE_ROLES, Verb, may
from triage.domain.timeline import Event
from triage.present import changes, events, leaving
from triage.present import entries as words
from triage.present.authorities import AUTHORITIES
from triage.present.recordable import asked, fitting
from triage.schemas.clocks import event_of
from triage.web import forms
from triage.web.doors import actor, doors
from triage.web.errors import problems_of


def event(stay: str) -> Response | str:
    """Record what happened: first which kind, then when and what it asks for."""
    return _entry(stay, events.HAPPENED, happened=True)


def authorise(stay: str) -> Response | str:
    """Give an authority now; what the law forbids is refused with the law."""
    return _entry(stay, AUTHORITIES, happened=False)


def _entry(stay: str, groups: tuple[events.KindGroup, ...], *, happened: bool) -> Response | str:
    wanted = request.values.get("kind", "")
    if not wanted:
        return _kinds(stay, groups, happened=happened)
    kind = events.kind(groups, wanted)
    if kind is None:
        raise NotFound
    problems: tuple[Problem, ...] = ()
    now = doors().now()
    asks = asked(kind, happened=happened, by=actor().name, role=actor().role)
    if request.method == "POST":
        try:
            verb = casework.record_event if happened else casework.authorise
            given = _event(kind, asks, now)
            saved = verb(doors().service, stay, given, actor=actor(), now=now)
            done = _event_done(saved, theirs=happened or kind.role is not None)
            return redirect(url_for("pages.stay", stay=stay, done=done), 303)
        except (InputError, NotAllowed) as error:
            problems = problems_of(error, occurred_at="at")
    form = forms.filled(now=now, moments=("at",), **{each.name: each.held for each in asks})
    return render_template(
        "event.html", stay=stay, kind=kind, asks=asks, happened=happened, form=form,
        problems=problems, words=words,
    )  # fmt: skip


def _event_done(saved: casework.EventSaved, *, theirs: bool) -> str:
    if saved.unlawful:
        return "unlawful"
    if not theirs:
        return "authority"
    return "event_in_time" if changes.NEVER_TRUE in saved.notices else "event"


def _kinds(stay: str, groups: tuple[events.KindGroup, ...], *, happened: bool) -> str:
    """What fits this person first; what hardly does stays there to be recorded."""
    found = casework.expected(doors().service, stay, actor=actor(), now=doors().now())
    fits = found.happened if happened else found.authorities
    return render_template(
        "event_kinds.html", stay=stay, happened=happened, words=words,
        groups=fitting(groups, fits, arrest=found.arrest),
        besides=fitting(groups, fits, arrest=found.arrest, instead=True) if happened
        else fitting(groups, found.hardly, arrest=found.arrest),
    )  # fmt: skip


def _event(kind: events.Kind, asks: tuple[events.Asked, ...], now: datetime) -> Event:
    """The event as the clocks read it, by the road that every other door takes."""
    document: dict[str, Any] = {
        "kind": kind.id,
        "occurred_at": london.iso(forms.moment("at", now=now)),
    }
    if kind.role is not None:
        document["role"] = kind.role
    for each in asks:
        value = _asked(each)
        if value is not None:
            document[each.name] = value
    if forms.optional("words"):
        document["words"] = forms.text("words")
    return event_of(document, id="new")


def _asked(one: events.Asked) -> str | int | bool | None:
    called = one.called or one.label.casefold()
    if one.number:
        number = forms.whole(one.name, one.most, called)
        if number is None and one.required:
            forms.required(one.name, called)
        return number
    if not forms.optional(one.name) and not one.required:
        return None
    if one.truth:
        return forms.option(one.name, ("yes", "no"), called) == "yes"
    if one.options:
        return forms.option(one.name, [id for id, _ in one.options], called)
    return forms.required(one.name, called)


def visit(stay: str) -> Response | str:
    """A visit to the cell, and the rousing check that may go with it."""
    problems: tuple[Problem, ...] = ()
    now = doors().now()
    if request.method == "POST":
        try:
            made = Visit(
                forms.moment("at", now=now),
                seen=forms.text("seen"),
                rouse={"passed": True, "failed": False}.get(forms.text("rouse")),
            )
            saved = casework.record_visit(doors().service, stay, made, actor=actor(), now=now)
            done = next((_BEYOND[each] for each in saved.notices if each in _BEYOND), "visit")
            return redirect(url_for("pages.stay", stay=stay, done=done), 303)
        except (InputError, NotAllowed) as error:
            problems = problems_of(error, occurred_at="at")
    form = forms.filled(now=now, moments=("at",), rouse="none")
    return render_template("visit.html", stay=stay, form=form, problems=problems, words=words)


_BEYOND = {
    leaving.SEEN_BEFORE_THEY_CAME: "visit_before",
    leaving.SEEN_AFTER_THEY_LEFT: "visit_after",
    changes.NEVER_TRUE: "visit_in_time",
}


def decide_route(stay: str) -> Response | str:
    """What was decided about one route: offered, accepted, declined, or that none exists."""
    problems: tuple[Problem, ...] = ()
    now = doors().now()
    if request.method == "POST":
        try:
            decision = _decision(now)
            casework.decide_route(doors().service, stay, decision, actor=actor(), now=now)
            return redirect(url_for("pages.stay", stay=stay, done="decision"), 303)
        except (InputError, NotAllowed) as error:
            problems = problems_of(error, occurred_at="at")
    book, first = doors().service.rulebook, request.args.get("route", "")
    form = forms.filled(now=now, moments=("at",), route=request.args.get("route", ""))
    return render_template(
        "route.html", stay=stay, form=form, problems=problems, words=words,
        routes=words.routes(book, first), services=words.services_of(book, first, now=now),
        leads_to=words.leads_to(first),
        may_be_clinical=actor().role in CLINICAL_ROLES - POLICE_ROLES,
        may_agree=may(actor().role, Verb.CONSENT),
    )  # fmt: skip


def _decision(now: datetime) -> RouteDecision:
    outcome = RouteOutcome(forms.option("outcome", tuple(RouteOutcome), "what was decided"))
    exists = outcome is not RouteOutcome.NONE_EXISTS
    return RouteDecision(
        outcome=outcome,
        occurred_at=forms.moment("at", now=now),
        route=forms.required("route", "the route") if exists else None,
        need=None if exists else forms.required("need", "the need that has no route"),
        reason=forms.optional("reason"),
        service=forms.optional("service"),
        words=forms.optional("words"),
        agreed=exists and forms.text("agreed") == "yes",
        group="clinical" if forms.text("group") == "clinical" else "police",
    )
