"""What a version of a screening says, worked out before its turn to write, and whether it holds.

It follows from the details, with what is past added to them, and the rulebook: nothing else.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from triage.casework.acts import known_for, stay_for
from triage.casework.earlier import with_what_can_be_read
from triage.casework.entries import ROUSE, calls_for_rousing
from triage.casework.faults import fault
from triage.casework.history import History
from triage.casework.service import Service
from triage.casework.stored import pack
from triage.domain.answers import Details, Person
from triage.domain.disclosure import for_police, has_clinical, split
from triage.domain.errors import TriageError
from triage.domain.findings import Findings, Reason, Urgency
from triage.domain.screening import screen
from triage.record import Actor, Reading, Writing
from triage.record.engine import EngineError
from triage.rehearsal import code

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WorkedOut:
    """What a version says and how it is written: it follows from the details and the rulebook."""

    details: Details
    findings: Findings | None
    header: Mapping[str, Any]
    payloads: Mapping[str, dict[str, Any]]
    readable: bool = True  # whether what was recorded before could be read for it
    behind: str = ""  # the last event of the record before anything was read for it, by its hash


def ahead_of(
    service: Service, reading: Reading, stay: str, details: Details, actor: Actor
) -> WorkedOut | None:
    """The version as the record stands now, worked out while others write.

    It is used only if the same details stand in the act's own transaction; whatever is wrong is
    found again there, and said there.
    """
    try:
        here = reading.known(stay)
        history = History(known_for(here.stay, actor), here.events)
        known, readable = with_what_can_be_read(service.rulebook, reading, history, details)
        found = worked_out(service, stay, known)
        return replace(found, readable=readable, behind=here.head)
    except (TriageError, EngineError):
        return None


def as_it_stands(
    service: Service,
    writing: Writing,
    stay: str,
    details: Details,
    actor: Actor,
    ahead: WorkedOut | None,
) -> WorkedOut:
    """What was worked out ahead, if it still stands; else worked out from the record of now.

    Stays, links and raised alerts change by events only: behind the same event they are the same.
    """
    if ahead is not None and ahead.behind == writing.began_behind:
        return ahead
    history = History.read(writing, stay_for(writing, stay, actor))
    known, readable = with_what_can_be_read(service.rulebook, writing, history, details)
    if ahead is not None and ahead.details == known and ahead.readable is readable:
        return ahead
    return replace(worked_out(service, stay, known), readable=readable)


def worked_out(service: Service, stay: str, details: Details) -> WorkedOut:
    return written(service, stay, details, evaluated(service, stay, details))


def evaluated(service: Service, stay: str, details: Details) -> Findings | None:
    """The findings; None when the engine fails, because what was said is recorded even then."""
    try:
        return screen(service.rulebook, details)
    except TriageError:
        raise  # outside data that cannot be used: nothing was said yet, and the door says why
    except Exception as error:
        _log.error("a screening of stay %s cannot be evaluated: %s", stay, fault(error))
        return None


def written(service: Service, stay: str, details: Details, findings: Findings | None) -> WorkedOut:
    police, clinical = split(details, service.rulebook)
    payloads: dict[str, dict[str, Any]] = {
        "identity": pack(details.person),
        "police": {"details": pack(replace(police, person=Person()))},
    }
    if calls_for_rousing(details):
        payloads["police"][ROUSE] = True
    if clinical is not None:
        payloads["clinical"] = {"details": pack(replace(clinical, person=Person()))}
    _add_codes(service, stay, details, payloads["clinical" if clinical else "police"])
    if findings is not None and has_clinical(findings):
        payloads["police"]["findings"] = pack(for_police(findings, service.rulebook))
        payloads.setdefault("clinical", {})["findings"] = pack(findings)
    elif findings is not None:
        payloads["police"]["findings"] = pack(findings)
    return WorkedOut(details, findings, _header(service, details, findings), payloads)


def _add_codes(service: Service, stay: str, details: Details, part: dict[str, Any]) -> None:
    """The row for rehearsal stands with the most private part, because it codes all the answers.

    Rehearsal can wait; what was said is recorded whatever becomes of its row.
    """
    try:
        part["codes"] = code(service.rulebook, details).hex()
    except Exception as error:
        _log.error("a screening of stay %s has no row for rehearsal: %s", stay, fault(error))


def _header(service: Service, details: Details, findings: Findings | None) -> dict[str, Any]:
    urgency = None if findings is None else top_urgency(findings)
    return {
        "status": None if findings is None else findings.status,
        "urgency": None if urgency is None else urgency.word,
        "stage": details.stage,
        "rulebook": service.rulebook.fingerprint,
    }


def top_urgency(findings: Findings) -> Urgency | None:
    """The highest urgency of anything found; None when nothing was."""
    found = [each.urgency for each in findings.needs] + [each.urgency for each in findings.flags]
    return max(found, default=None)


def rules_that_hold(findings: Findings) -> frozenset[tuple[str, Urgency]]:
    """Each rule by which a need or a flag was found, with its urgency."""
    return frozenset((each.rule, each.urgency) for each in _reasons(findings))


def severity(findings: Findings) -> tuple[int, ...]:
    """The urgencies of all that was found, the worst first: the greater, the more careful."""
    return tuple(sorted((int(each.urgency) for each in _reasons(findings)), reverse=True))


def _reasons(findings: Findings) -> list[Reason]:
    found = [reason for each in findings.needs for reason in each.reasons]
    return found + [reason for each in findings.flags for reason in each.reasons]
