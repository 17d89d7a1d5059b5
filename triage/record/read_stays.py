"""Reading stays and people, as their events leave them."""

from datetime import datetime
from typing import Any

from triage.record.engine import Connection
from triage.record.events import Body, moment_or_none, stamp
from triage.record.rows import PersonRow, Stay, json_or_none, stay_of


class StayReads:
    """What the record can tell about stays and people."""

    _connection: Connection

    def stay(self, stay: str) -> Stay | None:
        """One stay as its events leave it."""
        row = self._connection.execute(
            "select * from stays where id = :stay and opened_at is not null", {"stay": stay}
        ).fetchone()
        return None if row is None else stay_of(row)

    def stay_row(self, stay: str) -> dict[str, Any] | None:
        """The row of one stay as the fold left it; also of one whose opening was withdrawn."""
        row = self._connection.execute(
            "select * from stays where id = :stay", {"stay": stay}
        ).fetchone()
        return None if row is None else dict(zip(row.keys(), row, strict=True))

    def open_stays(self, suite: str | None = None) -> tuple[Stay, ...]:
        """The stays that have not ended, oldest first; of one suite, or of all."""
        rows = self._connection.execute(
            "select * from stays where closed_at is null and opened_at is not null"
            " and (:suite is null or suite = :suite) order by opened_at",
            {"suite": suite},
        )
        return tuple(stay_of(row) for row in rows)

    def stays_of_stretch(self, since: datetime, until: datetime) -> tuple[Stay, ...]:
        """The stays that were open in a stretch, and those of which a detention event lies in it.

        Somebody may have been detained before their record was opened, or after it was closed.
        """
        rows = self._connection.execute(
            "select * from stays s where opened_at is not null and ("
            "(opened_at < :until and (closed_at is null or closed_at >= :since)) or exists"
            " (select 1 from detention_events d where d.stay = s.id"
            " and d.at >= :since and d.at < :until)) order by opened_at, id",
            {"since": stamp(since), "until": stamp(until)},
        )
        return tuple(stay_of(row) for row in rows)

    def stays_told_of_since(self, at: datetime) -> tuple[str, ...]:
        """The stays that were on record at a moment and about which more was recorded later.

        Their rows tell what is known now; what was known then is a fold of the earlier events.
        """
        rows = self._connection.execute(
            "select stay from events where stay is not null group by stay"
            " having min(recorded_at) <= :at and max(recorded_at) > :at order by stay",
            {"at": stamp(at)},
        )
        return tuple(row["stay"] for row in rows)

    def open_stay_by_reference(self, reference: str) -> Stay | None:
        """The open stay with that custody record, incident or reference number.

        Of two, since a release was taken back after its number had been given again, the last.
        """
        found = self.open_stays_by_reference(reference)
        return found[-1] if found else None

    def open_stays_by_reference(self, reference: str | None) -> tuple[Stay, ...]:
        """Every open stay with that number, oldest first; more than one only by a correction."""
        rows = self._connection.execute(
            "select * from stays where reference = :reference and closed_at is null"
            " and opened_at is not null order by opened_at, id",
            {"reference": reference},
        )
        return tuple(stay_of(row) for row in rows)

    def past_stays(self, person: str) -> tuple[Stay, ...]:
        """Every stay of this person, open ones too, under all their linked ids, oldest first."""
        rows = self._connection.execute(
            "with recursive same (id) as (select :person"
            " union select l.other from same s join links l on l.person = s.id"
            " union select l.person from same s join links l on l.other = s.id)"
            " select * from stays where person in (select id from same)"
            " and opened_at is not null order by opened_at",
            {"person": person},
        )
        return tuple(stay_of(row) for row in rows)

    def person(self, person: str) -> PersonRow | None:
        """One person, with the ids that were linked to theirs."""
        row = self._connection.execute(
            "select * from people where id = :person", {"person": person}
        ).fetchone()
        if row is None:
            return None
        linked = self._connection.execute(
            "with recursive same (id) as (select :person"
            " union select l.other from same s join links l on l.person = s.id"
            " union select l.person from same s join links l on l.other = s.id)"
            " select id from same where id <> :person order by id",
            {"person": person},
        )
        return PersonRow(
            row["id"],
            moment_or_none(row["made_at"]),
            json_or_none(row["identity"]),
            tuple(other["id"] for other in linked),
        )

    def identity(self, stay: str) -> Body | None:
        """What is known of who the person is; None when nothing is, or when it was erased."""
        found = self.stay(stay)
        return None if found is None else found.identity
