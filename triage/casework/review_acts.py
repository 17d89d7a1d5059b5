"""What a review puts on the record: a breach explained, a sampled record judged, answers given.

None of them changes what happened. A breach that is explained is a breach that is explained.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage.casework.acts import Ids, allow, once, stay_for
from triage.casework.history import ATTRIBUTED, History
from triage.casework.review_case import clock_key
from triage.casework.review_cases import EXPLAINED, RETURNED, SAMPLED, case_of, fields
from triage.casework.service import Service
from triage.casework.stored import pack
from triage.domain import london
from triage.domain.attributed import Attribution, left
from triage.domain.errors import InputError
from triage.domain.roles import Verb
from triage.record import Actor, EventKind, NewEvent, Writing

UNATTRIBUTED = "unattributed.gap"
FINDINGS = ("good", "gap", "unsafe", "unlawful")
MOST_OFFICERS = 20


@dataclass(frozen=True)
class Explanation:
    """Why a time passed: which clock, an agreed reason, and words. No worker is named."""

    clock: str
    started_at: datetime
    reason: str
    words: str


@dataclass(frozen=True)
class Sampled:
    """What a reviewer found in one record of a dip sample, and what was put right."""

    sample: str
    finding: str  # one of FINDINGS
    words: str
    fix: str = ""


@dataclass(frozen=True)
class Noted:
    """Something that a review put on the record."""

    seq: int
    stay: str
    repeated: bool = False


def reasons(service: Service, at: datetime) -> tuple[tuple[str, str, str], ...]:
    """The agreed reasons that hold on a day: code, partner in words, reason in words."""
    codes = service.rulebook.practice.get("delay_codes", {})
    partners = {each["id"]: each["words"] for each in codes.get("partner", ())}
    day = london.day_of(at)
    return tuple(
        (each["id"], partners.get(each["id"].partition(".")[0], ""), each["words"])
        for each in codes.get("reason", ())
        if each["in_force_from"] <= day < each.get("in_force_to", day.max)
    )


def explain_breach(
    service: Service,
    stay: str,
    explanation: Explanation,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Noted:
    """Sign why a time of this stay passed. It stays what it is: breach, overdue or target missed.

    Raises InputError when no such time passed, when the reason is not an agreed one, or without
    words: a code alone explains nothing.
    """
    allow(actor, Verb.EXPLAIN_BREACH)
    agreed = tuple(code for code, _, _ in reasons(service, now))
    if explanation.reason not in agreed:
        raise InputError.at("reason", "Is not an agreed reason.", agreed)
    words = _words("words", explanation.words, "Say why in a sentence; a code explains nothing.")
    about = clock_key(explanation.clock, explanation.started_at)

    def check(writing: Writing) -> None:
        history = History.read(writing, stay_for(writing, stay, actor))
        passed = {one.key for one in case_of(service, history, at=now).passed}
        if about not in passed:
            raise InputError.at("clock", "No such time has passed in this stay.", sorted(passed))

    header = {"note": EXPLAINED, "about": about}
    part = {"reason": explanation.reason, "words": words}
    return _note(service, Verb.EXPLAIN_BREACH, stay, header, part, check, actor, now, key)


def attribute_gap(
    service: Service,
    stay: str,
    attribution: Attribution,
    *,
    words: str = "",
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Noted:
    """Give a stretch in which nobody was recorded as waited for to an agreed reason.

    Withdrawn like any entry, and then nobody's again. Raises InputError when the reason is not an
    agreed one, or when nothing of the stretch is unattributed.
    """
    allow(actor, Verb.ATTRIBUTE_GAP)
    agreed = tuple(code for code, _, _ in reasons(service, now) if code != UNATTRIBUTED)
    if attribution.code not in agreed:
        raise InputError.at("reason", "Is not an agreed reason.", agreed)

    def check(writing: Writing) -> None:
        history = History.read(writing, stay_for(writing, stay, actor))
        said = case_of(service, history, at=now).clocks
        gaps = said.gaps if said else ()
        if attribution.until <= attribution.since or left(gaps, (attribution,)) == gaps:
            raise InputError.at("since", "Nothing in this stretch is unattributed.")

    header = {"note": ATTRIBUTED}
    part = {"given": pack(attribution), "words": words.strip()}
    return _note(service, Verb.ATTRIBUTE_GAP, stay, header, part, check, actor, now, key)


def record_sampled(
    service: Service,
    stay: str,
    sampled: Sampled,
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Noted:
    """Record what a reviewer found in one record of a dip sample, and the fix."""
    allow(actor, Verb.SAMPLE)
    if sampled.finding not in FINDINGS:
        raise InputError.at("finding", "Is not a finding.", FINDINGS)
    words = _words("words", sampled.words, "Say what was found.")
    if sampled.finding != "good" and not sampled.fix.strip():
        raise InputError.at("fix", "Say what was put right, or by whom it will be.")

    def check(writing: Writing) -> None:
        stay_for(writing, stay, actor)

    header = {"note": SAMPLED, "sample": sampled.sample}
    part = {"finding": sampled.finding, "words": words, "fix": sampled.fix.strip()}
    return _note(service, Verb.SAMPLE, stay, header, part, check, actor, now, key)


def record_return_details(
    service: Service,
    stay: str,
    answers: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> Noted:
    """Record answers for the annual return where it happened, and how many officers wait.

    ``officers`` is a whole number; each other answer is a code of its field. Fields that follow
    from the events are refused: they are not asked twice.
    """
    allow(actor, Verb.RECORD_EVENT)
    asked = {each.id: each for each in fields(service) if not each.derived}
    given = {name: value for name, value in answers.items() if value}
    if not given:
        raise InputError.at("fields", "Answer at least one of them.", (*asked, "officers"))
    for name, value in given.items():
        if name == "officers":
            if not (value.isdecimal() and 1 <= int(value) <= MOST_OFFICERS):
                raise InputError.at(name, f"A whole number from 1 to {MOST_OFFICERS}.")
        elif name not in asked:
            raise InputError.at(name, "Is not asked.", (*asked, "officers"))
        elif value not in (codes := tuple(code for code, _ in asked[name].codes)):
            raise InputError.at(name, "Is not a code of this field.", codes)

    def check(writing: Writing) -> None:
        stay_for(writing, stay, actor)

    part = {"fields": dict(given)}
    header = {"note": RETURNED}
    return _note(service, Verb.RECORD_EVENT, stay, header, part, check, actor, now, key)


def _words(field: str, words: str, missing: str) -> str:
    if not words.strip():
        raise InputError.at(field, missing)
    return words.strip()


def _note(
    service: Service,
    verb: Verb,
    stay: str,
    header: Mapping[str, Any],
    part: Mapping[str, Any],
    check: Any,
    actor: Actor,
    now: datetime,
    key: str | None,
) -> Noted:
    def do(writing: Writing) -> Noted:
        check(writing)
        event = NewEvent(
            EventKind.NOTE, actor, now, stay=stay, header=header, payloads={"police": part}
        )
        return Noted(writing.append(event).seq, stay)

    def again(writing: Writing, ids: Ids) -> Noted:
        return Noted(ids["seq"], stay, repeated=True)

    body = {"stay": stay, "header": dict(header), "part": dict(part)}
    return once(service, verb, body, do, again, actor=actor, now=now, key=key)
