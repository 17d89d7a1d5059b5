"""The dip sample, and the answers for the annual return."""

import secrets
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage import casework
from triage.casework import Sampled, review_acts
from triage.casework import review_sample as sampling
from triage.domain.errors import InputError, Problem
from triage.domain.roles import Verb, may
from triage.present import review as words
from triage.present import review_words as said
from triage.web import forms, review_asked
from triage.web.doors import actor, doors
from triage.web.errors import problems_of
from triage.web.pages.review_frame import fields, found_in, page, who

_MOST_SAMPLED = 50


def review_answers(stay: str) -> AnyResponse | str:
    """Answers for the annual return, and how many officers wait."""
    problems: tuple[Problem, ...] = ()
    asked = [each for each in fields() if not each.derived]
    if request.method == "POST":
        try:
            answers = {name: forms.text(name) for name in (*(e.id for e in asked), "officers")}
            casework.record_return_details(doors().service, stay, answers, **who())
            return redirect(url_for("pages.stay", stay=stay, done="answered"), 303)
        except InputError as error:
            problems = problems_of(error)
    form = forms.filled(now=doors().now())
    return render_template(
        "review_answers.html", stay=stay, asked=asked, form=form, problems=problems
    )


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
        casework.record_sampled(doors().service, stay, sampled, **who())
    except InputError as error:
        return _sample(problems_of(error))
    shown: dict[str, Any] = {**review_asked.asked().shown, "done": "sampled"}
    return redirect(url_for("pages.review_sample", **shown), 303)


def _sample(problems: tuple[Problem, ...]) -> str:
    asked, found = found_in()
    if "seed" not in asked.shown:
        asked.shown["seed"] = str(secrets.randbelow(10_000))
    seed = review_asked.whole("seed", int(asked.shown["seed"]), 999_999_999)
    chosen = review_asked.whole("n", 5, _MOST_SAMPLED)
    drawn = sampling.sample(found, chosen=chosen, seed=seed)
    lines = [(line.case.stay, line.case.reference, *words.sampled(line), line.finding is None)
             for line in drawn.lines]  # fmt: skip
    form = forms.filled(now=doors().now())
    return page(
        "review_sample.html", asked, drawn=drawn, lines=lines, chosen=chosen, seed=seed, form=form,
        problems=problems, findings=tuple(said.FINDINGS.items()),
        may_sample=may(actor().role, Verb.SAMPLE) and asked.known is None,
    )  # fmt: skip
