"""The fold: how each event changes the projections, in the transaction that records it.

``rebuild`` empties the projections and folds every event again through the same door, but
makes the rows of stays by the plain sorted fold, so that the two ways check each other.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from triage.record.alert_fold import ALERT_KINDS, fold_alert
from triage.record.engine import Connection
from triage.record.events import EventKind, Recorded, as_json, stamp
from triage.record.read_events import EventReads
from triage.record.stay_fold import EMPTY, folded, laid_over, standing

_INDEXED = ("person", "suite", "reference", "opened_at", "closed_at")


def fold_rows(connection: Connection, event: Recorded) -> None:
    """All projections but the row of the stay, whose order is not the order of recording."""
    if event.kind in ALERT_KINDS:
        fold_alert(connection, event)
    elif event.kind in _FOLDS:
        _FOLDS[event.kind](connection, event)


def refold_stay(connection: Connection, stay: str) -> dict[str, Any] | None:
    """Make the row of one stay anew from all its events."""
    row = folded(stay, _Events(connection).stay_events(stay))
    connection.execute("delete from stays where id = :stay", {"stay": stay})
    if row is not None:
        _keep_stay(connection, row)
    return row


def shape_stay(
    connection: Connection, stay: str, row: Mapping[str, Any] | None, event: Recorded
) -> dict[str, Any] | None:
    """Lay over the row of a stay, as it is, what the newest event says; gives it as it is then."""
    if row is None:
        made = laid_over({"id": stay, **EMPTY}, event)
        _keep_stay(connection, made)
        return made
    if is_late(row, event):
        return refold_stay(connection, stay)
    made = laid_over(row, event)
    if any(made[name] != row[name] for name in _INDEXED):
        _keep_stay(connection, made)
    else:
        _change_stay(connection, made)
    return made


def is_late(row: Mapping[str, Any], event: Recorded) -> bool:
    """Whether something that shaped the stay happened after this event."""
    shaped_at: str = row["shaped_at"]
    return shaped_at > stamp(event.occurred_at)


def _keep_stay(connection: Connection, row: Mapping[str, Any]) -> None:
    connection.execute(
        "insert into stays (id, person, kind, suite, nation, reference_kind, reference,"
        " opened_at, closed_at, stage, place, cell, training, identity, opened_seq, screening,"
        " screened_at, screening_status, screening_urgency, shaped_at, shaped_seq)"
        " values (:id, :person, :kind, :suite, :nation, :reference_kind, :reference,"
        " :opened_at, :closed_at, :stage, :place, :cell, :training, :identity, :opened_seq,"
        " :screening, :screened_at, :screening_status, :screening_urgency, :shaped_at,"
        " :shaped_seq) on conflict (id) do update set person = excluded.person,"
        " kind = excluded.kind, suite = excluded.suite, nation = excluded.nation,"
        " reference_kind = excluded.reference_kind, reference = excluded.reference,"
        " opened_at = excluded.opened_at, closed_at = excluded.closed_at,"
        " stage = excluded.stage, place = excluded.place, cell = excluded.cell,"
        " training = excluded.training, identity = excluded.identity,"
        " opened_seq = excluded.opened_seq, screening = excluded.screening,"
        " screened_at = excluded.screened_at, screening_status = excluded.screening_status,"
        " screening_urgency = excluded.screening_urgency, shaped_at = excluded.shaped_at,"
        " shaped_seq = excluded.shaped_seq",
        row,
    )


def _change_stay(connection: Connection, row: Mapping[str, Any]) -> None:
    """The row, but for what an index holds: that is written anew whenever it is named."""
    connection.execute(
        "update stays set kind = :kind, nation = :nation, reference_kind = :reference_kind,"
        " stage = :stage, place = :place, cell = :cell, training = :training,"
        " identity = :identity, opened_seq = :opened_seq, screening = :screening,"
        " screened_at = :screened_at, screening_status = :screening_status,"
        " screening_urgency = :screening_urgency, shaped_at = :shaped_at,"
        " shaped_seq = :shaped_seq where id = :id",
        row,
    )


class _Events(EventReads):
    """Reading inside the fold, on the connection of the transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection


def _person_described(connection: Connection, event: Recorded) -> None:
    """A person is described by what is said of them when made, and by identity events later."""
    if event.person is None:
        return
    made = event.kind is EventKind.PERSON_MADE
    row = connection.execute(
        "select made_at, made_seq, identity from people where id = :person",
        {"person": event.person},
    ).fetchone()
    part = event.payloads.get("identity") or {}
    known = {**(json.loads(row["identity"]) if row and row["identity"] else {}), **part}
    connection.execute(
        "insert into people (id, made_at, made_seq, identity)"
        " values (:id, :made_at, :made_seq, :identity) on conflict (id) do update set"
        " made_at = excluded.made_at, made_seq = excluded.made_seq, identity = excluded.identity",
        {
            "id": event.person,
            "made_at": stamp(event.occurred_at) if made else row and row["made_at"],
            "made_seq": event.seq if made else row and row["made_seq"],
            "identity": as_json(known) if known else None,
        },
    )


def refold_person(connection: Connection, person: str) -> None:
    """Make the row of one person anew from all their events."""
    connection.execute("delete from people where id = :person", {"person": person})
    for event in standing(_Events(connection).person_events(person)):
        if _FOLDS.get(event.kind) is _person_described:
            _person_described(connection, event)


def _linked(connection: Connection, event: Recorded) -> None:
    connection.execute(
        "insert into links (person, other, seq) values (:person, :other, :seq)"
        " on conflict do nothing",
        {"person": event.person, "other": event.header["with"], "seq": event.seq},
    )


def _unlinked(connection: Connection, event: Recorded) -> None:
    connection.execute(
        "delete from links where (person = :person and other = :other)"
        " or (person = :other and other = :person)",
        {"person": event.person, "other": event.header["with"]},
    )


def _screening(connection: Connection, event: Recorded) -> None:
    connection.execute(
        "insert into screenings (seq, stay, version)"
        " values (:seq, :stay, (select count(*) + 1 from screenings where stay = :stay))",
        {"seq": event.seq, "stay": event.stay},
    )
    _screening_codes(connection, event)


def _screening_codes(connection: Connection, event: Recorded) -> None:
    """Codes stand for all the answers, so they go as soon as any part was erased."""
    if None in event.payloads.values():
        return
    codes = event.body.get("codes")
    if codes is None:
        return
    connection.execute(
        "insert into screening_codes (seq, codes) values (:seq, :codes)",
        {"seq": event.seq, "codes": bytes.fromhex(codes)},
    )


def _detention_event(connection: Connection, event: Recorded) -> None:
    connection.execute(
        "insert into detention_events (seq, stay, kind, at, corrects)"
        " values (:seq, :stay, :kind, :at, :corrects)",
        {
            "seq": event.seq,
            "stay": event.stay,
            "kind": event.header.get("kind"),
            "at": stamp(event.occurred_at),
            "corrects": event.corrects,
        },
    )


def _correction(connection: Connection, event: Recorded) -> None:
    """A correction of a detention event is one too: the clocks are worked out from both."""
    if event.person is not None:
        refold_person(connection, event.person)
    about = connection.execute(
        "select 1 from detention_events where seq = :corrects", {"corrects": event.corrects}
    ).fetchone()
    if about is not None:
        _detention_event(connection, event)


def _decision(connection: Connection, event: Recorded) -> None:
    connection.execute(
        "insert into decisions (seq, stay, route, decision, at)"
        " values (:seq, :stay, :route, :decision, :at)",
        {
            "seq": event.seq,
            "stay": event.stay,
            "route": event.header.get("route"),
            "decision": event.header.get("decision"),
            "at": stamp(event.occurred_at),
        },
    )


def _consent(connection: Connection, event: Recorded) -> None:
    connection.execute(
        "insert into consents (seq, stay, recipient, given, at)"
        " values (:seq, :stay, :recipient, :given, :at)",
        {
            "seq": event.seq,
            "stay": event.stay,
            "recipient": event.header.get("recipient"),
            "given": event.header.get("given"),
            "at": stamp(event.occurred_at),
        },
    )


def _visit(connection: Connection, event: Recorded) -> None:
    connection.execute(
        "insert into visits (seq, stay, kind, at) values (:seq, :stay, :kind, :at)",
        {
            "seq": event.seq,
            "stay": event.stay,
            "kind": event.kind,
            "at": stamp(event.occurred_at),
        },
    )


def _release(connection: Connection, event: Recorded) -> None:
    connection.execute(
        "insert into releases (seq, stay, kind, at) values (:seq, :stay, :kind, :at)",
        {
            "seq": event.seq,
            "stay": event.stay,
            "kind": event.kind,
            "at": stamp(event.occurred_at),
        },
    )


def _hold(connection: Connection, event: Recorded) -> None:
    connection.execute(
        "insert into holds (seq, stay, person, reason) values (:seq, :stay, :person, :reason)",
        {
            "seq": event.seq,
            "stay": event.stay,
            "person": event.person,
            "reason": event.header.get("reason"),
        },
    )


def _hold_lifted(connection: Connection, event: Recorded) -> None:
    connection.execute(
        "update holds set lifted_by = :seq where seq = :hold",
        {"seq": event.seq, "hold": event.corrects},
    )


_FOLDS: dict[EventKind, Callable[[Connection, Recorded], None]] = {
    EventKind.PERSON_MADE: _person_described,
    EventKind.IDENTITY_RECORDED: _person_described,
    EventKind.STAY_OPENED: _person_described,
    EventKind.PERSON_LINKED: _linked,
    EventKind.PERSON_UNLINKED: _unlinked,
    EventKind.SCREENING_SAVED: _screening,
    EventKind.DETENTION_EVENT: _detention_event,
    EventKind.AUTHORISATION: _detention_event,
    EventKind.CORRECTED: _correction,
    EventKind.WITHDRAWN: _correction,
    EventKind.ROUTE_DECISION: _decision,
    EventKind.CONSENT: _consent,
    EventKind.VISIT: _visit,
    EventKind.ROUSING: _visit,
    EventKind.RELEASE_CHECKED: _release,
    EventKind.RELEASED: _release,
    EventKind.HOLD_PLACED: _hold,
    EventKind.HOLD_LIFTED: _hold_lifted,
}
