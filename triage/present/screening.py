"""``screen out``: the findings of one screening as plain data, ``triage.screen/1``.

The same findings in words are in ``triage.present.screening_words``; both say the same.
"""

from datetime import datetime
from typing import Any

from triage.domain import london
from triage.domain.answers import Value
from triage.domain.findings import (
    Conflict,
    DoNow,
    FactUsed,
    Findings,
    Missing,
    NotExcluded,
    Reason,
    Rescreen,
    Route,
)
from triage.domain.rulebook import Rulebook
from triage.present import services
from triage.present.screening_words import in_words

__all__ = ["SCHEMA", "as_json", "in_words"]

SCHEMA = "triage.screen/1"

Plain = dict[str, Any]


def as_json(
    findings: Findings, *, rulebook: Rulebook | None = None, now: datetime | None = None
) -> Plain:
    """The findings as they leave the service; times in UTC, with London time beside them.

    ``rulebook`` lends the services that a route leads to, as they are open at ``now``, or else at
    the moment of the screening; a service that it does not know any more is left out.
    """
    at = findings.at if now is None else now
    return {
        "schema": SCHEMA,
        **_moment("at", findings.at),
        "rulebook": {
            "fingerprint": findings.rulebook.fingerprint,
            "law_on": findings.rulebook.law_on,
            "signed": findings.rulebook.signed,
        },
        "status": str(findings.status),
        "nothing_found": findings.nothing_found,
        "answered": list(findings.answered),
        "needs": [
            {"need": each.need, "urgency": each.urgency.word, "reasons": _reasons(each.reasons)}
            for each in findings.needs
        ],
        "flags": [
            {"flag": each.flag, "urgency": each.urgency.word, "reasons": _reasons(each.reasons)}
            for each in findings.flags
        ],
        "not_excluded": [_not_excluded(each) for each in findings.not_excluded],
        "conflicts": [_conflict(each) for each in findings.conflicts],
        "do_now": [_do_now(each) for each in findings.do_now],
        "routes": [_route(each, rulebook, at) for each in findings.routes],
        "rescreen": _rescreen(findings.rescreen),
        "warnings": list(findings.warnings),
    }


def _reasons(reasons: tuple[Reason, ...]) -> list[Plain]:
    return [
        {
            "rule": reason.rule,
            "urgency": reason.urgency.word,
            "because": reason.because,
            "do": list(reason.do),
            "tell": list(reason.tell),
            "source": reason.source,
            "confidence": str(reason.confidence),
            "lesson": reason.lesson,
            "facts": [_fact(fact) for fact in reason.facts],
        }
        for reason in reasons
    ]


def _fact(fact: FactUsed) -> Plain:
    told = {
        "id": fact.id,
        "value": _value(fact.value),
        "status": fact.status,
        "source": fact.source,
        "asked_at": None,
    }
    return told if fact.asked_at is None else {**told, **_moment("asked_at", fact.asked_at)}


def _value(value: Value | None) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _not_excluded(each: NotExcluded) -> Plain:
    return {
        "need": each.need,
        "urgency": each.urgency.word,
        "rules": list(each.rules),
        "missing": _missing(each.missing),
        **_moment("ask_again_at", each.ask_again_at),
    }


def _conflict(each: Conflict) -> Plain:
    return {"id": each.id, "said": each.said, "record": each.record}


def _do_now(each: DoNow) -> Plain:
    return {
        "action": each.action,
        "urgency": each.urgency.word,
        "words": each.words,
        "rules": list(each.rules),
    }


def _route(each: Route, rulebook: Rulebook | None, at: datetime) -> Plain:
    return {
        "route": each.route,
        "axis": str(each.axis),
        "status": str(each.status),
        "basis": each.basis,
        "decided_by": each.decided_by,
        "why": list(each.why),
        "missing": _missing(each.missing),
        "target_minutes": each.target_minutes,
        "services": services.as_json(each.services, rulebook, at=at),
    }


def _missing(missing: tuple[Missing, ...]) -> list[Plain]:
    return [{"id": each.id, "why": each.why} for each in missing]


def _rescreen(rescreen: Rescreen | None) -> Plain | None:
    if rescreen is None:
        return None
    return {**_moment("due_at", rescreen.due_at), "why": list(rescreen.why)}


def _moment(name: str, at: datetime) -> Plain:
    """A moment under its name in UTC, and beside it as it reads on a London clock."""
    return {name: london.iso(at), f"{name.removesuffix('_at')}_london": london.text(at)}
