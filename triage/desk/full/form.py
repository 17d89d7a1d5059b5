"""A small form: some fields, one after the other, sent under one key until it is answered."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from triage.desk.client import Done
from triage.desk.full import paint
from triage.desk.full.fields import Field, When
from triage.desk.full.one import One
from triage.desk.full.room import Room
from triage.desk.half import HalfTyped, outlives
from triage.desk.parts import about
from triage.desk.steps import Document
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import desk_screens as words

Send = Callable[[Document, str], Done]


class Form(Room):
    """Some fields for one thing. What was typed stays until it is on the record.

    ``kept_as`` names it among what is half typed; ``send`` is called in a thread with the document
    and its key; ``told`` makes the sentence for what came of it.
    """

    DEFAULT_CSS = """
    Form > VerticalScroll { height: 1fr; background: #000000; scrollbar-size-vertical: 1; }
    Form Static { width: 100%; height: auto; }
    Form Input, Form Input:focus, Form TextArea, Form TextArea:focus {
        margin: 0 0 0 4; padding: 0; width: 1fr; background: #1f2a38; color: #ffffff;
        border: none; border-left: ascii #8fd0ff;
    }
    Form Input, Form Input:focus { height: 1; }
    Form TextArea { height: 4; scrollbar-size-vertical: 0; }
    """

    def __init__(
        self,
        what: str,
        who: str,
        fields: Sequence[Field],
        send: Send,
        told: Callable[[Done], str],
        *,
        kept_as: tuple[str, str],
    ) -> None:
        super().__init__()
        self.what, self.who, self.fields = what, who, tuple(fields)
        self.send, self.told, self.kept_as = send, told, kept_as
        self.at = 0
        self.throwing = False  # the first of the two keys that throw it away was pressed
        self.key = secrets.token_urlsafe(16)
        self.sent: Document | None = None  # on its way, or nobody knows whether it arrived
        self._labels = [Static() for _ in self.fields]
        self._belows = [Static() for _ in self.fields]

    def middle(self) -> ComposeResult:
        """Every field under its question."""
        with VerticalScroll(can_focus=False):
            for label, each, below in zip(self._labels, self.fields, self._belows, strict=True):
                yield label
                yield each.box()
                yield below

    def on_mount(self) -> None:
        """Go on with what was half typed before."""
        kept = self.desk.kept.get(self.kept_as)
        if kept is not None:
            self.at, self.key, self.sent, typed = kept
            for each, held in zip(self.fields, typed, strict=True):
                each.put_back(held)
            if self.sent is not None:
                self.notice = words.NOT_KNOWN_WHETHER
        elif (half := self._half()) is not None:
            self._put_back(half)

    def _half(self) -> HalfTyped | None:
        """What the same person typed at this terminal before it was killed or left."""
        kind, stay = self.kept_as
        return self.desk.half.of(kind, stay) if outlives(kind) else None

    def _put_back(self, half: HalfTyped) -> None:
        self.at, self.key, self.sent = min(half.at, len(self.fields) - 1), half.key, half.sent
        for each in self.fields:
            if each.name in half.typed:
                each.put_back(str(half.typed[each.name]))
        self.notice = words.half_typed(half.when)
        if self.sent is not None:
            self.notice = words.NOT_KNOWN_WHETHER
        self.keep()

    def heading(self) -> str:
        """What is recorded, and about whom."""
        return f"{self.what}: {self.who}" if self.who else self.what

    def key_words(self) -> str:
        """The keys of a form, or of one of which nobody knows whether it arrived."""
        return words.KEYS_AGAIN if self.sent is not None else words.KEYS_FORM

    def draw(self, width: int) -> None:
        """Every field, the one that is asked now marked."""
        for number, each in enumerate(self.fields):
            here = number == self.at
            how = f"  ({each.hint()})" if each.hint() and here else ""
            first = " > " if here else "   "
            style = paint.STRONG if here else paint.SOFT
            label = paint.para(f"{each.asks}{how}", width - 1, first=first, style=style)
            self._labels[number].update(_joined(label))
            below = each.below(width - 1)
            if each.fault:
                below = [*paint.para(each.fault, width - 1, first="     ", style=paint.LOUD),
                         *below]  # fmt: skip
            self._belows[number].update(_joined(below))
            self._belows[number].display = bool(below)
            if isinstance(each, One):
                each.draw(width - 1, here=here)
        self.set_focus(self.fields[self.at].focus_on())
        self._labels[self.at].scroll_visible(animate=False)

    async def press(self, key: str) -> None:
        """One key for the field that is asked now."""
        if key == "escape":
            self.keep()
            await self.desk.close(self)
            return
        if key == "enter" and (self.sent is not None or self._last_accepted()):
            await self._send()
            return
        if self.sent is not None:
            return
        if key == "ctrl+x":
            await self._throw_away()
            return
        self.throwing = False
        if key in ("enter", "tab", "down"):
            self._go(1)
        elif key in ("shift+tab", "up"):
            self._go(-1)
        else:
            self.fields[self.at].press(key)
        self.keep()
        self.paint()

    async def pasted(self, text: str) -> None:
        """Pasted text goes where the cursor stands, and into no other field."""
        if self.sent is None:
            self.fields[self.at].paste(text)
            self.keep()
            self.paint()

    async def _throw_away(self) -> None:
        """Twice, so that one key loses nothing that was typed."""
        if not self.throwing:
            self.throwing = True
            self.say(words.THROW_AWAY)
            return
        self.forget()
        below = self.desk.below(self)
        await self.desk.close(self)
        below.say(words.THROWN_AWAY)

    def _last_accepted(self) -> bool:
        return self.at == len(self.fields) - 1 and self._go(1)

    def _go(self, by: int) -> bool:
        """To the next field, once this one can be used; whether it could."""
        field = self.fields[self.at]
        if by > 0 and not field.accept():
            if isinstance(field, When) and field.twice is not None:
                self.desk.only_from_now()  # which of the two is never answered by typing ahead
            return False
        self.at = max(0, min(len(self.fields) - 1, self.at + by))
        return True

    def keep(self) -> None:
        """Remember what was typed, until it is on the record."""
        self.desk.kept[self.kept_as] = (
            self.at, self.key, self.sent, [each.kept() for each in self.fields],
        )  # fmt: skip
        kind, stay = self.kept_as
        if not outlives(kind):
            return
        typed = {each.name: each.kept() for each in self.fields}
        half = HalfTyped(self.desk.half.account, kind, stay, self.key, self.at, self.sent, typed)
        try:
            self.desk.half.keep(half, now=self.desk.now())
        except OSError:
            self.notice = words.NOT_WRITTEN

    def forget(self) -> None:
        """It is on the record, or thrown away: nothing of it is kept."""
        self.desk.kept.pop(self.kept_as, None)
        kind, stay = self.kept_as
        if outlives(kind):
            self.desk.half.drop(kind, stay)

    async def _send(self) -> None:
        for number, each in enumerate(self.fields if self.sent is None else ()):
            if not each.accept():
                self.at = number
                self.paint()
                return
        if self.sent is None:
            self.sent = self.document()
        self.busy = True
        self.keep()
        self.say(words.SENDING)
        self.desk.run_worker(self._sending(self.sent))

    def document(self) -> Document:
        """What was said, as the service takes it."""
        said = {each.name: each.value() for each in self.fields}
        return {name: value for name, value in said.items() if value is not None}

    async def _sending(self, document: Document) -> None:
        """Send it, and go back with what came of it; or stay with what was wrong about it."""
        try:
            done = await self.desk.ask(lambda: self.send(document, self.key))
        except Unreachable as error:
            self._stays(f"{error} {words.NOT_KNOWN_WHETHER}", self.sent)
        except InputError as error:
            self._stays(self._faults(error), None)
        except NotAllowed as error:
            self._stays(self.refused(error), None)
            await self.desk.refused(error)
        else:
            self.forget()
            self.busy = False
            await self.went_well(done)
        await self.desk.go_on()

    async def went_well(self, done: Done) -> None:
        """Back to where the form was opened, with the sentence about it."""
        below = self.desk.below(self)
        await self.desk.close(self)
        below.say(self.told(done))

    def refused(self, error: NotAllowed) -> str:
        """That it is not on the record, and why."""
        return f"{words.NOT_RECORDED} {error}"

    def _stays(self, why: str, sent: Any) -> None:
        """Nothing typed is lost; what was typed ahead for what comes after is not used here."""
        self.sent, self.busy = sent, False
        unused = f" {words.UNUSED}" if self.desk.forget_held() else ""
        self.keep()
        self.say(f"{why}{unused}")

    def _faults(self, error: InputError) -> str:
        """Each fault stands at its field, the first in focus; what is about none stands above."""
        names = [field.name for field in self.fields]
        faulty = {about(each.field): each for each in error.problems if about(each.field) in names}
        for name, each in faulty.items():
            self.fields[names.index(name)].fault = each.problem
        self.at = min(map(names.index, faulty), default=self.at)
        other = [each.problem for each in error.problems if about(each.field) not in names]
        return " ".join([words.NOT_RECORDED, *other])


def _joined(lines: Sequence[Text]) -> Text:
    return Text("\n", no_wrap=True, end="").join(lines)


def said(done: Done, what: str) -> str:
    """That it is on the record, and what else whoever acts must hear."""
    return " ".join([words.recorded(done.seq, what), *done.notices, done.words]).strip()


__all__ = ["Form", "said"]
