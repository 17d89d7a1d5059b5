"""Clocks that only counted on say what they would say if they were worked out anew."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.depth import depth
from tests.law_on_disk import LADDER, LAW
from tests.told import ADULT, event, numbered, wall
from triage.domain import unmoved
from triage.domain.answers import Person
from triage.domain.detention import clocks
from triage.domain.errors import InputError
from triage.domain.timeline import KINDS, Detention, Event, Moment
from triage.domain.unmoved import Said, clocks_since

START = wall("2026-10-24 22:00")  # over the night on which the clocks go back
TURNS_18 = Person(date_of_birth=date(2008, 10, 25))
PLAIN = ("visit", "visit", "rouse", "rousing_ordered", "pace_review_done", "charged")
ODD = tuple(kind for kind in KINDS if kind != "corrected")
ROLES = (None, "custody_sergeant", "custody_hcp", "doctor")
SAID = {
    "limb": "keep", "consulted": "nurse", "waking": "needed", "conditions": "exist",
    "hours": 12, "minutes": 15, "passed": False, "power": "pace", "exception": False,
}  # fmt: skip


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


@st.composite
def something(draw, kinds: tuple[str, ...]) -> Event:
    """Something that happened or will, known to the minute or roughly, typed then or later."""
    kind, minute = draw(st.sampled_from(kinds)), draw(st.integers(0, 1700))
    extra = {name: SAID[name] for name in KINDS[kind] if name in SAID and draw(st.booleans())}
    if kind == "arrested" and draw(st.booleans()):
        extra["basis"] = "section_46a"
    place = draw(st.sampled_from(["police_station", "a_and_e", None]))
    made = event(kind, at(minute), place=place, role=draw(st.sampled_from(ROLES)),
                 typed=at(minute + draw(st.sampled_from([0, 0, 40]))), **extra)  # fmt: skip
    roughly = draw(st.sampled_from([0, 0, 0, 30]))
    return replace(made, occurred_at=Moment(at(minute), at(minute + roughly)))


@st.composite
def detentions(draw) -> Detention:
    """Mostly a plain custody, sometimes anything at all, at some moment of it."""
    opening = draw(st.sampled_from(["arrived_station", "arrived_station", "s136_decided"]))
    odd = draw(st.sampled_from([0, 0, 0, 2]))
    events = draw(st.lists(something(PLAIN), max_size=4))
    events += draw(st.lists(something(ODD), max_size=odd))
    told = [*numbered([event(opening, at(0), typed=at(1)), *events])]
    if odd and len(told) > 1 and draw(st.booleans()):
        told.append(event("corrected", at(3), id="c", corrects=told[1].id, typed=at(900)))
    person = draw(st.sampled_from([ADULT, TURNS_18]))
    held = draw(st.sampled_from([None, None, at(30)]))
    now = at(draw(st.integers(1, 1800)))
    return Detention(now, "england", person, tuple(told), held_since=held)


def said(detention: Detention, before: Said | None = None) -> Said:
    return clocks_since(before, LAW, LADDER, detention)


def agree(first: Detention, steps: list[float], more: list[Event]) -> None:
    """Look at a detention again and again, at last with more events, from memory and afresh."""
    try:
        kept = said(first)
    except InputError:
        return
    for number, minutes in enumerate(steps):
        now = replace(kept.detention, at=kept.detention.at + timedelta(minutes=minutes))
        if number == len(steps) - 1:
            named = [replace(one, id=f"m{place}") for place, one in enumerate(more)]
            now = replace(now, events=(*now.events, *named))
        afresh = clocks(LAW, LADDER, now)
        kept = said(now, kept)
        assert kept.clocks == afresh, minutes


steps = st.lists(
    st.sampled_from([-30.0, -0.5, 0.0, 0.0, 0.01, 0.2, 1, 4, 17, 60, 500]), min_size=1, max_size=5
)
more = st.lists(something(PLAIN) | something(ODD), max_size=1)
many = settings(
    max_examples=depth(300, 50_000), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@many
@given(detentions(), steps, more)
def test_what_is_remembered_of_the_clocks_is_what_they_say_when_worked_out_anew(
    detention, steps, more
):
    agree(detention, steps, more)


def test_a_screening_a_few_seconds_later_works_no_clock_out_anew():
    custody = Detention(at(10), "england", ADULT, (event("arrived_station", at(0)),))
    before = said(custody)
    later = said(replace(custody, at=at(10) + timedelta(seconds=7)), before)

    assert later.clocks == clocks(LAW, LADDER, later.detention)
    assert later.clocks.alerts is before.clocks.alerts


@pytest.mark.parametrize("minutes", [60, 360, 1440])
def test_nobody_waits_for_a_limit_because_it_was_remembered(minutes):
    """The visit, the review and the 24 hours: at the very moment, and not a second before."""
    custody = Detention(at(minutes), "england", ADULT, (event("arrived_station", at(0)),))
    second = timedelta(seconds=1)
    before = said(replace(custody, at=at(minutes) - 2 * second))

    for moment in (at(minutes) - second, at(minutes), at(minutes) + second):
        now = replace(custody, at=moment)
        before = said(now, before)
        assert before.clocks == clocks(LAW, LADDER, now)


@pytest.mark.parametrize(
    "forgotten",
    [
        ("_turns", lambda said, ladder, detention: iter(())),
        ("_is_simple", lambda event, then: True),
        ("_counted_on", lambda clocks, at: clocks),
    ],
)
def test_a_memory_that_forgets_to_look_is_found(monkeypatch, forgotten):
    """The twin: each part of the looking, left out, makes the comparison fail."""
    monkeypatch.setattr(unmoved, *forgotten)

    with pytest.raises(AssertionError):
        settings(max_examples=2000, deadline=None, database=None, derandomize=True)(
            given(detentions(), steps, more)(agree)
        )()
