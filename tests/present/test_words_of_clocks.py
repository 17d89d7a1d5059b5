"""What the clocks and the alerts say, over every worked case: each word with its own clock."""

import pytest

from tests.law_on_disk import LADDER, LAW
from tests.test_clock_cases import CASES, NOW
from tests.wording import misused, never_said, plain_lines, ties
from triage.domain.clocks import Delay
from triage.domain.detention import clocks
from triage.domain.errors import InputError
from triage.present import section136
from triage.present.clocks import in_words
from triage.schemas.clocks import detention_of


@pytest.fixture(scope="module")
def said() -> list[str]:
    """Every line that ``triage clocks`` prints for a worked case, with the words of its alerts."""
    lines: list[str] = []
    for case in CASES:
        law = LAW.assume(case.get("assume", {}).items())
        try:
            found = clocks(law, LADDER, detention_of(case["input"], now=NOW))
        except InputError:
            continue
        lines += plain_lines(in_words(found))
        lines += plain_lines("\n".join(alert.words for alert in found.alerts))
    return lines


def test_breach_overdue_and_target_missed_each_stand_with_a_clock_of_their_kind(said):
    assert misused(said) == []
    assert ties(said) > 100


def test_what_is_never_said_is_not_said(said):
    assert never_said(said) == []


def test_minutes_of_which_no_entry_tells_are_said_as_an_inspector_says_them(said):
    free = Delay("unattributed", "gap", 25)
    others = Delay("bed", "none_found_yet", 25)

    assert section136._delay(free) == "No entry says what was waited for: 25 min"
    assert section136._delay(others) == "Bed: 25 min, none found yet"
    assert any(line.startswith("no entry says what was waited for: ") for line in said)
    assert not [line for line in said if "unattributed" in line.lower()]


@pytest.mark.parametrize(
    "line",
    [
        "breach: handover to health was due at ten", "overdue: permitted period was due at ten",
        "target missed: visit was due at ten", "permitted period of detention overdue ended 10:00",
        "the time is overdue", "pace review breached", "target missed: health check, due at ten",
        "breach: health check, due at ten (practice, not law)",
    ],
)  # fmt: skip
def test_one_word_for_another_is_noticed(line):
    """The twin: what confuses the three is found, and so is a word without a clock."""
    assert misused([line]) == [line]


@pytest.mark.parametrize(
    "line", ["a low-risk detainee", "the patient waits", "held under section 136", "dismiss", "sla"]
)
def test_a_word_that_is_never_said_is_noticed(line):
    assert never_said([line]) == [line]
