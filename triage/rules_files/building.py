"""Builds a rulebook out of what stands in a folder, and checks that its parts fit together."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, TypeVar

from triage.domain.dated import Law, Row
from triage.domain.errors import Fault, RulebookRefused
from triage.domain.expressions import ConditionRefused, nearest
from triage.domain.findings import ScreenStatus, Urgency, like
from triage.domain.grammar import read as read_condition
from triage.domain.instruments import Instrument, parse
from triage.domain.names import Vocabulary
from triage.domain.needs import FLAGS, NEEDS
from triage.domain.opening_hours import Holidays
from triage.domain.program import CannotCompile
from triage.domain.rulebook import (
    NewMoment,
    RescreenPlan,
    RescreenRule,
    Rulebook,
)
from triage.domain.specs import Definition, Question, Spec
from triage.rules_files import rule_shapes, shapes
from triage.rules_files.fitting import misfits
from triage.rules_files.folder import CHANGES, Folder, Source
from triage.rules_files.rule_shapes import MINUTES_IN_30_DAYS, Names
from triage.rules_files.signature import holds, signature_of, unsigned
from triage.rules_files.site import laid_over
from triage.rules_files.table import Table

_T = TypeVar("_T")
_KINDS: Mapping[str, tuple[str, ...]] = {
    "screening": (
        "question",
        "observation",
        "fact",
        "definition",
        "action",
        "rule",
        "modifier",
        "conflict",
    ),
    "routes": ("route", "none", "service"),
    "law": ("row",),
}
_RESCREEN = "practice/rescreen.toml"
_HOLIDAYS = "practice/bank_holidays.toml"


def build(folder: Folder, *, draft: bool) -> tuple[Rulebook, int]:
    """The rulebook and how many rules it has. Raises RulebookRefused with every fault."""
    builder = _Builder(folder, list(folder.faults))
    rulebook = builder.rulebook(draft=draft)
    if not builder.faults:
        for site in folder.sites:
            rulebook = laid_over(rulebook, site, builder.faults)
    if not builder.faults:
        builder.compile(rulebook)
    if builder.faults:
        raise RulebookRefused(sorted(builder.faults, key=lambda f: (f.file, f.line or 0)))
    return rulebook, len(rulebook.rules)


@dataclass
class _Builder:
    folder: Folder
    faults: list[Fault]
    used: set[str] = field(default_factory=set)

    def rulebook(self, *, draft: bool) -> Rulebook:
        self.refuse_strange_tables()
        asked = self.every("question", shapes.question)
        observations = self.every("observation", shapes.observation)
        known = self.every("fact", shapes.fact)
        instruments = self.instruments()
        ungated: dict[str, Spec] = {}
        specs: list[Spec] = [*(q for q, _ in asked), *observations, *known]
        for spec in specs:
            self.once(spec.id, ungated, "question, observation or fact")
            ungated[spec.id] = spec
        ideas = [str(t.get("id")) for _, t in self.tables("screening", "definition")]
        words = Vocabulary(ungated, frozenset(ideas), frozenset(instruments))
        questions = {q.id: self.gated(q, gate, words) for q, gate in asked}
        definitions = self.definitions(words, ungated)
        rows = self.rows()
        actions = {a.id: a for a in self.every("action", shapes.action)}
        names = Names(words, replace(words, levels=True), frozenset(actions), frozenset(rows))
        rules = self.every("rule", lambda t: rule_shapes.rule(t, names))
        modifiers = self.every("modifier", lambda t: rule_shapes.modifier(t, names))
        self.unique([rule.id for rule in rules] + [each.id for each in modifiers], "rule")
        routes = self.every("route", lambda t: rule_shapes.route(t, names))
        self.unique([route.id for route in routes], "route")
        signature, changes = signature_of(self.folder, self.faults)
        signed = holds(signature, self.folder, len(rules))
        rulebook = Rulebook(
            fingerprint=self.folder.fingerprint,
            signed=signed,
            questions=questions,
            observations={o.id: o for o in observations},
            facts={f.id: f for f in known},
            definitions=definitions,
            actions=actions,
            rules=rules,
            modifiers=modifiers,
            conflicts=self.every("conflict", lambda t: rule_shapes.conflict(t, names)),
            routes=routes,
            no_route=self.no_route(),
            services=self.every(
                "service", lambda t: rule_shapes.service(t, [r.id for r in routes])
            ),
            rescreen=self.rescreen(names),
            law=Law(rows),
            practice={
                PurePosixPath(source.file).stem: source.data for source in self.sources("practice")
            },
            holidays=self.holidays(),
            instruments=instruments,
            changes=changes,
            signature=signature,
            warnings=() if draft or signed else (unsigned(signature),),
        )
        for rule, problem in misfits(rulebook):
            self.fault(rule.file, rule.id, problem)
        return rulebook

    def compile(self, rulebook: Rulebook) -> None:
        """Compiles once, so that a circle is found now and not at the first screening."""
        try:
            _ = rulebook.program
        except CannotCompile as circle:
            self.fault("screening/definitions.toml", "definitions", str(circle))

    # Tables ------------------------------------------------------------------------------------

    def sources(self, part: str) -> Iterator[Source]:
        """The files of one part of the folder."""
        for source in self.folder.sources:
            if source.part == part:
                yield source

    def tables(self, part: str, kind: str) -> Iterator[tuple[Source, dict[str, Any]]]:
        """Every table of one kind, with the file it stands in."""
        for source in self.sources(part):
            tables = source.data.get(kind, [])
            for table in tables if isinstance(tables, list) else []:
                if isinstance(table, dict):
                    yield source, table

    def every(self, kind: str, shape: Callable[[Table], _T]) -> tuple[_T, ...]:
        """Every table of one kind as a value."""
        part = next((part for part, kinds in _KINDS.items() if kind in kinds), "practice")
        return tuple(self.one(source, data, shape) for source, data in self.tables(part, kind))

    def one(self, source: Source, data: dict[str, Any], shape: Callable[[Table], _T]) -> _T:
        table = Table(source, data, self.faults)
        value = shape(table)
        table.end()
        return value

    def refuse_strange_tables(self) -> None:
        """Names each file and each kind of table that nobody reads."""
        for source in self.folder.sources:
            part = source.part
            if source.file == CHANGES or part in ("practice", "instruments"):
                continue
            kinds = _KINDS.get(part)
            if kinds is None:
                self.fault(source.file, "file", "Nothing reads this file: it is in no known part.")
                continue
            for kind, tables in source.data.items():
                listed = isinstance(tables, list) and all(isinstance(t, dict) for t in tables)
                if kind not in kinds or not listed:
                    self.fault(
                        source.file,
                        kind[:60],
                        f"Here stand only {', '.join(f'[[{each}]]' for each in kinds)}.",
                        nearest(kind, kinds),
                    )

    # Parts -------------------------------------------------------------------------------------

    def gated(self, question: Question, gate: str | None, words: Vocabulary) -> Question:
        if gate is None:
            return question
        try:
            return like(question, branch=read_condition(gate, words))
        except ConditionRefused as refused:
            for wrong in refused.faults:
                self.fault(
                    "screening/questions.toml",
                    question.id,
                    f"branch: {wrong.problem}",
                    wrong.nearest,
                )
        return question

    def definitions(self, words: Vocabulary, facts: Mapping[str, Spec]) -> dict[str, Definition]:
        found: dict[str, Definition] = {}
        for each in self.every("definition", lambda t: shapes.definition(t, words)):
            self.once(each.id, {**facts, **found}, "fact or definition")
            found[each.id] = each
        return found

    def instruments(self) -> dict[str, Instrument]:
        found: dict[str, Instrument] = {}
        for source in self.sources("instruments"):
            try:
                instrument = parse(source.data, file=source.file)
                found[instrument.id] = instrument
            except RulebookRefused as refused:
                self.faults += refused.faults
        return found

    def rows(self) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for part in ("law", "practice"):
            for source, data in self.tables(part, "row"):
                row = self.one(source, data, rule_shapes.row)
                self.once(row.id, found, "row")
                found[row.id] = row
        return found

    def no_route(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for source, data in self.tables("routes", "none"):
            table = Table(source, data, self.faults, key="need")
            need = table.one("need", NEEDS + FLAGS)
            found[need] = table.text("words")
            table.end()
        return found

    def rescreen(self, names: Names) -> RescreenPlan:
        source = next((s for s in self.folder.sources if s.file == _RESCREEN), None)
        if source is None:
            self.fault(_RESCREEN, "file", "The times to ask again are missing.")
            return RescreenPlan({}, (), {})
        again = self.minutes(source, "ask_again", [u.word for u in Urgency], "")
        unfinished = (ScreenStatus.PROVISIONAL, ScreenStatus.REFUSED, ScreenStatus.CANNOT_SCREEN)
        status = self.minutes(source, "default", [s.value for s in unfinished], "_minutes")
        known = {"ask_again", "default", "rescreen", "after", "owner", "checked_on"}
        for key in source.data.keys() - known:
            self.fault(source.file, key[:60], "This key is not known here.")
        tables = [
            self.one(s, data, lambda t: rule_shapes.rescreen(t, names))
            for s, data in self.tables("practice", "rescreen")
            if s is source
        ]
        rules: tuple[RescreenRule, ...] = tuple(tables)
        for key in ("rescreen", "after"):
            if not isinstance(source.data.get(key, []), list):
                self.fault(source.file, key, f"Here stand tables, each headed [[{key}]].")
        ids = [rule.id for rule in rules]
        after: tuple[NewMoment, ...] = tuple(
            self.one(s, data, lambda t: rule_shapes.new_moment(t, ids))
            for s, data in self.tables("practice", "after")
            if s is source
        )
        self.unique([*ids, *(moment.id for moment in after)], "time to screen again")
        return RescreenPlan({Urgency.of(w): m for w, m in again.items()}, rules, status, after)

    def holidays(self) -> Holidays:
        """The bank holidays on file; without the file every day might be one."""
        source = next((s for s in self.folder.sources if s.file == _HOLIDAYS), None)
        return Holidays() if source is None else rule_shapes.holidays(source, self.faults)

    def minutes(self, source: Source, key: str, names: list[str], end: str) -> dict[str, int]:
        data = source.data.get(key)
        table = Table(source, {**data, "id": key} if isinstance(data, dict) else {}, self.faults)
        found = {name: table.whole(name + end, 1, MINUTES_IN_30_DAYS) for name in names}
        table.rest("id", "owner", "checked_on", "source", "confidence", "why")
        table.end()
        return found

    def unique(self, ids: list[str], what: str) -> None:
        for name in sorted(name for name, times in Counter(ids).items() if times > 1):
            self.fault("", name[:60], f"Two of the same id: a {what} is named once.")

    def once(self, name: str, before: Mapping[str, object], what: str) -> None:
        if name in before:
            self.fault("", name[:60], f"Two of the same id: a {what} is named once.")

    def fault(self, file: str, name: str, problem: str, near: str = "") -> None:
        line = None
        for source in self.folder.sources:
            if (not file or source.file == file) and (at := source.line_of("id", name)):
                file, line = source.file, at
        self.faults.append(Fault(file or "rules", line, ascii(name)[1:-1], problem, near))
