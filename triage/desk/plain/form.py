"""A few answers for one act, asked line by line, read over, and sent under one key."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from triage.desk.client import Done
from triage.desk.glass import say, tell
from triage.desk.moments import Twice, moment
from triage.desk.parts import about
from triage.desk.plain import kept
from triage.desk.plain.fields import NOTHING, Field, Form, whole
from triage.desk.plain.session import Half, Session
from triage.desk.steps import Document
from triage.desk.typed import NoAnswer
from triage.domain import london
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import desk_lines as words
from triage.present import desk_screens as said
from triage.present.recordable_form import label

BACK, YES, OUT, DROP = "b", "y", "-", "xx"


class Back(Exception):
    """Somebody goes back to what was asked before."""


class _ThrownAway(Exception):
    """Somebody wants nothing of it kept."""


def fill(session: Session, form: Form) -> Done | None:
    """Ask, read over and send; None when somebody went back. What was typed stays until it is sent.

    A document of which nobody knows whether it arrived is sent as it was, under its key.
    """
    say("")
    tell(f"{form.what}: {form.who}" if form.who else form.what)
    if form.lead:
        tell(form.lead)
    filling = _Filling(session, form, _begun(session, form))
    try:
        return filling.run()
    except _ThrownAway:
        kept.drop(session, form)
        tell(said.THROWN_AWAY)
        return None


def _begun(session: Session, form: Form) -> Half:
    """What was half typed in this program, or before it was begun; else a fresh one."""
    fresh = Half(form.what, secrets.token_urlsafe(16), dict(form.first))
    half = session.kept.setdefault(form.kept_as, fresh)
    if half is fresh and (when := kept.take_up(session, form, half)) is not None:
        tell(f"{said.half_typed(when)} {words.THROW_AWAY}")
    if half.sent is not None:
        tell(said.NOT_KNOWN_WHETHER)
    return half


@dataclass
class _Filling:
    """One form on its way; whole on disk after each answer."""

    session: Session
    form: Form
    half: Half

    def run(self) -> Done | None:
        """Ask, read over and send."""
        fields = self.form.fields
        at = 0 if self.half.sent is None else len(fields)
        while True:
            try:
                if at < len(fields):
                    self._ask(fields[at])
                    at += 1
                    kept.keep(self.session, self.form, self.half)
                    continue
                done = self._send()
                kept.drop(self.session, self.form)
                tell(self.form.told(done))
                return done
            except Back:
                if self.half.sent is not None or at == 0:
                    self._left()
                    return None
                at -= 1
            except InputError as error:
                self._not_sent()
                at = _go_to(self.form, error)
            except NotAllowed as error:
                self._not_sent()
                tell(self.form.refused(error))
                if not error.field:  # no other answer would help
                    tell(words.KEPT_TYPED)
                    return None
                tell(words.MEND)
                names = [one.name for one in fields]
                at = names.index(error.field) if error.field in names else 0

    def _not_sent(self) -> None:
        self.half.sent = None
        kept.keep(self.session, self.form, self.half)

    def _left(self) -> None:
        if kept.holds(self.form, self.half):
            tell(words.KEPT)
        else:
            kept.drop(self.session, self.form)

    def _ask(self, one: Field) -> None:
        document = self.half.document
        say("")
        while True:
            tell(one.asks)
            now = one.shown(document)
            if now:
                keeps = words.KEEPS if one.required or one.when else words.KEEPS_OR_OUT
                tell(keeps.format(words.cut(now)), "   ")
            for key, _, name in one.options:
                tell(name, f"   {key}  ")
            typed = self.session.line(_how(one, now), self._unended(one))
            if typed.lower() == BACK:
                raise Back
            if typed.lower() == DROP:
                raise _ThrownAway
            if not typed and now:
                return
            if _take(self.session, one, typed, document):
                return

    def _unended(self, one: Field) -> Callable[[str], None] | None:
        """Keeps words that nobody has ended with Enter yet, for a terminal that is cut off."""
        if one.options or one.when or one.number:
            return None
        return lambda typed: kept.keep(self.session, self.form, self.half, {one.name: typed})

    def _send(self) -> Done:
        """Read it over and send it; the same again while nobody knows whether it arrived."""
        half = self.half
        if half.sent is None:
            _read_over(self.form, half.document)
        while True:
            hint = words.CONFIRM if half.sent is None else words.SEND_AGAIN
            typed = self.session.line(hint).lower()
            if typed == BACK:
                raise Back
            if typed == DROP and half.sent is None:
                raise _ThrownAway
            # A y, because an Enter may have been meant for what was asked before.
            if typed != (YES if half.sent is None else ""):
                continue
            if half.sent is None:
                half.sent = {name: it for name, it in half.document.items() if it is not None}
            kept.keep(self.session, self.form, half)  # with its key before it is sent
            try:
                return self.session.ask(lambda: self.form.send(half.sent or {}, half.key))
            except Unreachable:
                tell(said.NOT_KNOWN_WHETHER)


def _how(one: Field, now: str) -> str:
    if one.when:
        return f"{'' if now else said.WHEN_HOW + '. '}{words.BACK}"
    return f"{words.NOT_ASKED * (not one.required and not now)}{words.BACK}"


def _take(session: Session, one: Field, typed: str, document: Document) -> bool:
    """Write down what was typed; whether it is an answer."""
    if one.when:
        return _take_time(session, one, typed, document)
    if typed in ("", OUT):
        if one.required:
            tell(said.MISSING)
        elif typed == OUT:
            document.pop(one.name, None)
        return not one.required
    if one.options:
        return _take_option(one, typed.lower(), document)
    if one.number:
        return _take_number(one, typed, document)
    document[one.name] = typed
    return True


def _take_option(one: Field, typed: str, document: Document) -> bool:
    chosen = one.chosen(typed)
    if chosen is NOTHING:
        tell(words.ONE_OF.format(" ".join(key for key, _, _ in one.options)))
        return False
    document[one.name] = chosen
    if typed in one.loud:
        say("!" * 40)
        tell(one.loud[typed])
        say("!" * 40)
    return True


def _take_number(one: Field, typed: str, document: Document) -> bool:
    number = whole(typed)
    if number is NOTHING:
        tell(said.NOT_WHOLE)
        return False
    document[one.name] = number
    return True


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
