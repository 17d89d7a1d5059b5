"""What happened, and what is authorised, by lines, against the real service."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.casework.conftest import minutes
from tests.desk.doors import MARSH, NAIR, NOW, Suite
from tests.desk.people import OKAFOR, Typed
from tests.desk.standing import Standing
from tests.desk.test_full_recording import GROUP, Losing, arrested, made
from triage.casework.entries import event_of
from triage.desk.client import Client
from triage.desk.plain import form as forms
from triage.desk.plain.desk import Plain
from triage.desk.plain.session import Session
from triage.desk.releases import Drafts
from triage.domain.errors import InputError, Problem
from triage.present import desk_lines as lines
from triage.present import entries
from triage.present import recordable_form as words
from triage.record import Actor, EventKind

LEAVE = ("b", "q", "q")


@dataclass
class Lines:
    """Somebody who types these lines on the page of one person."""

    folder: Path
    told: Callable[[], str]

    def types(self, client: Client, stay: str, *lines: str) -> str:
        session = Session(client, Typed(list(lines)), running=lambda: 0.0)
        desk = Plain(session, lambda who, keys: None, self.folder, Drafts(self.folder))
        number = [row.stay for row in client.board().rows].index(stay) + 1
        session.keyboard.lines.insert(0, str(number))
        desk.run()
        return " ".join(self.told().split())


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Lines:
    return Lines(tmp_path / "screenings", lambda: capsys.readouterr().err)


def test_a_review_is_found_asked_read_over_and_recorded(desk: Lines, suite: Suite):
    told = desk.types(
        suite.here(), suite.stays["emergency"], "e", "pace review done", "0203", "2",
        "Roads are flooded", "TRAINING Marsh", "3", "Evidence is secured", "", "", "y", *LEAVE,
    )  # fmt: skip

    [event] = made(suite, "emergency", "pace_review_done")
    assert event.occurred_at == NOW - minutes(2)
    assert "GIVE AN AUTHORITY: PACE. 1 Extension of detention" in told
    assert entries.HAPPENED_LEAD in told
    assert "READ IT OVER: PACE REVIEW DONE: TE, cell 1" in told
    assert "How was it done? By telephone" in told and "Who: TRAINING Marsh" in told
    assert f"PACE review done: on the record, entry {event.seq}." in told


def test_the_list_is_by_number_and_everything_else_stands_behind_m(desk: Lines, suite: Suite):
    told = desk.types(suite.here(), suite.stays["emergency"], "e", "m", "review", "b", *LEAVE)

    assert "1 Extension of detention" in told
    assert "Something else that happened" in told
    assert "HARDLY FITS NOW: At a police station." in told
    assert made(suite, "emergency", "behaviour_review") == []


def test_what_is_called_nothing_here_is_said_and_the_list_stays(desk: Lines, suite: Suite):
    told = desk.types(suite.here(), suite.stays["emergency"], "e", "zebra", "1", "b", *LEAVE)

    assert words.NONE_LIKE_THAT in told
    assert "EXTENSION OF DETENTION: TE, cell 1" in told


def test_a_nurse_is_offered_no_authority(desk: Lines, suite: Suite):
    told = desk.types(suite.here(NAIR), suite.stays["a_and_e"], "e", "b", *LEAVE)

    assert "Handover accepted" in told
    assert words.GIVE not in told


@pytest.mark.parametrize("actor", [OKAFOR, MARSH], ids=lambda each: each.role)
def test_an_unlawful_authority_is_refused_with_the_law_and_kept_to_be_mended(
    desk: Lines, suite: Suite, actor: Actor
):
    told = desk.types(
        suite.here(actor), suite.stays["a_and_e"], "e", "use of a police station", "", "y", "y",
        "y", "3", *("",) * 6, "y", *LEAVE,
    )  # fmt: skip

    given = actor is MARSH
    assert len(made(suite, "a_and_e", "station_authorised")) == given
    assert (words.NOT_GIVEN in told) is not given
    assert ("REG2-INSP" in told and lines.MEND in told) is not given


def test_the_extension_of_section_136_takes_whole_hours(desk: Lines, suite: Suite):
    told = desk.types(
        suite.here(), suite.stays["a_and_e"], "e", "permitted period", "", "half a day", "12", "1",
        "2", "Dr TRAINING", "a", "", "y", *LEAVE,
    )  # fmt: skip

    [event] = made(suite, "a_and_e", "extension_authorised")
    assert event.kind is EventKind.AUTHORISATION
    said = event_of(event)
    assert said is not None
    assert (said.extra["hours"], said.by, said.role) == (12, "Dr TRAINING", "doctor")
    assert "Type a whole number" in told


def test_what_happened_unlawfully_is_recorded_and_marked(desk: Lines, suite: Suite):
    arrested(suite, "emergency", hours=20)
    told = desk.types(
        suite.here(), suite.stays["emergency"], "e", "detention extended", "", "12", "3", "", "",
        "", "", "y", *LEAVE,
    )  # fmt: skip

    assert len(made(suite, "emergency", "pace_extended")) == 1
    assert "IT IS MARKED AS AGAINST THE LAW" in told


def test_an_answer_that_was_lost_is_asked_for_again_and_recorded_once(desk: Lines, suite: Suite):
    client = suite.here()
    client.way = way = Losing(client.way, times=1)
    told = desk.types(client, suite.stays["emergency"], "e", "charged", "", "", "", "y", "", *LEAVE)

    assert "not known whether this is on the record" in told
    assert (len(way.keys), len(set(way.keys))) == (2, 1)
    assert len(made(suite, "emergency", "charged")) == 1


def test_nothing_but_a_y_records_anything_and_half_of_it_stands_first(desk: Lines, suite: Suite):
    told = desk.types(
        suite.here(), suite.stays["emergency"], "e", "charged", "0203", "", "", "", "n", "b", "b",
        "b", "b", "e", "b", *LEAVE,
    )  # fmt: skip

    assert made(suite, "emergency", "charged") == []
    assert f"{words.HALF}. 1 Charged" in told


def test_while_the_service_is_away_it_is_said_that_the_list_is_not_known(desk: Lines):
    client = Standing(happened=(GROUP,))
    session = Session(client, Typed(["1", "e", *LEAVE]), running=lambda: 0.0)
    session.keyboard.before[1] = lambda: setattr(client, "gone", True)
    Plain(session, lambda who, keys: None, desk.folder, Drafts(desk.folder)).run()

    assert words.NOT_REACHED in " ".join(desk.told().split())


def test_what_need_not_be_answered_can_be_taken_out_again_and_what_must_be_can_not(
    desk: Lines, suite: Suite
):
    told = desk.types(
        suite.here(), suite.stays["a_and_e"], "e", "permitted period", "", "12", "1", "2",
        "Dr TRAINING", "a", "", *("b",) * 6, "-", "12", "-", "1", "-", "-", "-", "", "y", *LEAVE,
    )  # fmt: skip

    [event] = made(suite, "a_and_e", "extension_authorised")
    said = event_of(event)
    assert said is not None
    assert (said.extra["hours"], said.place, said.by) == (12, None, OKAFOR.name)
    assert "Dr TRAINING; Enter keeps it, a minus alone takes it out" in told


def test_a_refusal_leads_to_the_answer_that_is_wrong_with_what_was_typed_still_there(
    desk: Lines, suite: Suite
):
    told = desk.types(
        suite.here(), suite.stays["emergency"], "e", "charged", "", "", "x" * 5000, "y",
        "In front of her", "y", *LEAVE,
    )  # fmt: skip

    [event] = made(suite, "emergency", "charged")
    said = event_of(event)
    assert said is not None
    assert said.words == "In front of her"
    assert "(5,000 characters in all); Enter keeps it" in told
    assert told.count("x") < 5500


class Refusing(Standing):
    """A service that finds two answers wrong, the later one first, and takes the next."""

    faults = ("words", "role")

    def event(self, stay, document, key):
        faults, self.faults = self.faults, ()
        if faults:
            raise InputError(Problem(name, "Say this otherwise.") for name in faults)
        return super().event(stay, document, key)


def refused_by(desk: Lines, client: Standing) -> str:
    session = Session(
        client, Typed(["1", "e", "charged", "", "2", "Here", "y"]), running=lambda: 0.0
    )
    Plain(session, lambda who, keys: None, desk.folder, Drafts(desk.folder)).run()
    told = " ".join(desk.told().split())
    return told[told.index("NOT RECORDED") :]


def test_of_two_faults_the_first_of_the_form_is_asked_first(desk: Lines):
    told = refused_by(desk, Refusing(happened=(GROUP,)))

    assert told.count("Say this otherwise.") == 2
    assert told.index("(now: Detention officer;") < told.rindex(">")
    assert "(now: Here" not in told


def test_led_to_the_end_of_the_form_nobody_would_see_the_answer_that_is_wrong(
    desk: Lines, monkeypatch: pytest.MonkeyPatch
):
    """The twin."""
    honest = forms._go_to
    monkeypatch.setattr(
        forms, "_go_to", lambda form, error: honest(form, error) * 0 + len(form.fields)
    )

    assert "(now: Detention officer;" not in refused_by(desk, Refusing(happened=(GROUP,)))
