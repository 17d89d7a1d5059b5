"""Who somebody is, where they are, what they agreed to, and what was noted."""

from typing import Any

from flask import Response
from flask.views import MethodView

from triage import casework
from triage.casework import Consent, DecisionSaved, Identity, Move, Opened
from triage.schemas.api import ConsentIn, IdentityIn, MoveIn, NoteIn
from triage.web.api.parts import Part, key, saved
from triage.web.doors import actor, doors

blueprint = Part("papers", __name__, description="Who, where, what they agreed to, what was noted")


@blueprint.route("/stays/<stay>/identity")
class WhoTheyAre(MethodView):
    """Who the person is."""

    @blueprint.keyed
    @blueprint.takes(IdentityIn)
    @blueprint.answers(201, Opened)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Record who the person is, or turns out to be; earlier versions stay in the record."""
        who, now = Identity(**given), doors().now()
        return saved(
            casework.record_identity(doors().service, stay, who, actor=actor(), now=now, key=key())
        )


@blueprint.route("/stays/<stay>/moves")
class Moves(MethodView):
    """Where the person is."""

    @blueprint.keyed
    @blueprint.takes(MoveIn)
    @blueprint.answers(201, Opened)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Record another cell, place, suite or stage; the clocks of a detention do not restart."""
        move, now = Move(**given), doors().now()
        return saved(
            casework.move_stay(doors().service, stay, move, actor=actor(), now=now, key=key())
        )


@blueprint.route("/stays/<stay>/consents")
class Consents(MethodView):
    """Consent to share."""

    @blueprint.keyed
    @blueprint.takes(ConsentIn)
    @blueprint.answers(201, DecisionSaved)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Record consent to one party, or its refusal; it never delays an alert inside."""
        agreed, now = Consent(**given), doors().now()
        return saved(
            casework.consent(doors().service, stay, agreed, actor=actor(), now=now, key=key())
        )


@blueprint.route("/stays/<stay>/notes")
class Notes(MethodView):
    """Notes."""

    @blueprint.keyed
    @blueprint.takes(NoteIn)
    @blueprint.answers(201, DecisionSaved)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Record a note; a clinical one is for health staff alone."""
        now = doors().now()
        return saved(
            casework.note(doors().service, stay, **given, actor=actor(), now=now, key=key())
        )
