"""Whose alert a key of the desk acts on, where several people were told of one thing.

What one of them says ends nothing for another, so a key acts on the alert of whoever presses it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from triage.present import desk_screens as words
from triage.present.alerts import Card
from triage.present.endings import ENDINGS
from triage.present.findings import Addressee, Finding

TAKE, ACT, CLOSE = "t", "d", "c"


@dataclass(frozen=True)
class Meant:
    """One alert that a key may act on, and how it reads among several."""

    card: Card
    words: str


def meant(findings: Iterable[Finding], key: str) -> tuple[Meant, ...]:
    """The alerts that a key may act on.

    Of each finding those for which this role is called; where it is not, those of others as far as
    this role may act on them.
    """
    return tuple(
        Meant(each.card, _named(one, each))
        for one in findings
        for each in _own(one) or one.told
        if _may(each.card, key)
    )


def why_none(one: Finding, key: str) -> str:
    """Why a key acts on no alert of this finding."""
    own = _own(one)
    if key == TAKE and own:
        return words.YOURS_TAKEN
    whys = [why for each in own or one.told for why in each.card.not_endings]
    return whys[0] if key == CLOSE and whys else words.NOT_YOURS


def endings(found: Sequence[Meant]) -> tuple[tuple[str, str, str], ...]:
    """How each of these alerts may end, by a key that stays the same whatever else is offered.

    What was half typed is kept by its key, and must not come back as another ending.
    """
    if not found:
        return ()
    of_each = [{id for id, _ in each.card.endings} for each in found]
    said = {**dict(ENDINGS), **dict(found[0].card.endings)}
    return tuple(
        (str(number), id, words)
        for number, (id, words) in enumerate(said.items(), 1)
        if all(id in offered for offered in of_each)
    )


def not_endings(found: Sequence[Meant]) -> tuple[str, ...]:
    """Why an ending that somebody may look for is not among them."""
    return tuple(dict.fromkeys(why for each in found for why in each.card.not_endings))


def yours(one: Finding) -> bool:
    """Whether it waits for this role to take it."""
    return any(each.card.take for each in _own(one))


def _own(one: Finding) -> tuple[Addressee, ...]:
    return tuple(each for each in one.told if each.mine)


def _may(card: Card, key: str) -> bool:
    return {TAKE: bool(card.take), ACT: card.may_act, CLOSE: card.may_close}[key]


def _named(one: Finding, each: Addressee) -> str:
    for_whom = f" ({each.who})" if len(one.told) > 1 else ""
    return f"{one.level_words}: {one.headline}{for_whom}"
