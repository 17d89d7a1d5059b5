"""The inspector's review, to be read by other systems of the force: live list, figures, return.

Figures are those that left, as known then, unless ``inside`` is asked for; each look is logged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, request
from flask.views import MethodView

from triage import casework
from triage.casework import review, review_live, review_published
from triage.domain import london
from triage.domain.clocks import Clock, ClockState, Delay, Power, Unlawful
from triage.domain.errors import InputError
from triage.domain.legs import week_of
from triage.domain.published import Period
from triage.domain.waits import Stage, WaitKind
from triage.present import figures
from triage.present.figure_cells import Sheet
from triage.present.pack import trend_from
from triage.record import Operation
from triage.schemas.fields import load
from triage.schemas.review import PublishIn, PublishReturnIn, ReviewAskedIn
from triage.web.api.parts import Part, answer, key, saved
from triage.web.doors import actor, doors

blueprint = Part("review", __name__, description="The inspector's review, read only")
_PASSED = (ClockState.BREACH, ClockState.OVERDUE, ClockState.TARGET_MISSED)


@dataclass(frozen=True)
class ReviewWait:
    """One of the three waits of one person; never added to another."""

    kind: WaitKind
    since: datetime
    provisional: bool
    seconds: int
    next_stage: Stage | None
    next_partner: str | None


@dataclass(frozen=True)
class ReviewLine:
    """One person who waits now: on which recorded power, for whom, what lapses and what passed."""

    stay: str
    suite: str
    reference: str
    power: Power | None  # None: no power is recorded
    lapses_at: datetime | None
    left_seconds: int | None
    waits: tuple[ReviewWait, ...]
    passed: tuple[Clock, ...]  # breach, overdue or target missed, explained or not
    unlawful: tuple[Unlawful, ...]
    delays: tuple[Delay, ...]
    review_with: str | None  # the inspector who took the review over last


@dataclass(frozen=True)
class ReviewLive:
    """Everybody who waits: no power first, then the first to lapse."""

    at: datetime
    as_known_at: datetime | None
    lines: tuple[ReviewLine, ...]


@dataclass(frozen=True)
class ReviewFigures:
    """Tables of figures; inside the force each leads to the numbers of its records."""

    at: datetime
    as_known_at: datetime | None
    since: datetime
    until: datetime
    suites: tuple[str, ...]
    inside: bool
    tables: tuple[Sheet, ...]


@blueprint.route("/review/live")
class Live(MethodView):
    """Who waits now."""

    @blueprint.asks(ReviewAskedIn)
    @blueprint.answers(200, ReviewLive)
    def get(self) -> Response:
        """Who waits, on which recorded power, for whom; now, or as known then."""
        asked = _asked()
        found = review_live.live(doors().service, asked["suite"], **_who(asked))
        lines = tuple(_line(each, found.at) for each in found.lines)
        return answer(ReviewLive(found.at, found.as_known_at, lines))


@blueprint.route("/review/waits")
class Waits(MethodView):
    """The wait report."""

    @blueprint.asks(ReviewAskedIn)
    @blueprint.answers(200, ReviewFigures)
    def get(self) -> Response:
        """Each leg with median and 90th, by suite, place, hour and week."""
        return _figures(("waits_", "officers_", "detention_by", "arrested_by"))


@blueprint.route("/review/ledger")
class Ledger(MethodView):
    """The delay ledger."""

    @blueprint.asks(ReviewAskedIn)
    @blueprint.answers(200, ReviewFigures)
    def get(self) -> Response:
        """Minutes by partner and agreed reason, what passed, and the places that were asked."""
        return _figures(("ledger", "passed", "places"))


@blueprint.route("/review/return")
class Return(MethodView):
    """The annual return."""

    @blueprint.asks(ReviewAskedIn)
    @blueprint.answers(200, ReviewFigures)
    def get(self) -> Response:
        """Counts for each field of the year that the last day asked for is in."""
        asked = _asked()
        view = review.yearly(doors().service, asked["suite"], on=asked["to"], **_who(asked))
        inside = asked["inside"] == "yes"
        tables = figures.return_sheets(view.counted, leaving=False)
        if not inside:
            tables = _return_left(asked, view).figures.tables
        _took_away("annual return", inside=inside)
        since, until = london.midnight(view.first), london.midnight(view.next)
        looked = asked["suite"] or actor().suites
        return answer(
            ReviewFigures(view.at, view.as_known_at, since, until, looked, inside, tables)
        )


@blueprint.route("/review/published")
class PublishedPacks(MethodView):
    """Figures of packs that left the force."""

    @blueprint.keyed
    @blueprint.takes(PublishIn)
    @blueprint.answers(201, casework.Published)
    def post(self, given: dict[str, Any]) -> Response:
        """Let the figures of whole weeks leave, once; the same weeks are answered as they left."""
        _took_away("review figures", inside=False)
        return saved(
            casework.let_pack_leave(
                doors().service, _period(given), actor=actor(), now=doors().now(), key=key()
            )
        )


@blueprint.route("/review/published/returns")
class PublishedReturns(MethodView):
    """Counts of annual returns that left the force."""

    @blueprint.keyed
    @blueprint.takes(PublishReturnIn)
    @blueprint.answers(201, casework.Published)
    def post(self, given: dict[str, Any]) -> Response:
        """Let the counts of the year of a day leave, once, when the year is over."""
        _took_away("annual return", inside=False)
        suites = tuple(given.get("suite", ()))
        return saved(
            casework.let_return_leave(
                doors().service, suites, on=given["day"], actor=actor(), now=doors().now(),
                key=key(),
            )
        )  # fmt: skip


def _figures(wanted: Sequence[str]) -> Response:
    asked = _asked()
    inside = asked["inside"] == "yes"
    made = _exact(asked) if inside else _left(asked)
    _took_away("review figures", inside=inside)
    tables = tuple(sheet for sheet in made.tables if sheet.id.startswith(tuple(wanted)))
    return answer(replace(made, tables=tables))


def _exact(asked: dict[str, Any]) -> ReviewFigures:
    since = london.midnight(asked["from"])
    until = london.midnight(asked["to"] + timedelta(days=1))
    found = review.review(doors().service, asked["suite"], since=since, until=until, **_who(asked))
    tables = figures.sheets(found, doors().service.rulebook.practice, leaving=False)
    return ReviewFigures(found.at, found.as_known_at, since, until, found.suites, True, tables)


def _left(asked: dict[str, Any]) -> ReviewFigures:
    """What left of exactly these weeks, as known then."""
    if asked.get("as_known_at"):
        raise InputError.at("as_known_at", review_published.KNOWN)
    return _figures_left(review_published.left_of(doors().service, _period(asked), actor=actor()))


def _period(asked: dict[str, Any]) -> Period:
    after, suites = asked["to"] + timedelta(days=1), asked.get("suite", ())
    return review_published.period_of_pack(
        asked["from"], after, suites, actor=actor(), now=doors().now()
    )


def _return_left(asked: dict[str, Any], view: casework.ReturnView) -> casework.Published:
    if asked.get("as_known_at"):
        raise InputError.at("as_known_at", review_published.KNOWN)
    return review_published.return_left(
        doors().service, asked["suite"], view.first, view.next, actor=actor()
    )


def _figures_left(left: casework.Published) -> ReviewFigures:
    """What left of one period, with the moment from which it is."""
    since, until = london.midnight(left.period.first), london.midnight(left.period.after)
    return ReviewFigures(
        left.at, left.at, since, until, left.period.suites, False, left.figures.tables
    )


def _asked() -> dict[str, Any]:
    """What the address asks for; the last thirteen weeks unless it says otherwise."""
    given = {name: values for name, values in request.args.lists() if name == "suite"}
    single = {name: value for name, value in request.args.items() if name != "suite"}
    asked: dict[str, Any] = load(ReviewAskedIn, {**single, **given})
    at = asked.get("as_known_at") or doors().now()
    last: date = asked.get("to", london.day_of(at))
    defaults = {"suite": (), "from": trend_from(last), "to": last, "inside": "no"}
    if asked.get("inside") != "yes":  # what leaves is whole weeks: the last one, unless it says
        last = asked.get("to", week_of(at) - timedelta(days=1))
        defaults |= {"from": last - timedelta(days=6), "to": last}
    return {**defaults, **asked, "suite": tuple(asked.get("suite", ()))}


def _who(asked: dict[str, Any]) -> dict[str, Any]:
    return {"actor": actor(), "now": doors().now(), "as_known_at": asked.get("as_known_at")}


def _line(one: casework.LiveLine, at: datetime) -> ReviewLine:
    case, said = one.case, one.case.clocks
    taken = [each.taken_by for each in case.handed if each.taken_by is not None]
    return ReviewLine(
        stay=case.stay,
        suite=case.suite,
        reference=case.reference,
        power=one.power,
        lapses_at=one.lapses_at,
        left_seconds=one.left_seconds,
        waits=tuple(_waits(one, at)),
        passed=tuple(each for each in said.clocks if each.state in _PASSED) if said else (),
        unlawful=said.unlawful if said else (),
        delays=said.delays if said else (),
        review_with=taken[-1] if taken else None,
    )


def _waits(one: casework.LiveLine, at: datetime) -> list[ReviewWait]:
    awaited = {kind: (stage, partner) for kind, stage, partner in one.awaited}
    return [
        ReviewWait(
            wait.kind, wait.began, wait.provisional, int(wait.lasted(at).total_seconds()),
            *awaited.get(wait.kind, (None, None)),
        )
        for wait in one.case.waits
        if wait.ended is None
    ]  # fmt: skip


def _took_away(what: str, *, inside: bool) -> None:
    fit = "exact, inside the force" if inside else "small numbers left out"
    doors().service.record.log_access(
        actor(), f"{what} by API: {fit}", None, "review", doors().now(),
        operation=Operation.DISCLOSURE,
    )  # fmt: skip
