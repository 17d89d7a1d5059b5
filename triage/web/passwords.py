"""Passwords: kept as argon2id only, checked with the same work if nobody has the account."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

SHORTEST = 12
LONGEST = 128
# Each check needs 64 MiB; two at a time keep a burst of sign-ins from exhausting the machine.
_AT_A_TIME = BoundedSemaphore(2)
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
# Written out, as making it would cost every start of the service the work of a sign-in.
_NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=4$uqiJsisvpD57YM2u74PhQw$"
    "Bj55LYLnUmKFicui8FLuTJ1zIa/fdHdyPlyywEp00wQ"
)
_OFTEN_GUESSED = (
    "password", "123456", "qwerty", "letmein", "custody", "triage", "sergeant", "welcome",
)  # fmt: skip


def problem_with(password: str, account: str) -> str | None:
    """What is wrong with a new password, as a sentence, or nothing.

    Length is what counts: no rule about kinds of characters, no expiry.
    """
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters; three or four words that you choose are good."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    plain = password.casefold()
    left = plain.replace(account.casefold(), "") if account else plain
    for word in _OFTEN_GUESSED:
        left = left.replace(word, "")
    if len(set(plain)) < 5 or len(left) < SHORTEST // 2:
        return "This one is easily guessed; choose words that have nothing to do with the work."
    return None


def hashed(password: str) -> str:
    """The text to keep instead of the password."""
    with _AT_A_TIME:
        return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password; without an account the same work is done and it is not."""
    with _AT_A_TIME:
        try:
            _HASHER.verify(kept or _NOBODYS, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
        return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the text was made with weaker settings than today's and should be made again."""
    return _HASHER.check_needs_rehash(kept)
