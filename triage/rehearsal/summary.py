"""What a rehearsal counted, as it may be shown to others."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from triage.domain.needs import ORDER
from triage.domain.rehearsal import Counted, Crossing, NeedChange, Rehearsal, Way
from triage.domain.small_numbers import Shown, shown, shown_parts
from triage.rehearsal.coding import EPOCH
from triage.rehearsal.comparing import WAYS, Change, Counts, Tally
from triage.rehearsal.groups import DIMENSIONS


def summary(
    tally: Tally, *, old: str, new: str, checked: int, earlier: int, unreadable: int
) -> Rehearsal:
    """All that was counted, with small numbers left out."""
    changes = ((name, tally.changes[name]) for name in ORDER if name in tally.changes)
    return Rehearsal(
        old=old,
        new=new,
        screenings=tally.rows,
        first=_day(tally.first),
        last=_day(tally.last),
        checked=checked,
        earlier=earlier,
        unreadable=unreadable,
        groups={name: _by_group(name, counts.tolist()) for name, counts in tally.groups.items()},
        needs=tuple(_need(name, change) for name, change in changes if change.seqs),
        rules=tuple(_crossings(tally.rules.items())),
        not_excluded=tuple(
            _crossings((name, tally.open[name]) for name in ORDER if name in tally.open)
        ),
    )


def _need(name: str, change: Change) -> NeedChange:
    groups = {dimension: _groups(change, dimension) for dimension in DIMENSIONS}
    first = next(iter(DIMENSIONS))
    totals = change.ways[first].sum(axis=1).tolist()
    everybody = Counted(
        shown(int(change.before[first].sum())),
        {way: shown(total) for way, total in zip(WAYS, totals, strict=True)},
    )
    return NeedChange(name, everybody, groups, shown(change.emergencies_lost))


def _groups(change: Change, dimension: str) -> Mapping[str, Counted]:
    """The counts of each group. Each column adds up to a total that is shown."""
    before = _by_group(dimension, change.before[dimension].tolist())
    ways: dict[Way, Mapping[str, Shown]] = {
        way: _by_group(dimension, counts)
        for way, counts in zip(WAYS, change.ways[dimension].tolist(), strict=True)
    }
    return {
        group: Counted(before[group], {way: ways[way][group] for way in WAYS})
        for group in DIMENSIONS[dimension]
    }


def _by_group(dimension: str, counts: Sequence[int]) -> Mapping[str, Shown]:
    return dict(zip(DIMENSIONS[dimension], shown_parts(counts), strict=True))


def _crossings(counted: Iterable[tuple[str, Counts]]) -> Iterable[Crossing]:
    """Only what changed for somebody."""
    for name, counts in counted:
        gains, loses = counts.tolist()
        if gains or loses:
            yield Crossing(name, shown(gains), shown(loses))


def _day(days: int | None) -> date | None:
    return None if days is None else EPOCH + timedelta(days=days)
