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
        (_by_lines if plain else _run)(client, by)


def _by_lines(client: "Client", by: str) -> None:
    from triage.cli.leaving import at_the_desk
    from triage.desk.plain.desk import Plain
    from triage.desk.plain.session import at_the_keyboard

    folder = inputs.settings().instance / "screenings"
    with at_the_keyboard(client) as session:
        Plain(session, lambda who, keys: at_the_desk(client, who, by, keys), folder).run()


def _run(client: "Client", by: str) -> None:
    from triage.desk.full.app import Desk

    folder = inputs.settings().instance / "screenings"
    Desk(client, lambda stay: release_by_lines(client, stay, by), folder).run(mouse=False)


def release_by_lines(client: "Client", stay: str, by: str) -> None:
    """The release line by line, as ``triage release`` has it; Enter goes back to the desk."""
    from triage.cli.leaving import at_the_desk
    from triage.domain.errors import TriageError

    try:
        person = next((each for each in client.people() if each.stay == stay), None)
        if person is None:
            click.echo(words.NOT_ON_BOARD)
        else:
            at_the_desk(client, person, by)
    except TriageError as error:
        click.echo(str(error))
    click.echo(words.PRESS_ENTER)
    sys.stdin.readline()
