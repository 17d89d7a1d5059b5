"""The watchdog: from outside, is the service live, and does a message really leave by each way?

It shares neither a process nor the record with what it watches, and it alarms by means of its own:
a dead service cannot say that it is dead.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from triage.casework.drills import DRILL
from triage.channels.messages import Message, Outcome, Sent
from triage.domain.london import text
from triage.record import Alert

HEALTH = "/api/v1/health"
STALE_AFTER = timedelta(seconds=30)
CLOCKS_APART = timedelta(minutes=2)
AGAIN_EVERY = timedelta(minutes=5)
TAKEN_WITHIN = timedelta(seconds=60)
_EMERGENCIES = ("A1", "SYS1")
SUBJECT, CLEAR = "Custody Triage is NOT LIVE", "Custody Triage is live again"
_DO = "Ring each custody suite: use the printed sheet and keep every clock by hand."


def problems_of(told: Mapping[str, Any], *, now: datetime) -> tuple[str, ...]:
    """What is wrong with a service that says this about its health; empty when nothing is."""
    try:
        at = datetime.fromisoformat(told["at"])
        last = told["last_pass_at"]
        beat = None if last is None else datetime.fromisoformat(last)
        status = told["status"]
        apart = abs(at - now)
        age = None if beat is None else at - beat
    except (KeyError, TypeError, ValueError):
        return ("What answers there is not this service.",)
    found = []
    if beat is None or age is None:
        found.append("Its timers have never run.")
    elif status != "ok" or age > STALE_AFTER:
        found.append(f"It answers, but its timers stand still since {text(beat)}.")
    if apart > CLOCKS_APART:
        seconds = int(apart.total_seconds())
        found.append(f"Its clock and the clock of this machine are {seconds} s apart.")
    return tuple(found)


def clocks_apart(told: Mapping[str, Any], *, now: datetime) -> timedelta:
    """By how much the clock of a service is ahead of ours; nothing where it does not say."""
    try:
        return datetime.fromisoformat(told["at"]) - now
    except (KeyError, TypeError, ValueError):
        return timedelta(0)


def untaken(alerts: Iterable[Alert], *, now: datetime) -> tuple[str, ...]:
    """Emergencies that nobody has taken for a minute, in one sentence: how many, how long."""
    waits = [
        now - (alert.raised_at or alert.due_at)
        for alert in alerts
        if alert.level in _EMERGENCIES and alert.state == "raised" and alert.source != DRILL
    ]
    late = [each for each in waits if each >= TAKEN_WITHIN]
    if not late:
        return ()
    many = "1 emergency has" if len(late) == 1 else f"{len(late)} emergencies have"
    return (f"{many} waited {int(max(late).total_seconds()) // 60} min and nobody has it.",)


def probe_problems(tries: Iterable[tuple[str, Sent]]) -> tuple[str, ...]:
    """Which channels let no test message out, in sentences."""
    return tuple(
        f"No test message leaves by {name}: {sent.outcome} ({sent.reason})."
        for name, sent in tries
        if sent.outcome is not Outcome.SENT
    )


@dataclass
class Alarm:
    """Says by its own means that something is wrong: after a while, again and again, and the end.

    ``patience`` is how long trouble may last before anybody is told; a restart takes seconds.
    """

    send: tuple[tuple[str, Callable[[Message], Sent], tuple[str, ...]], ...]
    patience: timedelta
    since: datetime | None = None
    told_at: datetime | None = field(default=None)

    def look(self, problems: tuple[str, ...], *, now: datetime) -> tuple[tuple[str, Sent], ...]:
        """Take note of one look; what was sent because of it, by which means."""
        if not problems:
            was, self.since = self.since, None
            told, self.told_at = self.told_at, None
            if told is None or was is None:
                return ()
            return self._say(CLEAR, f"It is live again. It was not since {text(was)}.", was)
        self.since = self.since or now
        if now - self.since < self.patience:
            return ()
        if self.told_at is not None and now - self.told_at < AGAIN_EVERY:
            return ()
        done = self._say(
            SUBJECT, f"Since {text(self.since)}: {' '.join(problems)} {_DO}", self.since
        )
        if any(sent.outcome is Outcome.SENT for _, sent in done):
            self.told_at = now  # what did not leave is tried again at the next look
        return done

    def rings(self, *, now: datetime) -> bool:
        """Whether trouble has lasted longer than anybody waits for."""
        return self.since is not None and now - self.since >= self.patience

    def _say(self, subject: str, words: str, since: datetime) -> tuple[tuple[str, Sent], ...]:
        key = f"watch:{subject}:{since.isoformat()}:{self.told_at}"
        about: dict[str, str | int | bool] = {
            "code": "WATCH", "level": "SYS1", "live": subject == CLEAR
        }  # fmt: skip
        return tuple(
            (name, send(Message(key, to, subject, words, name, about)))
            for name, send, to in self.send
        )
