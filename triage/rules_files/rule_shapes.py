"""From TOML tables to rules, modifiers, conflicts, routes, services and dated rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType

from triage.domain.dated import Kind, Row
from triage.domain.errors import Fault
from triage.domain.findings import Axis
from triage.domain.names import Vocabulary
from triage.domain.needs import ADDRESSEES, FLAGS, NEEDS, ROUTE_ORDER, ROUTES
from triage.domain.opening_hours import Holidays
from triage.domain.rulebook import (
    OTHER_SUITE,
    ConflictRule,
    Modifier,
    NewMoment,
    RescreenRule,
    RouteRule,
    Rule,
    Service,
)
from triage.domain.specs import FactKind
from triage.domain.timeline import KINDS
from triage.rules_files.folder import Source
from triage.rules_files.shapes import plain_id
from triage.rules_files.table import Table

MINUTES_IN_30_DAYS = 43_200
_BASES = ("duty", "compelled", "voluntary")
_NATIONS = ("england", "wales")


@dataclass(frozen=True)
class Names:
    """What the tables of rules and routes may name."""

    words: Vocabulary  # for rules
    levels: Vocabulary  # for modifiers and routes
    actions: Collection[str]
    rows: Collection[str]

    @cached_property
    def yes_no(self) -> frozenset[str]:
        """The facts that are either yes or no."""
        facts = self.words.facts.items()
        return frozenset(name for name, spec in facts if spec.kind is FactKind.YES_NO)


def rule(table: Table, names: Names) -> Rule:
    """A rule, with everything that it must name."""
    read = Rule(
        id=plain_id(table, word=False),
        when=table.condition("when", names.words),
        needs=table.urgencies("needs", NEEDS),
        flags=table.urgencies("flags", FLAGS),
        because=table.text("because"),
        do=table.among("do", names.actions, "an action", ()),
        tell=table.among("tell", ADDRESSEES, "an addressee", ()),
        source=table.text("source"),
        confidence=table.confidence(),
        checked_on=table.day("checked_on"),
        if_unknown=table.maybe_urgency("if_unknown"),
        lesson=table.maybe("lesson"),
        tell_police=table.maybe("tell_police"),
        closed_by=table.maybe_condition("closed_by", names.words),
        law=table.maybe("law"),
        until_law=table.maybe("until_law"),
        note_id=table.text("note_id", ""),
        file=table.source.file,
    )
    if not read.raises:
        table.wrong("A rule raises at least one need or flag.")
        return read
    if read.urgency.word == "emergency" and not (read.do and read.tell):
        table.wrong("An emergency needs at least one action (do) and one addressee (tell).")
    if read.if_unknown is not None and read.if_unknown > read.urgency:
        table.wrong("if_unknown is above the rule's own urgency: an answer could then lower it.")
    for row in read.law_rows:
        if row not in names.rows:
            table.wrong(f"{row[:60]} is not a row of law/.")
    return read


def modifier(table: Table, names: Names) -> Modifier:
    """What raises the urgency of needs that other rules found."""
    return Modifier(
        id=plain_id(table, word=False),
        when=table.condition("when", names.levels),
        raises=table.among("raises", NEEDS + FLAGS, "a need or flag"),
        by=table.whole("by", 1, 3, 1),
        cap=table.urgency("cap"),
        because=table.text("because"),
        do=table.among("do", names.actions, "an action", ()),
        tell=table.among("tell", ADDRESSEES, "an addressee", ()),
        source=table.text("source"),
        confidence=table.confidence(),
        checked_on=table.day("checked_on"),
        lesson=table.maybe("lesson"),
        adds=table.yes("adds"),
        note_id=table.text("note_id", ""),
        file=table.source.file,
    )


def conflict(table: Table, names: Names) -> ConflictRule:
    """When an answer and the record stand against each other."""
    read = ConflictRule(
        id=table.text("id"),
        when=table.condition("when", names.words),
        record=table.text("record"),
        because=table.text("because", ""),
        urgency=table.urgency("urgency", "soon"),
        do=table.among("do", names.actions, "an action", ()),
        tell=table.among("tell", ADDRESSEES, "an addressee", ()),
        source=table.text("source", ""),
        file=table.source.file,
    )
    if read.id not in names.words.facts:
        table.wrong("The id of a conflict is the question whose answer differs.")
    return read


def route(table: Table, names: Names) -> RouteRule:
    """A route: who decides, for whom it is open, and by when."""
    read = RouteRule(
        id=table.one("id", tuple(ROUTE_ORDER)),
        axis=table.enum("axis", Axis),
        basis=table.one("basis", _BASES),
        nations=table.among("nation", _NATIONS, "a nation"),
        decided_by=table.text("decided_by"),
        serves=table.among("serves", NEEDS + FLAGS, "a need or flag"),
        when=table.condition("when", names.levels),
        why=table.text("why"),
        source=table.text("source"),
        confidence=table.confidence(),
        checked_on=table.day("checked_on"),
        possible_when=table.maybe_condition("possible_when", names.levels),
        exclude=table.maybe_condition("exclude", names.levels),
        why_not=table.text("why_not", ""),
        requires=table.among("requires", names.yes_no, "a yes or no fact", ()),
        adult_only=table.yes("adult_only"),
        target_minutes=table.maybe_whole("target_minutes", 0, 1_000_000),
        target_basis=table.text("target_basis", ""),
        consent=table.text("consent", ""),
        comes_back=table.text("comes_back", ""),
        law=table.maybe("law"),
        file=table.source.file,
    )
    if read.id in ROUTE_ORDER and read.id not in ROUTES[read.axis.value]:
        table.wrong(f"This route does not stand on the {read.axis.value} axis.")
    if read.law is not None and read.law not in names.rows:
        table.wrong(f"{read.law[:60]} is not a row of law/.")
    if read.adult_only and read.exclude is None:
        table.wrong("A route for adults only needs an exclude that leaves children out.")
    return read


def service(table: Table, routes: Collection[str]) -> Service:
    """One place that a route leads to."""
    name = table.text("id")
    to = table.one("route", tuple(routes))
    title = table.text("name")
    details = dict(table.data)
    table.data.clear()
    if not isinstance(details.get("open", ""), str):
        table.wrong('open should be a text such as "Monday to Friday 09:00 to 17:00".')
    return Service(name, to, title, details)


def holidays(source: Source, faults: list[Fault]) -> Holidays:
    """The bank holidays that are on file, each a day with its name."""
    table = Table(source, {"id": "days", **source.data}, faults)
    table.rest("id", "owner", "source")
    table.confidence()
    until, checked_on = table.day("until"), table.day("checked_on")
    days = table.rest("days").get("days", {})
    table.end()
    found = {}
    for key, name in days.items() if isinstance(days, dict) else ():
        try:
            day = date.fromisoformat(key)
        except ValueError:
            table.wrong(f"{key[:60]} is not a day such as 2026-12-25.")
            continue
        if not isinstance(name, str) or not name.strip():
            table.wrong(f"{key} has no name.")
        elif day > until:
            table.wrong(f"{key} is after until: all bank holidays up to that day stand here.")
        else:
            found[day] = name
    if not found:
        table.wrong("[days] holds no bank holiday.")
    return Holidays(MappingProxyType(found), until, checked_on, source.file)


def rescreen(table: Table, names: Names) -> RescreenRule:
    """When the whole screening is due again."""
    return RescreenRule(
        id=plain_id(table, word=False),
        when=table.condition("when", names.words),
        after_minutes=table.whole("after_minutes", 1, MINUTES_IN_30_DAYS),
        why=table.text("why"),
        if_unknown=table.yes("if_unknown"),
    )


def new_moment(table: Table, rescreens: Collection[str]) -> NewMoment:
    """What happens after a screening and asks for a new one."""
    moment = NewMoment(
        id=plain_id(table, word=False),
        events=table.among("events", (*KINDS, OTHER_SUITE), "a kind of event"),
        words=table.text("words"),
        within_minutes=table.whole("within_minutes", 1, MINUTES_IN_30_DAYS),
        source=table.text("source"),
        confidence=table.confidence(),
        checked_on=table.day("checked_on"),
        covers=table.one("covers", rescreens, ""),
        if_unsettled=table.yes("if_unsettled"),
        file=table.source.file,
    )
    if not moment.events:
        table.wrong("events names no kind of event, so nobody would ever be asked again.")
    return moment


def row(table: Table) -> Row:
    """One dated row of law or practice."""
    raw = table.rest("value").get("value")
    if isinstance(raw, date):
        raw = raw.isoformat()
    if raw is not None and not isinstance(raw, int | float | str | bool):
        table.wrong("value should be a number, a text, a date, true or false.")
        raw = None
    read = Row(
        id=table.text("id"),
        quantity=table.text("quantity"),
        value=raw,
        unit=table.text("unit", ""),
        kind=table.enum("kind", Kind),
        in_force_from=table.maybe_day("in_force_from"),
        in_force_to=table.maybe_day("in_force_to"),
        picked_by=table.text("picked_by", ""),
        who=table.text("who", ""),
        starts=table.text("starts", ""),
        stops=table.text("stops", ""),
        source=table.text("source"),
        confidence=table.confidence(),
        checked_on=table.day("checked_on"),
        owner=table.text("owner", ""),
        file=table.source.file,
    )
    begins, ends = read.in_force_from, read.in_force_to
    if ends is not None and (begins is None or ends <= begins):
        table.wrong(
            "in_force_to is the first day on which it no longer holds, after in_force_from."
        )
    if read.kind is Kind.PRACTICE and not read.owner:
        table.wrong("A row of practice names its owner.")
    return read
