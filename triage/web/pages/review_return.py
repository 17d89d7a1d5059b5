"""The annual return: exact for the force itself, and the counts that leave by a named act."""

from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage import casework
from triage.casework import Published, review_published
from triage.domain import london
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.domain.published import days
from triage.present import figures, pack
from triage.present import review as words
from triage.present import review_published as gone_words
from triage.present import review_words as said
from triage.present.figure_cells import Sheet
from triage.web import review_asked
from triage.web.doors import actor, doors
from triage.web.errors import problems_of
from triage.web.pages.review_frame import log_disclosure, page, who, yearly_in
from triage.web.review_asked import Asked
from triage.web.review_pages import csv_answer


def review_return() -> str:
    """The annual return and what is missing from it; ``inside=no`` asks for what leaves of it."""
    if request.args.get("inside") == "no":
        return _leaving_page(())
    asked = review_asked.asked()
    view = yearly_in(asked)
    shown = figures.return_sheets(view.counted, leaving=False)
    gaps = [
        (one.field.words, len(one.missing), one.asked, f"{one.missing_percent:.1f}%",
         one.missing_percent > view.most_missing_percent, f"return.{one.field.id}.not_recorded")
        for one in view.counted
    ]  # fmt: skip
    return page("review_return.html", asked, sheets=shown, gaps=gaps, view=view, words=gone_words,
                stretch=days(view.first, view.next),
                 as_of=words.as_of(view.at, asked.known))  # fmt: skip


def review_return_leaves() -> AnyResponse | str:
    """Let the counts of this year leave."""
    asked = review_asked.asked()
    on = london.day_of(asked.until_before)
    try:
        _not_then(asked)
        casework.let_return_leave(doors().service, asked.suites, on=on, **who())
    except (InputError, NotAllowed) as error:
        return _leaving_page(problems_of(error))
    log_disclosure("annual return", leaving=True)
    parts: dict[str, Any] = {**request.args.to_dict(), "inside": "no", "done": "left"}
    return redirect(url_for("pages.review_return", **parts), 303)


def review_return_csv() -> Response:
    """The rows, exact, for the force's own statistics officer; or the counts, as they left."""
    asked = review_asked.asked()
    if request.args.get("inside") != "no":
        view = yearly_in(asked)
        log_disclosure("annual return as CSV", leaving=False)
        return csv_answer(pack.rows_as_csv(view.rows), "section-136-return-exact.csv")
    found = _counts(asked)
    if found.left is None:
        raise InputError.at("to", found.why or review_published.NOT_LEFT)
    log_disclosure("annual return as CSV", leaving=True)
    return csv_answer(pack.as_csv(found.sheets, leaving=True), "section-136-return.csv")


@dataclass(frozen=True)
class _Counts:
    """The counts of a year: as they left, else a draft, and why it cannot leave."""

    stretch: str
    suites: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    left: Published | None
    why: str


def _counts(asked: Asked) -> _Counts:
    _not_then(asked)
    view, service, left, why = yearly_in(asked), doors().service, None, ""
    try:
        period = review_published.period_of_return(view, asked.suites, **who())
        left = review_published.standing(service, period, actor=actor())
    except (InputError, NotAllowed) as error:
        why = " ".join(each.problem for each in problems_of(error))
    made = review_published.return_draft(view) if left is None else left.figures
    return _Counts(days(view.first, view.next), asked.suites, made.tables, left, why)


def _not_then(asked: Asked) -> None:
    if asked.known is not None:
        raise InputError.at("known", review_published.KNOWN)


def _leaving_page(problems: tuple[Problem, ...]) -> str:
    asked = review_asked.asked()
    found = _counts(asked)
    return page("review_return_leaves.html", asked, found=found, problems=problems,
                words=gone_words, said=said, held=gone_words.held_back(found.sheets))  # fmt: skip
