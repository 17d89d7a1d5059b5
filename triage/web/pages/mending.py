"""Putting right one entry: another time, not at all, or another person."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from triage import casework
from triage.casework import Correction, StayView, TimelineEntry
from triage.domain import london
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.domain.timeline import Moment
from triage.present import board as board_words
from triage.present import changes, leaving
from triage.present import papers as words
from triage.present import timeline as timeline_words
from triage.web import forms
from triage.web.doors import actor, doors
from triage.web.errors import problems_of

_WHAT = [id for id, _ in words.CORRECT_WHAT]


def correct(stay: str, seq: int) -> Response | str:
    """Correct the time of one entry, or say that it did not happen."""
    view, now = _view(stay), doors().now()
    entry = _entry(view, seq)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            saved = casework.correct(doors().service, seq, _correction(now), actor=actor(), now=now)
            done = _conflict(saved) if saved.conflicts else _done(entry, saved)
            return redirect(url_for("pages.stay", stay=stay, done=done), 303)
        except (InputError, NotAllowed) as error:
            problems = problems_of(error, occurred_at="at")
    form = forms.filled(now=now, moments=("at",), empty=("at",))
    if request.method == "GET":
        form |= _as_it_stands(entry.stands_at or entry.occurred_at)
    return _page("correct.html", view, entry, form, problems)


def move_entry(stay: str, seq: int) -> Response | str:
    """Move one entry to the person whom it is about."""
    view, now = _view(stay), doors().now()
    entry = _entry(view, seq)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            reason = forms.required("reason", "how it came about")
            number = forms.required("reference", "the number of the right person")
            right = _right_stay(number, but=stay)
            casework.move_to_right_person(
                doors().service, seq, right, reason=reason, actor=actor(), now=now
            )
            return redirect(url_for("pages.stay", stay=right, done="right_person"), 303)
        except (InputError, NotAllowed) as error:
            problems = problems_of(error, to_stay="reference")
    people = casework.board(doors().service, actor().suites, actor=actor(), now=now).rows
    choices = [(row.reference, _person(row)) for row in people if row.stay != stay]
    form = forms.filled(now=now)
    return _page("move_entry.html", view, entry, form, problems, people=choices)


def _person(row: casework.BoardRow) -> str:
    shown = board_words.row(row, now=doors().now())
    return f"{shown.who}, {shown.where}"


def _right_stay(reference: str, *, but: str) -> str:
    """The other open stay with this number, among those that whoever is signed in may see."""
    suites = actor().suites
    found = [
        each.id
        for each in doors().service.record.reading().open_stays_by_reference(reference)
        if each.id != but and (not suites or each.suite in suites)
    ]
    if len(found) != 1:
        wrong = words.TWO_OF_THIS_NUMBER if found else words.NO_SUCH_NUMBER
        raise InputError.at("reference", wrong)
    return found[0]


def _done(entry: TimelineEntry, saved: casework.Corrected) -> str:
    """Whoever corrects an opening hears whether the PACE clocks went with it."""
    opening = changes.opening_words(entry.seq, saved.clocks, now=doors().now())
    if entry.kind != "stay_opened" or opening is None or saved.clocks is None:
        return "corrected"
    return "opening" if changes.moves_with(entry.seq, saved.clocks) else "no_clock"


def _conflict(saved: casework.Corrected) -> str:
    """Which sentence tells what cannot both be true now; the clocks tell the rest."""
    return next((_CONFLICTS[each] for each in saved.conflicts if each in _CONFLICTS), "conflict")


_CONFLICTS = {
    leaving.LEFT_BEFORE: "left_before",
    leaving.TWO_OF_ONE_NUMBER: "two_of_one_number",
}


def _opening(view: StayView, entry: TimelineEntry) -> str | None:
    if entry.kind != "stay_opened":
        return None
    return changes.opening_words(entry.seq, view.clocks, now=view.at)


def _correction(now: datetime) -> Correction:
    what = forms.option("what", _WHAT, "what was wrong")
    reason = forms.required("reason", "what was wrong")
    if what == "withdrawn":
        return Correction(reason, withdrawn=True)
    forms.required("at", "the right time")
    return Correction(reason, Moment.at(forms.moment("at", now=now)))


def _as_it_stands(at: datetime) -> dict[str, str]:
    wall = london.to_wall(at)
    return {"at": f"{wall:%H:%M}", "at_day": wall.date().isoformat()}


def _view(stay: str) -> StayView:
    return casework.stay_view(
        doors().service, stay, actor=actor(), now=doors().now(), purpose="correction"
    )


def _entry(view: StayView, seq: int) -> TimelineEntry:
    """The entry with this number, if it is one of this person that can be put right."""
    for entry in view.timeline:
        if entry.seq == seq and timeline_words.can_be_mended(entry):
            return entry
    raise NotFound


def _page(
    template: str, view: StayView, entry: TimelineEntry, form: forms.Filled,
    problems: tuple[Problem, ...], **more: object,
) -> str:  # fmt: skip
    return render_template(
        template, stay=view.stay, who=words.who(view), form=form, problems=problems, words=words,
        entry=timeline_words.entry(entry, now=view.at), opening=_opening(view, entry), **more,
    )  # fmt: skip
