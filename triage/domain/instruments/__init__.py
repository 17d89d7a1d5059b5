"""Scored instruments for the nurse and the healthcare professional: forms as data, scoring as sums.

``form`` holds what an instrument is, ``reading`` makes one from a parsed TOML table and lists every
fault, ``score`` adds up what was answered. An unanswered item never counts as nothing: it leaves
bounds, and a cut-off inside the bounds reads "cannot exclude". There is no suicide score and no
score over several instruments.
"""

from triage.domain.instruments.form import (
    BandSet,
    Count,
    CutOff,
    Flag,
    Gate,
    Given,
    Instrument,
    Item,
    ItemKind,
)
from triage.domain.instruments.reading import parse
from triage.domain.instruments.score import (
    BandReading,
    FlagReading,
    Holds,
    Reading,
    Score,
    bounds,
    in_order,
    score,
    worded,
)

__all__ = [
    "BandReading",
    "BandSet",
    "Count",
    "CutOff",
    "Flag",
    "FlagReading",
    "Gate",
    "Given",
    "Holds",
    "Instrument",
    "Item",
    "ItemKind",
    "Reading",
    "Score",
    "bounds",
    "in_order",
    "parse",
    "score",
    "worded",
]
