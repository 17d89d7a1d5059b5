"""Nobody is put into a suite that is not set up here: they would stand on nobody's board."""

import pytest

from tests.casework.conftest import NOW, OKAFOR, opened
from tests.casework.conftest import service as service
from triage import casework
from triage.domain.errors import InputError


def test_a_suite_that_is_not_there_is_refused_with_those_that_are(service):
    with pytest.raises(InputError) as refused:
        casework.check_suite(service, "castle_stret")

    [problem] = refused.value.problems
    assert (problem.field, problem.allowed) == ("suite", ("castle_street", "dock_road"))


@pytest.mark.parametrize("suite", ["dock_raod", "Dock Road", ""])
def test_nobody_is_moved_out_of_every_list_by_a_slip(service, suite):
    stay = opened(service)
    with pytest.raises(InputError):
        casework.move_stay(service, stay, casework.Move(NOW, suite=suite), actor=OKAFOR, now=NOW)

    rows = casework.board(service, ("castle_street",), actor=OKAFOR, now=NOW).rows
    assert [row.stay for row in rows] == [stay]


def test_a_move_to_a_suite_that_is_there_is_recorded(service):
    """The twin: whoever really is moved stands on the other board."""
    stay = opened(service)
    casework.move_stay(service, stay, casework.Move(NOW, suite="dock_road"), actor=OKAFOR, now=NOW)

    rows = casework.board(service, ("dock_road",), actor=OKAFOR, now=NOW).rows
    assert [row.stay for row in rows] == [stay]
