"""Reading events and the screenings among them."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from triage.record.bodies import Bodies
from triage.record.chain import more_of
from triage.record.engine import Connection, Row
from triage.record.events import (
    Actor,
    EventKind,
    Recorded,
    made,
    moment,
    stamp,
)
from triage.record.read_stays import StayReads
from triage.record.rows import ScreeningRow
from triage.record.stay_fold import standing

NO_END = 2**63 - 1
_KINDS = {str(kind): kind for kind in EventKind}


class EventReads(StayReads):
    """What the record can tell about events, and about stays and people."""

    _connection: Connection

    def event(self, seq: int) -> Recorded | None:
        """One event by its number."""
        row = self._connection.execute(
            "select * from events where seq = :seq", {"seq": seq}
        ).fetchone()
        parts = self._connection.execute(
            'select seq, "group", body from payloads where seq = :seq', {"seq": seq}
        )
        return None if row is None else recorded(row, _parts(parts).get(seq, {}))

    def head(self) -> int:
        """The number of the last event; 0 in an empty record."""
        seq: int = self._connection.execute("select coalesce(max(seq), 0) from events").fetchone()[
            0
        ]
        return seq

    def events_after(self, seq: int, limit: int = 1000) -> tuple[Recorded, ...]:
        """The next events of the record in the order in which they were recorded."""
        named = {"seq": seq, "limit": limit}
        rows = self._connection.execute(
            "select * from events where seq > :seq order by seq limit :limit", named
        )
        parts = self._connection.execute(
            'select seq, "group", body from payloads where seq > :seq and seq in'
            " (select seq from events where seq > :seq order by seq limit :limit)",
            named,
        )
        return _assembled(rows, parts)

    def all_events(self, since: int = 0) -> Iterator[Recorded]:
        """Every event after one, a thousand at a time."""
        seq = since
        while batch := self.events_after(seq):
            yield from batch
            seq = batch[-1].seq

    def stay_events(self, stay: str) -> tuple[Recorded, ...]:
        """Everything recorded about one stay, in the order in which it was recorded."""
        return self.stay_events_from(stay, 0)

    def stay_events_from(self, stay: str, first: int, before: int = NO_END) -> tuple[Recorded, ...]:
        """What was recorded about one stay from one number on, before another; always read."""
        named = {"stay": stay, "first": first, "before": before}
        rows = self._connection.execute(
            "select * from events where stay = :stay and seq >= :first and seq < :before"
            " order by seq",
            named,
        )
        parts = self._connection.execute(
            'select p.seq, p."group", p.body from events e join payloads p on p.seq = e.seq'
            " where e.stay = :stay and e.seq >= :first and e.seq < :before",
            named,
        )
        return _assembled(rows, parts)

    def events_of_no_stay(self, first: int) -> tuple[Recorded, ...]:
        """What was recorded about nobody in custody from one number on, such as system alerts."""
        named = {"first": first}
        rows = self._connection.execute(
            "select * from events where seq >= :first and stay is null order by seq", named
        )
        parts = self._connection.execute(
            'select p.seq, p."group", p.body from events e join payloads p on p.seq = e.seq'
            " where e.seq >= :first and e.stay is null",
            named,
        )
        return _assembled(rows, parts)

    def person_events(self, person: str) -> tuple[Recorded, ...]:
        """Everything that names one person by id, in the order in which it was recorded."""
        rows = self._connection.execute(
            "select * from events where person = :person order by seq", {"person": person}
        )
        parts = self._connection.execute(
            'select p.seq, p."group", p.body from events e join payloads p on p.seq = e.seq'
            " where e.person = :person",
            {"person": person},
        )
        return _assembled(rows, parts)

    def rare_events(self, kind: EventKind, limit: int = 50) -> tuple[Recorded, ...]:
        """The last events of one of the kinds that belong to no stay, newest first.

        Rare kinds: handover_signed, rulebook_adopted, clock_stepped, imported, erased,
        hold_placed, hold_lifted, access_granted. None is found of any other kind.
        """
        rows = self._connection.execute(
            "select seq from events where kind = :kind and kind in ('handover_signed',"
            " 'rulebook_adopted', 'clock_stepped', 'imported', 'erased', 'hold_placed',"
            " 'hold_lifted', 'access_granted') order by seq desc limit :limit",
            {"kind": kind, "limit": limit},
        ).fetchall()
        return tuple(found for row in rows if (found := self.event(row["seq"])) is not None)

    def not_yet_happened(self, now: datetime, since: int) -> tuple[Recorded, ...]:
        """What stays were told after the event ``since`` and cannot have happened by now."""
        rows = self._connection.execute(
            "select seq from events where seq > :since and occurred_at > :now"
            " and stay is not null order by seq",
            {"since": since, "now": stamp(now)},
        ).fetchall()
        return tuple(found for row in rows if (found := self.event(row["seq"])) is not None)

    def published_figures(self) -> tuple[Recorded, ...]:
        """Every time figures left the force, the first one first."""
        rows = self._connection.execute(
            "select seq from events where kind = 'figures_published' order by seq"
        ).fetchall()
        return tuple(found for row in rows if (found := self.event(row["seq"])) is not None)

    def screenings(self, stay: str) -> tuple[ScreeningRow, ...]:
        """The saved versions of the screening of one stay, first to last."""
        rows = self._connection.execute(
            "select * from screenings where stay = :stay order by version", {"stay": stay}
        ).fetchall()
        events = {event.seq: event for event in self.stay_events(stay)}
        stand = {event.seq for event in standing(events.values())}
        return tuple(
            _screening(row, events[row["seq"]], stands=row["seq"] in stand) for row in rows
        )

    def last_screening(self, stay: str) -> ScreeningRow | None:
        """The last screening of one stay that stands, in the order in which they were made."""
        row = self._connection.execute(
            "select * from screenings where seq = (select screening from stays where id = :stay)",
            {"stay": stay},
        ).fetchone()
        event = None if row is None else self.event(row["seq"])
        return None if row is None or event is None else _screening(row, event)

    def screening_codes(
        self, after: int = 0, limit: int = 100_000
    ) -> tuple[tuple[int, bytes], ...]:
        """Coded answers for rehearsal, (seq, codes) in order; reads the narrow table only."""
        rows = self._connection.execute(
            "select seq, codes from screening_codes where seq > :after order by seq limit :limit",
            {"after": after, "limit": limit},
        )
        return tuple((row[0], row[1]) for row in rows)

    def screening_codes_count(self) -> int:
        """How many screenings can be rehearsed."""
        row = self._connection.execute("select count(*) from screening_codes").fetchone()
        count: int = row[0]
        return count

    def detention_events(self, stay: str) -> tuple[Recorded, ...]:
        """Detention events and authorisations of a stay, and the corrections of them, by seq."""
        rows = self._connection.execute(
            "select e.* from detention_events d join events e on e.seq = d.seq"
            " where d.stay = :stay order by d.seq",
            {"stay": stay},
        )
        parts = self._connection.execute(
            'select p.seq, p."group", p.body from detention_events d join payloads p'
            " on p.seq = d.seq where d.stay = :stay",
            {"stay": stay},
        )
        return _assembled(rows, parts)

    def has_event(self, stay: str, kind: EventKind) -> bool:
        """Whether anything of one kind was ever recorded about a stay, withdrawn or not."""
        row = self._connection.execute(
            "select 1 from events where stay = :stay and kind = :kind limit 1",
            {"stay": stay, "kind": kind},
        ).fetchone()
        return row is not None

    def events_of_kinds(self, stay: str, *kinds: EventKind) -> tuple[Recorded, ...]:
        """The events of some kinds about one stay: decisions, consents, visits, releases."""
        return tuple(event for event in self.stay_events(stay) if event.kind in kinds)


def recorded(row: Row, bodies: dict[str, bytes]) -> Recorded:
    """An event row and its payload bodies as a value; an erased part is None."""
    told = dict(zip(row.keys(), row, strict=True))  # a name is looked for along all columns
    more = more_of(told)
    return made(
        told["seq"],
        _KINDS[told["kind"]],
        told["stay"],
        told["person"],
        moment(told["occurred_at"]),
        moment(told["recorded_at"]),
        Actor(told["account"], told["actor"], told["role"], told["terminal"]),
        json.loads(more.header),
        Bodies({group: bodies.get(group) for group in more.parts}),
        told["corrects"],
        told["hash"].hex(),
    )


def _parts(rows: Iterable[Row]) -> dict[int, dict[str, bytes]]:
    parts: dict[int, dict[str, bytes]] = {}
    for seq, group, body in rows:
        parts.setdefault(seq, {})[group] = body
    return parts


def _assembled(rows: Iterable[Row], parts: Iterable[Row]) -> tuple[Recorded, ...]:
    events = list(rows)
    bodies = _parts(parts)
    return tuple(recorded(row, bodies.get(row["seq"], {})) for row in events)


def _screening(row: Row, event: Recorded, *, stands: bool = True) -> ScreeningRow:
    header = event.header
    return ScreeningRow(
        row["seq"], row["stay"], row["version"], event.occurred_at, header.get("status"),
        header.get("stage"), header.get("urgency"), header.get("rulebook"), event, stands,
    )  # fmt: skip
