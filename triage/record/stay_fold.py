"""How events shape the row of a stay: a plain fold in the order in which things happened.

The order is (``occurred_at``, ``seq``), the opening first. An event typed in order is laid over the
row as it stands; one typed late, a correction or an erasure folds the stay anew from all its
events.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from triage.record.events import EventKind, Recorded, as_json, stamp
from triage.record.rows import json_or_none

SHAPED_BY_HEADER = ("kind", "suite", "nation", "stage", "place", "cell")
EMPTY: Mapping[str, Any] = {
    "person": None, "kind": None, "suite": None, "nation": None, "reference_kind": None,
    "reference": None, "opened_at": None, "closed_at": None, "stage": None, "place": None,
    "cell": None, "training": 0, "identity": None, "opened_seq": None, "screening": None,
    "screened_at": None, "screening_status": None, "screening_urgency": None,
    "shaped_at": None, "shaped_seq": None,
}  # fmt: skip
_SHAPERS = {
    EventKind.STAY_OPENED,
    EventKind.STAY_MOVED,
    EventKind.IDENTITY_RECORDED,
    EventKind.SCREENING_SAVED,
    EventKind.RELEASED,
    EventKind.WRONG_PERSON,
}
CORRECTIONS = (EventKind.CORRECTED, EventKind.WITHDRAWN)


def shapes(event: Recorded) -> bool:
    """Whether an event says anything about the row of its stay."""
    return event.kind in _SHAPERS or "stay" in event.header or "identity" in event.payloads


def folded(stay: str, events: Iterable[Recorded]) -> dict[str, Any] | None:
    """The row that all the events of a stay add up to; None when none of them stands."""
    shaping = [event for event in standing(events) if shapes(event)]
    row: dict[str, Any] = {"id": stay, **EMPTY}
    for event in sorted(shaping, key=_order):
        row = laid_over(row, event)
    return row if shaping else None


def _order(event: Recorded) -> tuple[bool, datetime, int]:
    """As it happened, the opening before all else: it says only what was known to begin with.

    One that is corrected to a later time takes back neither who the person turned out to be nor
    where they were taken since.
    """
    return event.kind is not EventKind.STAY_OPENED, event.occurred_at, event.seq


def standing(events: Iterable[Recorded]) -> tuple[Recorded, ...]:
    """The events as corrected: withdrawn ones gone, corrected ones with the last word on them.

    A correction that was itself withdrawn says nothing; one of a correction speaks about the
    event at the root of both.
    """
    in_order = sorted(events, key=lambda one: one.seq)
    gone = _withdrawn(in_order)
    stand: dict[int, Recorded] = {}
    root: dict[int, int] = {}
    for event in in_order:
        if event.kind not in CORRECTIONS or event.corrects is None:
            stand[event.seq] = event
            continue
        root[event.seq] = root.get(event.corrects, event.corrects)
        if event.kind is EventKind.CORRECTED and event.seq not in gone:
            about = root[event.seq]
            stand[about] = _corrected(stand[about], event) if about in stand else event
    return tuple(one for seq, one in stand.items() if seq not in gone)


def _withdrawn(in_order: Sequence[Recorded]) -> set[int]:
    """The events that were withdrawn, by withdrawals that were not withdrawn themselves."""
    gone: set[int] = set()
    for event in reversed(in_order):
        if event.kind is EventKind.WITHDRAWN and event.seq not in gone:
            gone.add(event.corrects or 0)
    return gone


def _corrected(event: Recorded, correction: Recorded) -> Recorded:
    """An event with a correction laid over it; the time is the corrected one."""
    header = {**event.header, **correction.header}
    if "stay" in event.header and "stay" in correction.header:
        header["stay"] = {**event.header["stay"], **correction.header["stay"]}
    payloads = dict(event.payloads)
    for group, part in correction.payloads.items():
        payloads[group] = {**(payloads.get(group) or {}), **(part or {})}
    return replace(
        event,
        occurred_at=correction.occurred_at,
        person=correction.person or event.person,
        header=header,
        payloads=payloads,
    )


def laid_over(row: Mapping[str, Any], event: Recorded) -> dict[str, Any]:
    """The row after one more event."""
    changed = dict(row)
    changed.update(_from_kind(event))
    says: Mapping[str, Any] = event.header.get("stay") or {}
    changed.update({name: says[name] for name in SHAPED_BY_HEADER if name in says})
    if "training" in says:
        changed["training"] = int(bool(says["training"]))
    if "closed" in says:
        changed["closed_at"] = stamp(event.occurred_at) if says["closed"] else None
    changed.update(_from_identity(changed, event))
    changed["shaped_at"], changed["shaped_seq"] = stamp(event.occurred_at), event.seq
    return changed


def _from_kind(event: Recorded) -> dict[str, Any]:
    match event.kind:
        case EventKind.STAY_OPENED:
            opened = {"opened_at": stamp(event.occurred_at), "opened_seq": event.seq}
            return {**opened, "person": event.person}
        case EventKind.WRONG_PERSON:
            return {"person": event.person}
        case EventKind.RELEASED:
            return {"closed_at": stamp(event.occurred_at)}
        case EventKind.SCREENING_SAVED:
            return {
                "screening": event.seq,
                "screened_at": stamp(event.occurred_at),
                "screening_status": event.header.get("status"),
                "screening_urgency": event.header.get("urgency"),
            }
        case _:
            return {}


def _from_identity(row: Mapping[str, Any], event: Recorded) -> dict[str, Any]:
    part = event.payloads.get("identity") or {}
    known: dict[str, Any] = json_or_none(row["identity"]) or {}
    if event.kind is EventKind.WRONG_PERSON:  # the number of the stay is right, the person was not
        known = {name: known[name] for name in ("reference", "reference_kind") if name in known}
    elif not part:
        return {}
    known.update(part)
    return {
        "identity": as_json(known) if known else None,
        "reference": known.get("reference"),
        "reference_kind": known.get("reference_kind"),
    }
