"""Release: what is still open is shown first; it never makes a detention longer."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from triage import casework
from triage.casework import REASONS, Release
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.present import leaving as words
from triage.present import stay as stay_words
from triage.present.changes import NEVER_TRUE
from triage.web import forms
from triage.web.doors import actor, doors
from triage.web.errors import problems_of


def release(stay: str) -> Response | str:
    """The gate, and the form that records the release at its true time."""
    problems: tuple[Problem, ...] = ()
    now = doors().now()
    if request.method == "POST":
        try:
            left = casework.release(doors().service, stay, _read(now), actor=actor(), now=now)
            done = "released_before" if NEVER_TRUE in left.notices else "released"
            return redirect(url_for("pages.stay", stay=stay, done=done), 303)
        except (InputError, NotAllowed) as error:
            problems = problems_of(error, occurred_at="left")
    gaps = casework.release_check(doors().service, stay, actor=actor(), now=now)
    return render_template(
        "release.html",
        stay=stay,
        gaps=[(gap.urgency.word, stay_words.gap(gap), gap.closes) for gap in gaps],
        form=forms.filled(now=now, moments=("left",)),
        problems=problems,
        reasons=tuple(REASONS.items()),
        words=words,
    )


def _read(now: datetime) -> Release:
    return Release(
        occurred_at=forms.moment("left", now=now),
        to=forms.option("to", [id for id, _ in words.PLACES], "where they went"),
        handed_to=forms.optional("handed_to"),
        told=_lines("told"),
        plan=forms.optional("plan"),
        transport=forms.optional("transport"),
        reason=forms.optional("reason"),
        papers=_lines("papers"),
        medicine=forms.optional("medicine"),
    )


def _lines(name: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in forms.text(name).splitlines() if line.strip())
