"""Everybody who is here, to choose one of them by a key."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from triage.desk.client import Client, Person
from triage.desk.glass import prompt, say, tell
from triage.desk.keyboard import Keyboard
from triage.domain import london
from triage.present import board, spans
from triage.present.lines import plain

MORE = "m"
KEYS = "The number, or the end of the custody record, then Enter. q stop"
NOBODY = "Nobody on this list has that number."
_FEWEST_LETTERS = 3


def choose(
    client: Client, keyboard: Keyboard, *, rows: int, begun: Mapping[str, str]
) -> Person | None:
    """One of the people who are here; None when somebody stopped.

    ``rows`` is how many fit on the glass; ``begun`` says of which stays a release was begun.
    """
    state, people = client.state(), client.people()
    tell(f"{'TRAINING. ' if state.training else ''}WHO IS LEAVING? As of {london.text(state.at)}.")
    tell(state.timers)
    if not people:
        tell(board.EMPTY)
        return None
    shown = 0
    while True:
        shown = _show(people, shown, rows, begun)
        tell(f"{KEYS}{', m more' if shown < len(people) else ''}", "   ")
        while True:
            prompt()
            typed = keyboard.line()
            if typed is None or typed.strip().lower() == "q":
                return None
            if typed.strip().lower() == MORE and shown < len(people):
                break
            found = named(people, typed.strip())
            if found is not None:
                return found
            tell(NOBODY)


class Listed(Protocol):
    """Somebody on a list, by the number of their record."""

    @property
    def stay(self) -> str:
        """The id of the stay."""

    @property
    def reference(self) -> str:
        """The number of the custody record, the incident, or the reference."""


Somebody = TypeVar("Somebody", bound=Listed)


def named(people: Sequence[Somebody], typed: str) -> Somebody | None:
    """The person with this number on the list, else the only one whose record ends like this.

    A number on the list has no zero before it: 0001 is of a record, and never the first row.
    """
    if typed.isascii() and typed.isdecimal() and typed[0] != "0" and int(typed) <= len(people):
        return people[int(typed) - 1]
    if len(typed) < _FEWEST_LETTERS:
        return None
    wanted = typed.casefold()
    exact = [p for p in people if wanted in (p.reference.casefold(), p.stay.casefold())]
    like = exact or [p for p in people if wanted in p.reference.casefold()]
    return like[0] if len(like) == 1 else None


def _show(people: Sequence[Person], first: int, rows: int, begun: Mapping[str, str]) -> int:
    several = len({person.suite for person in people}) > 1
    last = min(len(people), first + rows)
    for number, person in enumerate(people[first:last], first + 1):
        say(f"{number:>3}  {_line(person, several=several, begun=begun.get(person.stay, ''))}")
    return last


def _line(person: Person, *, several: bool, begun: str) -> str:
    where = f"cell {person.cell}" if person.cell else "no cell"
    suite = f"{spans.named(person.suite)} " if several else ""
    urgency = board.urgency(person.urgency, person.screening)
    parts = [urgency.upper() if person.urgency in ("emergency", "urgent") else urgency]
    if person.untaken:
        parts.append(f"{person.untaken} not taken")
    if begun:
        parts.append(begun)
    line = f"{board.name(person.initials):<5}{where:<10} {person.reference:<22} {suite}"
    return plain_row(f"{line}{', '.join(parts)}")


def plain_row(text: str) -> str:
    """A row as the terminal shows it and never obeys it, with its columns kept."""
    return " ".join(plain(part) if part else "" for part in text.split(" ")).rstrip()
