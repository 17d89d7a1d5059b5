"""The inspector's reports: waits, the delay ledger, the records behind a figure, the pack."""

from datetime import timedelta
from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage import casework
from triage.casework import review_published
from triage.domain import london
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.domain.legs import week_of
from triage.domain.published import Kind, Period
from triage.domain.waits import WaitKind
from triage.present import charts, figure_cells, figures, pack, spans
from triage.present import review as words
from triage.present import review_gaps as gap_words
from triage.present import review_published as gone_words
from triage.present import review_words as said
from triage.present.figure_cells import Sheet
from triage.web import review_asked
from triage.web.doors import actor, doors
from triage.web.errors import problems_of
from triage.web.pages.review_frame import found_in, log_disclosure, page, practice, who, yearly_in
from triage.web.review_pages import csv_answer, xlsx_answer


def review_waits() -> str:
    """The wait report: medians, ninetieths, and two charts with their data."""
    asked, found = found_in()
    kind = review_asked.kind()
    shown = [
        sheet
        for sheet in figures.sheets(found, practice(), leaving=False)
        if sheet.id.startswith((f"waits_{kind}", f"{kind}_by_"))
        or (kind is WaitKind.OFFICERS and sheet.id == "officers_hours")
    ]
    leg = "whole" if kind is WaitKind.OFFICERS else "assessment_begins"
    monday, weeks = london.day_of(asked.since), pack.legs_weeks(found)
    return page(
        "review_waits.html", asked, sheets=shown, kind=kind, kinds=said.WAITS, said=said,
        histogram=charts.histogram(found.measured, kind, leg),
        run=charts.run_chart(found.measured, kind, leg, first=monday, weeks=weeks),
        as_of=words.as_of(found.at, asked.known), stretch=pack.stretch(found),
    )  # fmt: skip


def review_ledger() -> str:
    """Minutes by partner and agreed reason, what passed, and the places that were asked."""
    asked, found = found_in()
    wanted = ("ledger", "ledger_arrested", "passed", "places")
    shown = [s for s in figures.sheets(found, practice(), leaving=False) if s.id in wanted]
    open_ones = [
        (case.stay, case.reference, words.passed_words(one, at=found.at))
        for case, one in found.passed
        if one.signed is None and one.clock.state.value == "breach"
    ]
    return page("review_ledger.html", asked, sheets=shown, open_ones=open_ones,
                gaps=gap_words.longest(found.gaps, at=found.at), said=said,
                 as_of=words.as_of(found.at, asked.known), stretch=pack.stretch(found))  # fmt: skip


def review_records() -> str:
    """The records behind one figure."""
    asked, found = found_in()
    key = request.args.get("key", "")
    made = figures.sheets(found, practice(), leaving=False)
    made += figures.return_sheets(yearly_in(asked).counted, leaving=False)
    place = next(((s, line, col, c) for s, line, col, c in figure_cells.flat(made) if c.key == key),
                 None)  # fmt: skip
    if place is None:
        raise InputError.at("key", "There is no such figure in this stretch.")
    sheet, line, column, cell = place
    stays = {case.reference: case.stay for case in found.cases}
    listed = [(record, stays.get(record)) for record in dict.fromkeys(cell.records)]
    title = f"{sheet.caption}: {line.label}, {spans.small(column)}"
    return page("review_records.html", asked, title=title, cell=cell, listed=listed)


def review_pack() -> str:
    """The weekly pack, to be read and printed; what leaves is a draft until it left."""
    return _pack_page(())


def review_pack_leaves() -> AnyResponse | str:
    """Let the pack of these weeks leave."""
    try:
        period = _period(review_asked.asked())
        casework.let_pack_leave(doors().service, period, **who())
    except (InputError, NotAllowed) as error:
        return _pack_page(problems_of(error))
    log_disclosure("review pack", leaving=True)
    parts: dict[str, Any] = {**request.args.to_dict(), "done": "left"}
    return redirect(url_for("pages.review_pack", **parts), 303)


def _pack_page(problems: tuple[Problem, ...]) -> str:
    asked, made, why, all_tables = _packed()
    drawn = {sheet.id for sheet in made.sheets}
    beside = [sheet for sheet in all_tables if sheet.id not in drawn]
    left = [(gone_words.gone(each), gone_words.address(each)) for each in _left()]
    return page("review_pack.html", asked, pack=made, why=why, left=left, problems=problems,
                draft=made.leaving and not made.left, words=gone_words, beside=beside,
                held=gone_words.held_back(all_tables))  # fmt: skip


def review_pack_csv() -> Response:
    """The figures of the pack as CSV."""
    made = _to_take_away()
    log_disclosure("review pack as CSV", leaving=made.leaving)
    return csv_answer(pack.as_csv(made.sheets, leaving=made.leaving), "section-136-pack.csv")


def review_pack_xlsx() -> Response:
    """The figures of the pack as a workbook."""
    made = _to_take_away()
    log_disclosure("review pack as XLSX", leaving=made.leaving)
    return xlsx_answer(pack.as_xlsx(made.sheets, leaving=made.leaving), "section-136-pack.xlsx")


def _to_take_away() -> pack.Pack:
    _, made, why, _ = _packed()
    if made.leaving and not made.left:
        raise InputError.at("to", why or review_published.NOT_LEFT)
    return made


def _packed() -> tuple[review_asked.Asked, pack.Pack, str, tuple[Sheet, ...]]:
    """The pack that is asked for; what leaves as it left, else a draft and why it cannot leave.

    Last come all the tables that leave with it.
    """
    asked, weeks = review_asked.asked(), _weeks()
    if request.args.get("inside") == "yes":
        asked, found = found_in()
        return asked, pack.pack(found, practice(), weeks=weeks, leaving=False), "", ()
    period, why, left = _period(asked), "", None
    try:
        left = review_published.standing(doors().service, period, actor=actor())
    except NotAllowed as error:
        why = str(error)
    before = review_published.before(doors().service, period, actor=actor())
    if left is not None:
        as_left = pack.leaving_pack(left.figures, period, before, left_at=left.at)
        return asked, as_left, "", left.figures.tables
    made = review_published.pack_draft(doors().service, period, **who())
    return asked, pack.leaving_pack(made, period, (*before, made)), why, made.tables


def _weeks() -> int:
    weeks = request.args.get("weeks", "4")
    if weeks not in ("1", "4", "13"):
        raise InputError.at("weeks", "One, four or thirteen weeks.", ("1", "4", "13"))
    return int(weeks)


def _period(asked: review_asked.Asked) -> Period:
    """The last whole weeks of the stretch that was asked for, as many as were asked."""
    if asked.known is not None:
        raise InputError.at("known", review_published.KNOWN)
    after = min(week_of(asked.until), week_of(doors().now()))
    first = after - timedelta(weeks=_weeks())
    return review_published.period_of_pack(first, after, asked.suites, **who())


def _left() -> tuple[casework.Published, ...]:
    """The packs that left, the last first."""
    found = review_published.left(doors().service, actor=actor())
    return tuple(each for each in reversed(found) if each.period.kind is Kind.PACK)
