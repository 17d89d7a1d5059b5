"""The screening on the full screen: one question in focus, everything kept after every key.

It takes every key itself, in the order in which they were typed, and has no text boxes: what is
typed ahead can land in no other field.
"""

import copy
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from triage import clock
from triage.desk.answering import Answering
from triage.desk.beside import to_choose
from triage.desk.client import Begun, Client
from triage.desk.full.form_keeping import Keeper
from triage.desk.full.form_lines import Around, glass, page
from triage.desk.full.form_model import CREDIBLE_SECONDS, Form, Mode, Wish
from triage.desk.full.form_recorded import RecordedScreen
from triage.desk.sofar import SoFar
from triage.desk.steps import Document, Takes
from triage.desk.taking_up import Choice, TakingUp, begin, taking_up
from triage.desk.unfinished import Screenings
from triage.domain import london
from triage.domain.errors import InputError, Unreachable
from triage.domain.rulebook import Rulebook
from triage.present import screening_form as words

_CLOCK_SECONDS = 5.0
_FITTING_KEYS = {"return": "enter", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+h": "backspace",
                 "space": " ", "shift+tab": "up", "ctrl+i": "tab"}  # fmt: skip


class ScreeningScreen(RecordedScreen):
    """The screening of one stay; dismissed with whether one was recorded."""

    DEFAULT_CSS = """
    ScreeningScreen { background: #000000; color: #f4f4f4; }
    ScreeningScreen > Static { width: 100%; height: 100%; text-wrap: nowrap; }
    """
    AUTO_FOCUS = ""
    breaks_off = ("q", "escape")  # nobody waits for a service that is slow

    def __init__(
        self,
        client: Client,
        stay: str,
        *,
        who: str,
        folder: Path,
        training: bool = False,
        now: Callable[[], datetime] = clock.now,
        running: Callable[[], float] = clock.running,
    ) -> None:
        super().__init__(client, stay, who, Screenings(folder), now)
        self.training = training
        self.busy = True
        self._above = ""
        self._seconds = running
        self._page: tuple[tuple[str, ...], str] = ((words.FETCHING,), words.KEYS_TAKE)
        self._choices: tuple[Choice, ...] = ()
        self._asked_at = 0.0
        self._version: int | None = None  # of the draft, when the form was asked for
        self._rulebook: Rulebook | None = None
        self._glass = Static()

    @property
    def above(self) -> str:
        """A new emergency of somebody else, which stands on top of every screen."""
        return self._above

    @above.setter
    def above(self, told: str) -> None:
        self._above = told
        self.paint()

    def compose(self) -> ComposeResult:
        """One glass, drawn whole."""
        yield self._glass

    def on_mount(self) -> None:
        """Ask for the questions, and for what is kept."""
        self.set_interval(_CLOCK_SECONDS, self.paint)
        self.paint()
        self._ask(self._fetch, self._fetched)

    def on_unmount(self) -> None:
        """Send what waits once more."""
        if self._keeper:
            self._keeper.stop()

    def on_resize(self) -> None:
        """Draw it for another size."""
        self.paint()

    def paint(self) -> None:
        """Draw the whole glass from what is known."""
        if not self.is_mounted:
            return
        width, height = max(60, self.app.size.width), max(20, self.app.size.height)
        around = Around(
            self.who, f"{london.to_wall(self._wall()):%a %d %b %H:%M}", self.training,
            self._above, self._stale(), self._kept, self._loud,
        )  # fmt: skip
        if self._form is None:
            lines = page(around, *self._page, width, height)
        else:
            lines = glass(self._form, around, width, height)
        self._glass.update(Text("\n", no_wrap=True, end="").join(lines))

    def _wall(self) -> datetime:
        """The time of the service, where the app knows it."""
        found: datetime = getattr(self.app, "now", self._now)()
        return found

    def _stale(self) -> str:
        """That the timers do not run, which every screen of the desk says."""
        frame = getattr(self.app, "frame", None)
        return frame.timers if frame is not None and frame.stale else ""

    # Keys ---------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """A key, where the app does not hand them over one by one."""
        event.stop()
        event.prevent_default()
        letter = event.character
        await self.press(letter if letter and letter.isprintable() else event.key)

    async def on_paste(self, event: events.Paste) -> None:
        """Pasted text, where the app does not hand it over."""
        event.stop()
        await self.pasted(event.text)

    async def press(self, key: str) -> None:
        """Do what one key says; when this returns it is kept at this terminal."""
        key = _FITTING_KEYS.get(key, key)
        if self._opens_emergency(key):
            await self.app.action_emergency()  # type: ignore[attr-defined]
            return
        if self._form is None:
            self._before(key)
            self.paint()
            return
        changed = self._form.changed
        wish = self._form.press(key, self._typed_at())
        if self._form.changed != changed:
            self._keep()
        self._do(wish)
        self.paint()
        self._form.stands(self._seconds())

    def _typed_at(self) -> float:
        """When the key that is being done was typed; a busy machine does it later."""
        age = getattr(self.app, "age", None)
        return self._seconds() - (age() if age else 0.0)

    async def pasted(self, text: str) -> None:
        """Pasted text answers no question but one that takes words."""
        if self._form is not None:
            self._form.paste(text)
            self._keep()
            self.paint()

    def _opens_emergency(self, key: str) -> bool:
        """! as on every screen of the desk; in words it is a letter, and Ctrl+E does it."""
        at = self._form.at if self._form and self._form.mode is Mode.ASK else None
        words_here = at is not None and at.takes is Takes.TEXT
        pressed = key == "ctrl+e" or (key == "!" and not words_here)
        return pressed and hasattr(self.app, "action_emergency")

    def _do(self, wish: Wish) -> None:
        match wish:
            case Wish.STOP:
                self.dismiss(False)
            case Wish.CLOSE:
                self.dismiss(True)
            case Wish.RECORD:
                self._record()
            case Wish.REPLACE if self._form and self._keeper:
                self._form.other = ""
                self._state(words.KEEPING)
                self._keeper.replace()

    def _before(self, key: str) -> None:
        """Keys while there is no form yet."""
        if key in self.breaks_off:
            self.dismiss(False)
        elif key == "enter" and self._rulebook is None and not self.busy:
            self.busy, self._page = True, ((words.FETCHING,), words.KEYS_TAKE)
            self._ask(self._fetch, self._fetched)
        for choice in self._choices:
            if choice.key == key and self._typed_at() - self._asked_at < CREDIBLE_SECONDS:
                self._page = (self._page[0], words.NOT_READ_YET)  # typed ahead, for a question
            elif choice.key == key:
                self._begin(choice)
                return

    # Taking up ----------------------------------------------------------------------------------

    def _fetch(self) -> tuple[Rulebook, Begun | None]:
        book = self.client.rulebook()
        try:
            return book, self.client.begun(self.stay)
        except Unreachable:
            return book, None

    def _fetched(self, found: Any) -> None:
        self.busy = False
        if isinstance(found, Exception):
            self._page = ((words.NO_RULEBOOK.format(found),), words.KEYS_AGAIN)
        else:
            self._rulebook, begun = found
            self._version = begun.version if begun else None
            assert self._rulebook is not None
            here = self.files.of(self.stay)
            asked = taking_up(self._rulebook, self.stay, here, begun, now=self._now())
            if begun is None:
                self._state(words.ONLY_HERE, loud=True)
            self._take_up(asked)
        self.paint()
        if go_on := getattr(self.app, "go_on", None):
            self.call_later(go_on)

    def _take_up(self, asked: TakingUp) -> None:
        if not asked.asks:
            self._begin(asked.choices[0])
            return
        self._choices = asked.choices
        first, *differ = asked.told
        ways = (f"{each.key}  {each.words}" for each in asked.choices)
        self._page = ((first, *ways, *differ), words.KEYS_TAKE)
        self._asked_at = self._seconds()

    def _begin(self, choice: Choice) -> None:
        book, self._typed = self._rulebook, choice.typed
        assert book is not None
        answering = Answering(book, copy.deepcopy(self._typed.document), self._now)
        answering.done = begin(book, self._typed)

        def read(document: Document) -> SoFar:
            return SoFar.of(book, document, now=self._now())

        try:
            self._form = Form(answering, read, dict(self._typed.half))
        except InputError as error:  # kept by other rules than those that are asked now
            told = words.NOT_READ.format(" ".join(each.problem for each in error.problems))
            self._page = ((told,), words.KEYS_TAKE)
            return
        self._keeper = Keeper(
            self.client, self.stay, lambda heard: self._post(self._heard, heard), self._now
        )
        self._keeper.known(self._typed.told)
        self._keeper.seen(self._version)
        self._form.contested = to_choose(book, choice.contested)
        if self._typed.told == answering.document and self._typed.told_at and not self._loud:
            self._state(words.kept_at(datetime.fromisoformat(self._typed.told_at)))
        if answering.document != self._typed.told and self._typed.saved_at:
            self._keep()
