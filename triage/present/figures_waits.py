"""The three waits as tables: each leg, officers x hours, and by suite, place, hour and week."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from triage.domain import legs
from triage.domain.legs import Group, Measured, Summary
from triage.domain.small_numbers import Shown, shown
from triage.domain.waits import WaitKind
from triage.present import review_words as words
from triage.present.figure_cells import (
    Cell,
    Line,
    Sheet,
    count_cell,
    count_text,
    counts_of,
    time_cell,
)

_ENOUGH_FOR_MEDIAN, _ENOUGH_FOR_NINETIETH = 5, 10
# What a group tells of which leg.
GROUP_LEGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"assessment_begins": ("median",), "whole": ("median", "ninetieth")}
)


def waits_sheet(measured: Sequence[Measured], kind: WaitKind, *, leaving: bool) -> Sheet:
    """One kind of wait: each leg with its median, ninetieth, longest, and what is missing."""
    everybody = legs.report(measured, kind, "all")
    if leaving and everybody and 0 < len(everybody[0].records) < _ENOUGH_FOR_MEDIAN:
        caption = f"{words.WAITS[kind]}: {words.FEW} in all"
        return Sheet(f"waits_{kind}", caption, "Leg", (), (), words.TOO_FEW)
    columns = ("Finished", "Median", "90th", "Longest", "Still waiting", "Not recorded",
               "Wrong order")  # fmt: skip
    lines = [
        _leg_line(f"{kind}.{summary.leg}", words.LEGS[summary.leg], group, summary, leaving=leaving)
        for group in everybody
        for summary in group.legs
    ]
    count = len(everybody[0].records) if everybody else 0
    total = count_text(shown(count)) if leaving else str(count)
    caption = f"{words.WAITS[kind]}: {total} in all"
    return Sheet(f"waits_{kind}", caption, "Leg", columns, tuple(lines), words.NINETIETH)


def leg_counts(group: Group, leg: Summary, *, leaving: bool) -> tuple[Shown, ...]:
    """Finished, open, not recorded, out of order, and did not arise: the parts of a group."""
    listed = (leg.finished, leg.open, leg.not_recorded, leg.out_of_order)
    absent = len(group.records) - sum(len(each) for each in listed)
    return counts_of([*(len(each) for each in listed), absent], leaving=leaving)


def finished_is_shown(measured: Sequence[Measured], kind: WaitKind, leg: str) -> bool:
    """Whether what leaves says how many waits of this kind finished this leg."""
    everybody = legs.report(measured, kind, "all")
    if not everybody:
        return True
    [summary] = [each for each in everybody[0].legs if each.leg == leg]
    return leg_counts(everybody[0], summary, leaving=True)[0].count is not None


def _leg_line(key: str, label: str, group: Group, leg: Summary, *, leaving: bool) -> Line:
    listed = (leg.finished, leg.open, leg.not_recorded, leg.out_of_order)
    counts = leg_counts(group, leg, leaving=leaving)
    told = Shown(len(leg.finished)) if _tells_enough(counts) else counts[0]
    names = ("finished", "open", "not_recorded", "out_of_order")
    made = {
        name: count_cell(f"{key}.{name}", count, records, leaving=leaving)
        for name, count, records in zip(names, counts[:4], listed, strict=True)
    }
    times = _times(key, leg, told, leaving=leaving)
    return Line(label, (made["finished"], *times, made["open"], made["not_recorded"],
                        made["out_of_order"]))  # fmt: skip


def _tells_enough(counts: Sequence[Shown]) -> bool:
    """Whether the first count is known to be no small one, though it may be left out.

    A count that is left out beside "fewer than 5" is five or more; where no part of the line is
    shown, nobody can tell, and then its times are left out too.
    """
    return not counts[0].few and any(each.few or each.count is not None for each in counts)


def _times(key: str, leg: Summary, count: Shown, *, leaving: bool) -> tuple[Cell, Cell, Cell]:
    kept = () if leaving else leg.finished
    many = len(leg.finished) if count.count is not None else 0
    median = leg.median if not leaving or many >= _ENOUGH_FOR_MEDIAN else None
    ninetieth = leg.ninetieth if not leaving or many >= _ENOUGH_FOR_NINETIETH else None
    longest = None if leaving else leg.longest  # the longest wait is one person's
    return (
        time_cell(f"{key}.median", median, kept, leaving=leaving, exists=leg.median is not None),
        time_cell(
            f"{key}.ninetieth", ninetieth, kept, leaving=leaving, exists=leg.median is not None
        ),
        time_cell(f"{key}.longest", longest, kept, leaving=leaving, exists=leg.median is not None),
    )


def officers_sheet(measured: Sequence[Measured], *, leaving: bool) -> Sheet:
    """Officers x hours, where somebody said how many officers waited."""
    hours = legs.officer_hours(measured)
    both = [len(hours.counted), len(hours.not_counted)]
    total = not leaving or finished_is_shown(measured, WaitKind.OFFICERS, "whole")
    counts = counts_of(both, leaving=leaving, total_shown=total)
    spent = hours.seconds if not leaving or counts[0].count else None
    exists = bool(hours.counted)
    cells = (
        count_cell("officers.counted", counts[0], hours.counted, leaving=leaving),
        time_cell("officers.hours", spent, hours.counted, leaving=leaving, exists=exists),
        count_cell("officers.not_counted", counts[1], hours.not_counted, leaving=leaving),
    )
    columns = ("Waits counted", "Officers x hours", "Number of officers not recorded")
    lines = (Line("Officers", cells),) if hours.counted or hours.not_counted else ()
    return Sheet("officers_hours", "Officers x hours", "Who", columns, lines)


def groups_sheet(measured: Sequence[Measured], kind: WaitKind, by: str, *, leaving: bool) -> Sheet:
    """One kind of wait by suite, place, hour or week."""
    groups = legs.report(measured, kind, by)
    counts = counts_of([len(group.records) for group in groups], leaving=leaving)
    columns = ("Waits", "Median to assessment", "Median whole wait", "90th whole wait")
    kept = {leg: not leaving or medians_tell_nothing(groups, counts, leg) for leg in GROUP_LEGS}
    lines = tuple(
        Line(words.group(by, group.value), _group_cells(kind, group, count, kept, leaving=leaving))
        for group, count in zip(groups, counts, strict=True)
    )
    name = words.GROUPS[by]
    caption = f"{words.WAITS[kind]}, by {name[:1].lower()}{name[1:]}"
    return Sheet(f"{kind}_by_{by}", caption, words.GROUPS[by], columns, lines)


def medians_tell_nothing(groups: Sequence[Group], counts: Sequence[Shown], leg: str) -> bool:
    """Whether the medians of a leg may be shown by group, for all that they say about counts.

    A median that is shown says that five or more finished, one that is not that one to four did.
    With how many finished in all, that must leave every such group all its four values.
    """
    finished = [len(s.finished) for group in groups for s in group.legs if s.leg == leg]
    total = sum(finished)
    ranges = [_told_by_median(done, count) for done, count in zip(finished, counts, strict=True)]
    least, most = sum(each[0] for each in ranges), sum(each[1] for each in ranges)
    return all(
        least - low <= total - value <= most - high
        for done, (low, high) in zip(finished, ranges, strict=True)
        if 0 < done < _ENOUGH_FOR_MEDIAN and low < high
        for value in range(low, high + 1)
    )


def _told_by_median(done: int, count: Shown) -> tuple[int, int]:
    """Between which numbers of finished waits a reader of one group's median is left."""
    if count.count is None or done == 0:
        return (done, done)  # nothing is left open here, to be on the safe side
    if done < _ENOUGH_FOR_MEDIAN:
        return (1, min(_ENOUGH_FOR_MEDIAN - 1, count.count))
    return (_ENOUGH_FOR_MEDIAN, count.count)


def _group_cells(
    kind: WaitKind, group: Group, count: Shown, kept: Mapping[str, bool], *, leaving: bool
) -> tuple[Cell, ...]:
    key = f"{kind}.{group.by}.{group.value}"
    by_leg = {leg.leg: leg for leg in group.legs}
    cells = [count_cell(f"{key}.waits", count, group.records, leaving=leaving)]
    for name in GROUP_LEGS:
        leg = by_leg[name]
        if not kept[name]:
            cells += [Cell(f"{key}.{name}.{each}", words.HIDDEN) for each in GROUP_LEGS[name]]
            continue
        # A hidden group hides its times; a shown one with few finished waits does too.
        few = shown(len(leg.finished)) if count.count is not None else count
        median, ninetieth, _ = _times(f"{key}.{name}", leg, few, leaving=leaving)
        cells += [median] if name == "assessment_begins" else [median, ninetieth]
    return tuple(cells)
