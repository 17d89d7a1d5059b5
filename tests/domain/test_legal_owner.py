"""Section 48 gets its date while somebody is at a police station: only the legal owner decides."""

from datetime import date

import pytest

from tests.law_on_disk import LADDER, LAW
from tests.told import event, wall
from triage.domain.answers import Person
from triage.domain.clocks import Clocks, ClockState
from triage.domain.detention import clocks
from triage.domain.timeline import Detention, Event

CHANGED = LAW.assume([("MHA25-S48-POS", date(2026, 6, 2))])
OPENING = (
    event("s136_decided", "2026-06-01 21:00", limb="remove", consulted="nurse"),
    event("station_authorised", "2026-06-01 21:10", rank="inspector"),
    event("arrived", "2026-06-01 21:30", place="police_station"),
    event("health_check", "2026-06-01 23:50", role="custody_hcp", waking="needed"),
)


def decided(what: str, when: str = "2026-06-02 00:20", **said: str) -> Event:
    theirs = {"role": "legal_owner", "by": "R. Adeyemi", "reason": "Transitional rule 3"}
    return event("legal_owner_decided", when, decision=what, **{**theirs, **said})


def after(*events: Event, at: str = "2026-06-02 00:30", law=CHANGED) -> Clocks:
    person = Person(age=30)
    return clocks(law, LADDER, Detention(wall(at), "england", person, (*OPENING, *events)))


def asked(said: Clocks) -> list[str]:
    return [one.key for one in said.alerts if one.key.startswith("legal_owner")]


def move(said: Clocks) -> list[tuple[str, ClockState]]:
    return [(one.law_row, one.state) for one in said.clocks
            if one.clock == "move_from_station" and one.law_row == "MHA25-S48-POS"]  # fmt: skip


def contested(said: Clocks) -> set[bool]:
    return {one.contested for one in said.clocks if one.clock == "behaviour_review"}


def test_until_the_legal_owner_decides_the_alert_stands_and_the_checks_are_contested():
    said = after()

    assert [key.split(":")[0] for key in asked(said)] == ["legal_owner_must_decide"]
    assert (contested(said), move(said)) == ({True}, [])


def test_a_decision_to_move_starts_the_duty_to_move_and_ends_the_asking():
    said = after(decided("move"))

    assert asked(said) == []
    assert move(said) == [("MHA25-S48-POS", ClockState.RUNNING)]


def test_reasons_under_regulation_7_excuse_no_move_that_the_legal_owner_decided():
    reasons = event("stay_at_station_reasons", "2026-06-02 00:25", assessed_sooner=True,
                    distress_likely=True)  # fmt: skip

    assert move(after(decided("move"), reasons)) == [("MHA25-S48-POS", ClockState.RUNNING)]


def test_a_decision_to_stay_lets_the_regulations_go_on_and_lengthens_nothing():
    before, said = after(), after(decided("stay"))

    assert (asked(said), contested(said), move(said)) == ([], {False}, [])
    periods = [[one for one in each.clocks if one.clock == "permitted_period"]
               for each in (before, said)]  # fmt: skip
    assert periods[0] == periods[1]


def test_the_last_decision_stands():
    said = after(decided("move"), decided("stay", "2026-06-02 00:25", id="again"))

    assert (asked(said), move(said)) == ([], [])


@pytest.mark.parametrize("said", [{"role": "duty_inspector"}, {"by": ""}])
def test_a_decision_that_no_named_legal_owner_made_decides_nothing_and_says_so(said):
    found = after(decided("stay", **said))

    codes = {key.split(":")[0] for key in asked(found)}
    assert codes == {"legal_owner_must_decide", "legal_owner_not_named"}
    assert contested(found) == {True}


def test_a_decision_where_the_law_has_not_changed_changes_nothing():
    without = after(law=LAW)

    assert after(decided("move"), law=LAW).clocks == without.clocks
    assert asked(without) == []
