"""Why something was found for one person, or why not, from their last screening (N6)."""

from dataclasses import dataclass, replace
from datetime import datetime

from triage.casework.acts import allow, stay_for
from triage.casework.entries import details_of
from triage.casework.history import History
from triage.casework.in_force import require_rules
from triage.casework.service import Service
from triage.domain.disclosure import is_clinical, split
from triage.domain.explaining import Ask, Explanation
from triage.domain.findings import Findings
from triage.domain.roles import Group, Verb, reads
from triage.domain.rulebook import Rulebook
from triage.domain.screening import explain, screen
from triage.record import Actor


@dataclass(frozen=True)
class Why:
    """One need, flag or route before one person, as far as this role may know."""

    stay: str
    reference: str
    screened_at: datetime | None  # when the answers were given; None: nobody has screened them
    explanation: Explanation | None  # None as well where nothing was chosen yet
    whole: bool  # False: worked out from the half of the record that is for police
    held_back: bool  # it was found, by what only health staff may read
    findings: Findings | None  # of the whole, only to tell what was found from what was not


def why(service: Service, stay: str, name: str | None, *, actor: Actor, now: datetime) -> Why:
    """Why the last screening brought up a need, flag or route, or why not; by the rules in force.

    Police get what follows from their own half of the record alone: an answer that health staff
    were given can then show neither in what speaks against a rule nor in what is missing. Raises
    InputError, with the nearest id, when nothing is called ``name``.
    """
    allow(actor, Verb.VIEW_STAY)
    require_rules(service.trouble)
    book, clinical = service.rulebook, reads(actor.role, Group.CLINICAL)
    with service.record.reading() as reading:
        found = stay_for(reading, stay, actor)
        history = History.read(reading, found)
    parts = "police, clinical" if clinical else "police"
    service.record.log_access(actor, f"why: {parts}", stay, "care", now)
    answer = Why(stay, found.reference or "", None, None, clinical, False, None)
    screened = [(each, details_of(each)) for each in reversed(history.screenings)]
    event, last = next(((e, said) for e, said in screened if said is not None), (None, None))
    if event is None or last is None:
        return answer
    answer = replace(answer, screened_at=history.when(event))
    answer = replace(answer, findings=screen(book, last))
    if name is None:
        return answer
    told = explain(book, last if clinical else split(last, book)[0], name)
    if clinical:
        return replace(answer, explanation=told)
    there = {need.need for need in answer.findings.needs} if answer.findings else set()
    return replace(
        answer,
        explanation=_less_told(told, book),
        held_back=name in there and told.holds is not True,
    )


def _less_told(told: Explanation, book: Rulebook) -> Explanation:
    """The same without asking police for what is not theirs to ask."""

    def theirs(ask: Ask | None) -> Ask | None:
        return None if ask is None or is_clinical(book, ask.id) else ask

    rules = tuple(
        replace(
            rule,
            missing=tuple(each for each in rule.missing if not is_clinical(book, each.id)),
            ask=theirs(rule.ask),
        )
        for rule in told.rules
    )
    return replace(told, rules=rules, ask=theirs(told.ask))
