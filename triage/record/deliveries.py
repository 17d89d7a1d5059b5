"""Deliveries: each message is a row before it is sent, and carries one key through every try.

planned -> claimed (under a lease) -> sent -> delivered, or failed. A claim whose lease ends
without an outcome becomes unknown: it is sent again under the same key, marked as a repeat.
What may wait for somebody's shift is held before it is planned to be sent (``held``).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from triage.record.engine import Connection, Row
from triage.record.events import moment, moment_or_none, stamp


class DeliveryState(StrEnum):
    """Where one message stands."""

    PLANNED = "planned"
    HELD = "held"  # for the shift of somebody who is off duty
    CLAIMED = "claimed"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Delivery:
    """One message about one alert to one recipient by one channel."""

    key: str
    alert_key: str
    step: int
    round: int
    channel: str
    recipient: str
    state: DeliveryState
    planned_at: datetime
    try_at: datetime
    lease_until: datetime | None
    tries: int
    repeat: bool
    outcome: str | None
    reference: str | None  # the letter that carries it with others that were held, by its key
    settled_at: datetime | None


@dataclass(frozen=True)
class Failing:
    """A channel by which nothing has left since a moment, although something was tried."""

    channel: str
    since: datetime
    last_sent_at: datetime | None


NEVER_AHEAD = timedelta(minutes=10)  # no pause before a next try is as long
NO_LEASE = timedelta(minutes=1)  # and no lease is as long as this
OVERTAKEN = "overtaken"  # a later message about the same says it again
NOT_TRIED = ("no address", "not news")  # outcomes that say nothing about the channel itself


class DeliveryReads:
    """Reading deliveries."""

    _connection: Connection

    def deliveries(self, alert_key: str) -> tuple[Delivery, ...]:
        """Every message about one alert, in the order in which they were planned."""
        rows = self._connection.execute(
            "select * from deliveries where alert_key = :alert_key order by rowid",
            {"alert_key": alert_key},
        )
        return tuple(delivery_of(row) for row in rows)

    def last_delivery(self, alert_key: str, channel: str) -> Delivery | None:
        """The message about this that was planned last by this channel."""
        row = self._connection.execute(
            "select * from deliveries where alert_key = :alert_key and channel = :channel"
            " order by step desc limit 1",
            {"alert_key": alert_key, "channel": channel},
        ).fetchone()
        return None if row is None else delivery_of(row)

    def failed_deliveries(self, since: datetime) -> tuple[Delivery, ...]:
        """Messages that failed for good since a moment, newest first."""
        rows = self._connection.execute(
            "select * from deliveries where state = 'failed' and settled_at >= :since"
            " order by settled_at desc",
            {"since": stamp(since)},
        )
        return tuple(delivery_of(row) for row in rows)

    def channels_waiting(self, now: datetime) -> tuple[str, ...]:
        """The channels by which something is to be sent now, or whose sender has died."""
        rows = self._connection.execute(
            "select channel from deliveries where state in ('planned', 'unknown')"
            " and (try_at <= :now or try_at > :never) union select channel from deliveries"
            " where state = 'claimed' and (lease_until <= :now or lease_until > :no_lease)",
            {
                "now": stamp(now),
                "never": stamp(now + NEVER_AHEAD),
                "no_lease": stamp(now + NO_LEASE),
            },
        )
        return tuple(sorted(row["channel"] for row in rows))

    def channels_failing(self, since: datetime) -> tuple[Failing, ...]:
        """Channels of which every try after their last success has failed, planned since then.

        What was never tried, because nobody has an address or it was no news any more, does not
        count.
        """
        rows = self._connection.execute(
            "with sent as (select channel, max(settled_at) as at from deliveries"
            " where state in ('sent', 'delivered') group by channel)"
            " select d.channel, min(d.planned_at) as since, s.at as last from deliveries d"
            " left join sent s on s.channel = d.channel"
            " where d.tries > 0 and d.state in ('planned', 'unknown', 'failed')"
            " and d.planned_at >= :since and d.planned_at > coalesce(s.at, '')"
            " and coalesce(d.outcome, '') not in (:first, :second)"
            " group by d.channel order by d.channel",
            {"since": stamp(since), "first": NOT_TRIED[0], "second": NOT_TRIED[1]},
        )
        return tuple(
            Failing(row["channel"], moment(row["since"]), moment_or_none(row["last"]))
            for row in rows
        )


class DeliveryWrites:
    """Planning deliveries, and giving up those that are no news any more."""

    now: datetime
    _connection: Connection

    def plan_delivery(
        self,
        alert_key: str,
        *,
        step: int,
        round: int,
        channel: str,
        recipient: str,
        held_until: datetime | None = None,
    ) -> str | None:
        """Plan one message, or hold it until a moment; None when it was planned before."""
        key = f"{alert_key}:{step}:{round}:{channel}:{recipient}"
        done = self._connection.execute(
            "insert into deliveries (key, alert_key, step, round, channel, recipient, state,"
            " planned_at, try_at) values (:key, :alert_key, :step, :round, :channel, :recipient,"
            " :state, :now, :try_at) on conflict do nothing",
            {
                "key": key,
                "alert_key": alert_key,
                "step": step,
                "round": round,
                "channel": channel,
                "recipient": recipient,
                "state": str(DeliveryState.HELD if held_until else DeliveryState.PLANNED),
                "now": stamp(self.now),
                "try_at": stamp(held_until or self.now),
            },
        )
        return key if done.rowcount == 1 else None

    def settle_overtaken(self, planned_before: datetime) -> int:
        """Give up messages that a later one about the same alert, to the same role, says again.

        Only what has waited since before a moment, and only while the later one is still to be
        sent: after an outage each alert is heard of once, not once for each round; how many.
        """
        done = self._connection.execute(
            "update deliveries set state = 'failed', outcome = :overtaken, settled_at = :now"
            " where state in ('planned', 'unknown') and planned_at < :before"
            " and exists (select 1 from deliveries later where later.alert_key ="
            " deliveries.alert_key and later.channel = deliveries.channel"
            " and later.recipient = deliveries.recipient and later.state in ('planned', 'unknown')"
            " and later.rowid > deliveries.rowid)",
            {"overtaken": OVERTAKEN, "now": stamp(self.now), "before": stamp(planned_before)},
        )
        return int(done.rowcount)

    def forget_deliveries(self, alert_key: str, planned_before: datetime) -> int:
        """Forget the messages about this that were planned before a moment; how many."""
        done = self._connection.execute(
            "delete from deliveries where alert_key = :alert_key and planned_at < :before",
            {"alert_key": alert_key, "before": stamp(planned_before)},
        )
        return int(done.rowcount)

    def drop_unsent(self, alert_key: str) -> int:
        """Forget messages that were planned and never tried: the alert is over; how many.

        What was tried and then held is settled as any other try that is no news any more.
        """
        self._connection.execute(
            "update deliveries set state = 'planned', try_at = :now"
            " where alert_key = :alert_key and state = 'held' and tries > 0",
            {"alert_key": alert_key, "now": stamp(self.now)},
        )
        done = self._connection.execute(
            "delete from deliveries where alert_key = :alert_key"
            " and state in ('planned', 'held') and tries = 0",
            {"alert_key": alert_key},
        )
        return int(done.rowcount)


def delivery_of(row: Row) -> Delivery:
    """The row of one message as a value."""
    return Delivery(
        row["key"],
        row["alert_key"],
        row["step"],
        row["round"],
        row["channel"],
        row["recipient"],
        DeliveryState(row["state"]),
        moment(row["planned_at"]),
        moment(row["try_at"]),
        moment_or_none(row["lease_until"]),
        row["tries"],
        bool(row["repeat"]),
        row["outcome"],
        row["reference"],
        moment_or_none(row["settled_at"]),
    )
