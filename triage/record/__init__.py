"""The record: one append-only store of events on SQLite, with what they add up to.

Everything that happened is appended and chained; projections, the outbox and the operational
tables change in the same transaction. Only ``engine`` imports a SQLite module.
"""

from triage.record.access import Access, Operation
from triage.record.account_rows import Account, Link, Session, Shown, Token
from triage.record.backups import BackedUp, Drill, Restored, backup, restore, restore_drill
from triage.record.deliveries import Delivery, DeliveryState
from triage.record.drafts import Draft, DraftRecorded
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
from triage.record.health import Health, Where, healthcheck, where
from triage.record.migrating import migrate
from triage.record.operations import Cover, Duty, Heartbeat, Remembered
from triage.record.outbox import PlanChange
from triage.record.rebuilding import Rebuilt, rebuild
from triage.record.rows import Alert, BoardRow, PersonRow, ScreeningRow, Stay
from triage.record.store import Reading, Record, Writing
from triage.record.verification import Difference, Verification, verify
from triage.record.walking import Flaw

__all__ = [
    "Access",
    "Account",
    "Actor",
    "Alert",
    "BackedUp",
    "BackupRefused",
    "BoardRow",
    "Cover",
    "Delivery",
    "DeliveryState",
    "Difference",
    "Draft",
    "DraftRecorded",
    "Drill",
    "Duty",
    "EngineRefused",
    "ErasureHeld",
    "EventKind",
    "Flaw",
    "Group",
    "Health",
    "Heartbeat",
    "IdempotencyConflict",
    "Link",
    "NewEvent",
    "NewerSchema",
    "NoStore",
    "OlderSchema",
    "Operation",
    "PersonRow",
    "PlanChange",
    "Reading",
    "Rebuilt",
    "Record",
    "Recorded",
    "ReferenceInUse",
    "Remembered",
    "Restored",
    "ScreeningRow",
    "Session",
    "Shown",
    "Stay",
    "StoreBusy",
    "StoreDamaged",
    "StoreError",
    "StoreFailed",
    "StoreFull",
    "StoreReadOnly",
    "Token",
    "UnknownEvent",
    "Verification",
    "Where",
    "Writing",
    "backup",
    "healthcheck",
    "migrate",
    "rebuild",
    "restore",
    "restore_drill",
    "verify",
    "where",
]
