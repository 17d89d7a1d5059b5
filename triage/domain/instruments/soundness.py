"""What a well-formed instrument can still have wrong: licences, tables, bands, lines."""

from collections.abc import Iterator

from triage.domain.instruments.form import Colour, CutOff, Instrument, Item, ItemKind
from triage.domain.needs import NEEDS

_SEXES = (None, "female", "male")


def faults_of(instrument: Instrument) -> Iterator[str]:
    """Every fault, as a sentence."""
    yield from _items(instrument)
    yield from _wording(instrument)
    yield from _bands(instrument)
    for cut in instrument.cut_offs:
        yield from _cut_off(instrument, cut)
    yield from _settings(instrument)
    yield from _flags(instrument)
    yield from _gate(instrument)


def _items(instrument: Instrument) -> Iterator[str]:
    if not instrument.items:
        yield "It has no items."
    ids = [item.id for item in instrument.items]
    for twice in sorted({each for each in ids if ids.count(each) > 1}):
        yield f"Two items are called {twice}."
    for item in instrument.items:
        if item.kind is ItemKind.MEASURED:
            yield from _tables(instrument, item)
        elif not item.options:
            yield f"{item.id} has neither points, options, steps nor the form's scale."


def _tables(instrument: Instrument, item: Item) -> Iterator[str]:
    if item.lowest >= item.highest:
        yield f"{item.id} needs lowest and highest: outside them a number is a typing error."
    for table in item.tables:
        ends = [end for end, _ in table.steps]
        rising = [end for end in ends[:-1] if end is not None]
        if not ends or ends[-1] is not None or len(rising) != len(ends) - 1:
            yield f'The steps of {item.id} must end with one "above".'
        elif rising != sorted(set(rising)):
            yield f"The steps of {item.id} must rise."
        elif any(end != round(end, item.places) for end in rising):
            yield f"The steps of {item.id} have more decimal places than it is measured with."
    yield from _steering(instrument, item)


def _steering(instrument: Instrument, item: Item) -> Iterator[str]:
    """Exactly one table must be right, whatever the answers are that choose it."""
    names = {name for table in item.tables for name, _ in table.when}
    answers: list[dict[str, str]] = [{}]
    for name in sorted(names):
        other = instrument.by_id.get(name)
        if other is None or not other.options:
            yield f"{item.id} looks at {name}, which is not an item with options."
            return
        answers = [{**each, name: option.id} for each in answers for option in other.options]
    for each in answers:
        right = [t for t in item.tables if all(each[name] == option for name, option in t.when)]
        if len(right) != 1:
            said = ", ".join(f"{name} {option}" for name, option in each.items())
            yield f"{item.id} has {len(right)} tables for {said or 'every answer'}."


def _wording(instrument: Instrument) -> Iterator[str]:
    worded = [item.id for item in instrument.items if item.asks]
    if instrument.colour is Colour.AMBER and (worded or instrument.stem):
        yield "Its licence lets the scoring ship, not the wording: take out asks and stem."


def _bands(instrument: Instrument) -> Iterator[str]:
    for each in instrument.band_sets:
        expected = instrument.least
        for first, last, _ in each.bands:
            if first != expected or last < first:
                yield f"The bands {each.id} have a gap or an overlap at {first}."
            expected = last + 1
        if expected != instrument.most + 1:
            yield f"The bands {each.id} end at {expected - 1}, the total at {instrument.most}."


def _cut_off(instrument: Instrument, cut: CutOff) -> Iterator[str]:
    if cut.sex not in _SEXES:
        yield f"The cut-off {cut.id} is for female or male, or for everybody."
    for count in cut.any_of:
        most = sum(instrument.by_id[name].possible[1] for name in count.items)
        if count.shaded:
            starts = [instrument.by_id[name].shaded_from for name in count.items]
            most = len(starts) - starts.count(None)
        if not 1 <= count.at_least <= most:
            yield f"The cut-off {cut.id} asks for {count.at_least} of at most {most}."


def _settings(instrument: Instrument) -> Iterator[str]:
    if instrument.settings and instrument.setting not in instrument.settings:
        named = ", ".join(instrument.settings)
        yield f"setting must name the one that is read by default: {named}."
    if instrument.setting and not instrument.settings:
        yield "No cut-off has a setting, so there is nothing to choose."
    ids = [cut.id for cut in instrument.cut_offs]
    for twice in sorted({each for each in ids if ids.count(each) > 1}):
        yield f"Two cut-offs are called {twice}."


def _flags(instrument: Instrument) -> Iterator[str]:
    for flag in instrument.flags:
        if flag.need is not None and flag.need not in NEEDS:
            yield f"The flag {flag.id} names {flag.need}, which is not a need."
        if flag.at_least > max(instrument.by_id[name].possible[1] for name in flag.items):
            yield f"The flag {flag.id} can never be raised."


def _gate(instrument: Instrument) -> Iterator[str]:
    gate = instrument.gate
    if gate is None:
        return
    item = instrument.by_id.get(gate.item)
    answers = [] if item is None else [*_points(item), *(option.id for option in item.options)]
    if gate.stops_at not in answers:
        yield f"The gate stops at {gate.stops_at}, which is not an answer of {gate.item}."


def _points(item: Item) -> list[int]:
    return [option.points for option in item.options if item.kind is ItemKind.POINTS]
