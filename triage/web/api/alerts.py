"""Alerts: who has it, what was done, how it ended. Nobody can dismiss one."""

from typing import Any

from flask import Response
from flask.views import MethodView

from triage import casework
from triage.casework import AckKind, AlertList, AlertSaved
from triage.domain.errors import InputError
from triage.present import sign_in as words
from triage.record import Actor
from triage.schemas.api import AcknowledgeIn, ActIn, CancelIn, CloseIn
from triage.web import sessions
from triage.web.api.parts import Part, answer, key, saved
from triage.web.doors import actor, doors

blueprint = Part("alerts", __name__, description="Alerts and what people do with them")


@blueprint.route("/alerts")
class Alerts(MethodView):
    """Open alerts."""

    @blueprint.answers(200, AlertList)
    def get(self) -> Response:
        """By level, then the oldest first.

        Each addressee has an alert of their own, to be taken and ended by itself. Those with the
        same `finding` tell them of one thing about one person: show them as one, with the state of
        each. `may_close` and `may_cancel` name the roles that may end an alert as it stands now.
        """
        who, now = actor(), doors().now()
        return answer(casework.alert_list(doors().service, who.suites, actor=who, now=now))


@blueprint.route("/alerts/<alert>/acknowledge")
class Acknowledge(MethodView):
    """Taking an alert."""

    @blueprint.keyed
    @blueprint.takes(AcknowledgeIn)
    @blueprint.answers(201, AlertSaved)
    def post(self, given: dict[str, Any], alert: str) -> Response:
        """Say that you have it; only the clinical kind stops the clinical chain."""
        kind, now = AckKind(given["kind"]), doors().now()
        return saved(
            casework.acknowledge(
                doors().service, alert, kind=kind, actor=actor(), now=now, key=key()
            )
        )


@blueprint.route("/alerts/<alert>/act")
class Act(MethodView):
    """Acting on an alert."""

    @blueprint.keyed
    @blueprint.takes(ActIn)
    @blueprint.answers(201, AlertSaved)
    def post(self, given: dict[str, Any], alert: str) -> Response:
        """Say what was done."""
        done, now = given["done"], doors().now()
        return saved(casework.act(doors().service, alert, done, actor=actor(), now=now, key=key()))


@blueprint.route("/alerts/<alert>/close")
class Close(MethodView):
    """Closing an alert."""

    @blueprint.keyed
    @blueprint.takes(CloseIn)
    @blueprint.answers(201, AlertSaved)
    def post(self, given: dict[str, Any], alert: str) -> Response:
        """Say that it is over and how it ended."""
        now = doors().now()
        return saved(
            casework.close(doors().service, alert, **given, actor=actor(), now=now, key=key())
        )


@blueprint.route("/alerts/<alert>/cancel")
class Cancel(MethodView):
    """Cancelling an alert that should never have been raised."""

    @blueprint.keyed
    @blueprint.takes(CancelIn)
    @blueprint.answers(201, AlertSaved)
    def post(self, given: dict[str, Any], alert: str) -> Response:
        """Say why; an emergency needs the session of a second person as well."""
        second = _second(given.get("second_session"))
        return saved(
            casework.cancel(
                doors().service, alert, reason=given["reason"], actor=actor(),
                now=doors().now(), second_actor=second, key=key(),
            )
        )  # fmt: skip


def _second(secret: str | None) -> Actor | None:
    if secret is None:
        return None
    found = sessions.current(doors().service.record, secret, now=doors().wall())
    if found is None:
        raise InputError.at("second_session", words.SECOND_OVER)
    account, session = found
    return Actor(account.account, account.name, account.role, session.terminal, account.suites)
