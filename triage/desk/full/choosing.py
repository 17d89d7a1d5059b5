"""Which thing happened, or is authorised: one list for one person, by arrows or by letters."""

from collections.abc import Sequence

from rich.text import Text

from triage.desk.full import paint
from triage.desk.full.recording import Recording
from triage.desk.full.room import Room
from triage.desk.recording import Part, begun, hidden, parts
from triage.present import desk_screens as desk_words
from triage.present import recordable_form as words
from triage.present.recordable import Offered, Recordable

_STEPS = {"up": -1, "down": 1, "tab": 1, "shift+tab": -1}


class Choosing(Room):
    """What fits this person now; letters narrow it and find everything else too."""

    keys = words.KEYS
    breaks_off = ("escape",)

    def __init__(self, stay: str, who: str, found: Recordable | None) -> None:
        super().__init__()
        self.stay, self.who = stay, who
        self.found = found  # as it was last, until the service has answered
        self.typed = ""
        self.at = 0
        self.whole = False  # also what hardly fits
        self._fresh = False

    # --- what stands on the glass

    def heading(self) -> str:
        """About whom, and what was typed to find it."""
        typed = f" | {words.typed(self.typed)}" if self.typed else ""
        return f"{words.TITLE}: {self.who}{typed}"

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is shown now, under its headings."""
        if self.found is None:
            return ()
        half = begun(self.found, self._typed_here)
        return parts(self.found, self._letters, half=half, whole=self.whole)

    def _typed_here(self, name: str) -> bool:
        return (name, self.stay) in self.desk.kept or bool(self.desk.half.of(name, self.stay))

    @property
    def _letters(self) -> str:
        """What narrows the list; a number of a row narrows nothing."""
        return "" if self._row else self.typed

    @property
    def _row(self) -> int:
        """The row that a typed number names; 0 where none does."""
        number = int(self.typed) if self.typed.isascii() and self.typed.isdecimal() else 0
        whole = parts(self.found, whole=self.whole) if self.found else ()
        return number if number <= sum(len(each.kinds) for each in whole) + 1 else 0

    def draw(self, width: int) -> None:
        """The rows, with the one that is marked among those that are seen."""
        lines, marked = self._rows(width)
        self.pane.hold(lines)
        self.pane.reveal(marked if self.at else 0, marked)

    def lines(self, width: int) -> Sequence[Text]:
        """Every row under its heading."""
        return self._rows(width)[0]

    def _rows(self, width: int) -> tuple[list[Text], int]:
        """The lines, and which of them is marked."""
        lines: list[Text] = []
        number, marked = 0, 0
        for part in self.parts:
            lines += paint.heading(part.heading, width)[1:]
            for kind in part.kinds:
                marked = len(lines) if number == self.at else marked
                number += 1
                lines += self._line(number, kind.words, width)
        if self._more:
            marked = len(lines) + 1 if number == self.at else marked
            lines += [paint.row(), *self._line(number + 1, self._more, width)]
        if not number:
            lines += paint.para(self._nothing(), width, first="  ")
        return lines, marked

    def _line(self, number: int, said: str, width: int) -> Sequence[Text]:
        here = number - 1 == self.at
        first = f" {'>' if here else ' '}{number:>3}  "
        return paint.para(said, width, first=first, style=paint.CHOSEN if here else "")

    @property
    def _more(self) -> str:
        """The row behind which everything else stands."""
        there = hidden(self.found) if self.found and not self.whole and not self._letters else 0
        return words.everything_else(there) if there else ""

    def _nothing(self) -> str:
        if self.found is None:
            return desk_words.ASKING if self.busy else self.notice or words.NOT_REACHED
        return words.NONE_LIKE_IT if self.typed else words.NOTHING

    # --- keys

    async def press(self, key: str) -> None:
        """Choose, find, open."""
        self.notice = ""
        count = self._count
        if key in _STEPS:
            self.at = max(0, min(count - 1, self.at + _STEPS[key]))
        elif key in ("pagedown", "pageup"):
            step = max(1, self.pane.rows - 2) * (1 if key == "pagedown" else -1)
            self.at = max(0, min(count - 1, self.at + step))
        elif key in ("home", "end"):
            self.at = 0 if key == "home" else max(0, count - 1)
        elif key == "enter":
            await self._open()
            return
        elif key == "escape" and not self.typed:
            await self.desk.close(self)
            return
        else:
            self._type(key)
        self.paint()

    def _type(self, key: str) -> None:
        if key == "escape":
            self.typed = ""
        elif key in ("backspace", "ctrl+h"):
            self.typed = self.typed[:-1]
        elif len(key) == 1 and key.isprintable():
            self.typed += key
        else:
            self.notice = desk_words.NOT_HERE
            return
        self.at = max(0, self._row - 1)

    @property
    def _count(self) -> int:
        return sum(len(each.kinds) for each in self.parts) + bool(self._more)

    async def _open(self) -> None:
        kinds = [kind for part in self.parts for kind in part.kinds]
        if self.at < len(kinds):
            await self._form(kinds[self.at])
        elif self._more:
            self.whole, self.typed = True, ""
            self.paint()
        else:
            self.say(self._nothing())

    async def _form(self, kind: Offered) -> None:
        """Its form, in the place of this list: back from it leads to the person."""
        form = Recording(self.desk, self.stay, self.who, kind)
        await self.desk.pop_screen()
        await self.desk.push_screen(form)

    # --- the service

    def fetch(self, *, renewing: bool) -> Recordable | None:
        """What fits; once it is there nobody's list changes under their hands."""
        return None if self._fresh else self.desk.client.recordable(self.stay)

    def took(self, found: Recordable) -> None:
        """Show it, and keep it for while the service is away."""
        self.found, self._fresh = found, True
        self.desk.offered[self.stay] = found
