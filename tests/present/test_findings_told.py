"""One card for what several people were told of one person, with the state of each."""

import pytest

from tests.casework.conftest import (
    HCP,
    NAIR,
    NOW,
    OKAFOR,
    answered,
    custody,
    everything_no,
    minutes,
    opened,
)  # fmt: skip
from tests.casework.conftest import service as service
from triage import casework
from triage.casework import AckKind
from triage.present import board
from triage.present.findings import findings, same_words, split, told_instead


@pytest.fixture
def told(service):
    """A finding of which a nurse and the desk were told, and an emergency besides."""
    stay = opened(service)
    said = {"low_or_hopeless": "yes", "wants_nurse": "yes", "swallowed_or_hidden": "yes"}
    answers = {name: answered(value) for name, value in said.items()}
    details = everything_no(answers=answers)
    casework.record_screening(service, stay, details, actor=OKAFOR, now=NOW)
    return stay


def lines(service, now=NOW):
    return casework.alert_list(service, (), actor=OKAFOR, now=now).lines


def shown(service, role, now=NOW):
    return findings(lines(service, now), role=role, now=now)


def urgent(found):
    [one] = [each for each in found if each.level == "urgent"]
    return one


def test_one_finding_is_one_card_that_names_each_addressee_and_the_state_of_each(service, told):
    nurses = next(one for one in lines(service)
                  if one.level == "A2" and one.to_roles == ("liaison_nurse",))  # fmt: skip
    casework.acknowledge(service, nurses.key, kind=AckKind.CLINICAL, actor=NAIR, now=NOW)

    one = urgent(shown(service, "custody_sergeant", NOW + minutes(3)))

    assert [(each.who, each.mine, each.standing[-2:]) for each in one.told] == [
        ("Custody sergeant", True,
         ("Nobody has it.", "If nobody takes it, the next people are told at 21:00 BST.")),
        ("Liaison nurse", False,
         ("With Nurse Nair (liaison nurse) since 20:50 BST (3 min).",
          "If nothing is done by 21:50 BST, it is open again.")),
    ]  # fmt: skip


def test_every_alert_stands_on_exactly_one_card_and_can_be_acted_on_there(service, told):
    found = shown(service, "liaison_nurse")

    keys = [each.card.key for one in found for each in one.told]
    assert sorted(keys) == sorted(line.key for line in lines(service))
    assert len(found) < len(keys), "some stand together"
    assert [one.level for one in found] == sorted(
        (one.level for one in found), key=["emergency", "urgent", "soon", "routine"].index
    )


def test_nothing_that_anybody_was_told_is_lost(service, told):
    for role in ("custody_sergeant", "liaison_nurse", "duty_inspector"):
        for one in shown(service, role):
            card = " ".join([one.headline, one.more, *(s for e in one.told for s in e.standing)])
            for each in one.told:
                [line] = [line for line in lines(service) if line.key == each.card.key]
                assert all(f"{part.rstrip('.')}." in card for part in line.words.split(". "))


def test_the_board_counts_findings_as_the_list_shows_them(service, told):
    [row] = casework.board(service, (), actor=OKAFOR, now=NOW).rows
    here = shown(service, "custody_sergeant")

    assert row.open_findings == len(here) < row.open_alerts == len(lines(service))
    assert board.row(row, now=NOW).urgency_note == f"{len(here)} open alerts, {len(here)} not taken"


def test_a_finding_is_not_taken_while_one_of_its_addressees_has_not_taken_it(service, told):
    before = casework.board(service, (), actor=OKAFOR, now=NOW).rows[0].untaken_findings
    mine = next(one for one in lines(service)
                if one.level == "A2" and one.to_roles == ("custody_sergeant",))  # fmt: skip
    casework.acknowledge(service, mine.key, kind=AckKind.POLICE, actor=OKAFOR, now=NOW)

    half = casework.board(service, (), actor=OKAFOR, now=NOW).rows[0].untaken_findings
    theirs = next(one for one in lines(service)
                  if one.level == "A2" and one.to_roles == ("liaison_nurse",))  # fmt: skip
    casework.acknowledge(service, theirs.key, kind=AckKind.CLINICAL, actor=NAIR, now=NOW)
    whole = casework.board(service, (), actor=OKAFOR, now=NOW).rows[0].untaken_findings

    assert (half, whole) == (before, before - 1)


def test_two_people_and_two_emergencies_are_never_one_card(service, told):
    """Twin: what merely sounds alike stays apart."""
    stay = opened(service, custody(2))
    answers = {"swallowed_or_hidden": answered("yes"), "low_or_hopeless": answered("yes")}
    seen = {"breathing_chest_bleeding": answered(True)}
    details = everything_no(answers=answers, observations=seen)
    casework.record_screening(service, stay, details, actor=HCP, now=NOW)

    found = shown(service, "custody_hcp")

    assert all(len({each.card.stay for each in one.told}) == 1 for one in found)
    emergencies = [one for one in found if one.level == "emergency"]
    assert [len(one.told) for one in emergencies] == [1] * len(emergencies)
    assert len(emergencies) == 3


def test_whoever_comes_instead_is_said_with_the_one_who_cannot_come():
    words = f"Do this. {told_instead('liaison_nurse', 'custody_hcp')}"

    assert same_words(words) == "Do this."


def test_what_calls_a_role_comes_first_and_what_waits_comes_last(service, told):
    parts = split(lines(service), role="liaison_nurse", now=NOW)
    others = split(lines(service), role="duty_inspector", now=NOW)

    assert [one.level for one in parts.mine] == ["emergency", "urgent"]
    assert parts.mine[1].told[0].who == "Liaison nurse"
    assert [one.level for one in others.others] == ["urgent"]
    assert {one.level for one in parts.waiting} <= {"soon", "routine"}
