"""A slow reading of the condition language, written on its own, against which the engine is held.

It walks Python's own tree of the text with Kleene's three values (True, False, None) and reads the
details directly. It shares no code with the grammar, the compiler or the walk.
"""

import ast
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from triage.domain.answers import Details, Status
from triage.domain.london import day_of
from triage.domain.rulebook import Rulebook

REPORTED = {"officer", "family", "log", "property", "health"}
RECORD_ONLY = {
    "property", "force_used", "hospital_today", "managed_by", "appropriate_adult_before",
    "open_flags_before", "instruction_open",
}  # fmt: skip
NOT_TAKEN = object()
WORDS = {"routine": 1, "soon": 2, "urgent": 3, "emergency": 4}
MOST = 10**9


def both(parts: list[bool | None]) -> bool | None:
    if any(part is False for part in parts):
        return False
    return None if any(part is None for part in parts) else True


def opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


class Reference:
    """One person before one rulebook."""

    def __init__(
        self,
        rulebook: Rulebook,
        details: Details,
        levels: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        self.rulebook, self.details, self.levels = rulebook, details, levels or {}
        self.day = day_of(details.at)

    def holds(self, text: str) -> bool | None:
        text = re.sub(r"\bnot\b(?=\s*(,|\)|$|and\b|or\b))", "NOT", text.strip())
        return self.truth(ast.parse(text.replace("\n", " "), mode="eval").body)

    def truth(self, node: Any) -> bool | None:
        if isinstance(node, ast.BoolOp):
            parts = [self.truth(value) for value in node.values]
            if isinstance(node.op, ast.And):
                return both(parts)
            return opposite(both([opposite(part) for part in parts]))
        if isinstance(node, ast.UnaryOp):
            return opposite(self.truth(node.operand))
        if isinstance(node, ast.Name):
            return self.named(node.id)
        if isinstance(node, ast.Call):
            return self.called(node)
        return self.compared(node)

    def named(self, name: str) -> bool | None:
        if name in ("always", "never"):
            return name == "always"
        if name in self.rulebook.definitions:
            return self.holds(self.rulebook.definitions[name].when.text)
        value = self.value(name)
        return None if value is None else value == "yes"

    def called(self, node: ast.Call) -> bool | None:
        function = node.func.id  # type: ignore[attr-defined]
        names = [arg.id for arg in node.args]  # type: ignore[attr-defined]
        names = ["not" if name == "NOT" else name for name in names]
        if function in ("known", "unknown"):
            known = self.value(names[0]) not in (None, NOT_TAKEN)
            return known == (function == "known")
        if function == "withheld":
            answers = {**self.details.answers, **self.details.observations}
            answer = answers.get(names[0])
            return answer is not None and answer.status in (Status.REFUSED, Status.UNABLE)
        if function == "marked":
            years = node.keywords[0].value.value if node.keywords else None  # type: ignore[attr-defined]
            return self.marked(names, years, reported=False)
        if function == "reported":
            return self.marked(names, None, reported=True)
        if function == "any_need":
            low, high = self.number(node)
            return True if low >= 1 else (None if high >= 1 else False)
        chosen = self.value(names[0])
        if chosen is None:
            return None
        if function == "any_of":
            return bool(set(chosen) & set(names[1:]))
        return bool(chosen) and set(chosen) <= set(names[1:])

    def marked(self, kinds: list[str], years: int | None, *, reported: bool) -> bool | None:
        for marker in self.details.record.markers:
            if marker.closed is not None and marker.closed.on <= self.day:
                continue
            if reported and marker.origin not in REPORTED:
                continue
            if years is not None and marker.on is not None and marker.on < self.ago(years):
                continue
            if marker.kind in kinds:
                return True
        return False if self.details.record.checked else None

    def ago(self, years: int) -> date:
        try:
            return self.day.replace(year=self.day.year - years)
        except ValueError:  # 29 February of a year that has none
            return date(self.day.year - years, 3, 1)

    def compared(self, node: ast.Compare) -> bool | None:
        operator = type(node.ops[0]).__name__
        left, right = node.left, node.comparators[0]
        spec = self.spec(left.id) if isinstance(left, ast.Name) else None
        if spec is not None and spec.kind != "number":
            return self.option(left.id, operator, right)  # type: ignore[attr-defined]
        if operator == "NotEq":
            return opposite(self.numbers(left, "Eq", right))
        return self.numbers(left, operator, right)

    def option(self, name: str, operator: str, right: Any) -> bool | None:
        elements = right.elts if isinstance(right, ast.Tuple) else [right]
        options = ["not" if each.id == "NOT" else each.id for each in elements]
        value = self.value(name)
        if value is None:
            return None
        if operator in ("NotIn", "NotEq"):
            return not self.inside(value, options)
        if operator in ("In", "Eq"):
            return self.inside(value, options)
        spec = self.spec(name)
        order = [option for option, _ in spec.options]
        mine, other = order.index(value), order.index(options[0])
        return {"Lt": mine < other, "LtE": mine <= other, "Gt": mine > other, "GtE": mine >= other}[
            operator
        ]

    @staticmethod
    def inside(value: Any, options: list[str]) -> bool:
        return bool(set(value) & set(options)) if isinstance(value, tuple) else value in options

    def numbers(self, left: Any, operator: str, right: Any) -> bool | None:
        one, two = self.number(left), self.number(right)
        if one is NOT_TAKEN or two is NOT_TAKEN:
            return False
        answers = {self.plain(a, operator, b) for a in self.points(one) for b in self.points(two)}
        if operator == "Eq" and answers == {False} and max(one[0], two[0]) <= min(one[1], two[1]):
            return None
        return answers.pop() if len(answers) == 1 else None

    @staticmethod
    def points(bounds: tuple[int, int]) -> list[int]:
        return [bounds[0], bounds[1]]

    @staticmethod
    def plain(a: int, operator: str, b: int) -> bool:
        return {"Eq": a == b, "Lt": a < b, "LtE": a <= b, "Gt": a > b, "GtE": a >= b}[operator]

    def number(self, node: Any) -> Any:
        if isinstance(node, ast.Constant):
            return node.value, node.value
        if isinstance(node, ast.BinOp):
            one, two = self.number(node.left), self.number(node.right)
            if one is NOT_TAKEN or two is NOT_TAKEN:
                return NOT_TAKEN
            return one[0] + two[0], one[1] + two[1]
        if isinstance(node, ast.Name):
            if node.id in WORDS:
                return WORDS[node.id], WORDS[node.id]
            value = self.value(node.id)
            if value is NOT_TAKEN:
                return NOT_TAKEN
            return (0, MOST) if value is None else (value, value)
        name = node.args[0].id
        if node.func.id == "count":
            value = self.value(name)
            size = len(self.spec(name).options)
            return (0, size) if value is None else (len(set(value)), len(set(value)))
        if node.func.id == "score":
            return self.details.scores.get(name, NOT_TAKEN)
        return self.levels.get(f"{node.func.id}_of_{name}", (0, 0))

    def spec(self, name: str) -> Any:
        book = self.rulebook
        return {**book.questions, **book.observations, **book.facts}.get(name)

    def value(self, name: str) -> Any:
        spec = self.spec(name)
        if name in self.rulebook.facts:
            return self.known(name, spec)
        given = self.details.answers if name in self.rulebook.questions else None
        answer = (self.details.observations if given is None else given).get(name)
        if answer is not None and answer.status is Status.ANSWERED:
            if spec.kind == "text":
                return "said"
            if isinstance(answer.value, bool):
                return "yes" if answer.value else "no"
            return answer.value
        asked = answer is not None and answer.status is not Status.NOT_ASKED
        branch = getattr(spec, "branch", None)
        if branch is not None and not asked and self.holds(branch.text) is False:
            return NOT_TAKEN if spec.kind == "text" else spec.nothing
        return None

    def known(self, name: str, spec: Any) -> Any:
        details, record = self.details, self.details.record
        holders = (record, details, details.person)
        if name == "record_checked":
            return "yes" if record.checked else "no"
        if name == "age" and details.person.date_of_birth is not None:
            born = details.person.date_of_birth
            had = (self.day.month, self.day.day) >= (born.month, born.day)
            return self.day.year - born.year - (0 if had else 1)
        value = next(getattr(h, name) for h in holders if hasattr(h, name))
        if value == "unknown":
            return None
        if value is None and record.checked:
            if name in RECORD_ONLY:
                return spec.nothing
            if name in ("breath_ug", "drug_test", "age_on_document"):
                return NOT_TAKEN
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value
