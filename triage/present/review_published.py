"""Words of what left the force: which weeks, which suites, when, and by whom."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from triage.domain import london
from triage.domain.published import Period, days
from triage.present import review_words as words
from triage.present import spans
from triage.present.figure_cells import Sheet, flat

if TYPE_CHECKING:
    from triage.casework import Published

LEAVES = (
    "This is a draft: nothing has left. Once it leaves, these weeks of these suites come out like "
    "this for ever. After that no other stretch that shares a day with them can leave: the counts "
    "of the annual return of their year cannot either."
)
LEAVES_RETURN = (
    "This is a draft: nothing has left. Once it leaves, the counts of this year of these suites "
    "come out like this for ever, and no weekly pack with a day of this year can leave any more."
)
RETURN_OR_PACKS = (
    "The counts with small numbers left out can leave when the year is over, and only if no weekly "
    "pack with a day of it has left before: taken from each other, they would give small numbers "
    "away. The exact rows for the force's own statistics officer can always be had."
)
HELD_BACK = "Held back, and why"
ALL_SHOWN = "Nothing is held back: no figure here is small enough."
BESIDE = "Tables that leave beside these two pages"
RETURN_LEAVING = (
    "Counts of one to four are shown as fewer than 5, and others left out where a total would give "
    "them away."
)
RETURN_ONCE = "A year of a suite leaves once, and stands as it was known then."
NO_FILE = "No file is written. To let them leave, ask the same again with --leave."
_TOO_FEW_TIMES = "not shown: too few waits, or it would tell how few"
_TIMES = ("median", "ninetieth", "hours", "minutes")


def covered(period: Period) -> str:
    """Which days of which suites."""
    suites = spans.listed([spans.named(each) for each in period.suites]) or "all suites"
    return f"{days(period.first, period.after)}, {suites}"


def return_line(stretch: str, suites: Sequence[str], left: "Published | None") -> str:
    """Which counts these are, and as they were known when."""
    whose = spans.listed([spans.named(each) for each in suites]) or "All suites"
    known = f" As known at {london.text(left.at)}, when it left." if left else ""
    return f"Annual return, {stretch}. {whose}.{known}"


def held_back(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """What does not leave of some tables, a reason a line; empty where all of it does."""
    shown = [cell for _, _, _, cell in flat(sheets)]
    few = sum(cell.text == words.FEW for cell in shown)
    hidden = [cell.key.rpartition(".")[2] for cell in shown if cell.text == words.HIDDEN]
    times = sum(each in _TIMES for each in hidden)
    longest = hidden.count("longest")
    counts = len(hidden) - times - longest
    tables = [each.caption for each in sheets if each.note == words.TOO_FEW]
    said = (
        (few, "count", "counts", "shown as fewer than 5: so few could point at somebody"),
        (counts, "count", "counts", "not shown: a total would give a small one away"),
        (times, "length of time", "lengths of time", _TOO_FEW_TIMES),
        (longest, "longest wait", "longest waits", "not shown: the longest wait is one person's"),
    )
    lines = [
        f"{spans.count(number, one, many)} {why}." for number, one, many, why in said if number
    ]
    return (*lines, *(f"{caption}: no figure at all, too few for any." for caption in tables))


def gone(one: "Published") -> str:
    """One pack that left, in a line."""
    return f"{covered(one.period)}: left {london.text(one.at)}, let out by {one.by}"


def address(one: "Published") -> Mapping[str, str]:
    """What the address of the pack that left is made of; empty for one that no page shows."""
    if one.period.weeks not in (1, 4, 13) or len(one.period.suites) > 1:
        return {}
    suite = one.period.suites[0] if one.period.suites else ""
    first, last = one.period.first.isoformat(), one.period.last.isoformat()
    return {"from": first, "to": last, "weeks": str(one.period.weeks), "suite": suite}
