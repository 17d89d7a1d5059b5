"""Which routes a human could choose for one person, on three axes that are never mixed.

Duty: staff must. Support: the person decides. Disposal: the police decide. Each route is
suggested, possible, needs information (and says which), or is not available (and says why).
Unknown never reads as open, and never as closed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from triage.domain.answers import Details, Status
from triage.domain.conditions import Defined, Or, Tree
from triage.domain.findings import (
    Axis,
    Flag,
    Missing,
    Need,
    NotExcluded,
    Route,
    RouteStatus,
    Urgency,
)
from triage.domain.needs import FLAGS, NEEDS, ROUTE_ORDER
from triage.domain.program import Levels
from triage.domain.rulebook import RouteRule, Rulebook
from triage.domain.walk import Behind, Walk

_EVERYONE = "liaison_nurse"
_LAST = "information_only"


def suggest(
    rulebook: Rulebook,
    details: Details,
    needs: Iterable[Need],
    flags: Iterable[Flag],
    not_excluded: Iterable[NotExcluded] = (),
) -> tuple[Route, ...]:
    """The routes for these needs and flags, in the order of the axes.

    What could not be excluded can make a route need information; it never suggests one.
    """
    reading = rulebook.program.read(details, rulebook.law)
    found = {need.need: int(need.urgency) for need in needs}
    found |= {flag.flag: int(flag.urgency) for flag in flags}
    open_ = tuple(not_excluded)
    could = {each.need: int(each.urgency) for each in open_}
    walk = Walk.over(rulebook.program, reading)
    behind = {each.need: each.missing for each in open_}
    return suggest_from(rulebook, walk, levels_of(found, could), behind)


def levels_of(found: Mapping[str, int], could: Mapping[str, int]) -> Levels:
    """What was found is certain; what was not excluded above it is possible."""
    highest = {name: max(found.get(name, 0), could.get(name, 0)) for name in {**found, **could}}
    levels = {
        f"{'need' if name in NEEDS else 'flag'}_of_{name}": (found.get(name, 0), high)
        for name, high in highest.items()
    }
    for urgency in Urgency:
        bounds = _at_least(found, urgency), _at_least(highest, urgency)
        levels[f"any_need_of_{urgency.word}"] = bounds
    return levels


def _at_least(levels: Mapping[str, int], urgency: Urgency) -> int:
    return sum(levels.get(need, 0) >= urgency for need in NEEDS)


def suggest_from(
    rulebook: Rulebook, walk: Walk, levels: Levels, behind: Behind
) -> tuple[Route, ...]:
    """The routes for what the rules found, as a screening hands it over.

    ``behind`` holds the answers that are missing behind each need that was not excluded.
    """
    program = walk.program
    judged = Judged(
        rulebook,
        Walk.over(program, walk.reading, levels),
        levels,
        behind,
        dict(program.routes(program.with_levels(walk.reading, levels))),
    )
    routes = [
        route
        for place, rule in enumerate(rulebook.routes)
        if (route := judged.route(place, rule)) is not None
    ]
    return tuple(sorted(_without_last(routes), key=lambda route: ROUTE_ORDER[route.route]))


def _without_last(routes: list[Route]) -> Iterator[Route]:
    """Information alone is suggested only where no other support is, besides the nurse."""
    others = any(
        route.axis is Axis.SUPPORT
        and route.status is RouteStatus.SUGGESTED
        and route.route not in (_EVERYONE, _LAST)
        for route in routes
    )
    return (route for route in routes if not (others and route.route == _LAST))


@dataclass(frozen=True)
class Judged:
    """One person before all routes: the facts, what was found, and what the conditions said."""

    rulebook: Rulebook
    walk: Walk
    levels: Levels
    behind: Behind
    holding: Mapping[int, object]

    @cached_property
    def found(self) -> tuple[tuple[str, str], ...]:
        """The needs and flags that were found, each in a few words."""
        lows = [(n, self.levels.get(f"need_of_{n}", (0, 0))[0]) for n in NEEDS]
        lows += [(n, self.levels.get(f"flag_of_{n}", (0, 0))[0]) for n in FLAGS]
        return tuple((n, f"{n.replace('_', ' ')} ({Urgency(u).word})") for n, u in lows if u)

    def route(self, place: int, rule: RouteRule) -> Route | None:
        """The route with its status, or None where nothing calls for it."""
        when, possible, exclude = (self.verdict(3 * place + part) for part in range(3))
        if when is False and possible is False and rule.axis is not Axis.DISPOSAL:
            return None
        barred = self.barred(rule, exclude)
        if barred is not None:
            return self.made(rule, RouteStatus.NOT_AVAILABLE, (barred,), ())
        missing = tuple(self.missing(rule, exclude))
        if when is False and possible is False and not missing:
            return self.made(rule, RouteStatus.NOT_AVAILABLE, (_why_not(rule),), ())
        unsure = self.unsure(rule, when, possible)
        if missing or (when is not True and possible is not True):
            every = tuple(dict.fromkeys(missing + unsure))
            return self.made(rule, RouteStatus.NEEDS_INFORMATION, self.why(rule), every)
        status = RouteStatus.SUGGESTED if when else RouteStatus.POSSIBLE
        return self.made(rule, status, self.why(rule), unsure)

    def verdict(self, test: int) -> bool | None:
        """Whether a condition holds; None when nobody can tell."""
        if test not in self.holding:
            return False
        return True if self.holding[test] else None

    def barred(self, rule: RouteRule, exclude: bool | None) -> str | None:
        """Why the route is certainly closed to this person, if it is."""
        details = self.walk.reading.details
        if details.nation not in rule.nations:
            return f"Not in {details.nation.title()}."
        if rule.law is not None and not self.rulebook.law.holds(rule.law, self.walk.reading.day):
            return f"Not in force ({rule.law}): a change is expected."
        if exclude is True or self.walk.verdict(self.left_out(rule)) is True:
            return _why_not(rule)
        for fact in rule.requires:
            if fact != "evidence_ready" and self.walk.values[f"f_{fact}"] == "no":
                return _why_not(rule)
        return None

    def left_out(self, rule: RouteRule) -> Tree:
        """Who is left out: besides what the rule says, nobody meets an adults' route as a child."""
        if rule.adult_only and "child" in self.walk.program.definitions:
            return Or((rule.trees[2], Defined("child")))
        return rule.trees[2]

    def missing(self, rule: RouteRule, exclude: bool | None) -> Iterator[Missing]:
        """What must be known before the route can be open at all."""
        left_out = self.left_out(rule)
        if exclude is None or self.walk.verdict(left_out) is None:
            yield from self.walk.missing(left_out, wanted=False)
        for fact in rule.requires:
            if fact == "evidence_ready" and self.walk.values["f_evidence_ready"] != "yes":
                yield Missing("evidence_stage", Status.NOT_ASKED)
            elif self.walk.values[f"f_{fact}"] is None:
                yield Missing(fact, Status.NOT_ASKED)

    def unsure(
        self, rule: RouteRule, when: bool | None, possible: bool | None
    ) -> tuple[Missing, ...]:
        """What would tell whether the route is called for."""
        when_tree, possible_tree, _ = rule.trees
        if when is None:
            return self.walk.missing(when_tree, behind=self.behind)
        if when is False and possible is None:
            return self.walk.missing(possible_tree, behind=self.behind)
        return ()

    def why(self, rule: RouteRule) -> tuple[str, ...]:
        """Why the route is put forward: its own sentence, then the needs that it answers."""
        found = [words for name, words in self.found if name in rule.serves]
        return (rule.why, f"For: {', '.join(found)}.") if found else (rule.why,)

    def made(
        self,
        rule: RouteRule,
        status: RouteStatus,
        why: tuple[str, ...],
        missing: tuple[Missing, ...],
    ) -> Route:
        """The route as a value."""
        nation = self.walk.reading.details.nation
        return Route(
            route=rule.id,
            axis=rule.axis,
            status=status,
            basis=rule.basis,
            decided_by=rule.decided_by,
            why=why,
            missing=missing,
            target_minutes=rule.target_minutes,
            services=tuple(
                service.id
                for service in self.rulebook.services
                if service.route == rule.id and service.details.get("nation", nation) == nation
            ),
        )


def _why_not(rule: RouteRule) -> str:
    return rule.why_not or "Not for this person."
