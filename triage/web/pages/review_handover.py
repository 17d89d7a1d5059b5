"""The review handed from one inspector to the next, detention by detention."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from triage import casework
from triage.casework import review_live
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.domain.roles import Verb, may
from triage.present import review as live_words
from triage.present import review_handover as words
from triage.web import forms, review_asked
from triage.web.doors import actor, doors
from triage.web.errors import problems_of
from triage.web.pages.review_frame import page, practice, who

_MOST = 500


def review_handover() -> Response | str:
    """What is open, what lapses next, what was promised, and who takes it."""
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            promised = {stay: forms.text(f"promised-{stay}") for stay in _stays()}
            to = forms.required("to", "who takes over")
            casework.hand_over(doors().service, to, promised, **who())
            return redirect(url_for("pages.review_handover", done="offered"), 303)
        except (InputError, NotAllowed) as error:
            problems = problems_of(error)
    return _shown(problems)


def review_take_over() -> Response | str:
    """Take over what was offered; both names are on the record."""
    try:
        seqs = [int(each) for each in request.form.getlist("seq") if _whole(each)]
        casework.take_over(doors().service, seqs[:_MOST], **who())
    except (InputError, NotAllowed) as error:
        return _shown(problems_of(error))
    return redirect(url_for("pages.review_handover", done="took_over"), 303)


def _shown(problems: tuple[Problem, ...]) -> str:
    asked = review_asked.asked()
    found = review_live.live(doors().service, asked.suites, **who(), as_known_at=asked.known)
    signs = may(actor().role, Verb.HAND_OVER_REVIEW) and asked.known is None
    lines = [
        words.open_ones(each, practice(), account=actor().account, at=found.at)
        for each in found.lines
    ]
    form = forms.filled(now=doors().now())
    return page(
        "review_handover.html", asked, lines=lines, words=words, form=form, problems=problems,
        offers=[each.offer for each in lines if each.offer is not None] if signs else [],
        receivers=casework.receivers(doors().service, actor=actor()) if signs else (),
        signs=signs, nobody=live_words.NOBODY, as_of=live_words.as_of(found.at, asked.known),
    )  # fmt: skip


def _stays() -> list[str]:
    return request.form.getlist("stay")[:_MOST]


def _whole(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) < 16
