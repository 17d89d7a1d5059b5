"""What the pages of the review share: who looks, at what, in which frame."""

from typing import Any

from flask import render_template

from triage import casework
from triage.casework import review
from triage.domain import london
from triage.domain.annual_return import ReturnField, fields_of
from triage.record import Operation
from triage.web import review_asked
from triage.web.doors import actor, doors


def who() -> dict[str, Any]:
    """Who looks, and when."""
    return {"actor": actor(), "now": doors().now()}


def practice() -> Any:
    """The practice of the rulebook in force."""
    return doors().service.rulebook.practice


def fields() -> tuple[ReturnField, ...]:
    """The fields of the annual return."""
    return fields_of(practice().get("annual_return", {}))


def found_in() -> tuple[review_asked.Asked, casework.Review]:
    """What the address asks for, and the waits that began in it."""
    asked = review_asked.asked()
    found = review.review(
        doors().service, asked.suites, since=asked.since, until=asked.until, **who(),
        as_known_at=asked.known,
    )  # fmt: skip
    return asked, found


def yearly_in(asked: review_asked.Asked) -> casework.ReturnView:
    """The annual return of the year that the last day asked for is in."""
    on = london.day_of(asked.until_before)
    return review.yearly(doors().service, asked.suites, on=on, **who(), as_known_at=asked.known)


def log_disclosure(what: str, *, leaving: bool) -> None:
    """A file that is taken away is a disclosure, whoever it is for."""
    fit = "small numbers left out" if leaving else "exact, inside the force"
    doors().service.record.log_access(
        actor(), f"{what}: {fit}", None, "review", doors().now(),
        operation=Operation.DISCLOSURE,
    )  # fmt: skip


def page(template: str, asked: review_asked.Asked, **values: Any) -> str:
    """One page of the review with its tabs and its question form."""
    suites = casework.suites_of(doors().service)
    return render_template(template, asked=asked.shown, suites=suites, **values)
