"""One detained person on symbols: everything that could be known, in every possible state.

Each question, observation and fact may have any of its values, or be unknown; each marker may be
there or not; the record may be checked or not; each law row may be in force or not. ``World`` says
what the rules of a rulebook would find for all of them at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import z3

from tests.proofs.machine import NONE, Amount, Bits, Choice, Machine, Symbol, Words
from triage.domain.conditions import Marked
from triage.domain.facts import MARKER_KINDS, NOT_TAKEN
from triage.domain.program import Program
from triage.domain.rails import bits_of, markers_name
from triage.domain.specs import FactKind, Spec, options_of

ENDLESS = z3.RealVal(10**9)
MAY_BE_NOT_TAKEN = ("breath_ug", "drug_test", "age_on_document")
MARKERS = len(MARKER_KINDS)


@dataclass(frozen=True)
class Given:
    """The symbols of one person's facts before any rule, and what keeps them possible."""

    values: Mapping[str, Symbol]
    possible: tuple[z3.BoolRef, ...]


def symbols_of(spec: Spec, mark: str) -> dict[str, Symbol]:
    """Fresh symbols for one fact."""
    if spec.kind is FactKind.MANY:
        size = len(bits_of(spec))
        return {
            f"{bound}{spec.id}": Bits(z3.BitVec(f"{bound}{spec.id}{mark}", size))
            for bound in ("l_", "h_")
        }
    if spec.kind is FactKind.NUMBER:
        nothing = z3.Bool(f"none_{spec.id}{mark}")
        return {
            f"{bound}{spec.id}": Amount(z3.Real(f"{bound}{spec.id}{mark}"), nothing)
            for bound in ("l_", "h_")
        }
    return {f"f_{spec.id}": Choice(z3.Int(f"f_{spec.id}{mark}"))}


def possible(spec: Spec, values: Mapping[str, Symbol], words: Words) -> z3.BoolRef:
    """A fact is one of its values, or unknown; nothing else."""
    if spec.kind is FactKind.MANY:
        low, high = values[f"l_{spec.id}"], values[f"h_{spec.id}"]
        assert isinstance(low, Bits) and isinstance(high, Bits)
        everything = z3.BitVecVal((1 << low.vector.size()) - 1, low.vector.size())
        unknown = z3.And(low.vector == 0, high.vector == everything)
        return z3.Or(low.vector == high.vector, unknown)
    if spec.kind is FactKind.NUMBER:
        low, high = values[f"l_{spec.id}"], values[f"h_{spec.id}"]
        assert isinstance(low, Amount) and isinstance(high, Amount)
        known = z3.And(low.number == high.number, low.number >= 0, low.number < ENDLESS)
        unknown = z3.And(low.number == 0, high.number == ENDLESS)
        none = low.nothing if spec.id in MAY_BE_NOT_TAKEN else z3.BoolVal(False)
        return z3.And(z3.Or(known, unknown), z3.Implies(low.nothing, none))
    choice = values[f"f_{spec.id}"]
    assert isinstance(choice, Choice)
    allowed = [words.code(option) for option in options_of(spec)]
    if spec.kind is FactKind.TEXT:
        allowed = [words.code("said")]
    if spec.id in MAY_BE_NOT_TAKEN:
        allowed.append(words.code(NOT_TAKEN))
    return z3.Or(choice.code == NONE, *[choice.code == code for code in allowed])


def unknown(spec: Spec, values: Mapping[str, Symbol]) -> z3.BoolRef:
    """Nobody knows this fact."""
    if spec.kind is FactKind.MANY:
        low, high = values[f"l_{spec.id}"], values[f"h_{spec.id}"]
        assert isinstance(low, Bits) and isinstance(high, Bits)
        return low.vector != high.vector
    if spec.kind is FactKind.NUMBER:
        high = values[f"h_{spec.id}"]
        assert isinstance(high, Amount)
        return z3.And(z3.Not(high.nothing), high.number == ENDLESS)
    choice = values[f"f_{spec.id}"]
    assert isinstance(choice, Choice)
    return choice.code == NONE


def answered(spec: Spec, values: Mapping[str, Symbol], value: object, words: Words) -> z3.BoolRef:
    """This fact is known to be just this."""
    if spec.kind is FactKind.MANY:
        low, high = values[f"l_{spec.id}"], values[f"h_{spec.id}"]
        assert isinstance(low, Bits) and isinstance(high, Bits) and isinstance(value, tuple)
        mask = sum(bits_of(spec)[option] for option in value)
        return z3.And(low.vector == mask, high.vector == mask)
    choice = values[f"f_{spec.id}"]
    assert isinstance(choice, Choice)
    return choice.code == words.code("said" if spec.kind is FactKind.TEXT else str(value))


def marker_symbols(windows: tuple[Marked, ...], mark: str) -> tuple[dict[str, Symbol], list]:
    """The markers of each window: newer ones and reported ones are among all of them."""
    values: dict[str, Symbol] = {}
    rules: list[z3.BoolRef] = []
    checked = z3.Bool(f"checked{mark}")
    certain = {}
    for window in windows:
        name = markers_name(window)
        low = z3.BitVec(f"l_{name}{mark}", MARKERS)
        everything = z3.BitVecVal((1 << MARKERS) - 1, MARKERS)
        values[f"l_{name}"] = Bits(low)
        values[f"h_{name}"] = Bits(z3.If(checked, low, everything))
        certain[window] = low
    for one, low in certain.items():
        for other, wide in certain.items():
            years = other.years is None or (one.years is not None and one.years <= other.years)
            if one is not other and years and (one.reported or not other.reported):
                rules.append(low & ~wide == 0)
    return values, rules


def given(program: Program, words: Words, mark: str = "") -> Given:
    """Everything that could be known of one person, free to be anything possible."""
    values: dict[str, Symbol] = {}
    rules: list[z3.BoolRef] = []
    for spec in program.facts.values():
        fresh = symbols_of(spec, mark)
        values |= fresh
        rules.append(possible(spec, fresh, words))
    markers, inside = marker_symbols(program.windows, mark)
    values |= markers
    rules += inside
    record = values.get("f_record_checked")
    if isinstance(record, Choice):
        yes, no = words.code("yes"), words.code("no")
        rules.append(record.code == z3.If(z3.Bool(f"checked{mark}"), yes, no))
    for name in program.scores:
        low, high = z3.Real(f"l_score_{name}{mark}"), z3.Real(f"h_score_{name}{mark}")
        none = z3.Bool(f"none_score_{name}{mark}")
        rules += [low >= 0, low <= high]
        values |= {f"l_score_of_{name}": Amount(low, none)}
        values |= {f"h_score_of_{name}": Amount(high, none)}
    for place, _ in enumerate(program.law_rows):
        values[f"law_{place}"] = z3.Bool(f"law_{place}")  # the same law in every world
    for name in withheld_in(program):
        held = z3.Bool(f"w_{name}{mark}")
        values[f"w_{name}"] = held
        rules.append(z3.Implies(held, unknown(program.facts[name], values)))
    return Given(values, tuple(rules))


def withheld_in(program: Program) -> tuple[str, ...]:
    """The questions and observations of which it matters whether an answer was withheld."""
    return tuple(name[2:] for name in program.variables if name.startswith("w_"))


def settled(program: Program, words: Words, person: Given) -> Machine:
    """The person's facts with branch questions, counts and definitions settled."""
    return Machine(words, person.values).run(program._settle)
