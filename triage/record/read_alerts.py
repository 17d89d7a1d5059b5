"""Reading alerts and the board. Everything here rests on partial indexes of what is open."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from triage.record.engine import Connection
from triage.record.events import as_json, moment_or_none, stamp
from triage.record.rows import Alert, BoardRow, alert_of, stay_of


class AlertReads:
    """What the record can tell about alerts."""

    _connection: Connection

    def alert(self, key: str) -> Alert | None:
        """One alert by its key."""
        row = self._connection.execute(
            "select * from alerts where key = :key", {"key": key}
        ).fetchone()
        return None if row is None else alert_of(row)

    def alerts_named(self, keys: Iterable[str]) -> tuple[Alert, ...]:
        """The alerts with these keys, those that there are."""
        rows = self._connection.execute(
            "select * from alerts where key in (select value from json_each(:keys))",
            {"keys": as_json(sorted(keys))},
        )
        return tuple(alert_of(row) for row in rows)

    def alerts_of(self, stay: str) -> tuple[Alert, ...]:
        """Every alert of one stay, planned to closed, by the time it is due."""
        rows = self._connection.execute(
            "select * from alerts where stay = :stay order by due_at, key", {"stay": stay}
        )
        return tuple(alert_of(row) for row in rows)

    def alerts_due(self, now: datetime, limit: int = 1000) -> tuple[Alert, ...]:
        """Planned alerts whose time has come, the most severe first, then the oldest."""
        rows = self._connection.execute(
            "select * from alerts where state = 'planned' and due_at <= :now"
            " order by case level when 'A1' then 1 when 'SYS1' then 1 when 'A2' then 2"
            " when 'SYS2' then 2 when 'A3' then 3 else 4 end, due_at, key limit :limit",
            {"now": stamp(now), "limit": limit},
        )
        return tuple(alert_of(row) for row in rows)

    def oldest_due(self) -> datetime | None:
        """The earliest time of any planned alert; in the past, it should have been raised."""
        row = self._connection.execute(
            "select min(due_at) as due_at from alerts where state = 'planned'"
        ).fetchone()
        return moment_or_none(row["due_at"])

    def alerts_to_climb(self, now: datetime, limit: int = 1000) -> tuple[Alert, ...]:
        """Open alerts whose next step has come, the most severe first."""
        rows = self._connection.execute(
            "select * from alerts where state in ('raised', 'acknowledged', 'in_hand')"
            " and step_due_at is not null and step_due_at <= :now"
            " order by case level when 'A1' then 1 when 'SYS1' then 1 when 'A2' then 2"
            " when 'SYS2' then 2 when 'A3' then 3 else 4 end, step_due_at, key limit :limit",
            {"now": stamp(now), "limit": limit},
        )
        return tuple(alert_of(row) for row in rows)

    def open_alerts(self, suites: Iterable[str] | None = None) -> tuple[Alert, ...]:
        """Alerts that were raised and are not over; of some suites, or of all.

        Alerts of no suite, such as those about the system, are always among them.
        """
        wanted = None if suites is None else as_json(list(suites))
        rows = self._connection.execute(
            "select * from alerts where state in ('raised', 'acknowledged', 'in_hand')"
            " and (:suites is null or suite is null"
            " or suite in (select value from json_each(:suites)))"
            " order by case level when 'A1' then 1 when 'SYS1' then 1 when 'A2' then 2"
            " when 'SYS2' then 2 when 'A3' then 3 else 4 end, raised_at, key",
            {"suites": wanted},
        )
        return tuple(alert_of(row) for row in rows)

    def open_alerts_of_no_stay(self) -> tuple[Alert, ...]:
        """Open alerts that are about nobody in custody, such as those about the service."""
        rows = self._connection.execute(
            "select * from alerts where state in ('raised', 'acknowledged', 'in_hand')"
            " and stay is null order by case level when 'A1' then 1 when 'SYS1' then 1"
            " when 'A2' then 2 when 'SYS2' then 2 when 'A3' then 3 else 4 end, raised_at, key"
        )
        return tuple(alert_of(row) for row in rows)

    def waiting_since(self, seq: int) -> tuple[Alert, ...]:
        """Open alerts whose timer runs, and to which something happened after an event.

        The most severe first.
        """
        rows = self._connection.execute(
            "select * from alerts where state in ('raised', 'acknowledged', 'in_hand')"
            " and step_due_at is not null and last_seq > :seq"
            " order by case level when 'A1' then 1 when 'SYS1' then 1 when 'A2' then 2"
            " when 'SYS2' then 2 when 'A3' then 3 else 4 end, step_due_at, key",
            {"seq": seq},
        )
        return tuple(alert_of(row) for row in rows)

    def planned_steps(
        self, source: str, step: str, suites: Iterable[str] | None = None
    ) -> tuple[Alert, ...]:
        """What is planned of one step of one source, of some suites or of all; the first first."""
        wanted = None if suites is None else as_json(list(suites))
        rows = self._connection.execute(
            "select * from alerts where state = 'planned' and source = :source and step = :step"
            " and (:suites is null or suite in (select value from json_each(:suites)))"
            " order by due_at, key",
            {"source": source, "step": step, "suites": wanted},
        )
        return tuple(alert_of(row) for row in rows)

    def alerts_of_no_stay(self, source: str, limit: int = 100) -> tuple[Alert, ...]:
        """The last alerts of one source that are about nobody, newest first, open or over."""
        rows = self._connection.execute(
            "select * from alerts where stay is null and source = :source and state <> 'planned'"
            " order by raised_seq desc limit :limit",
            {"source": source, "limit": limit},
        )
        return tuple(alert_of(row) for row in rows)

    def board_rows(self, suites: Iterable[str] | None = None) -> tuple[BoardRow, ...]:
        """The open stays of some suites, or of all, each with what is open and due next."""
        wanted = None if suites is None else as_json(list(suites))
        rows = self._connection.execute(
            "select s.*, count(case when a.state <> 'planned' then 1 end) as open_alerts,"
            " count(case when a.state = 'raised' then 1 end) as unacknowledged,"
            " min(case when a.state = 'planned' then a.due_at end) as next_due_at,"
            " min(case when a.state <> 'planned' then case a.level when 'SYS1' then 'A1'"
            " when 'SYS2' then 'A2' else a.level end || ' ' || a.key end) as top"
            " from stays s indexed by stays_open left join alerts a on a.stay = s.id"
            " and a.state in ('planned', 'raised', 'acknowledged', 'in_hand')"
            " where s.closed_at is null and s.opened_at is not null"
            " and (:suites is null or s.suite in (select value from json_each(:suites)))"
            " group by s.suite, s.opened_at, s.rowid order by s.suite, s.opened_at, s.rowid",
            {"suites": wanted},
        )
        names = [column[0] for column in rows.description]
        return tuple(_board_row(dict(zip(names, row, strict=True))) for row in rows)

    def mark(self, suites: Iterable[str] | None = None) -> str:
        """What is another text as soon as a list of these suites may have changed; None is all.

        It tells two moments apart and nothing else. What happened in another suite leaves it as it
        is; a stay that moves or ends changes it in the suite that it leaves as well.
        """
        if suites is None:
            last = self._connection.execute("select max(seq) as seq from events").fetchone()
            return str(last["seq"] or 0)
        wanted = {"suites": as_json(list(suites))}
        found = [
            sorted(tuple(row) for row in self._connection.execute(question, wanted))
            for question in _MARK
        ]
        return sha256(as_json(found).encode()).hexdigest()[:16]


# Three questions: who is here, what was last told of each and is due next (a pass plans without an
# event); which alerts are open; what concerns every list. Each rests on an index of what is open or
# rare, so an old record costs nothing.
_MARK = (
    "select s.id, s.person, (select max(e.seq) from events e where e.stay = s.id),"
    " (select total(l.seq) from links l where l.person = s.person),"
    " (select min(a.due_at || a.key) from alerts a where a.stay = s.id and a.state = 'planned')"
    " from stays s where s.closed_at is null and s.opened_at is not null"
    " and s.suite in (select value from json_each(:suites))",
    "select a.key, a.last_seq, (select max(e.seq) from events e where e.stay = a.stay)"
    " from alerts a indexed by alerts_open where a.state in ('raised', 'acknowledged', 'in_hand')"
    " and (a.suite is null or a.suite in (select value from json_each(:suites)))",
    "select kind, max(seq) from events where kind in ('handover_signed', 'rulebook_adopted',"
    " 'clock_stepped', 'imported', 'erased', 'hold_placed', 'hold_lifted', 'access_granted')"
    " and kind in ('rulebook_adopted', 'clock_stepped', 'imported', 'erased') group by kind",
)


def _board_row(row: Mapping[str, Any]) -> BoardRow:
    level, _, key = (row["top"] or "").partition(" ")
    return BoardRow(
        stay_of(row),
        row["open_alerts"],
        level or None,
        key or None,
        row["unacknowledged"],
        moment_or_none(row["next_due_at"]),
    )
