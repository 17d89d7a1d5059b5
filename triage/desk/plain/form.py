"""A few answers for one act, asked line by line, read over, and sent under one key."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from triage.desk.client import Done
from triage.desk.glass import say, tell
from triage.desk.moments import Twice, moment
from triage.desk.parts import about
from triage.desk.plain.session import Half, Session
from triage.desk.steps import Document
from triage.desk.typed import NoAnswer
from triage.domain import london
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import desk_lines as words
from triage.present import desk_screens as said
from triage.present.recordable_form import label

BACK, YES = "b", "y"


class Back(Exception):
    """Somebody goes back to what was asked before."""


@dataclass(frozen=True)
class Field:
    """One thing that is asked: words, or one of some options by their keys, or a time."""

    name: str
    asks: str
    options: tuple[tuple[str, Any, str], ...] = ()  # key, value, words
    when: bool = False
    required: bool = False
    number: bool = False
    loud: Mapping[str, str] = field(default_factory=dict)  # what must be said of one option

    def shown(self, document: Document) -> str:
        """What the document holds of it, in words; empty where it holds nothing."""
        held = document.get(self.name)
        if self.when and held is not None:
            return london.text(datetime.fromisoformat(str(held)))
        if self.options:
            named = (name for _, value, name in self.options if value == held)
            return next(named, "") if self.name in document else ""
        return "" if held is None else str(held)


@dataclass(frozen=True)
class Form:
    """One act: what it is, about whom, what it asks, and where it goes."""

    what: str
    who: str
    fields: tuple[Field, ...]
    send: Callable[[Document, str], Done]
    told: Callable[[Done], str]
    kept_as: tuple[str, str]
    first: Mapping[str, Any] = field(default_factory=dict)  # what stands there before all typing
    lead: str = ""  # what is told before anything is asked
    refused: Callable[[NotAllowed], str] = lambda error: f"{said.NOT_RECORDED} {error}"
    labelled: bool = False  # it is read over with its questions


def fill(session: Session, form: Form) -> Done | None:
    """Ask, read over and send; None when somebody went back. What was typed stays until it is sent.

    A document of which nobody knows whether it arrived is sent as it was, under its key.
    """
    begun = Half(form.what, secrets.token_urlsafe(16), dict(form.first))
    half = session.kept.setdefault(form.kept_as, begun)
    say("")
    tell(f"{form.what}: {form.who}" if form.who else form.what)
    if form.lead:
        tell(form.lead)
    at = 0 if half.sent is None else len(form.fields)
    if half.sent is not None:
        tell(said.NOT_KNOWN_WHETHER)
    while True:
        try:
            if at < len(form.fields):
                _ask(session, form.fields[at], half.document)
                at += 1
                continue
            done = _send(session, form, half)
            del session.kept[form.kept_as]
            tell(form.told(done))
            return done
        except Back:
            if half.sent is not None or at == 0:
                _left(session, form, half)
                return None
            at -= 1
        except InputError as error:
            half.sent = None
            at = _go_to(form, error)
        except NotAllowed as error:
            half.sent = None
            tell(form.refused(error))
            tell(words.KEPT_TYPED)
            return None


def _left(session: Session, form: Form, half: Half) -> None:
    if half.document != dict(form.first) or half.sent is not None:
        tell(words.KEPT)
    else:
        session.kept.pop(form.kept_as, None)


def _ask(session: Session, one: Field, document: Document) -> None:
    say("")
    while True:
        tell(one.asks)
        now = one.shown(document)
        if now:
            tell(words.KEEPS.format(now), "   ")
        for key, _, name in one.options:
            tell(name, f"   {key}  ")
        typed = session.line(_how(one, now))
        if typed.lower() == BACK:
            raise Back
        if not typed and now:
            return
        if _take(session, one, typed, document):
            return


def _how(one: Field, now: str) -> str:
    if one.when:
        return f"{'' if now else said.WHEN_HOW + '. '}{words.BACK}"
    return f"{words.NOT_ASKED * (not one.required and not now)}{words.BACK}"


def _take(session: Session, one: Field, typed: str, document: Document) -> bool:
    """Write down what was typed; whether it is an answer."""
    if one.when:
        return _take_time(session, one, typed, document)
    if not typed:
        if one.required:
            tell(said.MISSING)
        return not one.required
    if one.options:
        return _take_option(one, typed.lower(), document)
    if one.number:
        return _take_number(one, typed, document)
    document[one.name] = typed
    return True


def _take_option(one: Field, typed: str, document: Document) -> bool:
    chosen = next((value for key, value, _ in one.options if key == typed), _NOTHING)
    if chosen is _NOTHING:
        tell(words.ONE_OF.format(" ".join(key for key, _, _ in one.options)))
        return False
    document[one.name] = chosen
    if typed in one.loud:
        say("!" * 40)
        tell(one.loud[typed])
        say("!" * 40)
    return True


_NOTHING = object()


def _take_number(one: Field, typed: str, document: Document) -> bool:
    whole = typed.isascii() and typed.isdecimal() and len(typed) < 5
    if whole:
        document[one.name] = int(typed)
    else:
        tell(said.NOT_WHOLE)
    return whole


def _take_time(session: Session, one: Field, typed: str, document: Document) -> bool:
    found = moment(typed, now=session.at())
    if isinstance(found, Twice):
        found = _which(session, found)
    if isinstance(found, NoAnswer):
        tell(found.why)
        return False
    document[one.name] = london.iso(found)
    tell(f"{london.text(found)}.")
    return True


def _which(session: Session, twice: Twice) -> datetime:
    while True:
        tell(said.TWICE)
        tell(london.text(twice.first), "   1  the first:  ")
        tell(london.text(twice.second), "   2  the second: ")
        match session.line(words.BACK).lower():
            case "1":
                return twice.first
            case "2":
                return twice.second
            case "b":
                raise Back


def _send(session: Session, form: Form, half: Half) -> Done:
    """Read it over and send it; the same again while nobody knows whether it arrived."""
    if half.sent is None:
        _read_over(form, half.document)
    while True:
        hint = words.CONFIRM if half.sent is None else words.SEND_AGAIN
        typed = session.line(hint).lower()
        if typed == BACK:
            raise Back
        # A y, because an Enter may have been meant for what was asked before.
        if typed != (YES if half.sent is None else ""):
            continue
        if half.sent is None:
            document = {name: it for name, it in half.document.items() if it is not None}
            half.sent = document
        try:
            return session.ask(lambda: form.send(half.sent or {}, half.key))
        except Unreachable:
            tell(said.NOT_KNOWN_WHETHER)


def _read_over(form: Form, document: Document) -> None:
    say("")
    tell(words.READ_OVER.format(f"{form.what}: {form.who}" if form.labelled else form.what))
    for one in form.fields:
        shown = one.shown(document)
        if shown:
            tell(f"{label(one.asks)} {shown}" if form.labelled else shown, "   ")


def _go_to(form: Form, error: InputError) -> int:
    """Say what is wrong, and go to what it is about."""
    names = [one.name for one in form.fields]
    at = len(names)
    for each in error.problems:
        name = about(each.field)
        asks = f"{form.fields[names.index(name)].asks} " if name in names else ""
        tell(f"{said.NOT_RECORDED} {asks}{each.problem}")
        at = min(at, names.index(name)) if name in names else at
    return at
