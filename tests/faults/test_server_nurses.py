"""Two nurses at two servers take the same emergency at the same moment, again and again.

Both words stand in the chain. Exactly one is first: it alone starts the time to act; and whoever
was second hears at once who was first.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.casework.conftest import answered, everything_no
from tests.depth import depth
from tests.faults.server import PLAIN, Desk, Server, desks_in
from triage import casework, clock
from triage.record import Actor, EventKind, Record, verify
from triage.rules_files import load, rules_dir
from triage.settings import Settings

OKAFOR = Actor("okafor", "PS Okafor", "custody_sergeant", "castle-desk-1")
TWO_FIRSTS = "tests.faults.server_two_firsts"
Answers = dict[str, dict[str, tuple[int, Any]]]  # alert -> nurse -> what she was answered


def emergencies(instance: Path, number: int) -> list[str]:
    """So many people in danger, each with one emergency that has been raised."""
    path = instance / "triage.db"
    service = casework.Service(
        Record.open(path), load(rules_dir(), draft=True), Settings(instance, path)
    )
    found = []
    for each in range(number):
        now = clock.now()
        opening = casework.Opening(
            casework.StayKind.CUSTODY, "castle_street", f"TRAINING/N/{each}", now, training=True
        )
        stay = casework.open_stay(service, opening, actor=OKAFOR, now=now).stay
        said = everything_no(now, answers={"swallowed_or_hidden": answered("yes")})
        casework.record_screening(service, stay, said, actor=OKAFOR, now=now)
        raised = service.record.reading().alerts_of(stay)
        found.append(next(a.key for a in raised if a.level == "A1" and a.is_open))
    service.record.close()
    return found


def race(servers: list[Server], nurses: list[Desk], alerts: list[str]) -> Answers:
    """Each nurse takes each alert at a server of her own, both at the same moment."""
    gate = threading.Barrier(2)

    def takes(server: Server, nurse: Desk, alert: str) -> tuple[str, tuple[int, Any]]:
        gate.wait()
        path = f"/alerts/{alert}/acknowledge"
        return nurse.name, server.post(path, {"kind": "clinical"}, nurse)

    with ThreadPoolExecutor(2) as pool:
        return {alert: dict(pool.map(takes, servers, nurses, (alert, alert))) for alert in alerts}


def taken(instance: Path) -> dict[str, list[tuple[str, bool]]]:
    """Of each alert who took it, in the order of the chain, and whether that began the time."""
    record = Record.open(instance / "triage.db")
    found: dict[str, list[tuple[str, bool]]] = {}
    for event in record.reading().all_events():
        if event.kind is EventKind.ALERT_ACKNOWLEDGED:
            began = event.header.get("step_due_at") is not None
            found.setdefault(str(event.header["key"]), []).append((event.actor.account, began))
    record.close()
    return found


def night(instance: Path, rounds: int, module: str) -> tuple[Answers, list[str]]:
    """Two servers, two nurses, and so many emergencies; the answers and the nurses."""
    record = Record.open(instance / "triage.db", create=True)
    nurses = desks_in(record, "liaison_nurse", "liaison_nurse")
    record.close()
    alerts = emergencies(instance, rounds)
    servers = [Server(instance, module), Server(instance, module)]
    try:
        for server in servers:
            server.start()
        return race(servers, nurses, alerts), [nurse.name for nurse in nurses]
    finally:
        for server in servers:
            server.end()


def test_of_two_nurses_who_take_an_alert_at_once_one_is_first_always(tmp_path: Path):
    answers, nurses = night(tmp_path, depth(5, 200), PLAIN)

    found = taken(tmp_path)
    assert set(found) == set(answers)
    for alert, ((first, began), (second, began_again)) in found.items():
        assert {first, second} == set(nurses)
        assert (began, began_again) == (True, False)
        status, said = answers[alert][first]
        assert (status, said["notices"]) == (201, [])
        status, said = answers[alert][second]
        assert status == 201
        [notice] = said["notices"]
        assert notice.startswith(f"{first} took it before you, at ")
    wins = {nurse: sum(took[0][0] == nurse for took in found.values()) for nurse in nurses}
    print(f"{len(found)} rounds, first: {wins}")
    assert verify(tmp_path / "triage.db", full=True).ok


def test_a_server_that_does_not_look_who_has_it_makes_both_of_them_first(tmp_path: Path):
    """The twin: the time to act would begin twice, and the check above sees it."""
    night(tmp_path, 2, TWO_FIRSTS)

    found = taken(tmp_path)
    assert [[began for _, began in took] for took in found.values()] == [[True, True]] * 2
