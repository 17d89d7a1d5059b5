"""Makes an instrument from a parsed TOML table, or lists every fault in it."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from triage.domain.dated import Confidence
from triage.domain.errors import Fault, RulebookRefused
from triage.domain.findings import like
from triage.domain.instruments.form import (
    BandSet,
    Colour,
    Count,
    CutOff,
    Flag,
    Gate,
    Instrument,
    Item,
    ItemKind,
    Option,
    StepTable,
)
from triage.domain.instruments.soundness import faults_of
from triage.domain.instruments.table import Complain, Table

_ROLES = ("liaison_nurse", "custody_hcp")


def parse(table: Mapping[str, Any], *, file: str) -> Instrument:
    """The instrument that a file describes. Raises RulebookRefused with every fault found."""
    faults: list[Fault] = []
    stem = PurePath(file).stem

    def complain(problem: str, nearest: str = "") -> None:
        faults.append(Fault(file, None, str(table.get("id") or stem), problem, nearest))

    instrument = _instrument(Table(table, "", complain), complain)
    if not faults:
        if instrument.id != stem:
            complain(f"The file is called {stem}; call it {instrument.id}.toml.")
        for problem in faults_of(instrument):
            complain(problem)
    if faults:
        raise RulebookRefused(faults)
    return instrument


def _instrument(top: Table, complain: Complain) -> Instrument:
    scale = _options(top, "scale") if top.has("scale") else ()
    items = tuple([item for row in top.tables("item") for item in _items(row, scale)])
    instrument = Instrument(
        id=top.text("id"),
        name=top.text("name"),
        about=top.text("about"),
        colour=top.one_of("colour", Colour),
        licence=top.text("licence"),
        source=top.text("source"),
        confidence=top.one_of("confidence", Confidence),
        checked_on=top.day("checked_on"),
        who=top.words("who", _ROLES),
        items=items,
        stem=top.text("stem", ""),
        not_for=top.text("not_for", ""),
        private=top.flag("private"),
        band_sets=tuple(_band_set(row) for row in top.tables("band_set")),
        cut_offs=tuple(_cut_off(row, items) for row in top.tables("cut_off")),
        flags=tuple(_flag(row, items) for row in top.tables("flag")),
        gate=_gate(top),
        setting=top.text("setting", "") or None,
    )
    _check_total(top, instrument, complain)
    top.finish()
    return instrument


def _check_total(top: Table, instrument: Instrument, complain: Complain) -> None:
    """The range on the form and the range of the items must agree: it catches a lost item."""
    if not all(item.points for item in instrument.items):
        return  # an item without any answer has no range; that is a fault of its own
    declared = top.number("least"), top.number("most")
    if declared != (instrument.least, instrument.most):
        complain(
            f"The items add up to {instrument.least} to {instrument.most}, "
            f"but least and most say {declared[0]} to {declared[1]}.",
            "",
        )


# Items -------------------------------------------------------------------------------------------


def _items(row: Table, scale: tuple[Option, ...]) -> tuple[Item, ...]:
    """One item, or several alike that differ in their id only."""
    ids = row.words("ids") if row.has("ids") else (row.text("id"),)
    item = Item(
        id="",
        kind=_kind(row),
        name=row.text("name", ""),
        asks=row.text("asks", ""),
        options=_item_options(row, scale),
        tables=_step_tables(row),
        lowest=row.decimal("lowest"),
        highest=row.decimal("highest"),
        places=row.number("places", 0),
        unit=row.text("unit", ""),
        counts=row.flag("counts", default=True),
        shaded_from=row.number("shaded_from") if row.has("shaded_from") else None,
    )
    row.finish()
    return tuple([like(item, id=each) for each in ids])


def _kind(row: Table) -> ItemKind:
    if row.has("steps") or row.has("table"):
        return ItemKind.MEASURED
    if row.has("options"):
        return ItemKind.CHOICE
    return ItemKind.YES_NO if row.flag("yes_no") else ItemKind.POINTS


def _item_options(row: Table, scale: tuple[Option, ...]) -> tuple[Option, ...]:
    if row.has("steps") or row.has("table"):
        return ()
    if row.has("options"):
        named = row.lists("options", str, str, int)
        return tuple([Option(id, words, points) for id, words, points in named])
    if row.flag("yes_no"):
        yes = 0 if row.flag("reversed") else 1
        return Option("yes", "Yes", yes), Option("no", "No", 1 - yes)
    if row.has("points"):
        return tuple([Option(str(n), "", n) for n in row.numbers("points")])
    return scale


def _options(row: Table, key: str) -> tuple[Option, ...]:
    """The printed scale of a form: points and words."""
    return tuple([Option(str(n), words, n) for n, words in row.lists(key, int, str)])


def _step_tables(row: Table) -> tuple[StepTable, ...]:
    if row.has("steps"):
        return (StepTable(_steps(row)),)
    return tuple(_step_table(each) for each in row.tables("table"))


def _step_table(row: Table) -> StepTable:
    when = row.table("when")
    pairs = tuple((key, when.text(key)) for key in when.rows) if when else ()
    steps = _steps(row)
    row.finish()
    return StepTable(steps, pairs)


def _steps(row: Table) -> tuple[tuple[Decimal | None, int], ...]:
    """Pairs of the end of a step and its points; the last end is the word "above"."""
    return tuple(
        (None if end == "above" else Decimal(str(end)), points)
        for end, points in row.lists("steps", (int, float, str), int)
    )


# What is read from them --------------------------------------------------------------------------


def _band_set(row: Table) -> BandSet:
    found = BandSet(row.text("id"), row.text("source"), row.lists("bands", int, int, str))
    row.finish()
    return found


def _cut_off(row: Table, items: tuple[Item, ...]) -> CutOff:
    groups = row.tables("any_of") if row.has("any_of") else (row,)
    found = CutOff(
        id=row.text("id"),
        words=row.text("words"),
        any_of=tuple(_count(each, items) for each in groups),
        source=row.text("source"),
        confidence=row.one_of("confidence", Confidence),
        setting=row.text("setting", "") or None,
        sex=row.text("sex", "") or None,
        population=row.text("population", ""),
        sensitivity=row.share("sensitivity"),
        specificity=row.share("specificity"),
    )
    for each in {id(group): group for group in (*groups, row)}.values():
        each.finish()
    return found


def _count(row: Table, items: tuple[Item, ...]) -> Count:
    """Over the items named, else over all that count."""
    named = row.words("items", [item.id for item in items]) if row.has("items") else ()
    counting = tuple(item.id for item in items if item.counts)
    return Count(named or counting, row.number("at_least"), row.flag("shaded"))


def _flag(row: Table, items: tuple[Item, ...]) -> Flag:
    named = row.words("items", [item.id for item in items]) if row.has("items") else ()
    found = Flag(
        id=row.text("id"),
        words=row.text("words"),
        items=named or tuple(item.id for item in items if item.counts),
        at_least=row.number("at_least"),
        need=row.text("need", "") or None,
    )
    row.finish()
    return found


def _gate(top: Table) -> Gate | None:
    row = top.table("gate")
    if row is None:
        return None
    item = row.text("item")
    points = isinstance(row.rows.get("stops_at"), int)
    found = Gate(item, row.number("stops_at") if points else row.text("stops_at"))
    row.finish()
    return found
