"""A record that cannot be read says so on every list: never that there is no power, no clock."""

from dataclasses import replace

import pytest

from tests.casework.conftest import MARSH, NOW, OKAFOR, custody, minutes, opened
from tests.casework.conftest import section136 as in_hospital
from tests.casework.conftest import service as service
from tests.faults.test_server_poisoned import spoil
from triage import casework
from triage.casework import powers, review_pace
from triage.present import board, desk_screens, review_round, section136, stay
from triage.present.desk import board_line
from triage.record import Record

NOBODY_READS = "cannot be read"


def again(service):
    """The service begins again: what it had read and worked out before is gone."""
    service.record.close()
    powers._remembered.clear()
    return casework.Service(Record.open(service.record.path), service.rulebook, service.settings)


@pytest.fixture
def people(service):
    """Three who were never screened: one whose record is spoilt, one whole, one without a power."""
    spoilt, whole = opened(service, custody(1)), opened(service, custody(2))
    none = opened(service, replace(in_hospital(), events=()))
    spoil(service.record.path, spoilt)
    return {"spoilt": spoilt, "whole": whole, "none": none}


@pytest.fixture
def begun(service, people):
    found = again(service)
    yield found
    found.record.close()


def rows(service):
    return {row.stay: row for row in casework.board(service, (), actor=OKAFOR, now=NOW).rows}


def test_the_board_says_of_a_spoilt_record_that_nobody_can_read_its_power(begun, people):
    said = {who: board.row(rows(begun)[id], now=NOW) for who, id in people.items()}
    desk = {
        who: desk_screens.loud_power(board_line(rows(begun)[id], now=NOW))
        for who, id in people.items()
    }

    assert {who: row.power for who, row in said.items()} == {
        "spoilt": "Cannot be read", "whole": "PACE, lapses Sun 25 Oct 19:50 GMT, in 24 h 00 min",
        "none": "None recorded",
    }  # fmt: skip
    assert said["spoilt"].screening == board.UNREADABLE
    assert desk == {"spoilt": "POWER CANNOT BE READ", "whole": "", "none": "NO POWER RECORDED"}


def test_a_record_that_cannot_be_evaluated_is_marked_so_although_it_can_be_read(
    begun, people, monkeypatch
):
    """Twin of the fold: whatever raises while the power is worked out, it is not 'none'."""

    def broken(*args, **kwargs):
        raise ValueError("planted")

    monkeypatch.setattr(powers, "detention_clocks", broken)
    powers._remembered.clear()

    assert {row.unreadable for row in rows(begun).values()} == {True}


def test_the_section_136_list_does_not_say_since_when_no_power_is_recorded(service):
    held = opened(service, in_hospital(), now=NOW)
    spoil(service.record.path, held)
    begun = again(service)

    [line] = casework.section136_list(begun, (), actor=MARSH, now=NOW).lines

    assert (line.unreadable, line.power, line.none_since) == (True, None, None)
    assert NOBODY_READS in section136.detention(line, now=NOW).power
    begun.record.close()


def test_a_persons_page_says_what_cannot_be_read_and_denies_nothing(begun, people):
    views = {who: casework.stay_view(begun, id, actor=OKAFOR, now=NOW)
             for who, id in people.items()}  # fmt: skip

    assert {who: view.unreadable for who, view in views.items()} == {
        "spoilt": True, "whole": False, "none": False,
    }  # fmt: skip
    assert stay.powers(views["spoilt"], now=NOW) == (stay.NOT_KNOWN,)
    assert stay.powers(views["none"], now=NOW) == ("Power recorded: none.",)


def test_the_round_of_pace_reviews_names_whoever_may_be_due_one(begun, people):
    at = NOW + minutes(5 * 60)

    due = review_pace.pace_reviews(begun, (), actor=MARSH, now=at)

    assert [(one.stay, one.clock is None) for one in due] == [
        (people["spoilt"], True), (people["whole"], False),
    ]  # fmt: skip
    told = review_round.due(due[0], at=at)
    assert (told.what, told.when, told.late) == (
        "Whether a review is due cannot be told", board.UNREADABLE, True,
    )  # fmt: skip


def test_the_handover_says_that_a_record_cannot_be_read(begun, people):
    found = casework.handover(begun, (), actor=OKAFOR, now=NOW)

    assert {each.stay: each.unreadable for each in found.changes}[people["spoilt"]]
