"""What of a screening on the full screen is kept: here after every key, and by the service."""

import copy
import threading
from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any

from textual import on
from textual.message import Message
from textual.screen import Screen

from triage.desk.beside import taken_in
from triage.desk.client import Begun, Contested
from triage.desk.full.form_keeping import (
    Came,
    Heard,
    Keeper,
    Kept,
    NotKept,
    NotReached,
    OtherKept,
)
from triage.desk.full.form_model import Form, Mode
from triage.desk.steps import Document
from triage.desk.unfinished import Screenings, Typed
from triage.domain import london
from triage.present import drafts
from triage.present import screening_form as words


class KeptScreen(Screen[bool]):
    """A screen whose form is kept; it says where, and since when."""

    class Answered(Message):
        """Something that was asked outside has come back; ``then`` says what to do with it."""

        def __init__(self, then: Callable[[Any], None], found: Any) -> None:
            super().__init__()
            self.then, self.found = then, found

    def __init__(self, stay: str, files: Screenings, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.files, self._now = files, now
        self._typed = Typed(stay)
        self._form: Form | None = None
        self._keeper: Keeper | None = None
        self._kept, self._loud = "", False
        self._unwritten = False  # nothing can be written at this terminal

    @abstractmethod
    def paint(self) -> None:
        """Draw what is known."""

    def _keep(self) -> None:
        """Here at once, and by the service as soon as it answers."""
        assert self._form is not None
        typed, document = self._typed, copy.deepcopy(self._form.document)
        typed.document, typed.done = document, sorted(self._form.answering.done)
        typed.half = dict(self._form.half)
        self._write()
        if self._keeper and document != typed.told:
            if not self._loud or self._unwritten:
                self._state(words.KEEPING)
            self._keeper.keep(document, typed.version)

    def _write(self) -> None:
        try:
            self.files.keep(self._typed, now=self._now())
        except OSError:
            self._unwritten = True
        else:
            self._unwritten = False

    def _heard(self, heard: Heard) -> None:
        form = self._form
        if form is None:
            return
        match heard:
            case Kept():
                self._typed.told, self._typed.told_at = heard.document, london.iso(heard.at)
                if self._keeper and heard.told.version:
                    self._keeper.seen(heard.told.version)
                beside = self._take_in(form, heard)
                form.service = (heard.told.headline, *heard.told.acts) if heard.told.acts else ()
                self._write()
                told = " ".join((words.kept_at(heard.at), beside, *heard.told.notices))
                self._state(" ".join(told.split()), loud=heard.told.meanwhile is not None)
            case NotReached():
                self._state(heard.why, loud=True)
            case NotKept():
                self._state(words.refused(heard.why), loud=True)
            case Came():
                self._came(form, heard.begun)
            case OtherKept():
                form.other = heard.by
                self._state(words.other_kept(heard.by, heard.at), loud=True)

    def _take_in(self, form: Form, heard: Kept) -> str:
        """Put what others typed beside what stands here, and say that it came."""
        told = heard.told
        if told.draft is None:
            return ""
        if told.meanwhile is not None and not told.draft:  # all of it is on record: nothing is kept
            return ""
        return self._beside(form, heard.document, told.draft, told.version, told.contested)

    def _beside(
        self,
        form: Form,
        sent: Document,
        draft: Document,
        version: int,
        contested: tuple[Contested, ...],
    ) -> str:
        """Take in a state of the draft; ``sent`` is what the service had of this desk."""
        typed = self._typed
        found = taken_in(form.document, sent, draft)
        form.take_in(found, contested)
        if found.whole:
            typed.version = version
        if found.changed:
            typed.document, typed.done = copy.deepcopy(form.document), sorted(form.answering.done)
            typed.told = copy.deepcopy(form.document) if found.whole else typed.told
        return drafts.came(found.came, len(form.contested))

    def _came(self, form: Form, begun: Begun) -> None:
        """What somebody else typed or recorded while nothing was typed here."""
        if form.mode in (Mode.SENDING, Mode.END):
            return
        if self._keeper:
            self._keeper.seen(begun.version)
        before = begun.before
        if before is not None and before.version >= (self._typed.version or 0):
            self._state(drafts.recorded_while_idle(before.by, before.at), loud=True)
            return
        if begun.draft is None:
            return
        sent = self._typed.told or {}
        told = self._beside(form, sent, begun.draft, begun.version, begun.contested)
        self._write()
        if told:
            at = begun.saved_at or self._now()
            kept = f"{self._kept} " if self._loud else ""  # that something is not kept stands on
            self._state(
                f"{kept}{drafts.came_in(begun.by or '', at)} {told}",
                loud=self._loud or bool(form.contested),
            )
        self.paint()

    def _state(self, told: str, *, loud: bool = False) -> None:
        told = f"{words.NOT_HERE}: {told}" if self._unwritten else told
        self._kept, self._loud = told, loud or self._unwritten
        self.paint()

    def _ask(self, call: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Call something that may be slow in a thread that nobody waits for at the end."""

        def run() -> None:
            try:
                found = call()
            except Exception as error:
                found = error
            self._post(then, found)

        threading.Thread(target=run, daemon=True).start()

    def _post(self, then: Callable[[Any], None], found: Any) -> None:
        self.post_message(self.Answered(then, found))

    @on(Answered)
    def _answered(self, message: Answered) -> None:
        message.stop()
        message.then(message.found)
        self.paint()
