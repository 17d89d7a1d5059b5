"""The pages, rendered here and plain: each view loads, calls casework, presents and answers.

Every address of the pages stands in one table; who may open it stands in ``triage.web.access``.
"""

from flask import Blueprint, Flask

from triage.web.pages import accounts, entries, leaving, lists, opening, review, screening, stays

_ASK, _SEND = ("GET", "POST"), ("POST",)
PAGES = (
    ("/", lists.home, ("GET",)),
    ("/board", lists.board, ("GET",)),
    ("/worklist", lists.worklist, ("GET",)),
    ("/section-136", lists.section136, ("GET",)),
    ("/alerts", lists.alerts, ("GET",)),
    ("/alerts/acknowledge", lists.acknowledge, _SEND),
    ("/alerts/act", lists.act, _SEND),
    ("/alerts/close", lists.close, _SEND),
    ("/alerts/cancel", lists.cancel, _ASK),
    ("/open/hospital", opening.open_hospital, _ASK),
    ("/open", opening.open_custody, _ASK),
    ("/stays/<stay>", stays.stay, ("GET",)),
    ("/stays/<stay>/screening", screening.screening, _ASK),
    ("/stays/<stay>/event", entries.event, _ASK),
    ("/stays/<stay>/authorise", entries.authorise, _ASK),
    ("/stays/<stay>/visit", entries.visit, _ASK),
    ("/stays/<stay>/route", entries.decide_route, _ASK),
    ("/stays/<stay>/release", leaving.release, _ASK),
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
