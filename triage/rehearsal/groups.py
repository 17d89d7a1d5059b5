"""The groups by which a change is broken down: sex, age, ethnicity as said and as seen."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from triage.rehearsal.coding import Coding
from triage.rehearsal.ethnicity import Ethnicity
from triage.rehearsal.machine import Block
from triage.rehearsal.places import ETHNICITY, FIRST
from triage.rehearsal.states import NO_NUMBER

NOT_KNOWN = "not_known"
_AGES = (("under_18", 0), ("18_to_24", 18), ("25_to_34", 25), ("35_to_54", 35), ("55_or_over", 55))
_SEXES = ("female", "male", "other", NOT_KNOWN)
_ETHNICITIES = tuple(group.name.lower() for group in Ethnicity)

DIMENSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sex": _SEXES,
        "age": (*(name for name, _ in _AGES), NOT_KNOWN),
        "ethnicity_said": _ETHNICITIES,
        "ethnicity_seen": _ETHNICITIES,
    }
)

Groups = Mapping[str, NDArray[np.uint8]]


def groups_of(coding: Coding, block: Block) -> Groups:
    """For each row and each dimension, the number of its group."""
    ethnicity = block.column(ETHNICITY)
    return {
        "sex": _sex(coding, block),
        "age": _age(coding, block),
        "ethnicity_said": ethnicity >> np.uint8(4),
        "ethnicity_seen": ethnicity & np.uint8(15),
    }


def _sex(coding: Coding, block: Block) -> NDArray[np.uint8]:
    field = coding.fields.get(("fact", "sex"))
    unknown = _SEXES.index(NOT_KNOWN)
    if field is None:
        return np.full(len(block), unknown, dtype=np.uint8)
    states = np.full(256, unknown, dtype=np.uint8)
    for place, option in enumerate(field.shape.options):
        if option in _SEXES:
            states[FIRST + place] = _SEXES.index(option)
    column = block.column(field.byte) >> np.uint8(field.shift) & np.uint8(field.mask)
    found: NDArray[np.uint8] = states[column]
    return found


def _age(coding: Coding, block: Block) -> NDArray[np.uint8]:
    field = coding.fields.get(("fact", "age"))
    unknown = len(_AGES)
    if field is None:
        return np.full(len(block), unknown, dtype=np.uint8)
    ages = block.number(field.byte)
    bands = np.searchsorted([least for _, least in _AGES], ages, side="right") - 1
    bands[ages >= NO_NUMBER] = unknown
    return bands.astype(np.uint8)
