"""Charts as values: every place is worked out here, so that a template only writes it down.

A chart is one SVG with a title, a description and text labels, drawn with presentation attributes
alone, because the pages allow no styles of their own. Shapes carry what colour carries. The same
values are a table, which is the chart for whoever does not see it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from triage.domain import legs, statistics
from triage.domain.legs import Measured
from triage.domain.small_numbers import Shown
from triage.domain.waits import WaitKind
from triage.present import review_words as words
from triage.present import spans
from triage.present.figure_cells import counts_of
from triage.present.figures_waits import finished_is_shown

HOUR = 3600
EDGES = (0, 2, 4, 6, 8, 10, 12, 16, 20, 24)  # hours; the last bin lies beyond 24 hours
WIDTH = 720
_LEFT, _RIGHT, _TOP = 56, 16, 30
_PLOT, _LABELS = 190, 54
_INSET, _WORDS, _LINE = 16, 34, 14  # of a run chart: beside the points, half a label, a line


@dataclass(frozen=True)
class Bar:
    """One bar with its label and its count."""

    x: float
    y: float
    width: float
    height: float
    label: str
    text: str
    middle: float
    hatched: bool = False


@dataclass(frozen=True)
class Tick:
    """One mark of an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Scale:
    """Where a value lies between two places of a drawing."""

    first: float  # the place of ``low``
    last: float  # the place of ``high``
    low: float
    high: float

    def __call__(self, value: float) -> float:
        part = (value - self.low) / ((self.high - self.low) or 1)
        return round(self.first + (self.last - self.first) * part, 1)


@dataclass(frozen=True)
class Chart:
    """What every chart has: its words, its size, and its values as a table."""

    id: str
    title: str
    description: str
    height: float
    width: float
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Histogram(Chart):
    """How many waits lasted how long."""

    bars: tuple[Bar, ...] = ()
    empty: str = ""  # why nothing is drawn
    ticks: tuple[Tick, ...] = ()
    left: float = 0
    right: float = 0
    base: float = 0
    axis: str = ""


@dataclass(frozen=True)
class Point:
    """One point of a run; a signal is a diamond, the rest are circles."""

    x: float
    y: float
    text: str
    signal: bool
    path: str  # of the diamond
    anchor: str  # where its words stand, so that they leave neither the plot nor each other


@dataclass(frozen=True)
class Level:
    """A line across: the mean or a natural limit."""

    y: float
    label: str
    dashed: bool
    label_y: float  # two labels never stand on each other


@dataclass(frozen=True)
class Run(Chart):
    """An XmR chart."""

    points: tuple[Point, ...] = ()
    empty: str = ""  # why nothing is drawn
    lines: tuple[str, ...] = ()  # stretches without a gap
    levels: tuple[Level, ...] = ()
    ticks: tuple[Tick, ...] = ()
    marks: tuple[Tick, ...] = ()
    left: float = 0
    right: float = 0
    base: float = 0


# Histogram ------------------------------------------------------------------------------------


def histogram(
    measured: Sequence[Measured], kind: WaitKind, leg: str, *, leaving: bool = False
) -> Histogram:
    """How long waits of one kind lasted, in bins of hours; what is beyond 24 hours is hatched."""
    parts = bars_of(measured, kind, leg, leaving=leaving)
    known = [part.count for part in parts if part.count is not None]
    total = f"{spans.count(sum(known), 'wait is', 'waits are')} finished."
    return histogram_of(parts, kind, leg, words.LEFT_OUT if leaving else total)


def bars_of(
    measured: Sequence[Measured], kind: WaitKind, leg: str, *, leaving: bool
) -> tuple[Shown, ...]:
    """How many waits lie in each bin, as it may be shown."""
    lengths = legs.seconds_of((one for one in measured if one.kind is kind), leg)
    counts = statistics.bins([length / HOUR for length in lengths], EDGES)
    total = not leaving or finished_is_shown(measured, kind, leg)
    return counts_of(counts, leaving=leaving, total_shown=total)


def histogram_of(parts: Sequence[Shown], kind: WaitKind, leg: str, total: str) -> Histogram:
    """The bars of a histogram, drawn; a bar that is not shown has no height."""
    labels = [*(f"{a}–{b}" for a, b in pairwise(EDGES)), "24+"]
    texts = [_bar_text(part) for part in parts]
    heights = [part.count or 0 for part in parts]
    most = max([*heights, 1])
    right, base = WIDTH - _RIGHT, _TOP + _PLOT
    step = (right - _LEFT) / len(parts)
    bars = tuple(
        Bar(
            x=round(_LEFT + i * step + 3, 1),
            y=round(base - _PLOT * 0.9 * height / most, 1),
            width=round(step - 6, 1),
            height=round(_PLOT * 0.9 * height / most, 1),
            label=labels[i],
            text=texts[i],
            middle=round(_LEFT + (i + 0.5) * step, 1),
            hatched=i == len(parts) - 1,
        )
        for i, height in enumerate(heights)
    )
    title = f"{words.WAITS[kind]}: {spans.small(words.LEGS[leg])}"
    description = (
        f"Number of waits by length in hours. {total} "
        "The last bar, hatched, is beyond 24 hours. The values stand in the table."
    )
    rows = tuple((f"{label} hours", text) for label, text in zip(labels, texts, strict=True))
    return Histogram(
        id=f"histogram-{kind}-{leg}", title=title, description=description,
        height=base + _LABELS - 10, width=WIDTH, columns=("Length", "Waits"), rows=rows,
        bars=bars, empty="" if any(heights) else words.NOTHING_DRAWN, left=_LEFT, right=right,
        base=base, axis="Hours from the start",
    )  # fmt: skip


def _bar_text(part: Shown) -> str:
    return str(part.count) if part.count is not None else "<5" if part.few else "…"


# XmR ------------------------------------------------------------------------------------------


def run_chart(
    measured: Iterable[Measured],
    kind: WaitKind,
    leg: str,
    *,
    first: date,
    weeks: int,
) -> Run:
    """The exact median of each week with natural limits; a week without any is a gap."""
    return run_of(_weekly(measured, kind, leg, first, weeks), kind, leg)


def run_of(medians: Sequence[tuple[date, float | None]], kind: WaitKind, leg: str) -> Run:
    """A run of weekly medians in hours, drawn; a week that has none is a gap."""
    weeks = len(medians)
    known = [value for _, value in medians if value is not None]
    chart = statistics.xmr(known)
    top = max([*known, chart.upper if chart else 0, 1.0]) * 1.08
    right, base = WIDTH - 150, _TOP + _PLOT
    begin, end = _LEFT + _INSET, right - _INSET  # a point never touches the words beside the plot
    step = (end - begin) / max(weeks - 1, 1)
    y = Scale(base, _TOP, 0, top)
    points: list[Point] = []
    stretches: list[list[str]] = [[]]
    for i, (_, value) in enumerate(medians):
        if value is None:
            stretches.append([])
            continue
        x = round(begin + i * step, 1)
        signal = chart is not None and len(points) in chart.signals
        anchor = "end" if x > end - _WORDS else "start" if x < begin + _WORDS else "middle"
        points.append(Point(x, y(value), f"{value:.1f}", signal, diamond(x, y(value), 7), anchor))
        stretches[-1].append(f"{x},{y(value)}")
    levels = _levels(chart, y)
    every = -(-weeks // 7)
    ticks = tuple(
        Tick(round(begin + i * step, 1), f"{monday.day} {monday:%b}")
        for i, (monday, _) in enumerate(medians)
        if i % every == 0
    )
    signals = sum(point.signal for point in points)
    title = f"{words.WAITS[kind]}: {spans.small(words.LEGS[leg])}, median of each week"
    limits = (
        f"Mean {chart.mean:.1f} hours, natural limits {chart.lower:.1f} to {chart.upper:.1f}."
        if chart
        else "Too few weeks for limits."
    )
    description = f"{limits} {spans.count(signals, 'signal', 'signals')}. {words.XMR_NOTE}"
    return Run(
        id=f"run-{kind}-{leg}", title=title, description=description,
        height=base + _LABELS - 10, width=WIDTH, columns=("Week from", "Median in hours", "Mark"),
        rows=_run_rows(medians, points), points=tuple(points),
        empty="" if points else words.NOTHING_DRAWN,
        lines=tuple(" ".join(each) for each in stretches if len(each) > 1), levels=levels,
        ticks=ticks, marks=_marks(y), left=_LEFT, right=right, base=base,
    )  # fmt: skip


def _weekly(
    measured: Iterable[Measured], kind: WaitKind, leg: str, first: date, weeks: int
) -> list[tuple[date, float | None]]:
    monday = first - timedelta(days=first.weekday())
    by_week: dict[date, list[int]] = {monday + timedelta(weeks=i): [] for i in range(weeks)}
    for one in measured:
        seconds = one.legs[leg].seconds if one.kind is kind and leg in one.legs else None
        if seconds is not None and one.week in by_week:
            by_week[one.week].append(seconds)
    return [
        (week, statistics.median(found) / HOUR if found else None)
        for week, found in by_week.items()
    ]


def _levels(chart: statistics.Xmr | None, y: Scale) -> tuple[Level, ...]:
    if chart is None:
        return ()
    wanted = [(chart.upper, "upper limit", True), (chart.mean, "mean", False)]
    wanted += [(chart.lower, "lower limit", True)] if chart.lower > 0 else []
    found: list[Level] = []
    for value, name, dashed in wanted:  # from above; each label at least a line below the last
        label_y = max(y(value), found[-1].label_y + _LINE if found else 0)
        found.append(Level(y(value), f"{name} {value:.1f} h", dashed, label_y))
    return tuple(found)


def _run_rows(
    medians: Sequence[tuple[date, float | None]], points: Sequence[Point]
) -> tuple[tuple[str, ...], ...]:
    rows, ahead = [], iter(points)
    for monday, value in medians:
        if value is None:
            rows.append((monday.isoformat(), "not shown", ""))
            continue
        point = next(ahead)
        rows.append((monday.isoformat(), point.text, "signal" if point.signal else ""))
    return tuple(rows)


def _marks(y: Scale) -> tuple[Tick, ...]:
    """Whole hours for the axis, at most seven of them."""
    step = next((s for s in (1, 2, 4, 6, 8, 12, 24, 48) if y.high / s <= 6), 96)
    return tuple(Tick(y(value), f"{value}") for value in range(0, int(y.high) + 1, step))


def diamond(x: float, y: float, size: float) -> str:
    """The path of a diamond around a point."""
    return f"M {x} {y - size} L {x + size} {y} L {x} {y + size} L {x - size} {y} Z"
