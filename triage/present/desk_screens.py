"""Words of the full-screen desk: titles, keys, what its forms ask, what went wrong."""

from datetime import datetime
from typing import TYPE_CHECKING

from triage.domain import london
from triage.present import spans

if TYPE_CHECKING:
    from triage.present.desk import BoardLine

BOARD = "BOARD"
ALERTS = "ALERTS"
HELP = "HELP"
LOCKED = "LOCKED"
ASKING = "Asking the service ..."
SENDING = "Sending ..."
NOT_REACHED_YET = "The service has not been reached yet. It is tried again by itself."
NOT_HERE = "Nothing here does that. ? says what the keys do."
NOT_YOURS = "Your role does not do that here, or there is nothing to do it with."
YOURS_TAKEN = "It is taken, as far as you are called for it."
NOBODY_CHOSEN = "Choose somebody first: the arrow keys, a number, or / to find."
NOBODY_LIKE_IT = "Nobody on the board is like that."
NO_EMERGENCY = "No emergency is open."
NO_ALERT = "No alert is open."
LEAVE_AGAIN = "q once more leaves the desk. Everything typed into a screening is kept."
GONE_FROM_BOARD = "{who} is no longer on the board. Choose again."
MOVED = "The order has changed. {who} is still the one that is marked."
PASSED = "PASSED"
NO_POWER = "NO POWER RECORDED"
POWER_NOT_READ = "POWER CANNOT BE READ"
NO_POWER_RECORDED = "Power recorded: none"  # how the line about detention begins then
NO_CLOCKS = "No clock runs: no detention event is recorded."
NO_SCREENING = "There is no screening yet. Nothing is known about this person's needs."
NOTHING_NOW = "Nothing that cannot wait is known."
DRAFT = "A screening was begun and is kept. s goes on with it."
CLOSED = "This stay is over. What happened late can still be recorded."

UNLOCK = "Your password opens it again. Nothing that was typed is lost."
WRONG_PASSWORD = "That is not the password."
FAULT = "This program has a fault ({kind}). Nothing is known to be recorded; use a browser."
ALERT_STORIES = "What was done about each alert"
SIGNED_OUT = (
    "The session is over: no new emergency is shown here. Your password begins a new session."
)
KEYS_LOCK = "Enter opens   Esc empties"

KEYS_BOARD = "Enter open  / find  ! emergency  a alerts  o new stay  l lock  ? help  q leave"

KEYS_FIND = "Enter opens   Esc stops   (cell, initials, end of the number)"
KEYS_ALERTS = "Enter person  t take  d done  c close  ! emergency  b back  l lock  ? help"
KEYS_FORM = "Enter next, at the end records  Tab/Up between  Esc back (kept)  Ctrl+X drops"
THROW_AWAY = "Ctrl+X again throws away what was typed here. Any other key keeps it."
THROWN_AWAY = "Thrown away. Nothing was recorded."
NOT_WRITTEN = "NOT WRITTEN AT THIS TERMINAL: what is typed here is lost if it stops."
KEYS_AGAIN = "Enter sends the same again   Esc back (it is kept)   Ctrl+L lock"
KEYS_HELP = "b back"
KEY_OF = (
    ("screen", "s screen"), ("visit", "v visit"), ("rousing", "r rouse"), ("note", "n note"),
    ("event", "e event"),
    ("take", "t take"), ("act", "d done"), ("close", "c close"), ("release", "k release"),
)  # fmt: skip

VISIT, ROUSING, NOTE = "VISIT", "ROUSING CHECK", "NOTE"
ACT, CLOSE, OPEN = "WHAT WAS DONE", "HOW IT ENDED", "OPEN A STAY"
TAKE = "I HAVE IT"
WHEN_VISIT = "When was the visit made?"
WHEN_ROUSING = "When was the rousing check made?"
WHEN_NOTE = "When was it?"
WHEN_OPENED = "When did the person arrive, or when was it decided?"
WHEN_HOW = "Enter is now; else 22:45, or 22:45 yesterday"
SEEN = "What was seen? About this person alone."
NOTE_WORDS = "The note. No rule reads it: what changes a need belongs into a screening."
NOTE_FOR = "Who reads it?"
DONE_WORDS = "What was done?"
CLOSE_WORDS = "In a few words: what happened, and with whom are they now?"
WHICH_ALERT = "Which alert?"
ROUSE = "Rousing check"
TWICE = "That time happened twice, because the clocks went back. Press 1 or 2."
NOW = "Now, when it is sent."
LATE = "More than ten minutes ago: it will stand there as typed late."
KIND, SUITE, REFERENCE, CELL = "What kind of stay?", "Which suite?", "Its number", "Cell"
KINDS = (
    ("custody", "Under arrest, with a custody record"),
    ("section136", "Section 136 or 135, with an incident number"),
    ("voluntary", "Of their own will"),
)
CLOSE_HOW = "How did it end?"
NOTE_GROUPS = (
    ("e", "police", "Everybody who looks after the person"),
    ("h", "clinical", "Health staff only"),
)
UNREADABLE = (
    "THIS RECORD CANNOT BE READ: keep its checks and times by hand. What stands here is not all."
)
NOT_EXCLUDED = "Not excluded: these could not be ruled out"
WARNINGS = "Warnings that count"
LATER = "Before release"
WAITING = "Not known yet whether these fit"
NO_ROUTES = "No route is suggested."
NO_DECISION = "No decision is recorded."
ALERT_GONE = "The alert that was marked is not open any more. Choose again."
YOURS = "YOURS TO TAKE."
NO_PERSON = "This is about the service itself, not about a person."
NO_ALERT_CHOSEN = "Choose an alert first: the arrow keys."
CHOOSE = "Press one of the keys."
MISSING = "Nothing was typed here."
NOT_WHOLE = "Type a whole number, for example 12."
NOT_RECORDED = "NOT RECORDED."
NOT_KNOWN_WHETHER = (
    "It is not known whether this is on the record. Enter sends the same again: it is recorded "
    "once, whatever happened to the first."
)
SCREENED = "The screening is on the record."
SCREENING_KEPT = "What was answered is kept. s goes on with the screening."
NOT_KNOWN_TAKEN = "It is not known whether you have it. Press t again."
UNUSED = "What was typed meanwhile was not used."
TAKEN = "You have it now. Say what was done when it is done: d."
ACTED = "What was done is on the record."
CLOSED_IT = "The alert is closed."
NO_TERMINAL = "The desk needs a terminal. Without one, --plain works line by line."
NOT_ON_BOARD = "This person is no longer on the board of these suites."
ROUSED = (
    ("p", True, "Roused: answered and followed a request"),
    ("f", False, "Could not be roused as Annex H asks: get help now, call 999"),
)
NO_ROUSE = ("n", None, "No rousing was due")
NOT_ROUSED = "GET HELP NOW: CALL 999 OR PRESS THE EMERGENCY BUTTON FIRST. THEN ENTER RECORDS IT."

BEFORE = "Before and now"
FROM_BEFORE = "On record from before"
SECTIONS = ("Now", "Alerts", "Clocks", "Found", "Routes", "Decisions", "What happened")

HELP_TEXT = (
    ("Everywhere", (
        ("!, Ctrl+E", "opens the newest emergency; Ctrl+E also while you type, b goes back"),
        ("l, Ctrl+L", "locks at once; Ctrl+L also while you type"),
        ("b, Esc", "back; what was half typed stays"),
        ("?", "this page"),
    )),
    ("Board", (
        ("arrows, Page, Home, End", "choose somebody"),
        ("number, Enter", "open the row with this number"),
        ("/", "find by cell, initials or the end of the custody record"),
        ("Enter", "open whoever is marked with >"),
        ("a", "all open alerts"),
        ("o", "open a stay"),
        ("k", "a release begun here for somebody who has left the board since"),
        ("q q", "leave the desk"),
    )),
    ("Person", (
        ("arrows, Page, Home, End", "read on"),
        ("1 to 7, Tab", "go to a part: now, alerts, clocks, found, routes, decisions, the past"),
        ("s", "screen, or go on with a screening"),
        ("v", "record a visit"),
        ("r", "record a rousing check"),
        ("n", "write a note"),
        ("e", "record what happened, or give an authority: reviews, extensions, Section 136"),
        ("t", "take every alert about this person that waits for your role"),
        ("d", "say what was done about an alert"),
        ("c", "close an alert: how it ended, and in a few words what happened"),
        ("k", "release: what is open, how they leave, read over; half of it is kept"),
    )),
    ("When the service is not reached", (
        ("", "What stands here stays, marked with its time. It is tried again by itself. What you "
             "typed stays. If it is not known whether something is on the record, Enter sends the "
             "same again: it is recorded once."),
    )),
)  # fmt: skip


def half_typed(at: datetime | None) -> str:
    """That a form was typed before and is given back; a time that was left out is not now."""
    when = f" at {london.text(at)}" if at else ""
    return f"Half typed{when}, and not recorded. Look at the time before you record it."


def not_reached(since: str) -> str:
    """That the service is not reached, and from when the page is."""
    return f"NOT REACHED since {since}: what stands here is from then. It is tried again by itself."


def slow(since: str) -> str:
    """That no answer came for a while."""
    return f"No answer for a while: what stands here is from {since}."


def alarm(where: str, headline: str, others: int) -> str:
    """The line on top of every screen when somebody else has a new emergency."""
    more = f" And {spans.count(others, 'other', 'others')}." if others else ""
    about = f"{where}: " if where else ""
    return f"NEW EMERGENCY {about}{headline}{more} (! or Ctrl+E)"


def alarm_locked(number: int) -> str:
    """The same while the desk is locked: nobody is named."""
    return f"{spans.count(number, 'NEW EMERGENCY', 'NEW EMERGENCIES')}: open the desk to see who."


def recorded(seq: int | None, what: str) -> str:
    """That something is on the record, and its number."""
    return f"{what} is on the record{'' if seq is None else f', entry {seq}'}."


def going_to(number: str) -> str:
    """The row whose number is being typed."""
    return f"Row {number}: Enter opens it."


def finding(typed: str) -> str:
    """What is being looked for."""
    return f"Find: {typed}_"


def loud_power(line: "BoardLine") -> str:
    """That no power is recorded, or that nobody can read which; empty where one is known."""
    if not line.no_power:
        return ""
    return POWER_NOT_READ if line.unreadable else NO_POWER


def not_taken(untaken: int, open_alerts: int) -> str:
    """How many alerts nobody has, of how many."""
    if not open_alerts:
        return ""
    if not untaken:
        return f"{spans.count(open_alerts, 'alert', 'alerts')}, all taken"
    return f"{untaken} NOT TAKEN of {spans.count(open_alerts, 'alert', 'alerts')}"


def below(lines: int) -> str:
    """That there is more to read; empty where there is not."""
    return f"{spans.count(lines, 'line', 'lines')} below" if lines else ""


def open_alerts(many: int, to_take: int) -> str:
    """How many alerts are open about one person, and how many wait to be taken here."""
    said = spans.count(many, "open alert", "open alerts")
    return f"{said}, {to_take} for you to take: t" if to_take else f"{said}, none for you to take"


PLAYING_ON = "The night plays on ..."


def night(told: str, following: str) -> str:
    """Where a training night stands, and how it is moved on."""
    to = f"F6 on to {following}" if following else "it is told"
    return f"{told}. F5 a quarter of an hour on, {to}."


def opens_with(word: str) -> str:
    """The pass-word of a training account."""
    return f"Training: the password here is {word}"
