"""What the desk needs from the service, whether it runs in this process or answers over HTTPS."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from triage.desk.steps import Document
from triage.domain.errors import NotAllowed
from triage.domain.findings import Urgency
from triage.domain.rulebook import Rulebook
from triage.present.desk import AlertSheet, BoardSheet, Sheet
from triage.present.recordable import Recordable


@dataclass(frozen=True)
class Person:
    """One person on the board: initials and place, never a name."""

    stay: str
    reference: str
    initials: str
    cell: str | None
    place: str | None
    suite: str
    urgency: str | None
    untaken: int  # cards of which some alert is nobody's; of an older service, such alerts
    screening: str | None


@dataclass(frozen=True)
class State:
    """How the service stands at this moment, by its own clock."""

    at: datetime
    timers: str  # when the timers last ran, in words; loud when they have stopped
    stale: bool
    training: bool


@dataclass(frozen=True)
class OpenThing:
    """One thing that is open when somebody is about to leave, as the service says it."""

    id: str
    urgency: Urgency
    words: str
    closes: str


@dataclass(frozen=True)
class Left:
    """A release on the record."""

    seq: int
    stay: str
    gaps: tuple[OpenThing, ...]
    late: bool
    notices: tuple[str, ...]
    repeated: bool


@dataclass(frozen=True)
class Done:
    """An act on the record.

    ``words`` is what else whoever acted must hear: that somebody else was first, or has the rest.
    """

    seq: int | None
    stay: str
    notices: tuple[str, ...] = ()  # about the time: that it was typed late, or is ahead
    repeated: bool = False  # the same had been sent before: nothing was recorded twice
    words: str = ""
    unlawful: tuple[str, ...] = ()  # what this act itself is, if it is against the law


@dataclass(frozen=True)
class Contested:
    """One of the different answers that stand at one place of a draft, with who gave it."""

    place: str
    value: Any
    by: str
    at: datetime


@dataclass(frozen=True)
class Meanwhile:
    """Somebody recorded the screening that was being typed here, and what is not in it."""

    by: str
    at: datetime
    not_in_it: tuple[str, ...]
    version: int = 0  # the state of the draft that was recorded


@dataclass(frozen=True)
class Told:
    """What a half-finished screening means so far; without acts nothing in it cannot wait."""

    headline: str
    acts: tuple[str, ...]
    recorded: int | None  # the provisional version that an emergency made at once
    notices: tuple[str, ...]
    version: int = 0  # the state of the draft; 0 of an older service, which has none
    draft: Document | None = None  # what all have typed, as far as this role may see it
    contested: tuple[Contested, ...] = ()  # different answers that stand until somebody chooses
    meanwhile: Meanwhile | None = None  # who recorded what this was made on


@dataclass(frozen=True)
class Begun:
    """What is there before a screening is begun, or gone on with.

    ``draft`` is what all have typed, as far as this role may see it; an older service hands it to
    whoever typed it alone.
    """

    known: Document  # of the stay, without asking
    draft: Document | None
    saved_at: datetime | None
    by: str | None
    mine: bool
    version: int = 0
    contested: tuple[Contested, ...] = ()
    before: Meanwhile | None = None  # who recorded the draft before this one


class SignedOut(NotAllowed):
    """The session at this terminal is over: ``prove`` begins another, and nothing typed is lost."""


class Client(Protocol):
    """The service as one signed-in person at one desk reaches it.

    Every method may raise InputError or NotAllowed in the words of the service, and Unreachable
    when nobody answers: then nobody knows whether what was sent is on the record, and the same
    with the same key is one act. SignedOut says that somebody has to prove again who they are.
    With ``renewing`` nobody pressed anything: the look is logged as kept open, once an hour, and
    keeps no session alive.
    """

    @property
    def role(self) -> str:
        """The role of whoever acts."""

    @property
    def account(self) -> str:
        """The account of whoever acts."""

    def state(self) -> State:
        """What time it is for the service, and whether its timers run."""

    def people(self) -> tuple[Person, ...]:
        """Everybody in the suites of whoever acts, the most urgent first; the look is logged."""

    def name(self, stay: str) -> str | None:
        """The name of one person, as far as it is known; the look is logged."""

    def open_things(
        self, stay: str, leaving: Document | None, *, renewing: bool = False
    ) -> tuple[OpenThing, ...]:
        """What is open now; with ``leaving``, what it would leave open."""

    def release(self, stay: str, leaving: Document, key: str) -> Left:
        """Record that somebody left; the same key sent again is the same release."""

    def prove(self, password: str) -> None:
        """Prove again that the same person is here; raises NotAllowed where it is not theirs."""

    def rulebook(self) -> Rulebook:
        """The rulebook that the service goes by now; what is known already is not fetched again."""

    def board(self, *, renewing: bool = False) -> BoardSheet:
        """Everybody in the suites of whoever acts, the most urgent first."""

    def alerts(self, *, renewing: bool = False) -> AlertSheet:
        """The open alerts of those suites, the worst first."""

    def sheet(self, stay: str, *, renewing: bool = False) -> Sheet:
        """One person, as far as this role may read."""

    def begun(self, stay: str) -> Begun:
        """What is kept of a half-finished screening, by whom, and what is known of the stay."""

    def newer(self, stay: str, version: int) -> Begun | None:
        """What is kept, where it is in another state than this; a look that renews itself."""

    def save_draft(self, stay: str, document: Document, made_on: int | None = None) -> Told:
        """Keep it as typed, beside what others typed since the state that it was made on."""

    def record_screening(
        self, stay: str, document: Document, key: str, made_on: int | None = None
    ) -> Done:
        """Record one version of the screening, which was read over in this state."""

    def visit(self, stay: str, document: Document, key: str) -> Done:
        """Record a visit, as ``VisitIn`` has it; a rousing check with it is recorded as one."""

    def rousing(self, stay: str, document: Document, key: str) -> Done:
        """Record a rousing check; one that was not passed is an emergency at once."""

    def note(self, stay: str, document: Document, key: str) -> Done:
        """Record a note, as ``NoteIn`` has it: a police role writes in the group ``police``."""

    def recordable(self, stay: str) -> Recordable:
        """What can be recorded of one person now, and which authority given: each form whole."""

    def event(self, stay: str, document: Document, key: str) -> Done:
        """Record what happened, as ``EventIn`` has it; what was unlawful is marked, not refused."""

    def authorise(self, stay: str, document: Document, key: str) -> Done:
        """Give an authority, as ``EventIn`` has it; NotAllowed says which law forbids it."""

    def open_stay(self, document: Document, key: str) -> Done:
        """Open a stay, as ``OpeningIn`` has it; ``Done.stay`` is its id."""

    def take(self, stay: str) -> Done:
        """Take everything of one person that waits for this role."""

    def acknowledge(self, alert: str, kind: str) -> Done:
        """Say that you have one alert; ``kind`` is that of its card."""

    def act(self, alert: str, done: str) -> Done:
        """Say what was done about one alert."""

    def close(self, alert: str, outcome: str, words: str) -> Done:
        """Say that one alert is over, and how it ended: one of the ``endings`` of its card."""


def person(row: Mapping[str, Any]) -> Person:
    """One row of the board as the API writes it, counted as its page counts."""
    told = {name: row[name] for name in Person.__dataclass_fields__}
    return Person(**{**told, "untaken": row.get("untaken_findings", row["untaken"])})


def things(gaps: Any) -> tuple[OpenThing, ...]:
    """Gaps as the API writes them."""
    return tuple(
        OpenThing(gap["id"], Urgency.of(gap["urgency"]), gap["words"], gap["closes"])
        for gap in gaps
    )


def left(saved: Mapping[str, Any]) -> Left:
    """A release as the API writes it."""
    return Left(
        saved["seq"], saved["stay"], things(saved["gaps"]), saved["late"],
        tuple(saved["notices"]), saved["repeated"],
    )  # fmt: skip
