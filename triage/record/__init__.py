"""The record: one append-only store of events on SQLite, with what they add up to.

Everything that happened is appended and chained; projections, the outbox and the operational
tables change in the same transaction. Only ``engine`` imports a SQLite module.
"""

from triage.record.errors import (
    BackupRefused,
    EngineRefused,
    ErasureHeld,
    IdempotencyConflict,
    NewerSchema,
    NoStore,
    OlderSchema,
    ReferenceInUse,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFailed,
    StoreFull,
    StoreReadOnly,
    UnknownEvent,
)
from triage.record.events import Actor, EventKind, Group, NewEvent, Recorded
from triage.record.migrating import migrate
from triage.record.outbox import PlanChange
from triage.record.rows import Alert, BoardRow, PersonRow, ScreeningRow, Stay
from triage.record.store import Reading, Record, Writing

__all__ = [
    "Actor",
    "Alert",
    "BackupRefused",
    "BoardRow",
    "EngineRefused",
    "ErasureHeld",
    "EventKind",
    "Group",
    "IdempotencyConflict",
    "NewEvent",
    "NewerSchema",
    "NoStore",
    "OlderSchema",
    "PersonRow",
    "PlanChange",
    "Reading",
    "Record",
    "Recorded",
    "ReferenceInUse",
    "ScreeningRow",
    "Stay",
    "StoreBusy",
    "StoreDamaged",
    "StoreError",
    "StoreFailed",
    "StoreFull",
    "StoreReadOnly",
    "UnknownEvent",
    "Writing",
    "migrate",
]
