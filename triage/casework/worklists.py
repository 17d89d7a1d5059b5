"""The clinician's worklist over several suites: one line a person, the most urgent first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from triage.casework.entries import details_of
from triage.casework.faults import one_record
from triage.casework.filing import filed_of
from triage.casework.history import History
from triage.casework.kept_alerts import RELEASE
from triage.casework.lifeline import CHANNEL, DISK, ENGINE, RULES
from triage.casework.lines import AlertLine
from triage.casework.looking import SEVERITY, Look, for_role, identity_of, order, timers_of, why
from triage.casework.outcomes import CALL
from triage.casework.past import NO_PAST, past_of
from triage.casework.service import Service
from triage.casework.views import holders_of, looking, open_in, with_why
from triage.casework.work_lines import AgreedCall, NotRead, WorkLine, Worklist
from triage.domain.findings import ScreenStatus
from triage.domain.roles import Group, Verb, reads
from triage.record import Actor, Alert, Reading

_NOT_ON_IT = ("A4",)  # the board and the digest carry what is routine
_FEEDS = (CHANNEL, DISK, ENGINE, RULES)  # of the service itself: what may fail without a sound
_PAST_FOR = 20  # lines that show the past beside the new; the rest show it on the person's page


def worklist(
    service: Service,
    suites: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    kept_open: bool = False,
) -> Worklist:
    """Who waits for a clinician in these suites: urgency, then what no clinician has, then age."""
    looked = looking(
        service, Verb.VIEW_WORKLIST, "worklist", suites, actor=actor, now=now, kept_open=kept_open
    )
    with service.record.reading() as reading:
        look = Look(service, reading, now)
        people: dict[str, list[Alert]] = defaultdict(list)
        for alert in reading.open_alerts(looked or None):
            mine = for_role(alert, actor.role) and alert.level not in _NOT_ON_IT
            if alert.stay is not None and mine:
                people[alert.stay].append(alert)
        found = [_line(look, stay, alerts) for stay, alerts in people.items()]
        found.sort(key=_order)
        placed = [_placed(found, at) for at in range(len(found))]
        busy = reading.cover(actor.account, now)
        return Worklist(
            now,
            timers_of(service, reading, now),
            len(open_in(reading, looked)),
            tuple(
                _as_far_as_read(service, look, line, actor) if line.place <= _PAST_FOR else line
                for line in placed
            ),
            looked,
            _calls(reading, look, looked),
            None if busy is None else busy.until,
            look.lines(a for a in reading.open_alerts_of_no_stay() if a.source in _FEEDS),
        )


def has_clinician(line: AlertLine) -> bool:
    """Whether a clinician has it by name. An officer at the cell is not a clinician."""
    in_hand = line.state == "in_hand" and line.climbs_at is None
    return in_hand or any(holder.kind == "clinical" for holder in line.holders)


def _alert_order(line: AlertLine) -> tuple[object, ...]:
    return (-SEVERITY[line.urgency], has_clinician(line), *order(line)[1:])


def _order(line: WorkLine) -> tuple[object, ...]:
    """Urgency, then what no clinician has, then the longest wait for that urgency."""
    return (-SEVERITY[line.urgency], line.taken, line.alerts[0].due_at, line.alerts[0].key)


def _line(look: Look, stay: str, alerts: Sequence[Alert]) -> WorkLine:
    lines = tuple(with_why(line) for line in sorted(look.lines(alerts), key=_alert_order))
    top, here = lines[0], look.stay(stay)
    needs = [need for line in lines if line.need for need in line.need.split("+")]
    return WorkLine(
        stay=stay,
        suite=top.suite,
        reference=top.reference,
        initials=top.initials,
        cell=top.cell,
        urgency=top.urgency,
        needs=tuple(dict.fromkeys(needs)),
        oldest_at=min(line.due_at for line in lines),
        waiting_seconds=max(line.age_seconds for line in lines),
        holders=holders_of(lines),
        alerts=lines,
        why_here=why(top),
        taken=has_clinician(top),
        untaken=sum(not has_clinician(line) for line in lines),
        left_at=None if here is None else here.closed_at,
    )


def _placed(found: Sequence[WorkLine], at: int) -> WorkLine:
    """The same line with its place, and why it stands before the one that follows."""
    line = found[at]
    if at + 1 == len(found):
        return replace(line, place=at + 1)
    after = found[at + 1]
    if line.urgency != after.urgency:
        reason = "more_urgent"
    elif line.taken != after.taken:
        reason = "nobody_has_it"
    else:
        longer = line.alerts[0].due_at < after.alerts[0].due_at
        reason = "longer" if longer else "same"
    return replace(line, place=at + 1, before_next=reason)


def _as_far_as_read(service: Service, look: Look, line: WorkLine, actor: Actor) -> WorkLine:
    """One damaged record takes the list from nobody: its line stands, and says so."""
    told, _ = one_record(
        lambda: _with_past(service, look, line, actor), lambda: replace(line, unreadable=True)
    )
    return told


def _with_past(service: Service, look: Look, line: WorkLine, actor: Actor) -> WorkLine:
    stay = look.stay(line.stay)
    if stay is None:
        return line
    history = History(stay, look.events(stay.id))
    clinical = reads(actor.role, Group.CLINICAL)
    past = past_of(service.rulebook, look.reading, history, clinical=clinical)
    line = replace(line, not_read=_not_read(history))
    filed = filed_of(history)
    if past is NO_PAST:
        return replace(line, filed=filed)
    before = tuple(each for each in past.needs if each.before is not None)
    return replace(line, before=before, differs=past.differs, filed=filed)


def _not_read(history: History) -> NotRead | None:
    """What the last screening could not rest on (R-N12): never passed over in silence."""
    saved = [(event, details_of(event)) for event in history.screenings]
    rested = [history.when(event) for event, said in saved if said and said.record.checked]
    last = saved[-1][1] if saved else None
    if last is None or not history.versions:
        return None
    found = history.versions[-1].findings
    answered, of = found.answered
    unfinished = found.status is not ScreenStatus.COMPLETE and answered < of
    if last.record.checked and not unfinished:
        return None
    return NotRead(not last.record.checked, max(rested, default=None), unfinished)


def _calls(reading: Reading, look: Look, suites: Sequence[str]) -> tuple[AgreedCall, ...]:
    """The calls that were agreed and are still to come, the first first."""
    return tuple(
        AgreedCall(
            alert.key,
            alert.stay or "",
            alert.suite or "",
            (stay.reference or "") if (stay := look.stay(alert.stay)) else "",
            identity_of(look.stay(alert.stay)).initials,
            alert.due_at,
        )
        for alert in reading.planned_steps(RELEASE, CALL, suites or None)
    )
