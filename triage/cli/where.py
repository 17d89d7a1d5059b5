"""``triage where``: what this installation uses, for a telephone call with whoever helps."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from triage.cli import inputs, versions

if TYPE_CHECKING:
    from triage.settings import Settings

WIDTH = 13


@click.command()
@inputs.RULES
def where(rules: str | None) -> None:
    """Say which rules folder, instance folder, database and versions are in use."""
    from triage.domain.errors import RulebookRefused
    from triage.present import rulebook as words
    from triage.present import spans

    settings = inputs.settings()
    folder = inputs.rules_folder(rules)
    try:
        signed = words.summary(inputs.rulebook(rules, draft=True))
    except RulebookRefused as refused:
        faults = spans.count(len(refused.faults), "fault", "faults")
        signed = f"REFUSED with {faults}: see triage rules check"
    database = "" if settings.database.exists() else " (not made yet)"
    rows = {
        "rules": f"{folder.absolute()}",
        "": signed.replace("\n", f"\n{' ' * WIDTH}"),
        **_what_speaks(replace(settings, rules=folder)),
        **({"site": f"{settings.site}"} if settings.site else {}),
        "instance": f"{settings.instance}",
        "database": f"{settings.database}{database}",
        "triage": versions.own(),
        **versions.parts(),
    }
    for name, value in rows.items():
        click.echo(f"{name:<{WIDTH}}{value}")


def _what_speaks(settings: "Settings") -> dict[str, str]:
    """What the service goes by where it does not go by this folder, as its pages say it.

    Without a record that can be opened there is no service, and so nothing that it goes by.
    """
    from triage import casework
    from triage.domain.errors import TriageError

    if not settings.database.exists():
        return {}
    try:
        service = casework.service(settings)
    except TriageError as error:
        return {"in use": f"Not known: {error}"}
    try:
        return {"in use": service.trouble.words} if service.trouble else {}
    finally:
        service.record.close()
