"""Checks every name in a condition against the rulebook, and gathers what is wrong with it."""

import ast
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from triage.domain.conditions import Condition, Known, Tree
from triage.domain.expressions import Wrong, nearest
from triage.domain.specs import FactKind, Spec, options_of

NOTHING = Known("")  # stands where a fault was found; such a tree is never used


@dataclass(frozen=True)
class Vocabulary:
    """The names that a condition may use. ``levels`` lets it read needs and flags too.

    What was read with these names is kept, because rules and routes say many things twice.
    """

    facts: Mapping[str, Spec]
    definitions: Collection[str] = ()
    instruments: Collection[str] = ()
    levels: bool = False
    read: dict[str, Condition] = field(default_factory=dict, init=False, compare=False, repr=False)


@dataclass
class Names:
    """Looks names up; each that is not known becomes a fault with the nearest name."""

    vocabulary: Vocabulary
    faults: list[Wrong] = field(default_factory=list)

    def names(self, node: ast.Call) -> tuple[str, ...]:
        names = [arg.id for arg in node.args if isinstance(arg, ast.Name)]
        if len(names) != len(node.args):
            self.wrong(f"{shown(node.func)}( ) takes names only.")
        return tuple(names)

    def fact(self, name: str) -> Spec | None:
        spec = self.vocabulary.facts.get(name)
        if spec is None:
            known = (*self.vocabulary.facts, *self.vocabulary.definitions)
            self.wrong(
                f"{name[:60]} is not a question, observation, fact or definition.",
                nearest(name, known),
            )
        return spec

    def many(self, name: str) -> Spec | None:
        spec = self.fact(name)
        if spec is not None and spec.kind is not FactKind.MANY:
            self.wrong(f"{name} has one answer, so this function has no sense for it.")
            return None
        return spec

    def options(self, spec: Spec, elements: Sequence[ast.expr]) -> tuple[str, ...]:
        names = [each.id for each in elements if isinstance(each, ast.Name)]
        if len(names) != len(elements) or not names:
            self.wrong(f"{spec.id} is compared with options, written bare.")
        ids = options_of(spec)
        chosen = tuple(["not" if name == "not_" else name for name in names])
        for name in chosen:
            if name not in ids:
                self.among(name, ids, f"an option of {spec.id}")
        return chosen

    def among(self, name: str, names: Collection[str], what: str) -> None:
        if name not in names:
            self.wrong(f"{name[:60]} is not {what}.", nearest(name, names))

    def wrong(self, problem: str, near: str = "") -> Tree:
        self.faults.append(Wrong(problem, near))
        return NOTHING


def shown(node: ast.expr) -> str:
    """A part of a condition in a few words, for a sentence about it."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Constant):
        return repr(node.value)
    return f"this {type(node).__name__.lower()}"
