"""What about somebody's care is not settled when they are about to leave.

Read from what police may see alone: a desk that releases somebody never learns clinical detail by
it.
"""

from collections.abc import Iterator
from datetime import datetime

from triage.casework.departure import Gap, Release
from triage.casework.entries import details_of, findings_of
from triage.casework.history import History
from triage.casework.permissions import (
    leaves_the_suite,
    names_of,
    permission_for,
    permissions_of,
)
from triage.domain.answers import Answer, Details, Status
from triage.domain.facts import age_on
from triage.domain.findings import Findings, NotExcluded, Urgency
from triage.domain.london import day_of
from triage.domain.rulebook import Rulebook
from triage.present import leaving as words
from triage.record import EventKind

ADULT = 18
_OWN_WAY = ("home", "other")  # nobody waits there whose duty it is to take them in
_DOSE = ("due", "missed", "taking_due_unknown")
_MEDICINE = ("medicine", "medical_device")


def unsettled(
    rulebook: Rulebook, history: History, leaving: Release | None, *, now: datetime
) -> list[Gap]:
    """The child without an adult, the medicine, the bed, what was agreed and not sent, and so on.

    With ``leaving`` what that would leave open; ``now`` is the day on which somebody's age counts.
    """
    found = [*_child(history, leaving, now), *_agreed_and_not_sent(rulebook, history, leaving)]
    last = _last_seen_by_police(history)
    if last is not None:
        findings, details = last
        found += _not_excluded(rulebook, findings)
        found += _appropriate_adult(history, findings, details)
        found += _where_to(history, findings, leaving)
        found += _medicine(details, leaving)
        found += _instruction(details)
    return found


def _last_seen_by_police(history: History) -> tuple[Findings, Details] | None:
    for event in reversed(history.screenings):
        findings = findings_of(event, clinical=False)
        details = details_of(event, clinical=False)
        if findings is not None and details is not None:
            return findings, details
    return None


def _child(history: History, leaving: Release | None, now: datetime) -> Iterator[Gap]:
    """A child leaves with somebody who is named.

    No Act says so in these words: it is our reading of the duty of the police to have regard to
    the welfare of children (Children Act 2004 s11, in Wales s28).
    """
    age = age_on(history.person, day_of(now))
    collected = leaving is not None and (leaving.handed_to or "").strip()
    if age is None or age >= ADULT or collected:
        return
    yield Gap("child", Urgency.URGENT, words.CHILD)


def _appropriate_adult(history: History, findings: Findings, details: Details) -> Iterator[Gap]:
    flags = [flag for flag in findings.flags if flag.flag == "appropriate_adult"]
    came = details.appropriate_adult_present is True
    if flags and not came and not _taken_up(history, "appropriate_adult"):
        yield Gap("appropriate_adult", Urgency.SOON, words.NO_ADULT)


def _where_to(history: History, findings: Findings, leaving: Release | None) -> Iterator[Gap]:
    housing = any(n.need == "housing" and n.urgency >= Urgency.SOON for n in findings.needs)
    if not housing or _taken_up(history, "housing_referral"):
        return
    if leaving is not None and ((leaving.plan or "").strip() or leaving.to not in _OWN_WAY):
        return
    yield Gap("where_to", Urgency.SOON, words.NOWHERE)


def _medicine(details: Details, leaving: Release | None) -> Iterator[Gap]:
    kept = any(each in (details.record.property or ()) for each in _MEDICINE)
    due = _value(details.answers.get("medicine")) in _DOSE
    critical = bool(_value(details.answers.get("medicine_critical")))
    settled = leaving is not None and (leaving.medicine or "").strip()
    if (kept or due or critical) and not settled:
        yield Gap("medicine", Urgency.URGENT if critical else Urgency.SOON, words.MEDICINE_OPEN)


def _instruction(details: Details) -> Iterator[Gap]:
    if details.record.instruction_open is not None:
        yield Gap("instruction", Urgency.URGENT, words.INSTRUCTION)


def _not_excluded(rulebook: Rulebook, findings: Findings) -> Iterator[Gap]:
    """What might be there and could not be ruled out; what is routine waits for the next screen."""
    open_now = [each for each in findings.not_excluded if each.urgency >= Urgency.SOON]
    if open_now:
        highest: NotExcluded = max(open_now, key=lambda each: each.urgency)
        needs = [each.need for each in open_now]
        ask = [missing.id for each in open_now for missing in each.missing]
        yield Gap(
            "not_excluded",
            highest.urgency,
            words.not_excluded(needs),
            closes=words.ask_again(rulebook, ask),
        )


def _agreed_and_not_sent(
    rulebook: Rulebook, history: History, leaving: Release | None
) -> Iterator[Gap]:
    """Somebody said yes to a service and nobody has sent anything since.

    Only what police may read: a route that health staff chose on clinical grounds is not named.
    """
    known = [each for each in permissions_of(history, clinical=False) if each.given]
    told = () if leaving is None else (leaving.handed_to or "", *leaving.told)
    decided = set(_decided(history))
    for rule in rulebook.routes:
        if not leaves_the_suite(rule) or rule.id in decided:
            continue
        names = names_of(rulebook, rule.id, None)
        agreed = permission_for(known, names)
        if agreed is not None and not _meant(told, names):
            yield Gap(f"referral:{rule.id}", Urgency.SOON, words.not_sent(rule.id))


def _decided(history: History) -> Iterator[str]:
    """Routes on which more was decided than to offer them, by whomever; these never show."""
    for event in history.standing(EventKind.ROUTE_DECISION):
        hidden = event.payloads.get("clinical") or {}
        if event.header.get("decision") != "offered":
            yield str(event.header.get("route") or hidden.get("route"))


def _meant(told: tuple[str, ...], names: tuple[str, ...]) -> bool:
    said = [each.casefold() for each in told if each.strip()]
    return any(name.casefold() in each for name in names if name for each in said)


def _taken_up(history: History, route: str) -> bool:
    return any(
        event.header.get("route") == route
        and event.header.get("decision") in ("accepted", "acknowledged")
        for event in history.standing(EventKind.ROUTE_DECISION)
    )


def _value(answer: Answer | None) -> object:
    return answer.value if answer is not None and answer.status is Status.ANSWERED else None
