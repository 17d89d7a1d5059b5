"""The chart of one detention: each event has the sign of whose act it was."""

from datetime import UTC, datetime, timedelta
from types import MappingProxyType, SimpleNamespace

import pytest

from triage.domain.timeline import Event, Moment
from triage.present.story import story

AT = datetime(2026, 10, 24, 3, 0, tzinfo=UTC)


def event(kind: str, hours_ago: float, **said: str) -> Event:
    at = Moment.at(AT - timedelta(hours=hours_ago))
    role, by = said.pop("role", None), said.pop("by", None)
    return Event(id=kind, kind=kind, occurred_at=at, role=role, by=by, extra=MappingProxyType(said))


def drawn(*events: Event):
    case = SimpleNamespace(story=events, clocks=None, closed_at=None, reference="TRAINING/1")
    return story(case, at=AT)


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("s136_decided", "circle"),
        ("arrived", "diamond"),
        ("amhp_told", "square"),
        ("legal_owner_decided", "triangle"),
    ],
)
def test_each_event_is_drawn_as_the_act_of_whoever_did_it(kind, shape):
    chart = drawn(event(kind, 2))

    assert [one.shape for one in chart.moments] == [shape]


def test_the_legal_owner_is_neither_police_nor_health_and_the_legend_says_so():
    chart = drawn(
        event("arrived", 3),
        event("legal_owner_decided", 1, role="legal_owner", by="R. Adeyemi", decision="stay"),
    )

    assert chart.legend.endswith("Diamond: an arrival or a move. Triangle: the legal owner.")
    assert chart.description.endswith(chart.legend)
    assert chart.rows[1][2] == "R. Adeyemi, legal owner"


def test_where_no_legal_owner_decided_the_legend_does_not_speak_of_one():
    assert "legal owner" not in drawn(event("arrived", 3)).legend
