"""Details out of a coded row: the inverse of what the engine fills from the details."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any

from triage.domain.answers import Answer, Details, Marker, Person, RecordFacts, Status

_NOON = time(12, tzinfo=UTC)
_PERSON = ("age", "age_on_document")
_TOLD = ("age_source", "sex")
_RECORD = (
    "property", "force_used", "hospital_today", "breath_ug", "drug_test", "managed_by",
    "appropriate_adult_before", "open_flags_before", "instruction_open",
)  # fmt: skip
_YES_NO = ("hospital_today", "appropriate_adult_before")


def details_of(
    found: Mapping[tuple[str, str], Answer],
    markers: tuple[Marker, ...],
    scores: Mapping[str, tuple[int, int]],
    day: date,
) -> Details:
    """Details that any rulebook reads like those that were coded."""
    facts: dict[str, Any] = {
        name: answer.value
        for (part, name), answer in found.items()
        if part == "fact" and answer.status is Status.ANSWERED
    }
    yes = {name: value == "yes" for name, value in facts.items() if value in ("yes", "no")}
    person = {name: facts[name] for name in _PERSON if name in facts}
    person |= {name: facts.get(name, "unknown") for name in _TOLD}
    record = {name: facts[name] for name in _RECORD if name in facts}
    record |= {name: yes[name] for name in _YES_NO if name in yes}
    return Details(
        at=datetime.combine(day, _NOON),
        nation=facts.get("nation", ""),
        person=Person(**person),
        stage=facts.get("stage"),
        offence=facts.get("offence"),
        arrests_12m=facts.get("arrests_12m"),
        domestic=yes.get("domestic"),
        place=facts.get("place"),
        interpreter_present=yes.get("interpreter_present"),
        appropriate_adult_present=yes.get("appropriate_adult_present"),
        admits=yes.get("admits"),
        evidence_ready=yes.get("evidence_ready", False),
        answers=_answers(found, "question"),
        observations=_answers(found, "observation"),
        record=RecordFacts(checked=yes.get("record_checked", False), markers=markers, **record),
        scores=MappingProxyType(dict(scores)),
    )


def _answers(found: Mapping[tuple[str, str], Answer], wanted: str) -> Mapping[str, Answer]:
    given = {name: answer for (part, name), answer in found.items() if part == wanted}
    return MappingProxyType(given)
