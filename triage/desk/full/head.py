"""The first lines of every screen: who and when, whether the timers run and anybody answers."""

from datetime import datetime

from rich.text import Text

from triage.desk.full import paint
from triage.domain import london
from triage.present import desk_screens as words
from triage.present.desk import Frame

_SAID_ALREADY = " (training)"  # the line begins with it


def lines(
    frame: Frame | None, now: datetime, width: int, *, lost: bool, silent: bool
) -> list[Text]:
    """What the service last said about itself, and that it has gone silent since."""
    if frame is None:
        told = words.NOT_REACHED_YET if lost else words.ASKING
        return paint.some(told, width, 2, style=paint.LOUD if lost else "")
    suites = ", ".join(name.removesuffix(_SAID_ALREADY) for _, name in frame.suites)
    who = " | ".join(part for part in (suites, frame.who) if part)
    training = "TRAINING  " if frame.training else ""
    top = [paint.across(f"{training}{who}", _clock(now), width, paint.BAR)]
    since = london.short(frame.at)
    if lost:
        top += paint.some(words.not_reached(since), width, 2, style=paint.LOUD)
    elif silent:
        top += paint.some(words.slow(since), width, 2, style=paint.LOUD)
    style = paint.LOUD if frame.stale else paint.SOFT
    top += paint.some(frame.timers, width, 3, style=style)
    if frame.trouble:
        top += paint.some(frame.trouble, width, 2, style=paint.LOUD)
    return top


def _clock(now: datetime) -> str:
    """The time of day in London, with its day: a night has two."""
    wall = london.to_wall(now)
    return f"{wall:%a} {wall.day} {wall:%b} {london.short(now)}"
