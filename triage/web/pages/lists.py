"""The four lists: the board, the alerts, a clinician's worklist, Section 136."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from triage import casework
from triage.domain.roles import Verb, may
from triage.present import alerts as alert_words
from triage.present import board as board_words
from triage.present import findings as finding_words
from triage.present import pages as page_words
from triage.present import section136 as section136_words
from triage.present import worklist as worklist_words
from triage.web.doors import actor, doors
from triage.web.gate import renewing
from triage.web.siren import mark_of


def home() -> Response:
    """The page that this role wants to see first."""
    return redirect(url_for(page_words.first_page(actor().role)), 303)


def board() -> str:
    """Everybody in the suites of whoever is signed in."""
    live, now = mark_of(actor()), doors().now()
    found = casework.board(
        doors().service, actor().suites, actor=actor(), now=now, kept_open=renewing()
    )
    rows = [board_words.row(line, now=now) for line in found.rows]
    return render_template("board.html", heading=board_words.heading(found), rows=rows, live=live)


def worklist() -> str:
    """Who waits for a clinician, the first three in sight; calls that were agreed at the end."""
    live, now = mark_of(actor()), doors().now()
    found = casework.worklist(
        doors().service, actor().suites, actor=actor(), now=now, kept_open=renewing()
    )
    of = len(found.lines)
    return render_template(
        "worklist.html",
        heading=worklist_words.heading(found),
        lines=[worklist_words.row(line, of=of, now=now) for line in found.lines],
        calls=[(each.stay, worklist_words.call(each, now=now)) for each in found.calls],
        busy=worklist_words.busy(found),
        failing=worklist_words.failing(found),
        may_file=may(actor().role, Verb.NOTE_CLINICAL),
        words=worklist_words,
        live=live,
    )


def section136() -> str:
    """Detentions under Section 136 and 135, the first to lapse first."""
    live, now = mark_of(actor()), doors().now()
    found = casework.section136_list(
        doors().service, actor().suites, actor=actor(), now=now, kept_open=renewing()
    )
    lines = [section136_words.detention(line, now=now) for line in found.lines]
    heading = section136_words.heading(found)
    may_open = may(actor().role, Verb.OPEN_DETENTION)
    return render_template(
        "section136.html", heading=heading, lines=lines, may_open=may_open, live=live
    )


def alerts() -> str:
    """Open alerts, the worst first, each with what this role may do about it."""
    live, now, role = mark_of(actor()), doors().now(), actor().role
    found = casework.alert_list(
        doors().service, actor().suites, actor=actor(), now=now, kept_open=renewing()
    )
    told = finding_words.findings(found.lines, role=role, now=now)
    heading = alert_words.list_words(len(told), now=now)
    ahead = [alert_words.ahead(line, now=now) for line in found.ahead]
    return render_template(
        "alerts.html", heading=heading, findings=told, live=live, ahead=ahead, words=alert_words
    )
