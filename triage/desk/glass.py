"""What stands on the glass: plain lines, wrapped, on standard error so that data stays data."""

from collections.abc import Callable, Sequence

import click

from triage.present.lines import wrapped

WIDTH = 78
_PAUSE = 2  # lines of a pause


def say(text: str) -> None:
    """One line as it is."""
    click.echo(text, err=True)


def tell(text: str, first: str = "") -> None:
    """One paragraph, wrapped under ``first``."""
    for line in wrapped(text, WIDTH, first=first):
        say(line)


def prompt() -> None:
    """The mark behind which an answer is typed."""
    click.echo("> ", err=True, nl=False)


def paged(
    blocks: Sequence[Sequence[str]],
    *,
    rows: int,
    above: int,
    below: int,
    pause: Callable[[], None],
) -> None:
    """Blocks of lines, a glass at a time: what stands first must not run off the top unread.

    ``rows`` is how many lines the glass has, 0 where nothing runs off it; ``above`` stand there
    already, ``below`` follow at once. No block is cut by a pause.
    """
    used = above
    for lines in blocks:
        if rows and used + len(lines) + _PAUSE > rows:
            pause()
            used = 0
        for line in lines:
            say(line)
        used += len(lines)
    if rows and used + below > rows:
        pause()
