"""What each wait of one stay took, by itself: one person may be detained twice in one stay.

A report counts a wait in the stretch in which it began, and the ledger, the times that passed and
the places that were asked go with it: never in two stretches, and never in none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from triage.domain import permitted, section136, timeline, whereabouts
from triage.domain.attributed import Attribution, given, left
from triage.domain.clocks import Delay, Gap
from triage.domain.dated import Law
from triage.domain.delays import Window, arrested_window, delays_in, detained_window, gaps_in
from triage.domain.timeline import Detention
from triage.domain.waits import Wait, WaitKind


@dataclass(frozen=True)
class Share:
    """One wait of a detained or an arrested person, and what of the ledger is its own."""

    wait: Wait
    since: datetime  # the decision, which may be long before the arrival with which a wait begins
    delays: tuple[Delay, ...]
    gaps: tuple[Gap, ...]


def shares(
    law: Law,
    ladder: Mapping[str, Any],
    detention: Detention,
    found: Iterable[Wait],
    by_hand: Sequence[Attribution] = (),
) -> tuple[Share, ...]:
    """The share of each of the waits that were found in a detention, the first one first."""
    line = timeline.as_known(detention)
    stays = whereabouts.stays(line)
    back_to_back = timedelta(minutes=ladder.get("back_to_back_minutes", 60))
    windows = {
        episode.opened.id: detained_window(line, permitted.held_of(law, line, stays, episode))
        for episode in section136.episodes(line, back_to_back)
    }
    made = [
        _detained(wait, windows[wait.episode], by_hand)
        if wait.kind is WaitKind.DETENTION
        else _arrested(wait, arrested_window(line, wait))
        for wait in found
        if wait.kind is not WaitKind.OFFICERS
    ]
    return tuple(sorted(made, key=lambda share: share.since))


def share_of(found: Sequence[Share], moment: datetime | None) -> Share | None:
    """The wait that a moment belongs to: the last one begun by then, else the first."""
    begun = [share for share in found if moment is not None and share.since <= moment]
    return next(iter((*reversed(begun), *found)), None)


def _detained(wait: Wait, window: Window, by_hand: Sequence[Attribution]) -> Share:
    gaps = tuple(gaps_in(window))
    delays = delays_in([window])
    if not by_hand:
        return Share(wait, window.begins, delays, gaps)
    return Share(wait, window.begins, given(delays, gaps, by_hand), left(gaps, by_hand))


def _arrested(wait: Wait, window: Window) -> Share:
    return Share(wait, window.begins, delays_in([window]), ())
