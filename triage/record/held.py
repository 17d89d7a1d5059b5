"""Messages that wait for the shift of somebody who is off duty, and those that might have to.

A held message is a row like any other: it is never sent, tried or given up before it is let go.
``try_at`` says until when it waits; whoever keeps the hours looks again and again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from triage.record.deliveries import DeliveryState
from triage.record.engine import Connection
from triage.record.events import as_json, moment, stamp

_OF_OPEN_ALERTS = (
    "select d.key, d.alert_key, d.recipient, d.state, d.try_at, a.level, a.source, a.suite"
    " from alerts a join deliveries d on d.alert_key = a.key"
    " where a.state in ('raised', 'acknowledged', 'in_hand')"
    " and a.level in (select value from json_each(:levels))"
    " and d.state in (select value from json_each(:states)) order by d.rowid"
)
LET_GO = "held"  # a message that was held and whose letter is not yet made
_NOT_SENT = (DeliveryState.PLANNED, DeliveryState.UNKNOWN, DeliveryState.HELD)


@dataclass(frozen=True)
class Waiting:
    """One message about an open alert that has not left, and what decides whether it waits."""

    key: str
    alert_key: str
    role: str
    held_until: datetime | None  # None: it leaves as soon as it can
    level: str
    source: str
    suite: str | None


class HeldReads:
    """Reading what waits."""

    _connection: Connection

    def waiting_messages(self, levels: Iterable[str]) -> tuple[Waiting, ...]:
        """Every message about an open alert of these levels that has not left, held or not."""
        return self._waiting(levels, _NOT_SENT)

    def held_messages(self, levels: Iterable[str]) -> tuple[Waiting, ...]:
        """Those that are held, in the order in which they were planned."""
        return self._waiting(levels, (DeliveryState.HELD,))

    def _waiting(
        self, levels: Iterable[str], states: Iterable[DeliveryState]
    ) -> tuple[Waiting, ...]:
        named = {"levels": as_json(list(levels)), "states": as_json([str(s) for s in states])}
        return tuple(
            Waiting(
                row["key"],
                row["alert_key"],
                row["recipient"],
                moment(row["try_at"]) if row["state"] == DeliveryState.HELD else None,
                row["level"],
                row["source"],
                row["suite"],
            )
            for row in self._connection.execute(_OF_OPEN_ALERTS, named)
        )


class HeldWrites:
    """Holding messages and letting them go."""

    now: datetime
    _connection: Connection

    def hold_delivery(self, key: str, until: datetime) -> None:
        """Keep a message that has not left until a moment; what is being sent now is left alone."""
        self._connection.execute(
            "update deliveries set state = 'held', try_at = :until where key = :key"
            " and state in ('planned', 'unknown', 'held')",
            {"key": key, "until": stamp(until)},
        )

    def let_go(self, key: str) -> None:
        """Let a held message leave now: it is as late as it is from here on, not from before.

        It goes with the others that were held for the same reader; one that was tried before goes
        as it was tried, under the same key.
        """
        self._connection.execute(
            "update deliveries set state = 'planned', planned_at = :now, try_at = :now,"
            " reference = case when tries = 0 then :let_go else reference end"
            " where key = :key and state = 'held'",
            {"key": key, "now": stamp(self.now), "let_go": LET_GO},
        )

    def carry_together(self, keys: Iterable[str], letter: str) -> None:
        """Put claimed messages into one letter: each try of them is a try of it, under its key."""
        self._connection.execute(
            "update deliveries set reference = :letter"
            " where key in (select value from json_each(:keys)) and state = 'claimed'",
            {"keys": as_json(list(keys)), "letter": letter},
        )

    def put_back(self, keys: Iterable[str]) -> None:
        """Give claimed messages back that were not tried: nobody counts this as a try."""
        self._connection.execute(
            "update deliveries set state = 'planned', tries = tries - 1, lease_until = null"
            " where key in (select value from json_each(:keys)) and state = 'claimed'",
            {"keys": as_json(list(keys))},
        )
