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
    review_handover,
    review_reports,
    review_return,
    review_sample,
    rota,
    screening,
    shift,
    stays,
)

_SEE, _ASK, _SEND = ("GET",), ("GET", "POST"), ("POST",)
PAGES = (
    ("/", lists.home, _SEE),
    ("/board", lists.board, _SEE),
    ("/worklist", lists.worklist, _SEE),
    ("/section-136", lists.section136, _SEE),
    ("/section-136/waits", review.who_waits, _SEE),
    ("/alerts", lists.alerts, _SEE),
    ("/alerts/acknowledge", alert_acts.acknowledge, _SEND),
    ("/alerts/act", alert_acts.act, _SEND),
    ("/alerts/close", alert_acts.close, _SEND),
    ("/alerts/cancel", alert_acts.cancel, _ASK),
    ("/alerts/take", alert_acts.take_person, _SEND),
    ("/handover", shift.handover, _ASK),
    ("/shift", shift.shift, _ASK),
    ("/shift/free", shift.free_again, _SEND),
    ("/rota", rota.rota, _ASK),
    ("/rota/drop", rota.drop_duty, _SEND),
    ("/open/hospital", opening.open_hospital, _ASK),
    ("/open", opening.open_custody, _ASK),
    ("/stays/<stay>", stays.stay, _SEE),
    ("/stays/<stay>/why", stays.why, _SEE),
    ("/stays/<stay>/screening", screening.screening, _ASK),
    ("/stays/<stay>/event", entries.event, _ASK),
    ("/stays/<stay>/authorise", entries.authorise, _ASK),
    ("/stays/<stay>/visit", entries.visit, _ASK),
    ("/stays/<stay>/route", entries.decide_route, _ASK),
    ("/stays/<stay>/release", leaving.release, _ASK),
    ("/stays/<stay>/done", alert_acts.act_for, _ASK),
    ("/stays/<stay>/ended", alert_acts.close_for, _ASK),
    ("/stays/<stay>/identity", papers.identity, _ASK),
    ("/stays/<stay>/wrong-person", papers.wrong_person, _ASK),
    ("/stays/<stay>/move", papers.move, _ASK),
    ("/stays/<stay>/consent", papers.consent, _ASK),
    ("/stays/<stay>/note", papers.note, _ASK),
    ("/stays/<stay>/summary", papers.summary, _ASK),
    ("/stays/<stay>/entries/<int:seq>/correct", mending.correct, _ASK),
    ("/stays/<stay>/entries/<int:seq>/move", mending.move_entry, _ASK),
    ("/accounts", accounts.people, _ASK),
    ("/accounts/link", accounts.new_link, _SEND),
    ("/accounts/active", accounts.set_active, _SEND),
    ("/accounts/role", accounts.set_role, _SEND),
    ("/terminals", accounts.terminals, _ASK),
    ("/terminals/revoke", accounts.revoke, _SEND),
    ("/review", review.review, _SEE),
    ("/review/pace-reviews", review.review_pace, _SEE),
    ("/review/handover", review_handover.review_handover, _ASK),
    ("/review/handover/take", review_handover.review_take_over, _SEND),
    ("/review/waits", review_reports.review_waits, _SEE),
    ("/review/ledger", review_reports.review_ledger, _SEE),
    ("/review/records", review_reports.review_records, _SEE),
    ("/review/pack", review_reports.review_pack, _SEE),
    ("/review/pack/leave", review_reports.review_pack_leaves, _SEND),
    ("/review/pack.csv", review_reports.review_pack_csv, _SEE),
    ("/review/pack.xlsx", review_reports.review_pack_xlsx, _SEE),
    ("/review/return", review_return.review_return, _SEE),
    ("/review/return/leave", review_return.review_return_leaves, _SEND),
    ("/review/return.csv", review_return.review_return_csv, _SEE),
    ("/review/sample", review_sample.review_sample, _SEE),
    ("/review/sample/finding", review_sample.review_sampled, _SEND),
    ("/review/stays/<stay>", review.review_detention, _SEE),
    ("/review/stays/<stay>/attribute", review.review_attribute, _SEND),
    ("/review/stays/<stay>/explain", review.review_explain, _SEND),
    ("/stays/<stay>/return-details", review_sample.review_answers, _ASK),
)


def mount(app: Flask) -> None:
    """Give this application its pages."""
    blueprint = Blueprint("pages", __name__)
    for path, view, methods in PAGES:
        blueprint.add_url_rule(path, view.__name__, view, methods=methods)
    app.register_blueprint(blueprint)
