"""The field of a small form in which one of some is chosen by its key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.text import Text
from textual.widget import Widget
from textual.widgets import Static

from triage.desk.full import paint
from triage.desk.full.fields import Field
from triage.present import desk_screens as words
from triage.present import recordable_form


@dataclass
class One(Field):
    """One of some, each by its key."""

    options: tuple[tuple[str, Any, str], ...] = ()  # key, value, words
    held: str = ""
    loud: Mapping[str, str] = field(default_factory=dict)  # what must be said about one of them
    folds: bool = False  # while another field is asked, only the chosen one stands there
    shown: Static = field(default_factory=Static, init=False)

    def box(self) -> Widget:
        """The options, one below the other."""
        return self.shown

    def press(self, key: str) -> bool:
        """Choose."""
        if key in ("backspace", "delete") and not self.required:
            self.held, self.fault = "", ""
            return True
        if key not in [each for each, _, _ in self.options]:
            self.fault = words.CHOOSE if len(key) == 1 else ""
            return False
        self.held, self.fault = key, ""
        return True

    def hint(self) -> str:
        """Where one is chosen that need not be: how it is taken out again."""
        given = self.how and self.held and not self.required
        return recordable_form.TAKES_OUT if given else self.how

    def paste(self, text: str) -> None:
        """Pasted text chooses nothing."""

    def accept(self) -> bool:
        """Whether one was chosen, where one has to be."""
        self.fault = words.CHOOSE if self.required and not self.held else ""
        return not self.fault

    def value(self) -> Any:
        """What stands for the one that was chosen."""
        return next((value for key, value, _ in self.options if key == self.held), None)

    def reads(self) -> str:
        """The words of the one that was chosen."""
        return next((said for key, _, said in self.options if key == self.held), "")

    def kept(self) -> str:
        """Its key."""
        return self.held

    def put_back(self, kept: str) -> None:
        """Its key."""
        self.held = kept

    def draw(self, width: int, *, here: bool) -> None:
        """Each with a mark that is seen without any colour."""
        lines: list[Text] = []
        for key, _, said in self.options:
            chosen = key == self.held
            if self.folds and not here and not chosen:
                continue
            first = f"     [{'x' if chosen else ' '}] {key}  "
            lines += paint.para(said, width, first=first, style=paint.STRONG if chosen else "")
        if self.held in self.loud:
            lines += paint.para(self.loud[self.held], width, first="     ", style=paint.LOUD)
        self.shown.update(Text("\n", no_wrap=True).join(lines))
        self.shown.display = bool(lines)
