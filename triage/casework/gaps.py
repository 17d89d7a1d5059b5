"""What is still open when somebody is about to leave custody, and how they leave.

A gap warns and takes a reason of one key; it never holds anybody, because the record never makes a
detention longer.
"""

from dataclasses import replace
from datetime import datetime

from triage.casework.again import asks_again, since_screened
from triage.casework.departure import Gap, Release
from triage.casework.history import History
from triage.casework.permissions import not_permitted
from triage.casework.unsettled import unsettled
from triage.domain.findings import Findings, ScreenStatus, Urgency
from triage.domain.london import to_wall
from triage.domain.rulebook import Rulebook
from triage.present import leaving as words_of
from triage.present import spans
from triage.present.words import said
from triage.record import Alert

# The rows of the screening table that ask for a plan before release, whatever was answered.
_PLANNED_FOR = ("R67", "R69")
_NIGHT_FROM, _NIGHT_TO = 21, 7  # London hours in which somebody should not be put on the street
_NIGHT_NEEDS = ("housing", "suicide_self_harm")
_PRESSING = {"A1": Urgency.EMERGENCY, "A2": Urgency.URGENT}


def gaps_of(
    rulebook: Rulebook,
    history: History,
    alerts: tuple[Alert, ...],
    *,
    now: datetime,
    leaving: Release | None,
) -> tuple[Gap, ...]:
    """What is open now, most urgent first; with ``leaving``, what it would leave open."""
    found = _open_alerts(alerts)
    last = history.versions[-1].findings if history.versions else None
    pressing = bool(found) or (last is not None and _pressing(last))
    found += _screening(history)
    found += _screen_again(alerts, leaving.occurred_at if leaving else now)
    found += _plan(rulebook, last, leaving)
    if pressing and not (leaving and (leaving.handed_to or leaving.told)):
        found.append(Gap("told", Urgency.URGENT, "Nobody has been told what is still open."))
    found += _night(last, leaving, now)
    found += _told_without(rulebook, history, leaving)
    found += unsettled(rulebook, history, leaving, now=now)
    told = (gap if gap.closes else replace(gap, closes=words_of.closes(gap.id)) for gap in found)
    return tuple(sorted(told, key=lambda gap: (-gap.urgency, gap.id)))


def where_unread(gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """What is open of a record that cannot be read: nobody is held for it, and nothing is made up.

    Its alerts can be read; that nothing was screened would be said of what is only not legible.
    """
    unread = Gap(
        "unreadable", Urgency.URGENT, words_of.UNREADABLE, None, words_of.closes("unreadable")
    )
    known = [gap for gap in gaps if gap.id != "not_screened"]
    return tuple(sorted((unread, *known), key=lambda gap: (-gap.urgency, gap.id)))


def _open_alerts(alerts: tuple[Alert, ...]) -> list[Gap]:
    """Emergencies and urgent alerts that nobody, or not the right one, has acted on."""
    return [
        Gap(
            f"alert:{alert.key}",
            _PRESSING[alert.level],
            alert.words or "",
            alert.key,
            words_of.closes_alert(alert.to_roles, taken=alert.state != "raised"),
        )
        for alert in alerts
        if alert.is_open
        and alert.level in _PRESSING
        and not asks_again(alert)
        and not _in_hand(alert)
    ]


def _in_hand(alert: Alert) -> bool:
    return alert.state == "in_hand" and alert.step_due_at is None


def _screening(history: History) -> list[Gap]:
    if not history.versions:
        gone = "What was screened has been erased: screen again."
        words = gone if history.screenings else "No screening has been saved."
        return [Gap("not_screened", Urgency.URGENT, words)]
    last = history.versions[-1].findings
    if last.status is ScreenStatus.COMPLETE:
        return []
    words = f"The last screening is {last.status.replace('_', ' ')}."
    return [Gap("screening_open", Urgency.SOON, words)]


def _screen_again(alerts: tuple[Alert, ...], at: datetime) -> list[Gap]:
    """Something happened that asks for a new screening, or one was due, and nobody has screened.

    Principle 6: before release everything is asked again. What happened since the last screening
    counts as soon as it happened; what the screening itself asked for counts once it was due.
    """
    waiting = [a for a in alerts if since_screened(a) or (asks_again(a) and a.due_at <= at)]
    first = min(waiting, key=lambda each: (each.due_at, each.key), default=None)
    if first is None:
        return []
    due = f"{'was' if first.due_at <= at else 'is'} due by {spans.moment(first.due_at, now=at)}"
    words = f"Nobody has screened again: it {due}. {first.words or ''}".strip()
    return [Gap("screen_again", _PRESSING.get(first.level, Urgency.SOON), words, first.key)]


def _plan(rulebook: Rulebook, last: Findings | None, leaving: Release | None) -> list[Gap]:
    """After some findings nobody leaves without a plan for the first days (R67, R69)."""
    if last is None or (leaving is not None and (leaving.plan or "").strip()):
        return []
    asking = {rule.id for rule in rulebook.rules if rule.note_id in _PLANNED_FOR}
    found = {reason.rule for need in last.needs for reason in need.reasons}
    if not found & asking:
        return []
    return [Gap("plan", Urgency.URGENT, "No plan for the first days: whom to call, who calls.")]


def _night(last: Findings | None, leaving: Release | None, now: datetime) -> list[Gap]:
    hour = to_wall(leaving.occurred_at if leaving else now).hour
    night = hour >= _NIGHT_FROM or hour < _NIGHT_TO
    if last is None or not night or (leaving is not None and (leaving.transport or "").strip()):
        return []
    if not any(need.need in _NIGHT_NEEDS and need.urgency >= Urgency.SOON for need in last.needs):
        return []
    return [Gap("night", Urgency.URGENT, "At night: no safe way home has been arranged.")]


def _told_without(rulebook: Rulebook, history: History, leaving: Release | None) -> list[Gap]:
    """A partner who is told at the door needs a basis as one who is rung does."""
    if leaving is None:
        return []
    parties = [leaving.handed_to or "", *leaving.told]
    routes = not_permitted(rulebook, history, parties, until=leaving.occurred_at)
    return [
        Gap(
            f"permission:{route}",
            Urgency.SOON,
            f"No consent or other lawful basis is on record to tell this party: {said(route)}.",
        )
        for route in routes
    ]


def _pressing(findings: Findings) -> bool:
    return any(need.urgency >= Urgency.URGENT for need in findings.needs)
