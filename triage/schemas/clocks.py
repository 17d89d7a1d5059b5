"""``clocks in``: what is known about one detention, from outside, as a Detention."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from marshmallow import fields, validate

from triage.domain.annual_return import AT_SOURCE
from triage.domain.answers import Person
from triage.domain.errors import InputError, Problem
from triage.domain.legal_owner import Decision, Received
from triage.domain.pace_reviews import REMOTE
from triage.domain.pauses import BROKEN_BAIL
from triage.domain.ranks import RANKS
from triage.domain.relevant_time import FORCE_CELL, OTHER_FORCE
from triage.domain.timeline import KINDS, Detention, Event, refuse_the_impossible
from triage.schemas.fields import (
    Choice,
    Moment,
    SafeText,
    Span,
    StrictBool,
    StrictInt,
    StrictSchema,
    load,
)
from triage.schemas.person import PersonIn, person_of
from triage.schemas.screen import NATIONS, OFFENCES

MOST_EVENTS = 2000
PLACES = ("police_station", "a_and_e", "health_based_place_of_safety", "home", "other")
ROLES = (
    "custody_sergeant",
    "detention_officer",
    "custody_hcp",
    "liaison_nurse",
    "lead_nurse",
    "duty_inspector",
    "superintendent",
    "control_room",
    "amhp",
    "doctor",
    "legal_owner",
    "constable",
    "nurse",
    "paramedic",
    "occupational_therapist",
)
_POWERS = {"s136": "section136", "s135": "section135"}
_ID = "[A-Za-z0-9_.-]+"
_COMMON = (
    "id",
    "kind",
    "occurred_at",
    "recorded_at",
    "place",
    "role",
    "rank",
    "by",
    "reason",
    "corrects",
    "words",
)


class EventIn(StrictSchema):
    """One event with what its kind names; which of those belong to the kind is checked after."""

    id = SafeText(shortest=1, longest=64, like=_ID)
    kind = Choice(KINDS, required=True)
    occurred_at = Span(required=True)
    recorded_at = Moment()
    place = Choice(PLACES)
    role = Choice(ROLES)
    rank = Choice(RANKS)
    by = SafeText(shortest=1, longest=120)
    reason = SafeText(shortest=1, longest=300)
    corrects = SafeText(shortest=1, longest=64, like=_ID)
    words = SafeText(longest=4000)
    limb = Choice(("remove", "keep"))
    consulted = Choice(("doctor", "nurse", "amhp", "occupational_therapist", "paramedic", "no"))
    answer = SafeText(shortest=1, longest=60)
    waking = Choice(("needed", "not_needed"))
    conditions = Choice(("exist", "ended"))
    decision = Choice(Decision)
    received = Choice(Received)
    assessed_sooner = StrictBool()
    distress_likely = StrictBool()
    # A length outside 1 to 12 hours did happen: it is recorded, and lengthens nothing.
    hours = StrictInt(least=0, most=999)
    ground = Choice(("condition", "no_amhp", "no_doctor", "no_bed", "other"))
    outcome = SafeText(shortest=1, longest=120)
    section = SafeText(shortest=1, longest=20)
    power = Choice(("section136", "section135", "pace", "all", *_POWERS))
    until = Moment()
    minutes = StrictInt(least=1, most=1440)
    passed = StrictBool()
    # The three tests of a police station; what nobody answered stays unanswered.
    risk = StrictBool()
    no_other_place = StrictBool()
    hcp_available = StrictBool()
    # How an arrest stands to our area and to earlier bail: it moves the relevant time.
    basis = Choice(("offence", BROKEN_BAIL, OTHER_FORCE, FORCE_CELL))
    exception = StrictBool()
    area = Choice(("ours", "other"))
    mode = Choice(("in_person", *REMOTE))
    phone_reason = SafeText(shortest=1, longest=300)
    # The code lists of the annual return, captured where it happens.
    transport = Choice(AT_SOURCE["transport"])
    ambulance_requested = Choice(AT_SOURCE["ambulance_requested"])
    vehicle_reason = Choice(AT_SOURCE["vehicle_reason"])
    station_reason = Choice(AT_SOURCE["station_reason"])


class ClocksIn(StrictSchema):
    """``clocks in`` as a whole."""

    at = Moment()
    nation = Choice(NATIONS, required=True)
    person = fields.Nested(PersonIn, required=True)
    offence = Choice(OFFENCES)
    indictable = StrictBool()
    events = fields.List(
        fields.Nested(EventIn), required=True, validate=validate.Length(max=MOST_EVENTS)
    )


def detention_of(
    document: Any,
    *,
    now: datetime,
    at: datetime | None = None,
    as_known_at: datetime | None = None,
) -> Detention:
    """What ``clocks in`` says, ready for the clocks.

    ``at`` wins over the document's own, and ``now`` stands in when neither is given. Raises
    InputError naming every field that cannot be used, with what would be right.
    """
    loaded = load(ClocksIn, document)
    events = _events(loaded["events"])
    moment = at or loaded.get("at") or now
    detention = Detention(
        at=moment,
        nation=loaded["nation"],
        person=_person(loaded["person"], events, moment),
        events=events,
        offence=loaded.get("offence"),
        indictable=loaded.get("indictable"),
        as_known_at=as_known_at,
    )
    refuse_the_impossible(detention)
    return detention


def event_of(document: Any, *, id: str) -> Event:
    """One event from outside, for the doors that record events one by one; raises InputError."""
    loaded = load(EventIn, document)
    if problems := _out_of_place(loaded, ""):
        raise InputError(problems)
    return _event({**loaded, "id": loaded.get("id", id)})


def _events(loaded: list[dict[str, Any]]) -> tuple[Event, ...]:
    problems = [
        problem
        for number, event in enumerate(loaded)
        for problem in _out_of_place(event, f"events[{number}].")
    ]
    if problems:
        raise InputError(problems)
    taken = {event["id"] for event in loaded if "id" in event}
    return tuple(_event(_named(event, number, taken)) for number, event in enumerate(loaded))


def _named(event: dict[str, Any], number: int, taken: set[str]) -> dict[str, Any]:
    """The event with an id; the ones that bring none are numbered as they stand."""
    if "id" in event:
        return event
    name = f"e{number + 1}"
    while name in taken:
        name += "_"
    taken.add(name)
    return {**event, "id": name}


def _out_of_place(event: Mapping[str, Any], where: str) -> list[Problem]:
    """What the event names that its kind does not have; a correction may name anything."""
    if event["kind"] == "corrected":
        return []
    own = KINDS[event["kind"]]
    return [
        Problem(f"{where}{name}", f"is not a field of {event['kind']}", (*_COMMON, *own))
        for name in event
        if name not in _COMMON and name not in own
    ]


def _event(loaded: Mapping[str, Any]) -> Event:
    extra = {name: value for name, value in loaded.items() if name not in _COMMON}
    if "power" in extra:
        extra["power"] = _POWERS.get(extra["power"], extra["power"])
    common = {name: loaded[name] for name in _COMMON if name in loaded}
    return Event(**common, extra=MappingProxyType(extra))


def _person(loaded: Mapping[str, Any], events: tuple[Event, ...], at: datetime) -> Person:
    """The person; an age may be the one at the beginning, when the birthday fell in between."""
    try:
        return person_of(loaded, at=at)
    except InputError:
        first = min((event.earliest for event in events), default=at)
        return person_of(loaded, at=min(first, at))
