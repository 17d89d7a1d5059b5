"""Putting people on the rota: who may, whom, for how long, and that it stands on the chain."""

import pytest

from tests.casework.conftest import (
    ADMIN,
    HCP,
    LEAD,
    MARSH,
    NAIR,
    NOW,
    OKAFOR,
    minutes,
    opened,
    with_mail,
)
from tests.casework.test_duty import called, urgent_for_the_nurse
from triage import casework
from triage.casework.rotas import EmptySlot
from triage.domain.errors import InputError, NotAllowed, RoleRefused
from triage.record import Account, Actor, Session
from triage.record.events import EventKind

TONIGHT = {"starts_at": NOW - minutes(60), "ends_at": NOW + minutes(600)}
CASTLE = Actor("castle", "Nurse Lead", "lead_nurse", suites=("castle_street",))
DOCK = Actor("dock", "Nurse Lead", "lead_nurse", suites=("dock_road",))


def account(service, actor, *, suites=(), active=True):
    made = Account(actor.account, actor.name, actor.role, suites, None, active=active, made_at=NOW)
    with service.record.writing(now=NOW) as writing:
        writing.add_account(made)


def put(service, actor=LEAD, **said):
    given = {"suite": "castle_street", "role": "liaison_nurse", "account": "nair", **TONIGHT}
    return casework.put_on_rota(service, **{**given, **said}, actor=actor, now=NOW)


def signed_in(service, actor):
    with service.record.writing(now=NOW) as writing:
        writing.begin_session(
            Session(actor.account, actor.account, "x", None, NOW, NOW, NOW + minutes(720))
        )


def noted(service):
    events = [e for e in service.record.reading().all_events() if e.kind is EventKind.NOTE]
    return [(each.header["about"], each.actor.account) for each in events]


def test_whoever_is_put_on_the_rota_is_called_by_name_and_it_is_on_the_chain(service):
    account(service, NAIR)
    duty = put(service, contact="+447700900123")
    again = put(service, contact="+447700900123")

    found = casework.rota(service, actor=LEAD, now=NOW)

    assert (duty, again) == (found.duties[0], duty)
    assert (duty.name, duty.contact, found.empty) == ("Nurse Nair", "+447700900123", ())
    assert noted(service) == [("on_rota", "lead")] * 2


def test_what_is_taken_off_leaves_a_hole_that_is_shown(service):
    account(service, NAIR)
    duty = put(service)
    put(service, starts_at=NOW + minutes(600), ends_at=NOW + minutes(1200))
    casework.drop_duty(service, duty.id, actor=MARSH, now=NOW)

    found = casework.rota(service, actor=LEAD, now=NOW)

    assert [each.starts_at for each in found.duties] == [NOW + minutes(600)]
    assert found.empty == (EmptySlot("castle_street", "liaison_nurse"),)
    assert noted(service)[-1] == ("off_rota", "marsh")
    with pytest.raises(InputError, match="not on the rota any more"):
        casework.drop_duty(service, duty.id, actor=MARSH, now=NOW)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"suite": "moon"}, "not one of the suites"),
        ({"role": "king"}, "not a role"),
        ({"account": "ghost"}, "no active account"),
        ({"account": "okafor"}, "another role"),
        ({"account": "dock"}, "not for this suite"),
        ({"account": "gone"}, "no active account"),
        ({"account": None}, "Who is it"),
        ({"contact": "shout"}, "e-mail address or a telephone number"),
        ({"ends_at": NOW}, "has passed"),
        ({"ends_at": NOW + minutes(60 * 24 * 40)}, "at most 31 days"),
        ({"starts_at": NOW + minutes(700)}, "ends after it begins"),
    ],
)
def test_an_entry_that_would_call_nobody_is_refused(service, said, problem):
    account(service, NAIR)
    account(service, OKAFOR)
    account(service, Actor("dock", "Nurse Dock", "liaison_nurse"), suites=("dock_road",))
    account(service, Actor("gone", "Nurse Gone", "liaison_nurse"), active=False)

    with pytest.raises(InputError, match=problem):
        put(service, **said)
    assert casework.rota(service, actor=LEAD, now=NOW).duties == ()


def test_a_rota_is_kept_by_those_who_may_and_for_their_own_suites(service):
    mine = put(service, CASTLE, account=None, name="On call")

    assert casework.rota(service, actor=ADMIN, now=NOW).duties == (mine,)
    assert casework.rota(service, actor=DOCK, now=NOW).duties == ()
    for refused in (NAIR, OKAFOR, HCP):
        with pytest.raises(RoleRefused):
            put(service, refused, account=None, name="On call")
        with pytest.raises(RoleRefused):
            casework.rota(service, actor=refused, now=NOW)
    with pytest.raises(NotAllowed):
        put(service, DOCK, account=None, name="On call")
    with pytest.raises(NotAllowed):
        casework.drop_duty(service, mine.id, actor=DOCK, now=NOW)


# With somebody, where no rota is kept


def test_without_a_rota_the_only_nurse_here_is_stood_in_for_while_she_is_with_somebody(service):
    posted = with_mail(service)
    account(posted, NAIR)
    signed_in(posted, NAIR)
    casework.with_somebody(posted, NOW + minutes(30), reason="in a cell", actor=NAIR, now=NOW)

    alert = urgent_for_the_nurse(posted, opened(posted))

    assert called(posted, alert) == {"custody_hcp"}
    assert noted(posted)[-1] == ("with_somebody", "nair")


def test_without_a_rota_another_nurse_who_is_here_is_still_called(service):
    posted = with_mail(service)
    bell = Actor("bell", "Nurse Bell", "liaison_nurse")
    for nurse in (NAIR, bell):
        account(posted, nurse)
        signed_in(posted, nurse)
    casework.with_somebody(posted, NOW + minutes(30), reason="in a cell", actor=NAIR, now=NOW)

    assert called(posted, urgent_for_the_nurse(posted, opened(posted))) == {"liaison_nurse"}


def test_a_nurse_of_another_suite_who_is_here_covers_nobody(service):
    posted = with_mail(service)
    bell = Actor("bell", "Nurse Bell", "liaison_nurse")
    for nurse, suites in ((NAIR, ()), (bell, ("dock_road",))):
        account(posted, nurse, suites=suites)
        signed_in(posted, nurse)
    casework.with_somebody(posted, NOW + minutes(30), reason="in a cell", actor=NAIR, now=NOW)

    assert called(posted, urgent_for_the_nurse(posted, opened(posted))) == {"custody_hcp"}
