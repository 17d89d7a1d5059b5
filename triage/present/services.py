"""The services that a route leads to: their hours, whether they are open, how to reach them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage.domain import london
from triage.domain.opening_hours import Doubt, Holidays, Opening, opening
from triage.domain.route_rules import Service
from triage.domain.rulebook import Rulebook
from triage.present import spans

_DOUBTS = {
    Doubt.NO_HOURS: "Hours not given.",
    Doubt.UNREADABLE: "Whether it is open cannot be told from its hours.",
    Doubt.NOT_ON_FILE: "Whether it is open is not known: the bank holidays of this year are not on "
    "file.",
}
_HOLIDAY = "Bank holiday ({}): its hours do not say whether it is open."


@dataclass(frozen=True)
class ServiceWords:
    """One service, in words: where the hours are unknown it says so."""

    name: str
    state: str  # open | closed | not_known
    opening: str
    hours: str
    reach: str


def services(
    ids: Iterable[str], rulebook: Rulebook | None, *, at: datetime, suite: str | None = None
) -> tuple[ServiceWords, ...]:
    """The services of a route, as at a moment; with ``suite``, only those that serve it."""
    if rulebook is None:
        return ()
    found = [rulebook.service[each] for each in ids if each in rulebook.service]
    return tuple(
        service(each, rulebook.holidays, at=at, suites=suite is None)
        for each in found
        if suite is None or _serves(each, suite)
    )


def service(each: Service, holidays: Holidays, *, at: datetime, suites: bool) -> ServiceWords:
    """One service, as at a moment; ``suites`` names those that it serves, where not all."""
    now = opening(_text(each, "open"), holidays, at=at)
    hours = _text(each, "open")
    whom = [spans.named(suite) for suite in each.details.get("suites", ())]
    told = [f"Telephone {_text(each, 'phone')}."] if _text(each, "phone") else []
    told += [f"{_text(each, key)}." for key in ("email", "website") if _text(each, key)]
    told += [f"For {spans.listed(whom)}."] if suites and whom else []
    return ServiceWords(
        each.name,
        _state(now),
        opening_words(now, at=at),
        f"{spans.capital(hours)}." if hours else "",
        " ".join(told),
    )


def opening_words(now: Opening, *, at: datetime) -> str:
    """Whether it is open, until when; closed, when it opens; or why nobody can tell."""
    if now.is_open is None:
        return _doubt(now)
    if now.is_open:
        return f"Open until {spans.moment(now.until, now=at)}." if now.until else "Open."
    if now.opens_at is None:
        return f"Closed. {_doubt(now)}".strip()
    opens = f"Closed; opens {spans.moment(now.opens_at, now=at)}."
    before = f" Before that: {spans.small(_doubt(now))}" if now.doubt else ""
    return opens + before


def as_json(ids: Iterable[str], rulebook: Rulebook | None, *, at: datetime) -> list[dict[str, Any]]:
    """The services of a route as data; null is what nobody gave, or nobody can tell."""
    if rulebook is None:
        return []
    known = [rulebook.service[each] for each in ids if each in rulebook.service]
    return [_document(each, rulebook.holidays, at) for each in known]


def _document(each: Service, holidays: Holidays, at: datetime) -> dict[str, Any]:
    now = opening(_text(each, "open"), holidays, at=at)
    return {
        "id": each.id,
        "name": each.name,
        "suites": list(each.details.get("suites", ())),
        "hours": _text(each, "open"),
        "phone": _text(each, "phone"),
        "email": _text(each, "email"),
        "website": _text(each, "website"),
        "open": now.is_open,
        "open_until": None if now.until is None else london.iso(now.until),
        "opens_at": None if now.opens_at is None else london.iso(now.opens_at),
        "doubt": None if now.doubt is None else now.doubt.value,
        "words": opening_words(now, at=at),
    }


def _doubt(now: Opening) -> str:
    if now.doubt is None:
        return ""
    return _DOUBTS.get(now.doubt) or _HOLIDAY.format(now.holiday)


def _state(now: Opening) -> str:
    return {True: "open", False: "closed", None: "not_known"}[now.is_open]


def _serves(each: Service, suite: str) -> bool:
    suites = each.details.get("suites", ())
    return not suites or suite in suites


def _text(each: Service, key: str) -> str | None:
    held = each.details.get(key)
    return held if isinstance(held, str) and held.strip() else None
