"""The sound test in words; what the siren itself says stands in its template."""

from dataclasses import dataclass
from datetime import datetime

from triage.present import spans

UNTESTED = "The sound of this screen was not tested since you signed in."
NONE = "none"
COUNTS = ("1", "2", "3", "4")


@dataclass(frozen=True)
class Choice:
    """One button: how many beeps, and the colour that stands for it."""

    value: str
    words: str
    colour: str


CHOICES = (
    Choice("1", "One beep: red", "red"),
    Choice("2", "Two beeps: blue", "blue"),
    Choice("3", "Three beeps: green", "green"),
    Choice("4", "Four beeps: black", "black"),
    Choice(NONE, "I heard nothing", "none"),
)


def last_tested(at: datetime | None, *, now: datetime) -> str:
    """When this person last heard their screen."""
    if at is None:
        return "You have not tested the sound here yet."
    return f"You last heard it at {spans.moment(at, now=now)}."


def not_heard(pressed: str) -> str:
    """What to do when the test failed; until it is heard somebody has to look."""
    said = "You heard nothing." if pressed == NONE else "That is not what was played."
    return (
        f"{said} It is on the record. Turn the loudspeaker on and up, and play it again. Until you "
        "can hear it, look at the alerts every two minutes, and tell whoever runs this service."
    )
