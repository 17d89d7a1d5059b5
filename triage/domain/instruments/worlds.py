"""All that could still be answered, as worlds: one for each way of answering what steers others.

A gate, or an answer that says in which table a measurement is read, steers other items. In one
world everything that steers is known, so every item has a fewest and a most points.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product

from triage.domain.instruments.form import Instrument, Item, ItemKind
from triage.domain.instruments.held import Held

World = Mapping[str, tuple[int, int]]  # by item: the fewest and the most points


def worlds(instrument: Instrument, held: Mapping[str, Held]) -> Iterator[World]:
    """The points of every item, for every way of answering what steers and is unanswered."""
    open_items = [name for name in _steering(instrument) if held[name] is None]
    for answers in product(*(_answers(instrument.by_id[name]) for name in open_items)):
        assumed = {**held, **dict(zip(open_items, answers, strict=True))}
        yield {item.id: _range(instrument, item, assumed) for item in instrument.items}


def unanswered(instrument: Instrument, held: Mapping[str, Held]) -> tuple[str, ...]:
    """The items without an answer; none after a gate that stopped the form."""
    if _stopped(instrument, held):
        return ()
    return tuple(item.id for item in instrument.items if held[item.id] is None)


def _steering(instrument: Instrument) -> tuple[str, ...]:
    by_table = [
        name for item in instrument.items for table in item.tables for name, _ in table.when
    ]
    gate = [instrument.gate.item] if instrument.gate else []
    return tuple(dict.fromkeys(by_table + gate))


def _answers(item: Item) -> tuple[Held, ...]:
    if item.kind is ItemKind.POINTS:
        return tuple(option.points for option in item.options)
    return tuple(option.id for option in item.options)


def _range(instrument: Instrument, item: Item, held: Mapping[str, Held]) -> tuple[int, int]:
    """The fewest and the most points of one item in one world."""
    answer = held[item.id]
    if answer is None:
        return (0, 0) if _stopped(instrument, held) else item.possible
    if isinstance(answer, Decimal):
        points = _table_points(item, answer, held)
    else:
        points = _option_points(item, answer)
    return points, points


def _table_points(item: Item, answer: Decimal, held: Mapping[str, Held]) -> int:
    table = next(
        table for table in item.tables if all(held[name] == option for name, option in table.when)
    )
    return table.points(answer)


def _option_points(item: Item, answer: str | int) -> int:
    if isinstance(answer, int):
        return answer
    return next(option.points for option in item.options if option.id == answer)


def _stopped(instrument: Instrument, held: Mapping[str, Held]) -> bool:
    return instrument.gate is not None and held[instrument.gate.item] == instrument.gate.stops_at
