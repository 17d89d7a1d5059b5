"""Answers as they come in, checked item by item: unknown stays unknown, a slip is refused."""

from collections.abc import Mapping
from decimal import Decimal

from triage.domain.errors import InputError, Problem
from triage.domain.instruments.form import Given, Instrument, Item, ItemKind

Held = str | int | Decimal | None  # an option, points or a measurement; None is unknown


def held(instrument: Instrument, items: Mapping[str, Given]) -> dict[str, Held]:
    """Every item of the form with its answer, or None. Raises InputError naming every slip."""
    problems = [
        Problem(f"items.{name}", f"{instrument.name} has no such item.", tuple(instrument.by_id))
        for name in items
        if name not in instrument.by_id
    ]
    answers: dict[str, Held] = {}
    for item in instrument.items:
        try:
            answers[item.id] = _answer(item, items.get(item.id))
        except ValueError as error:
            problems.append(Problem(f"items.{item.id}", str(error), _allowed(item)))
    if problems:
        raise InputError(problems)
    return answers


def _answer(item: Item, given: Given) -> Held:
    if given is None:
        return None
    match item.kind:
        case ItemKind.YES_NO:
            if not isinstance(given, bool):
                raise ValueError("Answer yes or no (true or false).")
            return "yes" if given else "no"
        case ItemKind.CHOICE:
            if given not in {option.id for option in item.options}:
                raise ValueError("Not one of the options.")
            return str(given)
        case ItemKind.POINTS:
            if isinstance(given, bool) or not isinstance(given, int):
                raise ValueError("A whole number of points is asked for.")
            if given not in {option.points for option in item.options}:
                raise ValueError(f"{given} is not one of the points of this item.")
            return given
        case ItemKind.MEASURED:
            return _measured(item, given)


def _measured(item: Item, given: Given) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal):
        raise ValueError("A measured number is asked for.")
    value = Decimal(str(given))
    if not value.is_finite() or not item.lowest <= value <= item.highest:
        raise ValueError(f"{value} is outside {item.lowest} to {item.highest} {item.unit}.")
    if value != round(value, item.places):
        raise ValueError(f"At most {item.places} decimal places: a table is read to that step.")
    return value


def _allowed(item: Item) -> tuple[str, ...]:
    match item.kind:
        case ItemKind.MEASURED:
            return (f"{item.lowest} to {item.highest} {item.unit}".strip(),)
        case ItemKind.POINTS:
            return tuple(str(option.points) for option in item.options)
        case ItemKind.YES_NO:
            return "true", "false"
        case ItemKind.CHOICE:
            return tuple(option.id for option in item.options)
