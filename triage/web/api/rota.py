"""The rota: who answers for a role in a suite, from when to when."""

from typing import Any

from flask import Response
from flask.views import MethodView

from triage import casework
from triage.casework import Rota as OnDuty
from triage.record.operations import Duty
from triage.schemas.api import DutyIn
from triage.web.api.parts import Part, answer
from triage.web.doors import actor, doors

blueprint = Part("rota", __name__, description="Who is on duty, and what is empty")


@blueprint.route("/rota")
class Rota(MethodView):
    """Who is on duty from now on."""

    @blueprint.answers(200, OnDuty)
    def get(self) -> Response:
        """The first first, and the roles for which nobody can come now."""
        return answer(casework.rota(doors().service, actor=actor(), now=doors().now()))

    @blueprint.takes(DutyIn)
    @blueprint.answers(201, Duty)
    def post(self, given: dict[str, Any]) -> Response:
        """Put somebody on it; the same said twice is one entry."""
        now = doors().now()
        return answer(casework.put_on_rota(doors().service, **given, actor=actor(), now=now), 201)


@blueprint.route("/rota/<duty>")
class OneDuty(MethodView):
    """One entry of the rota."""

    @blueprint.answers(200, OnDuty)
    def delete(self, duty: str) -> Response:
        """Take it off; what is left comes back."""
        service, who, now = doors().service, actor(), doors().now()
        casework.drop_duty(service, duty, actor=who, now=now)
        return answer(casework.rota(service, actor=who, now=now))
