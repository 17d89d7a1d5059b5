"""The fields of the small forms: words, one line, a time; edited key by key in order.

Textual's own text boxes do the editing; the form tells them what to do, so that a key typed ahead
never arrives in another field.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from rich.text import Text
from textual.widget import Widget
from textual.widgets import Input, TextArea

from triage.desk.full import boxes, paint
from triage.desk.moments import Twice, exact, moment, retyped
from triage.desk.typed import NoAnswer
from triage.domain import london
from triage.present import desk_screens as words
from triage.present import spans

_LATE = timedelta(minutes=10)


@dataclass
class Field(ABC):
    """One thing that a form asks for."""

    name: str
    asks: str
    how: str = ""
    required: bool = False
    fault: str = ""

    @abstractmethod
    def box(self) -> Widget:
        """Where the answer stands on the screen."""

    @abstractmethod
    def press(self, key: str) -> bool:
        """One key; whether it means anything here."""

    @abstractmethod
    def paste(self, text: str) -> None:
        """Text that was pasted."""

    def accept(self) -> bool:
        """Whether what stands here can be used; else ``fault`` says why."""
        self.fault = words.MISSING if self.required and self.value() is None else ""
        return not self.fault

    @abstractmethod
    def value(self) -> Any:
        """What the service takes; None where nothing was said."""

    def reads(self) -> str:
        """What was said, as it is read over; empty where nothing was."""
        said = self.value()
        return "" if said is None else str(said)

    @abstractmethod
    def kept(self) -> Any:
        """What was typed, to be put back later."""

    @abstractmethod
    def put_back(self, kept: Any) -> None:
        """What was typed before."""

    def hint(self) -> str:
        """What may be typed, beside the question while it is asked."""
        return self.how

    def below(self, width: int) -> list[Text]:
        """What stands under the answer."""
        return []

    def focus_on(self) -> Widget | None:
        """The box with the cursor; None where nothing is typed."""
        return None


@dataclass
class Words(Field):
    """Some words, which fold over as many lines as they take."""

    area: TextArea = field(default_factory=boxes.area, init=False)

    def box(self) -> Widget:
        """A text box of a few lines."""
        return self.area

    def press(self, key: str) -> bool:
        """Type."""
        return boxes.edit(self.area, key)

    def paste(self, text: str) -> None:
        """Pasted lines become one paragraph."""
        boxes.write(self.area, text)

    def value(self) -> str | None:
        """The words without blanks around them."""
        return self.area.text.strip() or None

    def kept(self) -> str:
        """All of it."""
        return self.area.text

    def put_back(self, kept: str) -> None:
        """All of it, with the cursor behind it."""
        self.area.load_text("")
        boxes.write(self.area, kept)

    def focus_on(self) -> Widget:
        """The text box."""
        return self.area


@dataclass
class OneLine(Field):
    """A few words on one line."""

    line: Input = field(default_factory=boxes.line, init=False)

    def box(self) -> Widget:
        """A text box of one line."""
        return self.line

    def press(self, key: str) -> bool:
        """Type."""
        return boxes.edit(self.line, key)

    def paste(self, text: str) -> None:
        """Pasted where the cursor stands."""
        boxes.write(self.line, text.strip())

    def value(self) -> Any:
        """The words without blanks around them."""
        return self.line.value.strip() or None

    def kept(self) -> str:
        """All of it."""
        return self.line.value

    def put_back(self, kept: str) -> None:
        """All of it, with the cursor behind it."""
        self.line.value = kept
        self.line.action_end()

    def focus_on(self) -> Widget:
        """The text box."""
        return self.line


@dataclass
class Number(OneLine):
    """A whole number."""

    def accept(self) -> bool:
        """Whether it is one; what nobody typed is none."""
        typed = self.line.value.strip()
        self.fault = words.NOT_WHOLE if typed and self.value() is None else ""
        return not self.fault and Field.accept(self)

    def value(self) -> int | None:
        """The number, where it is one that the service can take."""
        typed = self.line.value.strip()
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else None


@dataclass
class When(OneLine):
    """When it happened, in London; nothing typed is the moment at which it is sent."""

    name: str = "occurred_at"
    asks: str = ""
    how: str = words.WHEN_HOW
    now: Callable[[], datetime] = field(kw_only=True)
    twice: Twice | None = field(default=None, init=False)
    chosen: datetime | None = field(default=None, init=False)
    passed: bool = field(default=False, init=False)  # somebody went on from here

    def press(self, key: str) -> bool:
        """Type a time; after one that happened twice, 1 or 2 says which."""
        if self.twice is not None and key in ("1", "2"):
            self.chosen = self.twice.first if key == "1" else self.twice.second
            self.twice, self.fault = None, ""
            return True
        if self.twice is not None and len(key) == 1:
            return False
        known = OneLine.press(self, key)
        if known:
            self.twice = self.chosen = None
        return known

    def accept(self) -> bool:
        """Whether the time can be read as one moment."""
        self.fault, self.passed = "", True
        if self.chosen is None and self.line.value.strip():
            found = moment(self.line.value, now=self.now())
            if isinstance(found, NoAnswer):
                self.fault = found.why
            elif isinstance(found, Twice):
                self.twice, self.fault = found, words.TWICE
            else:
                self.chosen = found
        return not self.fault

    def value(self) -> str:
        """The moment, as the service reads it."""
        return london.iso(self.chosen or self.now())

    def reads(self) -> str:
        """The moment, or that it is now."""
        if self.chosen is None:
            return words.NOW
        late = f" {words.LATE}" if self.now() - self.chosen > _LATE else ""
        return f"{london.text(self.chosen)}.{late}"

    def kept(self) -> str:
        """The moment itself, once it is one: read tomorrow, a time alone is of another day."""
        return self.line.value if self.chosen is None else london.iso(self.chosen)

    def put_back(self, kept: str) -> None:
        """The moment with its day, or what was typed of one."""
        self.chosen = exact(kept)
        OneLine.put_back(self, kept if self.chosen is None else retyped(self.chosen))

    def below(self, width: int) -> list[Text]:
        """How it was read, and that it will be late."""
        if self.twice is not None:
            return [
                *paint.para(london.text(self.twice.first), width, first="     1  the first:  "),
                *paint.para(london.text(self.twice.second), width, first="     2  the second: "),
            ]
        if self.chosen is None:
            nothing = self.passed and not self.line.value.strip()
            return paint.para(words.NOW, width, first="     ") if nothing else []
        now = self.now()
        late = f" {words.LATE}" if now - self.chosen > _LATE else ""
        gone = spans.due(self.chosen, now=now)
        return paint.para(f"{gone}.{late}", width, first="     ")
