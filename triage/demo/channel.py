"""Instead of e-mail: each message that would have gone out becomes one line of a file."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock

from triage.channels.messages import Message, Outcome, Sent
from triage.domain import london


class MessagesFile:
    """A channel that keeps what it is given where a viewer can read it, and sends nothing."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self.path, self.now = path, now
        self._lock = Lock()

    def __call__(self, message: Message) -> Sent:
        """Write one line: when, to whom, and the words; no name of anybody held is in them."""
        to = (
            ", ".join(each.partition(" <")[0] for each in message.to) or "nobody: no address is set"
        )
        line = f"{london.text(self.now())}  to {to}: {message.words}\n"
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.write(line)
        return Sent(Outcome.SENT)


def last_lines(path: Path, number: int) -> tuple[str, ...]:
    """The last messages, the newest last."""
    if not path.exists():
        return ()
    return tuple(path.read_text(encoding="utf-8").splitlines()[-number:])
