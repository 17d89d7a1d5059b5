"""Where messages go: the mail and whoever reads it, held against the record as each one leaves.

A message is one delivery; a late one, and one that was held for a shift, stands for all that it
puts together, and tells each of them.
"""

import random
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.simulation.quiet import sent_wrongly
from triage.casework.codes import code_of
from triage.channels.messages import Message, Outcome, Sent
from triage.record.engine import Connection, Row
from triage.record.events import moment

TOGETHER, HELD = "together:", "held:"
STALE = timedelta(hours=1)


class Crash(BaseException):
    """The process is gone, as after SIGKILL: nothing in the service may catch this."""


@dataclass
class Arrival:
    """One message as it reached a person."""

    key: str
    recipient: str
    words: str
    at: datetime


@dataclass
class Outside:
    """Where messages go. Its weather is good, or the mail refuses, hangs, or drops."""

    path: Path
    seed: int
    now: Callable[[], datetime]
    weather: str = "good"
    arrivals: list[Arrival] = field(default_factory=list)
    tries: dict[str, list[str]] = field(default_factory=dict)  # key -> what came of each try
    flaws: list[str] = field(default_factory=list)
    kills: int = 0  # how often a process died or slept between sending and recording
    taken: dict[str, int] = field(default_factory=dict)  # key -> kills when it was accepted
    read: dict[tuple[str, tuple[str, ...]], datetime] = field(default_factory=dict)  # held letters
    die_after: int = 0  # the process dies right after so many messages were taken
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _eyes: Connection | None = None

    def send(self, message: Message) -> Sent:
        """Take one message as the weather lets it; looks into the record as it stands."""
        with self._lock:
            told = self._look(message)
            key = message.delivery_key
            luck = random.Random(f"{self.seed}:{key}:{len(self.tries.get(key, ()))}").random()
            outcome, arrives = self._weather(luck)
            for each in told:
                self.tries.setdefault(each, []).append(outcome)
                if outcome == "sent":
                    self.taken[each] = self.kills
            if arrives:
                who = key.rsplit(":", 1)[1]
                self.arrivals.append(Arrival(key, who, message.words, self.now()))
            if self.die_after:
                self.die_after -= 1
                if not self.die_after:
                    for each in told:
                        self.tries[each][-1] = "died"
                    raise Crash("between sent and recorded")
            return Sent(Outcome(outcome))

    def close(self) -> None:
        """Close our own eyes on the record."""
        if self._eyes is not None:
            self._eyes.close()

    def _weather(self, luck: float) -> tuple[str, bool]:
        match self.weather:
            case "refuses":
                return "unknown", False
            case "refuses for good":
                return "failed", False
            case "hangs":
                return "unknown", luck < 0.5
            case "drops":
                return "sent", False
        return "sent", True

    def _look(self, message: Message) -> set[str]:
        """Hold it against the record; the keys of this try, its own and what it stands for."""
        if self._eyes is None:
            self._eyes = Connection(str(self.path), check_same_thread=False)
            self._eyes.row_factory = Row
        key = message.delivery_key
        if key.startswith(TOGETHER):
            keys = self._look_at_a_late_one(message)
        elif key.startswith(HELD):
            keys = self._look_at_a_held_one(message)
        else:
            keys = {key}
            self._look_at_one(message)
        if any(key in self.tries for key in keys) and "(repeat)" not in message.words:
            self.flaws.append(f"I8 {key} was tried again and does not say so")
        if any(self.taken.get(key, -1) == self.kills for key in keys):
            self.flaws.append(f"I8 {key} was sent again although nothing had died")
        for each in sorted(keys):
            self.flaws += sent_wrongly(self._eyes, each)
        return keys | {key}

    def _look_at_one(self, message: Message) -> None:
        key = message.delivery_key
        row = self._eyes.execute("select state from deliveries where key = ?", (key,)).fetchone()
        if row is None or row[0] != "claimed":
            self.flaws.append(f"I7 {key} was sent while its row was {row and row[0]}")
        if not _WORDS.fullmatch(message.words):
            self.flaws.append(f"I14 a message says more than it may: {message.words!r}")

    def _look_at_a_late_one(self, message: Message) -> set[str]:
        """Each delivery that was claimed for it is told, is late indeed, and no emergency."""
        key = message.delivery_key
        rows = self._eyes.execute(_CLAIMED_WITH, (key.removeprefix(TOGETHER),)).fetchall()
        if not rows or key != TOGETHER + min(row["key"] for row in rows):
            self.flaws.append(f"I7 {key} was sent and none such was claimed")
        for row in rows:
            if row["level"] in ("A1", "SYS1"):
                self.flaws.append(f"I11 {row['key']} is an emergency and waited for a late letter")
            if moment(row["lease_until"]) - moment(row["planned_at"]) < STALE:
                self.flaws.append(f"I11 {row['key']} was on time and waited for a late letter")
        said = _LATE.fullmatch(message.words)
        if said is None:
            self.flaws.append(f"I14 a late letter says more than it may: {message.words!r}")
        elif not _tells(said, {row["alert_key"]: row["level"] for row in rows}):
            self.flaws.append(f"I7 {key} stands for {len(rows)} and says {message.words!r}")
        return {row["key"] for row in rows}

    def _look_at_a_held_one(self, message: Message) -> set[str]:
        """Each message that it carries is told, might wait, and has no second letter beside it."""
        key, reader = message.delivery_key, (message.channel, message.to)
        rows = self._eyes.execute(_CARRIED_BY, (key,)).fetchall()
        if not rows:
            self.flaws.append(f"I7 {key} was sent and carries nothing that was claimed")
        for row in rows:
            if row["level"] not in ("A3", "A4"):
                self.flaws.append(f"I11 {row['key']} is urgent and waited for a shift to begin")
        said = _HELD.fullmatch(message.words)
        if said is None:
            self.flaws.append(f"I14 a held letter says more than it may: {message.words!r}")
        elif not _tells(said, {row["alert_key"]: row["level"] for row in rows}):
            self.flaws.append(f"I7 {key} stands for {len(rows)} and says {message.words!r}")
        if key not in self.tries and self.read.get(reader) == self.now():
            self.flaws.append(f"N2 {reader} got two letters of what was held in one moment")
        self.read[reader] = self.now()
        return {row["key"] for row in rows}


def _tells(said: re.Match[str], levels: dict[str, str]) -> bool:
    """Whether a late letter counts every alert that it stands for, by level and in all."""
    named, more = said["codes"].split(", "), int(said["more"] or 0)
    kinds = {word: int(count) for count, word in _KIND.findall(said["kinds"])}
    codes = Counter(code_of(key) for key in levels)
    return (
        int(said["all"]) == len(levels) == len(named) + more
        and not Counter(named) - codes
        and kinds == Counter(_LATE_WORDS.get(level, level) for level in levels.values())
    )


# Claimed at once for one reader: nothing else has the same lease, channel and addressee.
_CLAIMED_WITH = """select d.key, d.alert_key, d.planned_at, d.lease_until, a.level
 from deliveries first join deliveries d on d.lease_until = first.lease_until
 and d.channel = first.channel and d.recipient = first.recipient
 join alerts a on a.key = d.alert_key
 where first.key = ? and first.state = 'claimed' and d.state = 'claimed'
 and a.state in ('raised', 'acknowledged', 'in_hand')"""
_CARRIED_BY = """select d.key, d.alert_key, a.level from deliveries d
 join alerts a on a.key = d.alert_key where d.reference = ? and d.state = 'claimed'
 and a.state in ('raised', 'acknowledged', 'in_hand')"""
_LATE_WORDS = {"A2": "URGENT", "A3": "SOON", "A4": "ROUTINE", "SYS2": "FAULT OF THE SERVICE"}
_KIND = re.compile(rf"(\d+) ({'|'.join(_LATE_WORDS.values())})")
_LATE = re.compile(
    r"LATE, (?P<all>\d+) together: messages could not leave since "
    r"[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d (BST|GMT)\. "
    rf"Still open: (?P<kinds>{_KIND.pattern}(, {_KIND.pattern})*)\. Go to the board\. "
    r"Codes (?P<codes>[B-Z]{4}(, [B-Z]{4})*)( and (?P<more>\d+) more)?\. \(late\)( \(repeat\))?"
)
_SUITE = r"((Castle Street|Dock Road|Mill Lane|North Quay) \(training\)|All suites) \d+"
_HELD = re.compile(
    rf"Held until the shift began: (?P<all>\d+) for the [a-z ]+, "
    rf"(?P<kinds>{_KIND.pattern}(, {_KIND.pattern})*)\. {_SUITE}(, {_SUITE})*\. "
    r"The longest waits \d+ min\. Go to the board\. "
    r"Codes (?P<codes>[B-Z]{4}(, [B-Z]{4})*)( and (?P<more>\d+) more)?\.( \(repeat\))?( \(late\))?"
)
_WORDS = re.compile(
    r"((Castle Street|Dock Road|Mill Lane|North Quay) \(training\)|All suites): 1 "
    r"(EMERGENCY|URGENT|SOON|EMERGENCY OF THE SERVICE|FAULT OF THE SERVICE) waiting "
    r"\d+ min for the [a-z ]+\. Go to the board\. Code [B-Z]{4}\.( \(repeat\))?( \(late\))?"
)
