"""Whether the service is reached, and what it last said about itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from triage import clock
from triage.desk.full.thread import in_a_thread
from triage.domain.errors import TriageError, Unreachable
from triage.present import desk_screens as words
from triage.present.desk import Frame

_SLOW = 20.0  # seconds without an answer, before the page says from when it is
Found = TypeVar("Found")


@dataclass
class Reach:
    """The service as it is reached from here; ``running`` counts seconds that nobody can set."""

    running: Callable[[], float]
    frame: Frame | None = None
    lost: bool = False  # nobody answered when it was last asked
    _heard: float = 0.0

    async def ask(self, call: Callable[[], Found]) -> Found:
        """Call the service; remember whether it was reached, and what it said about itself."""
        try:
            found = await in_a_thread(call)
        except Unreachable:
            self.lost = True
            raise
        except TriageError:
            raise
        except Exception as error:  # the desk goes on: it may be the only one there is
            raise Unreachable(words.FAULT.format(kind=type(error).__name__)) from error
        if isinstance(found, Frame):
            self._note(found)
        return found

    def _note(self, frame: Frame) -> None:
        """Remember what the service said about itself, unless something later is known."""
        if self.frame is None or frame.at >= self.frame.at or self.lost:
            self.frame, self._heard = frame, self.running()
        self.lost = False

    def now(self) -> datetime:
        """The time of the service, as far as it is known here."""
        if self.frame is None:
            return clock.now()
        return self.frame.at + timedelta(seconds=max(0.0, self.running() - self._heard))

    @property
    def silent(self) -> bool:
        """Whether no answer came for a while, and none was refused either."""
        return self.running() - self._heard > _SLOW
