"""The question of a release that stands in focus, and what a key does to its answer."""

from abc import abstractmethod
from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Static

from triage.desk import steps
from triage.desk.full import boxes, release_lines
from triage.desk.full.room import Room
from triage.desk.moments import Twice
from triage.desk.parts import PARTS, Asks, Part
from triage.desk.releasing import Releasing, Took
from triage.desk.steps import Document
from triage.present import leaving_form as words

_BESIDES = 21  # lines of the glass that the question, its box and what is open need
_BETWEEN = {"up": -1, "shift+tab": -1, "down": 1, "tab": 1}


class Asked(Room):
    """A room in which one part of a release after the other is asked.

    What is typed is kept on disk after every key, entered or not.
    """

    DEFAULT_CSS = """
    Asked > TextArea, Asked > TextArea:focus {
        margin: 0 0 0 3; padding: 0; width: 1fr; background: #1f2a38; color: #ffffff;
        border: none; border-left: ascii #8fd0ff; scrollbar-size-vertical: 0;
    }
    """

    def __init__(self, draft: Document) -> None:
        super().__init__()
        self.draft = draft
        self.release = Releasing(draft, lambda: self.desk.now())
        self.at = 0
        self.fault = ""
        self.twice: Twice | None = None
        self.box = boxes.area()
        self._asks, self._under = Static(), Static()

    def middle(self) -> ComposeResult:
        """What is asked, its box, how to answer; below it what is open."""
        yield self._asks
        yield self.box
        yield self._under
        yield self.pane

    @property
    def part(self) -> Part:
        """The part that is asked now."""
        return PARTS[self.at]

    def draw_asked(
        self, width: int, instead: Sequence[Text] | None, *, first: Sequence[Text]
    ) -> None:
        """The question in focus, or something instead of it."""
        boxed = instead is None and self.part.asks is not Asks.ONE
        if instead is None:
            most = max(1, self.app.size.height - _BESIDES)
            asks = [*first, *release_lines.before(self.release, self.at, width, most),
                    *release_lines.question(self.part, self.at, width)]  # fmt: skip
            under = release_lines.under(
                self.release, self.part, width, fault=self.fault, twice=self.twice
            )
        else:
            asks, under = list(instead), []
        for shown, lines in ((self._asks, asks), (self._under, under)):
            shown.update(Text("\n", no_wrap=True, end="").join(lines))
            shown.display = bool(lines)
        self.box.display = boxed
        self.box.styles.height = 1 if self.part.asks is Asks.TIME else 3
        self.set_focus(self.box if boxed else None)

    async def press_asked(self, key: str) -> None:
        """One key for the question in focus; what was said above it stays while it is typed."""
        if key == "enter" or key in _BETWEEN:
            self.notice = ""
        if key == "escape":
            await self.leave()
        elif key in ("pageup", "pagedown"):
            self.pane.move((self.pane.rows - 1) * (1 if key == "pagedown" else -1))
        elif key in _BETWEEN:
            self._go(_BETWEEN[key])
        elif self.twice is not None and key != "backspace":
            self._which(key)
        elif self.part.asks is Asks.ONE:
            await self._one(key)
        elif key == "enter":
            await self._enter()
        else:
            self.twice, self.fault = None, ""
            boxes.edit(self.box, key)
            self._keep_half()

    async def pasted(self, text: str) -> None:
        """Pasted text goes where the cursor stands, and answers nothing by itself."""
        if self.box.display:
            boxes.write(self.box, text)
            self._keep_half()
            self.paint()

    def ask(self, at: int) -> None:
        """Put a question in focus, with what was typed for it before."""
        self.at, self.fault, self.twice = at, "", None
        held = self.release.said.get(self.part.name)
        entered = str(held) if held and self.part.asks is Asks.TEXT else ""
        self.box.load_text("")
        boxes.write(self.box, self.release.half.get(self.part.name) or entered)
        self.pane.go_to(0)

    def on(self) -> None:
        """The first question that is not answered yet; behind the last all is read over."""
        at = self.release.next()
        if at < len(PARTS):
            self.ask(at)
        else:
            self.finish()

    @abstractmethod
    def finish(self) -> None:
        """All was asked."""

    @abstractmethod
    def show_open(self) -> None:
        """Somebody goes back before the first question."""

    @abstractmethod
    async def leave(self) -> None:
        """Somebody goes away; everything is kept."""

    def save(self) -> None:
        """On disk; where nothing can be written here it is said."""
        try:
            self.desk.drafts.save(self.draft)
        except OSError:
            self.notice = words.NOT_WRITTEN

    def _keep_half(self) -> None:
        name, typed = self.part.name, self.box.text
        if typed and typed != self.release.said.get(name):
            self.release.half[name] = typed
        else:
            self.release.half.pop(name, None)
        self.save()

    def _go(self, by: int) -> None:
        there = self.at + by
        if there < 0:
            self.show_open()
        elif by > 0 and self.at >= self.release.next():
            self.notice = words.ANSWER_FIRST
        elif there < len(PARTS):
            self.ask(there)
        else:
            self.on()

    async def _one(self, key: str) -> None:
        match key:
            case steps.BACK:
                self._go(-1)
            case steps.STOP:
                await self.leave()
            case _:
                self._took(self.release.take(self.part, "" if key == "enter" else key))

    async def _enter(self) -> None:
        typed = self.box.text.strip()
        if typed.lower() in (steps.BACK, steps.STOP, steps.AGAIN):
            self.release.half.pop(self.part.name, None)
            self.save()
            self.ask(self.at)
            if typed.lower() == steps.BACK:
                self._go(-1)
            elif typed.lower() == steps.STOP:
                await self.leave()
            return
        emptied = not typed and self.part.asks is Asks.TEXT and self.part.name in self.release.said
        self._took(self.release.take(self.part, steps.SKIP if emptied else typed))

    def _took(self, took: Took) -> None:
        lines = self.part.asks is Asks.LINES
        if took.answered or lines:
            self.box.load_text("")
            self.release.half.pop(self.part.name, None)
            self.fault, self.notice = "", "" if took.answered else took.words
            self.save()
        else:
            self.fault, self.twice = took.words, took.twice
        if took.answered:
            self.on()
        elif took.twice is not None:
            self.desk.only_from_now()  # which of the two is never answered by typing ahead

    def _which(self, key: str) -> None:
        assert self.twice is not None  # only then is it asked
        if key in ("1", "2"):
            found = self.twice.first if key == "1" else self.twice.second
            self._took(self.release.take_moment(found))
        else:
            self.notice = words.PRESS_ONE
