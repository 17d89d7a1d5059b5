"""The run chart on its own ground: no point and no word stands on another."""

import itertools
from datetime import date, timedelta

import pytest

from triage.domain.waits import WaitKind
from triage.present import charts
from triage.present.charts import Run

MONDAY = date(2026, 6, 29)
STEADY = [8.0, 8.2, 7.9, 8.1, 8.0, 8.3, 7.9, 8.0, 8.1, 8.2, 7.9, 8.1, 8.0]
LINE = 12  # the height of a line of its text


def drawn(values: list[float | None]) -> Run:
    medians = [(MONDAY + timedelta(weeks=n), value) for n, value in enumerate(values)]
    return charts.run_of(medians, WaitKind.DETENTION, "assessment_begins")


@pytest.mark.parametrize(
    "values", [STEADY, [*STEADY[:-1], 20.0], [20.0, *STEADY[1:]], [8.0, 8.0], [None, 3.0, 4.0]]
)
def test_no_point_reaches_the_words_beside_the_plot(values):
    chart = drawn(values)

    assert all(chart.left + 8 < point.x < chart.right - 8 for point in chart.points)
    for point in chart.points:
        words = 34 if point.signal else 12
        ends = {"start": (0, 2 * words), "middle": (-words, words), "end": (-2 * words, 0)}
        first, last = ends[point.anchor]
        assert point.x + first > chart.left - 8 and point.x + last < chart.right + 8


@pytest.mark.parametrize("values", [STEADY, [8.0, 8.0, 8.0], [0.2, 0.3, 0.2], [30.0, 8.0, 8.1]])
def test_no_label_of_a_line_stands_on_another(values):
    labels = sorted(level.label_y for level in drawn(values).levels)

    assert len(labels) >= 2
    assert all(after - before >= LINE for before, after in itertools.pairwise(labels))


def test_the_lines_themselves_can_lie_closer_than_their_labels():
    """The twin: labels at the height of their lines would stand on each other."""
    lines = sorted(level.y for level in drawn([8.0, 8.0, 8.0]).levels)

    assert min(after - before for before, after in itertools.pairwise(lines)) < LINE
