"""Running an old decision again, under the rules that it was made with."""

from collections.abc import Callable, Iterable, Mapping

from triage.casework.entries import details_of, findings_of
from triage.casework.service import Service
from triage.domain.errors import RulebookRefused
from triage.domain.findings import Findings
from triage.domain.london import iso
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen
from triage.record import EventKind, Recorded
from triage.rules_files import load_texts

Recompute = Callable[[Recorded], str | None]


def recompute(service: Service) -> Recompute:
    """What ``verify`` asks of each event: None when the same comes out, else a sentence.

    What was erased cannot be run again and is not a difference; what is recorded is never changed.
    """
    books: dict[str, Rulebook | None] = {service.rulebook.fingerprint: service.rulebook}

    def again(event: Recorded) -> str | None:
        if event.kind is not EventKind.SCREENING_SAVED or None in event.payloads.values():
            return None
        fingerprint = str(event.header.get("rulebook"))
        if fingerprint not in books:
            books[fingerprint] = _kept(service, fingerprint)
        return _difference(event, books[fingerprint], fingerprint)

    return again


def _difference(event: Recorded, book: Rulebook | None, fingerprint: str) -> str | None:
    details, stored = details_of(event), findings_of(event)
    if book is None:
        return f"The rules {fingerprint} are not kept here, so it cannot be run again."
    if details is None or stored is None:
        return "It could not be evaluated when it was saved."
    found = screen(book, details)
    changes = _changes(_decided(stored), _decided(found)) or _other_words(stored, found)
    if not changes:
        return None
    return (
        f"Run again under its own rules, {fingerprint}, it gives something else, so the program "
        f"has changed since or the entry has: {'; '.join(changes)}."
    )


def _decided(findings: Findings) -> dict[str, str]:
    """Everything that was decided, by name: rules and routes, and no answer of the person.

    Who had signed the rules by then, and what was warned of, is no part of the decision.
    """
    decided = {"status": str(findings.status), "law of": findings.rulebook.law_on}
    for kind, found in (("need", findings.needs), ("flag", findings.flags)):
        for each in found:
            name = getattr(each, kind)
            for reason in each.reasons:
                decided[f"{kind} {name} by rule {reason.rule}"] = reason.urgency.word
    for open_ in findings.not_excluded:
        decided[f"not excluded {open_.need}"] = f"{open_.urgency.word} by {_listed(open_.rules)}"
    for conflict in findings.conflicts:
        decided[f"conflict {conflict.id}"] = "found"
    for act in findings.do_now:
        decided[f"act {act.action}"] = f"{act.urgency.word} by {_listed(act.rules)}"
    for route in findings.routes:
        decided[f"route {route.route}"] = str(route.status)
    if findings.rescreen is not None:
        decided["next screening"] = iso(findings.rescreen.due_at)
    return decided


def _changes(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [
        f"{name}: {then.get(name, 'not there')} then, {now.get(name, 'not there')} now"
        for name in (*then, *(name for name in now if name not in then))
        if then.get(name) != now.get(name)
    ]


def _other_words(then: Findings, now: Findings) -> list[str]:
    """The parts in which the same was decided, but said otherwise or resting on other facts."""
    parts = ("needs", "flags", "not_excluded", "conflicts", "do_now", "routes", "rescreen")
    return [
        f"the words or facts under {part}"
        for part in parts
        if getattr(then, part) != getattr(now, part)
    ]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _kept(service: Service, fingerprint: str) -> Rulebook | None:
    """The rulebook as it was, from the texts in the record."""
    files = service.record.reading().rulebook_files(fingerprint)
    if files is None:
        return None
    try:
        return load_texts(files, draft=True)
    except RulebookRefused:
        return None  # an older release's rules, which this release cannot read
