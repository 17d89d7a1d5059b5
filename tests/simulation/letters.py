"""L4: what waits to be sent is tried in time, and what is marked as sent did leave."""

from datetime import datetime, timedelta

from tests.simulation.quiet import held_wrongly

_L4 = timedelta(seconds=35)
# Two questions in one, each by its own index.
_WAITING = (
    "select d.key, d.alert_key, d.try_at, d.lease_until, d.state from deliveries d"
    " join alerts a on a.key = d.alert_key where d.state in ('planned', 'unknown')"
    " and a.state in ('raised', 'acknowledged', 'in_hand')"
    " union all select d.key, d.alert_key, d.try_at, d.lease_until, d.state from deliveries d"
    " join alerts a on a.key = d.alert_key where d.state = 'claimed'"
    " and a.state in ('raised', 'acknowledged', 'in_hand')"
)
_SETTLED = ("sent", "delivered", "failed")


class Letters:
    """Looks after a complete pass at what waits, and at what was settled since the one before."""

    def __init__(self, world, ledger) -> None:
        self._world = world
        self._ledger = ledger
        self._seen = 0  # up to this row, what is settled was looked at
        self._unsettled: set[int] = set()  # but for these

    def check(self, reading) -> None:
        """What waits now, and what is new among the settled; where it is complete, all of it."""
        self._in_time(reading)
        self._ledger.flaws += held_wrongly(reading._connection, self._world.timers_now, _L4)
        if self._ledger.complete:
            self.check_all(reading)
            return
        of = reading._connection.execute
        last = of("select max(rowid) as at from deliveries").fetchone()["at"] or 0
        self._seen = min(self._seen, last)  # the row that was last may be gone, its number free
        rows = of(
            "select rowid, key, state from deliveries where rowid > ?", (self._seen,)
        ).fetchall()
        for row in sorted(self._unsettled):
            rows += of("select rowid, key, state from deliveries where rowid = ?", (row,))
        self._left(rows)
        self._seen = last
        self._unsettled = {row["rowid"] for row in rows if row["state"] not in _SETTLED}

    def check_all(self, reading) -> None:
        """Every row there is."""
        self._left(reading._connection.execute("select key, state from deliveries").fetchall())

    def _left(self, rows) -> None:
        tries = self._world.outside.tries
        for row in rows:
            if row["state"] == "sent" and "sent" not in tries.get(row["key"], ()):
                self._ledger.say("L4", f"{row['key']} is marked as sent and never left")

    def _in_time(self, reading) -> None:
        """Whatever could not be sent about something urgent is tried again in time."""
        now = self._world.timers_now
        for row in reading._connection.execute(_WAITING).fetchall():
            known = self._ledger.alerts.get(row["alert_key"])
            until = datetime.fromisoformat(row["lease_until"] or row["try_at"])
            if row["state"] == "claimed" and now - until > _L4:
                self._ledger.say("L4", f"{row['key']} is claimed by nobody that lives")
            if known is not None and known.urgent and until - now > _L4:
                waits = int((until - now).total_seconds())
                words = f"{row['key']} is {row['state']} and waits another {waits} s"
                self._ledger.say("L4", words)
