"""``triage screen``: one person, from a file or line by line."""

import json
import shutil
from typing import TYPE_CHECKING, Any

import click

from triage.cli import inputs

if TYPE_CHECKING:
    from datetime import datetime

    from triage.domain.answers import Details
    from triage.domain.rulebook import Rulebook


@click.command()
@click.argument("file", required=False)
@inputs.JSON
@inputs.AT
@inputs.ASSUME
@inputs.RULES
@click.option("--draft", is_flag=True, help="Do not warn that the rulebook is not signed.")
@click.option("--resume", metavar="FILE", help="Line by line: go on with this file, or begin it.")
def screen(
    file: str | None,
    as_json: bool,
    at: str | None,
    assume: tuple[str, ...],
    rules: str | None,
    draft: bool,
    resume: str | None,
) -> None:
    """Screen one person: what to do now, what was found and why, what could not be excluded.

    FILE is JSON or TOML, or - for standard input. Without FILE the questions are asked here,
    line by line; every answer is kept at once.
    """
    rulebook = inputs.rulebook(rules, assume, draft=draft)
    moment = inputs.moment(at)
    if file is None:
        from triage.cli.asking import ask

        asked = ask(rulebook, resume=resume, at=moment)
        if asked is None:
            return
    elif resume:
        raise click.UsageError("--resume is for asking line by line, without FILE.")
    else:
        asked = inputs.document(file)
    _write(_details(asked, rulebook, moment), rulebook, as_json=as_json)


def _details(asked: dict[str, Any], rulebook: "Rulebook", at: "datetime | None") -> "Details":
    from triage import clock
    from triage.schemas.screen import details_of

    return details_of(asked, rulebook, now=clock.now(), at=at)


def _write(details: "Details", rulebook: "Rulebook", *, as_json: bool) -> None:
    from triage.domain.screening import screen as screened
    from triage.present.screening import as_json as plain
    from triage.present.screening import in_words

    findings = screened(rulebook, details)
    if as_json:
        click.echo(json.dumps(plain(findings, rulebook=rulebook), ensure_ascii=False, indent=1))
        for warning in findings.warnings:
            click.echo(f"Note: {warning}", err=True)
        return
    width = shutil.get_terminal_size((80, 24)).columns
    who = f"Custody record {details.record_number}" if details.record_number else ""
    markers = details.record.markers
    words = in_words(findings, width=width, rulebook=rulebook, who=who, markers=markers)
    click.echo(words, nl=False)
