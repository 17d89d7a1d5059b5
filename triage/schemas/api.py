"""What the API takes for each thing that can be done; unknown fields are refused."""

from typing import Any

from marshmallow import fields, validate

from triage.domain.needs import NEEDS
from triage.schemas.fields import (
    Choice,
    DateField,
    Moment,
    SafeText,
    Span,
    StrictBool,
    StrictInt,
    StrictSchema,
)
from triage.schemas.screen import NATIONS, OFFENCES, PLACES, STAGES

STAY_KINDS = ("custody", "section136", "voluntary")
ENDINGS = (
    "seen_by_clinician", "handed_over", "route_taken", "declined", "no_route",
    "released_before_seen", "duty_done", "other",
)  # fmt: skip
BASES = ("consent", "best_interests", "safeguarding", "vital_interests", "legal_duty")
OUTCOMES = ("offered", "accepted", "declined", "none_exists", "acknowledged", "turned_down")
SYSTEMS = ("systmone", "rio", "other")
LEFT_TO = ("home", "court", "hospital", "health_place", "prison", "other")
LONGEST_ID = 80


def _id(**options: Any) -> SafeText:
    return SafeText(shortest=1, longest=LONGEST_ID, like="[A-Za-z0-9_.:-]+", **options)


def _line(**options: Any) -> SafeText:
    return SafeText(shortest=1, longest=200, **options)


class SignInIn(StrictSchema):
    """A person's own name and password, at a terminal."""

    account = _line(required=True)
    password = SafeText(shortest=1, longest=128, required=True)


class IdentityIn(StrictSchema):
    """Who the person is; what is absent is not known."""

    name = _line()
    date_of_birth = DateField()
    age = StrictInt(least=0, most=129)
    age_source = Choice(("stated", "document", "appears", "unknown"))
    sex = Choice(("female", "male", "other", "unknown"))


class OpeningIn(StrictSchema):
    """What is known when a stay begins; what has happened already follows as events."""

    kind = Choice(STAY_KINDS, required=True)
    suite = _id(required=True)
    reference = SafeText(shortest=1, longest=60, required=True)
    opened_at = Moment(required=True)
    nation = Choice(NATIONS)
    identity = fields.Nested(IdentityIn)
    person = _id()
    stage = Choice(STAGES)
    offence = Choice(OFFENCES)
    indictable = StrictBool()
    place = Choice(PLACES)
    cell = SafeText(shortest=1, longest=20)


class MoveIn(StrictSchema):
    """Where the person is now; at least one of suite, cell, place and stage."""

    occurred_at = Moment(required=True)
    suite = _id()
    cell = SafeText(shortest=1, longest=20)
    place = Choice(PLACES)
    stage = Choice(STAGES)


class ConsentIn(StrictSchema):
    """Whether the person agrees that one named party hears of them."""

    given = StrictBool(required=True)
    to = _line(required=True)
    occurred_at = Moment(required=True)
    basis = Choice(BASES)
    capacity = Choice(("has", "lacks", "not_assessed"))
    words = SafeText()


class NoteIn(StrictSchema):
    """A note; a clinical one is for health staff alone. No rule reads it."""

    words = SafeText(shortest=1, required=True)
    group = Choice(("police", "clinical"), required=True)
    occurred_at = Moment()


class VisitIn(StrictSchema):
    """One visit, or one rousing check."""

    occurred_at = Moment(required=True)
    seen = SafeText()
    rouse = StrictBool()


class RouteDecisionIn(StrictSchema):
    """One decision on one route; with none_exists, on one need."""

    outcome = Choice(OUTCOMES, required=True)
    occurred_at = Moment(required=True)
    route = _id()
    need = Choice(NEEDS)
    reason = _line()
    service = _line()
    words = SafeText()
    group = Choice(("police", "clinical"))
    agreed = StrictBool()


class ReleaseIn(StrictSchema):
    """How somebody left."""

    occurred_at = Moment(required=True)
    to = Choice(LEFT_TO, required=True)
    handed_to = _line()
    told = fields.List(_line())
    plan = SafeText()
    transport = _line()
    reason = _id()
    words = SafeText()
    papers = fields.List(_line())
    medicine = _line()


class CorrectionIn(StrictSchema):
    """What was wrong about one event: its time, or that it happened at all."""

    reason = _line(required=True)
    occurred_at = Span()
    withdrawn = StrictBool()


class RightPersonIn(StrictSchema):
    """Which entry was made on the wrong person, and where it belongs."""

    seq = StrictInt(least=1, most=2**53, required=True)
    to_stay = _id(required=True)
    reason = _line(required=True)


class AcknowledgeIn(StrictSchema):
    """police: somebody is at the cell. clinical: I am taking this as a clinician."""

    kind = Choice(("police", "clinical"), required=True)


class ActIn(StrictSchema):
    """What was done."""

    done = SafeText(shortest=1, longest=500, required=True)


class CloseIn(StrictSchema):
    """How it ended: one of the list, and what happened in words."""

    outcome = Choice(ENDINGS, required=True)
    words = SafeText(shortest=1, longest=500, required=True)
    call_at = Moment()


class ActForIn(ActIn):
    """What was done about several alerts of one person."""

    alerts = fields.List(_id(), required=True)


class CloseForIn(CloseIn):
    """How several alerts of one person ended."""

    alerts = fields.List(_id(), required=True)


class FileIn(StrictSchema):
    """In which system a summary stands now, and up to which entry."""

    system = Choice(SYSTEMS, required=True)
    up_to_seq = StrictInt(least=0, most=2**53, required=True)


class SignHandoverIn(StrictSchema):
    """From whom, and the entry up to which was read."""

    taken_from = _line(required=True)
    up_to_seq = StrictInt(least=0, most=2**53, required=True)


class WithSomebodyIn(StrictSchema):
    """With a person in a place without a phone, until when, and where."""

    until = Moment(required=True)
    reason = _line(required=True)


class DutyIn(StrictSchema):
    """Who answers for a role in a suite, from when to when: an account, or a name."""

    suite = _id(required=True)
    role = _id(required=True)
    account = _id()
    name = _line()
    contact = _line()
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)


class WrongPersonIn(IdentityIn):
    """Who it is instead, and how that was found out; ``person`` if they are known here."""

    reason = _line(required=True)
    person = _id()


class ExplanationIn(StrictSchema):
    """Why a time passed: which clock, when it started, an agreed code, and a sentence."""

    clock = _id(required=True)
    started_at = Moment(required=True)
    reason = _line(required=True)
    words = SafeText(shortest=1, longest=2000, required=True)


class AttributionIn(StrictSchema):
    """A stretch in which nobody was recorded as waited for, and the agreed code for it."""

    code = _line(required=True)
    since = Moment(required=True)
    until = Moment(required=True)
    words = SafeText(longest=2000)


class PromisedIn(StrictSchema):
    """One detention that is handed over, with what was promised about it."""

    stay = _id(required=True)
    promised = SafeText(longest=2000)


class ReviewOfferIn(StrictSchema):
    """Which detentions are offered to which inspector."""

    to = _line(required=True)
    stays = fields.List(
        fields.Nested(PromisedIn), required=True, validate=validate.Length(min=1, max=200)
    )


class ReviewTakenIn(StrictSchema):
    """The numbers of the offers that are taken."""

    seqs = fields.List(
        StrictInt(least=1, most=2**53), required=True, validate=validate.Length(min=1, max=200)
    )


class CancelIn(StrictSchema):
    """Why it should never have been raised; an emergency needs a second person's session."""

    reason = SafeText(shortest=1, longest=500, required=True)
    second_session = SafeText(shortest=1, longest=128)
