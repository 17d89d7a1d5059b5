"""The projections: what the events add up to. ``rebuild`` makes the same rows from the events.

What is open is found through partial indexes, which cost nothing for what is closed: a board
over a million closed stays reads only the open ones.
"""

PROJECTIONS = (
    """create table people (
  id text primary key,
  made_at text,
  made_seq integer,
  identity text
) strict""",
    """create table links (
  person text not null,
  other text not null,
  seq integer not null,
  primary key (person, other)
) strict, without rowid""",
    "create index links_back on links (other)",
    """create table stays (
  id text primary key,
  person text,
  kind text,
  suite text,
  nation text,
  reference_kind text,
  reference text,
  opened_at text,
  closed_at text,
  stage text,
  place text,
  cell text,
  training integer not null,
  identity text,
  opened_seq integer,
  screening integer,
  screened_at text,
  screening_status text,
  screening_urgency text,
  shaped_at text,
  shaped_seq integer
) strict""",
    """create index stays_open on stays (suite, opened_at)
  where closed_at is null and opened_at is not null""",
    """create index stays_open_by_reference on stays (reference)
  where closed_at is null and reference is not null""",
    "create index stays_of_person on stays (person) where person is not null",
    """create table screenings (
  seq integer primary key,
  stay text not null,
  version integer not null,
  at text not null,
  status text,
  stage text,
  urgency text,
  rulebook text
) strict""",
    "create index screenings_of_stay on screenings (stay)",
    """create table screening_codes (
  seq integer primary key,
  codes blob not null
) strict""",
    """create table detention_events (
  seq integer primary key,
  stay text not null,
  kind text,
  at text not null,
  corrects integer
) strict""",
    "create index detention_events_of_stay on detention_events (stay)",
    """create table decisions (
  seq integer primary key,
  stay text not null,
  route text,
  decision text,
  at text not null
) strict""",
    "create index decisions_of_stay on decisions (stay)",
    """create table consents (
  seq integer primary key,
  stay text not null,
  recipient text,
  given text,
  at text not null
) strict""",
    "create index consents_of_stay on consents (stay)",
    """create table visits (
  seq integer primary key,
  stay text not null,
  kind text not null,
  at text not null
) strict""",
    "create index visits_of_stay on visits (stay)",
    """create table releases (
  seq integer primary key,
  stay text not null,
  kind text not null,
  at text not null
) strict""",
    "create index releases_of_stay on releases (stay)",
    """create table holds (
  seq integer primary key,
  stay text,
  person text,
  reason text,
  lifted_by integer
) strict""",
    "create index holds_standing on holds (stay, person) where lifted_by is null",
    """create table alerts (
  key text primary key,
  stay text,
  suite text,
  source text not null,
  step text not null,
  episode text not null,
  need text,
  level text not null,
  due_at text not null,
  to_roles text not null,
  words text,
  clinical integer not null default 0,
  state text not null,
  raised_at text,
  raised_seq integer,
  late_seconds integer not null default 0,
  count integer not null default 1,
  chain_step integer not null default 0,
  step_due_at text,
  round integer not null default 0,
  ack_kind text,
  ack_by text,
  ack_at text,
  police_ack_at text,
  clinical_ack_at text,
  acted_by text,
  acted_at text,
  closed_by text,
  closed_at text,
  closed_reason text,
  last_seq integer
) strict""",
    "create index alerts_of_stay on alerts (stay)",
    "create index alerts_planned on alerts (due_at) where state = 'planned'",
    """create index alerts_open on alerts (suite, level)
  where state in ('raised', 'acknowledged', 'in_hand')""",
    """create index alerts_climbing on alerts (step_due_at)
  where state in ('raised', 'acknowledged', 'in_hand') and step_due_at is not null""",
)

# The words of an alert were kept as text before; now they are packed like what they come from.
ALERTS_PACKED = (
    "alter table alerts rename to alerts_before",
    "drop index alerts_of_stay",
    "drop index alerts_planned",
    "drop index alerts_open",
    "drop index alerts_climbing",
    """create table alerts (
  key text primary key,
  stay text,
  suite text,
  source text not null,
  step text not null,
  episode text not null,
  need text,
  level text not null,
  due_at text not null,
  to_roles text not null,
  words blob,
  clinical integer not null default 0,
  state text not null,
  raised_at text,
  raised_seq integer,
  late_seconds integer not null default 0,
  count integer not null default 1,
  chain_step integer not null default 0,
  step_due_at text,
  round integer not null default 0,
  ack_kind text,
  ack_by text,
  ack_at text,
  police_ack_at text,
  clinical_ack_at text,
  acted_by text,
  acted_at text,
  closed_by text,
  closed_at text,
  closed_reason text,
  last_seq integer
) strict""",
    "create index alerts_of_stay on alerts (stay)",
    "create index alerts_planned on alerts (due_at) where state = 'planned'",
    """create index alerts_open on alerts (suite, level)
  where state in ('raised', 'acknowledged', 'in_hand')""",
    """create index alerts_climbing on alerts (step_due_at)
  where state in ('raised', 'acknowledged', 'in_hand') and step_due_at is not null""",
    "insert into alerts select key, stay, suite, source, step, episode, need, level, due_at,"
    " to_roles, packed(words), clinical, state, raised_at, raised_seq, late_seconds, count,"
    " chain_step, step_due_at, round, ack_kind, ack_by, ack_at, police_ack_at, clinical_ack_at,"
    " acted_by, acted_at, closed_by, closed_at, closed_reason, last_seq from alerts_before",
    "drop table alerts_before",
)

# What an alert says is packed as one kind of thing: its words, its needs, to whom. A screening's
# event is read with its row, and says what the row said again.
NARROWER = (
    "alter table alerts add column needs blob",
    "alter table alerts add column roles blob",
    "update alerts set words = packed_anew(words), needs = packed(need), roles = packed(to_roles)",
    "alter table alerts drop column need",
    "alter table alerts drop column to_roles",
    "alter table alerts rename column needs to need",
    "alter table alerts rename column roles to to_roles",
    "alter table screenings drop column at",
    "alter table screenings drop column status",
    "alter table screenings drop column stage",
    "alter table screenings drop column urgency",
    "alter table screenings drop column rulebook",
)
