"""A service that stands in this process: two people, and whatever is made to happen to them.

It holds back answers, loses them, or gives none, so that the desk can be seen through all of it.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

from tests.casework.conftest import rulebook
from triage.desk.client import (
    Begun,
    Client,
    Done,
    Left,
    OpenThing,
    Person,
    SignedOut,
    State,
    Told,
)
from triage.desk.steps import Document
from triage.domain.errors import NotAllowed, Unreachable
from triage.domain.rulebook import Rulebook
from triage.present import sign_in
from triage.present.alerts import Card
from triage.present.desk import AlertSheet, BoardLine, BoardSheet, Frame, Sheet
from triage.present.findings import Finding
from triage.present.recordable import OfferedGroup, Recordable


def in_a_loop(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a story of the full screen in a loop of its own, and fail as it fails.

    In a thread of its own too: where a browser of another test is open, its loop runs in this one.
    """
    with ThreadPoolExecutor(1) as alone:
        alone.submit(lambda: asyncio.run(run())).result()


NIGHT = datetime(2026, 10, 24, 19, 15, tzinfo=UTC)
PASSWORD = "three plain wooden stools"
FRAME = Frame(
    at=NIGHT, timers="Timers last ran at 20:15:00 BST.", stale=False, training=True, trouble="",
    who="TRAINING Okafor, custody sergeant", role="custody_sergeant",
    suites=(("castle_street", "Castle Street"),), idle_minutes=15,
)  # fmt: skip
QUIET = BoardLine(
    stay="s-uu", reference="TRAINING/CS/0001/26", who="UU", cell="M1",
    where="cell M1, Castle Street, TRAINING/CS/0001/26", level="none",
    urgency="No flags raised", urgency_note="", untaken=0, open_alerts=0, top="",
    next_at=NIGHT + timedelta(minutes=38), next_due="20:53 BST, in 38 min",
    next_words="Visit due.", next_passed=False, has_it="",
    screening="Screening complete: 29 of 29 answers", power="PACE", no_power=False,
    screen_again="", unreadable=False,
)  # fmt: skip
OTHER = replace(
    QUIET, stay="s-vv", reference="TRAINING/CS/0002/26", who="VV", cell="M2",
    where="cell M2, Castle Street, TRAINING/CS/0002/26",
)  # fmt: skip
EMERGENCY = Card(
    key="s-vv:screening:emergency:9", stay="s-vv", level="emergency", level_words="Emergency",
    headline="May have swallowed a package.", more="", where="VV, cell M2, Castle Street",
    code="ABCD", facts=("Due 20:15 BST, now.", "Nobody has it."), why_here="", first="",
    take="I have it, someone is at the cell", kind="police", may_act=True, may_close=True,
    may_cancel=True,
)  # fmt: skip

MAY = ("screen", "visit", "rousing", "note", "event", "release", "take", "act", "close")


@dataclass
class Standing(Client):
    """The client of one sergeant, without a service behind it."""

    role: str = "custody_sergeant"
    account: str = "okafor"
    rows: tuple[BoardLine, ...] = (QUIET, OTHER)
    cards: tuple[Card, ...] = ()  # of a service that does not say what is one finding
    findings: tuple[Finding, ...] = ()
    gone: bool = False  # nobody answers
    over: bool = False  # the session is over, until somebody proves who they are
    losing: bool = False  # what is sent arrives, and its answer is lost
    slow: Event = field(default_factory=Event)  # acts wait for it; set from the beginning
    slow_pages: Event = field(default_factory=Event)  # the pages of people wait for it
    asked: Event = field(default_factory=Event)  # an act has arrived
    frame: Frame = FRAME
    happened: tuple[OfferedGroup, ...] = ()  # what can be recorded of anybody here
    sent: list[tuple[str, str, Document, str]] = field(default_factory=list)
    recorded: dict[str, Document] = field(default_factory=dict)  # by the key that it came with
    drafts: dict[str, Document] = field(default_factory=dict)  # half-finished screenings, by stay

    def __post_init__(self) -> None:
        self.slow.set()
        self.slow_pages.set()

    def state(self) -> State:
        self._answers()
        return State(self.frame.at, self.frame.timers, stale=False, training=True)

    def people(self) -> tuple[Person, ...]:
        self._answers()
        return tuple(
            Person(
                each.stay, each.reference, each.who, each.cell, None, "castle_street",
                None if each.level == "none" else each.level, each.untaken, None,
            )
            for each in self.rows
        )  # fmt: skip

    def name(self, stay: str) -> str | None:
        return None

    def open_things(
        self, stay: str, leaving: Document | None, *, renewing: bool = False
    ) -> tuple[OpenThing, ...]:
        return ()

    def release(self, stay: str, leaving: Document, key: str) -> Left:
        done = self._record("release", stay, leaving, key)
        return Left(done.seq or 0, stay, (), late=False, notices=(), repeated=done.repeated)

    def prove(self, password: str) -> None:
        self._answers()
        if password != PASSWORD:
            raise NotAllowed(sign_in.WRONG)
        self.over = False

    def rulebook(self) -> Rulebook:
        self._answers()
        return rulebook()

    def begun(self, stay: str) -> Begun:
        self._answers()
        kept = self.drafts.get(stay)
        return Begun({}, kept, self.frame.at if kept else None, None, mine=kept is not None)

    def board(self, *, renewing: bool = False) -> BoardSheet:
        self._answers()
        heading = f"{len(self.rows)} people in Castle Street."
        return BoardSheet(**vars(self.frame), heading=heading, rows=self.rows, may=("open",))

    def alerts(self, *, renewing: bool = False) -> AlertSheet:
        self._answers()
        if self.over:
            raise SignedOut("Sign in first.")
        return AlertSheet(
            **vars(self.frame), heading="Alerts.", cards=self.cards, ahead=(),
            findings=self.findings,
        )  # fmt: skip

    def sheet(self, stay: str, *, renewing: bool = False) -> Sheet:
        self._answers()
        self.slow_pages.wait()
        row = next((each for each in self.rows if each.stay == stay), QUIET)
        cards = tuple(each for each in self.cards if each.stay == stay)
        return Sheet(
            **vars(self.frame), stay=stay, reference=row.reference,
            title=f"{row.who}, cell {row.cell}", name=f"TRAINING {row.who}", bar=(),
            closed=False, unreadable=False, powers=(), unlawful=(), cards=cards, clocks=(),
            met=(), screen_again="", found=None, past=None, versions=(), decisions=(), timeline=(),
            stories=(), may=MAY, has_draft=False,
            findings=tuple(each for each in self.findings if each.stay == stay),
        )  # fmt: skip

    def save_draft(self, stay: str, document: Document, made_on: int | None = None) -> Told:
        self._answers()
        self.drafts[stay] = document
        return Told("", (), None, (), (made_on or 0) + 1, document)

    def record_screening(
        self, stay: str, document: Document, key: str, made_on: int | None = None
    ) -> Done:
        return self._record("screening", stay, document, key)

    def visit(self, stay: str, document: Document, key: str) -> Done:
        return self._record("visit", stay, document, key)

    def rousing(self, stay: str, document: Document, key: str) -> Done:
        return self._record("rousing", stay, document, key)

    def note(self, stay: str, document: Document, key: str) -> Done:
        return self._record("note", stay, document, key)

    def recordable(self, stay: str) -> Recordable:
        self._answers()
        return Recordable(
            **vars(self.frame), stay=stay, authorities=(), happened=self.happened, besides=()
        )

    def event(self, stay: str, document: Document, key: str) -> Done:
        return self._record("event", stay, document, key)

    def authorise(self, stay: str, document: Document, key: str) -> Done:
        return self._record("authorise", stay, document, key)

    def open_stay(self, document: Document, key: str) -> Done:
        return self._record("open", "s-new", document, key)

    def take(self, stay: str) -> Done:
        return self._record("take", stay, {}, "")

    def acknowledge(self, alert: str, kind: str) -> Done:
        return self._record("acknowledge", alert, {"kind": kind}, "")

    def act(self, alert: str, done: str) -> Done:
        return self._record("act", alert, {"done": done}, "")

    def close(self, alert: str, outcome: str, words: str) -> Done:
        return self._record("close", alert, {"outcome": outcome, "words": words}, "")

    def _record(self, what: str, stay: str, document: Document, key: str) -> Done:
        self.sent.append((what, stay, document, key))
        self.asked.set()
        self.slow.wait()
        self._answers()
        repeated = key in self.recorded
        self.recorded.setdefault(key or f"{what}-{len(self.sent)}", document)
        if self.losing:
            raise Unreachable("The service was asked, and the line broke.")
        return Done(len(self.recorded), stay, repeated=repeated)

    def _answers(self) -> None:
        if self.gone:
            raise Unreachable("The service was asked, and nobody answers.")


def shown(**changed: Any) -> BoardLine:
    """The quiet person, with something else about them."""
    return replace(QUIET, **changed)
