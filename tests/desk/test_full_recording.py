"""What happened, and what is authorised, on the full screen, against the real service.

It is the night on which 01:32 came twice; two people are under arrest, one is in A&E.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tests.casework.conftest import happened, minutes
from tests.desk.doors import MARSH, NAIR, NOW, Suite
from tests.desk.people import OKAFOR
from tests.desk.standing import EMERGENCY, PASSWORD, Standing
from tests.desk.test_full_keys import Story, glass, told, typed
from triage import casework
from triage.casework.entries import event_of
from triage.desk.full.app import Desk
from triage.desk.full.choosing import Choosing
from triage.desk.full.lock import Lock
from triage.desk.full.person import Person
from triage.desk.full.recording import Recording
from triage.desk.served import Served
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.present import entries, events
from triage.present import recordable_form as words
from triage.present.recordable import Offered, OfferedGroup
from triage.record import Actor, EventKind, Recorded

ENTER = "enter"


def at_person(desk: Served, stay: str, story: Story, folder: Path | None = None) -> Desk:
    """A story that begins on the page of one person."""

    async def opened(running: Desk) -> None:
        await running.open_person(stay, "")
        await typed(running)
        await story(running)

    return told(desk, opened, folder=folder)


def made(suite: Suite, name: str, kind: str) -> list[Recorded]:
    """What stands on the record of one kind, about one person."""
    found = suite.service.record.reading().stay_events(suite.stays[name])
    return [each for each in found if each.header.get("kind") == kind]


def page(desk: Desk) -> str:
    """The glass, without where its lines were folded."""
    return " ".join(glass(desk).split())


async def chosen(desk: Desk, letters: str) -> None:
    """From the page of a person to the form of one thing, by its letters."""
    await typed(desk, "e", *letters, ENTER)
    assert isinstance(desk.room, Recording)


def arrested(suite: Suite, name: str, hours: float) -> None:
    """Detained so many hours ago, and reviewed once."""
    began = NOW - timedelta(hours=hours)
    for kind, at, rank in (
        ("arrested", began - minutes(20), None),
        ("arrived_station", began, None),
        ("detention_authorised", began, "sergeant"),
        ("pace_review_done", began + timedelta(hours=6), "inspector"),
    ):
        event = happened(kind, at, rank=rank)
        casework.record_event(suite.service, suite.stays[name], event, actor=OKAFOR, now=NOW)


# What is offered ------------------------------------------------------------------------------


def test_a_person_under_arrest_is_offered_pace_first_and_the_rest_behind_one_row(suite: Suite):
    async def story(desk: Desk) -> None:
        await typed(desk, "e")
        shown = page(desk)
        assert shown.index("Extension of detention") < shown.index("PACE review done")
        assert "Health check done" not in shown
        assert "Something else that happened" in shown
        await typed(desk, "end", ENTER)
        assert "HARDLY FITS NOW: At a police station" in page(desk)
        assert "Health check done" in page(desk)

    at_person(suite.here(), suite.stays["emergency"], story)


def test_a_person_under_section_136_is_offered_what_belongs_to_it(suite: Suite):
    async def story(desk: Desk) -> None:
        await typed(desk, "e")
        shown = page(desk)
        assert "Extension of the permitted period" in shown
        assert "Handover accepted" in shown
        assert "PACE review done" not in shown

    at_person(suite.here(), suite.stays["a_and_e"], story)


def test_a_nurse_is_offered_no_authority(suite: Suite):
    async def story(desk: Desk) -> None:
        await typed(desk, "e")
        assert "Handover accepted" in page(desk)
        assert words.GIVE not in page(desk)

    at_person(suite.here(NAIR), suite.stays["a_and_e"], story)


def test_a_record_that_cannot_be_read_keeps_nothing_from_whoever_records(suite: Suite):
    found = suite.here().recordable(suite.stays["spoilt"])
    every = {kind.id for group in events.HAPPENED for kind in group.kinds}

    assert {kind.id for group in found.happened for kind in group.kinds} == every
    assert found.besides == ()


def test_letters_find_what_hardly_fits_and_a_number_opens_its_row(suite: Suite):
    async def story(desk: Desk) -> None:
        await typed(desk, "e", *"health check")
        assert "> 1 Health check done" in page(desk)
        await typed(desk, "escape", "2")
        assert "> 2 " in page(desk)
        await typed(desk, ENTER)
        assert isinstance(desk.room, Recording)
        assert desk.room.heading().startswith("SECTION 136")
        await typed(desk, "escape")
        assert isinstance(desk.room, Person)

    at_person(suite.here(), suite.stays["emergency"], story)


# PACE -----------------------------------------------------------------------------------------


def test_a_review_is_asked_in_the_order_of_the_paper_read_over_and_recorded(suite: Suite):
    async def story(desk: Desk) -> None:
        await chosen(desk, "review done")
        await typed(desk, *"0203", ENTER, "1", ENTER, ENTER, *"TRAINING Marsh", ENTER, "3", ENTER)
        await typed(desk, *"Evidence is secured", ENTER, ENTER, ENTER)
        over = page(desk)
        assert words.OVER in over
        assert "When did it happen? Sun 25 Oct 2026 02:03 GMT." in over
        assert "How was it done? In person" in over
        assert "Who: TRAINING Marsh" in over and "Reason: Evidence is secured" in over
        assert made(suite, "emergency", "pace_review_done") == []
        await typed(desk, "y", ENTER)
        assert isinstance(desk.room, Person)
        assert "PACE review done: on the record, entry" in page(desk)

    at_person(suite.here(), suite.stays["emergency"], story)

    [event] = made(suite, "emergency", "pace_review_done")
    assert event.occurred_at == NOW - minutes(2)
    assert event.actor.account == "okafor"


@pytest.mark.parametrize("keys", [("n", ENTER), (ENTER,), ("y", "down", ENTER), ("y", "x", ENTER)])
def test_no_other_keys_than_y_and_then_enter_record_anything(suite: Suite, keys):
    async def story(desk: Desk) -> None:
        await chosen(desk, "charged")
        await typed(desk, ENTER, ENTER, ENTER)
        await typed(desk, *keys)
        assert isinstance(desk.room, Recording)
        assert desk.room.reading

    at_person(suite.here(), suite.stays["emergency"], story)

    assert made(suite, "emergency", "charged") == []


def test_keys_typed_before_it_stood_there_to_be_read_record_nothing(suite: Suite):
    async def story(desk: Desk) -> None:
        await chosen(desk, "charged")
        await typed(desk, ENTER, ENTER, ENTER, "y", ENTER)
        assert isinstance(desk.room, Recording)

    at_person(suite.here(), suite.stays["emergency"], story)

    assert made(suite, "emergency", "charged") == []


def test_an_unlawful_extension_is_refused_with_the_law_and_nothing_typed_is_lost(suite: Suite):
    arrested(suite, "emergency", hours=20)

    async def story(desk: Desk) -> None:
        await chosen(desk, "extension of detention")
        await typed(desk, ENTER, *"12", ENTER, "3", ENTER)
        await typed(desk, "tab", *"CCTV is still to be seen", ENTER, ENTER, ENTER)
        await typed(desk, "y", ENTER)
        shown = page(desk)
        assert isinstance(desk.room, Recording)
        assert words.NOT_GIVEN in shown
        assert "superintendent" in shown and "PACE-36" in shown
        assert "CCTV is still to be seen" in shown
        await typed(desk, "b")
        assert [each.reads() for each in desk.room.fields][1:3] == ["12", "Inspector"]

    at_person(suite.here(), suite.stays["emergency"], story)

    assert made(suite, "emergency", "pace_extended") == []


class Refusing(Standing):
    """A service that finds some answers of the form wrong, or the whole of it."""

    error: InputError | NotAllowed

    def event(self, stay, document, key):
        raise self.error


@pytest.mark.parametrize(
    ("error", "at"),
    [
        (InputError(Problem(name, "Say this otherwise.") for name in ("words", "role")), 1),
        (NotAllowed("Not by this role.", field="role"), 1),
        (NotAllowed("Not by this law.", law_row="PACE-36", field="kind"), 0),
        (NotAllowed("Not by you."), 2),
    ],
    ids=["two faults", "one answer", "the whole of it", "nothing that was typed"],
)
def test_a_refusal_leads_to_what_it_names_and_nothing_typed_is_lost(error: Exception, at: int):
    client = Refusing(happened=(GROUP,))
    client.error = error

    async def story(desk: Desk) -> None:
        await chosen(desk, "charged")
        await typed(desk, ENTER, "2", ENTER, *"Here", ENTER)
        await typed(desk, "y", ENTER)
        assert desk.room.fields[at].fault or str(error) in page(desk)
        if desk.room.reading:
            await typed(desk, "b")
        assert desk.room.at == at
        assert [each.reads() for each in desk.room.fields][1:] == ["Detention officer", "Here"]

    told(client, lambda desk: opened_first(desk, story))


def test_an_extension_by_a_superintendent_is_given_and_the_limit_moves(suite: Suite):
    arrested(suite, "emergency", hours=20)
    at = NOW - timedelta(hours=5)
    second = happened("pace_review_done", at, rank="inspector")
    stay = suite.stays["emergency"]
    casework.record_event(suite.service, stay, second, actor=OKAFOR, now=NOW)

    async def story(desk: Desk) -> None:
        await chosen(desk, "extension of detention")
        await typed(desk, ENTER, *"12", ENTER, "5", *(ENTER,) * 5)
        await typed(desk, "y", ENTER)
        assert isinstance(desk.room, Person)
        assert "Extension of detention: given, and on the record" in page(desk)

    at_person(suite.here(), stay, story)

    assert len(made(suite, "emergency", "pace_extended")) == 1


def test_what_happened_unlawfully_is_recorded_and_marked(suite: Suite):
    arrested(suite, "emergency", hours=20)

    async def story(desk: Desk) -> None:
        await chosen(desk, "detention extended")
        await typed(desk, ENTER, *"12", ENTER, "3", ENTER, ENTER, ENTER, ENTER, ENTER)
        await typed(desk, "y", ENTER)
        assert isinstance(desk.room, Person)
        assert "IT IS MARKED AS AGAINST THE LAW" in desk.room.notice
        assert "AGAINST THE LAW" in page(desk)

    at_person(suite.here(), suite.stays["emergency"], story)

    assert len(made(suite, "emergency", "pace_extended")) == 1


def test_a_number_that_is_none_is_said_where_it_stands(suite: Suite):
    async def story(desk: Desk) -> None:
        await chosen(desk, "warrant")
        await typed(desk, ENTER, *"a day", ENTER)
        assert isinstance(desk.room, Recording)
        assert desk.room.fields[1].fault == "Type a whole number, for example 12."
        await typed(desk, "ctrl+u", ENTER)
        assert desk.room.fields[1].fault == "Nothing was typed here."

    at_person(suite.here(), suite.stays["emergency"], story)


def test_which_of_two_is_asked_and_never_answered_by_typing_ahead(suite: Suite):
    async def story(desk: Desk) -> None:
        await chosen(desk, "charged")
        await typed(desk, *"0132", ENTER, "1", ENTER)
        assert isinstance(desk.room, Recording)
        assert desk.room.at == 0
        await typed(desk, "1")
        await typed(desk, ENTER, ENTER, ENTER)
        assert "01:32 BST" in page(desk)
        await typed(desk, "y", ENTER)

    at_person(suite.here(), suite.stays["emergency"], story)

    [event] = made(suite, "emergency", "charged")
    assert event.occurred_at == NOW - minutes(93)


# Section 136 ----------------------------------------------------------------------------------


def test_the_extension_of_section_136_for_want_of_a_bed_is_refused_and_for_the_condition_given(
    suite: Suite,
):
    async def story(desk: Desk) -> None:
        await chosen(desk, "permitted period")
        await typed(desk, ENTER, *"12", ENTER, "4", ENTER, "2", ENTER)
        await typed(desk, "ctrl+u", *"Dr TRAINING", ENTER, "a", ENTER, ENTER)
        await typed(desk, "y", ENTER)
        assert isinstance(desk.room, Recording)
        assert words.NOT_GIVEN in page(desk)
        await typed(desk, "b", "tab", "tab", "1", *(ENTER,) * 5)
        await typed(desk, "y", ENTER)
        assert isinstance(desk.room, Person)
        assert "Extension of the permitted period: given, and on the record" in page(desk)

    at_person(suite.here(), suite.stays["a_and_e"], story)

    [event] = made(suite, "a_and_e", "extension_authorised")
    assert event.kind is EventKind.AUTHORISATION


@pytest.mark.parametrize("actor", [OKAFOR, MARSH], ids=lambda each: each.role)
def test_use_of_a_police_station_is_the_inspectors_to_give(suite: Suite, actor: Actor):
    async def story(desk: Desk) -> None:
        await chosen(desk, "use of a police station")
        await typed(desk, ENTER, "y", ENTER, "y", ENTER, "y", ENTER, "2", ENTER)
        await typed(desk, *(ENTER,) * 6)
        await typed(desk, "y", ENTER)
        given = isinstance(desk.room, Person)
        assert given is (actor is MARSH)
        assert (words.NOT_GIVEN in page(desk)) is not given

    at_person(suite.here(actor), suite.stays["a_and_e"], story)

    assert len(made(suite, "a_and_e", "station_authorised")) == (actor is MARSH)


def test_the_checks_of_a_station_are_recorded_as_what_they_were(suite: Suite):
    at = NOW - minutes(20)
    came = happened("transferred", at, place="police_station")
    stay = suite.stays["a_and_e"]
    casework.record_event(suite.service, stay, came, actor=OKAFOR, now=at)

    async def story(desk: Desk) -> None:
        await chosen(desk, "health check")
        await typed(desk, ENTER, "2", ENTER, *"Nurse TRAINING", ENTER, "3", ENTER, ENTER)
        await typed(desk, "y", ENTER)
        await chosen(desk, "review of behaviour")
        await typed(desk, ENTER, ENTER)
        assert isinstance(desk.room, Recording)
        assert desk.room.fields[1].fault  # whether the conditions exist has to be said
        await typed(desk, "1", ENTER, ENTER, ENTER, ENTER, ENTER)
        await typed(desk, "y", ENTER)
        assert isinstance(desk.room, Person)

    at_person(suite.here(), stay, story)

    [check] = made(suite, "a_and_e", "health_check")
    [review] = made(suite, "a_and_e", "behaviour_review")
    assert [each.role for each in map(event_of, (check, review)) if each] == [
        "custody_hcp", "custody_sergeant",
    ]  # fmt: skip


# Interrupted ----------------------------------------------------------------------------------


@dataclass
class Losing:
    """A way to the real service on which an answer can be lost after it was given."""

    way: Callable[..., object]
    losing: bool = False
    times: int = 0  # how many of the next are lost
    keys: list[str] = field(default_factory=list)

    def __call__(self, asked):
        answered = self.way(asked)
        key = (asked.headers or {}).get("Idempotency-Key")
        if key:
            self.keys.append(key)
        lost = key and (self.losing or self.times > 0)
        if lost:
            self.times -= 1
            return "the line broke"
        return answered


def test_an_answer_that_was_lost_is_asked_for_again_and_recorded_once(suite: Suite):
    client = suite.here()
    client.way = way = Losing(client.way)

    async def story(desk: Desk) -> None:
        await chosen(desk, "charged")
        await typed(desk, ENTER, ENTER, ENTER)
        way.losing = True
        await typed(desk, "y", ENTER)
        assert "not known whether this is on the record" in page(desk)
        await typed(desk, "b", "x", "escape", "e", *"charged", ENTER)
        assert words.SENT in page(desk)
        way.losing = False
        await typed(desk, ENTER)
        assert isinstance(desk.room, Person)

    at_person(client, suite.stays["emergency"], story)

    assert len(way.keys) == 2
    assert len(set(way.keys)) == 1
    assert len(made(suite, "emergency", "charged")) == 1


def test_a_choice_that_need_not_be_made_says_how_it_is_taken_out_again():
    client = Standing(happened=(GROUP,))

    async def story(desk: Desk) -> None:
        await chosen(desk, "charged")
        await typed(desk, "tab")
        role = desk.room.fields[1]
        assert role.hint() == words.OPTIONAL
        await typed(desk, "2")
        assert (role.hint(), role.reads()) == (words.TAKES_OUT, "Detention officer")
        await typed(desk, "backspace")
        assert (role.hint(), role.reads()) == (words.OPTIONAL, "")

    told(client, lambda desk: opened_first(desk, story))


def test_another_act_after_it_has_another_key(suite: Suite):
    client = suite.here()
    client.way = way = Losing(client.way)

    async def story(desk: Desk) -> None:
        for _ in range(2):
            await chosen(desk, "told bad news")
            await typed(desk, ENTER, ENTER, ENTER, ENTER)
            await typed(desk, "y", ENTER)

    at_person(client, suite.stays["emergency"], story)

    assert len(set(way.keys)) == 2
    assert len(made(suite, "emergency", "bad_news")) == 2


def test_what_was_half_typed_is_given_back_after_the_terminal_was_killed(
    suite: Suite, tmp_path: Path
):
    stay = suite.stays["emergency"]

    async def half(desk: Desk) -> None:
        await chosen(desk, "review done")
        await typed(desk, *"0203", ENTER, "2", ENTER, *"Roads are flooded")

    async def again(desk: Desk) -> None:
        await typed(desk, "e")
        assert words.HALF in page(desk)
        await typed(desk, ENTER)
        assert isinstance(desk.room, Recording)
        assert "Half typed" in desk.room.notice
        assert [each.reads() for each in desk.room.fields][1:3] == [
            "By telephone", "Roads are flooded",
        ]  # fmt: skip

    async def thrown(desk: Desk) -> None:
        await typed(desk, "e", ENTER, "ctrl+x", "ctrl+x", "e")
        assert words.HALF not in page(desk)

    at_person(suite.here(), stay, half, tmp_path / "desk")
    at_person(suite.here(), stay, again, tmp_path / "desk")
    at_person(suite.here(), stay, thrown, tmp_path / "desk")


def test_the_lock_lies_over_it_and_what_was_typed_stays_below():
    client = Standing(happened=(GROUP,))

    async def story(desk: Desk) -> None:
        await chosen(desk, "charged")
        await typed(desk, "tab", "tab", *"At the desk", "ctrl+l")
        assert isinstance(desk.screen, Lock)
        await typed(desk, *PASSWORD, ENTER)
        assert isinstance(desk.room, Recording)
        assert desk.room.fields[-1].reads() == "At the desk"
        await typed(desk, ENTER)
        assert desk.room.reading
        await typed(desk, "l")
        assert isinstance(desk.screen, Lock)

    told(client, lambda desk: opened_first(desk, story))


def test_an_alarm_is_heard_over_the_list_over_the_form_and_over_what_is_read_over():
    client = Standing(happened=(GROUP,))

    async def story(desk: Desk) -> None:
        await typed(desk, "e")
        client.cards = (EMERGENCY,)
        await desk._renew()
        assert "NEW EMERGENCY" in page(desk) and isinstance(desk.room, Choosing)
        await typed(desk, *"charged", ENTER)
        assert "NEW EMERGENCY" in page(desk) and isinstance(desk.room, Recording)
        await typed(desk, ENTER, ENTER, ENTER)
        assert "NEW EMERGENCY" in page(desk) and desk.room.reading
        await typed(desk, "ctrl+e")
        assert isinstance(desk.room, Person) and desk.room.stay == "s-vv"

    told(client, lambda desk: opened_first(desk, story))


def test_while_the_service_is_away_the_list_is_the_last_one_and_what_is_typed_is_kept():
    client = Standing(happened=(GROUP,))

    async def story(desk: Desk) -> None:
        await typed(desk, "e", "escape")
        client.gone = True
        await typed(desk, "e", *"charged", ENTER, ENTER, ENTER, ENTER)
        await typed(desk, "y", ENTER)
        assert "nobody answers" in page(desk)
        client.gone = False
        await typed(desk, ENTER)
        assert isinstance(desk.room, Person)

    told(client, lambda desk: opened_first(desk, story))

    [first, second] = [(what, key) for what, _, _, key in client.sent]
    assert first == second
    assert list(client.recorded.values()) == [client.sent[0][2]]


def test_before_the_service_was_ever_asked_it_says_that_it_is_not_known_what_fits():
    client = Standing(happened=(GROUP,))

    async def story(desk: Desk) -> None:
        client.gone = True
        await typed(desk, "e")
        assert words.NOT_REACHED in page(desk)
        client.gone = False
        await desk._renew()
        assert "Charged" in page(desk)

    told(client, lambda desk: opened_first(desk, story))


async def opened_first(desk: Desk, story: Story) -> None:
    """The first person of a list without a service behind it."""
    await typed(desk, ENTER)
    await story(desk)


CHARGED = Offered(
    "charged", "Charged", happened=True, lead=entries.HAPPENED_LEAD, when="When did it happen?",
    asks=(events.ROLE,), role=None, more=entries.MORE_WORDS,
)  # fmt: skip
GROUP = OfferedGroup("PACE", (CHARGED,))
