"""``triage rules rehearse``: recorded screenings under another rulebook, or another day's law."""

import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triage.cli import inputs
from triage.domain.errors import InputError

if TYPE_CHECKING:
    from triage.domain.answers import Details
    from triage.domain.rulebook import Rulebook
    from triage.rehearsal import Coding
    from triage.rehearsal.rehearsing import Rehearsed

_AT_ONCE = 100_000
_MOST_LISTED = 1_000


@click.command()
@click.argument("new", metavar="NEW")
@click.argument("file", required=False)
@click.option(
    "--last", metavar="90d", help="Only screenings of the last so many days, from a Monday on."
)
@click.option("--law-on", metavar="DATE", help="NEW with the law as it stands on this day.")
@click.option("--people", is_flag=True, help="List each screening that changes, by number.")
@click.option("--show", type=int, metavar="NUMBER", help="Open one screening under both rulebooks.")
@inputs.RULES
@inputs.ASSUME
@inputs.JSON
def rehearse(
    new: str,
    file: str | None,
    last: str | None,
    law_on: str | None,
    people: bool,
    show: int | None,
    rules: str | None,
    assume: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say who would gain a flag and who would lose one, had NEW been the rulebook.

    NEW is a rules folder. The screenings are those of this installation's record, or those in
    FILE: one JSON object a line, each as for triage screen. Nothing is recorded. Counts are rounded
    and small ones hidden, so that the report may leave; --people and --show are exact, for this
    site's own eyes.
    """
    if find_spec("numpy") is None:
        raise click.UsageError("A rehearsal needs numpy, which is not installed here.")
    if file is not None and last is not None:
        raise click.UsageError("--last is for the record; FILE is rehearsed as a whole.")
    before = inputs.rulebook(rules, draft=True)
    after = inputs.rulebook(new, assume, draft=True)
    if law_on is not None:
        from triage.rehearsal.rehearsing import on_the_law_of

        after = on_the_law_of(after, _day(law_on))
    since = None if last is None else _since(last)
    source = _FromFile(file, before) if file is not None else _FromRecord(before)
    if show is not None:
        _show(source.details(show), before, after)
        return
    rehearsed = _run(before, after, source, since)
    _write(rehearsed, source, people=people, as_json=as_json)


def _run(
    before: "Rulebook", after: "Rulebook", source: "_FromFile | _FromRecord", since: date | None
) -> "Rehearsed":
    from triage.rehearsal.rehearsing import rehearse as rehearsed

    rows = source.size()
    quiet = not sys.stderr.isatty()
    with click.progressbar(length=rows, file=sys.stderr, hidden=quiet, label="Rehearsing") as bar:
        return rehearsed(
            before,
            after,
            source.rows(),
            codings=source.codings(),
            since=since,
            details_of=source.details,
            progress=lambda read: bar.update(read - bar.pos),
        )


def _write(
    rehearsed: "Rehearsed", source: "_FromFile | _FromRecord", *, people: bool, as_json: bool
) -> None:
    from triage.present import rehearsal as words
    from triage.present import rehearsal_data as data

    if as_json:
        click.echo(json.dumps(data.as_json(rehearsed.shown()), ensure_ascii=False, indent=1))
        return
    width = shutil.get_terminal_size((80, 24)).columns
    click.echo(words.in_words(rehearsed.shown(), width=width), nl=False)
    if people:
        changes = list(rehearsed.people())
        listed = {change.seq for change in changes[:_MOST_LISTED]}
        references = source.references(listed)
        click.echo(words.people_in_words(changes, references, most=_MOST_LISTED), nl=False)


def _show(details: "Details | None", before: "Rulebook", after: "Rulebook") -> None:
    from triage.domain.screening import screen
    from triage.present.rehearsal import both_in_words

    if details is None:
        raise InputError.at("--show", "no screening of this number can be read")
    width = shutil.get_terminal_size((80, 24)).columns
    found = screen(before, details), screen(after, details)
    click.echo(both_in_words(*found, width=width), nl=False)


def _since(last: str) -> date:
    """The Monday of the week so many days ago: a report begins with a whole week, or two of them
    that begin a day apart would tell of that one day."""
    from triage import clock
    from triage.domain import london

    days = re.fullmatch(r"([1-9][0-9]{0,4})d", last)
    if days is None:
        raise InputError.at("--last", "must be a number of days, such as 90d")
    first = london.day_of(clock.now()) - timedelta(days=int(days.group(1)))
    return first - timedelta(days=first.weekday())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError.at("--law-on", "must be a day, such as 2026-11-23") from None


class _FromFile:
    """Screenings in a file of lines."""

    def __init__(self, file: str, rulebook: "Rulebook") -> None:
        self._rulebook = rulebook
        self._all = dict(enumerate(_details_in(file, rulebook), start=1))

    def size(self) -> int:
        return len(self._all)

    def rows(self) -> Iterator[tuple[int, bytes]]:
        from triage.rehearsal import code

        return ((line, code(self._rulebook, each)) for line, each in self._all.items())

    def codings(self) -> tuple["Coding", ...]:
        return ()

    def details(self, number: int) -> "Details | None":
        return self._all.get(number)

    def references(self, numbers: set[int]) -> Mapping[int, str]:
        known = {number: self._all[number].record_number for number in numbers}
        return {number: reference for number, reference in known.items() if reference}


def _details_in(file: str, rulebook: "Rulebook") -> Iterator["Details"]:
    from triage import clock
    from triage.schemas.documents import parse
    from triage.schemas.screen import details_of

    try:
        lines = Path(file).read_bytes().splitlines()
    except OSError as error:
        raise InputError.at("FILE", f"cannot be read: {error.strerror}") from None
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                yield details_of(parse(line, name=".json"), rulebook, now=clock.now())
        except InputError as error:
            words = "; ".join(f"{each.field} {each.problem}".strip() for each in error.problems)
            raise InputError.at(f"line {number}", words) from None


class _FromRecord:
    """Screenings of this installation's record."""

    def __init__(self, rulebook: "Rulebook") -> None:
        from triage.record import Record

        self._rulebook = rulebook
        self._record = Record.open(inputs.settings().database)

    def size(self) -> int:
        return self._record.reading().screening_codes_count()

    def rows(self) -> Iterator[tuple[int, bytes]]:
        after, reading = 0, self._record.reading()
        while rows := reading.screening_codes(after, _AT_ONCE):
            yield from rows
            after = rows[-1][0]

    def codings(self) -> tuple["Coding", ...]:
        """The codings of every rulebook that this record was ever screened under."""
        from triage import rules_files
        from triage.domain.errors import RulebookRefused
        from triage.rehearsal import coding_of

        found = []
        reading = self._record.reading()
        for fingerprint in reading.rulebook_fingerprints():
            files = reading.rulebook_files(fingerprint) or {}
            try:
                found.append(coding_of(rules_files.load_texts(files, draft=True)))
            except RulebookRefused:
                continue  # its rows are counted as unreadable, and said so
        return tuple(found)

    def details(self, number: int) -> "Details | None":
        from triage.casework.entries import details_of

        event = self._record.reading().event(number)
        return None if event is None else details_of(event)

    def references(self, numbers: set[int]) -> Mapping[int, str]:
        reading, found = self._record.reading(), dict[int, str]()
        for number in numbers:
            event = reading.event(number)
            stay = None if event is None or event.stay is None else reading.stay(event.stay)
            if stay is not None and stay.reference:
                found[number] = stay.reference
        return found
