"""What people of the night do, each through one verb of casework and through nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from triage import casework
from triage.casework import AckKind, Service
from triage.demo.night import Act, Held
from triage.domain.errors import NotAllowed
from triage.domain.roles import CLINICAL_ROLES
from triage.domain.timeline import Event, Moment
from triage.record import Actor, Alert
from triage.schemas.clocks import event_of
from triage.schemas.screen import details_of

_DESK_SEES = ("A1", "A2", "A3")  # what is routine stands on the board and is taken by nobody


@dataclass(frozen=True)
class Doing:
    """One act about to be done: by whom, about whom, at which moment."""

    service: Service
    act: Act
    actor: Actor
    now: datetime
    stay: str  # empty for what is about a suite
    held: Held | None
    took_from: str = ""

    @property
    def key(self) -> str | None:
        """The night is resumed after a stop: an act is recorded once, however often it is tried."""
        return f"night-act-{self.act.number:04}" if self.act.number else None

    @property
    def when(self) -> datetime:
        """When it happened; when it is typed is ``now``."""
        return self.act.occurred_at or self.now

    def said(self, name: str, otherwise: Any = None) -> Any:
        return self.act.more.get(name, otherwise)


def do(doing: Doing) -> str:
    """Do it; returns the id of the stay that it is about. Raises what the verb raises."""
    return _DOES[doing.act.do](doing) or doing.stay


def _open(doing: Doing) -> str:
    assert doing.held is not None
    told = doing.held.opening
    kind = casework.StayKind(told["kind"])
    opening = casework.Opening(
        kind=kind,
        suite=told["suite"],
        reference=told["number"],
        opened_at=doing.when,
        identity=casework.Identity(
            told["name"], None, told["age"], told["age_source"], told["sex"]
        ),
        stage=told["stage"],
        offence=told["offence"],
        cell=told.get("cell"),
        training=True,
        events=_booked_in(doing.when) if kind is casework.StayKind.CUSTODY else (),
    )
    return casework.open_stay(
        doing.service, opening, actor=doing.actor, now=doing.now, key=doing.key
    ).stay


def _booked_in(at: datetime) -> tuple[Event, ...]:
    """Somebody under arrest is brought in, and the custody officer authorises the detention."""
    return (
        Event("", "arrived_station", Moment.at(at), place="police_station"),
        Event("", "detention_authorised", Moment.at(at), place="police_station"),
    )


def _screen(doing: Doing) -> None:
    assert doing.held is not None
    told = doing.held.opening
    document = {
        "record_number": told["number"],
        "nation": "england",
        "person": {name: told[name] for name in ("age", "age_source", "sex")},
        "stage": told["stage"],
        "offence": told["offence"],
        "arrests_12m": told["arrests_12m"],
        **(doing.held.screen or {}),
        **(_changed(doing.held, doing.when) if doing.said("again") else {}),
    }
    details = details_of(document, doing.service.rulebook, now=doing.when, at=doing.when)
    casework.record_screening(
        doing.service, doing.stay, details, actor=doing.actor, now=doing.now, key=doing.key
    )


def _changed(held: Held, at: datetime) -> Mapping[str, Any]:
    """What is answered otherwise when the questions are asked again."""
    too_soon = held.again_from is not None and at < held.again_from
    return {} if too_soon or held.again is None else held.again


def _event(doing: Doing) -> None:
    casework.record_event(
        doing.service, doing.stay, _told(doing), actor=doing.actor, now=doing.now, key=doing.key
    )


def _authorise(doing: Doing) -> None:
    """Give an authority; where the story says that the law refuses it, the law must refuse it."""
    try:
        casework.authorise(
            doing.service, doing.stay, _told(doing), actor=doing.actor, now=doing.now, key=doing.key
        )
    except NotAllowed:
        if not doing.said("refused"):
            raise
    else:
        if doing.said("refused"):
            raise AssertionError("the law should have refused this authority and did not")


def _told(doing: Doing) -> Event:
    named = {name: value for name, value in doing.act.more.items() if name != "refused"}
    return event_of({**named, "occurred_at": doing.when.isoformat()}, id="night")


def _visit(doing: Doing) -> None:
    visit = casework.Visit(doing.when, doing.said("seen", ""), doing.said("rouse"))
    casework.record_visit(
        doing.service, doing.stay, visit, actor=doing.actor, now=doing.now, key=doing.key
    )


def _decide(doing: Doing) -> None:
    names = ("route", "need", "reason", "service", "words")
    decision = casework.RouteDecision(
        outcome=casework.RouteOutcome(doing.said("outcome")),
        occurred_at=doing.when,
        **{name: doing.said(name) for name in names},
    )
    casework.decide_route(
        doing.service, doing.stay, decision, actor=doing.actor, now=doing.now, key=doing.key
    )


def _consent(doing: Doing) -> None:
    given = casework.Consent(
        doing.said("given"), doing.said("to"), doing.when, words=doing.said("words")
    )
    casework.consent(
        doing.service, doing.stay, given, actor=doing.actor, now=doing.now, key=doing.key
    )


def _move(doing: Doing) -> None:
    names = ("suite", "cell", "place", "stage")
    move = casework.Move(doing.when, **{name: doing.said(name) for name in names})
    casework.move_stay(
        doing.service, doing.stay, move, actor=doing.actor, now=doing.now, key=doing.key
    )


def _note(doing: Doing) -> None:
    casework.note(
        doing.service, doing.stay, doing.said("words"), group=doing.said("group", "police"),
        actor=doing.actor, now=doing.now, key=doing.key,
    )  # fmt: skip


def _take(doing: Doing) -> None:
    kind = AckKind.CLINICAL if doing.actor.role in CLINICAL_ROLES else AckKind.POLICE
    for alert in _theirs(doing):
        if not (alert.clinical_ack_at if kind is AckKind.CLINICAL else alert.police_ack_at):
            casework.acknowledge(
                doing.service, alert.key, kind=kind, actor=doing.actor, now=doing.now
            )


def _acted(doing: Doing) -> None:
    for alert in _theirs(doing):
        casework.act(doing.service, alert.key, doing.said("done"), actor=doing.actor, now=doing.now)


def _close(doing: Doing) -> None:
    for alert in _theirs(doing):
        casework.close(
            doing.service, alert.key, outcome=doing.said("outcome"), actor=doing.actor,
            now=doing.now,
        )  # fmt: skip


def _theirs(doing: Doing) -> tuple[Alert, ...]:
    """The open alerts of the person that this role has to do with, or those that are named."""
    found = [
        alert
        for alert in doing.service.record.reading().alerts_of(doing.stay)
        if alert.is_open and alert.level in _DESK_SEES
    ]
    for name, of in (("keys", _KEY), ("steps", _STEP)):
        if doing.said(name):
            return tuple(alert for alert in found if of(alert) in doing.said(name))
    return tuple(alert for alert in found if doing.actor.role in alert.to_roles)


_KEY, _STEP = attrgetter("key"), attrgetter("step")


def _release_check(doing: Doing) -> None:
    casework.release_check(doing.service, doing.stay, actor=doing.actor, now=doing.now)


def _release(doing: Doing) -> None:
    leaving = casework.Release(
        doing.when,
        doing.said("to", "home"),
        handed_to=doing.said("handed_to"),
        told=tuple(doing.said("told", ())),
        plan=doing.said("plan"),
        transport=doing.said("transport"),
        reason=doing.said("reason"),
        words=doing.said("words"),
    )
    casework.release(
        doing.service, doing.stay, leaving, actor=doing.actor, now=doing.now, key=doing.key
    )


def _handover(doing: Doing) -> None:
    suites = (doing.said("suite"),)
    found = casework.handover(doing.service, suites, actor=doing.actor, now=doing.now)
    casework.sign_handover(
        doing.service, suites, taken_from=doing.took_from, actor=doing.actor, now=doing.now,
        up_to_seq=found.up_to_seq,
    )  # fmt: skip


_DOES: Mapping[str, Callable[[Doing], str | None]] = MappingProxyType(
    {
        "open": _open,
        "screen": _screen,
        "event": _event,
        "authorise": _authorise,
        "visit": _visit,
        "decide": _decide,
        "consent": _consent,
        "move": _move,
        "note": _note,
        "take": _take,
        "acted": _acted,
        "close": _close,
        "release_check": _release_check,
        "release": _release,
        "handover": _handover,
    }
)
KINDS = tuple(_DOES)
