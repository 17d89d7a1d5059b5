"""The locked desk: the time and nothing about anybody, until the password is typed."""

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Static

from triage.desk.full import boxes, paint
from triage.desk.full.room import Room
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import desk_screens as words
from triage.present import sign_in


class Lock(Room):
    """Nothing of what lies below can be seen; new emergencies are counted, never named."""

    DEFAULT_CSS = """
    Lock Input, Lock Input:focus {
        width: 40; height: 1; margin: 0 2; padding: 0; background: #1f3a5f;
        border: none; border-left: ascii #8fd0ff;
    }
    Lock #empty { height: 1fr; }
    """
    keys = words.KEYS_LOCK

    def __init__(self, why: str = "") -> None:
        super().__init__()
        self.notice = why
        self._typed = boxes.line()
        self._typed.password = True

    def middle(self) -> ComposeResult:
        """What it is, and where the password goes."""
        self.pane.styles.height = 5
        yield self.pane
        yield self._typed
        yield Static(id="empty")

    def heading(self) -> str:
        """Which screen this is."""
        return words.LOCKED

    def lines(self, width: int) -> Sequence[Text]:
        """That it is locked, and how it opens."""
        return [paint.row(), *paint.para(words.UNLOCK, width, first="  ")]

    def on_mount(self) -> None:
        """The cursor stands where the password goes."""
        self.set_focus(self._typed)

    async def press(self, key: str) -> None:
        """Type the password; Enter tries it."""
        if key == "enter":
            self.busy = True
            self.desk.run_worker(self._try(self._typed.value))
        elif key == "escape":
            self._typed.value = ""
        else:
            boxes.edit(self._typed, key)

    async def pasted(self, text: str) -> None:
        """A password may be pasted."""
        self._typed.insert_text_at_cursor(text.strip())

    async def _try(self, password: str) -> None:
        notice = ""
        try:
            await self.desk.ask(lambda: self.desk.client.prove(password))
        except Unreachable as error:
            notice = str(error)
        except (InputError, NotAllowed) as error:
            # The service speaks of a name too, which nobody types here; too many tries it says.
            notice = words.WRONG_PASSWORD if str(error) == sign_in.WRONG else str(error)
        self._typed.value, self.busy = "", False
        if notice:
            self.desk.forget_held()
            self.say(notice)
            return
        await self.desk.unlock()
        await self.desk.go_on()
