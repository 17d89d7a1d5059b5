"""What an inspector puts on the record: a time explained, a gap attributed, a handover."""

from dataclasses import dataclass
from typing import Any

from flask import Response
from flask.views import MethodView

from triage import casework
from triage.casework.review_acts import Explanation, Noted
from triage.casework.review_case import Handed
from triage.domain.attributed import Attribution
from triage.schemas.api import (
    AttributionIn,
    ExplanationIn,
    ReviewOfferIn,
    ReviewTakenIn,
)
from triage.web.api.parts import Part, answer, key, saved
from triage.web.doors import actor, doors

blueprint = Part("review_acts", __name__, description="What an inspector signs and hands over")


@dataclass(frozen=True)
class HandedOver:
    """Each detention with its last handover, as it stands now."""

    handovers: tuple[Handed, ...]


@blueprint.route("/stays/<stay>/explanations")
class Explanations(MethodView):
    """Times that passed, explained and signed."""

    @blueprint.keyed
    @blueprint.takes(ExplanationIn)
    @blueprint.answers(201, Noted)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Sign why a time passed; a breach that is explained is still a breach."""
        made, now = Explanation(**given), doors().now()
        return saved(
            casework.explain_breach(doors().service, stay, made, actor=actor(), now=now, key=key())
        )


@blueprint.route("/stays/<stay>/attributions")
class Attributions(MethodView):
    """Gaps, given to a partner and an agreed reason."""

    @blueprint.keyed
    @blueprint.takes(AttributionIn)
    @blueprint.answers(201, Noted)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Say why nothing moved in a stretch in which nobody was recorded as waited for."""
        made = Attribution(given["code"], given["since"], given["until"])
        words, now = given.get("words", ""), doors().now()
        return saved(
            casework.attribute_gap(
                doors().service, stay, made, words=words, actor=actor(), now=now, key=key()
            )
        )


@blueprint.route("/review/handovers")
class Handovers(MethodView):
    """The review, offered to another inspector."""

    @blueprint.keyed
    @blueprint.takes(ReviewOfferIn)
    @blueprint.answers(201, HandedOver)
    def post(self, given: dict[str, Any]) -> Response:
        """Offer detentions, each with what was promised; they stay yours until they are taken."""
        now = doors().now()
        promised = {each["stay"]: each.get("promised", "") for each in given["stays"]}
        made = casework.hand_over(
            doors().service, given["to"], promised, actor=actor(), now=now, key=key()
        )
        return answer(HandedOver(made), 201)


@blueprint.route("/review/handovers/taken")
class Taken(MethodView):
    """The review, taken over."""

    @blueprint.keyed
    @blueprint.takes(ReviewTakenIn)
    @blueprint.answers(201, HandedOver)
    def post(self, given: dict[str, Any]) -> Response:
        """Take what was offered, by the numbers of the offers; from now on it is with you."""
        now = doors().now()
        seqs = given["seqs"]
        made = casework.take_over(doors().service, seqs, actor=actor(), now=now, key=key())
        return answer(HandedOver(made), 201)
