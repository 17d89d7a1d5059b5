"""The form of one event or authority: asked in the order of the paper, read over, recorded once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from triage.desk import recording
from triage.desk.client import Done
from triage.desk.full import paint
from triage.desk.full.fields import Field, Number, OneLine, When, Words
from triage.desk.full.form import Form
from triage.desk.full.one import One
from triage.desk.full.room import Room
from triage.desk.parts import about
from triage.desk.steps import Document
from triage.domain.errors import InputError, NotAllowed
from triage.present import desk_screens as desk_words
from triage.present import recordable_form as words
from triage.present.asks import Asked
from triage.present.recordable import Offered

if TYPE_CHECKING:
    from triage.desk.full.app import Desk

_SCROLLS = ("up", "down", "pageup", "pagedown", "home", "end", " ")
_ELSEWHERE = ("l", "?", "!")


class Recording(Form):
    """One thing that happened, or one authority. Two deliberate keys record it, once read over."""

    def __init__(self, desk: "Desk", stay: str, who: str, kind: Offered) -> None:
        def send(said: Document, key: str) -> Done:
            return recording.send(desk.client, stay, kind, said, key)

        super().__init__(
            kind.words.upper(), who, _fields(desk, kind), send, self._told,
            kept_as=(recording.name_of(kind), stay),
        )  # fmt: skip
        self.kind = kind
        self.reading = False  # all of it was asked, and stands there to be read over
        self.yes = False  # the first of the two deliberate keys was pressed
        self.refusal = ""  # why the service did not take it

    def middle(self) -> ComposeResult:
        """The fields, or all of it to be read over."""
        yield from super().middle()
        yield self.pane

    def on_mount(self) -> None:
        """Go on with what was half typed; what was sent is not asked again."""
        for each, asked in zip(self.fields[1:], self.kind.asks, strict=False):
            if asked.held and not asked.options:
                each.put_back(asked.held)
        super().on_mount()
        self.reading = self.sent is not None
        self.notice = self.notice or self.kind.lead
        self.paint()

    def key_words(self) -> str:
        """The keys of the field, or of what is read over."""
        reads = self.reading and self.sent is None
        return words.KEYS_OVER if reads else super().key_words()

    def draw(self, width: int) -> None:
        """The fields, or what was said in them."""
        self.query_one(VerticalScroll).display = not self.reading
        self.pane.display = self.reading
        if self.reading:
            self.set_focus(None)
            self.pane.hold(self.lines(width))
        else:
            self._room_for_words(width)
            super().draw(width)
            self._labels[self.at].scroll_visible(animate=False, top=True)

    def _room_for_words(self, width: int) -> None:
        """Words take their lines while they are typed, or where they hold so many."""
        for number, each in enumerate(self.fields):
            if isinstance(each, Words):
                fits = len(each.kept()) < width - 8
                each.area.styles.height = 1 if fits and number != self.at else 3

    def lines(self, width: int) -> Sequence[Text]:
        """All of it read over, below why it was refused where it was."""
        loud = paint.para(self.refusal, width, style=paint.LOUD) if self.refusal else []
        mend = paint.para(words.MEND, width, style=paint.STRONG) if self.refusal else []
        lead = [] if self.refusal else paint.para(self._lead(), width, style=paint.STRONG)
        lines = [*loud, *mend, *lead, paint.row()]
        for each in self.fields:
            if each.reads():
                lines += _said(words.label(each.asks), each.reads(), width)
        silent = [each.asks.rstrip("?:") for each in self.fields if not each.reads()]
        if silent:
            said = f"{words.NOT_SAID}{'; '.join(silent)}."
            lines += [paint.row(), *paint.para(said, width, style=paint.SOFT)]
        return lines

    def _lead(self) -> str:
        if self.sent is not None:
            return desk_words.SENDING if self.busy else words.SENT
        if self.yes:
            return words.SEND
        return words.OVER if self.kind.happened else words.OVER_GIVEN

    # --- keys

    async def press(self, key: str) -> None:
        """One key for the field that is asked, or for what is read over."""
        if not self.reading:
            await super().press(key)
        elif key in _SCROLLS:
            self.yes = False
            await Room.press(self, key)
        elif key == "escape":
            self.keep()
            await self.desk.close(self)
        elif key == "enter" and (self.yes or self.sent is not None):
            self.refusal, self.yes = "", False
            await super()._send()
        elif self.sent is None:
            await self._other(key)
        elif key in _ELSEWHERE:
            await Room.press(self, key)

    async def _other(self, key: str) -> None:
        throwing = self.throwing and key == "ctrl+x"
        self.yes, self.throwing, self.notice = key in ("y", "Y"), throwing, ""
        if key in _ELSEWHERE:
            await Room.press(self, key)
        elif key == "ctrl+x":
            await self._throw_away()
            return
        elif key in ("b", "shift+tab"):
            self.reading, self.refusal = False, ""
        elif not self.yes:
            self.notice = words.NOT_SENT
        self.paint()

    async def pasted(self, text: str) -> None:
        """Pasted text answers a field, and never what is read over."""
        if not self.reading:
            await super().pasted(text)

    async def _send(self) -> None:
        """Read it over first: what stands there now was not there when earlier keys were typed."""
        for number, each in enumerate(self.fields):
            if not each.accept():
                self.at = number
                self.paint()
                return
        self.reading, self.yes, self.notice, self.refusal = True, False, "", ""
        self.desk.only_from_now()
        if self.desk.forget_held():
            self.notice = desk_words.UNUSED
        self.pane.go_to(0)
        self.paint()

    # --- what came of it

    def _told(self, done: Done) -> str:
        said = words.told(self.kind.words, done.seq, happened=self.kind.happened)
        return " ".join([said, words.against(done.unlawful), *done.notices, done.words]).strip()

    def refused(self, error: NotAllowed) -> str:
        """That it was not taken, with the law; b leads to what it names, else to the beginning."""
        names = [field.name for field in self.fields]
        if error.field:
            self.at = names.index(error.field) if error.field in names else 0
        return words.refused(str(error), error.law_row or "", happened=self.kind.happened)

    def _stays(self, why: str, sent: Any) -> None:
        """A refusal stands whole above what was typed; nothing of it is lost."""
        super()._stays(why, sent)
        if sent is None and self.reading:
            self.refusal, self.notice = self.notice, ""
            self.pane.go_to(0)
            self.paint()

    def _faults(self, error: InputError) -> str:
        names = [field.name for field in self.fields]
        if any(about(each.field) in names for each in error.problems):
            self.reading = False  # back to the field that it is about
        return super()._faults(error)


def _fields(desk: "Desk", kind: Offered) -> list[Field]:
    asked = (_field(each) for each in kind.asks)
    when = When(asks=kind.when, now=desk.now)
    return [when, *asked, Words("words", kind.more, words.OPTIONAL)]


def _field(asked: Asked) -> Field:
    how = words.how(asked)
    if asked.options:
        options, held = recording.keyed(asked), recording.held_key(asked)
        return One(
            asked.name, asked.label, how, asked.required, options=options, held=held, folds=True
        )
    make = Number if asked.number else Words if asked.long else OneLine
    return make(asked.name, asked.label, how, asked.required)


def _said(label: str, said: str, width: int) -> list[Text]:
    """A question and its answer; the answer is the louder of the two."""
    if len(label) + len(said) + 4 > width:
        return [
            *paint.para(label, width, first="  ", style=paint.SOFT),
            *paint.para(said, width, first="      ", style=paint.STRONG),
        ]
    line = paint.row(f"  {label} ", paint.SOFT)
    line.append(said, paint.STRONG)
    return [line]
