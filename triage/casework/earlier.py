"""What earlier screenings and stays add to the next screening, as dated facts of the record.

Only what police may see is carried over: an answer given to a nurse is never turned into a marker
that the desk reads. A past answer stands beside the new one; it never replaces it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from triage.casework.entries import details_of, findings_of, once_of
from triage.casework.faults import one_record
from triage.casework.history import History
from triage.domain.answers import Answer, Details, EarlierScreen, Marker, RecordFacts, Status
from triage.domain.findings import Findings
from triage.domain.london import day_of
from triage.domain.rulebook import Rulebook
from triage.record import Reading, Recorded, Stay, Writing

ORIGIN = "earlier_screening"
# Which answer of an earlier screening is which marker of the record, when it was not the harmless
# one. Whatever an answer merely makes likely is no marker.
_ANSWERS = {
    "self_harm_ever": "self_harm",
    "self_harm_now": "suicidal",
    "cannot_go_on_outside": "suicidal",
    "mental_health_help": "mental",
    "voices_or_watched": "mental",
    "drugs_month": "drugs",
    "alcohol_withdrawal": "alcohol",
    "school_help": "learning",
    "swallowed_or_hidden": "conceals",
    "hurt_by_someone": "victim",
    "made_to_do_things": "exploitation",
}
_CONDITIONS = {"diabetes": "diabetes", "fits": "epilepsy"}


def with_past(
    rulebook: Rulebook, reading: Reading | Writing, history: History, details: Details
) -> Details:
    """The details with everything that this person's earlier screenings add to the record."""
    others = _others(reading, history.stay)
    events = list(_earlier(reading, history, others))
    return _added(rulebook, reading, others, events, details)


def _added(
    rulebook: Rulebook,
    reading: Reading | Writing,
    others: tuple[Stay, ...],
    events: list[tuple[Recorded, datetime]],
    details: Details,
) -> Details:
    if not events:
        return details
    told = details.record
    screens = _screens(events, details)
    markers = _markers(rulebook, events)
    adult = any(_needed_adult(event) for event, _ in events)
    return replace(
        details,
        record=replace(
            told,
            markers=_joined(told.markers, markers),
            earlier_screens=told.earlier_screens + screens,
            appropriate_adult_before=True if adult else told.appropriate_adult_before,
            open_flags_before=_open_flags(reading, others, told),
        ),
    )


def without_past(reading: Reading | Writing, history: History, details: Details) -> Details:
    """The details of somebody else's screening without what this person's past had added to them.

    What was typed of the record stays, but for what cannot be told from what was added.
    """
    others, told = _others(reading, history.stay), details.record
    events = list(_earlier(reading, history, others))
    alerts = (alert for stay in others for alert in reading.alerts_of(stay.id))
    theirs = {need for alert in alerts for need in (alert.need or "").split("+")}
    adult = any(_needed_adult(event) for event, _ in events)
    flags = told.open_flags_before and tuple(n for n in told.open_flags_before if n not in theirs)
    kept = replace(
        told,
        markers=tuple(each for each in told.markers if each.origin != ORIGIN),
        earlier_screens=(),
        appropriate_adult_before=None if adult else told.appropriate_adult_before,
        open_flags_before=flags or (None if told.open_flags_before else told.open_flags_before),
    )
    return replace(details, record=kept)


def with_what_can_be_read(
    rulebook: Rulebook, reading: Reading | Writing, history: History, details: Details
) -> tuple[Details, bool]:
    """The same; of a past that cannot be read what can be, and that it could not all be.

    What somebody says now is evaluated and recorded whatever became of what was said before, and a
    stay that is damaged takes nothing away from what another one tells.
    """
    return one_record(
        lambda: with_past(rulebook, reading, history, details),
        lambda: _with_the_legible(rulebook, reading, history, details),
    )


def _with_the_legible(
    rulebook: Rulebook, reading: Reading | Writing, history: History, details: Details
) -> Details:
    others, events = _others(reading, history.stay), list[tuple[Recorded, datetime]]()
    for each in (*(History.read(reading, stay) for stay in others), history):
        read, _ = one_record(partial(_legible, rulebook, each), _nothing)
        events += read
    return _added(rulebook, reading, others, events, details)


def _nothing() -> list[tuple[Recorded, datetime]]:
    return []


def _legible(rulebook: Rulebook, history: History) -> list[tuple[Recorded, datetime]]:
    """The versions of one stay; raises what is wrong where one of them cannot be read."""
    asked = [(event, history.when(event)) for event in history.screenings]
    for event, _ in asked:
        findings_of(event, clinical=False), _kinds_in(rulebook, event)
    return asked


def _earlier(
    reading: Reading | Writing, history: History, others: tuple[Stay, ...]
) -> Iterable[tuple[Recorded, datetime]]:
    """Saved versions that stand, and when they were asked: of other stays, then of this one."""
    for each in (*(History.read(reading, stay) for stay in others), history):
        yield from ((event, each.when(event)) for event in each.screenings)


def _others(reading: Reading | Writing, stay: Stay) -> tuple[Stay, ...]:
    if stay.person is None:
        return ()
    return tuple(each for each in reading.past_stays(stay.person) if each.id != stay.id)


def _screens(
    events: list[tuple[Recorded, datetime]], details: Details
) -> tuple[EarlierScreen, ...]:
    found = [(at, findings_of(event, clinical=False)) for event, at in events]
    return tuple(
        EarlierScreen(at, findings.status, tuple(n.need for n in findings.needs))
        for at, findings in found
        if findings is not None and at <= details.at
    )


def _markers(rulebook: Rulebook, events: list[tuple[Recorded, datetime]]) -> tuple[Marker, ...]:
    found: dict[str, date] = {}
    for event, at in events:
        for kind in _kinds_in(rulebook, event):
            day = day_of(at)
            found[kind] = max(day, found.get(kind, day))
    return tuple(Marker(kind, ORIGIN, day) for kind, day in found.items())


def _kinds_in(rulebook: Rulebook, event: Recorded) -> tuple[str, ...]:
    """The markers that a saved version is, as the questions of this rulebook read it."""

    def read() -> tuple[str, ...]:
        details = details_of(event, clinical=False)
        return () if details is None else tuple(_kinds(rulebook, details))

    return once_of(event, f"markers {rulebook.fingerprint}", read)


def _kinds(rulebook: Rulebook, details: Details) -> Iterable[str]:
    for question, kind in _ANSWERS.items():
        answer, asked = details.answers.get(question), rulebook.questions.get(question)
        if answer is not None and asked is not None and _concerning(answer, asked.nothing):
            yield kind
    conditions = details.answers.get("conditions")
    if conditions is not None and isinstance(conditions.value, tuple):
        yield from (_CONDITIONS[each] for each in conditions.value if each in _CONDITIONS)
    if details.answers.get("neurodivergent", Answer(Status.NOT_ASKED)).value == "autism_dx":
        yield "autism"


def _concerning(answer: Answer, nothing: object) -> bool:
    return answer.status is Status.ANSWERED and answer.value not in (nothing, "not_sure", ())


def _joined(told: tuple[Marker, ...], found: tuple[Marker, ...]) -> tuple[Marker, ...]:
    """A marker of the same kind that somebody closed by name stays closed."""
    closed = {each.kind for each in told if each.closed is not None}
    known = {(each.kind, each.origin) for each in told}
    fresh = [e for e in found if e.kind not in closed and (e.kind, e.origin) not in known]
    return (*told, *fresh)


def _needed_adult(event: Recorded) -> bool:
    findings: Findings | None = findings_of(event, clinical=False)
    return findings is not None and any(f.flag == "appropriate_adult" for f in findings.flags)


def _open_flags(
    reading: Reading | Writing, others: tuple[Stay, ...], told: RecordFacts
) -> tuple[str, ...] | None:
    """Needs of past stays that nobody had dealt with when the person left."""
    needs = [
        need
        for stay in others
        if not stay.is_open
        for alert in reading.alerts_of(stay.id)
        if alert.is_open and alert.need
        for need in alert.need.split("+")
    ]
    if not needs:
        return told.open_flags_before
    return tuple(dict.fromkeys([*(told.open_flags_before or ()), *needs]))
