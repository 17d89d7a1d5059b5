"""One detention as a chart: an event a line, time to the right, and where the period lapses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from triage.domain import london
from triage.domain.legal_owner import DECIDED
from triage.domain.timeline import Event
from triage.present import spans
from triage.present.charts import WIDTH, Chart, Scale, Tick, diamond
from triage.present.events import KIND_WORDS, PLACE_WORDS

if TYPE_CHECKING:
    from triage.casework import Case

_TOP = 30
_HEALTH = ("amhp", "doctor", "assessment", "bed", "mha", "health", "extension")
_LEGEND = "Circle: police. Square: health. Diamond: an arrival or a move."
_LINE = 24
_WHEN, _WHAT = 108, 300


@dataclass(frozen=True)
class Moment:
    """One event of a timeline, on a line of its own."""

    y: float
    x: float
    when: str
    what: str
    shape: str  # circle | square | diamond | triangle
    path: str


@dataclass(frozen=True)
class Story(Chart):
    """One detention as a timeline: an event a line, time to the right."""

    moments: tuple[Moment, ...] = ()
    ticks: tuple[Tick, ...] = ()
    left: float = 0
    right: float = 0
    base: float = 0
    lapse: float | None = None
    lapse_label: str = ""
    lapse_end: bool = False  # the label stands left of the line, because the edge is near
    legend: str = ""


def story(case: "Case", *, at: datetime) -> Story:
    """One detention, an event a line, each with the sign of whose act it was."""
    events = [event for event in case.story if event.kind not in ("visit", "rouse")]
    lapse = _lapse(case)
    ends = [event.latest for event in events] + [at if case.closed_at is None else case.closed_at]
    first = min((event.earliest for event in events), default=at)
    last = max([*ends, lapse or first, first + timedelta(hours=1)])
    left, right = _WHEN + _WHAT, WIDTH - 20
    x = Scale(left, right, first.timestamp(), last.timestamp())
    moments = []
    for i, event in enumerate(events):
        y = _TOP + 14 + i * _LINE
        place = x(event.earliest.timestamp())
        shape = _shape(event)
        drawn = _triangle if shape == "triangle" else diamond
        path = drawn(place, y - 4, 6)
        moments.append(Moment(y, place, _when(event, first), _what(event), shape, path))
    base = _TOP + 14 + max(len(events), 1) * _LINE
    lapse_at = x(lapse.timestamp()) if lapse else None
    label = f"lapses {london.short(lapse)}" if lapse else ""
    return Story(
        id="timeline",
        title=f"What happened: {case.reference}",
        description=f"{_story_words(events, first, lapse)} {_legend(events)}",
        height=base + 48,
        width=WIDTH,
        columns=("When", "What", "Who", "Typed"),
        rows=tuple(_story_row(event) for event in events),
        moments=tuple(moments),
        ticks=_hours(first, last, x),
        left=left,
        right=right,
        base=base,
        lapse=lapse_at,
        lapse_label=label,
        lapse_end=lapse_at is not None and lapse_at > right - 110,
        legend=_legend(events),
    )


def _lapse(case: "Case") -> datetime | None:
    clocks = case.clocks.clocks if case.clocks else ()
    return next((c.due_at for c in clocks if c.clock == "permitted_period"), None)


def _story_words(events: Sequence[Event], first: datetime, lapse: datetime | None) -> str:
    lapses = f" The permitted period lapses at {london.text(lapse)}." if lapse else ""
    return f"{spans.count(len(events), 'event', 'events')} from {london.text(first)}.{lapses}"


def _legend(events: Sequence[Event]) -> str:
    """What the signs mean; the legal owner's only where they decided something."""
    decided = any(event.kind == DECIDED for event in events)
    return f"{_LEGEND}{' Triangle: the legal owner.' if decided else ''}"


def _when(event: Event, first: datetime) -> str:
    wall = london.to_wall(event.earliest)
    about = "" if event.occurred_at.certain else "from "
    return f"{about}{wall:%a} {wall:%H:%M}"


def _what(event: Event) -> str:
    name = KIND_WORDS.get(event.kind, spans.capital(spans.plain(event.kind)))
    place = f", {PLACE_WORDS[event.place]}" if event.place in PLACE_WORDS else ""
    said = f"{name}{place}"
    return said if len(said) <= 46 else f"{said[:45]}…"


def _shape(event: Event) -> str:
    if event.kind in ("arrived", "arrived_site", "entered_building", "transferred",
                      "arrived_station", "left_place"):  # fmt: skip
        return "diamond"
    if event.kind == DECIDED:
        return "triangle"
    return "square" if event.kind.startswith(_HEALTH) else "circle"


def _triangle(x: float, y: float, size: float) -> str:
    """The path of a triangle around a point."""
    return f"M {x} {y - size} L {x + size} {y + size} L {x - size} {y + size} Z"


def _story_row(event: Event) -> tuple[str, ...]:
    who = ", ".join(part for part in (event.by, spans.plain(event.role or "")) if part)
    typed = london.text(event.recorded_at) if event.recorded_at else ""
    return (london.text(event.earliest), _what(event), who or "not recorded", typed)


def _hours(first: datetime, last: datetime, x: Scale) -> tuple[Tick, ...]:
    """Whole London hours along the bottom, at most seven."""
    hours = (last - first) / timedelta(hours=1)
    step = next((s for s in (1, 2, 3, 4, 6, 12, 24, 48, 96, 168) if hours / s <= 6), 336)
    at = first.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while london.to_wall(at).hour % min(step, 24):
        at += timedelta(hours=1)
    found = []
    while at <= last:
        found.append(Tick(x(at.timestamp()), f"{london.to_wall(at):%H:%M}"))
        at += timedelta(hours=step)
    return tuple(found)
