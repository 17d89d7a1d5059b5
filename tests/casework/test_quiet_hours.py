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
from triage.casework import holding
from triage.casework.codes import code_of
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
    assert f"      {HELD}" in alert_sheet.alert_rows([line], now=NIGHT)
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
