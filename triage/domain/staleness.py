"""What of a rulebook nobody has looked up again for more than a year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from triage.domain.rulebook import Modifier, NewMoment, RouteRule, Rule, Rulebook


@dataclass(frozen=True)
class Stale:
    """One entry of the rules folder, and the day on which somebody last looked at its source."""

    id: str
    file: str
    checked_on: date


def stale(rulebook: Rulebook, *, on: date) -> tuple[Stale, ...]:
    """Every entry of the rules and of a site's file last checked more than a year before a day.

    Law that changed unnoticed is the worst fault that a rulebook can have; the oldest stand first.
    """
    found = [each for each in _checked(rulebook) if _over_a_year(each.checked_on, on)]
    return tuple(sorted(found, key=lambda each: (each.checked_on, each.file, each.id)))


def _over_a_year(checked: date, on: date) -> bool:
    return (checked.year + 1, checked.month, checked.day) < (on.year, on.month, on.day)


def _checked(rulebook: Rulebook) -> Iterator[Stale]:
    every: list[Rule | Modifier | RouteRule | NewMoment] = [*rulebook.rules, *rulebook.modifiers]
    every += [*rulebook.routes, *rulebook.rescreen.after]
    for each in every:
        yield Stale(each.id, each.file, each.checked_on)
    for row in rulebook.law.rows.values():
        yield Stale(row.id, row.file, row.checked_on)
    for form in rulebook.instruments.values():
        yield Stale(form.id, f"instruments/{form.id}.toml", form.checked_on)
    if rulebook.holidays.file:
        yield Stale("days", rulebook.holidays.file, rulebook.holidays.checked_on)
    for service in rulebook.services:
        checked = service.details.get("checked_on")
        if isinstance(checked, date):
            yield Stale(service.id, "services", checked)
    for name, table in rulebook.practice.items():
        checked = table.get("checked_on")
        if isinstance(checked, date) and f"practice/{name}.toml" != rulebook.holidays.file:
            yield Stale("the whole file", f"practice/{name}.toml", checked)
    for laid in rulebook.laid:
        yield Stale(laid.owner, laid.file, laid.checked_on)
