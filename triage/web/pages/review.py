"""The inspector's review of who waits now: the live list, one detention, PACE reviews due."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage import casework
from triage.casework import Explanation, review_live
from triage.casework import review_pace as pace
from triage.domain.errors import InputError, Problem
from triage.domain.roles import Verb, may
from triage.present import review as words
from triage.present import review_words as said
from triage.present import story as story_words
from triage.web import forms, review_asked
from triage.web.doors import actor, doors
from triage.web.errors import problems_of
from triage.web.pages.review_frame import page, practice, who


def review() -> str:
    """Everybody who waits now, or as known then; the first to lapse first."""
    asked = review_asked.asked()
    found = review_live.live(doors().service, asked.suites, **who(), as_known_at=asked.known)
    lines = [words.line(each, practice(), at=found.at) for each in found.lines]
    return page("review_live.html", asked, lines=lines, words=words, said=said,
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
        casework.explain_breach(doors().service, stay, explanation, **who())
    except InputError as error:
        return _detention(stay, problems_of(error))
    return redirect(url_for("pages.review_detention", stay=stay, done="explained"), 303)


def review_pace() -> str:
    """PACE reviews due over the suites in the next 12 hours."""
    asked = review_asked.asked()
    due = pace.pace_reviews(doors().service, asked.suites, **who(), as_known_at=asked.known)
    at = asked.known or doors().now()
    suites: dict[str, list[words.Due]] = {}
    for one in due:
        suites.setdefault(one.suite, []).append(words.due(one, at=at))
    named = [(said.group("suite", suite), lines) for suite, lines in suites.items()]
    return page("review_pace.html", asked, rounds=named, words=words,
                 as_of=words.as_of(at, asked.known))  # fmt: skip


def _detention(stay: str, problems: tuple[Problem, ...]) -> str:
    known = review_asked.known()
    one = review_live.detention(doors().service, stay, **who(), as_known_at=known)
    at = known or doors().now()
    return render_template(
        "review_detention.html",
        line=words.line(one, practice(), at=at),
        chart=story_words.story(one.case, at=at),
        may_sign=may(actor().role, Verb.EXPLAIN_BREACH) and known is None,
        reasons=casework.reasons(doors().service, at),
        form=forms.filled(now=at),
        problems=problems,
        as_of=words.as_of(at, known),
    )
