"""What one POST of a screening works, part by part; and that its tenth version works no more."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.benchmarks.parts import Watch, watching
from tests.benchmarks.test_post_speed import OKAFOR, PEOPLE, open_stays, screening_of
from tests.depth import depth
from tests.faults.server import Desk, desks_in
from triage import casework, clock
from triage.record import Record
from triage.rules_files import load, rules_dir
from triage.schemas import documents
from triage.schemas.screen import details_of
from triage.settings import Settings
from triage.web.app import create_app

VERSIONS = 10
NO_MORE = 1.25  # of what the first version works
OPEN_STAYS = 500


def desk_in(instance: Path) -> Desk:
    record = Record.open(instance / "triage.db", create=True)
    [desk] = desks_in(record, "custody_sergeant")
    record.close()
    return desk


@pytest.mark.parametrize("person", PEOPLE)
def test_the_tenth_version_of_a_screening_works_no_more_than_the_first(tmp_path: Path, person: str):
    desk, body = desk_in(tmp_path), screening_of(PEOPLE[person])
    stays = open_stays(tmp_path, depth(40, 200))
    settings = Settings(tmp_path, tmp_path / "triage.db", draft_rules=True, training=True)
    client = create_app(settings).test_client()

    def post(stay: str, version: int) -> None:
        headers = desk.headers(f"{stay}-{version:03d}")
        sent = client.post(f"/api/v1/stays/{stay}/screenings", data=body, headers=headers)
        assert sent.status_code == 201, sent.text

    watched: list[Watch] = []
    for version in range(VERSIONS):
        with watching() as watch:
            for stay in stays:
                watch.act(lambda stay=stay, version=version: post(stay, version))
        watched.append(watch)
    first, last = watched[0].median("all"), watched[-1].median("all")

    for version in (0, VERSIONS - 1):
        print(f"\n{person}, version {version + 1}, microseconds of work:")
        print(watched[version].table())
    print(f"version {VERSIONS} works {last / first:.2f}x of version 1")
    assert last <= NO_MORE * first


def worked(service: casework.Service, memory: casework.Memory, now: object) -> float:
    start = time.thread_time()
    casework.tick(service, now=now, send=None, memory=memory)  # type: ignore[arg-type]
    return time.thread_time() - start


def test_a_pass_over_five_hundred_open_stays(tmp_path: Path):
    desk_in(tmp_path)
    stays = open_stays(tmp_path, OPEN_STAYS)
    path = tmp_path / "triage.db"
    book = load(rules_dir(), draft=True)
    service = casework.Service(Record.open(path), book, Settings(tmp_path, path, training=True))
    now = clock.now()
    document = documents.parse(screening_of("screen-ryan"), name="body.json")
    for stay in stays:
        details = details_of(document, book, now=now)
        casework.record_screening(service, stay, details, actor=OKAFOR, now=now)
    again = casework.Service(Record.open(path), book, service.settings)
    memory = casework.Memory()
    cold = worked(again, memory, now)
    between = worked(again, memory, now + timedelta(seconds=5))
    minute = worked(again, memory, now + timedelta(seconds=61))
    for each in (service, again):
        each.record.close()

    print(
        f"\n{OPEN_STAYS} open stays: a pass works {cold:.3f} s when nothing is remembered, "
        f"{between:.3f} s between two looks, {minute:.3f} s when each is looked at again"
    )
    assert (between <= 0.2 * minute, minute <= cold) == (True, True)
