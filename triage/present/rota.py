"""Words of the rota: who answers for what, from when to when, and where nobody does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triage.domain.roles import role_words
from triage.present import spans

if TYPE_CHECKING:
    from triage.casework import Rota
    from triage.record.operations import Duty

LEAD = (
    "Without an entry the hours of a suite alone say who covers it. Once a role stands here for a "
    "suite, a time without anybody is a hole: whoever steps in is told, and the desk hears of it."
)
NOTHING = "Nobody stands on the rota from now on."
CONTACT_HINT = "An e-mail address or a telephone number. Else the addresses that the site has set."
ADDED, DROPPED = "{name} is on the rota.", "The entry is off the rota."


@dataclass(frozen=True)
class Row:
    """One entry as it is read."""

    id: str
    suite: str
    role: str
    name: str
    contact: str
    stretch: str
    here: bool  # on duty now


def rows(found: "Rota") -> tuple[Row, ...]:
    """Every entry, the first first."""
    return tuple(_row(each, found.at) for each in found.duties)


def _row(duty: "Duty", now: datetime) -> Row:
    begins, ends = (spans.moment(each, now=now) for each in (duty.starts_at, duty.ends_at))
    return Row(
        duty.id,
        spans.named(duty.suite),
        spans.capital(role_words(duty.role)),
        duty.name,
        duty.contact or "",
        f"{begins} to {ends}",
        duty.starts_at <= now,
    )


def holes(found: "Rota") -> tuple[str, ...]:
    """What is empty now, in sentences."""
    return tuple(
        f"{spans.named(each.suite)}: nobody covers for the {role_words(each.role)} now."
        for each in found.empty
    )


def lines(found: "Rota") -> Iterable[str]:
    """The same for a terminal."""
    yield from holes(found)
    for row in rows(found):
        now = " (now)" if row.here else ""
        who = f"{row.name}, {row.contact}" if row.contact else row.name
        yield f"{row.id}  {row.suite}, {row.role}: {who}; {row.stretch}{now}"
    if not found.duties:
        yield NOTHING
