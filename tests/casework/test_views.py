"""What each role sees: nothing clinical for police, every look logged, the urgent first."""

import json
from dataclasses import fields, replace

import pytest

from tests.casework.conftest import (
    ADMIN,
    CONTROL,
    EVERYBODY,
    HCP,
    LEAD,
    MARSH,
    NAIR,
    NOW,
    OFFICER,
    OKAFOR,
    answered,
    custody,
    everything_no,
    happened,
    keys,
    minutes,
    opened,
    rulebook,
    section136,
)
from triage import casework
from triage.casework.stored import pack
from triage.domain.errors import RoleRefused
from triage.domain.roles import CLINICAL_ROLES, POLICE_ROLES, Verb, may
from triage.domain.timeline import Moment
from triage.present import alerts as alert_words
from triage.present import board as board_words
from triage.present import section136 as section136_words
from triage.present import shift
from triage.present import stay as stay_words
from triage.record import Actor

POLICE = [actor for actor in EVERYBODY if actor.role in POLICE_ROLES]
CLINICIANS = [actor for actor in EVERYBODY if actor.role in CLINICAL_ROLES]
BOTH = ("castle_street", "dock_road")

# The whole list of what police get of one entry of the timeline, kind by kind. A new key fails
# here until somebody has decided that police may read it.
POLICE_PARTS = {
    "stay_opened": {"stay", "offence", "indictable"},
    "detention_event": {"kind", "certain", "event"},
    "visit": {"kind", "certain", "event"},
    "rousing": {"kind", "certain", "event"},
    "note": {"words"},
    "route_decision": {"decision", "route", "need", "reason", "service", "words"},
    "consent": {"given", "basis", "recipient"},
    "alert_raised": {
        "key", "source", "step", "episode", "level", "due_at", "to", "instead", "nobody",
        "late_seconds", "clinical", "count", "chain_step", "step_due_at", "round", "words", "need",
    },
    "alert_closed": {"key", "outcome"},  # how it ended is for the desk too; why is not
    "alert_acted": {"key", "step_due_at"},
}  # fmt: skip


def a_full_stay(service):
    """Somebody about whom a nurse and an HCP have written what police must not read."""
    stay = opened(service, custody(1, identity=casework.Identity(name="Ada Secret", age=30)))
    check = happened("health_check", NOW, waking="not_needed")
    visit = casework.Visit(NOW, "CANARY words of a clinician seen here", rouse=False)
    casework.record_visit(service, stay, visit, actor=HCP, now=NOW)
    casework.record_event(service, stay, check, actor=HCP, now=NOW)
    casework.note(service, stay, "CANARY psychosis", group="clinical", actor=NAIR, now=NOW)
    casework.note(service, stay, "quiet on arrival", group="police", actor=OKAFOR, now=NOW)
    hidden = casework.RouteDecision(
        casework.RouteOutcome.ACCEPTED, NOW, "crisis_team", reason="CANARY", group="clinical"
    )
    casework.consent(service, stay, casework.Consent(True, "crisis team", NOW), actor=NAIR, now=NOW)
    casework.decide_route(service, stay, hidden, actor=NAIR, now=NOW)
    given = casework.Consent(True, "the GP", NOW, words="CANARY about the GP")
    casework.consent(service, stay, given, actor=NAIR, now=NOW)
    [alert] = [k for k, a in keys(service, stay, "raised").items() if a.source == "not_roused"]
    casework.act(service, alert, "CANARY diazepam", actor=HCP, now=NOW)
    casework.close(service, alert, outcome="CANARY overdose", actor=HCP, now=NOW)
    return stay


@pytest.mark.parametrize("actor", POLICE, ids=lambda actor: actor.role)
def test_police_roles_never_get_a_clinical_part(service, actor):
    stay = a_full_stay(service)

    seen = [
        casework.stay_view(service, stay, actor=actor, now=NOW),
        casework.board(service, BOTH, actor=actor, now=NOW),
        casework.alert_list(service, BOTH, actor=actor, now=NOW),
        casework.section136_list(service, BOTH, actor=actor, now=NOW),
        casework.handover(service, BOTH, actor=actor, now=NOW),
        casework.paste_block(service, stay, actor=actor, now=NOW),
    ]

    assert "CANARY" not in repr(seen)
    view = seen[0]
    assert view.clinical is None
    for entry in view.timeline:
        assert set(entry.parts) <= POLICE_PARTS[entry.kind], entry.kind
    assert {entry.kind for entry in view.timeline if entry.hidden} >= {"note", "rousing", "consent"}


@pytest.mark.parametrize("actor", CLINICIANS, ids=lambda actor: actor.role)
def test_health_staff_get_them_so_the_words_are_really_there(service, actor):
    stay = a_full_stay(service)

    view = casework.stay_view(service, stay, actor=actor, now=NOW)

    assert repr(view.clinical).count("CANARY") >= 5
    assert "crisis_team" in {each.route for each in view.decisions}


@pytest.mark.parametrize(
    ("verb", "look"),
    [
        (Verb.VIEW_BOARD, lambda s, a: casework.board(s, (), actor=a, now=NOW)),
        (Verb.VIEW_BOARD, lambda s, a: casework.alert_list(s, (), actor=a, now=NOW)),
        (Verb.VIEW_WORKLIST, lambda s, a: casework.worklist(s, (), actor=a, now=NOW)),
        (Verb.VIEW_SECTION136, lambda s, a: casework.section136_list(s, (), actor=a, now=NOW)),
        (Verb.VIEW_BOARD, lambda s, a: casework.handover(s, (), actor=a, now=NOW)),
    ],
)
@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda actor: actor.role)
def test_each_list_opens_for_the_roles_of_the_table_and_for_no_other(service, actor, verb, look):
    if may(actor.role, verb):
        look(service, actor)
        [access] = service.record.reading().accesses_between(NOW - minutes(1), NOW + minutes(1))
        assert access.actor.account == actor.account
    else:
        with pytest.raises(RoleRefused):
            look(service, actor)


def test_an_administrator_sees_nobodys_record(service):
    stay = opened(service)

    with pytest.raises(RoleRefused):
        casework.stay_view(service, stay, actor=ADMIN, now=NOW)


def test_a_look_at_one_stay_is_logged_with_who_what_and_why_and_no_values(service):
    stay = a_full_stay(service)

    casework.stay_view(service, stay, actor=OFFICER, now=NOW, purpose="visit")
    casework.paste_block(service, stay, actor=NAIR, now=NOW)

    looks = service.record.reading().accesses(stay)
    assert [(each.actor.name, each.what, each.purpose, each.operation) for each in looks] == [
        ("DO Dyer", "stay: identity, police", "visit", "consultation"),
        ("Nurse Nair", "paste block", "filed elsewhere", "disclosure"),
    ]


def test_the_board_holds_initials_and_cells_and_never_a_name(service):
    opened(service, custody(1, identity=casework.Identity(name="Ada Mary Secret")))

    board = casework.board(service, BOTH, actor=OKAFOR, now=NOW)

    assert [(row.initials, row.cell) for row in board.rows] == [("AMS", "1")]
    assert "Secret" not in repr(board)


def next_on_the_board(service, now):
    """What the board says of the next thing due of the only person on it."""
    [row] = casework.board(service, BOTH, actor=OKAFOR, now=now).rows
    return row.next_due.at, row.next_due.words, row.next_due.over_seconds


def test_the_next_thing_due_is_the_visit_and_not_the_warning_five_minutes_before_it(service, send):
    opened(service)
    visit_due = NOW + minutes(60)

    said = []
    for minute in (10, 54, 56, 59):
        now = NOW + minutes(minute)
        casework.tick(service, now=now, send=send)
        said.append(next_on_the_board(service, now))

    assert said == [(visit_due, "Visit due.", 0)] * 4


def test_a_visit_is_called_overdue_from_the_moment_it_is_and_not_before(service, send):
    opened(service)
    now = NOW + minutes(63)
    casework.tick(service, now=now, send=send)

    assert next_on_the_board(service, now) == (
        NOW + minutes(60), "Visit overdue. Look at the person now.", 180,
    )  # fmt: skip


def test_what_falls_due_first_stands_there_and_not_what_is_warned_of_first(service, send):
    stay = opened(service)
    now = NOW + minutes(22 * 60 - 10)  # ten minutes before the two hours' warning of the 24 hours
    casework.tick(service, now=now, send=send)
    casework.record_event(service, stay, happened("visit", now), actor=OKAFOR, now=now)

    assert next_on_the_board(service, now) == (now + minutes(60), "Visit due.", 0)


def test_a_missed_visit_that_was_made_up_for_is_due_no_more_and_stays_an_alert(service, send):
    stay = opened(service)
    missed, made = NOW + minutes(62), NOW + minutes(64)
    casework.tick(service, now=missed, send=send)
    before = next_on_the_board(service, missed)
    casework.record_visit(service, stay, casework.Visit(made), actor=OKAFOR, now=made)

    assert before[1] == "Visit overdue. Look at the person now."
    assert next_on_the_board(service, made) == (made + minutes(60), "Visit due.", 0)
    assert [alert.step for alert in keys(service, stay, "in_hand").values()] == ["due"]


def test_the_most_urgent_stands_first_and_says_why(service, send):
    opened(service, custody(1))
    loud = opened(service, custody(2))
    casework.record_rousing(service, loud, casework.Visit(NOW, rouse=False), actor=OKAFOR, now=NOW)
    later = NOW + minutes(12)

    board = casework.board(service, BOTH, actor=OKAFOR, now=later)
    alerts = casework.alert_list(service, BOTH, actor=OKAFOR, now=later)

    assert (board.rows[0].stay, board.rows[0].urgency, board.rows[0].untaken) == (
        loud, "emergency", 1,
    )  # fmt: skip
    assert alerts.lines[0].why_here == "emergency, 12 min, nobody has it"


def test_nobody_shown_as_an_emergency_stands_below_somebody_shown_as_urgent(service):
    closed = opened(service, custody(1))
    pill = everything_no(NOW, answers={"swallowed_or_hidden": answered("yes")})
    casework.record_screening(service, closed, pill, actor=OKAFOR, now=NOW)
    for key, alert in keys(service, closed, "raised").items():
        actor = HCP if alert.level != "A4" else NAIR
        casework.close(service, key, outcome="seen", actor=actor, now=NOW + minutes(1))
    urgent = opened(service, custody(2))
    low = everything_no(NOW, answers={"self_harm_now": answered("thoughts")})
    casework.record_screening(service, urgent, low, actor=OKAFOR, now=NOW)

    rows = casework.board(service, BOTH, actor=OKAFOR, now=NOW + minutes(2)).rows

    assert [(row.stay, row.urgency, row.open_alerts > 0) for row in rows] == [
        (closed, "emergency", False),
        (urgent, "urgent", True),
    ]


def test_whoever_has_it_is_named_and_nobody_else(service):
    stay = opened(service)
    casework.record_rousing(service, stay, casework.Visit(NOW, rouse=False), actor=OKAFOR, now=NOW)
    [key] = [k for k, a in keys(service, stay, "raised").items() if a.source == "not_roused"]
    police, clinical = casework.AckKind.POLICE, casework.AckKind.CLINICAL
    casework.acknowledge(service, key, kind=police, actor=OKAFOR, now=NOW + minutes(1))
    casework.acknowledge(service, key, kind=clinical, actor=HCP, now=NOW + minutes(2))

    [row] = casework.board(service, BOTH, actor=OFFICER, now=NOW + minutes(3)).rows

    assert [(h.name, h.kind, h.since) for h in row.holders] == [
        ("HCP Lund", "clinical", NOW + minutes(2)),
        ("PS Okafor", "police", NOW + minutes(1)),
    ]
    assert row.untaken == 0


def test_a_nurse_sees_each_person_once_and_only_what_is_for_her(service, send):
    for number in range(1, 5):
        opened(service, custody(number))
    for number in (5, 6):
        opened(service, section136(number, suite="dock_road"))
    casework.tick(service, now=NOW + minutes(6 * 60 + 5), send=send)

    listed = casework.worklist(service, BOTH, actor=NAIR, now=NOW + minutes(6 * 60 + 6))

    assert listed.people == 6
    assert len(listed.lines) == 2
    assert all(NAIR.role in alert.to_roles for line in listed.lines for alert in line.alerts)
    assert {line.suite for line in listed.lines} == {"dock_road"}


def test_whoever_has_no_list_of_suites_sees_the_alerts_of_all(service):
    stay = opened(service)
    casework.record_rousing(service, stay, casework.Visit(NOW, rouse=False), actor=OKAFOR, now=NOW)

    everywhere = casework.alert_list(service, (), actor=HCP, now=NOW)

    assert [line.source for line in everywhere.lines] == ["not_roused"]
    assert [line.stay for line in casework.worklist(service, (), actor=HCP, now=NOW).lines] == [
        stay
    ]


def test_the_power_on_the_board_is_never_older_than_its_last_event_or_its_lapse(service):
    stay = opened(service, section136())

    def power(now):
        return casework.board(service, (), actor=MARSH, now=now).rows[0].power

    assert power(NOW).lapses_at == NOW + minutes(24 * 60)
    earlier = casework.Correction("misread", Moment.at(NOW - minutes(20)))
    arrival = next(
        e for e in service.record.reading().stay_events(stay) if e.header.get("kind") == "arrived"
    )
    casework.correct(service, arrival.seq, earlier, actor=MARSH, now=NOW + minutes(1))
    assert power(NOW + minutes(2)).lapses_at == NOW + minutes(24 * 60 - 20)
    assert power(NOW + minutes(24 * 60)) is None
    assert power(NOW + minutes(2)).lapses_at == NOW + minutes(24 * 60 - 20)


def test_somebody_signed_in_for_one_suite_sees_no_other(service):
    opened(service, custody(1))
    away = Actor("reid", "PS Reid", "custody_sergeant", suites=("dock_road",))

    assert casework.board(service, (), actor=away, now=NOW).rows == ()
    with pytest.raises(RoleRefused, match="castle_street"):
        casework.board(service, ("castle_street",), actor=away, now=NOW)


def test_the_section_136_list_says_which_power_is_recorded_and_when_it_lapses(service):
    opened(service, section136(1, at=NOW - minutes(600)), now=NOW)
    opened(service, section136(2))
    opened(service, custody(3))

    lines = casework.section136_list(service, BOTH, actor=MARSH, now=NOW).lines

    assert [line.left_seconds for line in lines] == [14 * 3600, 24 * 3600]
    assert lines[0].lapses_at == NOW + minutes(14 * 60)
    assert lines[0].power.set_by
    assert [line.place for line in lines] == ["a_and_e", "a_and_e"]


def test_whoever_is_held_on_no_recorded_power_stands_at_the_top(service):
    stay = opened(service, custody(1))
    opened(service, section136(2))
    ended = happened("ended", NOW + minutes(30), power="pace")
    casework.record_event(service, stay, ended, actor=OKAFOR, now=NOW + minutes(30))

    lines = casework.section136_list(service, BOTH, actor=MARSH, now=NOW + minutes(60)).lines

    assert (lines[0].stay, lines[0].power, lines[0].none_since) == (
        stay, None, NOW + minutes(30),
    )  # fmt: skip


def test_a_handover_shows_what_changed_since_this_role_last_signed(service):
    stays = [opened(service, custody(number)) for number in (1, 2, 3)]
    first = casework.handover(service, BOTH, actor=OKAFOR, now=NOW)
    assert (first.since, [c.kind for c in first.changes]) == (None, ["arrived"] * 3)
    casework.sign_handover(
        service, BOTH, taken_from="PS Hale", actor=OKAFOR, now=NOW, up_to_seq=first.up_to_seq
    )
    later = NOW + minutes(30)
    casework.record_visit(service, stays[0], casework.Visit(later), actor=OFFICER, now=later)
    leaving = casework.Release(later, "home", reason="court_order")
    casework.release(service, stays[1], leaving, actor=OKAFOR, now=later)
    newcomer = opened(service, custody(4, at=later))

    second = casework.handover(service, BOTH, actor=OKAFOR, now=later)

    assert {change.stay: change.kind for change in second.changes} == {
        stays[0]: "changed", stays[1]: "left", stays[2]: "unchanged", newcomer: "arrived",
    }  # fmt: skip
    assert second.since == NOW
    assert casework.handover(service, BOTH, actor=MARSH, now=later).since is None


def test_a_handover_tells_a_visit_once_and_not_again_as_the_alert_that_it_closed(service, send):
    stay = opened(service)
    first = casework.handover(service, BOTH, actor=OKAFOR, now=NOW)
    casework.sign_handover(
        service, BOTH, taken_from="PS Hale", actor=OKAFOR, now=NOW, up_to_seq=first.up_to_seq
    )
    warned, made = NOW + minutes(56), NOW + minutes(58)
    casework.tick(service, now=warned, send=send)
    casework.record_visit(service, stay, casework.Visit(made), actor=OFFICER, now=made)

    [change] = casework.handover(service, BOTH, actor=OKAFOR, now=made).changes

    assert [entry.kind for entry in change.entries][-2:] == ["visit", "alert_closed"]
    told = shift.difference(change, now=made).entries
    assert [entry.what for entry in told] == ["Visit"]


@pytest.mark.parametrize(
    ("arrived", "words"),
    [(True, "A&E department"), (False, "On the way, nobody has said where to")],
)
def test_board_person_and_section_136_list_say_the_same_of_where_somebody_is(
    service, arrived, words
):
    stay = opened(service, section136(arrived=arrived))

    board = casework.board(service, BOTH, actor=MARSH, now=NOW)
    listed = casework.section136_list(service, BOTH, actor=MARSH, now=NOW)
    view = casework.stay_view(service, stay, actor=MARSH, now=NOW)

    said = [
        board_words.row(board.rows[0], now=NOW).where,
        section136_words.detention(listed.lines[0], now=NOW).where,
    ]
    assert said == [f"{words}, Castle Street, TRAINING/INC/0001"] * 2
    assert stay_words.title(view) == f"No name yet, {words}"


def test_what_quiet_hours_hold_ends_with_one_full_stop_on_the_board(service):
    stay = opened(service)
    casework.record_rousing(service, stay, casework.Visit(NOW, rouse=False), actor=OKAFOR, now=NOW)
    [row] = casework.board(service, BOTH, actor=OKAFOR, now=NOW).rows
    off_duty = tuple(
        casework.HeldFor(role, NOW + minutes(90)) for role in ("liaison_nurse", "lead_nurse")
    )

    held = replace(row, top=replace(row.top, held_for=off_duty))

    rest = "who is off duty: no message leaves before then."
    assert board_words.row(row, now=NOW).urgency_note == "1 open alert, 1 not taken"
    assert board_words.row(held, now=NOW).urgency_note == (
        "1 open alert, 1 not taken."
        f" Held until 22:20 BST for the liaison nurse, {rest}"
        f" Held until 22:20 BST for the lead nurse, {rest}"
    )


def test_a_paste_block_fits_one_field_and_names_nobody(service):
    stay = a_full_stay(service)
    for route in rulebook().routes:
        decided = casework.RouteDecision(
            casework.RouteOutcome.DECLINED, NOW, route.id, reason="not now, thank you very much"
        )
        casework.decide_route(service, stay, decided, actor=OKAFOR, now=NOW)

    block = casework.paste_block(service, stay, actor=LEAD, now=NOW)

    assert len(block) <= casework.LONGEST_PASTE
    assert block.endswith("(More in Custody Triage.)")
    assert "Secret" not in block


def test_a_stay_view_can_be_written_as_json_for_every_role(service):
    stay = a_full_stay(service)

    for actor in (OKAFOR, CONTROL, HCP):
        view = casework.stay_view(service, stay, actor=actor, now=NOW)
        named = {each.name: pack_or_none(getattr(view, each.name)) for each in fields(view)}
        assert json.loads(json.dumps(named))["reference"] == "TRAINING/CS/0001/26"


def pack_or_none(value):
    return None if value is None else pack(value)


def test_an_alert_about_somebody_who_has_left_sends_nobody_to_the_cell_of_the_next(service):
    stay = opened(service)
    left = casework.Release(NOW + minutes(30), "home", reason="arranged_outside")
    now = NOW + minutes(31)
    before = casework.record_rousing(
        service, stay, casework.Visit(NOW, rouse=False), actor=OKAFOR, now=NOW
    )
    [here] = casework.alert_list(service, BOTH, actor=OKAFOR, now=now).lines
    casework.release(service, stay, left, actor=OKAFOR, now=now)

    [gone] = casework.alert_list(service, BOTH, actor=OKAFOR, now=now).lines
    view = casework.stay_view(service, stay, actor=OKAFOR, now=now)
    at_the_desk = [alert_words.card(each, role=OKAFOR.role, now=now) for each in (here, gone)]
    assert before.seq and [each.where for each in at_the_desk] == [
        "–, cell 1, Castle Street",
        "–, LEFT CUSTODY 21:20 BST, Castle Street",
    ]
    assert [each.take for each in at_the_desk] == [
        "I have it, someone is at the cell",
        "I have it, I find out where they are",
    ]
    assert stay_words.title(view) == "No name yet, left custody"
