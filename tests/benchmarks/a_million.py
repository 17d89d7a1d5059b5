"""Bulk for the benchmarks: closed history made by SQL, as no honest writer could.

Hashes are not real, so a record with this history is for timing alone.
"""

from triage.record.engine import Connection
from triage.record.packing import pack_words
from triage.record.schema_record import TRIGGERS

_SAID = {
    "words": pack_words("Ask again about drugs and see that a nurse was offered"),
    "need": pack_words("mental_health"),
    "to_roles": pack_words('["custody_sergeant"]'),
}
OPEN_STAYS = """
with recursive n (i) as (select 1 union all select i + 1 from n where i < :stays)
insert into stays (id, person, kind, suite, nation, reference_kind, reference, opened_at,
  closed_at, stage, place, cell, training, identity, opened_seq, shaped_at, shaped_seq)
select 's-' || :mark || i, 'p-' || :mark || i, 'custody', 'suite-' || (i % 20), 'england',
  'custody_record', 'TRAINING/' || :mark || i, '2026-10-24T19:00:00.000000Z',
  case when :closed then '2026-10-24T23:00:00.000000Z' end, 'arrest', 'police_station', '7', 1,
  '{"initials":"TR","name":"Training person","reference":"TRAINING/' || :mark || i || '"}', i,
  '2026-10-24T19:00:00.000000Z', i
from n
"""
ALERTS = """
with recursive n (i) as (select 1 union all select i + 1 from n where i < :stays)
insert into alerts (key, stay, suite, source, step, episode, need, level, due_at, to_roles,
  words, state)
select 's-' || :mark || i || ':' || :source || ':1', 's-' || :mark || i, 'suite-' || (i % 20),
  :source, 'due', '1', :need, 'A2', :due_at, :to_roles, :words, :state
from n
"""
EVENTS = """
with recursive n (i) as (select :first union all select i + 1 from n where i < :last)
insert into events (seq, kind, stay, person, occurred_at, recorded_at, account, actor, role,
  terminal, corrects, header, digests, prev, hash)
select i, 'screening_saved', 's-old' || (i / 3), null, '2026-10-24T19:00:00.000000Z',
  '2026-10-24T19:00:00.000000Z', 'okafor', 'PS Okafor', 'custody_sergeant', 'castle-desk-1',
  null, '{"status":"complete"}', '{}', zeroblob(32), randomblob(32)
from n
"""
PAYLOADS = """
with recursive n (i) as (select :first union all select i + 1 from n where i < :last)
insert into payloads (seq, "group", salt, body) select i, 'police', randomblob(16),
  randomblob(1000) from n
"""
SCREENINGS = """
with recursive n (i) as (select :first union all select i + 1 from n where i < :last)
insert into screenings (seq, stay, version) select i, 's-old' || (i / 3), 1 from n
"""


def add_stays(connection: Connection, stays: int, *, closed: bool) -> None:
    """So many stays with their alerts, open ones planned and raised, closed ones all over."""
    named = {"stays": stays, "mark": "old" if closed else "now", "closed": closed}
    connection.execute("begin")
    connection.execute(OPEN_STAYS, named)
    for source, state, due in (
        ("visit", "closed" if closed else "raised", "2026-10-24T19:30:00.000000Z"),
        ("screen", "closed" if closed else "planned", "2026-10-24T20:30:00.000000Z"),
    ):
        row = {"source": source, "state": state, "due_at": due, **_SAID}
        connection.execute(ALERTS, {**named, **row})
    connection.execute("commit")


def add_screenings(connection: Connection, screenings: int) -> None:
    """So many screenings after those that stand, in events, payloads and projection."""
    first = connection.execute("select coalesce(max(seq), 0) + 1 from events").fetchone()[0]
    connection.execute("drop trigger events_are_appended")
    for start in range(first, first + screenings, 100_000):
        last = min(start + 100_000, first + screenings) - 1
        connection.execute("begin")
        for statement in (EVENTS, PAYLOADS, SCREENINGS):
            connection.execute(statement, {"first": start, "last": last})
        connection.execute("commit")
    connection.execute(TRIGGERS["events_are_appended"])
    connection.execute("pragma wal_checkpoint(truncate)")
