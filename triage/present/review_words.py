"""The words of the review: waits, stages, legs, and what passed. One word for one thing.

A limit of the Mental Health Act or its regulations that passed is a breach; a PACE or Code C time
is overdue; guidance or agreed practice is a target missed.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from triage.domain.clocks import ClockState
from triage.domain.legs import LegState
from triage.domain.waits import Stage, WaitKind
from triage.present import spans
from triage.present.events import PLACE_WORDS

WAITS: Mapping[WaitKind, str] = MappingProxyType(
    {
        WaitKind.DETENTION: "Detained under Section 136 or 135",
        WaitKind.ARRESTED: "Arrested, waiting for an assessment or a bed",
        WaitKind.OFFICERS: "Officers waiting to hand over",
    }
)
STAGES: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.BEGAN: "Wait began",
        Stage.REQUESTED: "Assessment asked for",
        Stage.AMHP_TOLD: "AMHP told",
        Stage.AMHP_ARRIVED: "AMHP arrived",
        Stage.DOCTOR_TOLD: "Doctor told",
        Stage.DOCTOR_ARRIVED: "Doctor arrived",
        Stage.ASSESSMENT_BEGAN: "Assessment began",
        Stage.ASSESSMENT_FINISHED: "Assessment finished",
        Stage.BED_REQUESTED: "Bed asked for",
        Stage.BED_FOUND: "Bed found",
        Stage.MOVED: "Moved",
        Stage.ENDED: "Wait ended",
    }
)
LEGS: Mapping[str, str] = MappingProxyType(
    {
        "amhp_told": "Request to AMHP told",
        "amhp_arrives": "AMHP told to AMHP arrived",
        "doctor_arrives": "Doctor told to doctor arrived",
        "assessment_begins": "Start to assessment began",
        "assessment_lasts": "Assessment, from beginning to end",
        "bed_found": "Bed asked for to bed found",
        "moved": "Bed found to moved",
        "whole": "Whole wait",
    }
)
LEG_STATES: Mapping[LegState, str] = MappingProxyType(
    {
        LegState.FINISHED: "Finished",
        LegState.OPEN: "Still waiting",
        LegState.NOT_RECORDED: "Not recorded",
        LegState.ABSENT: "Did not arise",
        LegState.OUT_OF_ORDER: "Times in the wrong order",
    }
)
PASSED: Mapping[ClockState, str] = MappingProxyType(
    {
        ClockState.BREACH: "Breach",
        ClockState.OVERDUE: "Overdue",
        ClockState.TARGET_MISSED: "Target missed",
    }
)
GROUPS: Mapping[str, str] = MappingProxyType(
    {"suite": "Suite", "place": "Place", "hour": "Hour of the day", "week": "Week from Monday"}
)
WHY_SAMPLED: Mapping[str, str] = MappingProxyType(
    {
        "cannot_be_evaluated": "the record cannot be evaluated",
        "breach": "a breach",
        "against_the_law": "something against the law",
        "emergency_alert": "an emergency alert",
        "police_station": "held at a police station",
        "under_18": "under 18",
        "absconded": "absconded",
    }
)
FINDINGS: Mapping[str, str] = MappingProxyType(
    {
        "good": "Good",
        "gap": "A gap in the record",
        "unsafe": "Not safe",
        "unlawful": "Against the law",
    }
)
FEW, HIDDEN, NONE = "fewer than 5", "not shown", "–"
TOO_FEW = "Too few for any figure that leaves."
NEVER_ADDED = "The three waits are waits of different people. They are never added together."
NOTHING_DRAWN = "Nothing to draw: too few of these waits are finished."
OVERLAP = "Waits overlap, so the lines of the ledger are not parts of a whole and are not summed."
FROM_ENTRIES = "From entries made in this service; what nobody typed is counted as not recorded."
LEAVING = (
    "Counts of one to four are shown as fewer than 5, and others left out where a total would "
    "give them away. Times are rounded to 5 minutes; medians rest on at least 5 waits, "
    "90th percentiles on at least 10."
)
INSIDE = "Exact figures with record numbers. Not to leave the force as it stands."
INSIDE_ONLY, FIT = "Inside only.", "Fit to leave the force."
LEFT_OUT = "Small numbers are left out."
DRAFT = "DRAFT: these figures have not left the force, and may not yet."
ONCE = (
    "Each day of a suite leaves once, in whole weeks, and stands as it was known then: two "
    "overlapping stretches, or two moments of knowledge, could be subtracted."
)
NINETIETH = "90th: nine in ten waits were no longer than this one, which really happened."
XMR_NOTE = (
    "Natural limits: mean plus and minus 2.66 times the mean moving range. A diamond is a signal: "
    "beyond a limit, or one of eight in a row on one side of the mean."
)


def place(id: str | None) -> str:
    """A place in words."""
    return PLACE_WORDS.get(id or "", "Place not recorded")


def group(by: str, value: str) -> str:
    """The value of one group of a report in words."""
    if by == "suite":
        return spans.named(value) or "No suite"
    if by == "place":
        return place(value)
    if by == "hour":
        return f"{value}:00 to {value}:59"
    return value


def length(seconds: float | None) -> str:
    """A wait in hours and minutes."""
    if seconds is None:
        return NONE
    minutes = int(seconds) // 60
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"


def partners(practice: Mapping[str, Any]) -> Mapping[str, str]:
    """The partners by id, as the agreed codes name them."""
    codes = practice.get("delay_codes", {})
    return {each["id"]: each["words"] for each in codes.get("partner", ())}


def reasons(practice: Mapping[str, Any]) -> Mapping[str, str]:
    """The agreed reasons by code, in words."""
    codes = practice.get("delay_codes", {})
    return {each["id"]: each["words"] for each in codes.get("reason", ())}
