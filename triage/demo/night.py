"""The night as data: who works, who is held, what is done, and where a viewer stops to look.

All of it stands in ``night.toml``; here it becomes moments and values, and every slip in it is a
sentence. Everyone in it is invented.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from triage.domain import london
from triage.domain.errors import InputError

NOTHING: Mapping[str, Any] = MappingProxyType({})
_HELD = ("screen", "again", "officers")
_ACT = ("at", "fold", "by", "who", "do", "occurred_at", "occurred_fold")


@dataclass(frozen=True)
class Staff:
    """Somebody who works this night, in which role, for which suites, from when to when."""

    id: str
    name: str
    role: str
    suites: tuple[str, ...]
    on_duty: tuple[tuple[datetime, datetime], ...] = ()  # none: the whole night

    def works(self, at: datetime) -> bool:
        """Whether this person is on duty at a moment."""
        return not self.on_duty or any(begins <= at < ends for begins, ends in self.on_duty)


@dataclass(frozen=True)
class Held:
    """Somebody who is in custody, or held under Section 136, this night."""

    key: str
    opening: Mapping[str, Any]
    screen: Mapping[str, Any] | None = None
    again: Mapping[str, Any] | None = None  # what is different when the questions are asked again
    again_from: datetime | None = None  # and from when on; None: as soon as they are
    officers: int = 0  # how many police officers wait with the person in A&E


@dataclass(frozen=True)
class Act:
    """One thing that somebody does at one moment of the night."""

    number: int  # its place in the night; also the key under which it is recorded once
    at: datetime
    do: str
    by: str
    who: str | None = None
    occurred_at: datetime | None = None
    more: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True)
class Routine:
    """What staff do when the service reminds them: the source of the reminder and the answer."""

    on: str
    step: str
    do: str
    by: tuple[str, ...]
    after: timedelta
    levels: tuple[str, ...] = ()  # none: every level
    more: Mapping[str, Any] = field(default_factory=lambda: NOTHING, hash=False)


@dataclass(frozen=True)
class Told:
    """From when to when alerts about somebody are the story's business, and no routine's."""

    who: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Scene:
    """A moment at which the night stops, and what to look at."""

    number: int  # its place among the scenes
    beat: int
    title: str
    at: datetime
    look: str
    who: str  # the account that sees it best
    page: str  # and on which page, with whose stay
    show: tuple[str, ...]  # what the terminal shows: a view, or view:person
    continued: bool  # a beat goes on in this scene


@dataclass(frozen=True)
class Night:
    """The whole night."""

    begins: datetime
    staff: Mapping[str, Staff]
    people: Mapping[str, Held]
    acts: tuple[Act, ...]  # in the order of their moments
    routines: tuple[Routine, ...]
    told: tuple[Told, ...]
    scenes: tuple[Scene, ...] = field(default=())

    def stand(self, beat: int) -> Scene:
        """Where one stands right after a beat: its last scene before the next beat begins."""
        firsts = {scene.beat: scene for scene in self.scenes if not scene.continued}
        if beat not in firsts:
            raise InputError.at("--beat", "Is not a beat of this night.", map(str, sorted(firsts)))
        following = firsts.get(beat + 1)
        own = [
            scene
            for scene in self.scenes
            if scene.beat == beat and (following is None or scene.at < following.at)
        ]
        return own[-1]

    def scene_at(self, at: datetime) -> Scene | None:
        """The last scene that has begun; None before the first."""
        begun = [scene for scene in self.scenes if scene.at <= at]
        return begun[-1] if begun else None

    def next_scene(self, at: datetime) -> Scene | None:
        """The next scene to come; None after the last."""
        return next((scene for scene in self.scenes if scene.at > at), None)


def shipped() -> Night:
    """The night that ships with the package."""
    return read(files("triage.demo").joinpath("night.toml").read_text(encoding="utf-8"))


def read(text: str) -> Night:
    """The night in a TOML text; raises InputError for a time that cannot be."""
    table = tomllib.loads(text)
    people = {each["key"]: _held(each) for each in table["person"]}
    acts = sorted(
        (*_openings(table["person"]), *map(_act, table["act"])),
        key=lambda act: act.at,
    )
    return Night(
        begins=_moment(table, "begins"),
        staff=MappingProxyType({each["id"]: _staff(each) for each in table["staff"]}),
        people=MappingProxyType(people),
        acts=tuple(_numbered(acts)),
        routines=tuple(_routine(each) for each in table.get("routine", ())),
        told=tuple(_told(each) for each in table.get("told", ())),
        scenes=tuple(_scenes(table["beat"])),
    )


def _staff(table: Mapping[str, Any]) -> Staff:
    spans = [_span(each) for each in table.get("on_duty", ())]
    return Staff(table["id"], table["name"], table["role"], tuple(table["suites"]), tuple(spans))


def _span(pair: list[str]) -> tuple[datetime, datetime]:
    begins, ends = (moment(each) for each in pair)
    return begins, ends


def _held(table: Mapping[str, Any]) -> Held:
    opening = {name: value for name, value in table.items() if name not in _HELD}
    return Held(
        table["key"],
        MappingProxyType(opening),
        table.get("screen"),
        {name: v for name, v in table.get("again", {}).items() if name != "from"},
        moment(table["again"]["from"]) if "from" in table.get("again", {}) else None,
        table.get("officers", 0),
    )


def _openings(people: list[dict[str, Any]]) -> Iterator[Act]:
    """Everybody is booked in, and screened a little later."""
    for person in people:
        who, by = person["key"], person["by"]
        yield Act(0, _moment(person, "opened_at"), "open", by, who)
        if "screened_at" in person:
            yield Act(0, _moment(person, "screened_at"), "screen", by, who)


def _act(table: Mapping[str, Any]) -> Act:
    more = {name: value for name, value in table.items() if name not in _ACT}
    occurred = table.get("occurred_at")
    return Act(
        0,
        _moment(table, "at"),
        table["do"],
        table["by"],
        table.get("who"),
        None if occurred is None else moment(occurred, table.get("occurred_fold")),
        MappingProxyType(more),
    )


def _numbered(acts: list[Act]) -> Iterator[Act]:
    for number, act in enumerate(acts, 1):
        yield Act(number, act.at, act.do, act.by, act.who, act.occurred_at, act.more)


_ROUTINE = ("on", "step", "do", "by", "after_minutes", "levels")


def _routine(table: Mapping[str, Any]) -> Routine:
    return Routine(
        table["on"],
        table["step"],
        table["do"],
        tuple(table["by"]),
        timedelta(minutes=table["after_minutes"]),
        tuple(table.get("levels", ())),
        MappingProxyType({name: v for name, v in table.items() if name not in _ROUTINE}),
    )


def _told(table: Mapping[str, Any]) -> Told:
    fold = table.get("fold")
    return Told(table["who"], moment(table["since"], fold), moment(table["until"], fold))


def _scenes(beats: list[dict[str, Any]]) -> Iterator[Scene]:
    told = sorted(
        (_moment(scene, "at"), beat["number"], number, beat["title"], scene)
        for beat in beats
        for number, scene in enumerate(beat["scene"])
    )
    for place, (at, beat, number, title, scene) in enumerate(told, 1):
        yield Scene(
            place,
            beat,
            title,
            at,
            look=scene["look"],
            who=scene["who"],
            page=scene["page"],
            show=tuple(scene["show"]),
            continued=number > 0,
        )


def _moment(table: Mapping[str, Any], name: str) -> datetime:
    return moment(table[name], table.get("fold"))


def moment(text: str, fold: str | None = None) -> datetime:
    """A London wall time of the night; in the repeated hour it names which one it means."""
    try:
        return london.from_wall(datetime.fromisoformat(text), fold).astimezone(UTC)
    except ValueError as error:
        raise InputError.at("night", str(error)) from error
