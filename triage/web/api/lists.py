"""The board, a clinician's worklist, Section 136."""

from flask import Response
from flask.views import MethodView

from triage import casework
from triage.casework import Board as BoardLines
from triage.casework import Section136List
from triage.casework import Worklist as WorklistLines
from triage.web.api.parts import Part, answer
from triage.web.doors import actor, doors

blueprint = Part("lists", __name__, description="Everybody in the suites of whoever asks")


@blueprint.route("/board")
class Board(MethodView):
    """Everybody, the most urgent first."""

    @blueprint.answers(200, BoardLines)
    def get(self) -> Response:
        """Initials and cell, urgency, the next thing due, who has it."""
        who, now = actor(), doors().now()
        return answer(casework.board(doors().service, who.suites, actor=who, now=now))


@blueprint.route("/worklist")
class Worklist(MethodView):
    """Who waits for a clinician."""

    @blueprint.answers(200, WorklistLines)
    def get(self) -> Response:
        """One line a person, urgency first."""
        who, now = actor(), doors().now()
        return answer(casework.worklist(doors().service, who.suites, actor=who, now=now))


@blueprint.route("/section-136")
class Section136(MethodView):
    """Detentions under Section 136 and 135."""

    @blueprint.answers(200, Section136List)
    def get(self) -> Response:
        """The power recorded and when it lapses; the first to lapse first."""
        who, now = actor(), doors().now()
        return answer(casework.section136_list(doors().service, who.suites, actor=who, now=now))
