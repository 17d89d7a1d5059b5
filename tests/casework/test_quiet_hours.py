"""What needs attention this shift waits for the shift of whoever is off duty; nothing else does.

The nurse covers from 08:00 to 22:00, London time. The night is the one in which the clocks go back.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from tests.casework.conftest import (
    LEAD,
    NAIR,
    OKAFOR,
    answered,
    custody,
    everything_no,
    keys,
    minutes,
    opened,
    section136,
    with_mail,
)
from triage import casework
from triage.casework import held_letters, holding
from triage.casework.alert_acts import AckKind
from triage.casework.codes import code_of
from triage.casework.sending import send_planned
from triage.channels.messages import Outcome, Sent
from triage.domain.ladder import HELD_OFF_DUTY
from triage.present import alert_sheet, alerts, board, worklist
from triage.record.operations import Duty

NIGHT = datetime(2026, 10, 24, 21, 30, tzinfo=UTC)  # Saturday, 22:30 BST
MORNING = datetime(2026, 10, 25, 8, 0, tzinfo=UTC)  # Sunday, 08:00 GMT: the clocks went back
HELD = (
    "Held until Sun 25 Oct 08:00 GMT for the liaison nurse, who is off duty: "
    "no message leaves before then."
)


def no_home(service, at=NIGHT):
    """Somebody without a home: soon, for the nurse and for the desk."""
    stay = opened(service, custody(at=at))
    found = everything_no(at, answers={"home_tonight": answered("street")})
    casework.record_screening(service, stay, found, actor=OKAFOR, now=at)
    [alert] = [a for a in keys(service, stay).values() if a.step == "soon.liaison_nurse"]
    return alert


def passes(service, send, *, until, since=NIGHT, every=5):
    """A pass each few minutes, the last at ``until``."""
    now = since
    while now <= until:
        casework.tick(service, now=now, send=send)
        now += minutes(every)


@pytest.fixture
def post(service):
    """The service with mail that keeps what leaves, and when: (now, messages)."""
    sent = []

    def send(message):
        sent.append(message)
        return Sent(Outcome.SENT)

    return with_mail(service), send, sent


def of_nurse(sent):
    to = ("nair@example.test",)
    return [(m.about["level"], m.about["waiting_minutes"]) for m in sent if m.to == to]


def test_what_is_soon_waits_for_the_nurse_until_she_comes_and_the_hour_is_counted_once(post):
    service, send, sent = post
    no_home(service)

    passes(service, send, until=MORNING - minutes(5))
    before = of_nurse(sent)
    passes(service, send, since=MORNING, until=MORNING)

    # 22:30 BST to 08:00 GMT are ten hours and a half.
    assert (before, of_nurse(sent)) == ([], [("A3", 630)])
    assert not any("(late)" in message.words for message in sent)  # it is not late, it has waited


def test_who_is_on_duty_hears_of_it_at_once_and_the_chain_climbs_past_who_sleeps(post):
    service, send, sent = post
    alert = no_home(service)

    passes(service, send, until=NIGHT + minutes(60))

    told = {(m.about["code"], m.to[0]) for m in sent}
    code = code_of(alert.key)
    assert {to for found, to in told if found == code} == {"marsh@example.test"}
    assert "okafor@example.test" in {to for _, to in told}  # of what is for the desk


def test_it_stands_in_the_list_from_the_first_second_and_says_that_it_is_held(post):
    service, _, _ = post
    alert = no_home(service)

    found = casework.alert_list(service, [], actor=NAIR, now=NIGHT).lines
    [line] = [each for each in found if each.key == alert.key]
    [work] = casework.worklist(service, [], actor=NAIR, now=NIGHT).lines
    [person] = casework.board(service, [], actor=OKAFOR, now=NIGHT).rows

    assert HELD in alerts.card(line, role="liaison_nurse", now=NIGHT).facts
    assert f"      {HELD}" in alert_sheet.alert_rows([line], role="liaison_nurse", now=NIGHT)
    assert worklist.row(work, of=1, now=NIGHT).held == HELD
    assert line.state == "raised"
    assert person.open_alerts >= 1
    timers = casework.timers(service, now=NIGHT)
    [told] = alert_sheet.alert_document([line], timers, now=NIGHT)["alerts"]
    assert told["held_for"] == [{"role": "liaison_nurse", "until": "2026-10-25T08:00:00Z"}]


def test_the_board_says_it_where_nothing_more_urgent_stands_for_that_person(post):
    service, _, _ = post
    alert = no_home(service)
    [person] = casework.board(service, [], actor=OKAFOR, now=NIGHT).rows
    line = casework.alert_list(service, [], actor=NAIR, now=NIGHT).lines
    [held] = [each for each in line if each.key == alert.key]

    row = board.row(replace(person, top=held), now=NIGHT)

    assert row.urgency_note.endswith(HELD)


def test_while_she_is_on_duty_nothing_is_held_and_nothing_says_so(post):
    service, send, sent = post
    noon = NIGHT - timedelta(hours=9)
    alert = no_home(service, noon)

    casework.tick(service, now=noon, send=send)

    assert of_nurse(sent) == [("A3", 0)]
    [line] = [e for e in casework.alert_list(service, [], actor=NAIR, now=noon).lines
              if e.key == alert.key]  # fmt: skip
    assert line.held_for == ()


def test_a_nurse_whom_the_rota_names_tonight_is_told_though_the_signed_hours_are_over(post):
    service, send, sent = post
    no_home(service)
    casework.tick(service, now=NIGHT, send=send)
    before = of_nurse(sent)
    duty = Duty(
        "d-nair", "castle_street", "liaison_nurse", "nair", "Nair", None, NIGHT, NIGHT + minutes(90)
    )
    casework.set_duty(service, duty, actor=LEAD, now=NIGHT)

    casework.tick(service, now=NIGHT + minutes(5), send=send)

    assert (before, of_nurse(sent)) == ([], [("A3", 5)])


def test_a_shift_that_begins_earlier_by_the_rota_ends_the_wait(post):
    service, _, _ = post
    early = MORNING - timedelta(hours=2)
    duty = Duty(
        "d-nair", "castle_street", "liaison_nurse", "nair", "Nair", None, early,
        early + timedelta(hours=8),
    )  # fmt: skip
    casework.set_duty(service, duty, actor=LEAD, now=NIGHT)

    alert = no_home(service)

    assert [each.try_at for each in service.record.reading().deliveries(alert.key)] == [early]


def test_a_message_that_could_not_leave_before_her_shift_ended_waits_for_the_next_one(post):
    service, send, sent = post
    evening = NIGHT - minutes(31)  # 21:59
    no_home(service, evening)
    down = [True]

    def weather(message):
        return Sent(Outcome.UNKNOWN, "refused") if down[0] else send(message)

    passes(service, weather, since=evening, until=evening, every=1)
    down[0] = False
    passes(service, weather, since=evening + minutes(1), until=MORNING - minutes(5))
    before = of_nurse(sent)
    casework.tick(service, now=MORNING, send=weather)

    assert before == []
    [told] = [m for m in sent if m.to == ("nair@example.test",)]
    assert "(repeat)" in told.words


def test_what_is_over_by_the_morning_sends_nothing(post):
    service, send, sent = post
    alert = no_home(service)
    casework.close(service, alert.key, outcome="no_route: nothing is free", actor=NAIR, now=NIGHT)

    casework.tick(service, now=MORNING, send=send)

    assert of_nurse(sent) == []


def test_what_is_urgent_is_never_held_even_where_a_site_writes_that_it_may(post):
    service, _, _ = post
    ladder = service.rulebook.practice["alerts"]
    levels = {name: {**row, "quiet_hours": HELD_OFF_DUTY} for name, row in ladder["levels"].items()}
    practice = {**service.rulebook.practice, "alerts": {**ladder, "levels": levels}}
    book = replace(service.rulebook, practice=MappingProxyType(practice))
    stay = opened(replace(service, rulebook=book), custody(at=NIGHT))
    found = everything_no(NIGHT, answers={"self_harm_now": answered("thoughts")})

    casework.record_screening(replace(service, rulebook=book), stay, found, actor=OKAFOR, now=NIGHT)

    [alert] = [a for a in keys(service, stay).values() if a.step == "urgent.liaison_nurse"]
    told = service.record.reading().deliveries(alert.key)
    assert [(each.recipient, str(each.state)) for each in told] == [("custody_hcp", "planned")]


def test_a_limit_of_law_is_never_held_and_a_target_of_guidance_is(post):
    service, _, _ = post
    began = NIGHT - timedelta(hours=6)
    opened(service, section136(at=began), now=began)

    casework.tick(service, now=NIGHT, send=None)

    reading = service.record.reading()
    states = {
        (alert.source, alert.step): {
            (each.recipient, str(each.state)) for each in reading.deliveries(alert.key)
        }
        for alert in reading.open_alerts()
        if alert.level == "A3" and "liaison_nurse" in alert.to_roles
    }
    assert ("liaison_nurse", "planned") in states[("permitted_period", "after_6h")]
    assert states[("assessment_begins", "due")] >= {("liaison_nurse", "held")}


def test_a_hold_that_forgot_to_look_again_would_lose_the_message(post, monkeypatch):
    service, send, sent = post
    no_home(service)
    monkeypatch.setattr(holding, "_changes", lambda service, reading, now: iter(()))

    casework.tick(service, now=MORNING, send=send)

    assert of_nurse(sent) == []


# The morning: one letter to each -------------------------------------------------------------


def a_night_of(service, people=4):
    """Several people without a home, one after another, of whom she hears in the morning."""
    return [homeless(service, number) for number in range(1, people + 1)]


def homeless(service, number, at=None):
    at = at or NIGHT + minutes(5 * number)
    stay = opened(service, custody(number, at=at), now=at)
    found = everything_no(at, answers={"home_tonight": answered("street")})
    casework.record_screening(service, stay, found, actor=OKAFOR, now=at)
    [alert] = [a for a in keys(service, stay).values() if a.step == "soon.liaison_nurse"]
    return alert


def held_rows(service, alerts):
    reading = service.record.reading()
    return [each for alert in alerts for each in reading.deliveries(alert.key)
            if each.recipient == "liaison_nurse"]  # fmt: skip


def leaves(service, send, now=MORNING):
    """A pass, and what waits then leaves until nothing does, as the timers send."""
    casework.tick(service, now=now, send=send)
    while send_planned(service, now=now, send=send):
        pass


def to_nurse(sent):
    return [message for message in sent if message.to == ("nair@example.test",)]


def test_what_was_held_leaves_in_one_letter_the_longest_first_and_names_nobody(post):
    service, send, sent = post
    people = a_night_of(service)

    passes(service, send, until=MORNING - minutes(5))
    leaves(service, send)

    [letter] = to_nurse(sent)
    codes = ", ".join(code_of(alert.key) for alert in people)
    assert letter.words == (
        "Held until the shift began: 4 for the liaison nurse, 4 SOON. Castle Street (training) 4. "
        f"The longest waits 625 min. Go to the board. Codes {codes}."
    )
    assert (letter.about["together"], letter.about["level"]) == (4, "A3")
    assert letter.subject == "Custody alerts, held until the shift began: 4"
    assert {str(each.state) for each in held_rows(service, people)} == {"sent"}
    assert len({each.key for each in held_rows(service, people)}) == 4


def test_each_alert_of_the_letter_is_taken_by_itself(post):
    service, send, _ = post
    first, *others = a_night_of(service)
    leaves(service, send)

    casework.acknowledge(service, first.key, kind=AckKind.CLINICAL, actor=NAIR, now=MORNING)

    states = [service.record.reading().alert(alert.key).state for alert in (first, *others)]
    assert states == ["acknowledged", "raised", "raised", "raised"]


def test_what_is_over_by_the_morning_is_not_counted_in_the_letter(post):
    service, send, sent = post
    first, *others = a_night_of(service)
    casework.close(service, first.key, outcome="no_route: nothing is free", actor=NAIR, now=NIGHT)

    leaves(service, send)

    [letter] = to_nurse(sent)
    assert "3 for the liaison nurse, 3 SOON" in letter.words
    assert code_of(first.key) not in letter.words
    assert all(code_of(alert.key) in letter.words for alert in others)


def test_two_suites_and_two_readers_are_two_letters_and_not_eight(post):
    service, send, sent = post
    a_night_of(service)
    stay = opened(service, custody(9, at=NIGHT, suite="dock_road"), now=NIGHT)
    found = everything_no(NIGHT, answers={"home_tonight": answered("street")})
    casework.record_screening(service, stay, found, actor=OKAFOR, now=NIGHT)
    other = Duty("d-lee", "dock_road", "liaison_nurse", "lee", "Lee", "lee@example.test",
                 MORNING, MORNING + timedelta(hours=8))  # fmt: skip
    casework.set_duty(service, other, actor=LEAD, now=NIGHT)

    leaves(service, send)

    held = [m for m in sent if m.words.startswith("Held until")]
    alone = [m for m in sent if m.to == ("lee@example.test",)]
    assert [m.to for m in held] == [("nair@example.test",)]
    assert ["Dock Road (training): 1 SOON" in m.words for m in alone] == [True]


def test_a_letter_whose_sender_dies_is_sent_once_more_under_its_key_and_says_so(post):
    service, send, sent = post
    people = a_night_of(service)

    class Dead(BaseException):
        pass

    def dies(message):
        send(message)
        raise Dead

    passes(service, send, until=MORNING - minutes(5))
    casework.tick(service, now=MORNING, send=send)  # what is for others, and fresh
    with pytest.raises(Dead):
        leaves(service, dies)
    late = homeless(service, 8, at=MORNING)  # on duty now: hers at once, and not of that letter
    leaves(service, send, MORNING + minutes(1))
    leaves(service, send, MORNING + minutes(2))

    first, *others = to_nurse(sent)
    again = [each for each in others if each.delivery_key == first.delivery_key]
    assert [each.words for each in again] == [
        first.words.replace("625 min", "626 min") + " (repeat)"
    ]
    assert [each.about["code"] for each in others if each not in again] == [code_of(late.key)]
    assert {(str(each.state), each.tries) for each in held_rows(service, people)} == {("sent", 2)}


def test_a_channel_that_fails_loses_none_of_them_and_what_ends_meanwhile_leaves_its_letter(post):
    service, send, sent = post
    people = a_night_of(service)
    keys_tried = []

    def refuses(message):
        keys_tried.append(message.delivery_key)
        return Sent(Outcome.UNKNOWN, "refused")

    for minute in range(30):
        leaves(service, refuses, MORNING + minutes(minute))
    casework.close(
        service, people[0].key, outcome="no_route: nothing is free", actor=NAIR, now=MORNING
    )
    leaves(service, send, MORNING + minutes(90))

    letters = [each for each in to_nurse(sent) if each.words.startswith("Held until")]
    [letter] = letters
    assert letter.delivery_key in keys_tried
    assert "3 for the liaison nurse, 3 SOON" in letter.words
    assert letter.words.endswith("(repeat) (late)")
    assert {str(each.state) for each in held_rows(service, people[1:])} == {"sent"}


def test_without_putting_them_together_each_would_be_a_letter_of_its_own(post, monkeypatch):
    """The twin: four people, four letters at eight in the morning."""
    service, send, sent = post
    a_night_of(service)

    def apart(rows, addresses):
        for delivery, alert in rows:
            to = addresses(alert, delivery)
            yield held_letters.HeldLetter(delivery.key, delivery.channel, to, ((delivery, alert),))

    monkeypatch.setattr(held_letters, "_new", apart)
    leaves(service, send)

    assert len(to_nurse(sent)) == 4
