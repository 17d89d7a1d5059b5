"""One person in words: what every door shows of them, a page and a terminal alike."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from triage.domain.rulebook import Rulebook
from triage.present import board, past, section136, stay, timeline
from triage.present.found import Found, found
from triage.present.section136 import ClockWords
from triage.present.stay import Decision
from triage.present.timeline import AlertStory
from triage.present.unlawful import unlawful_words

if TYPE_CHECKING:
    from triage.casework import StayView


@dataclass(frozen=True)
class Parts:
    """What is said of one person, in the order in which it is read."""

    title: str  # initials and cell, never a name
    bar: tuple[tuple[str, str], ...]
    powers: tuple[str, ...]
    unlawful: tuple[str, ...]
    clocks: tuple[ClockWords, ...]
    met: tuple[ClockWords, ...]  # the clocks that were met
    screen_again: str
    found: Found | None  # None before there is a screening that counts
    versions: tuple[str, ...]
    past: past.Past | None  # before and now; None where nothing is on record from before
    decisions: tuple[Decision, ...]
    stories: tuple[AlertStory, ...]  # the life of each alert, the last raised first


def parts(view: "StayView", *, rulebook: Rulebook) -> Parts:
    """One person, as far as the role that looks may read."""
    now, told = view.at, view.clocks
    clocks, met = section136.strip(told.clocks if told else (), now=now)
    return Parts(
        title=stay.title(view),
        bar=stay.bar(view, now=now),
        powers=stay.powers(view, now=now),
        unlawful=tuple(unlawful_words(each) for each in told.unlawful) if told else (),
        clocks=clocks,
        met=met,
        screen_again=board.screen_again(view.screen_again, now=now),
        found=_found(view, rulebook),
        versions=tuple(stay.version(each, now=now) for each in view.screenings),
        past=past.past(view, rulebook),
        decisions=tuple(stay.decision(each, now=now) for each in view.decisions),
        stories=timeline.stories(view.timeline, now=now),
    )


def _found(view: "StayView", rulebook: Rulebook) -> Found | None:
    if view.findings is None:
        return None
    days = stay.markers(view)
    return found(view.findings, rulebook=rulebook, now=view.at, suite=view.suite, markers=days)
