"""What the desk of a suite shows, in words: the board, the open alerts, one person."""

from datetime import datetime

from flask import Response
from flask.views import MethodView

from triage import casework
from triage.casework import Timers
from triage.present import desk as words
from triage.present.desk import AlertSheet, BoardSheet, Frame, Sheet
from triage.present.recordable import Recordable, recordable
from triage.web import sessions, suites
from triage.web.api.parts import Part, answer
from triage.web.doors import actor, doors
from triage.web.gate import renewing

blueprint = Part("desk", __name__, description="What the desk of a suite shows, in words")


@blueprint.route("/desk/board")
class Board(MethodView):
    """Everybody, the most urgent first."""

    @blueprint.renews
    @blueprint.answers(200, BoardSheet)
    def get(self) -> Response:
        """Initials and cell, urgency, the next thing due, who has it, as sentences."""
        who, now = actor(), doors().now()
        seen = casework.board(doors().service, who.suites, actor=who, now=now, kept_open=renewing())
        return answer(words.board_sheet(seen, _frame(seen.timers, now)))


@blueprint.route("/desk/alerts")
class Alerts(MethodView):
    """Open alerts, the worst first."""

    @blueprint.renews
    @blueprint.answers(200, AlertSheet)
    def get(self) -> Response:
        """Each as a card with what this role may do about it."""
        who, now = actor(), doors().now()
        seen = casework.alert_list(
            doors().service, who.suites, actor=who, now=now, kept_open=renewing()
        )
        return answer(words.alert_sheet(seen, _frame(seen.timers, now)))


@blueprint.route("/desk/stays/<stay>")
class Person(MethodView):
    """One person."""

    @blueprint.renews
    @blueprint.answers(200, Sheet)
    def get(self, stay: str) -> Response:
        """What to do now, what was found, the clocks, what was decided, what happened."""
        service, now = doors().service, doors().now()
        view = casework.stay_view(service, stay, actor=actor(), now=now, kept_open=renewing())
        frame = _frame(view.timers, now)
        return answer(words.sheet(view, frame, rulebook=service.rulebook))


@blueprint.route("/desk/stays/<stay>/recordable")
class Recordables(MethodView):
    """What can be recorded of one person."""

    @blueprint.answers(200, Recordable)
    def get(self, stay: str) -> Response:
        """Each form whole: what fits the stay and your role now first, then everything else."""
        service, now = doors().service, doors().now()
        found = casework.expected(service, stay, actor=actor(), now=now)
        frame = _frame(casework.timers(service, now=now), now)
        return answer(recordable(found, frame))


def _frame(timers: Timers, now: datetime) -> Frame:
    service, who = doors().service, actor()
    return words.frame_of(
        timers.last_pass_at,
        now=now,
        training=service.settings.training,
        trouble=service.trouble.words if service.trouble else "",
        name=who.name,
        role=who.role,
        suites=suites.choices(),
        idle_minutes=int(sessions.IDLE.total_seconds() // 60),
    )
