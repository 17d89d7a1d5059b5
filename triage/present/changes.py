"""What a correction changed, in one sentence each."""

from datetime import datetime

from triage.domain.clocks import ClockState
from triage.domain.differences import Difference, What
from triage.present import spans
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


def _moment(at: datetime | None, now: datetime) -> str:
    return "no set time" if at is None else spans.moment(at, now=now)
