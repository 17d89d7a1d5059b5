"""The list of the terminal: one finding stands once, and each addressee's alert by its own code."""

from tests.casework.conftest import NOW, OKAFOR, answered, everything_no, minutes, opened
from tests.casework.conftest import service as service  # the record with two suites
from triage import casework
from triage.present.alert_sheet import alert_rows


def found(service):
    """What stands about somebody who said that they cannot go on: several are told of it."""
    stay = opened(service)
    details = everything_no(answers={"cannot_go_on_outside": answered("yes")})
    casework.record_screening(service, stay, details, actor=OKAFOR, now=NOW)
    return casework.alert_list(service, (), actor=OKAFOR, now=NOW + minutes(1)).lines


def test_what_several_are_told_stands_once_with_every_code_and_for_whom_each_is(service):
    lines = found(service)
    rows = alert_rows(lines, now=NOW + minutes(1))
    words = [row for row in rows if "cannot go on" in row]
    codes = [line.code for line in lines if "cannot go on" in line.words]

    assert len(words) == 1
    assert len(codes) == 3
    [head] = [row for row in rows if row.startswith(codes[0])]
    assert head.split("  ")[0].split() == codes
    assert [row[-6:] for row in rows if row.startswith("      For: ")] == [
        f"{code})." for code in codes
    ]


def test_what_somebody_has_taken_stands_apart_from_what_nobody_has(service):
    lines = found(service)
    mine = next(line for line in lines if "custody_sergeant" in line.to_roles)
    casework.acknowledge(
        service, mine.key, kind=casework.AckKind.POLICE, actor=OKAFOR, now=NOW + minutes(2)
    )
    again = casework.alert_list(service, (), actor=OKAFOR, now=NOW + minutes(3)).lines
    rows = alert_rows(again, now=NOW + minutes(3))

    assert len([row for row in rows if "cannot go on" in row]) == 2
    [taken] = [row for row in rows if row.startswith(f"{mine.code}  ")]
    assert "URGENT" in taken
