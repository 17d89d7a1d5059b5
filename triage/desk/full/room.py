"""What every screen of the desk has: who and when on top, a new emergency, a pane, its keys."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from triage.desk.full import paint
from triage.desk.full.pane import Pane
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import desk_screens as words

if TYPE_CHECKING:
    from triage.desk.full.app import Desk

SCROLL = {"up": -1, "down": 1}


class Room(Screen[Any]):
    """One screen. The app hands it one key after the other, each when the one before is done.

    ``busy`` is set while an answer is awaited without which the next key has no meaning: keys
    typed meanwhile wait, and arrive in their order.
    """

    DEFAULT_CSS = """
    Room { background: #000000; color: #f4f4f4; layout: vertical; }
    Room > Static { height: auto; width: 100%; text-wrap: nowrap; }
    """
    AUTO_FOCUS = ""
    keys = words.KEYS_HELP

    def __init__(self) -> None:
        super().__init__()
        self.busy = False
        self.over = False  # finished while the desk was locked: closed when it opens again
        self.notice = ""
        self._ticket = 0
        self.pane = Pane()
        self._above, self._below = Static(), Static()

    @property
    def desk(self) -> "Desk":
        """The app that this is a screen of."""
        return cast("Desk", self.app)

    def compose(self) -> ComposeResult:
        """Head, pane, keys."""
        yield self._above
        yield from self.middle()
        yield self._below

    def middle(self) -> ComposeResult:
        """What stands between the head and the keys."""
        yield self.pane

    def heading(self) -> str:
        """The line that says which screen this is."""
        return ""

    def lines(self, width: int) -> Sequence[Text]:
        """What stands in the pane."""
        return ()

    def paint(self) -> None:
        """Draw everything anew from what is known."""
        if not self.is_mounted:
            return
        width = max(40, self.app.size.width)
        self.draw(width)
        more = words.below(self.pane.below) if self.pane.is_mounted else ""
        head = list(self.desk.head(width))
        if more:
            head.append(paint.across(self.heading(), more, width, paint.STRONG))
        else:
            head += paint.some(self.heading(), width, 2, style=paint.STRONG)
        if self.notice:
            head += paint.some(self.notice, width, 3, first="* ", style=paint.STRONG)
        self._below.update(_joined([paint.row(self._foot(width), paint.BAR)]))
        self._above.update(_joined(head))

    def draw(self, width: int) -> None:
        """Draw what stands in the middle."""
        self.pane.hold(self.lines(width))

    def _foot(self, width: int) -> str:
        told = self.key_words()
        narrow = told if len(told) <= width else " ".join(told.split())
        if len(narrow) > width:
            narrow = narrow.removesuffix(" help")  # the key alone says it too
        return paint.cut(narrow, width).ljust(width)

    def key_words(self) -> str:
        """The keys of this screen, for its last line."""
        return self.keys

    def on_mount(self) -> None:
        """Draw it for the first time."""
        self.paint()

    def on_resize(self) -> None:
        """Draw it for another size; once more when the pane knows how much fits."""
        self.paint()
        self.call_after_refresh(self.paint)

    def on_screen_resume(self) -> None:
        """Another screen lay on top: draw what is known by now."""
        self.paint()

    async def press(self, key: str) -> None:
        """Do what a key says; when this returns it is done, and the next key may come."""
        if key in SCROLL:
            self.pane.move(SCROLL[key])
        elif key in ("pagedown", " "):
            self.pane.move(self.pane.rows - 1)
        elif key == "pageup":
            self.pane.move(1 - self.pane.rows)
        elif key in ("home", "end"):
            self.pane.go_to(0 if key == "home" else len(self.lines(self.app.size.width)))
        elif not await self._anywhere(key):
            self.say(words.NOT_HERE)
            return
        self.paint()

    async def _anywhere(self, key: str) -> bool:
        """The keys that every screen knows."""
        match key:
            case "l":
                await self.desk.lock()
            case "?":
                await self.desk.help()
            case "!":
                await self.desk.open_emergency()
            case "b" | "escape":
                await self.desk.close(self)
            case _:
                return False
        return True

    async def pasted(self, text: str) -> None:
        """Text that was pasted; only a form has a use for it."""

    def say(self, notice: str) -> None:
        """Put one sentence under the head, until the next."""
        self.notice = notice
        self.paint()

    def fetch(self, *, renewing: bool) -> Any:
        """What this screen shows, asked of the service in a thread; None asks for nothing."""
        return None

    def took(self, found: Any) -> None:
        """Show what the service answered."""

    def failed(self, error: Exception) -> None:
        """Say that the service refused to show this."""
        self.say(str(error))

    async def load(self, *, renewing: bool) -> None:
        """Ask anew; a late answer is dropped where something was asked for after it."""
        self._ticket += 1
        ticket = self._ticket
        try:
            found = await self.desk.ask(lambda: self.fetch(renewing=renewing))
        except Unreachable:
            self.paint()
        except (InputError, NotAllowed) as error:
            if ticket == self._ticket:
                self.failed(error)
                await self.desk.refused(error)
        else:
            if ticket == self._ticket and found is not None:
                self.took(found)
                self.paint()

    async def first(self) -> None:
        """Ask for the first time: keys wait until the answer is there."""
        self.busy = True
        try:
            await self.load(renewing=False)
        finally:
            self.busy = False
        await self.desk.go_on()


def _joined(lines: Sequence[Text]) -> Text:
    return Text("\n", no_wrap=True, end="").join(lines)
