"""Settles, before any rule, what rules depend on: answers, branch questions, shared definitions.

A branch question that nobody needed to ask reads as its harmless option; a definition is worked
out once for all rules. Each is settled after whatever it depends on itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter
from math import inf, nan
from typing import Any

from triage.domain.answers import NOT_ASKED, Details, Status
from triage.domain.conditions import Defined, Number, Tree, leaves, names_in
from triage.domain.facts import FILLED, NOT_TAKEN, SILENT_IS_NOTHING
from triage.domain.rails import Emitter, define, number_name
from triage.domain.reading import Chosen, codes_of
from triage.domain.specs import Definition, FactKind, FactSpec, Observation, Question, Spec

Settle = Callable[[Details, date, Sequence[Any]], tuple[Any, ...]]


class CannotCompile(ValueError):
    """The conditions depend on each other in a circle, or an id is not usable as a name."""


def order(
    facts: Mapping[str, Spec], definitions: Mapping[str, Definition]
) -> tuple[tuple[str, bool], ...]:
    """Branch questions (True) and definitions (False), each after what it depends on.

    Raises CannotCompile when they depend on each other in a circle.
    """
    nodes: dict[tuple[str, bool], set[tuple[str, bool]]] = {}
    branches = {q.id: q.branch.tree for q in facts.values() if isinstance(q, Question) and q.branch}
    for name, tree in branches.items():
        nodes[name, True] = _reads(tree, branches)
    for name, definition in definitions.items():
        nodes[name, False] = _reads(definition.when.tree, branches)
    try:
        return tuple(TopologicalSorter(nodes).static_order())
    except CycleError as circle:
        names = ", ".join(dict.fromkeys(name for name, _ in circle.args[1]))
        raise CannotCompile(f"These depend on each other in a circle: {names}.") from None


def _reads(tree: Tree, branches: Mapping[str, Tree]) -> set[tuple[str, bool]]:
    found: set[tuple[str, bool]] = set()
    for leaf in leaves(tree):
        if isinstance(leaf, Defined):
            found.add((leaf.name, False))
        else:
            found |= {(name, True) for name in names_in(leaf) if name in branches}
    return found


def settling(
    emitter: Emitter,
    definitions: Mapping[str, Definition],
    *,
    counts: Sequence[Number],
    asked: Iterable[str],
    rest: Sequence[str],
    settled: Sequence[str],
) -> Settle:
    """The function that reads all answers and settles what depends on them, in its order."""
    withheld = set(asked)
    space: dict[str, Any] = {
        "ANSWERED": Status.ANSWERED,
        "REFUSED": Status.REFUSED,
        "UNABLE": Status.UNABLE,
        "NOT_ASKED": NOT_ASKED,
        "INF": inf,
        "NAN": nan,
        "TUPLE": tuple,
    }
    body = ["said, seen = details.answers.get, details.observations.get"]
    body.append("checked = details.record.checked")
    for spec in emitter.facts.values():
        if isinstance(spec, FactSpec):
            body += _fact(spec, space)
        else:
            body += _answer(spec, space, read_withheld=spec.id in withheld)
    if rest:
        body.append(f"({', '.join(rest)},) = rest")
    body += [line for count in counts for line in _counted(count)]
    for name, is_branch in order(emitter.facts, definitions):
        if is_branch:
            body += _branch(emitter, name)
            body += [line for count in counts if count.name == name for line in _counted(count)]
            continue
        may, must = emitter.rails(definitions[name].when.tree)
        body += [f"may_{name} = {may}", f"must_{name} = {must}"]
    return define("settle(details, day, rest)", [*body, f"return ({', '.join(settled)},)"], space)


def _answer(
    spec: Question | Observation, space: dict[str, Any], *, read_withheld: bool
) -> list[str]:
    """One answer read into its locals. One that is no option of its question is unknown."""
    name = spec.id
    said = "said" if isinstance(spec, Question) else "seen"
    codes = codes_of(spec)
    lines = [f"a = {said}({name!r}, NOT_ASKED)"]
    if read_withheld:
        lines.append(f"w_{name} = a.status is REFUSED or a.status is UNABLE")
    if spec.kind is FactKind.MANY:
        space[f"m_{name}"] = Chosen(codes or {})
        lines.append("a = a.value if a.status is ANSWERED else None")
        lines.append(_many(name))
    elif codes is None:
        lines.append(f"f_{name} = 'said' if a.status is ANSWERED else None")
    else:
        space[f"c_{name}"] = codes.get
        lines.append(f"f_{name} = c_{name}(a.value) if a.status is ANSWERED else None")
    return lines


def _fact(spec: FactSpec, space: dict[str, Any]) -> list[str]:
    """One fact of the person, the stay or the record read into its locals."""
    name = spec.id
    space[f"fill_{name}"] = FILLED[name]
    codes = codes_of(spec) or {}
    lines = [f"a = fill_{name}(details, day)"]
    if name in SILENT_IS_NOTHING:
        lines.append(f"if a is None and checked: a = {spec.nothing!r}")
    if spec.kind is FactKind.MANY:
        space[f"m_{name}"] = Chosen(codes)
        return [*lines, _many(name)]
    if spec.kind is FactKind.NUMBER:
        return [
            *lines,
            f"if a is None: l_{name}, h_{name} = 0, INF",
            f"elif a == {NOT_TAKEN!r}: l_{name} = h_{name} = NAN",
            f"else: l_{name} = h_{name} = a",
        ]
    space[f"c_{name}"] = {**codes, NOT_TAKEN: NOT_TAKEN}.get
    return [*lines, f"f_{name} = c_{name}(a)"]


def _many(name: str) -> str:
    return f"l_{name}, h_{name} = m_{name}[a if a.__class__ is TUPLE else None]"


def _branch(emitter: Emitter, name: str) -> list[str]:
    """A branch question that nobody asked reads as nothing when its gate is certainly false.

    One that was asked all the same keeps its answer, or its refusal.
    """
    question = emitter.facts[name]
    if not isinstance(question, Question) or question.branch is None:
        return []
    gate = emitter.rail(question.branch.tree, may=True)
    many = question.kind is FactKind.MANY
    open_ = f"l_{name} != h_{name}" if many else f"f_{name} is None"
    nothing = f"l_{name} = h_{name} = 0" if many else f"f_{name} = {question.nothing!r}"
    return [f"if {open_} and not w_{name} and not {gate}:", f"    {nothing}"]


def _counted(count: Number) -> list[str]:
    name = number_name(count)
    return [f"{bound}{name} = {bound}{count.name}.bit_count()" for bound in ("l_", "h_")]
