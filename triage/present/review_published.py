"""Words of what left the force: which weeks, which suites, when, and by whom."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from triage.domain import london
from triage.domain.published import days
from triage.present import spans

if TYPE_CHECKING:
    from triage.casework import Published

LEAVES = (
    "This is a draft: nothing has left. Once it leaves, these weeks of these suites come out like "
    "this for ever, and no other stretch that shares a day with them can leave."
)


def gone(one: "Published") -> str:
    """One pack that left, in a line."""
    suites = spans.listed([spans.named(each) for each in one.period.suites]) or "all suites"
    stretch = days(one.period.first, one.period.after)
    return f"{stretch}, {suites}: left {london.text(one.at)}, let out by {one.by}"


def address(one: "Published") -> Mapping[str, str]:
    """What the address of the pack that left is made of; empty for one that no page shows."""
    if one.period.weeks not in (1, 4, 13) or len(one.period.suites) > 1:
        return {}
    suite = one.period.suites[0] if one.period.suites else ""
    first, last = one.period.first.isoformat(), one.period.last.isoformat()
    return {"from": first, "to": last, "weeks": str(one.period.weeks), "suite": suite}
