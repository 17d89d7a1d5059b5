"""Why something was found, or why not: the nearest rules, the facts against, the one question.

A screen misses people, so it has to say what stands between this person and each rule (users'
requirement N6). These are values; the words are made where they are shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from triage.domain.conditions import And, Defined, Leaf, Not, Or, Tree
from triage.domain.errors import InputError
from triage.domain.expressions import nearest
from triage.domain.findings import FactUsed, Findings, Missing, Urgency
from triage.domain.needs import FLAGS, NEEDS
from triage.domain.rulebook import Modifier, Rule, Rulebook
from triage.domain.specs import FactSpec, Question, Spec
from triage.domain.walk import Walk

MOST_RULES = 5


@dataclass(frozen=True)
class Ask:
    """The one answer that would change it, why it is missing, and who could give it."""

    id: str
    why: str
    who: str  # said | observed | record | property | officer | person | stay
    alone: bool  # whether this answer by itself could settle it


@dataclass(frozen=True)
class RuleExplained:
    """One rule or route before one person."""

    id: str
    holds: bool | None  # None: nobody can tell
    urgency: Urgency | None
    because: str
    text: str  # the condition as it was written
    facts: tuple[FactUsed, ...]  # what speaks for it
    against: tuple[FactUsed, ...]  # what would have to be otherwise
    missing: tuple[Missing, ...]  # what nobody knows
    ask: Ask | None


@dataclass(frozen=True)
class Explanation:
    """Why a rule holds, a need was found or a route is open; or why not."""

    id: str
    kind: str  # rule | modifier | need | flag | route
    holds: bool | None
    outcome: str  # an urgency, a route's status, or not_found
    rules: tuple[RuleExplained, ...]  # those that hold, else the nearest first
    ask: Ask | None


def explained(rulebook: Rulebook, walk: Walk, findings: Findings, name: str) -> Explanation:
    """Why, or why not, for the id of a rule, a modifier, a need, a flag or a route.

    Raises InputError, with the nearest id, when nothing has this id.
    """
    rules = {rule.id: rule for rule in rulebook.rules}
    modifiers = {modifier.id: modifier for modifier in rulebook.modifiers}
    routes = {route.id: route for route in rulebook.routes}
    if name in rules:
        return _of_one(_rule(rules[name], walk), "rule")
    if name in modifiers:
        return _of_one(_modifier(modifiers[name], walk), "modifier")
    if name in routes:
        return _route(rulebook, walk, findings, name)
    if name in NEEDS or name in FLAGS:
        return _need(rulebook, walk, findings, name)
    names = (*NEEDS, *FLAGS, *routes, *rules, *modifiers)
    near = nearest(name, names)
    raise InputError.at(
        "id", f"{name[:80]} is no rule, need, flag or route.", (near,) if near else ()
    )


def _of_one(rule: RuleExplained, kind: str) -> Explanation:
    outcome = rule.urgency.word if rule.holds and rule.urgency else "not_found"
    return Explanation(rule.id, kind, rule.holds, outcome, (rule,), rule.ask)


def _need(rulebook: Rulebook, walk: Walk, findings: Findings, name: str) -> Explanation:
    found = {need.need: need.urgency for need in findings.needs}
    found |= {flag.flag: flag.urgency for flag in findings.flags}
    candidates = [_rule(rule, walk) for rule in rulebook.rules if name in dict(rule.raises)]
    candidates += [
        _modifier(modifier, walk)
        for modifier in rulebook.modifiers
        if name in modifier.raises and (modifier.adds or name in found)
    ]
    holding = [rule for rule in candidates if rule.holds]
    rest = sorted((rule for rule in candidates if not rule.holds), key=_distance)
    is_open = any(each.need == name for each in findings.not_excluded)
    holds = True if name in found else (None if is_open else False)
    asks = [rule.ask for rule in rest if rule.ask is not None]
    return Explanation(
        id=name,
        kind="need" if name in NEEDS else "flag",
        holds=holds,
        outcome=found[name].word if name in found else "not_found",
        rules=tuple(holding + rest[:MOST_RULES]),
        ask=min(asks, key=lambda ask: not ask.alone, default=None),
    )


def _distance(rule: RuleExplained) -> tuple[int, int]:
    return len(rule.against), len(rule.missing)


def _route(rulebook: Rulebook, walk: Walk, findings: Findings, name: str) -> Explanation:
    route = next(route for route in rulebook.routes if route.id == name)
    made = next((each for each in findings.routes if each.route == name), None)
    when, possible, exclude = route.trees
    parts = [_explained(name, route.when.text, route.why, None, when, walk)]
    if route.possible_when is not None:
        text = route.possible_when.text
        parts.append(_explained(name, text, route.why, None, possible, walk))
    if route.exclude is not None:
        text = f"not ({route.exclude.text})"
        parts.append(_explained(name, text, route.why_not, None, Not(exclude), walk))
    holds = None
    if made is None or made.status == "not_available":
        holds = False
    elif made.status == "suggested":
        holds = True
    outcome = made.status.value if made else "not_called_for"
    ask = next((part.ask for part in parts if part.ask is not None), None)
    if ask is None and made is not None:
        # What would tell about a need that the route serves stands behind that need's rules.
        ask = _ask(walk, made.missing, alone=len(made.missing) == 1)
    return Explanation(name, "route", holds, outcome, tuple(parts), ask)


def _rule(rule: Rule, walk: Walk) -> RuleExplained:
    because = rule.because
    return _explained(rule.id, rule.when.text, because, rule.urgency, rule.when.tree, walk)


def _modifier(modifier: Modifier, walk: Walk) -> RuleExplained:
    tree, because = modifier.when.tree, modifier.because
    return _explained(modifier.id, modifier.when.text, because, modifier.cap, tree, walk)


def _explained(
    name: str, text: str, because: str, urgency: Urgency | None, tree: Tree, walk: Walk
) -> RuleExplained:
    verdict = walk.verdict(tree)
    path = _path(tree, walk, True)
    against = _facts(walk, (leaf for leaf, wanted in path if walk.verdict(leaf) is (not wanted)))
    unknown = [leaf for leaf, _ in path if walk.verdict(leaf) is None]
    missing = tuple(dict.fromkeys(m for leaf in unknown for m in walk.unknown(leaf)))
    settled = (leaf for leaf, wanted in path if walk.verdict(leaf) is wanted)
    return RuleExplained(
        id=name,
        holds=verdict,
        urgency=urgency,
        because=because,
        text=text,
        facts=walk.facts(tree) if verdict else _facts(walk, settled),
        against=() if verdict else against,
        missing=() if verdict else missing,
        ask=None if verdict else _ask(walk, missing, alone=not against and len(missing) == 1),
    )


def _path(tree: Tree, walk: Walk, wanted: bool) -> list[tuple[Leaf, bool]]:
    """The leaves on the shortest way to what is wanted: fewest facts against, then fewest
    unknown."""
    match tree:
        case Not(part):
            return _path(part, walk, not wanted)
        case Defined(name):
            return _path(walk.program.definitions[name].when.tree, walk, wanted)
        case And(parts) | Or(parts):
            paths = [_path(part, walk, wanted) for part in parts]
            if isinstance(tree, And) == wanted:
                return [step for path in paths for step in path]
            return min(paths, key=lambda path: _cost(path, walk))
    return [(tree, wanted)]


def _cost(path: Iterable[tuple[Leaf, bool]], walk: Walk) -> tuple[int, int]:
    verdicts = [(walk.verdict(leaf), wanted) for leaf, wanted in path]
    against = sum(verdict is (not wanted) for verdict, wanted in verdicts)
    return against, sum(verdict is None for verdict, _ in verdicts)


def _facts(walk: Walk, found: Iterable[Leaf]) -> tuple[FactUsed, ...]:
    return tuple(dict.fromkeys(fact for leaf in found for fact in walk.used(leaf)))


def _ask(walk: Walk, missing: tuple[Missing, ...], *, alone: bool) -> Ask | None:
    if not missing:
        return None
    first = missing[0]
    return Ask(first.id, first.why, _who(walk.program.facts.get(first.id)), alone)


def _who(spec: Spec | None) -> str:
    """Where the answer would come from."""
    match spec:
        case Question():
            return "said"
        case FactSpec(source=source):
            return source
        case None:
            return "instrument"
    return "observed"
