"""Opening a stay: a hospital detention in ten seconds, and everybody else at a desk."""

from collections.abc import Callable
from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from triage import casework
from triage.casework import Identity, Opening, StayKind
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.domain.timeline import Event, Moment
from triage.present import opening as words
from triage.present import pages as page_words
from triage.record import ReferenceInUse
from triage.web import forms, suites
from triage.web.doors import actor, doors
from triage.web.errors import problems_of

OLDEST = 129
Read = Callable[[datetime], Opening]


def open_hospital() -> Response | str:
    """An incident number and the time are enough; the clocks run from then."""
    return _form("open_hospital.html", _hospital, ("decided", "arrived"))


def open_custody() -> Response | str:
    """A custody record or a voluntary attendance at a desk."""
    return _form("open_custody.html", _custody, ("opened",))


def _form(template: str, read: Read, moments: tuple[str, ...]) -> Response | str:
    problems: tuple[Problem, ...] = ()
    now = doors().now()
    if request.method == "POST":
        try:
            opened = casework.open_stay(doors().service, read(now), actor=actor(), now=now)
            return redirect(url_for("pages.stay", stay=opened.stay, done="opened"), 303)
        except (InputError, NotAllowed) as error:
            problems = problems_of(error)
        except ReferenceInUse:
            problems = (Problem("reference", page_words.REFERENCE_IN_USE),)
    form = forms.filled(
        now=now, moments=moments, empty=("arrived",), sex="unknown", place="a_and_e", kind="custody"
    )
    return render_template(
        template, form=form, problems=problems, suites=suites.choices(), words=words
    )


def _hospital(now: datetime) -> Opening:
    decided = forms.moment("decided", now=now)
    by, consulted = forms.optional("by"), forms.optional("consulted")
    extra: dict[str, str | int | bool | datetime] = {"limb": "remove"}
    if consulted:
        extra["consulted"] = forms.option("consulted", words.ids(words.CONSULTED), "who it was")
    place = forms.option("place", words.ids(words.HEALTH_PLACES), "where they are going")
    events = [Event("s136", "s136_decided", Moment.at(decided), by=by, extra=extra)]
    if forms.optional("arrived"):
        arrived = forms.moment("arrived", now=now)
        events.append(Event("arrived", "arrived", Moment.at(arrived), place=place))
    return Opening(
        kind=StayKind.SECTION136,
        suite=_suite(),
        reference=forms.required("reference", "the incident number"),
        opened_at=decided,
        identity=_identity(),
        stage="section136",
        place=place,
        training=doors().service.settings.training,
        events=tuple(events),
    )


def _custody(now: datetime) -> Opening:
    kind = StayKind(forms.option("kind", words.ids(words.KINDS), "why they are here"))
    return Opening(
        kind=kind,
        suite=_suite(),
        reference=forms.required("reference", "the number of the record"),
        opened_at=forms.moment("opened", now=now),
        identity=_identity(),
        stage="voluntary" if kind is StayKind.VOLUNTARY else "arrest",
        offence=forms.option("offence", words.ids(words.OFFENCES), "the kind of offence"),
        place="police_station",
        cell=forms.optional("cell"),
        training=doors().service.settings.training,
    )


def _suite() -> str:
    return forms.option("suite", [id for id, _ in suites.choices()], "the suite")


def _identity() -> Identity:
    age, born = forms.whole("age", OLDEST, "the age"), forms.calendar_day("born")
    known = age is not None or born is not None
    return Identity(
        name=forms.optional("name"),
        date_of_birth=born,
        age=None if born else age,
        age_source="stated" if known else "unknown",
        sex=forms.option("sex", words.ids(words.SEXES), "the sex"),
    )
