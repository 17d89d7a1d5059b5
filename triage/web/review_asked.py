"""What a page of the review was asked to look at, from its address."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import request

from triage.domain import london
from triage.domain.errors import InputError
from triage.domain.waits import WaitKind
from triage.present.pack import trend_from
from triage.web.doors import actor, doors


@dataclass(frozen=True)
class Asked:
    """What a page was asked to look at; ``shown`` fills the form and the links."""

    since: datetime
    until: datetime
    suites: tuple[str, ...]
    known: datetime | None
    shown: dict[str, str]

    @property
    def until_before(self) -> datetime:
        """The last moment asked for: the year of a return is the one that this is in."""
        return self.until - timedelta(seconds=1)


def asked() -> Asked:
    """The stretch of days, the suite and the moment of knowledge that the address names."""
    now = doors().now()
    then = known()
    last = day_of("to") or london.day_of(then or now)
    first = day_of("from") or trend_from(last)
    if last < first:
        raise InputError.at("to", "The last day is before the first.")
    suite = request.args.get("suite", "")
    shown = {"from": first.isoformat(), "to": last.isoformat(), "suite": suite}
    for name in ("known", "known_time", "kind", "weeks", "inside", "seed", "n"):
        if request.args.get(name):
            shown[name] = request.args[name]
    since, until = london.midnight(first), london.midnight(last + timedelta(days=1))
    suites = (suite,) if suite else actor().suites
    return Asked(since, until, suites, then, shown)


def now_only() -> Asked:
    """This moment, over the suites of whoever is signed in, whatever the address says."""
    now = doors().now()
    return Asked(now, now, actor().suites, None, {})


def day_of(name: str) -> date | None:
    """A day in the address; raises InputError for what is none."""
    typed = request.args.get(name, "")
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError as error:
        raise InputError.at(name, "Is not a day.") from error
    if not 2000 <= day.year <= 2200:
        raise InputError.at(name, "Is not a day that this service knows.")
    return day


def known() -> datetime | None:
    """The moment of knowledge that the address names; nobody knows the future yet."""
    day = day_of("known")
    if day is None:
        return None
    typed = request.args.get("known_time", "") or "23:59"
    try:
        wall = datetime.strptime(f"{day.isoformat()} {typed}", "%Y-%m-%d %H:%M")  # noqa: DTZ007
        then = london.from_wall(wall, request.args.get("known_fold") or None)
    except ValueError as error:
        raise InputError.at("known_time", f"Is not a time of the wall clock. {error}") from error
    if then > doors().now():
        raise InputError.at("known", "Nobody knows yet what will be known then.")
    return then


def kind() -> WaitKind:
    """Which of the three waits is looked at."""
    typed = request.args.get("kind", WaitKind.DETENTION)
    if typed not in tuple(WaitKind):
        raise InputError.at("kind", "Is not a wait.", tuple(WaitKind))
    return WaitKind(typed)


def whole(name: str, otherwise: int, most: int) -> int:
    """A whole number in the address."""
    typed = request.args.get(name, "")
    if not typed:
        return otherwise
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10 and int(typed) <= most):
        raise InputError.at(name, f"A whole number up to {most:,}.")
    return int(typed)


def moment(text: str) -> datetime:
    """A moment as a hidden field of ours carries it."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError.at("started", "Is not a moment.") from error
    if at.tzinfo is None:
        raise InputError.at("started", "Is not a moment.")
    return at
