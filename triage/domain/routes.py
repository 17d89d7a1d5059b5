"""Which routes a human could choose for one person, on three axes that are never mixed.

Duty: staff must. Support: the person decides. Disposal: the police decide. Each route is
suggested, possible, needs information (and says which), or is not available (and says why).
Unknown never reads as open, and never as closed.
"""

from collections.abc import Iterable, Iterator, Mapping

from triage.domain.answers import Details, Status
from triage.domain.conditions import Number
from triage.domain.findings import (
    Axis,
    Flag,
    Missing,
    Need,
    NotExcluded,
    Route,
    RouteStatus,
    Urgency,
    like,
)
from triage.domain.kleene import rails
from triage.domain.levels import Levels
from triage.domain.needs import NEED_WORDS, ORDER
from triage.domain.rulebook import RouteRule, Rulebook
from triage.domain.used import Behind, Lacking, Used

_WORDS = ("not found", *(urgency.word for urgency in Urgency))
_IN_WORDS = {name: NEED_WORDS.get(name, name.replace("_", " ")) for name in ORDER}
_FOUND = {name: [f"{words} ({level})" for level in _WORDS] for name, words in _IN_WORDS.items()}
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
    behind = {each.need: each.missing for each in open_}
    levels = Levels.of(found, could)
    used = Used.of(rulebook.program, reading).with_levels(levels)
    return suggest_from(rulebook, used, levels, lambda number: _behind(number, behind))


def _behind(number: Number, behind: Mapping[str, tuple[Missing, ...]]) -> Lacking:
    names = behind if number.of == "any_need" else (number.name,)
    return {missing.id: missing for name in names for missing in behind.get(name, ())}


def suggest_from(
    rulebook: Rulebook, used: Used, levels: Levels, behind: Behind
) -> tuple[Route, ...]:
    """The routes for what the rules found, as a screening hands it over.

    ``used`` are the facts with these levels. ``behind`` gives the answers that are missing behind
    each need that was not excluded.
    """
    judged = Judged(rulebook, used, levels, behind)
    verdicts: list[bool | None] = [False] * (3 * len(rulebook.routes))
    for place, certain in rulebook.program.routes(used.values):
        verdicts[place] = True if certain else None
    routes = []
    for place, rule, closed in rulebook.routes_in(used.reading.details.nation):
        when, possible, exclude = verdicts[3 * place : 3 * place + 3]
        if when is not False or possible is not False or rule.axis is Axis.DISPOSAL:
            routes.append(judged.route(rule, closed, when, possible, exclude))
    return tuple(_without_last(routes))


def _without_last(routes: list[Route]) -> Iterator[Route]:
    """Information alone is suggested only where no other support is, besides the nurse."""
    others = any(
        route.axis is Axis.SUPPORT
        and route.status is RouteStatus.SUGGESTED
        and route.route not in (_EVERYONE, _LAST)
        for route in routes
    )
    return (route for route in routes if not (others and route.route == _LAST))


class Judged:
    """One person before all routes: the facts, and what was found."""

    def __init__(self, rulebook: Rulebook, used: Used, levels: Levels, behind: Behind) -> None:
        self.rulebook, self.used, self.behind = rulebook, used, behind
        found = zip(ORDER, levels.low, strict=True)
        # The needs and flags that were found, each in a few words, in the order of ``ORDER``.
        self.found = {name: _FOUND[name][low] for name, low in found if low}
        self.child = self._child()

    def route(
        self,
        rule: RouteRule,
        closed: Route,
        when: bool | None,
        possible: bool | None,
        exclude: bool | None,
    ) -> Route:
        """The route with its status, where something calls for it or the police decide it."""
        barred = self.barred(rule, exclude)
        if barred is not None:
            return like(closed, why=(barred,))
        called_for = when is True or possible is True
        missing = self.missing(rule, exclude)
        if when is False and possible is False and not missing:
            return like(closed, why=(_why_not(rule),))
        unsure = self.unsure(rule, when, possible)
        if called_for and not missing:
            status = RouteStatus.SUGGESTED if when else RouteStatus.POSSIBLE
            every = unsure
        else:
            status = RouteStatus.NEEDS_INFORMATION
            every = {**missing, **unsure} if missing else unsure
        return like(closed, status=status, why=self.why(rule), missing=tuple(every.values()))

    def value(self, local: str) -> object:
        """What was read for one fact, or settled of one definition."""
        return self.used.values[self.used.program.places[local]]

    def barred(self, rule: RouteRule, exclude: bool | None) -> str | None:
        """Why the route is certainly closed to this person, if it is."""
        nation = self.used.reading.details.nation
        if nation not in rule.nations:
            return f"Not in {nation.title()}."
        if rule.law is not None and not self.rulebook.law.holds(rule.law, self.used.reading.day):
            return f"Not in force ({rule.law}): a change is expected."
        # Besides whom the rule itself leaves out, no child ever meets an adults' route.
        if exclude is True or (rule.adult_only and self.child is True):
            return _why_not(rule)
        for fact in rule.requires:
            if fact != "evidence_ready" and self.value(f"f_{fact}") == "no":
                return _why_not(rule)
        return None

    def _child(self) -> bool | None:
        """Whether this may be a child. Where the rulebook knows no children, nobody is one."""
        if "child" not in self.used.program.definitions:
            return False
        return rails(self.value("may_child"), self.value("must_child"))

    def missing(self, rule: RouteRule, exclude: bool | None) -> Lacking:
        """What must be known before the route can be open at all."""
        found: dict[str, Missing] = {}
        if exclude is None:
            found.update(self.used.lacking(rule.trees[2]))
        if rule.adult_only and self.child is None:
            found.update(self.used.lacking(self.used.program.definitions["child"].when.tree))
        for fact in rule.requires:
            if fact == "evidence_ready":
                if self.value("f_evidence_ready") != "yes":
                    found["evidence_stage"] = Missing("evidence_stage", Status.NOT_ASKED)
            elif self.value(f"f_{fact}") is None:
                found[fact] = Missing(fact, Status.NOT_ASKED)
        return found

    def unsure(self, rule: RouteRule, when: bool | None, possible: bool | None) -> Lacking:
        """What would tell whether the route is called for."""
        if when is None:
            return self.used.lacking(rule.trees[0], self.behind)
        if when is False and possible is None:
            return self.used.lacking(rule.trees[1], self.behind)
        return {}

    def why(self, rule: RouteRule) -> tuple[str, ...]:
        """Why the route is put forward: its own sentence, then the needs that it answers."""
        found = self.found
        words = [found[name] for name in rule.serves_in_order if name in found]
        return (rule.why, f"For: {', '.join(words)}.") if words else (rule.why,)


def _why_not(rule: RouteRule) -> str:
    return rule.why_not or "Not for this person."
