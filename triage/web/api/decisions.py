"""Decisions on routes, visits, rousing, release, corrections."""

from dataclasses import dataclass
from typing import Any

from flask import Response
from flask.views import MethodView

from triage import casework
from triage.casework import (
    Corrected,
    Correction,
    DecisionSaved,
    EventSaved,
    Gap,
    Released,
    RouteDecision,
    RouteOutcome,
    Visit,
)
from triage.schemas.api import CorrectionIn, ReleaseIn, RouteDecisionIn, VisitIn
from triage.web.api.parts import Part, answer, key, saved
from triage.web.doors import actor, doors

blueprint = Part("decisions", __name__, description="What people decide, and what they did")


@dataclass(frozen=True)
class Gaps:
    """What is still open; it never makes a detention longer."""

    gaps: tuple[Gap, ...]


@blueprint.route("/stays/<stay>/routes")
class Routes(MethodView):
    """Decisions on routes."""

    @blueprint.keyed
    @blueprint.takes(RouteDecisionIn)
    @blueprint.answers(201, DecisionSaved)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Record that a route was offered, accepted or declined, or that none exists."""
        decision = RouteDecision(**given | {"outcome": RouteOutcome(given["outcome"])})
        now = doors().now()
        return saved(
            casework.decide_route(
                doors().service, stay, decision, actor=actor(), now=now, key=key()
            )
        )


@blueprint.route("/stays/<stay>/visits")
class Visits(MethodView):
    """Visits to the cell."""

    @blueprint.keyed
    @blueprint.takes(VisitIn)
    @blueprint.answers(201, EventSaved)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Record a visit; a rousing check with it is recorded as one too."""
        made, now = Visit(**given), doors().now()
        return saved(
            casework.record_visit(doors().service, stay, made, actor=actor(), now=now, key=key())
        )


@blueprint.route("/stays/<stay>/rousings")
class Rousings(MethodView):
    """Rousing checks."""

    @blueprint.keyed
    @blueprint.takes(VisitIn)
    @blueprint.answers(201, EventSaved)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Record a rousing check; one that was not passed is an emergency at once."""
        made, now = Visit(**given), doors().now()
        return saved(
            casework.record_rousing(doors().service, stay, made, actor=actor(), now=now, key=key())
        )


@blueprint.route("/stays/<stay>/release-check")
class ReleaseCheck(MethodView):
    """The gate before a release."""

    @blueprint.renews
    @blueprint.answers(200, Gaps)
    def get(self, stay: str) -> Response:
        """What is still open, most urgent first."""
        now = doors().now()
        return answer(Gaps(casework.release_check(doors().service, stay, actor=actor(), now=now)))

    @blueprint.renews
    @blueprint.takes(ReleaseIn)
    @blueprint.answers(200, Gaps)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """What would stay open if they left like this; records nothing."""
        who, now = actor(), doors().now()
        found = casework.release_check(
            doors().service, stay, actor=who, now=now, release=casework.release_of(given)
        )
        return answer(Gaps(found))


@blueprint.route("/stays/<stay>/release")
class Release(MethodView):
    """The release."""

    @blueprint.keyed
    @blueprint.takes(ReleaseIn)
    @blueprint.answers(201, Released)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Record that somebody left, at the true time; gaps left open need a reason."""
        leaving, now = casework.release_of(given), doors().now()
        return saved(
            casework.release(doors().service, stay, leaving, actor=actor(), now=now, key=key())
        )


@blueprint.route("/events/<int:seq>/corrections")
class Corrections(MethodView):
    """Corrections of one event."""

    @blueprint.keyed
    @blueprint.takes(CorrectionIn)
    @blueprint.answers(201, Corrected)
    def post(self, given: dict[str, Any], seq: int) -> Response:
        """Correct one event by another; the first version stays readable for ever."""
        now = doors().now()
        return saved(
            casework.correct(
                doors().service, seq, Correction(**given), actor=actor(), now=now, key=key()
            )
        )
