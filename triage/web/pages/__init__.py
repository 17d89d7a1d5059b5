"""The pages, rendered here and plain: each view loads, calls casework, presents and answers.

Every address of the pages stands in one table; who may open it stands in ``triage.web.access``.
"""

from flask import Blueprint, Flask

from triage.web.pages import (
    accounts,
    alert_acts,
    entries,
    leaving,
    lists,
    mending,
    opening,
    papers,
    review,
    screening,
    shift,
    stays,
)

_ASK, _SEND = ("GET", "POST"), ("POST",)
PAGES = (
    ("/", lists.home, ("GET",)),
    ("/board", lists.board, ("GET",)),
    ("/worklist", lists.worklist, ("GET",)),
    ("/section-136", lists.section136, ("GET",)),
    ("/alerts", lists.alerts, ("GET",)),
    ("/alerts/acknowledge", alert_acts.acknowledge, _SEND),
    ("/alerts/act", alert_acts.act, _SEND),
    ("/alerts/close", alert_acts.close, _SEND),
    ("/alerts/cancel", alert_acts.cancel, _ASK),
    ("/alerts/take", alert_acts.take_person, _SEND),
    ("/handover", shift.handover, _ASK),
    ("/shift", shift.shift, _ASK),
    ("/shift/free", shift.free_again, _SEND),
    ("/open/hospital", opening.open_hospital, _ASK),
    ("/open", opening.open_custody, _ASK),
    ("/stays/<stay>", stays.stay, ("GET",)),
    ("/stays/<stay>/screening", screening.screening, _ASK),
    ("/stays/<stay>/event", entries.event, _ASK),
    ("/stays/<stay>/authorise", entries.authorise, _ASK),
    ("/stays/<stay>/visit", entries.visit, _ASK),
    ("/stays/<stay>/route", entries.decide_route, _ASK),
    ("/stays/<stay>/release", leaving.release, _ASK),
    ("/stays/<stay>/done", alert_acts.act_for, _ASK),
    ("/stays/<stay>/ended", alert_acts.close_for, _ASK),
    ("/stays/<stay>/identity", papers.identity, _ASK),
    ("/stays/<stay>/move", papers.move, _ASK),
    ("/stays/<stay>/consent", papers.consent, _ASK),
    ("/stays/<stay>/note", papers.note, _ASK),
    ("/stays/<stay>/summary", papers.summary, _ASK),
    ("/stays/<stay>/entries/<int:seq>/correct", mending.correct, _ASK),
    ("/stays/<stay>/entries/<int:seq>/move", mending.move_entry, _ASK),
    ("/accounts", accounts.people, _ASK),
    ("/accounts/link", accounts.new_link, _SEND),
    ("/accounts/active", accounts.set_active, _SEND),
    ("/terminals", accounts.terminals, _ASK),
    ("/terminals/revoke", accounts.revoke, _SEND),
    *review.PAGES,
)


def mount(app: Flask) -> None:
    """Give this application its pages."""
    blueprint = Blueprint("pages", __name__)
    for path, view, methods in PAGES:
        blueprint.add_url_rule(path, view.__name__, view, methods=methods)
    app.register_blueprint(blueprint)
