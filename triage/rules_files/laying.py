"""What one table of a site's file did to the rulebook: each key as it was and as it is."""

from collections.abc import Iterable
from typing import Any

from triage.domain.findings import Urgency
from triage.domain.laid import Change, LaidOver
from triage.domain.rulebook import Rulebook

_NO_CHANGE = ("id", "service", "why")  # they name the thing, or say why


def laid_over_by(
    kind: str, of: str, keys: Iterable[str], before: Rulebook, after: Rulebook, why: str = ""
) -> LaidOver:
    """What a table without faults added or tightened."""
    changes = tuple(
        Change(key, _stands(before, kind, of, key), _stands(after, kind, of, key))
        for key in keys
        if key not in (*_NO_CHANGE, kind)
    )
    return LaidOver(kind, of, changes, why)


def _stands(rulebook: Rulebook, kind: str, of: str, key: str) -> str:
    """What the rulebook says under a key of a thing that a site's file can touch."""
    plan = rulebook.rescreen
    match kind:
        case "service" | "contact":
            service = rulebook.service.get(of)
            held = {} if service is None else {**service.details, "name": service.name,
                                               "route": service.route}  # fmt: skip
            return _plain(held.get(key, ""))
        case "ask_again":
            return _plain(plan.ask_again.get(Urgency.of(of), ""))
        case "status":
            return _plain(plan.by_status.get(of, ""))
        case "rescreen":
            return _plain(next((r.after_minutes for r in plan.rules if r.id == of), ""))
        case "after":
            return _plain(next((m.within_minutes for m in plan.after if m.id == of), ""))
        case "row":
            return _plain(rulebook.law.rows[of].value if of in rulebook.law.rows else "")
    listed = rulebook.rules if kind == "rule" else rulebook.routes
    found = next((each for each in listed if each.id == of), None)
    return _plain(getattr(found, key, ""))


def _plain(held: Any) -> str:
    if isinstance(held, tuple | list):
        return ", ".join(
            f"{each[0]} {each[1].word}" if isinstance(each, tuple) else str(each) for each in held
        )
    return "" if held is None else "yes" if held is True else str(held)
