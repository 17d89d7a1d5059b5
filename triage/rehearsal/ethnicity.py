"""Ethnicity in the five groups in which it is published, as said and as an officer saw it.

It is kept for one purpose, to see whom a changed rule serves worse, and no rule can read it. The
words may be a code of the census (16+1 or 18+1), of the NHS, of the officer (IC), or plain words.
"""

import re
from enum import IntEnum


class Ethnicity(IntEnum):
    """The published groups; what nobody said is not the same as what nobody could sort."""

    NOT_KNOWN = 0
    WHITE = 1
    MIXED = 2
    ASIAN = 3
    BLACK = 4
    OTHER = 5
    NOT_STATED = 6
    NOT_SORTED = 7  # words that stand in none of the lists below


_E = Ethnicity
_CENSUS = {"W": _E.WHITE, "M": _E.MIXED, "A": _E.ASIAN, "B": _E.BLACK, "O": _E.OTHER}
_NHS = {
    **dict.fromkeys("ABC", _E.WHITE),
    **dict.fromkeys("DEFG", _E.MIXED),
    **dict.fromkeys("HJKLR", _E.ASIAN),
    **dict.fromkeys("MNP", _E.BLACK),
    "S": _E.OTHER,
    "Z": _E.NOT_STATED,
}
_OFFICER = {
    "1": _E.WHITE,
    "2": _E.WHITE,
    "3": _E.BLACK,
    "4": _E.ASIAN,
    "5": _E.ASIAN,
    "6": _E.OTHER,
}
# Looked for in this order: "white and black Caribbean" is mixed, "black British" is black.
_WORDS = (
    (_E.NOT_STATED, r"not stated|refused|declined|prefer not"),
    (_E.MIXED, r"mixed|multiple|white and|and white|dual heritage"),
    (_E.BLACK, r"black|african|caribbean|somali|nigerian|jamaican"),
    (_E.ASIAN, r"asian|indian|pakistani|bangladeshi|chinese|japanese|vietnamese"),
    (_E.OTHER, r"arab|any other ethnic|other ethnic|\Aother\Z"),
    (_E.WHITE, r"white|english|welsh|scottish|irish|gypsy|traveller|roma\b|polish|european"),
    (_E.NOT_KNOWN, r"unknown|not known"),
)


def ethnicity_of(text: str | None) -> Ethnicity:
    """The published group that a code or words belong to."""
    if text is None or not text.strip():
        return Ethnicity.NOT_KNOWN
    short = text.strip().upper().replace(" ", "")
    if short == "NS":
        return Ethnicity.NOT_STATED
    if re.fullmatch(r"[WMABO][1-9]", short):
        return _CENSUS[short[0]]
    if re.fullmatch(r"IC[0-9]", short):
        return _OFFICER.get(short[2], Ethnicity.NOT_KNOWN)
    if short in _NHS:
        return _NHS[short]
    found = (group for group, words in _WORDS if re.search(words, text.strip().lower()))
    return next(found, Ethnicity.NOT_SORTED)
