"""Rehearsal of a changed rulebook over recorded screenings: who would gain a flag, who lose one.

``code`` turns one screening into some eighty bytes, which stand beside it in the record. ``twin``
evaluates many of them at once; its verdicts are held against the core on a sample of every run.
Only ``coding`` is imported by whoever records: the rest needs numpy.
"""

from triage.rehearsal.coding import Coding, CodingUnknown, code, coding_of

__all__ = ["Coding", "CodingUnknown", "code", "coding_of"]
