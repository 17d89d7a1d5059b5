"""Instead of e-mail: each message that would have gone out becomes one line of a file."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from types import MappingProxyType

from triage.channels.messages import Message, Outcome, Sent
from triage.domain import london

NOBODY: Mapping[str, str] = MappingProxyType({})


class MessagesFile:
    """A channel that keeps what it is given where a viewer can read it, and sends nothing."""

    def __init__(
        self, path: Path, now: Callable[[], datetime], names: Mapping[str, str] = NOBODY
    ) -> None:
        self.path, self.now, self.names = path, now, names
        self._lock = Lock()

    def __call__(self, message: Message) -> Sent:
        """Write one line: when, to whom by name, and the words, which name nobody who is held."""
        to = ", ".join(self.names.get(each, each) for each in message.to)
        line = f"{london.text(self.now())}  to {to}: {message.words}\n"
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.write(line)
        return Sent(Outcome.SENT)


def last_lines(path: Path, number: int) -> tuple[str, ...]:
    """The last messages, the newest last."""
    if not path.exists():
        return ()
    return tuple(path.read_text(encoding="utf-8").splitlines()[-number:])
