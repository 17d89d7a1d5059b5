"""A window on many lines: what is read scrolls, and nothing on it waits for a layout."""

from collections.abc import Sequence

from rich.text import Text
from textual.widget import Widget


class Pane(Widget):
    """Lines, of which as many are shown as fit; ``top`` is the first of them."""

    DEFAULT_CSS = "Pane { height: 1fr; text-wrap: nowrap; text-overflow: clip; }"

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[Text] = ()
        self.top = 0

    @property
    def rows(self) -> int:
        """How many lines fit; a guess until the terminal has said how large it is."""
        return self.size.height or max(1, self.app.size.height - 5)

    def hold(self, lines: Sequence[Text]) -> None:
        """Show these lines from where the window stands."""
        self._lines = lines
        self._within()
        self.refresh()

    def move(self, by: int) -> None:
        """Read on, or back."""
        self.top += by
        self._within()
        self.refresh()

    def go_to(self, line: int) -> None:
        """Let this line be the first, as far as there are lines behind it."""
        self.top = line
        self._within()
        self.refresh()

    def reveal(self, first: int, last: int) -> None:
        """Move as little as needed to show these lines, the first of them before all."""
        if last >= self.top + self.rows:
            self.top = last - self.rows + 1
        self.top = min(self.top, first)
        self._within()
        self.refresh()

    @property
    def below(self) -> int:
        """How many lines stand below the window."""
        return max(0, len(self._lines) - self.top - self.rows)

    def _within(self) -> None:
        self.top = max(0, min(self.top, len(self._lines) - self.rows))

    def on_resize(self) -> None:
        """Another size: the window stays within its lines."""
        self._within()

    def render(self) -> Text:
        """The lines that are in the window."""
        shown = self._lines[self.top : self.top + self.rows]
        return Text("\n", no_wrap=True, end="").join(shown)
