"""Desks that work through people one after another and write down what was answered.

``sent`` is written before a request leaves, ``acked`` after its whole answer came. A request that
got no answer is sent again under its own key until it does, as a terminal would.
"""

import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.faults.server import Desk, Server, pause
from triage import clock
from triage.domain.london import iso

SCREENS: tuple[dict[str, Any], ...] = (
    {"answers": {"self_harm_now": "plan_or_intent", "head_knock": "refused"},
     "observations": {"rouse": "alert"}},
    {"everything_else": "no"},
    {"answers": {"drinks_daily": "daily_15u_plus"}, "observations": {"rouse": "pain"}},
)  # fmt: skip


# The two answer it otherwise without having seen each other, and neither takes it back.
CONTESTED, MINE, THEIRS = "swallowed_or_hidden", "no", "yes"


@dataclass(frozen=True)
class Asked:
    """One request of a desk; what is typed has no key, and is by whoever types it."""

    act: str
    path: str
    body: dict[str, Any]
    typist: Desk | None = None
    made_on: int | None = None


@dataclass
class Worker(threading.Thread):
    """One desk: its own people, its own log, one request at a time.

    A colleague at another desk types into its screenings, under their own name.
    """

    server: Server
    desk: Desk
    colleague: Desk
    log: Path
    number: int
    takes: bool = True  # takes emergencies; the planted service raises them only later
    acked: int = 0
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(name=f"desk-{self.number}", daemon=True)
        self._ended = threading.Event()

    # A dataclass that is a thread must be told apart by identity.
    __hash__ = threading.Thread.__hash__

    def end(self) -> None:
        """Finish the request that is out, and no other."""
        self._ended.set()

    def run(self) -> None:
        person = self.number  # each desk begins with somebody else
        with self.log.open("a") as log:
            while not self._ended.is_set():
                person += 1
                for number, asked in enumerate(self._night(person)):
                    self._said = self._insist(f"{self.number}-{person}-{number}", asked, log)
                    if self._ended.is_set():
                        return

    def _night(self, person: int) -> Iterator[Asked]:
        """One person from the door to the street, begun long enough ago for alerts to be due."""
        began = clock.now() - timedelta(hours=2)
        yield Asked("opened", "/stays", {
            "kind": "custody", "suite": "castle_street", "opened_at": iso(began),
            "reference": f"TRAINING/K{self.number}/{person}", "offence": "theft",
            "identity": {"age": 38, "sex": "female"},
        })  # fmt: skip
        stay = self._said["stay"]
        yield from self._screening(person, stay)
        alerts = [key for key in self._said["alerts"] if ":emergency" in key]
        at = iso(clock.now())
        if alerts and self.takes:
            yield Asked("taken", f"/alerts/{alerts[0]}/acknowledge", {"kind": "police"})
        yield Asked("visited", f"/stays/{stay}/visits", {"occurred_at": at})
        yield Asked("reviewed", f"/stays/{stay}/events", {
            "kind": "detention_authorised", "occurred_at": iso(began + timedelta(minutes=20)),
        })  # fmt: skip
        yield Asked("decided", f"/stays/{stay}/routes", {
            "outcome": "declined", "route": "liaison_nurse", "reason": "Not now.",
            "occurred_at": at,
        })  # fmt: skip
        if person % 2:
            yield Asked("released", f"/stays/{stay}/release", {
                "occurred_at": iso(clock.now()), "to": "home", "reason": "not_given",
            })  # fmt: skip

    def _screening(self, person: int, stay: str) -> Iterator[Asked]:
        """Two people type it, and one of them records it."""
        details = {"nation": "england", "stage": "arrest", "offence": "theft",
                   "person": {"age": 38, "sex": "female"}}  # fmt: skip
        screen = SCREENS[person % len(SCREENS)]
        if person % 3:
            draft, seen = f"/stays/{stay}/draft", screen.get("observations", {})
            answers = {"language_help": "english_ok", CONTESTED: MINE}
            yield Asked("typed", draft, {"answers": answers, "observations": seen}, self.desk, 0)
            mine = self._said["version"]
            theirs = {"first_time_in_cell": "yes", CONTESTED: THEIRS}
            yield Asked("typed", draft, {"answers": theirs}, self.colleague, 0)
            answers |= {"says_why_here": "clear"}
            yield Asked("typed", draft, {"answers": answers, "observations": seen}, self.desk, mine)
            answers = {**self._said["draft"]["answers"], **screen.get("answers", {})}
            screen = {**screen, "answers": answers}
        made_on = self._said.get("version")
        yield Asked("screened", f"/stays/{stay}/screenings", {**details, **screen}, made_on=made_on)

    def _insist(self, key: str, asked: Asked, log: Any) -> Any:
        key, by = f"desk-key-{key}", (asked.typist or self.desk).name
        while True:
            _write(log, {"sent": key, "act": asked.act, "by": by})
            try:
                status, said = self._send(asked, key)
            except (OSError, http.client.HTTPException):
                pause(0.02)
                continue
            if status not in (200, 201):
                self.refused.append(f"{asked.act} {status} {said}")
                self.end()
            line = {
                "acked": key, "act": asked.act, "by": by, "status": status,
                "seq": said.get("seq"), "stay": said.get("stay"), "alerts": said.get("alerts", []),
            }  # fmt: skip
            if asked.typist is not None:
                line |= {"typed": asked.body, "recorded": said.get("recorded")}
            _write(log, line)
            self.acked += 1
            return said

    def _send(self, asked: Asked, key: str) -> tuple[int, Any]:
        if asked.typist is not None:
            return self.server.put(asked.path, asked.body, asked.typist, asked.made_on)
        return self.server.post(asked.path, asked.body, self.desk, key=key, made_on=asked.made_on)


def _write(log: Any, line: dict[str, Any]) -> None:
    log.write(json.dumps(line) + "\n")
    log.flush()
