"""``triage clocks``: every clock of one detention, from a file."""

import json
import shutil

import click

from triage.cli import inputs


@click.command()
@click.argument("file")
@inputs.JSON
@inputs.AT
@click.option(
    "--as-known-at",
    metavar="TIME",
    help="Only what had been recorded by this moment: what did we know then?",
)
@inputs.ASSUME
@inputs.RULES
@click.option("--draft", is_flag=True, help="Do not warn that the rulebook is not signed.")
def clocks(
    file: str,
    as_json: bool,
    at: str | None,
    as_known_at: str | None,
    assume: tuple[str, ...],
    rules: str | None,
    draft: bool,
) -> None:
    """Work out every clock of one detention: what has passed, what runs, what is due next.

    FILE is JSON or TOML, or - for standard input. A clock that has passed is no error.
    """
    from triage import clock
    from triage.domain.detention import clocks as worked_out
    from triage.present import clocks as present
    from triage.present.lines import wrapped_lines
    from triage.schemas.clocks import detention_of

    rulebook = inputs.rulebook(rules, assume, draft=draft)
    detention = detention_of(
        inputs.document(file),
        now=clock.now(),
        at=inputs.moment(at),
        as_known_at=inputs.moment(as_known_at, "--as-known-at"),
    )
    found = worked_out(rulebook.law, rulebook.practice["alerts"], detention)
    for warning in rulebook.warnings:
        click.echo(f"Note: {warning}", err=True)
    if as_json:
        click.echo(json.dumps(present.as_json(found), ensure_ascii=False, indent=1))
        return
    width = shutil.get_terminal_size((80, 24)).columns
    click.echo("\n".join(wrapped_lines(present.in_words(found), width)))
