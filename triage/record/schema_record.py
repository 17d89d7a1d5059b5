"""The part of the store that only ever grows: events, payloads, erasures, access log, rulebooks.

Triggers stop accidents; somebody who has the file can remove them, and then the chain tells.
"""

EVENTS = (
    """create table store (
  name text primary key,
  value text not null
) strict""",
    """create table events (
  seq integer primary key,
  kind text not null,
  stay text,
  person text,
  occurred_at text not null,
  recorded_at text not null,
  account text not null,
  actor text not null,
  role text not null,
  terminal text,
  corrects integer references events (seq),
  header text not null,
  digests text not null,
  prev blob not null,
  hash blob not null
) strict""",
    "create index events_of_stay on events (stay) where stay is not null",
    "create index events_of_person on events (person) where person is not null",
    "create index events_correcting on events (corrects) where corrects is not null",
    """create index events_that_are_rare on events (kind) where kind in (
  'handover_signed', 'rulebook_adopted', 'clock_stepped', 'imported', 'erased',
  'hold_placed', 'hold_lifted', 'access_granted')""",
    """create table payloads (
  seq integer not null references events (seq),
  "group" text not null,
  salt blob not null,
  body blob not null,
  unique (seq, "group")
) strict""",
    """create table erasures (
  seq integer not null references events (seq),
  "group" text not null,
  by_seq integer not null references events (seq),
  primary key (seq, "group")
) strict, without rowid""",
    """create table access_log (
  seq integer primary key,
  at text not null,
  account text not null,
  actor text not null,
  role text not null,
  terminal text,
  operation text not null,
  what text not null,
  stay text,
  purpose text,
  recipients text not null,
  prev blob not null,
  hash blob not null
) strict""",
    "create index access_to_stay on access_log (stay) where stay is not null",
    """create table rulebooks (
  fingerprint text primary key,
  signed integer not null,
  adopted_at text not null
) strict""",
    """create table rulebook_files (
  fingerprint text not null references rulebooks (fingerprint),
  path text not null,
  digest text not null references rulebook_texts (digest),
  primary key (fingerprint, path)
) strict, without rowid""",
    """create table rulebook_texts (
  digest text primary key,
  body blob not null
) strict""",
)

PUBLISHED = (
    "create index events_that_were_published on events (kind) where kind = 'figures_published'"
)

PACKED = (
    # From here on an event keeps its header and its hashes in ``more``, packed; what the first
    # release wrote stays as it is, because events are never edited. Both hash alike.
    "alter table events add column more blob",
    """create table packings (
  name text primary key,
  words blob not null
) strict""",
)

TRIGGERS = {
    "events_are_appended": """create trigger events_are_appended before insert on events
when new.seq is not (select coalesce(max(seq), 0) + 1 from events)
begin select raise(abort, 'events are appended at the end, nowhere else'); end""",
    "events_are_not_edited": """create trigger events_are_not_edited before update on events
begin select raise(abort, 'events are never edited: append a correction'); end""",
    "events_are_not_deleted": """create trigger events_are_not_deleted before delete on events
begin select raise(abort, 'events are never deleted'); end""",
    "payloads_are_not_edited": """create trigger payloads_are_not_edited before update on payloads
begin select raise(abort, 'payloads are never edited: append a correction'); end""",
    "payloads_go_by_erasure": """create trigger payloads_go_by_erasure before delete on payloads
when not exists (select 1 from erasures where seq = old.seq and "group" = old."group")
begin select raise(abort, 'payloads are deleted only by an erased event'); end""",
    "erasures_need_an_event": """create trigger erasures_need_an_event before insert on erasures
when not exists (select 1 from events where seq = new.by_seq and kind = 'erased')
begin select raise(abort, 'an erasure needs its erased event'); end""",
    "erasures_are_not_edited": """create trigger erasures_are_not_edited before update on erasures
begin select raise(abort, 'erasures are never edited'); end""",
    "erasures_are_not_deleted": """create trigger erasures_are_not_deleted before delete on erasures
begin select raise(abort, 'erasures are never deleted'); end""",
    "access_is_appended": """create trigger access_is_appended before insert on access_log
when new.seq is not (select coalesce(max(seq), 0) + 1 from access_log)
begin select raise(abort, 'the access log is appended at the end, nowhere else'); end""",
    "access_is_not_edited": """create trigger access_is_not_edited before update on access_log
begin select raise(abort, 'the access log is never edited'); end""",
    "access_is_not_deleted": """create trigger access_is_not_deleted before delete on access_log
begin select raise(abort, 'the access log is never deleted'); end""",
    "rulebook_texts_are_kept": """create trigger rulebook_texts_are_kept
before delete on rulebook_texts begin select raise(abort, 'rulebook texts are kept'); end""",
    "rulebook_texts_stand": """create trigger rulebook_texts_stand
before update on rulebook_texts begin select raise(abort, 'rulebook texts stand'); end""",
}
