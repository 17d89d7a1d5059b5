"""The papers about one person: who they are, where, what they agreed to, notes, the summary."""

from dataclasses import replace
from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from triage import casework
from triage.casework import SYSTEMS, Consent, Identity, Move, StayView
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.domain.roles import Verb, may
from triage.present import events, opening
from triage.present import papers as words
from triage.present import stay as stay_words
from triage.present import worklist as worklist_words
from triage.present.spans import capital
from triage.present.words import said
from triage.schemas.screen import STAGES
from triage.web import forms, suites
from triage.web.doors import actor, doors
from triage.web.errors import problems_of

OLDEST = 129
STAGE_OPTIONS = tuple((each, capital(said(each))) for each in STAGES)
_GROUPS = [id for id, _ in words.NOTE_GROUPS]


def identity(stay: str) -> Response | str:
    """Record who the person is, or turns out to be."""
    view, now = _view(stay), doors().now()
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            casework.record_identity(doors().service, stay, _identity(), actor=actor(), now=now)
            return _done(stay, "identity")
        except (InputError, NotAllowed) as error:
            problems = problems_of(error)
    known = view.identity
    form = forms.filled(
        now=now, name=known.name or "", age="" if known.age is None else str(known.age),
        born=known.date_of_birth.isoformat() if known.date_of_birth else "",
        age_source=known.age_source, sex=known.sex,
    )  # fmt: skip
    return _page("identity.html", view, form, problems, sexes=opening.SEXES)


def wrong_person(stay: str) -> Response | str:
    """Say that the whole stay is about somebody else, and who that is."""
    view, now = _view(stay), doors().now()
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            reason = forms.required("reason", "how it was found out")
            casework.wrong_person(
                doors().service, stay, _identity(), reason=reason, actor=actor(), now=now
            )
            return _done(stay, "wrong_person")
        except (InputError, NotAllowed) as error:
            problems = problems_of(error)
    form = forms.filled(now=now, age_source="unknown", sex="unknown")
    return _page("wrong_person.html", view, form, problems, sexes=opening.SEXES)


def _identity() -> Identity:
    age, born = forms.whole("age", OLDEST, "the age"), forms.calendar_day("born")
    source = forms.option("age_source", [id for id, _ in words.AGE_SOURCES], "where it comes from")
    return Identity(
        name=forms.optional("name"),
        date_of_birth=born,
        age=None if born else age,
        age_source=source if born or age is not None else "unknown",
        sex=forms.option("sex", [id for id, _ in opening.SEXES], "the sex"),
    )


def move(stay: str) -> Response | str:
    """Record another cell, place, suite or stage."""
    view, now = _view(stay), doors().now()
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            casework.move_stay(doors().service, stay, _move(view, now), actor=actor(), now=now)
            here = not actor().suites or forms.text("suite") in actor().suites
            return _done(stay, "moved") if here else redirect(url_for("pages.board"), 303)
        except (InputError, NotAllowed) as error:
            problems = problems_of(error, occurred_at="at", move="cell")
    form = forms.filled(
        now=now, moments=("at",), cell=view.cell or "", suite=view.suite, place=view.place or "",
        stage=view.stage,
    )  # fmt: skip
    return _page(
        "move.html", view, form, problems,
        suites=tuple(suites.known().items()), places=events.PLACE, stages=STAGE_OPTIONS,
    )  # fmt: skip


def _move(view: StayView, now: datetime) -> Move:
    """What is said to be otherwise than it stands."""
    suite = forms.option("suite", suites.known(), "the suite")
    cell, place, stage = forms.optional("cell"), forms.optional("place"), forms.optional("stage")
    if place is not None:
        place = forms.option("place", [id for id, _ in events.PLACE], "where they are")
    if stage is not None:
        stage = forms.option("stage", STAGES, "the stage")
    return Move(
        forms.moment("at", now=now),
        suite=suite if suite != view.suite else None,
        cell=cell if cell != view.cell else None,
        place=place if place != view.place else None,
        stage=stage if stage != view.stage else None,
    )


def consent(stay: str) -> Response | str:
    """Record consent, its refusal or its withdrawal, or another lawful basis."""
    view, now = _view(stay), doors().now()
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            casework.consent(doors().service, stay, _consent(now), actor=actor(), now=now)
            return redirect(url_for("pages.consent", stay=stay, done="consent"), 303)
        except (InputError, NotAllowed) as error:
            problems = problems_of(error, occurred_at="at", to="party")
    form = forms.filled(now=now, moments=("at",), party=request.args.get("to", ""))
    return _page(
        "consent.html", view, form, problems,
        parties=words.parties(doors().service.rulebook, view.suite),
        permissions=[words.agreed(each, now=now) for each in view.permissions],
    )  # fmt: skip


def _consent(now: datetime) -> Consent:
    if forms.text("withdraw"):
        return _withdrawn(now)
    given = forms.option("given", [id for id, _ in words.GIVEN], "what they said")
    basis = "consent"
    if given == "basis":
        basis = forms.option("basis", [id for id, _ in words.BASES], "the lawful basis")
    party = forms.optional("other_party") or forms.required("party", "who would hear of them")
    return Consent(
        given != "no",
        party,
        forms.moment("at", now=now),
        basis=basis,
        words=forms.optional("words"),
        capacity=forms.optional("capacity"),
    )


def _withdrawn(now: datetime) -> Consent:
    """One key takes a consent back, at once."""
    stay = str((request.view_args or {})["stay"])
    standing = {str(each.seq): each for each in _view(stay).permissions if each.given}
    one = standing.get(forms.text("withdraw"))
    if one is None:
        raise NotAllowed("This does not stand any more. Look at the list again.")
    return Consent(False, one.to, now, basis=one.basis)


def note(stay: str) -> Response | str:
    """Write a note about one person."""
    view, now = _view(stay), doors().now()
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            group = forms.option("group", _GROUPS, "who may read it")
            casework.note(
                doors().service, stay, forms.text("words"), group=group, actor=actor(), now=now,
                occurred_at=forms.moment("at", now=now),
            )  # fmt: skip
            return _done(stay, "note")
        except (InputError, NotAllowed) as error:
            problems = problems_of(error, occurred_at="at")
    clinical = may(actor().role, Verb.NOTE_CLINICAL)
    form = forms.filled(now=now, moments=("at",), group="" if clinical else "police")
    groups = words.NOTE_GROUPS if clinical else words.NOTE_GROUPS[:1]
    return _page("note.html", view, form, problems, groups=groups)


def summary(stay: str) -> Response | str:
    """The text to paste into another system, and the mark that it stands there."""
    now, service = doors().now(), doors().service
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            system = forms.option("system", SYSTEMS, "the system in which it stands")
            up_to = forms.whole("up_to", 2**31, "the entry") or 0
            marked = casework.file_summary(
                service, stay, system=system, up_to_seq=up_to, actor=actor(), now=now
            )
            done = "filed_before" if marked.repeated else "filed"
            return redirect(url_for("pages.summary", stay=stay, done=done), 303)
        except (InputError, NotAllowed) as error:
            problems = problems_of(error)
    found = casework.summary(service, stay, actor=actor(), now=now)
    filed = worklist_words.filed(found.filed, now=now) if found.filed else ""
    return _page(
        "summary.html", _view(stay), forms.filled(now=now), problems,
        summary=found, filed=filed, may_file=may(actor().role, Verb.NOTE_CLINICAL),
        fresh=found.filed is not None and not found.filed.newer,
    )  # fmt: skip


def _view(stay: str) -> StayView:
    view = casework.stay_view(
        doors().service, stay, actor=actor(), now=doors().now(), purpose="papers"
    )
    return replace(view, draft=None)


def _page(
    template: str, view: StayView, form: forms.Filled, problems: tuple[Problem, ...], **more: object
) -> str:
    return render_template(
        template, stay=view.stay, who=words.who(view), title=stay_words.title(view), form=form,
        problems=problems, words=words, **more,
    )  # fmt: skip


def _done(stay: str, done: str) -> Response:
    return redirect(url_for("pages.stay", stay=stay, done=done), 303)
