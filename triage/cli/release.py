"""``triage release``: what is open before somebody leaves, and the release on the record.

The same verbs and words as the page and the API, on the record of this machine or, with ``--url``,
at the service that serves it.
"""

import json
import re
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from triage.cli import inputs, reached
from triage.cli.review_asking import BY
from triage.domain.errors import InputError, Problem
from triage.domain.roles import Verb, require
from triage.present import leaving as words

if TYPE_CHECKING:
    from triage.desk.client import Client, Left, OpenThing, Person

_OPTIONS = {  # what the service calls otherwise
    "occurred_at": "--left", "to": "--to", "handed_to": "--handed-to", "told": "--told",
    "plan": "--plan", "transport": "--transport", "medicine": "--medicine", "papers": "--paper",
    "reason": "--reason", "Idempotency-Key": "--key",
}  # fmt: skip
_WALL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
_STAY = re.compile(r"s-[a-z0-9]{1,40}")


@click.command()
@click.argument("record", required=False)
@BY
@click.option("--check", is_flag=True, help="Only say what is open and what would close it.")
@click.option("--to", type=click.Choice([id for id, _ in words.PLACES]), help="Where they went.")
@click.option(
    "--left",
    metavar="TIME",
    help="When they left: London 2026-10-25T05:40, or with an offset; else now.",
)
@click.option("--fold", type=click.Choice(["first", "second"]),
              help="Which of the two, for a London time that happened twice.")  # fmt: skip
@click.option("--handed-to", metavar="WHO", help="Who they left with or were handed to.")
@click.option("--transport", metavar="HOW", help="How they travel.")
@click.option("--told", multiple=True, metavar="WHO", help="Who was told what is open; each once.")
@click.option("--plan", metavar="WORDS", help="What was agreed for the first days.")
@click.option("--medicine", metavar="WORDS", help="What was done about their medicine.")
@click.option("--paper", "papers", multiple=True, metavar="WORDS",
              help="What was handed over on paper, and to whom; each once.")  # fmt: skip
@click.option("--reason", metavar="REASON",
              help=f"Why things stay open: {', '.join(words.REASONS)}.")  # fmt: skip
@click.option("--key", metavar="KEY", help="Sent again with the same key it is one release.")
@reached.options
@inputs.JSON
def release(record: str | None, by: str, check: bool, as_json: bool, **asked: Any) -> int:
    """Release somebody: what is still open, how they leave, and the release on the record.

    RECORD is the custody record, or the id of the stay. Without --to it asks at the keyboard,
    beginning with who is here; what was typed is kept when it is interrupted. It never holds
    anybody: with something open it takes a reason. Your password is asked for.
    """
    document = _document(asked)
    for_a_program = check or asked["to"] is not None
    if for_a_program and record is None:
        raise InputError.at("RECORD", "Who? Say the custody record, or the id of the stay.")
    if not for_a_program and (document or as_json):
        missing = "Where did they go? Without it nothing is recorded."
        raise InputError.at("--to", missing, [id for id, _ in words.PLACES])
    with reached.client(by, reached.Where.of(asked)) as client:
        require(client.role, Verb.VIEW_STAY if check else Verb.RELEASE)
        if not for_a_program:
            return _at_the_desk(client, record, by)
        stay, reference = _meant(client, record or "")
        if check:
            _say_open(client, stay, reference, document, as_json=as_json)
        else:
            _say_left(_recorded(client, stay, document, asked), reference, document,
                      as_json=as_json)  # fmt: skip
    return 0


def _document(asked: dict[str, Any]) -> dict[str, Any]:
    """How they left, as the API takes it; what was not said is not in it."""
    names = ("to", "handed_to", "transport", "plan", "medicine", "reason")
    said = {name: asked[name] for name in names if asked[name] is not None}
    said |= {name: list(asked[name]) for name in ("told", "papers") if asked[name]}
    left, fold = asked["left"], asked["fold"]
    if left is not None and _WALL.fullmatch(left):
        said["occurred_at"] = {"london": left, **({"fold": fold} if fold else {})}
    elif left is not None:
        said["occurred_at"] = left
    return said


def _meant(client: "Client", record: str) -> tuple[str, str]:
    """The stay that is meant, and its number; one that has ended is found by its id."""
    people = client.people()
    for person in people:
        if record in (person.reference, person.stay):
            return person.stay, person.reference
    if _STAY.fullmatch(record):
        return record, record
    raise InputError.at("RECORD", "Nobody who is here in your suites has this number.")


def _now(client: "Client", document: dict[str, Any]) -> dict[str, Any]:
    from triage.domain import london

    return {"occurred_at": london.iso(client.state().at), **document}


def _recorded(
    client: "Client", stay: str, document: dict[str, Any], asked: dict[str, Any]
) -> "Left":
    key = asked["key"] or secrets.token_urlsafe(16)
    try:
        return client.release(stay, _now(client, document), key)
    except InputError as error:
        raise InputError(_by_option(error)) from None


def _by_option(error: InputError) -> Iterator[Problem]:
    from triage.desk.parts import about

    for each in error.problems:
        option = _OPTIONS.get(about(each.field))
        yield each if option is None else Problem(option, each.problem, each.allowed)


def _say_open(
    client: "Client", stay: str, reference: str, document: dict[str, Any], *, as_json: bool
) -> None:
    from triage.domain import london

    at = client.state().at
    how = _now(client, document) if "to" in document else None
    try:
        found = client.open_things(stay, how)
    except InputError as error:
        raise InputError(_by_option(error)) from None
    if as_json:
        _write(
            {
                "schema": "triage.release-check/1",
                "stay": stay,
                "reference": reference,
                "at": london.iso(at),
                "at_london": london.text(at),
                "gaps": _gaps(found),
            }
        )
        return
    click.echo(f"{reference}, as of {london.text(at)}")
    _rows(found, words.GAPS if found else words.NO_GAPS)


def _say_left(left: "Left", reference: str, document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        _write({"schema": "triage.release/1", "stay": left.stay, "reference": reference,
                "seq": left.seq, "late": left.late, "repeated": left.repeated,
                "to": document["to"], "reason": document.get("reason"),
                "gaps": _gaps(left.gaps), "notices": list(left.notices)})  # fmt: skip
        return
    click.echo(f"{reference}: {words.on_record(left.seq)}")
    for notice in left.notices:
        click.echo(notice)
    if left.gaps:
        _rows(left.gaps, words.LEFT_OPEN)


def _rows(found: "tuple[OpenThing, ...]", lead: str) -> None:
    from triage.present import stay as stay_words
    from triage.present.lines import wrapped

    for line in wrapped(lead, 78):
        click.echo(line)
    for number, thing in enumerate(found, 1):
        for text, first in ((stay_words.gap(thing), f"{number:>2}. "),
                            (words.closed_by(thing.closes), "    ")):  # fmt: skip
            for line in wrapped(text, 78, first=first):
                click.echo(line)


def _gaps(found: "tuple[OpenThing, ...]") -> list[dict[str, str]]:
    return [
        {"id": each.id, "urgency": each.urgency.word, "words": each.words, "closes": each.closes}
        for each in found
    ]


def _write(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def _at_the_desk(client: "Client", record: str | None, by: str) -> int:
    """Line by line; what was begun for somebody is gone on with."""
    from triage.cli.leaving import at_the_desk, tell_overtaken

    tell_overtaken(client)
    person: Person | None = None
    if record is not None:
        stay, _ = _meant(client, record)
        person = next((each for each in client.people() if each.stay == stay), None)
        if person is None:
            raise InputError.at("RECORD", "Nobody who is here in your suites has this number.")
    return at_the_desk(client, person, by)
