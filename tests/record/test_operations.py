"""What the service needs to run stands in one file, and changes with the act or not at all."""

from datetime import timedelta

import pytest

from tests.record.people import NAIR, OKAFOR, at, drafted, opened, wanted
from triage.record import (
    Account,
    Cover,
    Delivery,
    DeliveryState,
    Duty,
    EventKind,
    IdempotencyConflict,
    Link,
    NewEvent,
    Operation,
    Record,
    Session,
    Shown,
    Token,
)

LEASE = timedelta(seconds=30)


KNOCK = {"answers": {"head_knock": "knock_red"}}


def test_a_draft_is_the_last_that_was_typed_until_it_is_dropped(record: Record):
    with record.writing(now=at(1)) as writing:
        first = drafted({"answers": {"head_knock": "no"}}, "okafor")
        writing.save_draft("s-1", first, "okafor")
        then = first.typed(KNOCK, account="nair", at=at(1), made_on=1)
        writing.save_draft("s-1", then, "nair")
    draft = record.reading().draft("s-1")
    with record.writing(now=at(2)) as writing:
        writing.drop_draft("s-1")

    assert (draft.body, draft.account, draft.typed) == (KNOCK, "nair", then)
    assert record.reading().draft("s-1") is None


def test_a_replayed_key_gives_the_first_ids_and_another_body_is_a_conflict(record: Record):
    with record.writing(now=at(1)) as writing:
        writing.remember_idempotency("k", "okafor", "hash-1", 201, {"seq": 1})

    assert record.reading().remembered("k", "okafor", "hash-1").ids == {"seq": 1}
    assert record.reading().remembered("k", "nair") is None
    with pytest.raises(IdempotencyConflict):
        record.reading().remembered("k", "okafor", "hash-2")


def test_a_key_is_forgotten_with_the_act_that_failed(record: Record):
    with pytest.raises(RuntimeError), record.writing(now=at(1)) as writing:
        writing.remember_idempotency("k", "okafor", "hash-1", 201, {"seq": 1})
        raise RuntimeError

    assert record.reading().remembered("k", "okafor") is None


def test_a_key_is_forgotten_after_thirty_days(record: Record):
    with record.writing(now=at(0)) as writing:
        writing.remember_idempotency("old", "okafor", "h", 201, {})
    with record.writing(now=at(0) + timedelta(days=30)) as writing:
        writing.forget_replies()
    young = record.reading().remembered("old", "okafor")
    with record.writing(now=at(0) + timedelta(days=30, seconds=1)) as writing:
        writing.forget_replies()

    assert young is not None
    assert record.reading().remembered("old", "okafor") is None


def test_the_heartbeat_is_the_last_complete_pass(record: Record):
    for minute in (1, 2):
        with record.writing(now=at(minute)) as writing:
            writing.heartbeat(detail={"raised": minute})

    beat = record.reading().last_heartbeat()

    assert (beat.at, beat.detail) == (at(2), {"raised": 2})


def test_a_lease_is_held_by_one_until_it_ends(record: Record):
    with record.writing(now=at(0)) as writing:
        first = writing.take_lease("timers", "one", 15)
        other = writing.take_lease("timers", "two", 15)
        again = writing.take_lease("timers", "one", 15)
    with record.writing(now=at(1)) as writing:
        later = writing.take_lease("timers", "two", 15)

    assert (first, other, again, later) == (True, False, True, True)


def test_the_rota_answers_for_a_moment_and_cover_ends_by_itself(record: Record):
    nair = Duty("d1", "castle", "liaison_nurse", "nair", "Nurse Nair", None, at(-600), at(140))
    with record.writing(now=at(0)) as writing:
        writing.put_duty(nair)
        writing.put_cover(Cover("nair", "lead", "with a person", at(30)))
    reading = record.reading()

    assert reading.rota(at(139), "castle") == (nair,)
    assert reading.rota(at(140)) == ()
    assert reading.cover("nair", at(29)).cover_account == "lead"
    assert reading.cover("nair", at(30)) is None


def test_accounts_sessions_tokens_and_links_are_read_as_they_were_kept(record: Record):
    account = Account("okafor", "PS Okafor", "custody_sergeant", ("castle",), None, True, at(0))
    session = Session("id", "okafor", "csrf", "castle-desk-1", at(0), at(0), at(720))
    token = Token("hash", "castle-desk-1", ("castle",), at(0))
    link = Link("link", "password", "okafor", at(60))
    with record.writing(now=at(0)) as writing:
        writing.add_account(account)
        writing.begin_session(session)
        writing.add_token(token)
        writing.add_link(link)
    reading = record.reading()

    assert reading.accounts() == (account,)
    assert reading.session("id") == session
    assert reading.tokens() == (token,)
    assert reading.shown(token_hash="hash", id_hash="id") == Shown(token, session, account)
    assert reading.link("link") == link


@pytest.mark.parametrize("token_hash", [None, "hash", "nobody's"])
@pytest.mark.parametrize("id_hash", [None, "id", "nobody's"])
def test_each_secret_that_is_shown_stands_for_itself_whatever_the_other_is(
    record: Record, token_hash: str | None, id_hash: str | None
):
    account = Account("okafor", "PS Okafor", "custody_sergeant", ("castle",), None, True, at(0))
    session = Session("id", "okafor", "csrf", None, at(0), at(0), at(720), at(30))
    token = Token("hash", "castle-desk-1", (), at(0), at(20))
    with record.writing(now=at(0)) as writing:
        writing.add_account(account)
        writing.begin_session(session)
        writing.end_session("id", at(30))
        writing.add_token(token)
        writing.revoke_token("hash", at(20))

    shown = record.reading().shown(token_hash=token_hash, id_hash=id_hash)

    known = (session, account) if id_hash == "id" else (None, None)
    assert shown == Shown(token if token_hash == "hash" else None, *known)


def test_a_link_works_once_and_only_in_time(record: Record):
    with record.writing(now=at(0)) as writing:
        writing.add_link(Link("one", "password", "okafor", at(60)))
        writing.add_link(Link("two", "password", "okafor", at(60)))
        used = [writing.use_link("one", at(1)), writing.use_link("one", at(2))]
        late = writing.use_link("two", at(60))

    assert used == [True, False]
    assert not late


def test_failed_sign_ins_are_counted_for_names_that_are_nobodys(record: Record):
    with record.writing(now=at(0)) as writing:
        writing.add_login_failure("nobody", at(0))
        writing.add_login_failure("nobody", at(5))
    assert record.reading().login_failures("nobody", at(1)) == (at(5),)

    with record.writing(now=at(6)) as writing:
        writing.clear_login_failures("nobody")
    assert record.reading().login_failures("nobody", at(0)) == ()


def _claimed(record: Record, minute: float) -> tuple[Delivery, ...]:
    with record.writing(now=at(minute)) as writing:
        return writing.claim_deliveries(10, LEASE)


def test_a_claimed_message_that_never_settled_is_sent_again_as_a_repeat(record: Record):
    with record.writing(now=at(0)) as writing:
        key = writing.plan_delivery("a", step=0, round=0, channel="mail", recipient="nair")
        twice = writing.plan_delivery("a", step=0, round=0, channel="mail", recipient="nair")
    (first,) = _claimed(record, 0)
    nobody = _claimed(record, 0.4)
    (repeat,) = _claimed(record, 1)

    assert twice is None
    assert nobody == ()
    assert (first.key, first.repeat, first.tries) == (key, False, 1)
    assert (repeat.key, repeat.repeat, repeat.tries) == (key, True, 2)


def test_a_settled_message_is_not_claimed_again_but_one_to_be_tried_later_is(record: Record):
    with record.writing(now=at(0)) as writing:
        sent = writing.plan_delivery("a", step=0, round=0, channel="mail", recipient="nair")
        retried = writing.plan_delivery("a", step=0, round=0, channel="mail", recipient="lead")
        writing.claim_deliveries(10, LEASE)
        writing.record_delivery(sent, DeliveryState.SENT, reference="m-1")
        writing.record_delivery(retried, DeliveryState.FAILED, outcome="busy", try_again_at=at(2))

    assert _claimed(record, 1) == ()
    assert [one.key for one in _claimed(record, 2)] == [retried]


def test_the_most_severe_alert_is_sent_first(record: Record):
    with record.writing(now=at(0)) as writing:
        writing.append(opened("s-1"))
        writing.plan("s-1", [wanted("a:x:1", 0, "A3"), wanted("b:x:1", 0, "A1")])
        for key in ("s-1:a:x:1", "s-1:b:x:1"):
            writing.plan_delivery(key, step=0, round=0, channel="mail", recipient="nair")

    assert [one.alert_key for one in _claimed(record, 0)] == ["s-1:b:x:1", "s-1:a:x:1"]


def test_every_look_and_every_disclosure_is_logged(record: Record):
    record.log_access(OKAFOR, "stay:police", "s-1", "release check", at(1))
    record.log_access(
        NAIR, "referral:clinical", "s-1", None, at(2),
        operation=Operation.DISCLOSURE, recipients=["drug_treatment"],
    )  # fmt: skip

    looks = record.reading().accesses("s-1")

    assert [(look.actor.account, look.operation, look.recipients) for look in looks] == [
        ("okafor", "consultation", ()),
        ("nair", "disclosure", ("drug_treatment",)),
    ]
    assert record.reading().accesses_between(at(2), at(3)) == (looks[1],)


def test_a_rulebook_is_kept_text_by_text_and_the_last_signed_one_is_found(record: Record):
    files = {"law/pace.toml": b"one", "routes/a.toml": b"two"}
    with record.writing(now=at(0)) as writing:
        new = writing.keep_rulebook("f1", files, signed=True, adopted_at=at(0))
        again = writing.keep_rulebook("f1", files, signed=True, adopted_at=at(1))
        writing.keep_rulebook("f2", files, signed=False, adopted_at=at(2))
    reading = record.reading()

    assert (new, again) == (True, False)
    assert reading.rulebook_files("f1") == files == reading.rulebook_files("f2")
    assert reading.last_signed_rulebook() == "f1"
    assert reading.rulebook_files("f3") is None


def test_linked_people_share_their_past_until_unlinked(record: Record):
    with record.writing(now=at(9)) as writing:
        writing.append(opened("s-1"))
        writing.append(opened("s-2", 5))
        link = NewEvent(
            EventKind.PERSON_LINKED, NAIR, at(6), person="p-s-1", header={"with": "p-s-2"}
        )
        writing.append(link)
    assert [stay.id for stay in record.reading().past_stays("p-s-2")] == ["s-1", "s-2"]

    with record.writing(now=at(9)) as writing:
        unlink = NewEvent(
            EventKind.PERSON_UNLINKED, NAIR, at(7), person="p-s-2", header={"with": "p-s-1"}
        )
        writing.append(unlink)
    assert [stay.id for stay in record.reading().past_stays("p-s-2")] == ["s-2"]
