"""Evaluating without recording: the same core, nothing stored."""

from typing import Any

from flask import Response
from flask.views import MethodView

from triage.casework.in_force import require_rules
from triage.domain import screening
from triage.domain.clocks import Clocks as ClocksOut
from triage.domain.detention import clocks
from triage.domain.explaining import Explanation
from triage.domain.findings import Findings
from triage.schemas.clocks import ClocksIn, detention_of
from triage.schemas.screen import ScreenIn, details_of
from triage.web.api.parts import Part, answer, body
from triage.web.doors import doors

blueprint = Part("evaluate", __name__, description="Evaluating without recording anything")


@blueprint.route("/evaluate/screening")
class Screening(MethodView):
    """One screening, not stored."""

    @blueprint.takes(ScreenIn)
    @blueprint.answers(200, Findings)
    def post(self, given: dict[str, Any]) -> Response:
        """What the rulebook finds in these details."""
        service, now = doors().service, doors().now()
        require_rules(service.trouble)
        details = details_of(body(), service.rulebook, now=now)
        return answer(screening.screen(service.rulebook, details))


@blueprint.route("/evaluate/explanation/<name>")
class Explaining(MethodView):
    """Why, or why not, for one screening that is not stored."""

    @blueprint.takes(ScreenIn)
    @blueprint.answers(200, Explanation)
    def post(self, given: dict[str, Any], name: str) -> Response:
        """Why these details bring up a rule, need, flag or route, or why not: the nearest rules,
        what speaks against them, and the one answer that would tell."""
        service, now = doors().service, doors().now()
        require_rules(service.trouble)
        details = details_of(body(), service.rulebook, now=now)
        return answer(screening.explain(service.rulebook, details, name))


@blueprint.route("/evaluate/clocks")
class Clocks(MethodView):
    """The clocks of one detention, not stored."""

    @blueprint.takes(ClocksIn)
    @blueprint.answers(200, ClocksOut)
    def post(self, given: dict[str, Any]) -> Response:
        """What the clocks say about these events."""
        book = doors().service.rulebook
        detention = detention_of(body(), now=doors().now())
        return answer(clocks(book.law, book.practice["alerts"], detention))
