"""What a rehearsal counted, as it may be shown to others."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from triage.domain.needs import ORDER
from triage.domain.rehearsal import Counted, Crossing, NeedChange, Rehearsal
from triage.domain.small_numbers import Shown, rounded, rounded_lines, rounded_total
from triage.rehearsal.coding import EPOCH
from triage.rehearsal.comparing import WAYS, Change, Counts, Tally
from triage.rehearsal.groups import DIMENSIONS


def summary(
    tally: Tally, *, old: str, new: str, checked: int, earlier: int, unreadable: int
) -> Rehearsal:
    """All that was counted, as it may leave the house: small numbers left out, the rest rounded."""
    changes = ((name, tally.changes[name]) for name in ORDER if name in tally.changes)
    groups = _by_group({name: tally.groups.get(name) for name in DIMENSIONS})
    return Rehearsal(
        old=old,
        new=new,
        screenings=_total(groups),
        first=_day(tally.first),
        last=_day(tally.last),
        checked=rounded(checked),
        earlier=rounded(earlier),
        unreadable=unreadable,
        groups=groups,
        needs=tuple(_need(name, change) for name, change in changes if change.seqs),
        rules=tuple(_crossings(tally.rules.items())),
        not_excluded=tuple(
            _crossings((name, tally.open[name]) for name in ORDER if name in tally.open)
        ),
    )


def _need(name: str, change: Change) -> NeedChange:
    before = _by_group(change.before)
    ways = {
        way: _by_group({name: counts[place] for name, counts in change.ways.items()})
        for place, way in enumerate(WAYS)
    }
    groups = {
        dimension: {
            group: Counted(before[dimension][group], {w: ways[w][dimension][group] for w in WAYS})
            for group in DIMENSIONS[dimension]
        }
        for dimension in DIMENSIONS
    }
    everybody = Counted(_total(before), {way: _total(by_group) for way, by_group in ways.items()})
    return NeedChange(name, everybody, groups, rounded(change.emergencies_lost))


def _by_group(counts: Mapping[str, Counts | None]) -> dict[str, Mapping[str, Shown]]:
    """The same people by each dimension; a line that would tell more than the others is hidden."""
    given = {name: counts[name] for name in DIMENSIONS}
    every = [[0] * len(DIMENSIONS[n]) if c is None else c.tolist() for n, c in given.items()]
    lines = zip(DIMENSIONS.items(), rounded_lines(every), strict=True)
    return {name: dict(zip(groups, line, strict=True)) for (name, groups), line in lines}


def _total(by_group: Mapping[str, Mapping[str, Shown]]) -> Shown:
    """How many they are, added up from the first dimension: it tells nothing more than that."""
    return rounded_total(tuple(by_group[next(iter(DIMENSIONS))].values()))


def _crossings(counted: Iterable[tuple[str, Counts]]) -> Iterable[Crossing]:
    """Only what changed for somebody."""
    for name, counts in counted:
        gains, loses = counts.tolist()
        if gains or loses:
            yield Crossing(name, rounded(gains), rounded(loses))


def _day(days: int | None) -> date | None:
    return None if days is None else EPOCH + timedelta(days=days)
