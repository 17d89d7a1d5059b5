"""The people of the tests, and what happens to them; all invented, all training data."""

from datetime import UTC, datetime, timedelta
from typing import Any

from triage.domain.clocks import AlertState, PlannedAlert
from triage.domain.drafting import Draft
from triage.record import Actor, EventKind, NewEvent

NIGHT = datetime(2026, 10, 24, 19, 40, tzinfo=UTC)
OKAFOR = Actor("okafor", "PS Okafor", "custody_sergeant", "castle-desk-1", ("castle",))
NAIR = Actor("nair", "Nurse Nair", "liaison_nurse", None, ("castle", "dock"))


def at(minutes: float = 0) -> datetime:
    """So many minutes into the night."""
    return NIGHT + timedelta(minutes=minutes)


def opened(stay: str, minutes: float = 0, *, suite: str = "castle", **more: Any) -> NewEvent:
    """A stay opened for an invented person."""
    return NewEvent(
        EventKind.STAY_OPENED,
        OKAFOR,
        at(minutes),
        stay=stay,
        person=f"p-{stay}",
        header={"stay": {"kind": "custody", "suite": suite, "stage": "arrest", "training": True}},
        payloads={
            "identity": {"name": f"Training {stay}", "reference": f"TRAINING/{stay}", **more}
        },
    )


def drafted(document: dict[str, Any], account: str) -> Draft:
    """A half-finished screening of which this person typed all."""
    return Draft().typed(document, account=account, at=at(1), made_on=0)


def screened(stay: str, minutes: float, **more: Any) -> NewEvent:
    """A screening saved, with coded answers and a clinical part."""
    return NewEvent(
        EventKind.SCREENING_SAVED,
        OKAFOR,
        at(minutes),
        stay=stay,
        header={"status": "complete", "urgency": "urgent", "rulebook": "f1", "stage": "arrest"},
        payloads={
            "police": {"answers": {"head_knock": "knock_red"}, "codes": "0102ff", **more},
            "clinical": {"words": "Fits since childhood; swallowed-the-canary"},
        },
    )


def happened(stay: str, kind: str, minutes: float, **more: Any) -> NewEvent:
    """A detention event; ``place`` and the like change the stay."""
    return NewEvent(
        EventKind.DETENTION_EVENT,
        OKAFOR,
        at(minutes),
        stay=stay,
        header={"kind": kind, "stay": more} if more else {"kind": kind},
    )


def wanted(key: str, minutes: float, level: str = "A2", words: str = "Look") -> PlannedAlert:
    """One alert that a stay calls for."""
    return PlannedAlert(
        key, None, None, level, at(minutes), ("custody_sergeant",), AlertState.PLANNED, 0, words
    )
