"""The inspector's review of who waits now: the live list, one detention, PACE reviews due."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage import casework
from triage.casework import Explanation, review_live
from triage.casework import review_pace as pace
from triage.casework.review_acts import UNATTRIBUTED
from triage.domain.attributed import Attribution
from triage.domain.errors import InputError, Problem
from triage.domain.roles import Verb, may
from triage.present import review as words
from triage.present import review_gaps as gap_words
from triage.present import review_handover as handover_words
from triage.present import review_round as round_words
from triage.present import review_words as said
from triage.present import story as story_words
from triage.web import forms, review_asked
from triage.web.doors import actor, doors
from triage.web.errors import problems_of
from triage.web.pages.review_frame import page, practice, who


def review() -> str:
    """Everybody who waits now, or as known then; the first to lapse first."""
    return _live(review_asked.asked(), Verb.VIEW_REVIEW)


def who_waits() -> str:
    """The same list for those who keep the waits up: control room and nurses, from a phone too."""
    return _live(review_asked.now_only(), Verb.VIEW_SECTION136)


def _live(asked: review_asked.Asked, verb: Verb) -> str:
    found = review_live.live(
        doors().service, asked.suites, **who(), as_known_at=asked.known, verb=verb
    )
    lines = [
        (
            words.line(each, practice(), at=found.at),
            handover_words.with_whom(each.case, at=found.at),
        )
        for each in found.lines
    ]
    return page("review_live.html", asked, lines=lines, words=words, said=said,
                 may_keep=asked.known is None, reviews=verb is Verb.VIEW_REVIEW,
                 may_open=may(actor().role, Verb.OPEN_DETENTION),
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


def review_attribute(stay: str) -> AnyResponse | str:
    """Give a gap, or its first part, to a partner and an agreed reason."""
    try:
        since = review_asked.moment(forms.required("since", "which gap"))
        until = review_asked.moment(forms.required("until", "which gap"))
        if forms.text("only"):
            until = forms.moment("only", now=doors().now())
        given = Attribution(forms.required("reason", "the reason"), since, until)
        casework.attribute_gap(doors().service, stay, given, words=forms.text("words"), **who())
    except InputError as error:
        return _detention(stay, problems_of(error))
    return redirect(url_for("pages.review_detention", stay=stay, done="attributed"), 303)


def review_pace() -> str:
    """PACE reviews due over the suites in the next 12 hours."""
    asked = review_asked.asked()
    due = pace.pace_reviews(doors().service, asked.suites, **who(), as_known_at=asked.known)
    at = asked.known or doors().now()
    suites: dict[str, list[round_words.Due]] = {}
    for one in due:
        suites.setdefault(one.suite, []).append(round_words.due(one, at=at))
    named = [(said.group("suite", suite), lines) for suite, lines in suites.items()]
    made = pace.pace_done(doors().service, asked.suites, **who(), as_known_at=asked.known)
    done = [round_words.done(one, at=at) for one in made]
    return page("review_pace.html", asked, rounds=named, done=done, words=round_words,
                may_keep=asked.known is None,
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
        gaps=gap_words.gaps(one.case, at=at),
        by_hand=gap_words.by_hand(one.case, practice(), at=at),
        handed=handover_words.with_whom(one.case, at=at),
        agreed=[each for each in casework.reasons(doors().service, at) if each[0] != UNATTRIBUTED],
        reasons=casework.reasons(doors().service, at),
        form=forms.filled(now=at, moments=("only",), empty=("only",)),
        problems=problems,
        as_of=words.as_of(at, known),
    )
