"""What the rules folder says about routes and the services that they lead to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from triage.domain.conditions import Always, Condition, Tree
from triage.domain.dated import Confidence
from triage.domain.findings import Axis, Route, RouteStatus
from triage.domain.needs import ORDER


@dataclass(frozen=True)
class RouteRule:
    """One route that a human could choose, and for whom it is open."""

    id: str
    axis: Axis
    basis: str
    nations: tuple[str, ...]
    decided_by: str
    serves: tuple[str, ...]
    when: Condition
    why: str
    source: str
    confidence: Confidence
    checked_on: date
    possible_when: Condition | None = None
    exclude: Condition | None = None
    why_not: str = ""
    requires: tuple[str, ...] = ()
    adult_only: bool = False
    target_minutes: int | None = None
    target_basis: str = ""
    consent: str = ""
    comes_back: str = ""
    law: str | None = None
    file: str = ""

    @cached_property
    def closed(self) -> Route:
        """The route as nobody has it yet: fill in what became of it for a person."""
        return Route(
            route=self.id,
            axis=self.axis,
            status=RouteStatus.NOT_AVAILABLE,
            basis=self.basis,
            decided_by=self.decided_by,
            why=(),
            missing=(),
            target_minutes=self.target_minutes,
        )

    @cached_property
    def serves_in_order(self) -> tuple[str, ...]:
        """The needs and flags that it answers, in the order in which they are shown."""
        return tuple(name for name in ORDER if name in self.serves)

    @cached_property
    def trees(self) -> tuple[Tree, Tree, Tree]:
        """When it is called for, when it is possible, and who is left out."""
        possible, exclude = self.possible_when, self.exclude
        return (
            self.when.tree,
            Always(False) if possible is None else possible.tree,
            Always(False) if exclude is None else exclude.tree,
        )


@dataclass(frozen=True)
class Service:
    """One place that a route can lead to; site data."""

    id: str
    route: str
    name: str
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
