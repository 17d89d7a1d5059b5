"""File drop-in and paste-block out, so that nothing is typed twice."""

from datetime import datetime

from triage.casework.acts import allow, stay_for
from triage.casework.history import History, findings_of
from triage.casework.screenings import ScreeningSaved, record_screening
from triage.casework.service import Service
from triage.domain.findings import Findings
from triage.domain.london import text
from triage.domain.roles import Group, Verb, reads
from triage.record import Actor, EventKind, Recorded
from triage.record.access import Operation
from triage.schemas import documents
from triage.schemas.screen import details_of as details_from

LONGEST_PASTE = 1_500  # characters: what a trust's system takes in one field
_CUT = "… (more in Custody Triage)"


def drop_in(
    service: Service,
    stay: str,
    data: bytes,
    *,
    name: str = "",
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> ScreeningSaved:
    """Record a screening from a file, JSON or TOML, in the shape of ``triage screen``.

    Raises InputError naming each field that cannot be used; then nothing is stored.
    """
    allow(actor, Verb.RECORD_SCREENING)
    document = documents.parse(data, name=name)
    details = details_from(document, rulebook=service.rulebook, now=now)
    return record_screening(service, stay, details, actor=actor, now=now, key=key)


def paste_block(service: Service, stay: str, *, actor: Actor, now: datetime) -> str:
    """A summary to paste into another system, as this role may see it; at most 1,500 characters.

    It names the person by number only, and goes on the log as a disclosure.
    """
    allow(actor, Verb.VIEW_STAY)
    clinical = reads(actor.role, Group.CLINICAL)
    with service.record.reading() as reading:
        found = stay_for(reading, stay, actor)
        history = History.read(reading, found)
    saved = history.standing(EventKind.SCREENING_SAVED)
    lines = [f"{found.reference or stay}, {(found.suite or '').replace('_', ' ')}, {text(now)}"]
    findings = findings_of(saved[-1], clinical=clinical) if saved else None
    lines += ["No screening has been saved."] if findings is None else _said(saved[-1], findings)
    lines += _decided(history, clinical=clinical)
    service.record.log_access(
        actor,
        "paste block",
        stay,
        "filed elsewhere",
        now,
        operation=Operation.DISCLOSURE,
        recipients=["the clipboard of this terminal"],
    )
    return _cut("\n".join(lines))


def _said(event: Recorded, findings: Findings) -> list[str]:
    have, of = findings.answered
    status = findings.status.replace("_", " ")
    lines = [f"Screening {status}, {text(event.occurred_at)}, {have} of {of} answered."]
    if findings.nothing_found:
        lines.append(f"No flags raised from {have} of {of} answers.")
    for need in findings.needs:
        because = " ".join(dict.fromkeys(reason.because for reason in need.reasons))
        lines.append(f"{need.urgency.word.upper()} {_name(need.need)}: {because}")
    for flag in findings.flags:
        lines.append(f"{flag.urgency.word.upper()} {_name(flag.flag)}")
    if findings.not_excluded:
        needs = ", ".join(dict.fromkeys(_name(each.need) for each in findings.not_excluded))
        lines.append(f"Not excluded, ask again: {needs}.")
    return lines


def _decided(history: History, *, clinical: bool) -> list[str]:
    lines = []
    for event in history.standing(EventKind.ROUTE_DECISION):
        police = event.header.get("route")
        hidden = (event.payloads.get("clinical") or {}).get("route") if clinical else None
        need = (event.payloads.get("police") or {}).get("need")
        if police or hidden or need:
            about = _name(str(police or hidden or need))
            outcome = str(event.header["decision"]).replace("_", " ")
            lines.append(f"{about}: {outcome}, {event.actor.name}, {text(event.occurred_at)}")
    return lines


def _name(word: str) -> str:
    return word.replace("_", " ")


def _cut(block: str) -> str:
    return block if len(block) <= LONGEST_PASTE else block[: LONGEST_PASTE - len(_CUT)] + _CUT
