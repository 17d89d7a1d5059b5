"""The four letters by which people speak of an alert: the same on the phone and on the board."""

import hashlib

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words


def code_of(key: str) -> str:
    """The code of an alert, from its key alone."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    letters = ""
    for _ in range(4):
        number, rest = divmod(number, len(_LETTERS))
        letters += _LETTERS[rest]
    return letters
