"""``triage desk``: the board, each person, alerts and the small acts, on the whole screen."""

import sys
from typing import TYPE_CHECKING, Any

import click

from triage.cli import inputs, reached
from triage.cli.review_asking import BY
from triage.domain.roles import Verb, require
from triage.present import desk_screens as words

if TYPE_CHECKING:
    from triage.desk.client import Client


@click.command()
@BY
@click.option("--plain", is_flag=True, help="Line by line: for a screen reader or a bad link.")
@reached.options
def desk(by: str, plain: bool, **asked: Any) -> None:
    """Work at the desk on the whole screen: who is here, what is due, what nobody has taken.

    By keyboard alone; ? says what each key does. Your password is asked for.
    """
    if not plain and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(words.NO_TERMINAL)
    with reached.client(by, reached.Where.of(asked)) as client:
        require(client.role, Verb.VIEW_BOARD)
        _by_lines(client, by) if plain else _run(client)


def _by_lines(client: "Client", by: str) -> None:
    from triage.cli.leaving import at_the_desk, drafts
    from triage.desk.plain.desk import Plain
    from triage.desk.plain.session import at_the_keyboard

    folder = inputs.settings().instance / "screenings"
    with at_the_keyboard(client) as session:
        begun = drafts(client)
        Plain(session, lambda who, keys: at_the_desk(client, who, by, keys), folder, begun).run()


def _run(client: "Client") -> None:
    from triage.desk.full.app import Desk

    instance = inputs.settings().instance
    Desk(client, instance / "screenings", instance / "releases").run(mouse=False)
