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
    {"answers": {"drinks_daily": "daily_15u_plus"}, "observations": {"rouse": "voice"}},
)  # fmt: skip


@dataclass
class Worker(threading.Thread):
    """One desk: its own people, its own log, one request at a time."""

    server: Server
    desk: Desk
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
        person = 0
        with self.log.open("a") as log:
            while not self._ended.is_set():
                person += 1
                for number, (act, path, body) in enumerate(self._night(person, log)):
                    self._said = self._insist(
                        f"{self.number}-{person}-{number}", act, path, body, log
                    )
                    if self._ended.is_set():
                        return

    def _night(self, person: int, log: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """One person from the door to the street, begun long enough ago for alerts to be due."""
        began = clock.now() - timedelta(hours=2)
        yield "opened", "/stays", {
            "kind": "custody", "suite": "castle_street", "opened_at": iso(began),
            "reference": f"TRAINING/K{self.number}/{person}", "offence": "theft",
            "identity": {"age": 38, "sex": "female"},
        }  # fmt: skip
        stay = self._said["stay"]
        details = {"nation": "england", "stage": "arrest", "offence": "theft",
                   "person": {"age": 38, "sex": "female"}}  # fmt: skip
        yield "screened", f"/stays/{stay}/screenings", {
            **details, **SCREENS[person % len(SCREENS)],
        }  # fmt: skip
        alerts = [key for key in self._said["alerts"] if ":emergency" in key]
        at = iso(clock.now())
        if alerts and self.takes:
            yield "taken", f"/alerts/{alerts[0]}/acknowledge", {"kind": "police"}
        yield "visited", f"/stays/{stay}/visits", {"occurred_at": at}
        yield "reviewed", f"/stays/{stay}/events", {
            "kind": "detention_authorised", "occurred_at": iso(began + timedelta(minutes=20)),
        }  # fmt: skip
        yield "decided", f"/stays/{stay}/routes", {
            "outcome": "declined", "route": "liaison_nurse", "reason": "Not now.",
            "occurred_at": at,
        }  # fmt: skip
        if person % 2:
            yield "released", f"/stays/{stay}/release", {
                "occurred_at": iso(clock.now()), "to": "home", "reason": "not_given",
            }  # fmt: skip

    def _insist(self, key: str, act: str, path: str, body: dict[str, Any], log: Any) -> Any:
        key = f"desk-key-{key}"
        while True:
            _write(log, {"sent": key, "act": act, "by": self.desk.name})
            try:
                status, said = self.server.post(path, body, self.desk, key=key)
            except (OSError, http.client.HTTPException):
                pause(0.02)
                continue
            if status not in (200, 201):
                self.refused.append(f"{act} {status} {said}")
                self.end()
            _write(log, {
                "acked": key, "act": act, "by": self.desk.name, "status": status,
                "seq": said.get("seq"), "stay": said.get("stay"), "alerts": said.get("alerts", []),
            })  # fmt: skip
            self.acked += 1
            return said


def _write(log: Any, line: dict[str, Any]) -> None:
    log.write(json.dumps(line) + "\n")
    log.flush()
