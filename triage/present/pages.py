"""Sentences that every page shares: who is here, whether the timers run, what went wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.domain import london
from triage.domain.roles import Role, Verb, may, role_words
from triage.present.changes import NEVER_TRUE
from triage.present.leaving import (
    LEFT_BEFORE,
    SEEN_AFTER_THEY_LEFT,
    SEEN_BEFORE_THEY_CAME,
    TWO_OF_ONE_NUMBER,
)

SERVICE = "Custody Triage"
STALE_AFTER = timedelta(minutes=2)
TRAINING = "Training database: every person on these pages is invented. Nothing here is real."
FROM_ANOTHER_SITE = (
    "This request did not come from a page of this service, so nothing was done. "
    "Open the page again and repeat it there."
)
KEY_USED_FOR_ANOTHER = (
    "This idempotency key was used for a different request. Nothing was stored; send a new key."
)
KEY_MISSING = (
    "A terminal must send an Idempotency-Key header, so that a repeated send stores nothing twice."
)
REFERENCE_IN_USE = (
    "An open stay has this number already. Look for it on the board, or check the number."
)
KEY_SHAPE = "Use 8 to 128 letters, digits, dots, colons, dashes or underscores."
NOT_A_VERSION = "Is not a state of a draft: send the number in `version`."
# What was done, by the word that the address of the next page carries; a closed set of sentences.
DONE = {
    "taken": "You have it now. Say what was done when it is done.",
    "taken_second": "Somebody had taken it just before you. Agree who goes.",
    "taken_rest": "You have what nobody had. The rest is with somebody else: the line says who.",
    "acted": "What was done is on the record.",
    "closed": "The alert is closed.",
    "cancelled": "The alert is cancelled. It stays in the record.",
    "opened": "The stay is open.",
    "left": "These figures have left. They stand as they are now.",
    "event": "The event is on the record.",
    "authority": "The authority is on the record.",
    "unlawful": "The event is on the record, and marked as against the law. See the clocks below.",
    "draft": "The draft is kept. It is not a screening yet.",
    "screened_in_part": "The screening is recorded. NOT ALL IS IN IT: somebody else typed answers "
    "that you had not seen. They are kept as a half-finished screening: look at them.",
    "screened": "The screening is on the record.",
    "visit": "The visit is on the record.",
    "visit_before": f"The visit is on the record. {SEEN_BEFORE_THEY_CAME}",
    "visit_after": f"The visit is on the record. {SEEN_AFTER_THEY_LEFT}",
    "visit_in_time": f"The visit is on the record. {NEVER_TRUE}",
    "event_in_time": f"The event is on the record. {NEVER_TRUE}",
    "decision": "The decision is on the record.",
    "identity": "Who the person is, is on the record.",
    "wrong_person": "It is on the record. What was found before must be asked again: screen now.",
    "moved": "The move is on the record.",
    "consent": "It is on the record, and counts from now on.",
    "note": "The note is on the record.",
    "filed": "It is marked as filed. Others see it from now on.",
    "filed_before": "It had been marked as filed before; nothing was added.",
    "corrected": "The correction is on the record.",
    "conflict": "The correction is on the record. It does not fit other entries: see the clocks.",
    "left_before": f"The correction is on the record. {LEFT_BEFORE}",
    "two_of_one_number": f"The correction is on the record. {TWO_OF_ONE_NUMBER}",
    "opening": "The correction is on the record. The PACE clocks moved with it: see below.",
    "no_clock": "The correction is on the record. It moved no PACE clock: record the arrival.",
    "right_person": "The entry now stands here, at its own time.",
    "handover": "You have taken over. It is on the record.",
    "busy": "Urgent alerts go to cover until then.",
    "free": "You are free again: urgent alerts come to you.",
    "released": "The release is on the record and the stay is closed.",
    "released_before": f"The release is on the record and the stay is closed. {NEVER_TRUE}",
    "account": "The account is changed.",
    "terminal": "The terminal is changed.",
    "attributed": "The minutes stand under that reason now, in your name.",
    "offered": "Offered. It stays with you until it is taken over.",
    "took_over": "You have taken over. Both names are on the record.",
    "explained": "The explanation is signed. What passed stays what it is.",
    "sampled": "The finding is on the record.",
    "answered": "The answers are on the record.",
}
_ERRORS = {
    400: ("The request cannot be read", "Nothing was stored. Check what was sent."),
    401: ("Sign in first", "Nothing was done. Sign in and repeat it."),
    403: ("Not allowed", "Nothing was done. Your role or this session does not allow it."),
    404: ("Not found", "There is nothing at this address, or it is not for your suites."),
    405: ("Not done this way", "This address does not take that kind of request."),
    408: ("The request took too long", "Nothing was stored. Send it again."),
    412: ("Somebody has changed it since", "Nothing was stored. Fetch it again."),
    409: (
        "In conflict with the record",
        "Nothing was stored. Look at the record first.",
    ),
    411: ("The length is missing", "Nothing was stored. Send the length of the request."),
    413: ("Too large", "Nothing was stored. A request may hold 256 kilobytes."),
    414: ("The address is too long", "Nothing was done."),
    415: ("The wrong kind of content", "Nothing was stored."),
    422: ("Some answers cannot be used", "Nothing was stored. Each field at fault is listed."),
    429: ("Too many tries", "Wait a little and try again."),
    431: ("The headers are too large", "Nothing was done."),
    503: ("Busy", "Nothing was stored. Try again in a few seconds."),
}
_OUR_FAULT = (
    "Something went wrong on our side",
    "It is not known whether anything was stored. Look at the record before you repeat it, and "
    "use paper if this goes on.",
)


CUT_SHORT = "Nothing was stored: only a part of it arrived. Send it again."


def error_words(status: int) -> tuple[str, str]:
    """The title of an error and what may be done about it."""
    if status in _ERRORS:
        return _ERRORS[status]
    return _OUR_FAULT if status >= 500 else ("The request was refused", "Nothing was stored.")


def wrong_kind_of_body(wanted: str) -> str:
    """What kind of content a route takes."""
    return f"Nothing was stored. Send the content as {wanted}."


@dataclass(frozen=True)
class Timers:
    """Whether somebody is watching the clocks, in words."""

    words: str
    stale: bool


def timers(last: datetime | None, *, now: datetime) -> Timers:
    """When the timers last ran; loud after two minutes, because then nobody raises an alert."""
    if last is None:
        return Timers(
            "The timers have not run yet: no alert will be raised by itself. "
            "Watch the clocks by hand and tell whoever runs this service.",
            stale=True,
        )
    if now - last <= STALE_AFTER:
        return Timers(f"Timers last ran at {_to_the_second(last)}.", stale=False)
    return Timers(
        f"The timers have stopped: they last ran at {london.text(last)}. No alert is raised by "
        "itself since then. Watch the clocks by hand and tell whoever runs this service.",
        stale=True,
    )


def _to_the_second(at: datetime) -> str:
    wall = london.to_wall(at)
    return f"{wall:%H:%M:%S} {wall.tzname()}"


@dataclass(frozen=True)
class NavigationItem:
    """One entry of the navigation: the endpoint, its words, whether this is the page."""

    endpoint: str
    words: str
    here: bool


_NAVIGATION = (
    ("pages.board", "Board", Verb.VIEW_BOARD),
    ("pages.alerts", "Alerts", Verb.VIEW_BOARD),
    ("pages.worklist", "Worklist", Verb.VIEW_WORKLIST),
    ("pages.section136", "Section 136", Verb.VIEW_SECTION136),
    ("pages.handover", "Handover", Verb.SIGN_HANDOVER),
    ("pages.shift", "My shift", Verb.VIEW_BOARD),
    ("pages.review", "Review", Verb.VIEW_REVIEW),
    ("pages.rota", "Rota", Verb.SET_ROTA),
    ("pages.open_hospital", "Open a hospital detention", Verb.OPEN_DETENTION),
    ("pages.open_custody", "Open a stay", Verb.OPEN_STAY),
    ("pages.people", "Accounts", Verb.ADMINISTER),
    ("pages.terminals", "Terminals", Verb.ADMINISTER),
)
_FIRST_PAGES = {
    Role.LIAISON_NURSE: "pages.worklist",
    Role.LEAD_NURSE: "pages.worklist",
    Role.DUTY_INSPECTOR: "pages.section136",
    Role.ADMINISTRATOR: "pages.people",
}


def navigation(role: str, endpoint: str | None) -> tuple[NavigationItem, ...]:
    """The pages that a role may open, in the order of use."""
    return tuple(
        NavigationItem(target, words, target == endpoint)
        for target, words, verb in _NAVIGATION
        if may(role, verb)
    )


def first_page(role: str) -> str:
    """The page that somebody with this role wants to see first."""
    return _FIRST_PAGES.get(Role(role), "pages.board")


def signed_in_as(name: str, role: str) -> str:
    """Who is signed in."""
    return f"{name}, {role_words(role)}"


def rulebook(fingerprint: str, *, signed: bool) -> str:
    """Which rulebook speaks on this page."""
    if signed:
        return f"Rulebook {fingerprint}, signed."
    return f"Rulebook {fingerprint}, not signed: for trial and training only."
