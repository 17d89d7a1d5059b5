"""What several parts of the desk tell in the same way: the head, cards by number, the help."""

from collections.abc import Sequence
from typing import TypeVar

from rich.text import Text

from triage.desk.glass import say, tell
from triage.domain import london
from triage.present import desk_lines as words
from triage.present.desk import Frame

Listed = TypeVar("Listed")


def head(frame: Frame, what: str) -> None:
    """Who looks and when; whether the timers run; what follows."""
    say("")
    training = "TRAINING. " if frame.training else ""
    tell(f"{training}{frame.who}. {london.text(frame.at)}.")
    tell(frame.timers)
    if frame.trouble:
        tell(frame.trouble)
    tell(what)


def help_told() -> None:
    """What the letters do."""
    for each in words.HELP:
        tell(each, "  ")


def numbered(listed: Sequence[Listed], typed: str) -> Listed | None:
    """What has this number, as they were told."""
    if not (typed.isascii() and typed.isdecimal()):
        return None
    return listed[int(typed) - 1] if 0 < int(typed) <= len(listed) else None


def plain(rows: Sequence[Text]) -> list[str]:
    """Rows as lines without their colours: every mark of them is a word."""
    return [str(each).rstrip() for each in rows]
