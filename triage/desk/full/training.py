"""The desk in a training night: whoever learns moves its clock on by a key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from triage.desk.client import Client
from triage.desk.full import paint
from triage.desk.full.app import Desk
from triage.domain.errors import TriageError
from triage.present import desk_screens as words


@dataclass(frozen=True)
class Story:
    """A night whose clock stands still until somebody moves it."""

    told: Callable[[], str]  # where it stands
    moves: Mapping[str, Callable[[], None]]  # by the key that moves it on
    opens_with: str  # the pass-word of whoever sits here: it is training


class TrainingDesk(Desk):
    """The desk, with one line more: where the night stands, and the keys that move it on.

    They are function keys, which no form takes: nothing that is typed moves the night.
    """

    def __init__(self, client: Client, screenings: Path, releases: Path, story: Story) -> None:
        super().__init__(client, screenings, releases)
        self.story = story

    def head(self, width: int) -> list[Text]:
        """What stands on every screen, with the line of the night."""
        line = words.opens_with(self.story.opens_with) if self.locked else self.story.told()
        return [*super().head(width), *paint.some(line, width, 2, style=paint.SOFT)]

    async def _press(self, key: str) -> None:
        move = self.story.moves.get(key)
        if move is None:
            await super()._press(key)
        elif not self.locked:
            await self._move(move)

    async def _move(self, move: Callable[[], None]) -> None:
        self.room.say(words.PLAYING_ON)
        try:
            await self.ask(move)
            self.room.say("")
        except TriageError as error:
            self.room.say(str(error))
        self.run_worker(self._renew())
