"""The checker: a process of its own that knows only the desks' logs and the file.

Each line on standard input is one look, ``look`` or ``last``; each answer is a JSON list of what
is wrong. It opens the file while no server runs.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.faults.server_desks import CONTESTED, MINE, THEIRS
from triage import clock
from triage.casework import Service
from triage.casework.entries import details_of
from triage.casework.history import History
from triage.casework.planning import wanted
from triage.domain.answers import Answer
from triage.domain.draft_places import places_of
from triage.record import EventKind, Reading, Record, Recorded, rebuild, verify
from triage.record.engine import connect
from triage.record.raisings import RAISED
from triage.rules_files import load, rules_dir
from triage.settings import Settings

Lines = dict[str, dict[str, Any]]
KINDS = {
    "opened": EventKind.STAY_OPENED,
    "screened": EventKind.SCREENING_SAVED,
    "taken": EventKind.ALERT_ACKNOWLEDGED,
    "visited": EventKind.VISIT,
    "reviewed": EventKind.DETENTION_EVENT,
    "decided": EventKind.ROUTE_DECISION,
    "released": EventKind.RELEASED,
}
TIMERS = "timers"


CONTESTED_AT = f"answers.{CONTESTED}"
EMERGENCIES = {(CONTESTED_AT, THEIRS), ("observations.rouse", "pain")}


def acts(lines: Lines) -> Lines:
    """The lines of acts, each of which has its key and its event."""
    return {key: line for key, line in lines.items() if line["act"] in KINDS}


def typed(lines: Lines) -> Lines:
    """The lines of what was typed and is no act yet."""
    return {key: line for key, line in lines.items() if line["act"] not in KINDS}


def provisional(event: Recorded) -> bool:
    """Whether a draft made this version at once, because an emergency was typed into it."""
    return bool(event.header.get("provisional"))


def recorded_places(reading: Reading, stay: str) -> dict[str, Answer]:
    """The answer at each place of the last version that somebody recorded."""
    kept = [e for e in reading.stay_events(stay) if e.kind is EventKind.SCREENING_SAVED]
    found = [details_of(each, clinical=True) for each in kept if not provisional(each)]
    if not found or found[-1] is None:
        return {}
    parts = {"answers": found[-1].answers, "observations": found[-1].observations}
    return {f"{part}.{id}": a for part, said in parts.items() for id, a in said.items()}


def says(answer: Answer | None, place: str, value: object) -> bool:
    """Whether this was recorded; where two differed, one of the answers with the words of both."""
    if answer is None or place != CONTESTED_AT:
        return answer is not None and answer.value == value
    return all(f'typed "{each}"' in (answer.words or "") for each in (MINE, THEIRS))


class Checker:
    """What is remembered between two looks, so that a long record is not walked anew."""

    def __init__(self, path: Path, logs: list[Path]) -> None:
        self.path, self.logs = path, logs
        self.rulebook = load(rules_dir(), draft=True)
        self.seen = 0  # the last event that was looked at
        self.events: dict[int, Recorded] = {}
        self.made: Counter[tuple[str, str]] = Counter()  # acts by account and kind
        self.provisional: Counter[str] = Counter()  # versions that a draft made at once, by stay
        self.raised: Counter[str] = Counter()
        self.read = dict.fromkeys(logs, 0)
        self.sent: dict[str, tuple[str, str]] = {}
        self.acked: dict[str, dict[str, Any]] = {}

    def look(self, *, last: bool) -> list[str]:
        """Everything that is wrong now; ``last`` looks at all of it, after the timers ran."""
        fresh = self._read_logs()
        record = Record.open(self.path)
        try:
            stays = self._read_events(record)
            problems = [
                *self._lost(record, acts(self.acked if last else fresh)),
                *self._untyped(record, typed(self.acked if last else fresh)),
                *self._told_twice(),
                *self._doubled(),
                *self._half(record),
                *self._unplanned(record, stays),
                *self._alerts(record, self.acked if last else fresh),
            ]
            if last:
                problems += self._not_raised(record)
        finally:
            record.close()
        walked = verify(self.path, full=last, remember_at=clock.now())
        problems += [f"verify: {flaw}" for flaw in walked.flaws]
        if last and not rebuild(self.path, keep=False).same:
            problems.append("a projection is not what its events say")
        return problems

    def _read_logs(self) -> dict[str, dict[str, Any]]:
        fresh = {}
        for log in self.logs:
            with log.open("rb") as lines:
                lines.seek(self.read[log])
                for text in lines:
                    if not text.endswith(b"\n"):
                        break
                    self.read[log] += len(text)
                    line = json.loads(text)
                    if "sent" in line:
                        self.sent[line["sent"]] = (line["by"], line["act"])
                    else:
                        fresh[line["acked"]] = line
        self.acked |= fresh
        return fresh

    def _read_events(self, record: Record) -> set[str]:
        """Note what came since the last look; gives the stays that it is about."""
        stays = set()
        for event in record.reading().events_after(self.seen, 10_000_000):
            self.seen = event.seq
            self.events[event.seq] = event
            if event.kind in RAISED:
                self.raised.update(event.alert_keys)
            if provisional(event):
                self.provisional[event.stay or ""] += 1
            elif event.actor.account != TIMERS:
                self.made[(event.actor.account, event.kind)] += 1
            if event.stay is not None:
                stays.add(event.stay)
        return stays

    def _lost(self, record: Record, acked: dict[str, dict[str, Any]]) -> Iterator[str]:
        """Every act that was answered stands in the record, under the number it was told."""
        for key, line in acked.items():
            if line["status"] not in (200, 201):
                yield f"{key}: answered {line['status']}"
                continue
            event = self.events.get(line["seq"])
            if event is None or event.kind is not KINDS[line["act"]]:
                yield f"{key}: lost, there is no {line['act']} at {line['seq']}"
            elif event.actor.account != line["by"]:
                yield f"{key}: stands in another name"
            elif not self._remembered(record, key, line):
                yield f"{key}: half, its key is not remembered"

    def _remembered(self, record: Record, key: str, line: dict[str, Any]) -> bool:
        found = record.reading().remembered(key, line["by"])
        return found is not None and found.ids.get("seq") == line["seq"]

    def _untyped(self, record: Record, typed: dict[str, dict[str, Any]]) -> Iterator[str]:
        """What was answered to whoever typed it stands in the draft under their name, or in the
        version that was recorded since; an emergency in it is on the record."""
        reading = record.reading()
        for key, line in typed.items():
            at = line["recorded"]
            if at is not None and not (at in self.events and provisional(self.events[at])):
                yield f"{key}: lost, there is no provisional version at {at}"
            draft, recorded = reading.draft(line["stay"]), recorded_places(reading, line["stay"])
            said = {} if draft is None else draft.typed.said()
            for place, value in places_of(line["typed"]).items():
                in_draft = any(
                    e.account == line["by"] and e.value == value for e in said.get(place, ())
                )
                if not in_draft and not says(recorded.get(place), place, value):
                    yield f"{key}: lost, nobody typed {place}"

    def _told_twice(self) -> Iterator[str]:
        """An emergency that was typed is recorded at once, and once however often it was sent."""
        stays: dict[str, set[tuple[str, str]]] = {}
        for line in typed(self.acked).values():
            said = {(place, str(value)) for place, value in places_of(line["typed"]).items()}
            stays.setdefault(line["stay"], set()).update(said & EMERGENCIES)
        for stay, said in stays.items():
            if (CONTESTED_AT, THEIRS) in said and self.provisional[stay] != len(said):
                yield f"{stay}: {self.provisional[stay]} provisional versions of {len(said)}"

    def _doubled(self) -> Iterator[str]:
        """No act stands twice: never more of a kind than keys that were sent or answered."""
        sent = Counter((by, KINDS[act].value) for by, act in self.sent.values() if act in KINDS)
        acked = Counter((e["by"], KINDS[e["act"]].value) for e in acts(self.acked).values())
        for (by, kind), many in self.made.items():
            most = sent[(by, kind)]
            if kind in set(KINDS.values()) and not acked[(by, kind)] <= many <= most:
                yield f"{by}: {many} of {kind}, {acked[(by, kind)]} answered, {most} sent"

    def _half(self, record: Record) -> Iterator[str]:
        """Each act stands with its key, and each key with its act."""
        connection = connect(self.path)
        try:
            rows = connection.execute("select account, key, ids from idempotency").fetchall()
        finally:
            connection.close()
        keyed = {json.loads(row["ids"])["seq"] for row in rows}
        acts = {
            event.seq
            for event in self.events.values()
            if event.kind in set(KINDS.values()) and event.actor.account in self._desks()
            and not event.header.get("by_event") and not provisional(event)
        }  # fmt: skip
        for seq in keyed - acts:
            yield f"a key is remembered for event {seq}, which is no act"
        for seq in acts - keyed:
            yield f"event {seq} ({self.events[seq].kind}) stands without its key"

    def _desks(self) -> set[str]:
        return {by for by, _ in self.sent.values()}

    def _unplanned(self, record: Record, stays: set[str]) -> Iterator[str]:
        """Each stay's outbox holds what the stay called for at its own last act.

        What is called for only because time has passed since then is the next pass's to find.
        """
        service = Service(record, self.rulebook, Settings(self.path.parent, self.path))
        reading = record.reading()
        for id in sorted(stays):
            stay = reading.stay(id)
            if stay is None:
                yield f"{id}: an event stands without its stay"
                continue
            acts = [one for one in reading.stay_events(id) if one.actor.account != TIMERS]
            at = max(act.recorded_at for act in acts)
            calls_for = wanted(service, History.read(reading, stay), now=at)
            known = {alert.key for alert in reading.alerts_of(id)}
            for alert in calls_for.alerts:
                if f"{id}:{alert.key}" not in known:
                    yield f"{id}:{alert.key}: an act stands without its alert"

    def _alerts(self, record: Record, acked: dict[str, dict[str, Any]]) -> Iterator[str]:
        for key, many in self.raised.items():
            if many != 1:
                yield f"{key}: raised {many} times"
        for line in acked.values():
            for key in line["alerts"]:
                if record.reading().alert(key) is None:
                    yield f"{key}: an alert that was told of is lost"

    def _not_raised(self, record: Record) -> Iterator[str]:
        beat = record.reading().last_heartbeat()
        if beat is None:
            yield "the timers never ran"
            return
        for alert in record.reading().alerts_due(beat.at, 100):
            yield f"{alert.key}: due before the last pass and not raised"
        connection = connect(self.path)
        try:
            rows = connection.execute("select key from alerts where state <> 'planned'").fetchall()
        finally:
            connection.close()
        for key in {row["key"] for row in rows} ^ set(self.raised):
            yield f"{key}: raised and not on the record, or the other way round"


def main() -> None:
    checker = Checker(Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]])
    for line in sys.stdin:
        print(json.dumps(checker.look(last=line.strip() == "last")), flush=True)


if __name__ == "__main__":
    main()
