"""What the desk shows, in words: the board, the open alerts, one person.

The service makes these words and they travel as they are, so that a terminal says what every page
says, and an older terminal says it too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triage.domain.roles import Verb, may
from triage.domain.rulebook import Rulebook
from triage.present import alerts, board, leaving, pages, stay, timeline
from triage.present import findings as finding_words
from triage.present.findings import Finding
from triage.present.person import Parts, parts
from triage.present.timeline import Entry

if TYPE_CHECKING:
    from triage.casework import AlertLine, AlertList, Board, BoardRow, StayView

# What can be done for somebody who is here, by the verb that it takes.
_DOINGS = (
    ("screen", Verb.RECORD_SCREENING),
    ("visit", Verb.RECORD_VISIT),
    ("rousing", Verb.RECORD_VISIT),
    ("note", Verb.NOTE_POLICE),
    ("event", Verb.RECORD_EVENT),
    ("release", Verb.RELEASE),
)


@dataclass(frozen=True)
class Frame:
    """What stands around every screen: when this was read, whether the timers run, who looks."""

    at: datetime
    timers: str  # when the timers last ran, in words; loud when they have stopped
    stale: bool
    training: bool
    trouble: str  # why the rules folder does not speak; empty while it does
    who: str  # by name and role
    role: str
    suites: tuple[tuple[str, str], ...]  # id and name of those of whoever looks
    idle_minutes: int  # after so long without a key the desk locks itself


@dataclass(frozen=True)
class BoardLine(board.Row):
    """One person on the board: initials and cell, never a name."""

    reference: str
    cell: str  # short, such as M1; empty where it is not known
    untaken: int
    open_alerts: int
    top: str  # the headline of the highest alert; empty without one
    next_at: datetime | None  # when the next thing is due
    unreadable: bool
    open_findings: int | None = None  # what several people were told of counts once
    untaken_findings: int | None = None  # of which somebody's alert is still nobody's

    @property
    def open_cards(self) -> int:
        """How many open cards a page shows; an older service counts each alert."""
        return self.open_alerts if self.open_findings is None else self.open_findings

    @property
    def untaken_cards(self) -> int:
        """How many of them are not taken."""
        return self.untaken if self.untaken_findings is None else self.untaken_findings


@dataclass(frozen=True)
class BoardSheet(Frame):
    """Everybody in the suites of whoever looks, the most urgent first."""

    heading: str
    rows: tuple[BoardLine, ...]
    may: tuple[str, ...]  # what this role may do here: open, open_hospital


@dataclass(frozen=True)
class AlertSheet(Frame):
    """The open alerts of the suites of whoever looks, the worst first."""

    heading: str
    cards: tuple[alerts.Card, ...]  # each alert by itself, for older terminals
    ahead: tuple[alerts.Ahead, ...]
    findings: tuple[Finding, ...] = ()  # the same, what is one thing as one

    @property
    def told(self) -> tuple[Finding, ...]:
        """What stands as one card each; of an older service, every alert."""
        return self.findings or tuple(map(finding_words.alone, self.cards))


@dataclass(frozen=True)
class Sheet(Frame, Parts):
    """One person, as far as this role may read."""

    stay: str
    reference: str
    name: str  # empty while nobody knows it
    closed: bool
    unreadable: bool
    cards: tuple[alerts.Card, ...]  # each alert by itself, for older terminals
    timeline: tuple[Entry, ...]  # the latest first
    may: tuple[str, ...]  # screen, visit, rousing, note, event, release, take, act, close
    has_draft: bool
    ended: str = ""  # by whom and when the person was released; empty while the stay is open
    findings: tuple[Finding, ...] = ()  # what calls this role, and every emergency, first
    no_screening: str = ""  # why nothing of a screening is shown; an older service does not say

    @property
    def told(self) -> tuple[Finding, ...]:
        """What stands as one card each; of an older service, every alert."""
        return self.findings or tuple(map(finding_words.alone, self.cards))


def board_sheet(seen: "Board", frame: Frame) -> BoardSheet:
    """The board in words."""
    rows = tuple(board_line(each, now=seen.at) for each in seen.rows)
    doings = (("open", Verb.OPEN_STAY), ("open_hospital", Verb.OPEN_DETENTION))
    opens = tuple(name for name, verb in doings if may(frame.role, verb))
    return BoardSheet(**vars(frame), heading=board.heading(seen), rows=rows, may=opens)


def board_line(line: "BoardRow", *, now: datetime) -> BoardLine:
    """One person on the board, in the words of the page."""
    return BoardLine(
        **vars(board.row(line, now=now)),
        reference=line.reference,
        cell=line.cell or "",
        untaken=line.untaken,
        open_alerts=line.open_alerts,
        top=alerts.sentences(line.top.words)[0] if line.top else "",
        next_at=line.next_due.at if line.next_due else None,
        unreadable=line.unreadable,
        open_findings=line.open_findings,
        untaken_findings=line.untaken_findings,
    )


def alert_sheet(seen: "AlertList", frame: Frame) -> AlertSheet:
    """The open alerts in words, and who is to be screened again before that is one."""
    now = seen.at
    cards = tuple(alerts.card(line, role=frame.role, now=now) for line in seen.lines)
    ahead = tuple(alerts.ahead(line, now=now) for line in seen.ahead)
    found = finding_words.findings(seen.lines, role=frame.role, now=now)
    heading = alerts.list_words(len(found), now=now)
    return AlertSheet(**vars(frame), heading=heading, cards=cards, ahead=ahead, findings=found)


def sheet(view: "StayView", frame: Frame, *, rulebook: Rulebook) -> Sheet:
    """One person in words."""
    found = _findings(view.alerts, frame.role, view.at)
    cards = tuple(each.card for one in found for each in one.told)
    seen = [each for each in view.timeline if not timeline.is_about_alert(each)]
    return Sheet(
        **vars(frame),
        **vars(parts(view, rulebook=rulebook)),
        stay=view.stay,
        reference=view.reference,
        name=view.identity.name or "",
        closed=view.closed_at is not None,
        unreadable=view.unreadable,
        no_screening=stay.no_screening(view),
        cards=cards,
        timeline=tuple(timeline.entry(each, now=view.at) for each in reversed(seen)),
        may=_may(view, frame.role, cards),
        has_draft=view.draft is not None,
        ended=leaving.ended_by_now(view.timeline, now=view.at) if view.closed_at else "",
        findings=found,
    )


def _findings(lines: Iterable["AlertLine"], role: str, now: datetime) -> tuple[Finding, ...]:
    """In the order of the list, but what others are called for behind what calls this role."""
    found = finding_words.split(lines, role=role, now=now)
    calls = [each for each in found.waiting if each.for_role]
    rest = [each for each in found.waiting if not each.for_role]
    return (*found.mine, *calls, *found.others, *rest)


def _may(view: "StayView", role: str, cards: tuple[alerts.Card, ...]) -> tuple[str, ...]:
    over = view.closed_at is not None
    here = [name for name, verb in _DOINGS if may(role, verb) and stay.can_be(verb, over=over)]
    about_alerts = {
        "take": any(card.take and card.for_role for card in cards),
        "act": any(card.may_act for card in cards),
        "close": any(card.may_close for card in cards),
    }
    return (*here, *(name for name, there in about_alerts.items() if there))


def frame_of(
    last_pass: datetime | None,
    *,
    now: datetime,
    training: bool,
    trouble: str,
    name: str,
    role: str,
    suites: tuple[tuple[str, str], ...],
    idle_minutes: int,
) -> Frame:
    """The frame of one screen; the timers in the words of every page."""
    told = pages.timers(last_pass, now=now)
    who = pages.signed_in_as(name, role)
    return Frame(
        now, told.words, told.stale, training, trouble, who, role, suites, idle_minutes
    )  # fmt: skip
