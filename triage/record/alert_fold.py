"""How events change alerts that were raised. What is only planned belongs to the outbox.

Acts on an alert are folded in the order in which they were recorded: an act never meets an
alert that is not there yet. A raised alert changes only here, by a named act or correction.
"""

from collections.abc import Callable, Mapping
from typing import Any

from triage.record.engine import Connection
from triage.record.events import EventKind, Recorded, as_json, stamp
from triage.record.packing import pack_words
from triage.record.raisings import RAISED, apart

COLUMNS = (
    "suite", "source", "step", "episode", "need", "level", "due_at", "words",
    "late_seconds", "count", "chain_step", "step_due_at", "round",
)  # fmt: skip

NEWEST = ("newest", "newest_clinical")  # words of alerts found again, by key, in either part


def fold_alert(connection: Connection, event: Recorded) -> None:
    """Let one alert event change its alert, or the alerts that it raises or counts."""
    for one in apart(event):
        _fold_one(connection, one)


def _fold_one(connection: Connection, event: Recorded) -> None:
    body = event.body
    if "counts" in body:
        for key, times in body["counts"].items():
            _counted(connection, event, body, {"key": key, "count": times, "seq": event.seq})
        return
    named: dict[str, Any] = {
        "key": body["key"],
        "seq": event.seq,
        "at": stamp(event.occurred_at),
        "by": event.actor.account,
        "to_roles": pack_words(as_json(body["to"])) if "to" in body else None,
        "kind": body.get("kind"),
        "reason": body.get("reason"),
        "level": body.get("level"),
        "suite": body.get("suite"),
        "count": body.get("count"),
        "chain_step": body.get("chain_step"),
        "step_due_at": body.get("step_due_at"),
        "stops": int(body.get("step_due_at", "") is None),
        "round": body.get("round"),
        "state": body.get("state"),
    }
    _FOLDS[event.kind](connection, event, body, named)


_Fold = Callable[[Connection, Recorded, Mapping[str, Any], dict[str, Any]], None]


def _raised(
    connection: Connection, event: Recorded, body: Mapping[str, Any], named: dict[str, Any]
) -> None:
    connection.execute(
        "insert into alerts (key, stay, suite, source, step, episode, need, level, due_at,"
        " to_roles, words, clinical, state, raised_at, raised_seq, late_seconds, count,"
        " chain_step, step_due_at, round, last_seq)"
        " values (:key, :stay, :suite, :source, :step, :episode, :need, :level, :due_at,"
        " :to_roles, :words, :clinical, 'raised', :at, :seq, :late_seconds, :count,"
        " :chain_step, :step_due_at, :round, :seq) on conflict (key) do update set"
        " stay = excluded.stay, suite = excluded.suite, source = excluded.source,"
        " step = excluded.step, episode = excluded.episode, need = excluded.need,"
        " level = excluded.level, due_at = excluded.due_at, to_roles = excluded.to_roles,"
        " words = excluded.words, clinical = excluded.clinical, state = excluded.state,"
        " raised_at = excluded.raised_at, raised_seq = excluded.raised_seq,"
        " late_seconds = excluded.late_seconds, count = excluded.count,"
        " chain_step = excluded.chain_step, step_due_at = excluded.step_due_at,"
        " round = excluded.round, last_seq = excluded.last_seq where state = 'planned'",
        {
            **{name: body.get(name) for name in COLUMNS},
            "key": named["key"],
            "words": pack_words(body.get("words")),
            "need": pack_words(body.get("need")),
            "stay": event.stay,
            "to_roles": named["to_roles"] or pack_words("[]"),
            "clinical": int(bool(body.get("clinical"))),
            "at": named["at"],
            "seq": event.seq,
            "late_seconds": body.get("late_seconds", 0),
            "count": body.get("count", 1),
            "chain_step": body.get("chain_step", 0),
            "round": body.get("round", 0),
        },
    )


def _counted(
    connection: Connection, event: Recorded, body: Mapping[str, Any], named: dict[str, Any]
) -> None:
    """Found again: the count and the newest reason change, never who has it or since when."""
    newest = {**body.get(NEWEST[0], {}), **body.get(NEWEST[1], {})}
    connection.execute(
        "update alerts set count = coalesce(:count, count), words = coalesce(:words, words),"
        " last_seq = :seq where key = :key",
        {**named, "words": pack_words(newest.get(named["key"]))},
    )


def _climbed(
    connection: Connection, event: Recorded, body: Mapping[str, Any], named: dict[str, Any]
) -> None:
    connection.execute(
        "update alerts set chain_step = coalesce(:chain_step, chain_step),"
        " step_due_at = case when :stops then null else coalesce(:step_due_at, step_due_at) end,"
        " round = coalesce(:round, round), to_roles = coalesce(:to_roles, to_roles),"
        " level = coalesce(:level, level), count = coalesce(:count, count), last_seq = :seq"
        " where key = :key",
        named,
    )


def _acknowledged(
    connection: Connection, event: Recorded, body: Mapping[str, Any], named: dict[str, Any]
) -> None:
    connection.execute(
        "update alerts set state = coalesce(:state, 'acknowledged'),"
        " ack_kind = :kind, ack_by = :by, ack_at = :at,"
        " police_ack_at = case when :kind = 'police' then :at else police_ack_at end,"
        " clinical_ack_at = case when :kind = 'clinical' then :at else clinical_ack_at end,"
        " step_due_at = case when :stops then null else coalesce(:step_due_at, step_due_at) end,"
        " last_seq = :seq where key = :key",
        named,
    )


def _acted(
    connection: Connection, event: Recorded, body: Mapping[str, Any], named: dict[str, Any]
) -> None:
    connection.execute(
        "update alerts set state = 'in_hand', acted_by = :by, acted_at = :at,"
        " step_due_at = :step_due_at, last_seq = :seq where key = :key",
        named,
    )


def _reopened(
    connection: Connection, event: Recorded, body: Mapping[str, Any], named: dict[str, Any]
) -> None:
    connection.execute(
        "update alerts set state = 'raised', ack_kind = null, ack_by = null, ack_at = null,"
        " police_ack_at = null, clinical_ack_at = null, acted_by = null, acted_at = null,"
        " closed_by = null, closed_at = null, closed_reason = null,"
        " round = coalesce(:round, round + 1), chain_step = coalesce(:chain_step, 0),"
        " to_roles = coalesce(:to_roles, to_roles), step_due_at = :step_due_at,"
        " suite = coalesce(:suite, suite), last_seq = :seq where key = :key",
        named,
    )


def _ended(
    connection: Connection, event: Recorded, body: Mapping[str, Any], named: dict[str, Any]
) -> None:
    connection.execute(
        "update alerts set state = :state, closed_by = :by, closed_at = :at,"
        " closed_reason = :reason, step_due_at = null, last_seq = :seq where key = :key",
        {**named, "state": event.kind.removeprefix("alert_")},
    )


_FOLDS: dict[EventKind, _Fold] = {
    EventKind.ALERT_RAISED: _raised,
    EventKind.ALERT_COUNTED: _counted,
    EventKind.ALERT_CLIMBED: _climbed,
    EventKind.ALERT_ACKNOWLEDGED: _acknowledged,
    EventKind.ALERT_ACTED: _acted,
    EventKind.ALERT_REOPENED: _reopened,
    EventKind.ALERT_RETIMED: _climbed,
    EventKind.ALERT_CLOSED: _ended,
    EventKind.ALERT_CANCELLED: _ended,
    EventKind.ALERT_WITHDRAWN: _ended,
}
ALERT_KINDS = frozenset(_FOLDS) | RAISED


def refold_alerts(connection: Connection, events: tuple[Recorded, ...], stay: str) -> None:
    """Make the raised alerts of one stay anew from its events."""
    connection.execute(
        "delete from alerts where stay = :stay and state <> 'planned'", {"stay": stay}
    )
    for event in events:
        if event.kind in ALERT_KINDS:
            fold_alert(connection, event)
