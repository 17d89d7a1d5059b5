"""The inspector's review: who waits now, the reports, the pack, the return, the dip sample."""

import secrets
from datetime import timedelta
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage import casework
from triage.casework import Explanation, Sampled, review_acts
from triage.casework import review as reviewing
from triage.domain import london
from triage.domain.annual_return import ReturnField, fields_of
from triage.domain.errors import InputError, Problem
from triage.domain.roles import Verb, may
from triage.domain.waits import WaitKind
from triage.present import charts, figures, pack
from triage.present import review as words
from triage.present import review_words as said
from triage.present import story as story_words
from triage.record import Operation
from triage.web import forms, review_asked
from triage.web.doors import actor, doors
from triage.web.errors import problems_of
from triage.web.review_pages import csv_answer, xlsx_answer

_MOST_SAMPLED = 50


def review() -> str:
    """Everybody who waits now, or as known then; the first to lapse first."""
    asked = review_asked.asked()
    found = reviewing.live(doors().service, asked.suites, **_who(), as_known_at=asked.known)
    practice = doors().service.rulebook.practice
    lines = [words.line(each, practice, at=found.at) for each in found.lines]
    return _page("review_live.html", asked, lines=lines, words=words, said=said,
                 as_of=words.as_of(found.at, asked.known))  # fmt: skip


def review_detention(stay: str) -> str:
    """One detention: its chart, its waits in stages, what passed and why."""
    return _detention(stay, ())


def review_explain(stay: str) -> AnyResponse | str:
    """Sign why a time passed."""
    try:
        started = forms.required("started", "which time")
        explanation = Explanation(
            forms.required("clock", "which clock"),
            review_asked.moment(started),
            forms.required("reason", "the reason"),
            forms.text("words"),
        )
        casework.explain_breach(doors().service, stay, explanation, **_who())
    except InputError as error:
        return _detention(stay, problems_of(error))
    return redirect(url_for("pages.review_detention", stay=stay, done="explained"), 303)


def review_answers(stay: str) -> AnyResponse | str:
    """Answers for the annual return, and how many officers wait."""
    problems: tuple[Problem, ...] = ()
    asked = [each for each in _fields() if not each.derived]
    if request.method == "POST":
        try:
            answers = {name: forms.text(name) for name in (*(e.id for e in asked), "officers")}
            casework.record_return_details(doors().service, stay, answers, **_who())
            return redirect(url_for("pages.stay", stay=stay, done="answered"), 303)
        except InputError as error:
            problems = problems_of(error)
    form = forms.filled(now=doors().now())
    return render_template(
        "review_answers.html", stay=stay, asked=asked, form=form, problems=problems
    )


def review_pace() -> str:
    """PACE reviews due over the suites in the next 12 hours."""
    asked = review_asked.asked()
    due = reviewing.pace_reviews(doors().service, asked.suites, **_who(), as_known_at=asked.known)
    at = asked.known or doors().now()
    suites: dict[str, list[words.Due]] = {}
    for one in due:
        suites.setdefault(one.suite, []).append(words.due(one, at=at))
    named = [(said.group("suite", suite), lines) for suite, lines in suites.items()]
    return _page("review_pace.html", asked, rounds=named, words=words,
                 as_of=words.as_of(at, asked.known))  # fmt: skip


def review_waits() -> str:
    """The wait report: medians, ninetieths, and two charts with their data."""
    asked, found = _found()
    kind = review_asked.kind()
    shown = [
        sheet
        for sheet in figures.sheets(found, _practice(), leaving=False)
        if sheet.id.startswith((f"waits_{kind}", f"{kind}_by_"))
        or (kind is WaitKind.OFFICERS and sheet.id == "officers_hours")
    ]
    leg = "whole" if kind is WaitKind.OFFICERS else "assessment_begins"
    monday, weeks = london.day_of(asked.since), pack.legs_weeks(found)
    return _page(
        "review_waits.html", asked, sheets=shown, kind=kind, kinds=said.WAITS, said=said,
        histogram=charts.histogram(found.measured, kind, leg),
        run=charts.run_chart(found.measured, kind, leg, first=monday, weeks=weeks),
        as_of=words.as_of(found.at, asked.known), stretch=pack.stretch(found),
    )  # fmt: skip


def review_ledger() -> str:
    """Minutes by partner and agreed reason, what passed, and the places that were asked."""
    asked, found = _found()
    wanted = ("ledger", "passed", "places")
    shown = [s for s in figures.sheets(found, _practice(), leaving=False) if s.id in wanted]
    open_ones = [
        (case.stay, case.reference, words.passed_words(one, at=found.at))
        for case, one in found.passed
        if one.signed is None and one.clock.state.value == "breach"
    ]
    return _page("review_ledger.html", asked, sheets=shown, open_ones=open_ones, said=said,
                 as_of=words.as_of(found.at, asked.known), stretch=pack.stretch(found))  # fmt: skip


def review_records() -> str:
    """The records behind one figure."""
    asked, found = _found()
    key = request.args.get("key", "")
    made = figures.sheets(found, _practice(), leaving=False)
    made += figures.return_sheets(_yearly(asked).counted, leaving=False)
    place = next(((s, line, col, c) for s, line, col, c in figures.flat(made) if c.key == key),
                 None)  # fmt: skip
    if place is None:
        raise InputError.at("key", "There is no such figure in this stretch.")
    sheet, line, column, cell = place
    stays = {case.reference: case.stay for case in found.cases}
    listed = [(record, stays.get(record)) for record in dict.fromkeys(cell.records)]
    title = f"{sheet.caption}: {line.label}, {column.casefold()}"
    return _page("review_records.html", asked, title=title, cell=cell, listed=listed)


def review_pack() -> str:
    """The weekly pack, to be read and printed."""
    asked, made = _packed()
    return _page("review_pack.html", asked, pack=made)


def review_pack_csv() -> Response:
    """The figures of the pack as CSV."""
    _, made = _packed()
    _log_disclosure("review pack as CSV", leaving=made.leaving)
    return csv_answer(pack.as_csv(made.sheets, leaving=made.leaving), "section-136-pack.csv")


def review_pack_xlsx() -> Response:
    """The figures of the pack as a workbook."""
    _, made = _packed()
    _log_disclosure("review pack as XLSX", leaving=made.leaving)
    return xlsx_answer(pack.as_xlsx(made.sheets, leaving=made.leaving), "section-136-pack.xlsx")


def review_return() -> str:
    """The annual return and what is missing from it."""
    asked = review_asked.asked()
    view = _yearly(asked)
    shown = figures.return_sheets(view.counted, leaving=False)
    gaps = [
        (one.field.words, len(one.missing), one.asked, f"{one.missing_percent:.1f}%",
         one.missing_percent > view.most_missing_percent, f"return.{one.field.id}.not_recorded")
        for one in view.counted
    ]  # fmt: skip
    return _page("review_return.html", asked, sheets=shown, gaps=gaps, view=view,
                 as_of=words.as_of(view.at, asked.known))  # fmt: skip


def review_return_csv() -> Response:
    """The rows of the annual return, exact, for the force's own statistics officer."""
    view = _yearly(review_asked.asked())
    _log_disclosure("annual return as CSV", leaving=False)
    return csv_answer(pack.rows_as_csv(view.rows), "section-136-return-exact.csv")


def review_sample() -> str:
    """A dip sample: all high-risk records, and some by chance."""
    return _sample(())


def review_sampled() -> AnyResponse | str:
    """What was found in one record of the sample."""
    try:
        stay = forms.required("stay", "the record")
        sampled = Sampled(
            forms.required("sample", "the sample"),
            forms.option("finding", review_acts.FINDINGS, "what was found"),
            forms.text("words"),
            forms.text("fix"),
        )
        casework.record_sampled(doors().service, stay, sampled, **_who())
    except InputError as error:
        return _sample(problems_of(error))
    shown: dict[str, Any] = {**review_asked.asked().shown, "done": "sampled"}
    return redirect(url_for("pages.review_sample", **shown), 303)


PAGES = (
    ("/review", review, ("GET",)),
    ("/review/pace-reviews", review_pace, ("GET",)),
    ("/review/waits", review_waits, ("GET",)),
    ("/review/ledger", review_ledger, ("GET",)),
    ("/review/records", review_records, ("GET",)),
    ("/review/pack", review_pack, ("GET",)),
    ("/review/pack.csv", review_pack_csv, ("GET",)),
    ("/review/pack.xlsx", review_pack_xlsx, ("GET",)),
    ("/review/return", review_return, ("GET",)),
    ("/review/return.csv", review_return_csv, ("GET",)),
    ("/review/sample", review_sample, ("GET",)),
    ("/review/sample/finding", review_sampled, ("POST",)),
    ("/review/stays/<stay>", review_detention, ("GET",)),
    ("/review/stays/<stay>/explain", review_explain, ("POST",)),
    ("/stays/<stay>/return-details", review_answers, ("GET", "POST")),
)


def _who() -> dict[str, Any]:
    return {"actor": actor(), "now": doors().now()}


def _practice() -> Any:
    return doors().service.rulebook.practice


def _fields() -> tuple[ReturnField, ...]:
    return fields_of(_practice().get("annual_return", {}))


def _found() -> tuple[review_asked.Asked, casework.Review]:
    asked = review_asked.asked()
    found = reviewing.review(
        doors().service, asked.suites, since=asked.since, until=asked.until, **_who(),
        as_known_at=asked.known,
    )  # fmt: skip
    return asked, found


def _packed() -> tuple[review_asked.Asked, pack.Pack]:
    asked, found = _found()
    weeks = request.args.get("weeks", "4")
    if weeks not in ("1", "4", "13"):
        raise InputError.at("weeks", "One, four or thirteen weeks.", ("1", "4", "13"))
    leaving = request.args.get("inside") != "yes"
    return asked, pack.pack(found, _practice(), weeks=int(weeks), leaving=leaving)


def _yearly(asked: review_asked.Asked) -> casework.ReturnView:
    on = london.day_of(asked.until - timedelta(seconds=1))
    return reviewing.yearly(doors().service, asked.suites, on=on, **_who(), as_known_at=asked.known)


def _log_disclosure(what: str, *, leaving: bool) -> None:
    """A file that is taken away is a disclosure, whoever it is for."""
    fit = "small numbers left out" if leaving else "exact, inside the force"
    doors().service.record.log_access(
        actor(), f"{what}: {fit}", None, "review", doors().now(),
        operation=Operation.DISCLOSURE,
    )  # fmt: skip


def _detention(stay: str, problems: tuple[Problem, ...]) -> str:
    known = review_asked.known()
    one = reviewing.detention(doors().service, stay, **_who(), as_known_at=known)
    at = known or doors().now()
    return render_template(
        "review_detention.html",
        line=words.line(one, _practice(), at=at),
        chart=story_words.story(one.case, at=at),
        may_sign=may(actor().role, Verb.EXPLAIN_BREACH) and known is None,
        reasons=casework.reasons(doors().service, at),
        form=forms.filled(now=at),
        problems=problems,
        as_of=words.as_of(at, known),
    )


def _sample(problems: tuple[Problem, ...]) -> str:
    asked, found = _found()
    if "seed" not in asked.shown:
        asked.shown["seed"] = str(secrets.randbelow(10_000))
    seed = review_asked.whole("seed", int(asked.shown["seed"]), 999_999_999)
    chosen = review_asked.whole("n", 5, _MOST_SAMPLED)
    drawn = reviewing.sample(found, chosen=chosen, seed=seed)
    lines = [(line.case.stay, line.case.reference, *words.sampled(line), line.finding is None)
             for line in drawn.lines]  # fmt: skip
    form = forms.filled(now=doors().now())
    return _page(
        "review_sample.html", asked, drawn=drawn, lines=lines, chosen=chosen, seed=seed, form=form,
        problems=problems, findings=tuple(said.FINDINGS.items()),
        may_sample=may(actor().role, Verb.SAMPLE) and asked.known is None,
    )  # fmt: skip


def _page(template: str, asked: review_asked.Asked, **values: Any) -> str:
    suites = casework.suites_of(doors().service)
    return render_template(template, asked=asked.shown, suites=suites, **values)
