"""Two hundred invented detentions (training data), drawn from plain rules by a seed.

Each is a flat story: minutes after the decision at which each thing happened, or None. The story is
what the slow reference counts; the events made from it are what the service is given.
"""

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from triage.domain.timeline import Event, Moment

FIRST = datetime(2026, 6, 29, tzinfo=UTC)  # a Monday; thirteen weeks end on 28 September
WEEKS = 13
SUITES = ("castle_street", "north_quay", "harbour_view")
SEED = 136
_VEHICLE = ("no_ambulance_in_30_minutes", "not_requested", "risk_favoured_police")
_ETHNICITY = ("white", "black", "asian", "mixed", "not_stated")


@dataclass(frozen=True)
class Story:
    """One detention in minutes after the decision; what was never recorded is None."""

    number: int
    suite: str
    decided: datetime
    place: str
    removal: int | None
    arrived: int
    amhp_told: int | None
    amhp_arrived: int | None
    doctor_told: int | None
    doctor_arrived: int | None
    began: int | None
    finished: int | None
    bed_asked: int | None
    bed_found: int | None
    refused: int | None  # a place of safety said no
    offered: int | None
    accepted: int | None
    ended: int | None  # None: still held when the review is made
    extended: int | None  # hours of an extension that stands
    extended_at: int
    sex: str
    born: date | None
    answers: tuple[tuple[str, str], ...]

    @property
    def record(self) -> str:
        return f"TRAINING/INC/{self.number:04}"


def stories(count: int = 200, seed: int = SEED) -> tuple[Story, ...]:
    """The stories, the same for a seed."""
    dice = random.Random(seed)
    return tuple(_story(dice, number) for number in range(1, count + 1))


def _story(dice: random.Random, number: int) -> Story:
    decided = FIRST + timedelta(minutes=dice.randrange(WEEKS * 7 * 24 * 60 - 3000))
    place = dice.choices(
        ("a_and_e", "health_based_place_of_safety", "police_station", "home"), (50, 44, 4, 2)
    )[0]
    arrived = dice.randrange(10, 75)
    told = arrived + dice.randrange(-5, 240) if dice.random() < 0.95 else None
    came = None if told is None else told + dice.randrange(30, 500)
    doctor = None if told is None else told + dice.randrange(5, 60)
    doctor_came = None if doctor is None else doctor + dice.randrange(30, 400)
    began = None if came is None else max(came, doctor_came or 0) + dice.randrange(1, 30)
    began = began if dice.random() < 0.93 else None
    finished = None if began is None else began + dice.randrange(20, 120)
    bed = finished is not None and dice.random() < 0.4
    bed_asked = finished + dice.randrange(0, 30) if bed else None
    bed_found = bed_asked + dice.randrange(30, 900) if bed and dice.random() < 0.9 else None
    last = max(each for each in (arrived, began, finished, bed_asked, bed_found) if each)
    late = dice.random() < 0.06
    ended = arrived + 1440 + dice.randrange(1, 400) if late else last + dice.randrange(5, 120)
    ended = max(ended, last + 1)
    offered = arrived + dice.randrange(0, 20) if place != "police_station" else None
    offered = offered if dice.random() < 0.9 else None
    accepted = None if offered is None else offered + dice.randrange(1, 150)
    extended = dice.randrange(1, 13) if ended > arrived + 1440 and dice.random() < 0.3 else None
    story = Story(
        number, dice.choices(SUITES, (60, 36, 4))[0], decided, place,
        arrived - 8, arrived, told, came, doctor, doctor_came, began, finished, bed_asked,
        bed_found, arrived - 6 if dice.random() < 0.15 else None, offered, accepted,
        ended if dice.random() < 0.99 else None, extended, arrived + 1300,
        dice.choice(("male", "female", "unknown")),
        date(dice.randrange(1950, 2013), dice.randrange(1, 13), dice.randrange(1, 29))
        if dice.random() < 0.97 else None,
        _answers(dice),
    )  # fmt: skip
    return _without_what_came_after(story)


def _without_what_came_after(story: Story) -> Story:
    """What would have happened after the end did not happen."""
    if story.ended is None:
        return story
    gone = {
        name: None
        for name in ("amhp_told", "amhp_arrived", "doctor_told", "doctor_arrived", "began",
                     "finished", "bed_asked", "bed_found", "offered", "accepted")
        if (value := getattr(story, name)) is not None and value > story.ended
    }  # fmt: skip
    return replace(story, **gone)


def _answers(dice: random.Random) -> tuple[tuple[str, str], ...]:
    given = []
    if dice.random() < 0.95:
        transport = dice.choice(("ambulance", "police_vehicle", "police_vehicle", "none"))
        given.append(("transport", transport))
        if transport == "police_vehicle" and dice.random() < 0.9:
            given.append(("ambulance_requested", dice.choice(("yes", "no"))))
            given.append(("vehicle_reason", dice.choice(_VEHICLE)))
    if dice.random() < 0.9:
        given.append(("ethnicity_self", dice.choices(_ETHNICITY, (70, 10, 10, 5, 5))[0]))
    if dice.random() < 0.8:
        given.append(("officers", str(dice.choice((1, 2, 2, 2, 3, 4)))))
    return tuple(given)


def events(story: Story) -> tuple[Event, ...]:
    """The events of a story, as they would be typed."""
    made = [_event(story, "s136_decided", 0, limb="remove", consulted="paramedic")]
    kinds = {
        "removal_started": story.removal, "amhp_told": story.amhp_told,
        "amhp_arrived": story.amhp_arrived, "doctor_told": story.doctor_told,
        "doctor_arrived": story.doctor_arrived, "assessment_began": story.began,
        "assessment_finished": story.finished, "bed_requested": story.bed_asked,
        "bed_found": story.bed_found, "handover_offered": story.offered,
        "handover_accepted": story.accepted,
    }  # fmt: skip
    made += [_event(story, kind, at) for kind, at in kinds.items() if at is not None]
    made.append(_event(story, "arrived", story.arrived, place=story.place))
    if story.refused is not None:
        made.append(_event(story, "place_asked", story.refused, answer="full"))
    if story.extended is not None:
        made.append(_event(story, "extension_authorised", story.extended_at, role="doctor",
                           place="a_and_e", hours=story.extended, ground="condition"))  # fmt: skip
    if story.ended is not None:
        made.append(_event(story, "ended", story.ended))
    return tuple(sorted(made, key=lambda event: event.earliest))


def _event(
    story: Story, kind: str, minute: int, place: str | None = None, role: str | None = None,
    **extra: object,
) -> Event:  # fmt: skip
    at = Moment.at(story.decided + timedelta(minutes=minute))
    made = Event(id="", kind=kind, occurred_at=at, place=place, role=role)
    return replace(made, extra=MappingProxyType(extra))  # type: ignore[arg-type]
