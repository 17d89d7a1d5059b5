"""The faults meet the same records as the tests of the record."""

from tests.record.conftest import path, record

__all__ = ["path", "record"]
