"""What can go wrong with the store, each as one sentence that a person can act on.

StoreError
├── EngineRefused         this SQLite can lose an acknowledged write, or is set up wrongly
├── NoStore               there is no record at that path yet
├── OlderSchema           the record needs ``triage migrate`` first
├── NewerSchema           the record was written by a newer release
├── StoreBusy             another process holds the record; try again
├── StoreFull             the disk is full; nothing was recorded
├── StoreReadOnly         the file or its folder cannot be written
├── StoreDamaged          the file is not a healthy record
├── StoreFailed           the disk answered with an error; nothing was recorded
├── IdempotencyConflict   the same key came with another body
├── ReferenceInUse        that custody record or incident number has an open stay
├── ErasureHeld           a hold stops the erasure
├── UnknownEvent          an event names something that is not in the record
└── BackupRefused         a backup would overwrite something, or did not pass its checks
"""

from triage.domain.errors import TriageError


class StoreError(TriageError):
    """The base of everything that the store refuses or cannot do."""


class EngineRefused(StoreError):
    """This SQLite can lose an acknowledged write, or a connection is set up wrongly."""


class NoStore(StoreError):
    """There is no record at that path yet."""


class OlderSchema(StoreError):
    """The record needs its migrations first."""


class NewerSchema(StoreError):
    """The record was written by a newer release than this one."""


class StoreBusy(StoreError):
    """Another process or thread holds the record; nothing was written and a retry is safe."""


class StoreFull(StoreError):
    """The disk is full; nothing was recorded."""


class StoreReadOnly(StoreError):
    """The file or its folder cannot be written."""


class StoreDamaged(StoreError):
    """The file is not a healthy record."""


class StoreFailed(StoreError):
    """The disk answered with an error; nothing was recorded."""


class IdempotencyConflict(StoreError):
    """The same idempotency key came with another body."""


class ReferenceInUse(StoreError):
    """An open stay has that custody record, incident or reference number already."""

    def __init__(self, stay: str) -> None:
        self.stay = stay
        super().__init__(f"That number belongs to an open stay already: {stay}.")


class Unreadable(ValueError):
    """One part of one event is packed in no way that is known, or was damaged.

    It is no StoreError: the store is well, and everybody else's record goes on.
    """


class ErasureHeld(StoreError):
    """A hold stops the erasure."""


class UnknownEvent(StoreError):
    """An event names an event, an alert or a group that is not in the record."""


class BackupRefused(StoreError):
    """A backup would overwrite something, or the copy did not pass its checks."""
