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
    rows = alert_rows(lines, role=OKAFOR.role, now=NOW + minutes(1))
    words = [row for row in rows if "cannot go on" in row]
    codes = [line.code for line in lines if "cannot go on" in line.words]

    assert len(words) == 1
    assert len(codes) == 3
    [head] = [row for row in rows if codes[0] in row.partition("  ")[0].split()]
    assert sorted(head.split("  ")[0].split()) == sorted(codes)
    assert head.startswith(_of(lines, "custody_sergeant").code)
    assert [row.partition(":")[0].strip() for row in rows if row.endswith("BST.")] == [
        f"{who} ({_of(lines, role).code})"
        for who, role in (
            ("Custody sergeant", "custody_sergeant"),
            ("Custody healthcare professional", "custody_hcp"),
            ("Liaison nurse", "liaison_nurse"),
        )
    ]


def _of(lines, role):
    """The urgent alert for this role."""
    return next(line for line in lines if line.to_roles == (role,) and line.level == "A2")


def test_what_somebody_has_taken_stands_with_them_beside_what_nobody_has(service):
    lines = found(service)
    mine = _of(lines, "custody_sergeant")
    casework.acknowledge(
        service, mine.key, kind=casework.AckKind.POLICE, actor=OKAFOR, now=NOW + minutes(2)
    )
    again = casework.alert_list(service, (), actor=OKAFOR, now=NOW + minutes(3)).lines
    rows = alert_rows(again, role=OKAFOR.role, now=NOW + minutes(3))

    assert len([row for row in rows if "cannot go on" in row]) == 1
    [has] = [row for row in rows if f"({mine.code}): " in row]
    [free] = [row for row in rows if f"({_of(lines, 'liaison_nurse').code}): " in row]
    assert (OKAFOR.name in has, "Nobody has it." in free) == (True, True)
