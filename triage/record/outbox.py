"""The outbox: alerts planned ahead of time, and deliveries of those that were raised.

Planning touches only what is still planned, by key. A raised alert changes only by an event.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from triage.domain.clocks import AlertState, PlannedAlert
from triage.domain.findings import like
from triage.record.alert_fold import ALERT_KINDS
from triage.record.appending import Appending
from triage.record.engine import Connection
from triage.record.errors import UnknownEvent
from triage.record.events import Actor, EventKind, NewEvent, Recorded, as_json, stamp
from triage.record.events import stamp_or_none as stamp_or
from triage.record.packing import pack_words, unpack_words
from triage.record.read_alerts import AlertReads
from triage.record.rows import Alert

_NO_WORDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class PlanChange:
    """What planning changed, by full alert key."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    dropped: tuple[str, ...]
    raised_unwanted: tuple[str, ...]  # open, but no longer called for: only a named act ends them

    @property
    def anything(self) -> bool:
        """Whether a planned row was written or removed."""
        return bool(self.added or self.changed or self.dropped)


class Outbox(Appending, AlertReads):
    """Planning alerts and carrying them through their states."""

    _connection: Connection

    def __init__(self) -> None:
        super().__init__()
        self._alerts: dict[str, dict[str, Alert]] = {}  # of the stays read here, by key
        self._changed: dict[str, set[str]] = {}  # keys that events wrote since, by stay
        self._unsorted: set[str] = set()

    def append(self, event: NewEvent) -> Recorded:
        """Record what happened; an act on an alert changes the alert."""
        recorded = super().append(event)
        if recorded.kind in ALERT_KINDS:
            for key in recorded.alert_keys:
                self._touch(recorded.stay, key)
        elif recorded.kind is EventKind.ERASED:
            self._alerts.clear()
        return recorded

    def alerts_of(self, stay: str) -> tuple[Alert, ...]:
        """Every alert of one stay, planned to closed, by the time it is due.

        All are read once in a transaction; after that only those that it has written.
        """
        known = self._alerts.get(stay)
        if known is None:
            known = {alert.key: alert for alert in super().alerts_of(stay)}
            self._unsorted.discard(stay)
        changed = self._changed.pop(stay, set())
        now = {alert.key: alert for alert in self.alerts_named(changed)} if changed else {}
        for key in changed:
            found = now.get(key)
            if found is None or found.stay != stay:
                known.pop(key, None)
                continue
            if key not in known or known[key].due_at != found.due_at:
                self._unsorted.add(stay)
            known[key] = found
        if stay in self._unsorted:
            known = dict(sorted(known.items(), key=lambda each: (each[1].due_at, each[0])))
            self._unsorted.discard(stay)
        self._alerts[stay] = known
        return tuple(known.values())

    def _touch(self, stay: str | None, key: str) -> None:
        if stay is not None:
            self._changed.setdefault(stay, set()).add(key)

    def plan(
        self,
        stay: str,
        wanted: Sequence[PlannedAlert],
        *,
        words: Mapping[str, str] = _NO_WORDS,
        needs: Mapping[str, str] = _NO_WORDS,
        clinical: Collection[str] = (),
    ) -> PlanChange:
        """Make the planned alerts of a stay exactly those that are wanted, by key.

        ``wanted`` is everything that the stay calls for, from all its sources. ``words``,
        ``needs`` and ``clinical`` speak of alerts by their key without the stay. Alerts that
        were raised are left alone, also when their key is wanted again.
        """
        suite = self._suite_of(stay)
        known = {alert.key: alert for alert in self.alerts_of(stay)}
        keys = {f"{stay}:{one.key}": one for one in wanted if one.state is not AlertState.WITHDRAWN}
        added: list[str] = []
        changed: list[str] = []
        for key, one in keys.items():
            standing = known.get(key)
            told = (suite, words.get(one.key, one.words), needs.get(one.key), one.key in clinical)
            if standing is not None and (
                standing.state != "planned" or _same(standing, one, *told)
            ):
                continue
            (added if standing is None else changed).append(key)
            row = _planned_row(key, stay, one, *told)
            self._put_planned(row)
            self._alerts[stay][key] = _as_planned(row, one)
            self._unsorted.add(stay)
        dropped = [k for k, alert in known.items() if alert.state == "planned" and k not in keys]
        for key in dropped:
            self._drop_planned(key)
            del self._alerts[stay][key]
        unwanted = [k for k, alert in known.items() if alert.is_open and k not in keys]
        return PlanChange(tuple(added), tuple(changed), tuple(dropped), tuple(unwanted))

    def raise_alert(
        self,
        key: str,
        *,
        actor: Actor,
        late_seconds: int = 0,
        chain_step: int = 0,
        step_due_at: datetime | None = None,
        to: Sequence[str] | None = None,
    ) -> Recorded:
        """Raise a planned alert: the event carries all of it, so that the fold needs no plan.

        Its words go to the part that they rest on, so that they can be erased with it. Raises
        UnknownEvent when no such alert is planned.
        """
        alert = self.alert(key)
        if alert is None or alert.state != "planned":
            raise UnknownEvent(f"No such alert is planned: {key}.")
        part = "clinical" if alert.clinical else "police"
        header = {
            "key": key, "suite": alert.suite, "source": alert.source, "step": alert.step,
            "episode": alert.episode, "level": alert.level, "due_at": stamp(alert.due_at),
            "to": list(alert.to_roles if to is None else to), "late_seconds": late_seconds,
            "clinical": alert.clinical, "count": alert.count, "chain_step": chain_step,
            "step_due_at": stamp_or(step_due_at), "round": 0,
        }  # fmt: skip
        return self.append(
            NewEvent(
                EventKind.ALERT_RAISED,
                actor,
                self.now,
                stay=alert.stay,
                header=header,
                payloads={part: {"words": alert.words, "need": alert.need}},
            )
        )

    def _suite_of(self, stay: str) -> str | None:
        row = self._row_of(stay)
        return None if row is None else row["suite"]

    def _put_planned(self, row: Mapping[str, str | int | bytes | None]) -> None:
        self._connection.execute(
            "insert into alerts (key, stay, suite, source, step, episode, need, level, due_at,"
            " to_roles, words, clinical, state) values (:key, :stay, :suite, :source, :step,"
            " :episode, :need, :level, :due_at, :to_roles, :words, :clinical, 'planned')"
            " on conflict (key) do update set suite = excluded.suite, need = excluded.need,"
            " level = excluded.level, due_at = excluded.due_at, to_roles = excluded.to_roles,"
            " words = excluded.words, clinical = excluded.clinical where state = 'planned'",
            row,
        )

    def _drop_planned(self, key: str) -> None:
        self._connection.execute(
            "delete from alerts where key = :key and state = 'planned'", {"key": key}
        )


def _planned_row(
    key: str,
    stay: str,
    one: PlannedAlert,
    suite: str | None,
    words: str,
    need: str | None,
    clinical: bool,
) -> dict[str, str | int | bytes | None]:
    source, step, episode = _key_parts(one.key)
    return {
        "key": key,
        "stay": stay,
        "suite": suite,
        "source": source,
        "step": step,
        "episode": episode,
        "need": pack_words(need),
        "level": one.level,
        "due_at": stamp(one.due_at),
        "to_roles": pack_words(as_json(one.to)),
        "words": pack_words(words),
        "clinical": int(clinical),
    }


def _as_planned(row: Mapping[str, Any], one: PlannedAlert) -> Alert:
    """The alert that a planned row is read as; what only happens to raised ones is not yet."""
    known = {name: row[name] for name in _PLANNED_COLUMNS}
    return like(
        _PLANNED,
        **known,
        words=unpack_words(row["words"]),
        need=unpack_words(row["need"]),
        due_at=one.due_at.astimezone(UTC),
        to_roles=tuple(map(str, one.to)),
        clinical=bool(row["clinical"]),
    )


_PLANNED_COLUMNS = ("key", "stay", "suite", "source", "step", "episode", "level")
_PLANNED = Alert(
    key="", stay=None, suite=None, source="", step="", episode="", need=None, level="",
    due_at=datetime.min.replace(tzinfo=UTC), to_roles=(), words=None, clinical=False,
    state="planned", raised_at=None, late_seconds=0, count=1, chain_step=0, step_due_at=None,
    round=0, ack_kind=None, ack_by=None, ack_at=None, police_ack_at=None, clinical_ack_at=None,
    acted_by=None, acted_at=None, closed_by=None, closed_at=None, closed_reason=None,
    raised_seq=None,
)  # fmt: skip


def _key_parts(key: str) -> tuple[str, str, str]:
    """``source:step:episode``; a source may itself hold colons."""
    parts = key.rsplit(":", 2)
    if len(parts) != 3:
        raise UnknownEvent(f"An alert key is source:step:episode, not {key!r}.")
    return parts[0], parts[1], parts[2]


def _same(
    alert: Alert,
    one: PlannedAlert,
    suite: str | None,
    words: str,
    need: str | None,
    clinical: bool,
) -> bool:
    """Whether a planned alert stands already as it is wanted."""
    return (
        alert.suite, alert.need, alert.level, alert.due_at, alert.to_roles, alert.words,
        alert.clinical,
    ) == (suite, need, one.level, one.due_at, one.to, words, clinical)  # fmt: skip
