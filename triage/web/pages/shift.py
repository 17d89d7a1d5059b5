"""A shift: handing it over by difference, and what one person has in hand."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from triage import casework
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.domain.roles import Role, Verb, may, role_words
from triage.present import alerts as alert_words
from triage.present import shift as words
from triage.present import spans
from triage.web import forms
from triage.web.doors import actor, doors
from triage.web.errors import problems_of


def handover() -> Response | str:
    """What has changed since this role last signed, and the sign-off."""
    now, service, mine = doors().now(), doors().service, actor().suites
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            up_to = forms.whole("up_to", 2**53, "the entry up to which you have read") or 0
            taken_from = forms.required("taken_from", "who hands over to you")
            casework.sign_handover(
                service, mine, taken_from=taken_from, actor=actor(), now=now, up_to_seq=up_to
            )
            return redirect(url_for("pages.handover", done="handover"), 303)
        except (InputError, NotAllowed) as error:
            problems = problems_of(error)
    found = casework.handover(service, mine, actor=actor(), now=now)
    people = [words.difference(each, now=now) for each in found.changes]
    return render_template(
        "handover.html", heading=words.heading(found), up_to=found.up_to_seq, words=words,
        people=[each for each in people if not each.quiet],
        quiet=[each for each in people if each.quiet],
        form=forms.filled(now=now), problems=problems,
        may_sign=may(actor().role, Verb.SIGN_HANDOVER),
        custody_officer=actor().role == Role.CUSTODY_SERGEANT,
    )  # fmt: skip


def shift() -> Response | str:
    """What I have in hand, and whether I am with somebody."""
    now, service = doors().now(), doors().service
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            forms.required("until", "until when")
            reason = forms.option("reason", [id for id, _ in words.REASONS], "where you are")
            until_at = forms.moment("until", now=now)
            casework.with_somebody(service, until_at, reason=reason, actor=actor(), now=now)
            return redirect(url_for("pages.shift", done="busy"), 303)
        except (InputError, NotAllowed) as error:
            problems = problems_of(error)
    found = casework.my_shift(service, actor=actor(), now=now)
    until = found.with_somebody_until
    return render_template(
        "shift.html", words=words, problems=problems, role=role_words(actor().role),
        holding=[alert_words.card(each, role=actor().role, now=now) for each in found.holding],
        until=spans.due(until, now=now) if until else "", reason=found.reason or "",
        suites=found.suites, form=forms.filled(now=now, moments=("until",), empty=("until",)),
        may_be_busy=may(actor().role, Verb.ACKNOWLEDGE_CLINICAL),
    )  # fmt: skip


def free_again() -> Response:
    """Say that I am free again."""
    casework.free_again(doors().service, actor=actor(), now=doors().now())
    return redirect(url_for("pages.shift", done="free"), 303)
