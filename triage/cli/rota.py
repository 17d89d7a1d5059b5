"""``triage rota``: who answers for a role in a suite, from when to when."""

from typing import Any

import click

from triage.cli import inputs
from triage.cli.review_asking import BY, Asking


@click.group()
def rota() -> None:
    """Who answers for a role in a suite, from when to when; an empty slot is an alert."""


@rota.command("list")
@BY
def list_rota(by: str) -> None:
    """List who is on duty now and later, and what is empty now."""
    from triage import casework
    from triage.present import rota as words

    with Asking(by, None) as ask:
        found = casework.rota(ask.service, actor=ask.actor, now=ask.now)
    for line in words.lines(found):
        click.echo(line)


@rota.command()
@BY
@click.option("--suite", required=True, metavar="ID", help="For which suite.")
@click.option("--role", required=True, metavar="ROLE", help="For which role.")
@click.option("--account", metavar="ACCOUNT", help="Who it is; else --name.")
@click.option("--name", default="", metavar="TEXT", help="The name, where there is no account.")
@click.option("--contact", metavar="ADDRESS", help="An e-mail address or a telephone number.")
@click.option("--from", "starts_at", required=True, metavar="TIME", help="From when.")
@click.option("--to", "ends_at", required=True, metavar="TIME", help="Until when.")
def add(by: str, starts_at: str, ends_at: str, **said: Any) -> None:
    """Put somebody on the rota; the same said twice is one entry."""
    from triage import casework

    begins, ends = inputs.moment(starts_at, "--from"), inputs.moment(ends_at, "--to")
    assert begins is not None, "the option is required"
    assert ends is not None, "the option is required"
    with Asking(by, None) as ask:
        duty = casework.put_on_rota(
            ask.service, **said, starts_at=begins, ends_at=ends, actor=ask.actor, now=ask.now
        )
    click.echo(duty.id)


@rota.command()
@BY
@click.argument("entry", metavar="ENTRY")
def drop(by: str, entry: str) -> None:
    """Take an entry off the rota; triage rota list says which there are."""
    from triage import casework

    with Asking(by, None) as ask:
        casework.drop_duty(ask.service, entry, actor=ask.actor, now=ask.now)
    click.echo("It is off the rota.")
