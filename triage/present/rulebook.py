"""The rulebook in words: its questions, its rules, what is not verified, what changed."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from triage.domain.conditions import Condition
from triage.domain.dated import Confidence, Law
from triage.domain.findings import Urgency
from triage.domain.rulebook import Modifier, NewMoment, RouteRule, Rule, Rulebook
from triage.domain.specs import Question
from triage.present import site, spans
from triage.present.lines import heading, usable, wrapped
from triage.present.words import said

_KINDS = ("questions", "observations", "facts", "definitions", "actions")
_LISTS = ("rules", "modifiers", "conflicts", "routes", "services")
_UNLIKE = ("file", "note_id", "checked_on")  # where a rule stands is not what it says


def summary(rulebook: Rulebook) -> str:
    """What the folder holds and who signed it, in two lines."""
    counts = (
        spans.count(len(rulebook.core), "core question", "core questions"),
        spans.count(len(rulebook.questions) - len(rulebook.core), "branch", "branches"),
        spans.count(len(rulebook.observations), "observation", "observations"),
        spans.count(len(rulebook.rules), "rule", "rules"),
        spans.count(len(rulebook.routes), "route", "routes"),
        spans.count(len(rulebook.law.rows), "row of law and practice", "rows of law and practice"),
    )
    return f"Rulebook {rulebook.fingerprint}: {', '.join(counts)}.\n{signed(rulebook)}"


def signed(rulebook: Rulebook) -> str:
    """Who signed the rulebook, or that nobody did."""
    signature = rulebook.signature
    if signature is None:
        return "NOT SIGNED: nobody has signed these rules for use."
    if not rulebook.signed:
        return f"NOT SIGNED: changed since {signature.by} signed on {signature.on}."
    return f"Signed by {signature.by} on {signature.on}."


def questions(rulebook: Rulebook, *, width: int) -> str:
    """Every question and observation as it is read out, with its answers."""
    lines = heading("Questions")
    for question in rulebook.questions.values():
        lines += _question(question, usable(width))
    lines += heading("Observations")
    for seen in rulebook.observations.values():
        number = f"{seen.number} " if seen.number else ""
        options = ", ".join(words for _, words in seen.options) or "Yes, No"
        lines += wrapped(f"{number}{seen.id}: {seen.looks}", usable(width))
        lines += wrapped(options, usable(width), first="      ")
    return "\n".join(lines[1:])


def _question(question: Question, width: int) -> Iterator[str]:
    marks = ["in private"] if question.private else []
    marks += [f"asked if {question.branch.text}"] if question.branch else []
    yield from wrapped(f"{question.number} {question.id}: {question.asks}", width, rest="    ")
    yield from wrapped(
        "; ".join(words for _, words in question.options) or "in words", width, first="      "
    )
    if marks:
        yield from wrapped(f"({'; '.join(marks)})", width, first="      ")


def rules(rulebook: Rulebook, *, width: int) -> str:
    """Every rule by the file it stands in: its id, what it raises, why, and from where."""
    lines: list[str] = []
    every: tuple[Rule | Modifier, ...] = rulebook.rules + rulebook.modifiers
    for file in dict.fromkeys(rule.file for rule in every):
        here = [rule for rule in every if rule.file == file]
        lines += heading(f"{file}: {spans.count(len(here), 'rule', 'rules')}")
        for rule in here:
            lines += wrapped(f"{rule.id}: {_raises(rule)}", usable(width), rest="    ")
            lines += wrapped(rule.because, usable(width), first="    ")
            lines += wrapped(f"[{rule.confidence}: {rule.source}]", usable(width), first="    ")
    for laid in rulebook.laid:
        lines += heading("What the site's own file adds and tightens")
        lines += wrapped(site.whose(laid), usable(width))
        for entry in site.entries(laid):
            lines += wrapped(entry, usable(width), first="  - ")
    return "\n".join(lines[1:])


def unverified(rulebook: Rulebook, *, width: int) -> str:
    """Every row of law, rule and route whose source nobody has read: never to be called law."""
    law, others = _unverified_law(rulebook.law), list(_unverified_rules(rulebook))
    lines = heading(
        f"Rows of law and practice not read in their source: {len(law)} of {len(rulebook.law.rows)}"
    )
    for text in law:
        lines += wrapped(text, usable(width), first="- ")
    lines += heading(f"Rules and routes not read in their source: {len(others)}")
    for text in others:
        lines += wrapped(text, usable(width), first="- ")
    pending = rulebook.law.pending()
    lines += heading(f"Passed but not in force, so off: {len(pending)}")
    for row in pending:
        lines += wrapped(f"{row.id}: {row.source}", usable(width), first="- ")
    return "\n".join(lines[1:])


def _unverified_law(law: Law) -> list[str]:
    return [
        f"{row.id} ({row.kind}, {row.confidence}): {row.source}"
        for row in law.rows.values()
        if row.confidence != Confidence.READ
    ]


def _unverified_rules(rulebook: Rulebook) -> Iterator[str]:
    every: tuple[Rule | Modifier | RouteRule | NewMoment, ...] = (
        rulebook.rules + rulebook.modifiers + rulebook.routes + rulebook.rescreen.after
    )
    for each in every:
        if each.confidence != Confidence.READ:
            yield f"{each.id} ({each.confidence}): {each.source}"


def item(rulebook: Rulebook, name: str, *, width: int) -> str | None:
    """Everything the rulebook says under one id, or of one need; None where it says nothing."""
    shown = [text for text in _under(rulebook, name, usable(width)) if text]
    return "\n".join(shown) if shown else None


def known_ids(rulebook: Rulebook) -> tuple[str, ...]:
    """Every id that ``item`` can explain."""
    needs = {need for rule in rulebook.rules for need, _ in rule.raises}
    return tuple(dict.fromkeys([*_every(rulebook), *sorted(needs)]))


def _under(rulebook: Rulebook, name: str, width: int) -> Iterator[str]:
    found = _every(rulebook).get(name)
    if found is not None:
        yield "\n".join(_fields(found, width))
    for words in site.about(rulebook, name):
        yield "\n".join(wrapped(words, width, rest="    "))
    raising = [rule for rule in rulebook.rules if name in dict(rule.raises)]
    if raising:
        count = spans.count(len(raising), "rule", "rules")
        yield f"{spans.capital(said(name))} is raised by {count}:"
        for rule in raising:
            yield "\n".join(wrapped(f"{rule.id}: {rule.because}", width, first="  - "))


def _every(rulebook: Rulebook) -> dict[str, Any]:
    """Whatever has an id, by its id; where two kinds share one, the first of this order."""
    plan = rulebook.rescreen
    every: dict[str, Any] = {moment.id: moment for moment in plan.after}
    every |= {rule.id: rule for rule in plan.rules}
    every |= rulebook.law.rows
    for kind in reversed(_LISTS):
        if kind != "conflicts":
            every |= {each.id: each for each in getattr(rulebook, kind)}
    for kind in _KINDS:
        every = dict(getattr(rulebook, kind)) | every
    return every


def _fields(value: Any, width: int) -> Iterator[str]:
    for each in fields(value):
        held = getattr(value, each.name)
        if held is None or held == () or held == "":
            continue
        yield from wrapped(f"{each.name}: {_text(held)}", width, rest="    ")


def _text(held: Any) -> str:
    match held:
        case Condition():
            return " ".join(held.text.split())
        case Urgency():
            return held.word
        case bool():
            return "yes" if held else "no"
        case Mapping():
            return "; ".join(f"{key} {_text(each)}" for key, each in held.items())
        case tuple() | list():
            return ", ".join(_pair(each) for each in held)
    return str(held)


def _pair(held: Any) -> str:
    return " = ".join(_text(each) for each in held) if isinstance(held, tuple) else _text(held)


def _raises(rule: Rule | Modifier) -> str:
    if isinstance(rule, Modifier):
        names = ", ".join(said(name) for name in rule.raises)
        return f"raises {names} further, to {rule.cap.word} at most"
    return ", ".join(f"{said(name)} {urgency.word}" for name, urgency in rule.raises)


def difference(before: Rulebook, after: Rulebook) -> str:
    """What was added, taken away and changed between two rulebooks, by kind and id."""
    lines = [f"From {before.fingerprint} to {after.fingerprint}"]
    for kind in (*_KINDS, *_LISTS, "law"):
        lines += _changes(kind, _by_id(before, kind), _by_id(after, kind))
    return "\n".join(lines) if len(lines) > 1 else "Both say the same."


def _by_id(rulebook: Rulebook, kind: str) -> Mapping[str, Any]:
    if kind == "law":
        return rulebook.law.rows
    held = getattr(rulebook, kind)
    return held if isinstance(held, Mapping) else {each.id: each for each in held}


def _changes(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield f"- {kind} {name}: taken away"
        elif name not in before:
            yield f"+ {kind} {name}: added"
        else:
            for what, old, new in _fields_changed(before[name], after[name]):
                yield f"~ {kind} {name}: {what}"
                yield f"    was {old}"
                yield f"    now {new}"


def _fields_changed(before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    if not is_dataclass(before):
        return
    for each in fields(before):
        old, new = _text(getattr(before, each.name)), _text(getattr(after, each.name))
        if old != new and each.name not in _UNLIKE:
            yield each.name, old, new
