"""Lengths of time and moments, as people at a desk say them."""

from datetime import date, datetime

from triage.domain import london

_UNITS = ((1440, "day", "days"), (60, "hour", "hours"), (1, "minute", "minutes"))


def span(seconds: float) -> str:
    """A length of time in hours and whole minutes, rounded down: ``2 h 05 min``."""
    minutes = int(abs(seconds)) // 60
    if minutes == 0:
        return "under a minute"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"


def moment(at: datetime, *, now: datetime) -> str:
    """The time of day with GMT or BST, and the day where it is another one."""
    if london.day_of(at) == london.day_of(now):
        return london.short(at)
    wall = london.to_wall(at)
    return f"{wall:%a} {wall.day} {wall:%b} {london.short(at)}"


def day(of: date) -> str:
    """A day as it is written in a letter: ``23 November 2026``."""
    return f"{of.day} {of:%B %Y}"


def due(at: datetime, *, now: datetime) -> str:
    """When something is due and how far off that is."""
    seconds = (at - now).total_seconds()
    where = f"in {span(seconds)}" if seconds > 0 else f"{span(seconds)} ago"
    return f"{moment(at, now=now)}, {'now' if abs(seconds) < 60 else where}"


def since(at: datetime, *, now: datetime) -> str:
    """Since when, and how long that is."""
    return f"since {moment(at, now=now)} ({span((now - at).total_seconds())})"


def within(minutes: int) -> str:
    """A target in the longest unit that says it exactly: ``within 2 hours``, ``at once``."""
    for length, one, many in _UNITS:
        if minutes and minutes % length == 0 and (minutes >= 2 * length or length == 1):
            return f"within {count(minutes // length, one, many)}"
    return "at once"


def listed(words: list[str]) -> str:
    """Words in a row, as in speech: ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def plain(identifier: str) -> str:
    """An id as words, for the rare one that has no sentence of its own."""
    return identifier.replace("_", " ").strip()


def named(identifier: str) -> str:
    """The id of a suite as the name on its door: ``castle_street`` is Castle Street."""
    return " ".join(word.capitalize() for word in plain(identifier).split())


def capital(words: str) -> str:
    """The same words with a capital letter in front."""
    return words[:1].upper() + words[1:]


def small(words: str) -> str:
    """The same words inside a sentence; what is written in capitals stays so: PACE, AMHP."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def count(number: int, one: str, many: str) -> str:
    """A number with its noun: ``1 person``, ``14 people``."""
    return f"{number:,} {one if number == 1 else many}"
