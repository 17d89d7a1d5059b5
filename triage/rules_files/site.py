"""A site's own file, laid over the rulebook: it adds services, hours and contacts, and tightens.

It takes nothing away: no question, rule, action, addressee or route can be removed or softened by
it. Whatever would is a fault, and a file with a fault is not used at all.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from triage.domain.dated import Kind
from triage.domain.errors import Fault
from triage.domain.expressions import nearest
from triage.domain.findings import Urgency
from triage.domain.laid import Laid, LaidOver
from triage.domain.needs import ADDRESSEES
from triage.domain.route_rules import Service
from triage.domain.rulebook import Rule, Rulebook
from triage.rules_files.folder import Source
from triage.rules_files.laying import laid_over_by
from triage.rules_files.table import Table

KINDS = ("service", "contact", "tighten")
TOLD = ("open", "phone", "email", "website")  # how and when a service is reached
_HEAD = ("owner", "checked_on")
_NATIONS = ("england", "wales")
_NAMED = {"service": "id", "contact": "service"}  # the key by which a table names its thing


def laid_over(rulebook: Rulebook, source: Source, faults: list[Fault]) -> Rulebook:
    """The rulebook with a site's file over it; each thing that it may not do becomes a fault."""
    head = Table(source, {k: v for k, v in source.data.items() if k not in KINDS}, faults, "owner")
    owner, checked_on = head.text("owner"), head.day("checked_on")
    for key in head.data:
        problem = (
            f"A site's file has {', '.join(f'[[{kind}]]' for kind in KINDS)} and nothing else: "
            "it cannot change, replace or remove what the rules say."
        )
        shown, near = ascii(key[:60])[1:-1], nearest(key, (*KINDS, *_HEAD))
        faults.append(Fault(source.file, source.line_of_key(key), shown, problem, near))
    over: list[LaidOver] = []
    for kind in KINDS:
        found = source.data.get(kind, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            head.wrong(f"Write [[{kind}]] with two brackets: a list of tables.")
            continue
        for data in found:
            before, so_far = rulebook, len(faults)
            rulebook = _LAYERS[kind](rulebook, source, data, faults)
            if len(faults) == so_far:
                what = next(k for k in _TIGHTENED if k in data) if kind == "tighten" else kind
                of, why = data[_NAMED.get(kind, what)], data.get("why", "")
                over.append(laid_over_by(what, of, data, before, rulebook, why))
    laid = Laid(source.file, owner, checked_on, tuple(over))
    return replace(rulebook, laid=(*rulebook.laid, laid))


# Adding ------------------------------------------------------------------------------------------


def _service(rulebook: Rulebook, source: Source, data: Any, faults: list[Fault]) -> Rulebook:
    table = Table(source, data, faults)
    name = table.text("id")
    if any(name == each.id for each in rulebook.services):
        table.wrong("There is a service of this id: [[contact]] gives its hours and contacts.")
    route = _known(table, "route", [each.id for each in rulebook.routes], "a route")
    title = table.text("name")
    details = _told(table)
    if suites := table.texts("suites", ()):
        details["suites"] = list(suites)
    if nation := table.maybe("nation"):
        details["nation"] = nation
        if nation not in _NATIONS:
            table.wrong("nation is england or wales.", nearest(nation, _NATIONS))
    if table.yes("training"):
        details["training"] = True
    details["checked_on"] = table.day("checked_on")
    table.end()
    new = Service(name, route, title, MappingProxyType(details))
    return replace(rulebook, services=(*rulebook.services, new))


def _contact(rulebook: Rulebook, source: Source, data: Any, faults: list[Fault]) -> Rulebook:
    table = Table(source, data, faults, key="service")
    name = _known(table, "service", [each.id for each in rulebook.services], "a service")
    details = _told(table)
    if not details:
        table.wrong(f"Give at least one of {', '.join(TOLD)}.")
    details["checked_on"] = table.day("checked_on")
    table.end()
    return replace(
        rulebook,
        services=tuple(
            replace(each, details=MappingProxyType({**each.details, **details}))
            if each.id == name
            else each
            for each in rulebook.services
        ),
    )


def _told(table: Table) -> dict[str, Any]:
    """Hours and ways to reach a service. Where it stands is not among them: some stay secret."""
    given = {key: table.maybe(key) for key in TOLD}
    return {key: value for key, value in given.items() if value}


# Tightening --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Tightening:
    """One table that tightens one thing of the rulebook."""

    rulebook: Rulebook
    table: Table
    of: str  # the id of what it tightens

    def shorter(self, key: str, now: float | None) -> int | None:
        """A time that is shorter than the one that holds now."""
        wanted = self.table.whole(key, 0 if key == "target_minutes" else 1, 1_000_000)
        if now is not None and wanted >= now:
            self.table.wrong(
                f"{key}: {wanted} is not shorter than {now:g}. A site's file can only shorten."
            )
            return None
        return wanted


def _tighten(rulebook: Rulebook, source: Source, data: Any, faults: list[Fault]) -> Rulebook:
    named = [key for key in _TIGHTENED if key in data]
    table = Table(source, data, faults, key=named[0] if named else "why")
    if len(named) != 1:
        table.wrong(f"A [[tighten]] names one of {', '.join(_TIGHTENED)}.")
        return rulebook
    table.text("why")
    ids, what, tightened = _TIGHTENED[named[0]]
    before = len(faults)
    of = _known(table, named[0], ids(rulebook), what)
    if len(faults) > before:
        return rulebook
    found = tightened(_Tightening(rulebook, table, of))
    table.end()
    return rulebook if len(faults) > before else found


def _rule(one: _Tightening) -> Rulebook:
    rule = next(each for each in one.rulebook.rules if each.id == one.of)
    needs = _raised(one.table, "needs", rule.needs)
    flags = _raised(one.table, "flags", rule.flags)
    more = one.table.among("tell", ADDRESSEES, "an addressee", ())
    told = tuple(dict.fromkeys((*rule.tell, *more)))
    new = replace(rule, needs=needs, flags=flags, tell=told)
    if new == rule:
        one.table.wrong("It changes nothing: it raises no urgency and adds nobody to tell.")
    _can_be_acted_on(one, new)
    rules = tuple(new if each is rule else each for each in one.rulebook.rules)
    return replace(one.rulebook, rules=rules)


def _raised(
    table: Table, key: str, now: tuple[tuple[str, Urgency], ...]
) -> tuple[tuple[str, Urgency], ...]:
    held = dict(now)
    for name, urgency in table.urgencies(key, tuple(held)):
        if name in held and urgency < held[name]:
            table.wrong(
                f"{key}.{name}: {urgency.word} is lower than {held[name].word}. A site's file can "
                "only raise."
            )
        elif name in held:
            held[name] = urgency
    return tuple(held.items())


def _can_be_acted_on(one: _Tightening, rule: Rule) -> None:
    """What the rulebook is proved to keep holds over it too: an emergency says what to do and who
    is told, and a need of soon or above leads somewhere."""
    if rule.urgency is Urgency.EMERGENCY and not (rule.do and rule.tell):
        one.table.wrong("An emergency says what to do and who is told: this rule does not.")
    leads = {need for route in one.rulebook.routes for need in route.serves}
    for name, urgency in rule.raises:
        if urgency >= Urgency.SOON and name not in leads and name not in one.rulebook.no_route:
            one.table.wrong(f"No route serves {name}, so it cannot be {urgency.word}.")


def _route(one: _Tightening) -> Rulebook:
    route = next(each for each in one.rulebook.routes if each.id == one.of)
    minutes = one.shorter("target_minutes", route.target_minutes)
    new = replace(route, target_minutes=minutes, target_basis="the site's own target")
    routes = tuple(new if each is route else each for each in one.rulebook.routes)
    return replace(one.rulebook, routes=routes)


def _row(one: _Tightening) -> Rulebook:
    row = one.rulebook.law.rows[one.of]
    value = one.shorter("value", row.value if isinstance(row.value, int | float) else None)
    rows = {**one.rulebook.law.rows, row.id: replace(row, value=value)}
    return replace(one.rulebook, law=replace(one.rulebook.law, rows=rows))


def _rescreen(one: _Tightening) -> Rulebook:
    plan = one.rulebook.rescreen
    old = next(each for each in plan.rules if each.id == one.of)
    new = replace(old, after_minutes=one.shorter("after_minutes", old.after_minutes) or 1)
    rules = tuple(new if each is old else each for each in plan.rules)
    return replace(one.rulebook, rescreen=replace(plan, rules=rules))


def _after(one: _Tightening) -> Rulebook:
    plan = one.rulebook.rescreen
    old = next(each for each in plan.after if each.id == one.of)
    new = replace(old, within_minutes=one.shorter("within_minutes", old.within_minutes) or 1)
    after = tuple(new if each is old else each for each in plan.after)
    return replace(one.rulebook, rescreen=replace(plan, after=after))


def _ask_again(one: _Tightening) -> Rulebook:
    plan, urgency = one.rulebook.rescreen, Urgency.of(one.of)
    minutes = {**plan.ask_again, urgency: one.shorter("minutes", plan.ask_again[urgency]) or 1}
    _in_order(one, minutes)
    return replace(one.rulebook, rescreen=replace(plan, ask_again=minutes))


def _in_order(one: _Tightening, minutes: Mapping[Urgency, int]) -> None:
    """What is more urgent is never asked later than what is less."""
    for less, more in pairwise(sorted(minutes)):
        if minutes[more] > minutes[less]:
            one.table.wrong(
                f"Then {less.word} would be asked again before {more.word}: shorten that first."
            )


def _status(one: _Tightening) -> Rulebook:
    plan = one.rulebook.rescreen
    minutes = one.shorter("minutes", plan.by_status[one.of]) or 1
    return replace(
        one.rulebook,
        rescreen=replace(plan, by_status={**plan.by_status, one.of: minutes}),
    )


def _targets(rulebook: Rulebook) -> list[str]:
    """The agreed times of the site: law, PACE and guidance are nobody's to change here."""
    return [
        row.id
        for row in rulebook.law.rows.values()
        if row.kind is Kind.PRACTICE and row.unit in ("minutes", "hours", "working_days")
    ]


def _known(table: Table, key: str, names: Collection[str], what: str) -> str:
    name = table.text(key)
    if name and name not in names:
        table.wrong(f"{name[:60]} is not {what} that a site's file can name.", nearest(name, names))
    return name


_Ids = Callable[[Rulebook], Collection[str]]
_TIGHTENED: Mapping[str, tuple[_Ids, str, Callable[[_Tightening], Rulebook]]] = {
    "rule": (lambda book: [each.id for each in book.rules], "a rule", _rule),
    "route": (lambda book: [each.id for each in book.routes], "a route", _route),
    "row": (_targets, "a target of practice", _row),
    "rescreen": (
        lambda book: [each.id for each in book.rescreen.rules],
        "a time to screen again",
        _rescreen,
    ),
    "after": (
        lambda book: [each.id for each in book.rescreen.after],
        "a moment after which to screen again",
        _after,
    ),
    "ask_again": (
        lambda book: [each.word for each in book.rescreen.ask_again],
        "an urgency",
        _ask_again,
    ),
    "status": (lambda book: [*book.rescreen.by_status], "a status of a screening", _status),
}
_LAYERS = {"service": _service, "contact": _contact, "tighten": _tighten}
