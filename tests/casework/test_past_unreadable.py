"""What cannot be read of somebody's past hides neither who is here now nor the rest of it."""

from dataclasses import replace

import pytest

from tests.casework.conftest import (
    NAIR,
    NOW,
    OKAFOR,
    answered,
    custody,
    everything_no,
    minutes,
    opened,
)
from triage import casework
from triage.casework import earlier
from triage.casework.screenings import UNREAD
from triage.present import past as words
from triage.record import Record

LATER = NOW + minutes(60)
SAID = ({"cannot_go_on_outside": answered("yes")}, {"made_to_do_things": answered("yes")})
BOTH = ("castle_street", "dock_road")


def damage(service, seq):
    """What a failing disk leaves of one screening, behind the back of the service."""
    connection = service.record.reading()._connection
    connection.execute("drop trigger payloads_are_not_edited")
    connection.execute("update payloads set body = x'00ff00' where seq = :seq", {"seq": seq})


@pytest.fixture
def back(service):
    """Somebody who was here twice; nobody can read any more what was said the first time."""
    person, screened = None, []
    for number, answers in enumerate(SAID):
        at = NOW + minutes(number * 10)
        stay = opened(service, custody(number + 1, at=at, person=person))
        person = service.record.reading().stay(stay).person
        told = everything_no(at, answers=answers)
        screened.append(casework.record_screening(service, stay, told, actor=OKAFOR, now=at).seq)
        leaving = casework.Release(at, "home", reason="arranged_outside")
        casework.release(service, stay, leaving, actor=OKAFOR, now=at)
    here = opened(service, custody(3, at=LATER, person=person))
    damage(service, screened[0])
    service.record.close()  # what has been read once is remembered
    again = Record.open(service.record.path)
    yield replace(service, record=again), here
    again.close()


def view(service, stay):
    return casework.stay_view(service, stay, actor=OKAFOR, now=LATER)


def test_the_page_of_who_is_here_opens_and_says_what_cannot_be_read(back):
    service, here = back
    seen = view(service, here)

    told = words.past(seen, service.rulebook)
    assert not seen.unreadable
    assert [line.split(": ", 1)[1] for line in told.stays] == [
        "1 screening, left to: a home",
        "CANNOT BE READ: ask on paper and by telephone what was known, left to: a home",
    ]
    assert "exploitation" in [each.need for each in seen.past.needs]


def test_the_next_screening_rests_on_what_can_be_read_and_says_that_it_is_not_all(back):
    service, here = back
    asked = everything_no(LATER)
    saved = casework.record_screening(service, here, asked, actor=OKAFOR, now=LATER)

    [line] = view(service, here).screenings
    assert [each.kind for each in line.details.record.markers] == ["exploitation"]
    assert UNREAD in saved.notices


def test_with_nothing_of_it_the_warning_that_can_be_read_would_be_lost(back, monkeypatch):
    service, here = back
    monkeypatch.setattr(earlier, "_with_the_legible", lambda *args: args[-1])
    asked = everything_no(LATER)

    casework.record_screening(service, here, asked, actor=OKAFOR, now=LATER)

    assert view(service, here).screenings[0].details.record.markers == ()


def test_the_list_of_the_nurse_and_the_summary_open_too(back):
    service, here = back
    asked = everything_no(LATER)
    casework.record_screening(service, here, asked, actor=OKAFOR, now=LATER)

    listed = casework.worklist(service, BOTH, actor=NAIR, now=LATER).lines
    pasted = casework.paste_block(service, here, actor=NAIR, now=LATER)

    assert {line.stay: line.unreadable for line in listed}[here] is False
    assert [line.unreadable for line in listed].count(True) == 1
    assert "2 earlier stays. Some of it cannot be read." in pasted
