"""Erasure: parts of events go, the events stay, the chain still verifies.

Only an ``erased`` event takes a part away, police and clinical parts each at their own age, and
a standing hold on the stay or the person stops it. What was erased is not written down again.
``Record.scrub`` then takes the last bytes out of the file.
"""

from collections.abc import Iterable, Sequence

from triage.record.alert_fold import refold_alerts
from triage.record.appending import Appending
from triage.record.errors import ErasureHeld, UnknownEvent
from triage.record.events import Actor, EventKind, Group, NewEvent, Recorded
from triage.record.folding import refold_person, refold_stay


class Erasing(Appending):
    """Erasing parts, and holding them back."""

    def erase(
        self,
        parts: Iterable[tuple[int, Group]],
        *,
        actor: Actor,
        reason: str,
        stay: str | None = None,
        person: str | None = None,
    ) -> Recorded:
        """Erase some parts by one event that names them, not what stood in them.

        Raises ErasureHeld when a hold stands, UnknownEvent when a part is not there.
        """
        wanted = tuple(parts)
        self._check_all_there(wanted)
        touched = tuple(event for seq, _ in wanted if (event := self.event(seq)) is not None)
        self._check_holds(touched)
        erased = self.append(
            NewEvent(
                EventKind.ERASED,
                actor,
                self.now,
                stay=stay,
                person=person,
                header={
                    "reason": reason,
                    "parts": [[seq, str(group)] for seq, group in wanted],
                },
            )
        )
        for seq, group in wanted:
            self._erase_part(seq, group, erased.seq)
        self._refold(touched)
        return erased

    def erase_stay(
        self, stay: str, groups: Sequence[Group], *, actor: Actor, reason: str
    ) -> Recorded:
        """Erase every part of some groups of one stay, and what was typed but never saved."""
        rows = self._connection.execute(
            'select p.seq, p."group" from events e join payloads p on p.seq = e.seq'
            " where e.stay = :stay order by p.seq",
            {"stay": stay},
        ).fetchall()
        parts = [(row["seq"], Group(row["group"])) for row in rows if row["group"] in groups]
        erased = self.erase(parts, actor=actor, reason=reason, stay=stay)
        self._connection.execute("delete from drafts where stay = :stay", {"stay": stay})
        return erased

    def holds(self, stay: str | None, person: str | None) -> tuple[int, ...]:
        """The holds that stand on a stay or a person, by the number of their event."""
        rows = self._connection.execute(
            "select seq from holds where lifted_by is null"
            " and (stay = :stay or person = :person) order by seq",
            {"stay": stay, "person": person},
        )
        return tuple(row["seq"] for row in rows)

    def _check_all_there(self, parts: tuple[tuple[int, Group], ...]) -> None:
        for seq, group in parts:
            row = self._connection.execute(
                'select 1 from payloads where seq = :seq and "group" = :group',
                {"seq": seq, "group": str(group)},
            ).fetchone()
            if row is None:
                raise UnknownEvent(f"Event {seq} has no part {group} that could be erased.")

    def _check_holds(self, events: tuple[Recorded, ...]) -> None:
        for event in events:
            holder = None if event.stay is None else self.stay(event.stay)
            person = event.person or (holder.person if holder else None)
            holds = self.holds(event.stay, person)
            if holds:
                raise ErasureHeld(
                    f"A hold stops the erasure (event {holds[0]}). It has to be lifted first."
                )

    def _erase_part(self, seq: int, group: Group, by: int) -> None:
        named = {"seq": seq, "group": str(group), "by": by}
        self._connection.execute(
            'insert into erasures (seq, "group", by_seq) values (:seq, :group, :by)', named
        )
        self._connection.execute(
            'delete from payloads where seq = :seq and "group" = :group',
            {"seq": seq, "group": str(group)},
        )

    def _refold(self, touched: tuple[Recorded, ...]) -> None:
        """No projection keeps what its event lost."""
        for event in touched:
            self._drop_codes(event.seq)
        for stay in sorted({event.stay for event in touched if event.stay is not None}):
            refold_stay(self._connection, stay)
            self._drop_planned_alerts(stay)  # the next pass derives them from what is left
            refold_alerts(self._connection, self.stay_events(stay), stay)
            holder = self.stay(stay)
            if holder is not None and holder.person is not None:
                refold_person(self._connection, holder.person)
        for person in sorted({event.person for event in touched if event.person is not None}):
            refold_person(self._connection, person)

    def _drop_codes(self, seq: int) -> None:
        self._connection.execute("delete from screening_codes where seq = :seq", {"seq": seq})

    def _drop_planned_alerts(self, stay: str) -> None:
        self._connection.execute(
            "delete from alerts where stay = :stay and state = 'planned'", {"stay": stay}
        )
