"""Whether the service lives and whether somebody watches the clocks. No personal data."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response
from flask.views import MethodView

from triage.present import pages as words
from triage.web.api.parts import Part, answer
from triage.web.doors import doors

blueprint = Part("health", __name__, description="Whether the service lives")


@dataclass(frozen=True)
class Health:
    """How the service stands; ``status`` is "ok" or "timers_stale"."""

    status: str
    at: datetime
    last_pass_at: datetime | None
    words: str
    rulebook: str
    rulebook_signed: bool
    training: bool


@blueprint.route("/health")
class Live(MethodView):
    """Anybody may ask; a monitor should, every minute."""

    @blueprint.answers(200, Health)
    @blueprint.for_anyone
    def get(self) -> Response:
        """When the timers last ran, and which rulebook speaks."""
        service, now = doors().service, doors().now()
        beat = service.record.reading().last_heartbeat()
        last = beat.at if beat else None
        timers = words.timers(last, now=now)
        return answer(
            Health(
                status="timers_stale" if timers.stale else "ok",
                at=now,
                last_pass_at=last,
                words=timers.words,
                rulebook=service.rulebook.fingerprint,
                rulebook_signed=service.rulebook.signed,
                training=service.settings.training,
            )
        )
