"""The release on the full screen: what is open, one question in focus, read over, recorded.

The very draft of the release line by line: what was begun there is gone on with here, and the
other way round. The screen goes on renewing itself, so that an alarm is heard and what is open is
true; it sits under the lock like every other screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from triage.desk.client import OpenThing
from triage.desk.full import paint, release_lines
from triage.desk.full.release_record import Recording, Stage
from triage.desk.parts import PARTS
from triage.desk.steps import Document
from triage.domain.errors import InputError
from triage.present import desk_screens as desk_words
from triage.present import leaving as said
from triage.present import leaving_form as words
from triage.present.desk import Sheet

_SCROLLS = ("up", "down", "pageup", "pagedown", "home", "end", " ")


_ENDS = (Stage.OPEN, Stage.OVERTAKEN)  # before and behind which there is nothing to go back to


@dataclass(frozen=True)
class Look:
    """One look at the person and at what is open; ``how`` is as whom they would leave."""

    sheet: Sheet
    how: Document | None
    gaps: tuple[OpenThing, ...]


class Release(Recording):
    """The release of one person."""

    def __init__(self, stay: str, who: str, draft: Document, whose: str = "") -> None:
        super().__init__(stay, draft)
        self.who = who
        self.whose = whose  # who else typed in it before
        self.sheet: Sheet | None = None
        self.gaps: tuple[OpenThing, ...] | None = None  # open now
        self.left: tuple[OpenThing, ...] | None = None  # open if they leave as it was typed
        self._how: Document | None = None  # as which they would leave, once all was asked

    # --- what stands on the glass

    def heading(self) -> str:
        """Who is released, by name, so that it is the right one."""
        if self.sheet is None:
            return f"{words.RELEASE}: {self.who} | {desk_words.ASKING}"
        name = self.sheet.name or said.NO_NAME
        return f"{words.RELEASE}: {self.sheet.title} | {name} | {self.sheet.reference}"

    def key_words(self) -> str:
        """The keys of what is asked now."""
        return {
            Stage.OPEN: words.KEYS_OPEN, Stage.ASK: words.KEYS_ASK, Stage.WHY: words.KEYS_WHY,
            Stage.OVER: words.KEYS_OVER, Stage.OVERTAKEN: words.KEYS_OVERTAKEN,
        }[self.stage]  # fmt: skip

    def paint(self) -> None:
        """Draw it; once more where the question left another number of lines for what is open."""
        super().paint()
        if self.is_mounted:
            self.call_after_refresh(self._settle, self.pane.rows)

    def _settle(self, rows: int) -> None:
        if self.is_mounted and self.pane.rows != rows:
            super().paint()

    def draw(self, width: int) -> None:
        """What is asked on top, what is open below it."""
        asks = paint.para(self._loud(), width, style=paint.LOUD) if self._loud() else []
        self.draw_asked(width, asks if self.stage is not Stage.ASK else None, first=asks)
        super().draw(width)

    def _loud(self) -> str:
        ended = self.ended and self.stage is not Stage.OVERTAKEN
        return f"{words.OVERTAKEN}. {self.ended} {words.ON_ITS_OWN}" if ended else ""

    def lines(self, width: int) -> Sequence[Text]:
        """What is open now, what would stay open, or all of it read over."""
        match self.stage:
            case Stage.OVERTAKEN:
                return release_lines.in_vain(self.release, self.ended, width)
            case Stage.WHY | Stage.OVER if self.left is None:
                waits = words.ASKS_WHAT_STAYS if self.busy else desk_words.NOT_REACHED_YET
                return [paint.row(), *paint.para(waits, width)]
            case Stage.WHY:
                still = release_lines.open_things(self.left or (), width, closing=False)
                return [*release_lines.why(self.release, width), paint.row(),
                        paint.row(said.STILL_OPEN, paint.STRONG), *still]  # fmt: skip
            case Stage.OVER:
                return self._over(width)
        return self._open(width)

    def _over(self, width: int) -> list[Text]:
        lead = f"{words.OVER}. {words.SEND if self.yes else f'{said.CONFIRM}.'}"
        return [*paint.para(lead, width, style=paint.STRONG), paint.row(),
                *release_lines.read_over(self.release, self.left or (), width)]  # fmt: skip

    def _open(self, width: int) -> list[Text]:
        if self.gaps is None:
            waits = desk_words.ASKING if self.busy else desk_words.NOT_REACHED_YET
            return [paint.row(), *paint.para(self.notice or waits, width)]
        found = release_lines.open_things(self.gaps, width)
        if self.stage is Stage.ASK:
            none = paint.para(said.NO_GAPS, width) if not self.gaps else []
            return [*paint.heading(words.how_many(len(self.gaps)), width)[1:], *none, *found]
        begun = paint.para(said.WENT_ON, width) if self.release.asked or self.release.half else []
        if begun and self.whose:
            begun += paint.para(self.whose, width, style=paint.LOUD)
        lead = paint.para(said.GAPS if self.gaps else said.NO_GAPS, width, style=paint.STRONG)
        return [*begun, *lead, paint.row(), *found]

    # --- keys

    async def press(self, key: str) -> None:
        """One key for what is asked now."""
        ends = key in ("enter", "escape", "tab", "shift+tab") or self.stage is not Stage.ASK
        if self.ended and self.stage is not Stage.OVERTAKEN and ends:
            self.show_overtaken()
        elif self.stage is Stage.ASK:
            await self.press_asked(key)
        elif key in _SCROLLS:
            self.yes = False
            await super().press(key)
        elif key in ("escape", "q") or (key == "b" and self.stage in _ENDS):
            await self.leave()
        else:
            await self._other(key)
        self.paint()

    async def _other(self, key: str) -> None:
        match self.stage:
            case Stage.OPEN if key == "enter":
                self.on()
            case Stage.WHY | Stage.OVER if key == "b":
                self.ask(len(PARTS) - 1)
            case Stage.WHY if self.release.take_reason(key) and self.left is not None:
                self.save()
                self.to_be_read_over()
            case Stage.WHY if len(key) == 1 and key not in "l?!":
                self.notice = words.REASON_FIRST
            case Stage.OVER if self.left is not None and key in ("y", "Y", "enter"):
                self.record(key)
            case Stage.OVERTAKEN if key == "x":
                await self.take_away()
            case Stage.OVER | Stage.OVERTAKEN if key not in "l?!":
                self.yes, self.notice = False, self._hint()
            case _:
                self.yes = False
                await super().press(key)

    def _hint(self) -> str:
        return words.NOT_SENT if self.stage is Stage.OVER else words.ONLY_X

    def ask(self, at: int) -> None:
        """Put a question in focus."""
        self.stage, self._how, self.yes = Stage.ASK, None, False
        super().ask(at)

    def show_open(self) -> None:
        """Back before the first question: what is open."""
        self.stage = Stage.OPEN
        self.pane.go_to(0)

    async def leave(self) -> None:
        """Go back; everything typed is kept."""
        below = self.desk.below(self)
        kept = self.desk.drafts.kept(self.stay) is not None
        await self.desk.close(self)
        if kept and not self.ended:
            below.say(words.KEPT)

    # --- reading over and recording

    def finish(self) -> None:
        """Ask what stays open if they leave as it was typed."""
        self.stage, self.left, self.yes = Stage.OVER, None, False
        self._how = self.release.so_far()
        self.busy = True
        self.desk.run_worker(self.first())

    # --- the service

    def fetch(self, *, renewing: bool) -> Look:
        """The person, and what is open."""
        client, how = self.desk.client, self._how
        sheet = client.sheet(self.stay, renewing=renewing)
        found = () if sheet.closed else client.open_things(self.stay, how, renewing=renewing)
        return Look(sheet, how, found)

    def took(self, found: Any) -> None:
        """Show it; what changed meanwhile is said, and read again before it is recorded."""
        self.sheet, self.who = found.sheet, found.sheet.title
        if found.sheet.closed:
            self.hear_ended(found.sheet.ended)
        elif found.how is None and self._how is None:
            self._tell_changed(self.gaps, found.gaps)
            self.gaps = found.gaps
        elif found.how is self._how:
            self._took_left(found.gaps)

    def _tell_changed(
        self, before: tuple[OpenThing, ...] | None, now: tuple[OpenThing, ...]
    ) -> bool:
        """Say that something opened or closed; what only says another time has not changed."""
        if before is None or _ids(before) == _ids(now):
            return False
        self.notice = words.CHANGED
        return True

    def _took_left(self, now: tuple[OpenThing, ...]) -> None:
        first = self.left is None
        changed = self._tell_changed(self.left, now)
        self.left = now
        if not now:
            self.release.said.pop("reason", None)
        if first or changed:
            self.stage, self.yes = (Stage.WHY if now else Stage.OVER), False
            self.unread()

    def failed(self, error: Exception) -> None:
        """What the service cannot use goes back to where it was typed."""
        if isinstance(error, InputError) and self._how is not None:
            self.mend(error)
        else:
            super().failed(error)


def _ids(found: Sequence[OpenThing]) -> set[tuple[str, str]]:
    return {(each.id, each.urgency.word) for each in found}
