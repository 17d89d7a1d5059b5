"""``triage where``: what this installation uses, for a telephone call with whoever helps."""

import click

from triage.cli import inputs, versions

WIDTH = 13


@click.command()
@inputs.RULES
def where(rules: str | None) -> None:
    """Say which rules folder, instance folder, database and versions are in use."""
    from triage.domain.errors import RulebookRefused
    from triage.present import rulebook as words

    settings = inputs.settings()
    folder = inputs.rules_folder(rules)
    try:
        signed = words.summary(inputs.rulebook(rules, draft=True))
    except RulebookRefused as refused:
        signed = f"REFUSED with {len(refused.faults)} faults: see triage rules check"
    database = "" if settings.database.exists() else " (not made yet)"
    rows = {
        "rules": f"{folder.absolute()}",
        "": signed.replace("\n", f"\n{' ' * WIDTH}"),
        **({"site": f"{settings.site}"} if settings.site else {}),
        "instance": f"{settings.instance}",
        "database": f"{settings.database}{database}",
        "triage": versions.own(),
        **versions.parts(),
    }
    for name, value in rows.items():
        click.echo(f"{name:<{WIDTH}}{value}")
