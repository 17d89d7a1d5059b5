"""The desk gets the same from the record of its own machine as from a service over the network."""

from dataclasses import replace

import pytest

from tests.casework.conftest import minutes
from tests.desk.doors import ADMIN, DYER, NAIR, NOW, Both, Suite
from tests.desk.people import LOWE, OKAFOR, PASSWORD
from triage.desk.client import SignedOut
from triage.desk.served import Served
from triage.domain.errors import NotAllowed
from triage.record import Actor


def everything(desk: Served, suite: Suite) -> dict[str, object]:
    """All that a desk can see."""
    return {
        "role": desk.role,
        "state": desk.state(),
        "people": desk.people(),
        "board": desk.board(),
        "alerts": desk.alerts(),
        **{name: desk.sheet(stay) for name, stay in suite.stays.items()},
        "begun": [desk.begun(stay) for stay in suite.stays.values()],
        "recordable": [desk.recordable(stay) for stay in suite.stays.values()],
        "names": [desk.name(stay) for stay in suite.stays.values()],
        "open": [desk.open_things(suite.stays[name], None) for name in ("emergency", "untaken")],
        "rulebook": desk.rulebook().fingerprint,
    }


@pytest.mark.parametrize("actor", [OKAFOR, DYER, NAIR], ids=lambda each: each.role)
def test_the_same_is_seen_by_both_ways(both: Both, actor: Actor):
    here, served = both.desks(actor)

    assert everything(here, both.suite) == everything(served, both.suite)


def test_a_difference_between_the_two_ways_would_be_seen(both: Both):
    here, served = both.desks()
    near = everything(here, both.suite)

    both.suite.at += minutes(1)
    far = everything(served, both.suite)

    assert {name for name in near if near[name] != far[name]} >= {"state", "board", "alerts"}


def test_the_board_says_of_everybody_what_the_page_says(both: Both):
    here, _ = both.desks()
    board = here.board()
    by_stay = {row.stay: row for row in board.rows}
    rows = {name: by_stay[stay] for name, stay in both.suite.stays.items() if stay in by_stay}

    assert board.rows[0].stay == both.suite.stays["emergency"]
    assert (board.at, board.training, board.stale) == (NOW, True, False)
    assert board.who == "TRAINING Okafor, custody sergeant"
    assert "left" not in rows
    assert {name: row.level for name, row in rows.items()} == {
        "emergency": "emergency", "untaken": "urgent", "refused": "urgent", "a_and_e": "none",
        "unscreened": "none", "spoilt": "urgent",
    }  # fmt: skip
    assert rows["unscreened"].screening == "Not screened yet"
    assert rows["spoilt"].unreadable
    assert rows["a_and_e"].where.startswith("A&E")
    assert rows["untaken"].top


def test_one_person_is_said_as_on_the_page(desk, suite: Suite):
    sheet = desk().sheet(suite.stays["emergency"])

    assert (sheet.title, sheet.name) == ("TE, cell 1", "Training Emergency")
    assert sheet.cards[0].level == "emergency"
    assert sheet.found.emergency
    assert sheet.may == (
        "screen", "visit", "rousing", "note", "event", "release", "take", "act", "close",
    )  # fmt: skip
    assert [entry.seq for entry in sheet.timeline] == sorted(
        (entry.seq for entry in sheet.timeline), reverse=True
    )
    left = desk().sheet(suite.stays["left"])
    assert (left.closed, left.may) == (True, ("event",))  # what happened late is recorded
    assert "release" not in desk(DYER).sheet(suite.stays["emergency"]).may


def test_what_this_role_is_called_for_stands_before_what_others_are(desk, suite: Suite):
    cards = desk().sheet(suite.stays["untaken"]).cards

    assert [card.for_role for card in cards] == [True, False, False]


DOCUMENT = {
    "nation": "england", "stage": "arrest", "offence": "theft",
    "person": {"age": 30, "sex": "female", "age_source": "stated"},
}  # fmt: skip
AT = {"occurred_at": "2026-10-25T02:04:00Z"}


def test_what_is_recorded_at_the_desk_is_on_the_record(desk, suite: Suite):
    here, stay = desk(), suite.stays["unscreened"]
    done = [
        here.record_screening(stay, DOCUMENT, "key-screening-1"),
        here.visit(stay, {**AT, "seen": "Asleep, breathing seen"}, "key-visit-1"),
        here.rousing(stay, {**AT, "seen": "Woke at once", "rouse": True}, "key-rouse-1"),
        here.note(stay, {"group": "police", "words": "Asked for a drink"}, "key-note-1"),
    ]
    new = here.open_stay(
        {"kind": "custody", "suite": "castle_street", "reference": "TRAINING/CS/0042/26",
         "opened_at": "2026-10-25T02:00:00Z", "cell": "M9"}, "key-open-1",
    )  # fmt: skip

    assert {each.stay for each in done} == {stay}
    seqs = {entry.seq for entry in here.sheet(stay).timeline}
    assert {each.seq for each in done} <= seqs
    assert here.sheet(new.stay).reference == "TRAINING/CS/0042/26"


def test_an_event_and_an_authority_are_recorded_and_say_what_they_are(desk, suite: Suite):
    here, stay = desk(), suite.stays["a_and_e"]
    station = {**AT, "kind": "station_authorised"}
    extension = {**AT, "kind": "extension_authorised", "hours": 12, "ground": "condition",
                 "role": "doctor", "place": "a_and_e"}  # fmt: skip
    told = here.event(stay, {**AT, "kind": "amhp_told"}, "key-amhp-1")
    marked = here.event(stay, {**extension, "ground": "no_bed"}, "key-no-bed-1")
    once, again = (here.authorise(stay, extension, "key-extended-1") for _ in range(2))

    assert (told.stay, told.unlawful) == (stay, ())
    assert len(marked.unlawful) == 1
    assert (once.seq, once.repeated) == (again.seq, False)
    assert again.repeated
    with pytest.raises(NotAllowed) as refused:
        here.authorise(stay, station, "key-station-1")  # by a sergeant
    assert refused.value.law_row


def test_the_same_key_is_one_act(desk, suite: Suite):
    here, stay = desk(), suite.stays["unscreened"]
    visit = {**AT, "seen": "Asleep"}
    once, twice = (here.visit(stay, visit, "key-visit-1") for _ in range(2))
    another = here.visit(stay, visit, "key-visit-2")

    assert (once.repeated, twice.repeated, another.repeated) == (False, True, False)
    assert once.seq == twice.seq != another.seq


def test_what_is_typed_late_is_said_to_be_late(desk, suite: Suite):
    late = {"occurred_at": "2026-10-25T01:40:00Z", "seen": "Asleep"}
    now = {"occurred_at": "2026-10-25T02:05:00Z", "seen": "Asleep"}

    assert desk().visit(suite.stays["refused"], late, "key-visit-1").notices == (
        "Typed 25 min after it happened: marked late for ever.",
    )
    assert desk().visit(suite.stays["refused"], now, "key-visit-2").notices == ()


def test_an_emergency_in_a_draft_is_told_and_recorded_before_the_form_is_done(desk, suite: Suite):
    here, stay = desk(), suite.stays["unscreened"]
    assert here.begun(stay).draft is None
    quiet = here.save_draft(stay, DOCUMENT)
    swallowed = {**DOCUMENT, "answers": {"swallowed_or_hidden": "yes"}}
    loud = here.save_draft(stay, swallowed)

    assert (quiet.headline, quiet.acts, quiet.recorded) == ("", (), None)
    assert loud.recorded is not None
    assert loud.acts and "999" in loud.headline
    assert here.begun(stay).draft == swallowed
    assert here.sheet(stay).has_draft
    assert here.board().rows[0].level == "emergency"


def test_somebody_takes_acts_on_and_ends_an_alert(desk, suite: Suite):
    here, stay = desk(), suite.stays["untaken"]
    taken = here.take(stay)
    card = here.sheet(stay).cards[0]
    acted = here.act(card.key, "Sat with him")
    closed = here.close(card.key, "handed_over", "The nurse is with him")

    assert (taken.stay, acted.stay, closed.stay) == (stay, stay, stay)
    assert taken.seq < acted.seq < closed.seq
    assert card.take == ""
    assert card.key not in {each.key for each in here.sheet(stay).cards}


def test_whoever_is_second_hears_who_was_first(desk, suite: Suite):
    stay = suite.stays["untaken"]
    [card, *_] = desk().sheet(stay).cards
    desk(LOWE).acknowledge(card.key, card.kind)
    second = desk().acknowledge(card.key, card.kind)

    assert "TRAINING Lowe" in second.words
    with pytest.raises(NotAllowed, match="TRAINING Lowe has"):
        desk().take(stay)


def test_what_a_role_may_not_do_is_refused_in_words(desk, suite: Suite):
    [card, *_] = desk().sheet(suite.stays["untaken"]).cards

    with pytest.raises(NotAllowed, match="not for the detention officer"):
        desk(DYER).close(card.key, "other", "Done")
    with pytest.raises(NotAllowed, match="It is for"):
        desk(ADMIN).board()


def test_the_same_person_proves_again_who_they_are_and_nobody_else_can(desk, suite: Suite):
    here = desk()
    here.prove(PASSWORD)
    after = here.board()
    with pytest.raises(NotAllowed, match="do not open an account"):
        here.prove("somebody else's")

    assert after.rows
    assert here.board() == after


def test_a_session_that_is_over_is_said_and_begins_anew_with_the_password(both: Both):
    _, served = both.desks()
    both.suite.at += minutes(121)  # nobody pressed anything for two hours

    with pytest.raises(SignedOut):
        served.board()
    served.prove(PASSWORD)
    assert served.board().rows


def test_a_screen_that_renews_itself_keeps_no_session_alive(both: Both):
    _, watched = both.desks()
    _, used = both.desks()
    for _ in range(5):
        both.suite.at += minutes(29)
        watched.board(renewing=True) if both.suite.at < NOW + minutes(120) else None
        used.board()

    with pytest.raises(SignedOut):
        watched.board(renewing=True)


def test_what_is_open_when_it_is_looked_at_by_itself_keeps_no_session_alive(both: Both):
    _, watched = both.desks()
    _, used = both.desks()
    stay = both.suite.stays["untaken"]
    how = {"occurred_at": NOW.isoformat(), "to": "home"}
    for _ in range(5):
        both.suite.at += minutes(29)
        if both.suite.at < NOW + minutes(120):
            watched.open_things(stay, None, renewing=True)
            watched.open_things(stay, how, renewing=True)
        used.open_things(stay, None)

    with pytest.raises(SignedOut):
        watched.open_things(stay, None, renewing=True)


def test_of_a_stay_that_has_ended_the_page_says_by_whom_and_when(desk, suite: Suite):
    here = desk()

    assert here.sheet(suite.stays["untaken"]).ended == ""
    assert here.sheet(suite.stays["left"]).ended == (
        "This stay has ended already: at 02:00 GMT TRAINING Okafor recorded that the "
        "person left at 02:00 GMT, to: home. Correct its time if it is wrong."
    )


def test_in_this_process_somebody_who_is_shut_out_sees_nothing_from_then_on(both: Both):
    here, _ = both.desks()
    with both.suite.service.record.writing(now=both.suite.at) as writing:
        writing.set_active(OKAFOR.account, False)

    with pytest.raises(SignedOut):
        here.board()


def looks(suite: Suite, account: str) -> list[tuple[str, str | None]]:
    seen = suite.service.record.reading().accesses_between(NOW, NOW + minutes(600))
    return [(each.what, each.purpose) for each in seen if each.actor.account == account]


def test_a_look_is_logged_and_one_that_renews_itself_once_an_hour_as_kept_open(desk, suite: Suite):
    here, stay = desk(DYER), suite.stays["untaken"]
    for ask in (here.board, here.alerts, lambda **how: here.sheet(stay, **how)):
        ask()
        ask(renewing=True)
    suite.at += minutes(61)
    here.sheet(stay, renewing=True)
    here.sheet(suite.stays["emergency"], renewing=True)

    read = "stay: identity, police"
    assert looks(suite, "dyer") == [
        ("board: castle_street", None), ("alerts: castle_street", None), (read, "care"),
        (read, "kept open"), (read, "kept open"),
    ]  # fmt: skip


def test_the_rulebook_is_fetched_once_and_is_the_very_one_of_the_service(desk, suite: Suite):
    here = desk()
    book = here.rulebook()

    assert replace(book, warnings=()) == suite.service.rulebook
    assert here.rulebook() is book


def test_what_was_found_before_stands_beside_what_is_found_now(desk, suite: Suite):
    here, before = desk(), suite.stays["untaken"]
    person = suite.service.record.reading().stay(before).person
    new = here.open_stay(
        {"kind": "custody", "suite": "castle_street", "reference": "TRAINING/CS/0043/26",
         "opened_at": "2026-10-25T02:00:00Z", "person": person}, "key-open-1",
    )  # fmt: skip
    past = here.sheet(new.stay).past

    assert {(each.about, each.now) for each in past.needs} == {
        ("Suicide and self-harm", "Not screened yet")
    }
    assert here.sheet(suite.stays["emergency"]).past is None
