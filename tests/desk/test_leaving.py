"""A release at the desk, key by key, on a real record: kept, read over, recorded once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desk.people import FIRST, LOWE, OKAFOR, SECOND, Typed, opened, people_in, reached
from triage import casework
from triage.casework.service import Service
from triage.desk.client import Left, Person
from triage.desk.glass import paged
from triage.desk.leaving import Leaving
from triage.desk.people import choose, named
from triage.desk.releases import Drafts
from triage.desk.served import Served
from triage.domain.errors import NotAllowed, Unreachable
from triage.domain.london import text
from triage.present import leaving as words
from triage.record import EventKind

NOW = datetime(2026, 10, 25, 2, 5, tzinfo=UTC)  # Sunday 02:05 GMT, an hour after the clocks went
# Somebody with nothing open, at the time of now, home, and nothing to say of the rest.
PLAIN = ["", "1", "s", "s", "", "s", "s", ""]
# Somebody who cannot go on: his sister, her car, told, a plan.
CARED_FOR = ["", "1", "His sister", "Her car", "His sister: what to look for", "",
             "Call on Sunday at 11:00", "s", ""]  # fmt: skip


@dataclass
class House:
    """One record, its clock, and what lies unfinished at the desk."""

    service: Service
    stays: dict[str, str]
    drafts: Drafts
    at: datetime = NOW
    rows: int = 0

    def client(self, actor=OKAFOR) -> Served:
        return reached(self.service, actor, lambda: self.at)

    def person(self, reference: str = SECOND) -> Person:
        [found] = [p for p in self.client().people() if p.reference == reference]
        return found

    def type(self, *lines: str, reference: str = SECOND, client=None, **more: Any) -> Left | None:
        """Release somebody with these lines typed; None when it was put off or refused."""
        person = self.person(reference)
        keyboard = Typed(list(lines), **more)
        draft = self.drafts.of(person.stay)
        here = client or self.client()
        self.leaving = Leaving(here, keyboard, person, draft, self.drafts.save, self.rows)
        return self.leaving.run()

    def released(self, reference: str = SECOND) -> list[Any]:
        events = self.service.record.reading().stay_events(self.stays[reference])
        return [each for each in events if each.kind is EventKind.RELEASED]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    service = opened(tmp_path)
    yield House(service, people_in(service, NOW), Drafts(tmp_path / "releases"))
    service.record.close()


def test_somebody_with_nothing_open_is_released_in_a_few_keys_and_nothing_is_asked_why(
    house: House, capsys: pytest.CaptureFixture[str]
):
    left = house.type(*PLAIN, "y")

    assert left is not None and left.gaps == ()
    [event] = house.released()
    assert (text(event.occurred_at), event.header["to"]) == ("Sun 25 Oct 2026 02:05 GMT", "home")
    shown = capsys.readouterr().err
    assert "Victor Vane" in shown
    assert words.NO_GAPS in shown
    assert words.REASON not in shown


def test_what_is_open_stands_first_the_worst_on_top_each_with_what_closes_it(
    house: House, capsys: pytest.CaptureFixture[str]
):
    house.type("q", reference=FIRST)

    shown = " ".join(capsys.readouterr().err.split())
    gaps = house.client().open_things(house.stays[FIRST], None)
    assert [gap.urgency for gap in gaps] == sorted((g.urgency for g in gaps), reverse=True)
    own = [gap for gap in gaps if not gap.id.startswith("alert:")]
    places = [shown.index(" ".join(gap.words.split())) for gap in (gaps[0], *own)]
    assert places == sorted(places)
    assert shown.count("Closes it:") == len(gaps) >= 4
    assert shown.index(words.GAPS[:40]) < places[0]
    assert all(f" {number}. {gap.urgency.word.title()}: " in shown
               for number, gap in enumerate(gaps, 1))  # fmt: skip


def test_what_stays_open_takes_a_reason_of_one_key_and_holds_nobody(house: House):
    left = house.type(*CARED_FOR, "4", "y", reference=FIRST)

    assert left is not None
    assert {gap.id.partition(":")[0] for gap in left.gaps} == {"alert"}
    [event] = house.released(FIRST)
    assert event.header["reason"] == "arranged_outside"
    assert event.payloads["police"]["handed_to"] == "His sister"
    assert event.payloads["police"]["told"] == ["His sister: what to look for"]


def test_a_reason_that_is_none_of_the_keys_is_asked_again(house: House):
    left = house.type(*CARED_FOR, "9", "", "7", "y", reference=FIRST)

    assert left is not None
    assert house.released(FIRST)[0].header["reason"] == "not_given"
    told = house.service.record.reading().alerts_of(house.stays[FIRST])
    assert [a.to_roles for a in told if a.source == "release" and a.is_open] == [
        ("duty_inspector",)
    ]


def test_nothing_is_recorded_before_it_was_read_over(
    house: House, capsys: pytest.CaptureFixture[str]
):
    house.type(*PLAIN, "n", "q")

    assert house.released() == []
    shown = capsys.readouterr().err
    assert shown.index("READ IT OVER") < shown.index("y and Enter records it")


def test_a_time_that_happened_twice_asks_which_and_is_recorded_as_said(
    house: House, capsys: pytest.CaptureFixture[str]
):
    left = house.type("01:50", "x", "2", *PLAIN[1:], "y")

    assert left is not None and left.late
    assert house.released()[0].occurred_at == datetime(2026, 10, 25, 1, 50, tzinfo=UTC)
    assert "1  the first:  Sun 25 Oct 2026 01:50 BST" in capsys.readouterr().err


def test_going_back_keeps_what_was_typed_and_takes_what_is_typed_anew(house: House):
    left = house.type("", "1", "The wrong one", "b", "Her mother", *PLAIN[3:], "y")

    assert left is not None
    assert house.released()[0].payloads["police"]["handed_to"] == "Her mother"


def test_lines_are_added_one_by_one_and_taken_out_together(house: House):
    house.type("", "1", "s", "s", "One", "Two", "d", "Three", "", "s", "s", "", "y")

    assert house.released()[0].payloads["police"]["told"] == ["Three"]


def test_a_command_is_never_taken_for_words_nor_words_for_a_command(house: House):
    house.type("", "1", "?", "Quentin", "by bus", "Bea", "", "s", "s", "", "y")

    police = house.released()[0].payloads["police"]
    assert (police["handed_to"], police["transport"], police["told"]) == (
        "Quentin", "by bus", ["Bea"],
    )  # fmt: skip


@pytest.mark.parametrize("after", range(len(CARED_FOR) + 2))
def test_cut_off_after_any_key_everything_typed_is_there_again_and_recorded_once(
    house: House, after: int
):
    typed = [*CARED_FOR, "4", "y"]
    house.type(*typed[:after], reference=FIRST)
    began = dict(house.drafts.of(house.stays[FIRST])["leaving"])
    house.at += timedelta(minutes=7)
    rest = typed[after:]
    if CARED_FOR[4] in typed[:after] and "" not in typed[5:after]:
        rest = rest if rest and rest[0] == "" else ["", *rest]
    if after == len(typed) - 1:
        rest = ["4", "y"]  # a reason belongs to what is open now, so it is asked again

    left = house.type(*rest, reference=FIRST)

    assert left is not None or after == len(typed)
    [event] = house.released(FIRST)
    police = event.payloads["police"]
    assert police["handed_to"] == "His sister"
    assert police["told"] == ["His sister: what to look for"]
    for name in ("handed_to", "transport", "plan"):
        assert police[name] == began.get(name, police[name])


def test_the_draft_is_for_its_owner_alone_and_gone_once_it_is_on_the_record(house: House):
    house.type("", "1", "q")
    person = house.person()
    path = house.drafts.path(person.stay)
    kept = json.loads(path.read_text())

    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert kept["leaving"]["to"] == "home"
    assert dict(house.drafts.begun()) == {person.stay: words.BEGUN}
    house.drafts.drop(person.stay)
    assert dict(house.drafts.begun()) == {}


def test_a_draft_that_cannot_be_read_is_begun_again_and_harms_no_other(house: House):
    house.type("", "1", "q")
    house.drafts.path("s-broken").write_text("{half")
    house.drafts.path(house.stays[FIRST]).write_text('["not", "a", "draft"]')

    assert house.drafts.of(house.stays[FIRST])["leaving"] == {}
    assert list(house.drafts.begun()) == [house.stays[SECOND]]


def test_of_two_sergeants_the_second_hears_who_was_first_and_keeps_what_was_typed(
    house: House, capsys: pytest.CaptureFixture[str]
):
    def lowe_is_first() -> None:
        leaving = casework.Release(NOW - timedelta(minutes=3), "home")
        casework.release(house.service, house.stays[SECOND], leaving, actor=LOWE, now=NOW)

    left = house.type(*PLAIN, "y", before={len(PLAIN): lowe_is_first})

    assert left is None
    assert house.leaving.refused
    assert house.leaving.overtaken is not None
    assert len(house.released()) == 1
    shown = " ".join(capsys.readouterr().err.split())
    assert shown.endswith(
        f"What was typed at this desk for {SECOND}, which is on no record: "
        f"Left Sun 25 Oct 2026 02:05 GMT To Home {words.TAKEN_AWAY}"
    )
    assert (
        "NOT RECORDED. This stay has ended already: at 02:05 GMT TRAINING Lowe recorded that the "
        "person left at 02:02 GMT, to: home."
    ) in shown


def test_what_is_refused_while_the_person_is_still_here_stays_usable(house: House):
    """The twin: a refusal that says nothing about who was first takes nothing away."""

    class Refusing:
        def __init__(self, real: Served) -> None:
            self.real = real

        def __getattr__(self, name: str) -> Any:
            return getattr(self.real, name)

        def release(self, stay: str, leaving: dict[str, Any], key: str) -> Left:
            raise NotAllowed("Sign in first.")

    assert house.type(*PLAIN, "y", client=Refusing(house.client())) is None

    assert house.leaving.refused
    assert house.leaving.overtaken is None
    assert house.drafts.of(house.stays[SECOND])["leaving"]["to"] == "home"


def test_after_a_lost_answer_what_is_changed_is_another_release_and_hears_of_the_first(
    house: House, capsys: pytest.CaptureFixture[str]
):
    lost = Cut(house.client(), arrives=True)
    house.type(*PLAIN, "y", "b", "Bail sheet", "", "y", client=lost)

    [event] = house.released()
    assert "papers" not in event.payloads["police"]
    told = " ".join(capsys.readouterr().err.split())
    assert "NOT RECORDED. This stay has ended already: at 02:05 GMT TRAINING Okafor" in told
    assert "Papers Bail sheet" in told


def test_something_that_opens_between_reading_and_recording_is_shown_before_it_is_recorded(
    house: House, capsys: pytest.CaptureFixture[str]
):
    def an_alert() -> None:
        visit = casework.Visit(house.at, rouse=False)
        casework.record_rousing(house.service, house.stays[SECOND], visit, actor=LOWE, now=house.at)

    left = house.type(*PLAIN, "y", "6", "y", before={len(PLAIN): an_alert})

    assert left is not None and left.gaps[0].urgency.word == "emergency"
    shown = " ".join(capsys.readouterr().err.split())
    assert "NOT RECORDED YET. Something is still open." in shown
    assert house.released()[0].header["reason"] == "inspector_decided"


class Cut:
    """A service whose answer is lost once, after it recorded what was sent."""

    def __init__(self, real: Served, *, arrives: bool) -> None:
        self.real, self.arrives, self.cut = real, arrives, 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def release(self, stay: str, leaving: dict[str, Any], key: str) -> Left:
        if self.cut:
            self.cut -= 1
            if self.arrives:
                self.real.release(stay, leaving, key)
            raise Unreachable("The service was asked, and it gave no answer within 20 s.")
        return self.real.release(stay, leaving, key)


@pytest.mark.parametrize("arrives", [True, False])
def test_an_answer_that_was_lost_is_asked_for_again_and_it_is_one_release(
    house: House, capsys: pytest.CaptureFixture[str], arrives: bool
):
    left = house.type(*PLAIN, "y", "y", client=Cut(house.client(), arrives=arrives))

    assert left is not None and left.repeated == arrives
    assert len(house.released()) == 1
    assert "Nobody knows whether it arrived." in " ".join(capsys.readouterr().err.split())


def test_text_that_is_too_long_goes_back_to_where_it_was_typed(
    house: House, capsys: pytest.CaptureFixture[str]
):
    long = "a" * 5_000
    left = house.type("", "1", long, *PLAIN[3:], "His sister", "y")

    assert left is not None
    assert house.released()[0].payloads["police"]["handed_to"] == "His sister"
    assert "NOT RECORDED YET." in capsys.readouterr().err


# Who is here ---------------------------------------------------------------------------------


def test_the_list_names_nobody_and_the_worst_stands_first(
    house: House, capsys: pytest.CaptureFixture[str]
):
    chosen = choose(house.client(), Typed(["1"]), rows=20, begun={})

    assert chosen is not None and chosen.reference == FIRST
    shown = capsys.readouterr().err
    assert "1  UU   cell M1    TRAINING/CS/0001/26    URGENT" in shown
    assert "2  VV   cell M2    TRAINING/CS/0002/26    No flags raised" in shown
    assert "Underhill" not in shown and "Vane" not in shown
    assert "TRAINING. WHO IS LEAVING?" in shown


@pytest.mark.parametrize(
    ("typed", "found"),
    [("2", SECOND), ("0002/26", SECOND), (SECOND, SECOND), ("/26", None), ("9", None), ("x", None)],
)
def test_somebody_is_named_by_their_number_or_the_record_and_never_by_chance(
    house: House, typed: str, found: str | None
):
    chosen = named(house.client().people(), typed)

    assert (chosen and chosen.reference) == found


def test_a_list_longer_than_the_glass_is_shown_a_page_at_a_time(
    house: House, capsys: pytest.CaptureFixture[str]
):
    chosen = choose(house.client(), Typed(["m", "1"]), rows=1, begun={house.stays[SECOND]: "begun"})

    assert chosen is not None and chosen.reference == FIRST
    first, _, second = capsys.readouterr().err.partition("m more")
    assert ("VV" in first, "VV" in second, ", begun" in second) == (False, True, True)


# A glass at a time ---------------------------------------------------------------------------


def test_what_is_worst_never_runs_off_the_top_of_the_glass_unread(
    capsys: pytest.CaptureFixture[str],
):
    blocks = [["lead"], ["1 a", "1 b"], ["2 a", "2 b"], ["3 a"]]
    pauses: list[str] = []

    paged(blocks, rows=6, above=1, below=3, pause=lambda: pauses.append(capsys.readouterr().err))

    rest = capsys.readouterr().err
    assert [each.split("\n")[:-1] for each in (*pauses, rest)] == [
        ["lead", "1 a", "1 b"], ["2 a", "2 b", "3 a"],
    ]  # fmt: skip


def test_what_follows_does_not_push_the_list_away_either(capsys: pytest.CaptureFixture[str]):
    pauses: list[int] = []

    paged([["1"], ["2"]], rows=6, above=0, below=5, pause=lambda: pauses.append(1))
    paged([["1"], ["2"]], rows=0, above=0, below=500, pause=lambda: pauses.append(2))

    assert pauses == [1]


def test_stopped_in_the_middle_of_a_list_nothing_is_asked_or_lost(house: House):
    house.rows = 5

    assert house.type("b", "q", reference=FIRST) is None
    assert house.released(FIRST) == []


@pytest.mark.parametrize(
    ("above", "below", "told"),
    [
        ("It is bad. It is late.", "It is late. He is out.", "As above, and: He is out."),
        ("It is bad. It is late.", "It is bad.", "As above."),
        ("It is bad, late or early.", "It is bad, late …", "As above."),
        ("It is bad.", "It is good.", "It is good."),
        ("It is bad.", "It is …", "As above."),
        ("", "It is bad …", "It is bad …"),
    ],
)
def test_what_stands_above_is_not_said_again(above: str, below: str, told: str):
    before: set[str] = set()
    words.told_once(above, before)

    assert words.told_once(below, before) == told
