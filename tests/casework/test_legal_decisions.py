"""The day section 48 gets its date: the legal owner's decision, and that nothing else ends it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.casework.conftest import EVERYBODY, MARSH, NAIR, OKAFOR, happened, minutes, rulebook
from tests.fresh import fresh_record
from triage import casework
from triage.domain.errors import InputError, NotAllowed, RoleRefused
from triage.domain.roles import Role
from triage.record import verify
from triage.settings import Settings

DAY = date(2026, 10, 24)  # section 48 begins in the night
CAME = datetime(2026, 10, 23, 21, 0, tzinfo=UTC)
NOW = datetime(2026, 10, 23, 23, 30, tzinfo=UTC)  # 00:30 in London


@pytest.fixture
def service(tmp_path):
    """A service on the day on which section 48 has begun."""
    record = fresh_record(tmp_path / "triage.db")
    settings = Settings(tmp_path, tmp_path / "triage.db", training=True)
    book = replace(rulebook(), law=rulebook().law.assume([("MHA25-S48-POS", DAY)]))
    yield casework.Service(record, book, settings)
    record.close()


@pytest.fixture
def held(service):
    """Somebody who was at the police station before midnight, lawfully."""
    decided = CAME - minutes(40)
    opening = casework.Opening(
        casework.StayKind.SECTION136, "castle_street", "TRAINING/S48", decided, training=True,
        stage="section136", identity=casework.Identity(age=30),
        events=(
            happened("s136_decided", decided, limb="remove", consulted="nurse"),
            happened("station_authorised", CAME - minutes(10), rank="inspector"),
            happened("arrived", CAME, place="police_station"),
        ),
    )  # fmt: skip
    return casework.open_stay(service, opening, actor=MARSH, now=NOW).stay


def alert(service, held):
    [found] = [one for one in service.record.reading().alerts_of(held)
               if one.source == "legal_owner_must_decide"]  # fmt: skip
    return found


def decision(what="move", **said):
    theirs = {"role": "legal_owner", "by": "R. Adeyemi", "received": "telephone"}
    made = happened("legal_owner_decided", NOW, decision=what, **{**theirs, **said})
    return replace(made, reason="Transitional rule 3, read by the force solicitor")


def test_the_decision_ends_its_alert_and_is_on_the_record_by_name(service, held, tmp_path):
    before = alert(service, held).state

    saved = casework.authorise(service, held, decision(), actor=MARSH, now=NOW)

    assert (before, alert(service, held).state, saved.unlawful) == ("raised", "closed", ())
    moves = [one for one in saved.clocks.clocks if one.law_row == "MHA25-S48-POS"]
    assert [(one.clock, one.state.value) for one in moves] == [("move_from_station", "running")]
    view = casework.stay_view(service, held, actor=MARSH, now=NOW)
    [entry] = [one for one in view.timeline if one.what == "legal_owner_decided"]
    kept = entry.parts["event"]
    assert (kept["by"], kept["role"], kept["extra"]["received"], entry.by) == (
        "R. Adeyemi", "legal_owner", "telephone", MARSH.name,
    )  # fmt: skip
    assert not kept.get("rank"), "the inspector's rank is not the legal owner's"
    assert verify(tmp_path / "triage.db", full=True).ok


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one.role != Role.DUTY_INSPECTOR],
                         ids=lambda actor: actor.role)  # fmt: skip
def test_no_other_role_brings_the_decision(service, held, actor):
    with pytest.raises(RoleRefused):
        casework.authorise(service, held, decision(), actor=actor, now=NOW)

    assert alert(service, held).state == "raised"


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (decision(role="duty_inspector"), "by"),
        (decision(by=""), "by"),
        (replace(decision(), reason=" "), "reason"),
        (replace(decision(), extra={}), "decision"),
        (replace(decision(), extra={"decision": "move"}), "received"),
    ],
)
def test_an_inspector_decides_nothing_in_the_legal_owners_place(service, held, event, field):
    with pytest.raises(InputError) as refused:
        casework.authorise(service, held, event, actor=MARSH, now=NOW)

    assert [one.field for one in refused.value.problems] == [field]
    assert alert(service, held).state == "raised"


def test_nobody_closes_or_cancels_it_in_another_way(service, held):
    key = alert(service, held).key
    ends = {"actor": MARSH, "now": NOW}

    with pytest.raises(NotAllowed, match="Only the legal owner's decision ends this"):
        casework.close(service, key, outcome="other", words="Looked at.", **ends)
    with pytest.raises(NotAllowed, match="Only the legal owner's decision ends this"):
        casework.cancel(service, key, reason="Not needed.", **ends)
    with pytest.raises(NotAllowed, match="Only the legal owner's decision ends this"):
        casework.close_for_person(service, held, [key], outcome="other", words="x", **ends)
    casework.act(service, key, "Rang the legal owner.", **ends)

    assert alert(service, held).is_open


def test_a_decision_that_happened_is_recorded_and_decides_only_by_name(service, held):
    nobody = decision("stay", role="duty_inspector")
    casework.record_event(service, held, nobody, actor=OKAFOR, now=NOW)
    first = alert(service, held).state

    casework.record_event(service, held, decision("stay"), actor=NAIR, now=NOW)

    assert (first, alert(service, held).state) == ("raised", "closed")
    sources = {one.source for one in service.record.reading().alerts_of(held) if one.is_open}
    assert "legal_owner_not_named" in sources


def test_a_decision_taken_back_leaves_the_question_open_again(service, held):
    saved = casework.authorise(service, held, decision("stay"), actor=MARSH, now=NOW)
    wrong = casework.Correction("did_not_happen", withdrawn=True)

    casework.correct(service, saved.seq, wrong, actor=MARSH, now=NOW)

    assert alert(service, held).is_open


def test_where_the_law_has_not_changed_there_is_nothing_to_decide(service, held):
    as_it_is = replace(service, rulebook=rulebook())

    with pytest.raises(NotAllowed, match="nothing for the legal owner to decide"):
        casework.authorise(as_it_is, held, decision(), actor=MARSH, now=NOW)
