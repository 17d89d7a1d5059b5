"""What one person does on a shift: hands over, has in hand, files, and acts for one person."""

from dataclasses import dataclass
from typing import Any

from flask import Response
from flask.views import MethodView

from triage import casework
from triage.casework import AlertsSaved, FiledSaved, Identity, Opened, Summary
from triage.casework import Handover as Differences
from triage.casework import Shift as InHand
from triage.schemas.api import (
    ActForIn,
    CloseForIn,
    FileIn,
    SignHandoverIn,
    WithSomebodyIn,
    WrongPersonIn,
)
from triage.web.api.parts import Part, answer, key, saved
from triage.web.doors import actor, doors

blueprint = Part("shifts", __name__, description="A shift: handing over, filing, one person")


@dataclass(frozen=True)
class HandedOver:
    """A sign-off on the record."""

    seq: int


@blueprint.route("/handover")
class Handover(MethodView):
    """What has changed since this role last took over."""

    @blueprint.answers(200, Differences)
    def get(self) -> Response:
        """Every person by what is different, in the suites of whoever asks."""
        who, now = actor(), doors().now()
        return answer(casework.handover(doors().service, who.suites, actor=who, now=now))

    @blueprint.takes(SignHandoverIn)
    @blueprint.answers(201, HandedOver)
    def post(self, given: dict[str, Any]) -> Response:
        """Take over what stood at an entry, by name and from somebody by name."""
        who, now = actor(), doors().now()
        seq = casework.sign_handover(doors().service, who.suites, **given, actor=who, now=now)
        return saved(HandedOver(seq))


@blueprint.route("/shift")
class Shift(MethodView):
    """What one person has in hand."""

    @blueprint.answers(200, InHand)
    def get(self) -> Response:
        """What whoever asks has taken, and whether they are with somebody."""
        return answer(casework.my_shift(doors().service, actor=actor(), now=doors().now()))


@blueprint.route("/shift/with-somebody")
class WithSomebody(MethodView):
    """With a person in a place without a phone."""

    @blueprint.takes(WithSomebodyIn)
    @blueprint.answers(200, InHand)
    def put(self, given: dict[str, Any]) -> Response:
        """Urgent alerts go to cover until then; an emergency never does."""
        service, who, now = doors().service, actor(), doors().now()
        casework.with_somebody(service, **given, actor=who, now=now)
        return answer(casework.my_shift(service, actor=who, now=now))

    @blueprint.answers(200, InHand)
    def delete(self) -> Response:
        """Free again: urgent alerts come to whoever asks."""
        service, who, now = doors().service, actor(), doors().now()
        casework.free_again(service, actor=who, now=now)
        return answer(casework.my_shift(service, actor=who, now=now))


@blueprint.route("/stays/<stay>/take")
class TakePerson(MethodView):
    """Taking all that waits about one person."""

    @blueprint.keyed
    @blueprint.answers(201, AlertsSaved)
    def post(self, stay: str) -> Response:
        """Take everything about one person that waits for this role, in one act."""
        now = doors().now()
        return saved(casework.take_person(doors().service, stay, actor=actor(), now=now, key=key()))


@blueprint.route("/stays/<stay>/act")
class ActFor(MethodView):
    """Acting for one person."""

    @blueprint.keyed
    @blueprint.takes(ActForIn)
    @blueprint.answers(201, AlertsSaved)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Say once what was done about several alerts of one person."""
        now = doors().now()
        return saved(
            casework.act_on_person(
                doors().service, stay, given["alerts"], given["done"], actor=actor(), now=now,
                key=key(),
            )
        )  # fmt: skip


@blueprint.route("/stays/<stay>/close")
class CloseFor(MethodView):
    """Ending what waited for one person."""

    @blueprint.keyed
    @blueprint.takes(CloseForIn)
    @blueprint.answers(201, AlertsSaved)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Say once how several alerts of one person ended, with an outcome and words."""
        keys, now = given.pop("alerts"), doors().now()
        return saved(
            casework.close_for_person(
                doors().service, stay, keys, **given, actor=actor(), now=now, key=key()
            )
        )


@blueprint.route("/stays/<stay>/summary")
class TheSummary(MethodView):
    """A summary to paste into another system."""

    @blueprint.answers(200, Summary)
    def get(self, stay: str) -> Response:
        """At most 1,500 characters, by number only; logged as a disclosure."""
        return answer(casework.summary(doors().service, stay, actor=actor(), now=doors().now()))


@blueprint.route("/stays/<stay>/filings")
class Filings(MethodView):
    """Marks that a summary stands in another system."""

    @blueprint.keyed
    @blueprint.takes(FileIn)
    @blueprint.answers(201, FiledSaved)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Mark it as filed; whoever marks the same again gets the first mark back."""
        now = doors().now()
        return saved(
            casework.file_summary(doors().service, stay, **given, actor=actor(), now=now, key=key())
        )


@blueprint.route("/stays/<stay>/wrong-person")
class WrongPerson(MethodView):
    """A whole stay that was kept for the wrong person."""

    @blueprint.keyed
    @blueprint.takes(WrongPersonIn)
    @blueprint.answers(201, Opened)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Say who it is instead; the past of the wrong person leaves the stay at once."""
        reason, person = given.pop("reason"), given.pop("person", None)
        now = doors().now()
        return saved(
            casework.wrong_person(
                doors().service, stay, Identity(**given), reason=reason, person=person,
                actor=actor(), now=now, key=key(),
            )
        )  # fmt: skip
