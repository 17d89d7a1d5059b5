"""The delay ledger: minutes by partner and agreed reason over many detentions, never by a worker.

Waits overlap, so the lines of a ledger are not parts of a whole and are never summed across
partners. Minutes in which nobody was recorded as waited for are "unattributed": nobody's.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from triage.domain.clocks import Delay


@dataclass(frozen=True)
class LedgerLine:
    """One partner and one agreed reason: how many minutes, in which records."""

    partner: str
    reason: str
    minutes: int
    records: tuple[str, ...]

    @property
    def code(self) -> str:
        """The agreed code of this reason."""
        return f"{self.partner}.{self.reason}"


def ledger(detentions: Iterable[tuple[str, Iterable[Delay]]]) -> tuple[LedgerLine, ...]:
    """The lines over all detentions, each named by its record; the longest first.

    One record stands once in a line, however many of its delays the line sums.
    """
    minutes: dict[tuple[str, str], int] = {}
    records: dict[tuple[str, str], dict[str, None]] = {}
    for record, delays in detentions:
        for delay in delays:
            key = (delay.partner, delay.reason)
            minutes[key] = minutes.get(key, 0) + delay.minutes
            records.setdefault(key, {})[record] = None
    lines = [LedgerLine(*key, spent, tuple(records[key])) for key, spent in minutes.items()]
    return tuple(sorted(lines, key=lambda line: (-line.minutes, line.code)))
