"""``screen in``: what is known about a detained person, from outside, checked against the rulebook.

The questions, observations and their options are the rulebook's; everything else is fixed here.
Absent is unknown, never no.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from marshmallow import fields

from triage.domain.answers import (
    Answer,
    Closing,
    Details,
    EarlierScreen,
    Marker,
    RecordFacts,
)
from triage.domain.errors import InputError, Problem
from triage.domain.facts import MARKER_KINDS
from triage.domain.needs import NEEDS
from triage.domain.rulebook import Rulebook
from triage.schemas.answers import Answers, answers_in, with_nearest
from triage.schemas.fields import (
    ById,
    Choice,
    DateField,
    Moment,
    SafeText,
    StrictBool,
    StrictInt,
    StrictSchema,
    load,
)
from triage.schemas.person import PersonIn, person_of

NATIONS = ("england", "wales")
STAGES = (
    "arrest", "voluntary", "interview", "charged", "bail_refused", "recall", "release",
    "section136",
)  # fmt: skip
OFFENCES = (
    "child_sexual", "sexual", "domestic", "homicide_fatal", "violence", "robbery",
    "burglary_dwelling", "burglary_other", "theft", "drugs_possess", "drugs_supply", "weapons",
    "criminal_damage", "harassment", "breach_of_peace", "driving", "public_order", "fraud", "none",
    "other",
)  # fmt: skip
PLACES = ("police_station", "a_and_e", "health_based_place_of_safety", "home", "other")
ORIGINS = ("pnc", "officer", "family", "log", "property", "health", "earlier_screening")
PROPERTY = (
    "medicine", "medical_device", "drugs", "letter", "identity_document", "communication_aid",
    "means_of_self_harm", "other",
)  # fmt: skip
FORCE = ("restraint", "taser", "irritant", "dog", "baton")


def _set_of(options: tuple[str, ...]) -> fields.Field[Any]:
    return fields.List(Choice(options))


class ClosingIn(StrictSchema):
    """Who closed a marker, when and why."""

    on = DateField(required=True)
    by_role = SafeText(required=True, shortest=1, longest=60)
    reason = SafeText(required=True, shortest=1, longest=500)


class MarkerIn(StrictSchema):
    """One warning, with where it comes from."""

    kind = Choice(MARKER_KINDS, required=True)
    origin = Choice(ORIGINS, required=True)
    on = DateField()
    closed = fields.Nested(ClosingIn)
    words = SafeText()


class EarlierScreenIn(StrictSchema):
    """What an earlier screening found."""

    at = Moment(required=True)
    status = SafeText(required=True, shortest=1, longest=40)
    needs = fields.List(SafeText(shortest=1, longest=60))
    outcome = SafeText(longest=200)


class RecordIn(StrictSchema):
    """What the record says; a fact that is absent is unknown unless the record was checked."""

    checked = StrictBool()
    markers = fields.List(fields.Nested(MarkerIn))
    property = _set_of(PROPERTY)
    force_used = _set_of(FORCE)
    hospital_today = StrictBool()
    breath_ug = StrictInt(least=0, most=1000)
    drug_test = Choice(("positive", "negative", "refused"))
    managed_by = _set_of(("probation", "iom", "yjs"))
    appropriate_adult_before = StrictBool()
    open_flags_before = _set_of(NEEDS)
    earlier_screens = fields.List(fields.Nested(EarlierScreenIn))
    instruction_open = Choice(("hospital", "not_fit", "recheck", "other"))
    instruction_given_at = Moment()


class ScreenIn(StrictSchema):
    """``screen in`` as a whole. The ids under answers and observations are the rulebook's."""

    record_number = SafeText(shortest=1, longest=60)
    at = Moment()
    nation = Choice(NATIONS, required=True)
    person = fields.Nested(PersonIn, required=True)
    stage = Choice(STAGES, required=True)
    offence = Choice(OFFENCES, required=True)
    domestic = StrictBool()
    place = Choice(PLACES)
    interpreter_present = StrictBool()
    appropriate_adult_present = StrictBool()
    admits = StrictBool()
    evidence_stage = Choice(("ready",))
    arrests_12m = StrictInt(least=0, most=1000)
    answers = ById(fields.Raw())
    observations = ById(fields.Raw())
    record = fields.Nested(RecordIn)
    everything_else = Choice(("not_asked", "no"))


class DraftIn(ScreenIn):
    """``screen in`` while it is being asked: the first look comes before all that it needs."""

    nation = Choice(NATIONS)
    person = fields.Nested(PersonIn)
    stage = Choice(STAGES)
    offence = Choice(OFFENCES)


class SoFar(dict[str, Any]):
    """A half-finished document: the stage and the offence may be unknown in it, never no."""


# What stands in for what is not asked yet, only while it is not: which nation's services are named
# waits for nothing else, and an empty person is one of whom nothing is known.
UNTIL_KNOWN: Mapping[str, Any] = MappingProxyType({"nation": "england", "person": {}})


def so_far(document: Any, known: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """A half-finished document as it can be evaluated: nobody waits for question 29.

    Only what it does not hold itself is taken from what is ``known`` elsewhere; what is no
    document at all stays what it is.
    """
    if not isinstance(document, Mapping):
        return document
    return SoFar({**UNTIL_KNOWN, **known, **document})


def details_of(
    document: Any, rulebook: Rulebook, *, now: datetime, at: datetime | None = None
) -> Details:
    """What ``screen in`` says, ready to be screened.

    ``at`` wins over the document's own, and ``now`` stands in when neither is given. Raises
    InputError naming every field that cannot be used, with what would be right.
    """
    loaded, problems = _loaded(document)
    answers, observations = answers_in(document, rulebook, problems)
    if problems:
        raise InputError(problems)
    moment = at or loaded.get("at") or now
    rest_is_nothing = loaded.get("everything_else") == "no"
    program = rulebook.program
    return Details(
        at=moment,
        nation=loaded["nation"],
        person=person_of(loaded["person"], at=moment),
        stage=loaded.get("stage"),
        offence=loaded.get("offence"),
        arrests_12m=loaded.get("arrests_12m"),
        record_number=loaded.get("record_number"),
        domestic=loaded.get("domestic"),
        place=loaded.get("place"),
        interpreter_present=loaded.get("interpreter_present"),
        appropriate_adult_present=loaded.get("appropriate_adult_present"),
        admits=loaded.get("admits"),
        evidence_ready=loaded.get("evidence_stage") == "ready",
        answers=_filled(answers, program.untroubled if rest_is_nothing else {}),
        observations=_filled(observations, program.unremarkable if rest_is_nothing else {}),
        record=_record(loaded.get("record", {}), rest_is_nothing=rest_is_nothing),
    )


def _loaded(document: Any) -> tuple[dict[str, Any], list[Problem]]:
    half = isinstance(document, SoFar)
    try:
        return load(DraftIn if half else ScreenIn, document), []
    except InputError as error:
        return {}, [with_nearest(problem) for problem in error.problems]


def _filled(given: Answers, harmless: Mapping[str, Answer]) -> Mapping[str, Answer]:
    """What was given, and behind it the harmless answer to whatever else there is."""
    return MappingProxyType({**given, **harmless, **given})


def _record(loaded: Mapping[str, Any], *, rest_is_nothing: bool) -> RecordFacts:
    known = dict(loaded)
    known["checked"] = known.get("checked", False) or rest_is_nothing
    known["markers"] = tuple(_marker(marker) for marker in known.get("markers", ()))
    known["earlier_screens"] = tuple(
        EarlierScreen(**screen | {"needs": tuple(screen.get("needs", ()))})
        for screen in known.get("earlier_screens", ())
    )
    for name in ("property", "force_used", "managed_by", "open_flags_before"):
        if name in known:
            known[name] = tuple(dict.fromkeys(known[name]))
    return RecordFacts(**known)


def _marker(loaded: Mapping[str, Any]) -> Marker:
    closed = loaded.get("closed")
    return Marker(**dict(loaded) | {"closed": Closing(**closed) if closed else None})
