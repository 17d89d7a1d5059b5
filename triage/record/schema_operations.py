"""The operational tables: what the service needs to run, and what no event tells."""

OPERATIONS = (
    """create table deliveries (
  key text primary key,
  alert_key text not null,
  step integer not null,
  round integer not null,
  channel text not null,
  recipient text not null,
  state text not null,
  planned_at text not null,
  try_at text not null,
  lease_until text,
  tries integer not null default 0,
  repeat integer not null default 0,
  outcome text,
  reference text,
  settled_at text,
  unique (alert_key, step, round, channel, recipient)
) strict""",
    """create index deliveries_to_send on deliveries (try_at)
  where state in ('planned', 'unknown')""",
    "create index deliveries_failed on deliveries (settled_at) where state = 'failed'",
    "create index deliveries_claimed on deliveries (lease_until) where state = 'claimed'",
    """create table drafts (
  stay text primary key,
  body text not null,
  saved_at text not null,
  account text not null
) strict""",
    """create table idempotency (
  key text not null,
  account text not null,
  body_hash text not null,
  status integer not null,
  ids text not null,
  at text not null,
  primary key (key, account)
) strict, without rowid""",
    "create index idempotency_by_age on idempotency (at)",
    """create table heartbeats (
  name text primary key,
  at text not null,
  detail text not null
) strict""",
    """create table leases (
  name text primary key,
  holder text not null,
  until text not null
) strict""",
    """create table accounts (
  account text primary key,
  name text not null,
  role text not null,
  suites text not null,
  password_hash text,
  active integer not null,
  made_at text not null
) strict""",
    """create table sessions (
  id_hash text primary key,
  account text not null references accounts (account),
  csrf text not null,
  terminal text,
  began_at text not null,
  last_seen_at text not null,
  ends_at text not null,
  ended_at text
) strict""",
    "create index sessions_of_account on sessions (account) where ended_at is null",
    """create table tokens (
  token_hash text primary key,
  terminal text not null,
  suites text not null,
  made_at text not null,
  revoked_at text
) strict""",
    """create table sign_in_links (
  link_hash text primary key,
  purpose text not null,
  account text,
  ends_at text not null,
  used_at text
) strict""",
    """create table login_failures (
  id integer primary key,
  account text not null,
  at text not null
) strict""",
    "create index login_failures_of_account on login_failures (account, at)",
    """create table rota (
  id text primary key,
  suite text not null,
  role text not null,
  account text,
  name text not null,
  contact text,
  starts_at text not null,
  ends_at text not null
) strict""",
    "create index rota_of_suite on rota (suite, role, ends_at)",
    """create table cover (
  account text primary key,
  cover_account text,
  reason text not null,
  until text not null
) strict""",
    """create table verified (
  one integer primary key check (one = 1),
  seq integer not null,
  hash blob not null,
  access_seq integer not null,
  access_hash blob not null,
  at text not null
) strict""",
)

TYPED = (
    # Who typed each answer of a draft, and in which state of it; null in one of an older release.
    "alter table drafts add column typed text",
    """create table drafts_recorded (
  stay text primary key,
  version integer not null,
  seq integer not null,
  accounts text not null
) strict""",
)
