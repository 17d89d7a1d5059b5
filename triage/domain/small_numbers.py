"""Small numbers are not shown, and not so that a total gives them away.

A count of one to four could point at somebody in a suite. It is shown as "fewer than 5". Where the
rest of its line and a total would tell which of the four it is, other counts are left out too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_SHOWN = 5


@dataclass(frozen=True)
class Shown:
    """A count as it may be shown: itself, or only that it is fewer than five, or not at all."""

    count: int | None
    few: bool = False


def shown(count: int) -> Shown:
    """One count that is part of no total."""
    return Shown(None, few=True) if 0 < count < LEAST_SHOWN else Shown(count)


def shown_of(count: int, total: int) -> Shown:
    """One count of a known total: left out too where the rest of the total is a small number."""
    if 0 < total - count < LEAST_SHOWN and count >= LEAST_SHOWN:
        return Shown(None)
    return shown(count)


def shown_parts_of_hidden(counts: Sequence[int]) -> tuple[Shown, ...]:
    """Counts whose total is left out elsewhere and must not come back by adding them up.

    What is not shown here leaves the total at least three smaller and any number larger than it
    is, so that a count of one to four beside that total could still be any of them.
    """
    total = sum(counts)
    if total == 0:
        return tuple(Shown(0) for _ in counts)
    hidden = {place for place, count in enumerate(counts) if 0 < count < LEAST_SHOWN}
    few = frozenset(hidden)
    spare = sorted((place for place in range(len(counts)) if counts[place] >= LEAST_SHOWN),
                   key=lambda place: counts[place])  # fmt: skip
    while not _hides_total(counts, few, hidden):
        if not spare:
            return tuple(Shown(None) for _ in counts)
        hidden.add(spare.pop(0))
    return tuple(
        Shown(None, few=place in few) if place in hidden else Shown(count)
        for place, count in enumerate(counts)
    )


def _hides_total(counts: Sequence[int], few: frozenset[int], hidden: set[int]) -> bool:
    larger = len(hidden) - len(few)
    least = len(few) + larger * LEAST_SHOWN
    spread = sum(counts[place] for place in hidden) - least
    return larger > 0 and spread >= LEAST_SHOWN - 2


def shown_parts(counts: Sequence[int]) -> tuple[Shown, ...]:
    """Counts whose total is shown beside them.

    Whoever takes what is shown away from the total learns the sum of what is not. Counts are left
    out, smallest first, until that sum leaves every "fewer than 5" all its four values; where
    nothing can do that, no part of the line is shown.
    """
    total = sum(counts)
    if 0 < total < LEAST_SHOWN:
        return tuple(Shown(None) for _ in counts)
    hidden = {place for place, count in enumerate(counts) if 0 < count < LEAST_SHOWN}
    few = frozenset(hidden)
    spare = sorted((place for place in range(len(counts)) if counts[place] >= LEAST_SHOWN),
                   key=lambda place: counts[place])  # fmt: skip
    while few and not _leaves_open(counts, few, hidden):
        if not spare:
            return tuple(Shown(None) for _ in counts)
        hidden.add(spare.pop(0))
    return tuple(
        Shown(None, few=place in few) if place in hidden else Shown(count)
        for place, count in enumerate(counts)
    )


def _leaves_open(counts: Sequence[int], few: frozenset[int], hidden: set[int]) -> bool:
    """Whether each small count could still be any of one to four, for all that the sum tells.

    The reader knows that each other hidden count is at least five, since it is not called small.
    """
    total = sum(counts[place] for place in hidden)
    others, larger = len(few) - 1, len(hidden) - len(few)
    could_be_one = larger > 0 or total - 1 <= others * (LEAST_SHOWN - 1)
    could_be_four = total - (LEAST_SHOWN - 1) >= others + larger * LEAST_SHOWN
    return could_be_one and could_be_four


# What leaves again and again ---------------------------------------------------------------------
#
# Two reports over nearly the same people, subtracted, give a small number away that neither of them
# shows. So each count is rounded by itself, and nothing beside it says how: a total is added up
# from rounded parts, and a line that would still tell is left out.

ROUNDED_TO = 5


def rounded(count: int) -> Shown:
    """A count as it may leave more than once: to the nearest five; one to four are "few"."""
    if 0 < count < LEAST_SHOWN:
        return Shown(None, few=True)
    return Shown((count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO)


def rounded_total(parts: Sequence[Shown]) -> Shown:
    """The total of rounded parts, added up from what is shown of them: it tells nothing more.

    Two "few" count as five between them.
    """
    few = sum(part.few for part in parts)
    total = sum(part.count or 0 for part in parts) + few // 2 * ROUNDED_TO
    return Shown(None, few=True) if few and not total else Shown(total)


def rounded_lines(lines: Sequence[Sequence[int]]) -> tuple[tuple[Shown, ...], ...]:
    """The same people parted in several ways, every part rounded.

    All lines have one total. A line by which a reader who holds the others could tell any part
    more closely than its rounding does is not shown; the first always is.
    """
    kept: list[tuple[Shown, ...]] = []
    said: list[tuple[Shown, ...]] = []
    for counts in lines:
        line = tuple(rounded(count) for count in counts)
        if _tells_nothing_more([*kept, line]):
            kept.append(line)
            said.append(line)
        else:
            said.append(tuple(Shown(None) for _ in counts))
    return tuple(said)


def _tells_nothing_more(lines: Sequence[Sequence[Shown]]) -> bool:
    """Whether every part can still be all that its rounding allows, whatever the others say."""
    sums = [_sum([_range(part) for part in line]) for line in lines]
    least, most = max(low for low, _ in sums), min(high for _, high in sums)
    return all(
        low - a + b <= most and high - b + a >= least
        for line, (low, high) in zip(lines, sums, strict=True)
        for a, b in map(_range, line)
    )


def _range(part: Shown) -> tuple[int, int]:
    """The counts that are shown like this."""
    if part.few:
        return 1, LEAST_SHOWN - 1
    count, half = part.count or 0, ROUNDED_TO // 2
    return (0, 0) if count == 0 else (max(LEAST_SHOWN, count - half), count + half)


def _sum(ranges: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(low for low, _ in ranges), sum(high for _, high in ranges)
