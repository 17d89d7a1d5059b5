"""The yearly return on detentions under sections 135 and 136: one row a detention, and its gaps.

What the events show is derived; the rest was asked where it happened. A field that nobody filled is
missing: never a code, and never "no".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from triage.domain import london, section136, timeline, whereabouts
from triage.domain.answers import Person
from triage.domain.birthdays import adult_since, age_is_unknown
from triage.domain.section136 import Episode
from triage.domain.timeline import Detention, Event, Timeline
from triage.domain.whereabouts import STATION

_PLACES = ("police_station", "a_and_e", "health_based_place_of_safety", "home", "other")
# What an event may say for the return, with the codes of ``rules/practice/annual_return.toml``.
AT_SOURCE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "transport": ("ambulance", "police_vehicle", "other_health_vehicle", "other", "none"),
        "ambulance_requested": ("yes", "no"),
        "vehicle_reason": (
            "no_ambulance_in_30_minutes",
            "crew_refused",
            "ambulance_retasked",
            "risk_favoured_police",
            "not_requested",
            "other",
        ),
        "station_reason": ("conditions_met", "arrested", "other"),
    }
)
_ARREST = ("arrested", "arrived_station", "detention_authorised")
NOT_ASKED = "not_asked"  # a field that has no place in this detention: nothing is missing


@dataclass(frozen=True)
class ReturnField:
    """One field of the return, with its codes, as the rules have it."""

    id: str
    words: str
    codes: tuple[tuple[str, str], ...]
    derived: bool
    only_if: str | None
    confidence: str
    hours: bool = False  # a length in hours; its codes are bands, such as 4_to_12


@dataclass(frozen=True)
class Row:
    """One detention of the return: field -> code, None where it is missing, or NOT_ASKED."""

    record: str
    stay: str
    suite: str
    decided_at: datetime
    values: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that nobody filled."""
        return tuple(name for name, value in self.values.items() if value is None)


@dataclass(frozen=True)
class Counted:
    """How often each code of a field stands in a return, with the records behind each."""

    field: ReturnField
    codes: tuple[tuple[str, tuple[str, ...]], ...]  # code -> records
    missing: tuple[str, ...]
    asked: int

    @property
    def missing_percent(self) -> float:
        """The share that is missing of those that were to be asked."""
        return 100 * len(self.missing) / self.asked if self.asked else 0.0


def fields_of(practice: Mapping[str, Any]) -> tuple[ReturnField, ...]:
    """The fields as ``rules/practice/annual_return.toml`` has them."""
    return tuple(
        ReturnField(
            id=each["id"],
            words=each["words"],
            codes=tuple((code["id"], code["words"]) for code in each.get("codes", ())),
            derived=bool(each.get("derived", False)),
            only_if=each.get("only_if"),
            confidence=each["confidence"],
            hours=each.get("unit") == "hours",
        )
        for each in practice.get("field", ())
    )


def year_of(at: datetime, begins: str) -> tuple[date, date]:
    """The first day of the year that a moment is in, and of the next; ``begins`` is MM-DD."""
    month, _, day = begins.partition("-")
    today = london.day_of(at)
    first = date(today.year, int(month), int(day))
    first = first if first <= today else first.replace(year=first.year - 1)
    return first, first.replace(year=first.year + 1)


def rows(
    fields: Sequence[ReturnField],
    detention: Detention,
    given: Mapping[str, str],
    *,
    record: str,
    stay: str,
    suite: str,
    back_to_back: timedelta,
) -> tuple[Row, ...]:
    """One row for each use of section 136 or 135; ``given`` is what was asked and answered."""
    line = timeline.as_known(detention)
    found = whereabouts.stays(line)
    return tuple(
        Row(
            record,
            stay,
            suite,
            episode.opened.earliest,
            _values(
                fields,
                {
                    **_at_source(line, episode),
                    **given,  # what was answered for the return afterwards is the last word
                    **_derived(line, found, episode, detention.person),
                },
            ),
        )
        for episode in section136.episodes(line, back_to_back)
    )


def _values(
    fields: Sequence[ReturnField], known: Mapping[str, str | None]
) -> Mapping[str, str | None]:
    values: dict[str, str | None] = {}
    for each in fields:
        applies = each.only_if is None or _applies(each.only_if, known)
        values[each.id] = known.get(each.id) if applies is not False else NOT_ASKED
        if applies is None:
            values[each.id] = known.get(each.id) or NOT_ASKED  # the field that it hangs on counts
    return MappingProxyType(values)


def _applies(only_if: str, known: Mapping[str, str | None]) -> bool | None:
    """Whether a field is to be asked; None while nobody can tell."""
    if only_if == STATION:
        return known.get("station_hours") is not None
    transport = known.get("transport")
    return None if transport is None else transport == only_if


def _at_source(line: Timeline, episode: Episode) -> dict[str, str | None]:
    """What the events of one use say by themselves: the first that says it."""
    said: dict[str, str | None] = {}
    if episode.opened.extra.get("limb") == "keep":
        said["transport"] = "none"  # already at a place of safety
    for event in reversed(episode.within(line, *timeline.KINDS)):
        said.update({name: str(event.extra[name]) for name in AT_SOURCE if name in event.extra})
    return said


def _derived(
    line: Timeline, found: Sequence[whereabouts.Stay], episode: Episode, person: Person
) -> dict[str, str | None]:
    values: dict[str, str | None] = {
        "first_place": _first_place(line, found, episode),
        "arrested_too": "yes" if _arrested(line, episode) else "no",
        "age_group": _age_group(person, episode.opened.earliest),
        "station_hours": _station_hours(line, found, episode),
    }
    if person.sex not in ("unknown", ""):
        values["sex"] = person.sex
    return values


def _first_place(line: Timeline, found: Sequence[whereabouts.Stay], episode: Episode) -> str | None:
    opened = episode.opened.earliest
    if episode.opened.extra.get("limb") == "keep":
        return _known(whereabouts.place_at(found, opened) or episode.opened.place)
    ended = episode.ended.latest if episode.ended else line.at
    later = [stay for stay in found if opened <= stay.since <= ended]
    return _known(later[0].place) if later else None


def _known(place: str | None) -> str | None:
    return place if place in _PLACES else None


def _arrested(line: Timeline, episode: Episode) -> bool:
    """Whether an arrest is on record at or during the detention; the record is what we have."""
    return any(_before_its_end(event, episode) for event in line.of(*_ARREST))


def _before_its_end(event: Event, episode: Episode) -> bool:
    return episode.ended is None or event.earliest < episode.ended.latest


def _age_group(person: Person, at: datetime) -> str | None:
    if age_is_unknown(person):
        return None
    adult = adult_since(person)
    return "18_and_over" if adult is not None and adult <= at else "under_18"


def _station_hours(
    line: Timeline, found: Sequence[whereabouts.Stay], episode: Episode
) -> str | None:
    """Hours at a police station while detained, to a tenth; None when never there."""
    ended = episode.ended.latest if episode.ended else line.at
    spent = timedelta()
    for stay in found:
        since, until = max(stay.since, episode.opened.earliest), min(stay.until or ended, ended)
        if stay.place == STATION and until > since:
            spent += until - since
    return f"{spent / timedelta(hours=1):.1f}" if spent else None


def counted(fields: Iterable[ReturnField], found: Sequence[Row]) -> tuple[Counted, ...]:
    """How often each code stands, and what is missing, field by field."""
    return tuple(_count(each, found) for each in fields)


def _count(one: ReturnField, found: Sequence[Row]) -> Counted:
    asked = [row for row in found if row.values[one.id] != NOT_ASKED]
    return Counted(
        field=one,
        codes=tuple(
            (code, tuple(row.record for row in asked if _is_code(one, row.values[one.id], code)))
            for code, _ in one.codes
        ),
        missing=tuple(row.record for row in asked if row.values[one.id] is None),
        asked=len(asked),
    )


def _is_code(one: ReturnField, value: str | None, code: str) -> bool:
    """Whether a value is counted under a code; hours are counted in the band that they fall in."""
    if value is None or not one.hours:
        return value == code
    low, _, high = code.partition("_to_")
    return float(low) <= float(value) < float(high or "inf")
