"""What stands on the glass: plain lines, wrapped, on standard error so that data stays data."""

import click

from triage.present.lines import wrapped

WIDTH = 78


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
