"""A strict reader of words: breach, overdue and target missed, and what is never said at all.

A limit of the Mental Health Act or its regulations is breached; a PACE or Code C time is overdue;
guidance or agreed practice is a target missed. Whoever confuses them tells an inspector the wrong
thing, so every line that says one of the three must name a clock of that kind, or be one of the few
lines that explain the words themselves.
"""

import re
from collections.abc import Iterable
from html import unescape

CLOCKS = {
    "breach": (
        "permitted period", "period to retake", "power to retake", "health check",
        "behaviour review", "review of behaviour", "move from the station",
    ),
    "overdue": ("pace", "warrant of further detention", "visit", "rousing check", "rouse"),
    "target missed": ("handover to health", "assessment begins", "earliest lapse"),
}  # fmt: skip
SAID = re.compile(r"\b(breach|breached|breaches|overdue|target missed|targets missed)\b")
NAMED = re.compile("|".join(re.escape(name) for names in CLOCKS.values() for name in names))
EXPLAINS = (
    "breach: a limit of the mental health act or its regulations. overdue: a pace or code c time."
    " target missed: guidance or agreed practice",
    "breaches that nobody has explained",
)
NEVER = re.compile(
    r"\b(suspects?(?= |ed of)|offenders?(?! manage)|patients?|bookings?|surveys?|risk scores?"
    r"|low[ -]risk|held under|slas?|snoozed?|dismiss(?:ed|es)?|defence copy)\b"
)
_BLOCKS = re.compile(
    r"</(?:p|li|h\d|tr|div|summary|label|option|dt|dd|title|text|desc|caption)>|<br>"
)


# Checks at a station where the Act no longer knows it as a place of safety (section 48).
_STATION, _PRACTICE = ("health check", "behaviour review"), "(practice, not law)"
# A record of the dip sample that holds a breach, and a field of the return that is often empty.
_OF_NO_CLOCK = re.compile(r"^training/inc/\d+ a breach\b|^[a-z ?]+ \d+ \d+ [\d.]+% target missed$")


def lines_of(html: str) -> list[str]:
    """A page as somebody reads it: each paragraph, item and row of a table on a line of its own."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    text = _BLOCKS.sub("\n", re.sub(r"\s*\n\s*", " ", text))
    return plain_lines(re.sub(r"<[^>]+>", " ", text))


def plain_lines(text: str) -> list[str]:
    """Text, line by line, without what only the eye needs."""
    lines = (" ".join(unescape(line).split()).casefold() for line in text.splitlines())
    return [line for line in lines if line]


def misused(lines: Iterable[str]) -> list[str]:
    """Lines in which one of the three words stands with a clock of another kind, or with none."""
    return [line for line in dict.fromkeys(lines) if SAID.search(line) and not _fits(line)]


def never_said(lines: Iterable[str]) -> list[str]:
    """Lines with a word that design says is never used."""
    return [line for line in dict.fromkeys(lines) if NEVER.search(line)]


def ties(lines: Iterable[str]) -> int:
    """How many words of the three were found with a clock: a reader of nothing finds no fault."""
    return sum(len(SAID.findall(line)) for line in lines if NAMED.search(line))


def _fits(line: str) -> bool:
    line = re.sub(r"\b(not a|no) breach\b", "", line).strip(" .:;")
    if not SAID.search(line):
        return True
    if any(each in line for each in EXPLAINS):
        return True
    if not NAMED.search(line) and _OF_NO_CLOCK.search(line):
        return True
    parts = _parts(line)
    return bool(parts) and all(_stands(_word(said), part, line) for said, part in parts)


def _stands(word: str, clock: str, line: str) -> bool:
    """Whether a clock may be said with this word; what is practice by then is a target alone."""
    if _PRACTICE in line and clock in _STATION:
        return word == "target missed"
    return clock in CLOCKS[word]


def _word(said: str) -> str:
    return "breach" if said.startswith("breach") else said.replace("targets", "target")


def _parts(line: str) -> list[tuple[str, str]]:
    """Each of the three words with the clock that it is about: the nearest that is named."""
    found = []
    names = [(match.start(), match.end(), match[0]) for match in NAMED.finditer(line)]
    for said in SAID.finditer(line):
        if not names:
            return []
        nearest = min(
            names, key=lambda name: min(abs(name[0] - said.end()), abs(said.start() - name[1]))
        )
        found.append((said[0], nearest[2]))
    return found
