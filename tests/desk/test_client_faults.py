"""What goes wrong between a desk and its service, and what is on the record all the same."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from tests.desk.doors import Both, Suite
from tests.desk.people import FIRST, PASSWORD, opened, people_in
from tests.faults.server import Server
from triage import clock
from triage.casework.screenings import UNREAD
from triage.channels.asking import Answered, Asked, exchange
from triage.desk.client import SignedOut
from triage.desk.reaching import Way
from triage.desk.rebuilt import NOT_EVALUATED, meant_so_far, rebuilt, rulebook_of
from triage.desk.served import Served
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present.desk import BoardSheet
from triage.present.leaving import UNREADABLE
from triage.present.pages import error_words
from triage.record import Record, Token
from triage.rules_files import load, rules_dir
from triage.web.api.shapes import plain
from triage.web.doors import new_secret, secret_hash

AT = {"occurred_at": "2026-10-25T02:04:00Z"}
VISIT = {**AT, "seen": "Asleep, breathing seen"}


@dataclass
class Losing:
    """A way on which one answer is lost, after what was sent arrived or before."""

    way: Way
    arrives: bool
    left: int = 1

    def __call__(self, asked: Asked) -> Answered | str:
        if not self.left or asked.method != "POST":
            return self.way(asked)
        self.left -= 1
        if self.arrives:
            self.way(asked)
        return "it cannot be reached (ConnectionResetError)"


def visits(suite: Suite, stay: str) -> int:
    events = suite.service.record.reading().stay_events(suite.stays[stay])
    return sum(each.kind == "visit" for each in events)


@pytest.mark.parametrize("arrives", [True, False])
def test_an_answer_that_is_lost_is_asked_for_again_with_the_same_key(
    desk, suite: Suite, arrives: bool
):
    here, stay = desk(), suite.stays["unscreened"]
    here.way = Losing(here.way, arrives)

    with pytest.raises(Unreachable):
        here.visit(stay, VISIT, "key-visit-1")
    again = here.visit(stay, VISIT, "key-visit-1")

    assert again.repeated is arrives
    assert visits(suite, "unscreened") == 1


def test_another_key_would_have_recorded_it_twice(desk, suite: Suite):
    here, stay = desk(), suite.stays["unscreened"]
    here.way = Losing(here.way, arrives=True)

    with pytest.raises(Unreachable):
        here.visit(stay, VISIT, "key-visit-1")
    here.visit(stay, VISIT, "key-visit-2")

    assert visits(suite, "unscreened") == 2


def test_taking_a_person_again_after_a_lost_answer_is_the_same_act(desk, suite: Suite):
    here, stay = desk(), suite.stays["untaken"]
    here.way = Losing(here.way, arrives=True)

    with pytest.raises(Unreachable):
        here.take(stay)
    again = here.take(stay)

    assert again.repeated
    with pytest.raises(NotAllowed):  # answered now: pressed once more it is another act
        here.take(stay)


def test_what_came_since_a_lost_answer_is_taken_as_well(desk, suite: Suite):
    here, stay = desk(), suite.stays["untaken"]
    here.way = Losing(here.way, arrives=True)
    with pytest.raises(Unreachable):
        here.take(stay)
    here.record_screening(stay, SWALLOWED, "key-screening-1")
    assert any(card.take and card.for_role for card in here.sheet(stay).cards)

    here.take(stay)

    assert [card for card in here.sheet(stay).cards if card.take and card.for_role] == []


def test_what_is_pressed_long_after_a_lost_answer_is_another_act(desk, suite: Suite):
    here, passed = desk(), [0.0]
    here.running = lambda: passed[0]
    key = here.sheet(suite.stays["untaken"]).cards[0].key
    here.way = Losing(here.way, arrives=True)
    with pytest.raises(Unreachable):
        here.act(key, "Sat with him")

    passed[0] += 121.0

    assert not here.act(key, "Sat with him").repeated


def test_a_session_that_ends_in_between_makes_no_second_act(both: Both):
    _, here = both.desks()
    key = here.sheet(both.suite.stays["untaken"]).cards[0].key
    here.way = Losing(here.way, arrives=True)
    with pytest.raises(Unreachable):
        here.act(key, "Sat with him")
    both.suite.at += timedelta(minutes=121)
    with pytest.raises(SignedOut):
        here.act(key, "Sat with him")

    here.prove(PASSWORD)

    assert here.act(key, "Sat with him").repeated


def test_what_was_on_its_way_while_somebody_proved_who_they_are_is_asked_again(both: Both):
    _, here = both.desks()
    way, before = here.way, here.session

    def slow(asked: Asked) -> Answered | str:
        here.way = way
        here.prove(PASSWORD)  # and the session that this was sent with is over
        return way(asked)

    here.way = slow

    assert here.board().rows
    assert here.session != before


def test_an_act_on_an_alert_after_a_lost_answer_is_the_same_act(desk, suite: Suite):
    here = desk()
    key = here.sheet(suite.stays["untaken"]).cards[0].key
    here.way = Losing(here.way, arrives=True)

    with pytest.raises(Unreachable):
        here.act(key, "Sat with him")

    assert here.act(key, "Sat with him").repeated
    assert not here.act(key, "Sat with him again").repeated


def test_a_time_that_the_clock_showed_twice_is_asked_for_and_taken_with_its_fold(
    desk, suite: Suite
):
    here, stay = desk(), suite.stays["unscreened"]
    twice = {"london": "2026-10-25T01:30"}
    with pytest.raises(InputError) as refused:
        here.visit(stay, {"occurred_at": twice, "seen": "Asleep"}, "key-visit-0")
    for fold in ("first", "second"):
        when = {"occurred_at": {**twice, "fold": fold}, "seen": "Asleep"}
        here.visit(stay, when, f"key-visit-{fold}")

    assert [each.field for each in refused.value.problems] == ["occurred_at"]
    found = [each.when for each in here.sheet(stay).timeline if each.what == "Visit"]
    assert found == ["01:30 GMT", "01:30 BST"]


def test_what_has_not_come_yet_is_refused_and_nothing_is_recorded(desk, suite: Suite):
    ahead = {"occurred_at": "2026-10-25T03:00:00Z", "seen": "Asleep"}

    with pytest.raises(InputError, match="has not happened yet"):
        desk().visit(suite.stays["unscreened"], ahead, "key-visit-1")
    assert visits(suite, "unscreened") == 0


def test_a_stay_that_is_none_is_an_input_that_cannot_be_used(desk):
    with pytest.raises(InputError):
        desk().sheet("s-nobody0")


@pytest.mark.parametrize(
    ("answered", "says"),
    [
        (Answered(503, {"detail": error_words(503)[1]}), "is busy. Nothing was stored. Try again"),
        (Answered(503, None), "status 503"),  # whatever stands in front of it
        (Answered(500, {"detail": error_words(500)[1]}), "status 500"),
        (Answered(200, None), "status 200"),  # a page of somebody else
    ],
)
def test_what_is_no_answer_is_unreachable_and_said_as_far_as_it_is_known(
    suite: Suite, answered: Answered, says: str
):
    here = suite.here()
    here.way = lambda asked: answered

    with pytest.raises(Unreachable, match=says):
        here.board()


# What travels ----------------------------------------------------------------------------------


def sent(suite: Suite) -> dict[str, Any]:
    return json.loads(json.dumps(plain(suite.here().board())))


def test_an_older_desk_reads_what_a_newer_service_says_besides(suite: Suite):
    told = sent(suite)
    newer = {**told, "weather": "rain", "rows": [{**row, "shoes": 43} for row in told["rows"]]}

    assert rebuilt(BoardSheet, newer) == rebuilt(BoardSheet, told) == suite.here().board()


@pytest.mark.parametrize("missing", ["rows", "at", "timers", "stale"])
def test_an_answer_without_what_a_screen_needs_is_none(suite: Suite, missing: str):
    told = sent(suite)
    del told[missing]

    with pytest.raises(Unreachable, match="cannot read it"):
        rebuilt(BoardSheet, told)


def test_a_draft_that_nobody_could_evaluate_is_said_loudly():
    told = meant_so_far({"findings": None, "recorded": 7, "notices": []})

    assert (told.headline, told.recorded) == (NOT_EVALUATED, 7)


# The rules -------------------------------------------------------------------------------------

SITE = """owner = "TRAINING Castle Street"
checked_on = 2026-11-20
[[tighten]]
status = "refused"
minutes = 17
why = "TRAINING: asked sooner here."
"""


def test_what_a_site_lays_over_the_rules_comes_along(desk, suite: Suite, tmp_path: Path):
    site = tmp_path / "site.toml"
    site.write_text(SITE)
    laid = load(rules_dir(), site=site, draft=True)
    settings = replace(suite.service.settings, site=site)
    here = desk()
    before = here.rulebook()

    object.__setattr__(suite.service, "rulebook", laid)
    object.__setattr__(suite.service, "settings", settings)
    after = here.rulebook()

    assert (before.laid, len(after.laid)) == ((), 1)
    assert after.fingerprint == laid.fingerprint != before.fingerprint
    assert after.rescreen == laid.rescreen != before.rescreen


@pytest.mark.parametrize("named", [True, False], ids=["named", "twin: not named"])
def test_the_desk_goes_by_the_suites_of_the_service_and_not_of_its_rules(
    suite: Suite, desk, tmp_path: Path, named: bool
):
    """They stand in a file beside what is signed, and change without another fingerprint."""
    here, book = desk(), suite.service.rulebook
    before = here.rulebook()
    table = {"suite": [{"id": "castle_street", "name": "TRAINING Quay", "cells": 3}]}
    own = replace(book, practice=MappingProxyType({**book.practice, "suites": table}))
    path = tmp_path / "suites.toml" if named else None
    settings = replace(suite.service.settings, suites=path)

    object.__setattr__(suite.service, "rulebook", own)
    object.__setattr__(suite.service, "settings", settings)
    after = here.rulebook()

    assert after.fingerprint == before.fingerprint == own.fingerprint
    assert (after.practice["suites"] == table) is named
    assert before.practice["suites"] == book.practice["suites"]


def told_rules(suite: Suite) -> dict[str, Any]:
    here = suite.here()
    return here._ask("GET", "/rulebook/texts")


def test_rules_that_are_not_the_very_same_are_not_used(suite: Suite):
    told = told_rules(suite)
    fewer = {path: text for path, text in told["files"].items() if "head" not in path}

    assert rulebook_of(told).fingerprint == suite.service.rulebook.fingerprint
    for wrong in ({**told, "fingerprint": "0" * 16}, {**told, "files": fewer},
                  {**told, "files": {}}):  # fmt: skip
        with pytest.raises(NotAllowed, match="cannot read the rules"):
            rulebook_of(wrong)


# A real server that dies -----------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path, kept: str) -> Iterator[tuple[Server, Served, str]]:
    service, now, token = opened(tmp_path), clock.now(), new_secret()
    stays = people_in(service, now, kept)
    with service.record.writing(now=now) as writing:
        writing.add_token(Token(secret_hash(token), "castle-desk-1", (), now))
    service.record.close()
    running = Server(tmp_path)
    try:
        running.start()
        desk = Served(f"http://127.0.0.1:{running.port}", token)
        desk.sign_in("okafor", PASSWORD)
        yield running, desk, stays[FIRST]
    finally:
        running.end()


def test_a_server_that_dies_before_it_answered_records_one_act(
    server: tuple[Server, Served, str], tmp_path: Path
):
    running, desk, stay = server
    visit = {"occurred_at": clock.now().isoformat(), "seen": "Asleep, breathing seen"}

    def dies(asked: Asked) -> Answered | str:
        exchange(asked, 20.0)
        running.kill()
        return "it cannot be reached (RemoteDisconnected)"

    desk.way, alive = dies, desk.way
    with pytest.raises(Unreachable):
        desk.visit(stay, visit, "key-visit-1")
    desk.way = alive
    with pytest.raises(Unreachable, match="cannot be reached"):
        desk.visit(stay, visit, "key-visit-1")
    running.start()
    again = desk.visit(stay, visit, "key-visit-1")

    assert again.repeated
    record = Record.open(tmp_path / "triage.db")
    found = [each.seq for each in record.reading().stay_events(stay) if each.kind == "visit"]
    record.close()
    assert found == [again.seq]


# Other systems ---------------------------------------------------------------------------------

BLOCKED = """
import sys
class No:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked}:
            raise ImportError(name)
sys.meta_path.insert(0, No())
for name in {blocked}:
    sys.modules.pop(name, None)
import triage.cli.reached, triage.cli.release, triage.cli.leaving, triage.desk.served
import triage.web.inside, triage.cli.desk, triage.desk.full.app, triage.desk.full.screening
from triage.web import create_app
"""


def without(*blocked: str) -> int:
    code = BLOCKED.format(blocked=repr(set(blocked)))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    return done.returncode


def test_nothing_of_the_desk_needs_a_system_of_one_kind():
    assert without("fcntl", "gunicorn", "termios", "tty", "pwd", "grp", "resource") == 0


def test_something_that_it_does_need_would_be_missed():
    assert without("marshmallow") != 0


# A record that cannot be read ------------------------------------------------------------------

DOCUMENT = {
    "nation": "england", "stage": "arrest", "offence": "theft",
    "person": {"age": 30, "sex": "female", "age_source": "stated"},
}  # fmt: skip
SWALLOWED = {**DOCUMENT, "answers": {"swallowed_or_hidden": "yes"}}


def test_somebody_whose_record_is_spoilt_is_screened_all_the_same(desk, suite: Suite):
    here, stay = desk(), suite.stays["spoilt"]
    told = here.save_draft(stay, SWALLOWED)
    again = here.save_draft(stay, SWALLOWED)
    done = here.record_screening(stay, DOCUMENT, "key-screening-1")
    whole = here.record_screening(suite.stays["unscreened"], DOCUMENT, "key-screening-2")

    assert "999" in told.headline
    assert (told.recorded is None, again.recorded) == (False, None)  # once is enough
    assert done.seq is not None
    assert told.notices == done.notices == (UNREAD,)
    assert whole.notices == ()


def test_somebody_whose_record_is_spoilt_is_held_by_nothing_of_it(desk, suite: Suite):
    here, stay = desk(), suite.stays["spoilt"]
    found = here.open_things(stay, None)
    left = here.release(stay, {**AT, "to": "home", "reason": "not_given"}, "key-release-1")

    assert UNREADABLE in [each.words for each in found]
    assert "not_screened" not in {each.id for each in found}
    assert left.seq is not None
    assert here.sheet(stay).closed
