"""Our own reading of quiet hours: who is on duty when, and which messages may wait for them.

It knows the hours of the four suites by heart, the rota by its rows, and nothing of the casework.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from triage.record.events import stamp

MAY_WAIT = ("screening", "referral", "release", "handover", "assessment_begins")
LEASE = timedelta(seconds=30)
_LONDON = ZoneInfo("Europe/London")
_HELD = (
    "select d.key, d.recipient, a.level, a.source, a.suite from alerts a"
    " join deliveries d on d.alert_key = a.key where d.state = 'held'"
    " and a.state in ('raised', 'acknowledged', 'in_hand')"
)
_SENT = (
    "select d.key, d.recipient, d.lease_until, a.level, a.source, a.suite from deliveries d"
    " join alerts a on a.key = d.alert_key where d.key = ?"
)
_ON_ROTA = (
    "select 1 from rota where suite = :suite and role = :role"
    " and starts_at <= :at and ends_at > :at"
)


def held_wrongly(connection, now: datetime, slack: timedelta):
    """What is held and must not be: each with its flaw, after a complete pass."""
    for row in connection.execute(_HELD).fetchall():
        if not _may_wait(row):
            yield f"I11 {row['key']} ({row['level']}, {row['source']}) is held by quiet hours"
        elif _there(connection, row, now) and _there(connection, row, now - slack):
            yield f"L4 {row['key']} is held for somebody who is on duty"


def sent_wrongly(connection, key: str):
    """A message that leaves now and should have waited for the shift of whoever it is for."""
    row = connection.execute(_SENT, (key,)).fetchone()
    if row is None or row["lease_until"] is None or not _may_wait(row):
        return
    claimed_at = datetime.fromisoformat(row["lease_until"]) - LEASE
    if not _there(connection, row, claimed_at):
        yield f"I11 {key} left for somebody who is off duty"


def _may_wait(row) -> bool:
    return row["level"] == "A3" and row["source"] in MAY_WAIT


def _there(connection, row, at: datetime) -> bool:
    wall = at.astimezone(_LONDON)
    by_hours = {
        "liaison_nurse": 8 <= wall.hour < 22,
        "lead_nurse": 9 <= wall.hour < 17 and wall.weekday() < 5,
    }.get(row["recipient"], True)
    named = {"suite": row["suite"], "role": row["recipient"], "at": stamp(at)}
    return by_hours or connection.execute(_ON_ROTA, named).fetchone() is not None
