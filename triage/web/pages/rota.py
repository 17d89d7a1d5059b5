"""The rota: who answers for a role in a suite, and taking an entry off it."""

from flask import render_template, request
from werkzeug.wrappers import Response

from triage import casework
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.domain.roles import Role, role_words
from triage.present import rota as words
from triage.present import spans
from triage.web import forms, suites
from triage.web.doors import actor, doors
from triage.web.errors import problems_of


def rota() -> Response | str:
    """Who is on duty from now on, what is empty, and the form for another entry."""
    problems: tuple[Problem, ...] = ()
    said = ""
    if request.method == "POST":
        try:
            said = _added()
        except (InputError, NotAllowed) as error:
            problems = problems_of(error, starts_at="begins", ends_at="ends")
    return _page(said, problems)


def drop_duty() -> str:
    """Take an entry off the rota."""
    duty = forms.required("duty", "which entry")
    casework.drop_duty(doors().service, duty, actor=actor(), now=doors().now())
    return _page(words.DROPPED, ())


def _added() -> str:
    now = doors().now()
    forms.required("begins", "from when")
    forms.required("ends", "until when")
    duty = casework.put_on_rota(
        doors().service,
        suite=forms.option("suite", dict(suites.choices()), "the suite"),
        role=forms.option("role", tuple(Role), "the role"),
        starts_at=forms.moment("begins", now=now),
        ends_at=forms.moment("ends", now=now),
        account=forms.optional("account"),
        name=forms.text("name"),
        contact=forms.optional("contact"),
        actor=actor(),
        now=now,
    )
    return words.ADDED.format(name=duty.name)


def _page(said: str, problems: tuple[Problem, ...]) -> str:
    now = doors().now()
    found = casework.rota(doors().service, actor=actor(), now=now)
    return render_template(
        "rota.html", words=words, rows=words.rows(found), holes=words.holes(found), said=said,
        problems=problems, form=forms.filled(now=now, moments=("begins", "ends"), empty=("ends",)),
        roles=[(role.value, spans.capital(role_words(role))) for role in Role],
        suites=suites.choices(), accounts=_accounts(),
    )  # fmt: skip


def _accounts() -> list[tuple[str, str]]:
    """Who could be put on it: everybody who may sign in and is not there for the machine alone."""
    listed = doors().service.record.reading().accounts()
    return [
        (each.account, f"{each.name}, {role_words(each.role)}")
        for each in listed
        if each.active and each.role != Role.ADMINISTRATOR
    ]
