"""The four lists: the board, the alerts, a clinician's worklist, Section 136."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from triage import casework
from triage.casework import AckKind
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.domain.roles import CLINICAL_ROLES
from triage.present import alerts as alert_words
from triage.present import board as board_words
from triage.present import pages as page_words
from triage.present import section136 as section136_words
from triage.present import sign_in as sign_in_words
from triage.record import Actor
from triage.web import forms, sign_in
from triage.web.doors import actor, doors
from triage.web.errors import problems_of


def home() -> Response:
    """The page that this role wants to see first."""
    return redirect(url_for(page_words.first_page(actor().role)), 303)


def board() -> str:
    """Everybody in the suites of whoever is signed in."""
    now = doors().now()
    found = casework.board(doors().service, actor().suites, actor=actor(), now=now)
    rows = [board_words.row(line, now=now) for line in found.rows]
    return render_template("board.html", heading=board_words.heading(found), rows=rows)


def worklist() -> str:
    """Who waits for a clinician."""
    now, role = doors().now(), actor().role
    found = casework.worklist(doors().service, actor().suites, actor=actor(), now=now)
    lines = [board_words.waiting(line, role=role, now=now) for line in found.lines]
    heading = board_words.worklist_heading(found)
    return render_template("worklist.html", heading=heading, lines=lines)


def section136() -> str:
    """Detentions under Section 136 and 135, the first to lapse first."""
    now = doors().now()
    found = casework.section136_list(doors().service, actor().suites, actor=actor(), now=now)
    lines = [section136_words.detention(line, now=now) for line in found.lines]
    heading = section136_words.heading(found)
    return render_template("section136.html", heading=heading, lines=lines)


def alerts() -> str:
    """Open alerts, the worst first, each with what this role may do about it."""
    now, role = doors().now(), actor().role
    found = casework.alert_list(doors().service, actor().suites, actor=actor(), now=now)
    cards = [alert_words.card(line, role=role, now=now) for line in found.lines]
    heading = alert_words.list_words(len(cards), now=now)
    return render_template("alerts.html", heading=heading, cards=cards)


def acknowledge() -> Response:
    """Take an alert: police or clinical, by the role."""
    kind = AckKind.CLINICAL if actor().role in CLINICAL_ROLES else AckKind.POLICE
    casework.acknowledge(doors().service, _key(), kind=kind, actor=actor(), now=doors().now())
    return _back("taken")


def act() -> Response:
    """Say what was done about an alert."""
    done = forms.required("done", "what was done")
    casework.act(doors().service, _key(), done, actor=actor(), now=doors().now())
    return _back("acted")


def close() -> Response:
    """Say that it is over and how it ended."""
    outcome = forms.required("outcome", "how it ended")
    casework.close(doors().service, _key(), outcome=outcome, actor=actor(), now=doors().now())
    return _back("closed")


def cancel() -> Response | str:
    """Say that an alert should never have been raised; an emergency needs a second person here."""
    if request.method == "GET":
        return _cancel_page(())
    now, second = doors().now(), None
    try:
        reason = forms.required("reason", "why it should never have been raised")
        if forms.optional("account"):
            second = _second_person()
        casework.cancel(
            doors().service, _key(), reason=reason, actor=actor(), second_actor=second, now=now
        )
    except (InputError, NotAllowed) as error:
        return _cancel_page(problems_of(error))
    return _back("cancelled")


def _cancel_page(problems: tuple[Problem, ...]) -> str:
    form = forms.filled(now=doors().now(), alert=request.args.get("alert", ""))
    return render_template("cancel.html", form=form, problems=problems)


def _second_person() -> Actor:
    """The colleague who agrees, with their own name and password; not whoever is signed in."""
    try:
        account = sign_in.checked(
            doors().service.record, forms.text("account"), forms.text("password"),
            now=doors().wall(),
        )  # fmt: skip
    except sign_in.TooSoon as error:
        raise InputError.at("password", str(error)) from error
    if account is None:
        raise InputError.at("password", sign_in_words.WRONG)
    return Actor(account.account, account.name, account.role, None, account.suites)


def _key() -> str:
    return forms.required("alert", "the alert")


def _back(done: str) -> Response:
    """Back to the page where the button stood, which is one of ours by name, never by address."""
    stay = forms.text("stay")
    if forms.text("from") == "stay" and stay:
        return redirect(url_for("pages.stay", stay=stay, done=done), 303)
    worklist = forms.text("from") == "worklist"
    return redirect(url_for("pages.worklist" if worklist else "pages.alerts", done=done), 303)
