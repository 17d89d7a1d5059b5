"""What a correction changed, or what was typed late, in one sentence each."""

from datetime import datetime

from triage.domain.clocks import Clocks, ClockState
from triage.domain.differences import Difference, What
from triage.present import spans
from triage.present.events import KIND_WORDS
from triage.present.section136 import clock_name
from triage.present.unlawful import unlawful_words

_PASSED = {
    ClockState.BREACH: "breach",
    ClockState.OVERDUE: "overdue",
    ClockState.TARGET_MISSED: "target missed",
}


def change_words(one: Difference, *, now: datetime) -> str:
    """One change as it reads beside the correction that made it."""
    if one.unlawful is not None:
        stands = "Against the law now" if one.what is What.UNLAWFUL else "No longer against the law"
        return f"{stands}: {unlawful_words(one.unlawful)}"
    name, passed = clock_name(one.clock or ""), _PASSED.get(one.state or ClockState.MET, "")
    if one.what is What.MOVED:
        was, due = _moment(one.was, now), _moment(one.now, now)
        return f"{name}: due {due}, was {was}."
    if one.what is What.PASSED:
        return f"{name}: {passed} now, was due {_moment(one.now, now)}."
    return f"{name}: no longer {passed}."


def moved_words(clock: str, due: datetime, base: str, since: datetime, *, now: datetime) -> str:
    """Why an alert is about a time that never stood: from what its clock counts, and until when.

    ``base`` is the kind of what the clock counts from, which was recorded after the alert.
    """
    began = "opening of the record" if base == "stay_opened" else KIND_WORDS.get(base, base)
    counts = f"it counts from {_lower(spans.plain(began))}, {_moment(since, now)}"
    return f"This time moved. {clock_name(clock)}: due {_moment(due, now)}; {counts}."


NEVER_TRUE = (
    "By this entry an alert that stood was never true. It has ended, and its history says why."
)


def never_true_words(
    entry: int, did: str, happened: datetime, typed: datetime, due: datetime, *, now: datetime
) -> str:
    """Why an alert ended by itself: what was typed after it was due, and had happened before."""
    what = KIND_WORDS.get(did) or _BESIDES.get(did, spans.capital(spans.plain(did)))
    times = f"{_moment(happened, now)}, typed {_moment(typed, now)}; due {_moment(due, now)}"
    return f"Entry {entry}, typed late, shows that this was never true. {what}: {times}."


_BESIDES = {"released": "Left"}


def _lower(words: str) -> str:
    """In the middle of a sentence; PACE and AMHP stay as they are."""
    return words if words[:2].isupper() else f"{words[:1].lower()}{words[1:]}"


def opening_words(opened: int, said: Clocks | None, *, now: datetime) -> str | None:
    """What correcting the entry that opened a record does to the PACE clocks; None without any.

    The relevant time is the arrival at the station (PACE s41): the opening stands for it only
    while nothing of the detention is recorded.
    """
    began = [
        (clock.started_at, clock.start_event)
        for clock in (() if said is None else said.clocks)
        if clock.of == "pace" and clock.started_at is not None
    ]
    if not began:
        return None
    if moves_with(opened, said):
        return OPENING_MOVES
    since, entry = min(began, key=lambda each: each[0])
    return (
        f"This moves no PACE clock: they count from entry {entry}, {_moment(since, now)}. If that "
        "is not the arrival at the station, record the arrival; if its time is wrong, correct it."
    )


OPENING_MOVES = (
    "No arrival at the station is recorded: until it is, the PACE clocks take this opening for it "
    "and move with it."
)


def moves_with(opened: int, said: Clocks | None) -> bool:
    """Whether a PACE clock counts from the entry that opened the record."""
    clocks = () if said is None else said.clocks
    return any(each.of == "pace" and each.start_event == str(opened) for each in clocks)


def _moment(at: datetime | None, now: datetime) -> str:
    return "no set time" if at is None else spans.moment(at, now=now)
