"""Claiming messages to send, one sender at a time, and noting how each try ended."""

from datetime import datetime, timedelta

from triage.record.deliveries import NEVER_AHEAD, NO_LEASE, Delivery, DeliveryState, delivery_of
from triage.record.engine import Connection
from triage.record.events import stamp, stamp_or_none


class ClaimWrites:
    """Claiming deliveries under a lease, and settling each try."""

    now: datetime
    _connection: Connection

    def expire_claims(self) -> int:
        """Mark claims whose lease ended as unknown, to be sent again as repeats; how many.

        A lease that ends further ahead than any lease can was given before the wall clock was
        set back: it is over too.
        """
        done = self._connection.execute(
            "update deliveries set state = 'unknown', repeat = 1, lease_until = null"
            " where state = 'claimed' and (lease_until <= :now or lease_until > :never)",
            {"now": stamp(self.now), "never": stamp(self.now + NO_LEASE)},
        )
        return int(done.rowcount)

    def hurry_deliveries(self) -> None:
        """Try now what waits, and end claims within a minute: their times came from a wrong clock.

        Whoever sends at this moment settles its claim as ever; it is not sent twice for this.
        """
        named = {"now": stamp(self.now), "until": stamp(self.now + NO_LEASE / 2)}
        self._connection.execute(
            "update deliveries set try_at = :now"
            " where state in ('planned', 'unknown') and try_at > :now",
            named,
        )
        self._connection.execute(
            "update deliveries set lease_until = :until"
            " where state = 'claimed' and lease_until > :until",
            named,
        )

    def claim_deliveries(
        self,
        limit: int,
        lease: timedelta,
        *,
        channel: str | None = None,
        stale: bool = False,
        planned_before: datetime | None = None,
        held: bool = False,
    ) -> tuple[Delivery, ...]:
        """Claim messages to send, of one channel or of all, the most severe alerts first.

        Each try is counted before it. ``stale`` claims only what was planned before a moment and
        is about no emergency, otherwise only the rest; without the moment nothing is stale.
        ``held`` claims only what was held for a shift, however late, otherwise all but that.
        """
        self.expire_claims()
        rows = self._connection.execute(
            "update deliveries set state = 'claimed', tries = tries + 1, lease_until = :until"
            " where key in (select d.key from deliveries d"
            " left join alerts a on a.key = d.alert_key"
            " where d.state in ('planned', 'unknown')"
            " and (d.try_at <= :now or d.try_at > :never)"
            " and (:channel is null or d.channel = :channel)"
            " and :held = (d.reference is not null)"
            " and (:held or :stale = (coalesce(a.level, '') not in ('A1', 'SYS1')"
            " and d.planned_at < coalesce(:before, '')))"
            " order by case a.level when 'A1' then 1 when 'SYS1' then 1 when 'A2' then 2"
            " when 'SYS2' then 2 when 'A3' then 3 else 4 end, d.try_at, d.rowid limit :limit)"
            " returning *, (select case level when 'A1' then 1 when 'SYS1' then 1"
            " when 'A2' then 2 when 'SYS2' then 2 when 'A3' then 3 else 4 end"
            " from alerts where alerts.key = deliveries.alert_key) as severity",
            {
                "now": stamp(self.now),
                "never": stamp(self.now + NEVER_AHEAD),
                "until": stamp(self.now + lease),
                "limit": limit,
                "channel": channel,
                "stale": int(stale),
                "before": stamp_or_none(planned_before),
                "held": int(held),
            },
        ).fetchall()
        rows.sort(key=lambda row: (row["severity"] or 5, row["try_at"], row["key"]))
        return tuple(delivery_of(row) for row in rows)

    def record_delivery(
        self,
        key: str,
        state: DeliveryState,
        *,
        outcome: str | None = None,
        reference: str | None = None,
        try_again_at: datetime | None = None,
    ) -> None:
        """Note how a try ended; ``try_again_at`` plans the next try under the same key."""
        self._connection.execute(
            "update deliveries set state = case when :again is null then :state else 'planned' end,"
            " outcome = :outcome, reference = coalesce(:reference, reference), lease_until = null,"
            " try_at = coalesce(:again, try_at),"
            " settled_at = case when :again is null then :now end where key = :key",
            {
                "key": key,
                "state": str(state),
                "outcome": outcome,
                "reference": reference,
                "again": stamp_or_none(try_again_at),
                "now": stamp(self.now),
            },
        )
