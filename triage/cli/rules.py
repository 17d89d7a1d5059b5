"""``triage rules``: check, read, explain, compare and sign the rulebook."""

import shutil
from typing import TYPE_CHECKING

import click

from triage.cli import inputs
from triage.cli.rehearsing import rehearse
from triage.domain.errors import InputError

if TYPE_CHECKING:
    from datetime import date

    from triage.domain.rulebook import Rulebook

_FOLDER = click.argument("folder", required=False, metavar="[DIR]")


@click.group()
def rules() -> None:
    """Check, read, compare and sign the rulebook. DIR is a rules folder: else the one in use."""


rules.add_command(rehearse)


@rules.command()
@_FOLDER
def check(folder: str | None) -> None:
    """List every fault of a rules folder, or say that it has none."""
    from triage.present import rulebook as words
    from triage.present import sign_off

    rulebook = inputs.rulebook(folder, draft=True)
    click.echo(f"No faults.\n{words.summary(rulebook)}")
    old = sign_off.warnings(rulebook, on=_today(), width=_width())
    if old:
        click.echo(old)


@rules.command("list")
@click.option("--unverified", is_flag=True, help="Only what nobody has read in its source.")
@inputs.RULES
def list_(unverified: bool, rules: str | None) -> None:
    """List every rule: what it raises, and why."""
    from triage.present import rulebook as words

    rulebook = inputs.rulebook(rules, draft=True)
    shown = words.unverified if unverified else words.rules
    click.echo(shown(rulebook, width=_width()))


@rules.command()
@inputs.RULES
def questions(rules: str | None) -> None:
    """Read out every question and observation, with the answers it takes."""
    from triage.present import rulebook as words

    click.echo(words.questions(inputs.rulebook(rules, draft=True), width=_width()))


@rules.command()
@click.argument("name", metavar="ID")
@click.argument("file", required=False)
@inputs.RULES
@inputs.AT
@inputs.ASSUME
def explain(
    name: str, file: str | None, rules: str | None, at: str | None, assume: tuple[str, ...]
) -> None:
    """Say what a rule, need or route rests on; with FILE, why it holds for a person or not."""
    rulebook = inputs.rulebook(rules, assume, draft=True)
    said = _item(rulebook, name)
    if file is None:
        click.echo(said)
        return
    from triage import clock
    from triage.domain.screening import explain as explained
    from triage.present.explanation import in_words
    from triage.schemas.screen import details_of

    details = details_of(inputs.document(file), rulebook, now=clock.now(), at=inputs.moment(at))
    click.echo(in_words(explained(rulebook, details, name), width=_width(), rulebook=rulebook))


@rules.command()
@click.option("--by", multiple=True, metavar="NAME", help="Who signs, by name; once for each.")
@_FOLDER
def sign(by: tuple[str, ...], folder: str | None) -> None:
    """Print the sign-off sheet of a folder; with --by, sign the folder.

    Only a folder without faults is signed. The signature covers every byte of it.
    """
    from triage import rules_files
    from triage.present import rulebook as words
    from triage.present import sign_off

    place = inputs.rules_folder(folder)
    if not by:
        rulebook = inputs.rulebook(str(place), draft=True)
        click.echo(sign_off.sheet(rulebook, on=_today(), width=_width()), nl=False)
        return
    if not all(name.strip() for name in by):
        raise InputError.at("--by", "Somebody signs the rules by name.")
    try:
        rules_files.sign(place, by=" and ".join(by), on=_today())
    except ValueError as error:
        raise InputError.at("--by", str(error)) from None
    click.echo(words.summary(inputs.rulebook(str(place))))


@rules.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
def diff(before: str, after: str) -> None:
    """Say what was added, taken away and changed from folder A to folder B."""
    from triage.present import rulebook as words

    click.echo(
        words.difference(inputs.rulebook(before, draft=True), inputs.rulebook(after, draft=True))
    )


def _item(rulebook: "Rulebook", name: str) -> str:
    from difflib import get_close_matches

    from triage.present import rulebook as words

    said = words.item(rulebook, name, width=_width())
    if said is None:
        near = get_close_matches(name, words.known_ids(rulebook), n=3, cutoff=0.5)
        raise InputError.at("ID", "the rulebook has nothing of this name", near)
    return said


def _today() -> "date":
    from triage import clock
    from triage.domain import london

    return london.day_of(clock.now())


def _width() -> int:
    return shutil.get_terminal_size((80, 24)).columns
