"""The desk by lines, for a screen reader, a pipe, a bad link: what is typed and what is told."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.command import triage
from tests.desk.people import FIRST, OKAFOR, PASSWORD, SECOND, Typed, opened, people_in
from tests.desk.standing import EMERGENCY, FRAME, OTHER, QUIET, Standing
from triage import casework, clock
from triage.desk.people import named
from triage.desk.plain import form as forms
from triage.desk.plain.desk import Plain
from triage.desk.plain.session import Session
from triage.desk.plain.watch import Watch
from triage.desk.releases import Drafts
from triage.domain.errors import Unreachable
from triage.present import desk_lines as words
from triage.present import desk_screens as said
from triage.present import leaving_form as release_words
from triage.web import passwords

ALARM = "NEW EMERGENCY VV, cell M2, Castle Street: May have swallowed a package."


@dataclass
class Desk:
    """Somebody who types these lines at a desk of this service, and what they are told."""

    client: Standing
    folder: Path
    told: Callable[[], str]

    @property
    def drafts(self) -> Drafts:
        """The releases that were begun at this terminal, for whoever types now."""
        return Drafts(self.folder / "releases", self.client.account)

    def types(self, *lines: str, before: dict[int, object] | None = None) -> str:
        keys = Typed(list(lines), before=before or {})
        self.session = Session(self.client, keys, running=lambda: 0.0)
        Plain(self.session, lambda who, keys: None, self.folder, self.drafts).run()
        return self.told()


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(Standing(), tmp_path, lambda: capsys.readouterr().err)


def visited(desk: Desk) -> list[tuple[str, str]]:
    """Each visit that was sent: about whom, under which key."""
    return [(stay, key) for what, stay, _, key in desk.client.sent if what == "visit"]


# --- who is meant


def test_the_board_is_told_as_numbers_the_worst_first_with_what_is_due(desk: Desk):
    told = desk.types("q")

    assert "TRAINING. TRAINING Okafor, custody sergeant. Sat 24 Oct 2026 20:15 BST." in told
    assert "BOARD: 2 people in Castle Street." in told
    assert "  1  No flags raised: UU, cell M1. TRAINING/CS/0001/26. Next: 20:53 BST" in told
    assert "  2  No flags raised: VV, cell M2." in told


def test_somebody_is_opened_by_number_or_by_the_end_of_the_custody_record(desk: Desk):
    by_number, by_record = desk.types("2", "b", "q"), desk.types("0002/26", "b", "q")

    assert "VV, cell M2. TRAINING VV. TRAINING/CS/0002/26." in by_number
    assert "VV, cell M2. TRAINING VV. TRAINING/CS/0002/26." in by_record


def test_0002_is_of_the_record_and_never_the_second_row():
    rows = (OTHER, QUIET)

    assert (named(rows, "0002"), named(rows, "2")) == (OTHER, QUIET)


def test_the_names_of_others_are_told_by_no_list(desk: Desk):
    assert "TRAINING UU." not in desk.types("a", "b", "q")


# --- acts


def test_a_visit_is_read_over_and_recorded_by_a_y(desk: Desk):
    told = desk.types("1", "v", "20:10", "n", "Asleep, breathing evenly", "y", "b", "q")

    [(_, stay, document, _)] = desk.client.sent
    assert (stay, document) == (
        "s-uu",
        {"occurred_at": "2026-10-24T19:10:00Z", "seen": "Asleep, breathing evenly"},
    )
    assert "The visit is on the record, entry 1." in told


def test_an_enter_that_was_meant_for_something_else_records_nothing(desk: Desk):
    desk.types("1", "v", "", "n", "", "", "", "b", "b", "b", "b", "q", "q")

    assert desk.client.sent == []


def test_a_check_that_was_not_passed_says_to_get_help_before_anything_else_is_asked(desk: Desk):
    told = desk.types("1", "r", "", "f", "b", "b", "b", "b", "q", "q")

    assert told.index("GET HELP NOW: CALL 999") < told.index(said.SEEN)


def test_what_was_half_typed_stays_and_goes_on(desk: Desk):
    told = desk.types("1", "n", "She asked for her mother", "b", "b", "b", "1", "n", "", "", "y",
                      "b", "q")  # fmt: skip

    assert words.KEPT in told
    assert words.KEEPS.format("She asked for her mother") in told
    [(_, _, document, _)] = desk.client.sent
    assert document["words"] == "She asked for her mother"


def test_nobody_leaves_with_something_half_typed_unawares(desk: Desk):
    told = desk.types("1", "n", "She asked for her mother", "b", "b", "b", "q", "a", "b", "q", "q")

    assert told.count("Not recorded yet: NOTE (1 answer).") == 2


def test_an_alert_is_closed_by_how_it_ended_and_a_few_words(desk: Desk):
    desk.client.cards = (EMERGENCY,)
    desk.types("2", "c", "2", "With the crew", "y", "b", "q")

    assert desk.client.sent == [
        ("close", EMERGENCY.key, {"outcome": "handed_over", "words": "With the crew"}, "")
    ]


def test_one_alert_of_several_can_be_taken_alone(desk: Desk):
    other = replace(EMERGENCY, key="s-uu:visit:due:1", stay="s-uu", where="UU, cell M1")
    desk.client.cards = (EMERGENCY, other)
    desk.types("a", "t2", "b", "q")

    assert desk.client.sent == [("acknowledge", other.key, {"kind": "police"}, "")]


# --- nobody answers


def lost_once(desk: Desk) -> None:
    """The answer to the first send is lost; the second arrives."""
    desk.client.losing = True
    back = {6: lambda: setattr(desk.client, "losing", False)}
    desk.types("1", "v", "", "n", "", "y", "", "b", "q", before=back)


def test_when_the_answer_is_lost_the_same_goes_again_under_the_same_key(desk: Desk):
    lost_once(desk)

    first, second = visited(desk)
    assert first == second
    assert len(desk.client.recorded) == 1


def test_with_a_key_of_its_own_for_each_send_the_visit_would_stand_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    """The twin."""
    honest = forms.Half

    class Fresh(honest):
        keys = iter("abcdefghijklmnop")

        @property
        def key(self) -> str:
            return next(self.keys)

        @key.setter
        def key(self, given: str) -> None:
            pass

    monkeypatch.setattr(forms, "Half", Fresh)
    lost_once(desk)

    assert len(desk.client.recorded) == 2


def test_what_was_sent_into_the_dark_waits_for_whoever_comes_back_to_it(desk: Desk):
    desk.client.losing = True
    back = {7: lambda: setattr(desk.client, "losing", False)}
    told = desk.types("1", "v", "", "n", "", "y", "b", "v", "", "b", "q", before=back)

    assert told.count(said.NOT_KNOWN_WHETHER.split(".")[0]) == 2
    first, second = visited(desk)
    assert first == second


def test_a_service_that_is_gone_leaves_what_was_told_with_its_time(desk: Desk):
    gone = {1: lambda: setattr(desk.client, "gone", True)}
    told = desk.types("", "1", "q", before=gone)

    assert said.not_reached("20:15 BST") in " ".join(told.split())
    assert told.count("  2  No flags raised: VV, cell M2.") == 2


# --- emergencies


def an_emergency_while_a_note_is_typed(desk: Desk) -> str:
    """It comes after the words of the note are asked for, and before they are typed."""
    comes = {2: lambda: setattr(desk.client, "cards", (EMERGENCY,))}
    return desk.types("1", "n", "She sleeps", "b", "b", "b", "q", "q", before=comes)


def test_an_emergency_is_told_before_the_next_prompt_and_never_within_what_is_typed(desk: Desk):
    told = " ".join(an_emergency_while_a_note_is_typed(desk).split())

    asked, next_asked = told.index(said.NOTE_WORDS), told.index(said.WHEN_NOTE)
    assert asked < next_asked < told.index(ALARM)
    assert told.index(ALARM) < told.index(">", told.index(ALARM))


def test_without_that_nobody_at_this_desk_would_hear_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    """The twin."""
    monkeypatch.setattr(Session, "news", lambda self: None)

    assert "NEW EMERGENCY" not in an_emergency_while_a_note_is_typed(desk)


def test_the_newest_emergency_is_one_key_away(desk: Desk):
    comes = {0: lambda: setattr(desk.client, "cards", (EMERGENCY,))}
    told = desk.types("", "!", "b", "q", before=comes)

    assert "VV, cell M2. TRAINING VV." in told


@pytest.fixture
def waiting(desk: Desk) -> Session:
    """Somebody who has not typed anything for a while, and an emergency that was just found."""
    return just_found(desk, begun=True)


def just_found(desk: Desk, *, begun: bool) -> Session:
    watch = Watch(desk.client)
    session = Session(desk.client, Typed([PASSWORD]), running=lambda: 0.0, watch=watch)
    if begun:
        session.begin()
    desk.client.cards = (EMERGENCY,)
    watch.latest = desk.client.alerts()
    return session


def test_news_does_not_wait_for_a_key_where_nothing_is_half_typed(waiting: Session, desk: Desk):
    waiting.waiting()

    assert "NEW EMERGENCY" in desk.told()


def test_without_a_look_before_the_board_the_first_emergency_would_count_as_known(desk: Desk):
    """The twin."""
    just_found(desk, begun=False).waiting()

    assert "NEW EMERGENCY" not in desk.told()


def test_news_waits_while_a_line_is_half_typed(waiting: Session, desk: Desk):
    waiting.keyboard.typing = "Asleep, br"
    waiting.waiting()
    meanwhile = desk.told()
    waiting.keyboard.typing = ""
    waiting.waiting()

    assert ("NEW EMERGENCY" in meanwhile, "NEW EMERGENCY" in desk.told()) == (False, True)


# --- the lock


def test_only_the_password_opens_a_locked_desk(desk: Desk):
    told = desk.types("l", "wrong", PASSWORD, "1", "b", "q")

    assert told.count(said.WRONG_PASSWORD) == 1
    assert told.index(words.OPEN_AGAIN) < told.index("UU, cell M1. TRAINING UU.")


def test_a_lock_that_is_not_opened_tells_nothing_more(desk: Desk):
    told = desk.types("l", "wrong", "1", "a")

    assert words.OPEN_AGAIN not in told
    assert "TRAINING UU" not in told


def test_with_any_password_the_next_passer_by_would_read_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    """The twin."""
    monkeypatch.setattr(Standing, "prove", lambda self, password: None)

    assert "TRAINING UU" in desk.types("l", "wrong", "1", "a", "b", "b", "q")


def test_it_locks_by_itself_and_keeps_what_was_half_typed(desk: Desk):
    at = [0.0]
    session = Session(desk.client, Typed([PASSWORD]), running=lambda: at[0])
    session.frame = FRAME
    session.keyboard.typing = "Asleep, br"
    session.waiting()
    at[0] = 60.0 * FRAME.idle_minutes + 1
    session.waiting()
    told = desk.told()

    assert words.IDLE in told
    assert told.index(words.OPEN_AGAIN) < told.index("> Asleep, br")


# --- screening


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """An instance with two people in it."""
    folder = tmp_path / "instance"
    folder.mkdir()
    service = opened(folder)
    people_in(service, clock.now(), passwords.hashed(PASSWORD))
    service.record.close()
    return folder


def piped(folder: Path, *lines: str, **more: str) -> str:
    """What a real process tells, to whom these lines are typed through a pipe."""
    done = triage(
        "desk", "--plain", "--by", "okafor", instance=folder, typed="\n".join([PASSWORD, *lines]),
        TRIAGE_TRAINING="true", TRIAGE_DRAFT_RULES="true", **more,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_through_a_pipe_a_visit_is_on_the_record_and_nothing_is_on_standard_output(real: Path):
    told = piped(real, "0002/26", "v", "", "p", "Sat up, asked for tea", "y", "b", "q")
    service = opened(real)
    stay = service.record.reading().open_stay_by_reference(SECOND)
    view = casework.stay_view(service, stay.id, actor=OKAFOR, now=clock.now())
    service.record.close()

    assert "The visit is on the record" in told
    assert [each.kind for each in view.timeline if each.kind == "rousing"] == ["rousing"]


def test_a_pipe_that_ends_in_the_middle_ends_the_desk_and_records_nothing(real: Path):
    told = piped(real, "0002/26", "v", "", "p")

    assert words.LEFT in told
    assert "is on the record" not in told


def test_somebody_who_cannot_be_woken_is_an_emergency_before_the_next_question(real: Path):
    told = piped(real, "0002/26", "s", "4", "q", "b", "q")
    service = opened(real)
    stay = service.record.reading().open_stay_by_reference(SECOND)
    levels = [a.level for a in service.record.reading().alerts_of(stay.id) if a.is_open]
    draft = service.record.reading().draft(stay.id)
    service.record.close()

    assert told.index("!" * 40) < told.index("O2 Can they answer simple questions")
    assert "A1" in levels
    assert draft.body["observations"] == {"rouse": "none"}


def test_a_screening_goes_on_where_it_was_left_at_another_time(real: Path):
    piped(real, "0001/26", "s", "1", "q", "b", "q")
    again = piped(real, "0001/26", "s", "q", "b", "q")

    assert words.GOES_ON in again
    assert "O1 Can they be woken?" not in again
    assert "O2 Can they answer simple questions" in again


class Cut(Standing):
    """A link that breaks as soon as somebody screens."""

    def save_draft(self, stay, document, made_on=None):
        raise Unreachable("The service was asked, and nobody answers.")


def test_without_a_link_each_answer_is_kept_at_this_terminal_and_somebody_is_told(
    desk: Desk, tmp_path: Path
):
    from triage.desk.unfinished import Screenings

    desk.client = Cut()
    told = desk.types("1", "s", "1", "y", "q", "b", "q")
    kept = Screenings(tmp_path).of("s-uu")

    assert told.count(words.KEPT_HERE_ALONE.split(":")[0]) == 1
    assert kept.document["observations"] == {"rouse": "alert", "answers_questions": "yes"}


def test_the_first_of_the_references_is_on_the_board(real: Path):
    assert FIRST in piped(real, "q")


def test_line_by_line_two_answers_to_one_question_are_told_and_asked_again(
    desk: Desk, tmp_path: Path
):
    from tests.desk.standing import NIGHT
    from triage.desk.client import Contested, Told
    from triage.desk.unfinished import Screenings

    said = (("none", "TRAINING Lowe"), ("alert", "TRAINING Okafor"))
    contested = tuple(Contested("observations.rouse", v, by, NIGHT) for v, by in said)
    sent: list[object] = []

    class Beside(Standing):
        """A service that keeps what somebody else typed at the same moment."""

        def save_draft(self, stay, document, made_on=None):
            sent.append(made_on)
            if len(sent) == 1:
                return Told("", (), None, (), 2, {"observations": {"confused": "no"}}, contested)
            return Told("", (), None, (), 3, document)

    desk.client = Beside()
    told = desk.types("1", "s", "1", "1", "q", "b", "q")
    kept = Screenings(tmp_path).of("s-uu")

    assert "1 QUESTION, TWO ANSWERS: choose. 1 answer of somebody else came in." in told
    assert told.count("O1 Can they be woken?") == 2
    assert 'TRAINING Lowe typed "' in told and 'TRAINING Okafor typed "' in told
    assert kept.document["observations"] == {"confused": "no", "rouse": "alert"}
    assert sent[:2] == [None, 2]


# --- a release that was begun here


def begun_by(desk: Desk, account: str, stay: str) -> None:
    drafts = Drafts(desk.folder / "releases", account)
    draft = drafts.of(stay)
    draft["leaving"], draft["asked"] = {"to": "home", "plan": "Call on Sunday"}, ["to", "plan"]
    drafts.save(draft)


def test_a_release_that_was_begun_is_said_with_the_person_and_whose_it_is(desk: Desk):
    begun_by(desk, "lowe", "s-uu")
    theirs = desk.types("1", "b", "q")
    begun_by(desk, "okafor", "s-vv")
    mine = desk.types("2", "b", "q")

    assert release_words.BEGUN in theirs
    assert "TYPED BY lowe, last at " in " ".join(theirs.split())
    assert release_words.BEGUN in mine
    assert "TYPED BY" not in mine


def test_what_was_begun_for_somebody_who_has_left_is_said_at_the_board_and_shown_by_k(desk: Desk):
    begun_by(desk, "lowe", "s-gone")
    desk.client.sheet = lambda stay, renewing=False: replace(  # type: ignore[method-assign]
        Standing.sheet(desk.client, stay), closed=True, ended="TRAINING Lowe was first."
    )
    kept = " ".join(desk.types("k", "", "q").split())
    there = desk.drafts.kept("s-gone")
    taken = desk.types("k", "x", "k", "q")

    assert release_words.LEFT_OVER in kept
    assert "TRAINING Lowe was first." in kept
    assert "TYPED BY lowe" in kept and "Call on Sunday" in kept
    assert there is not None
    assert release_words.TAKEN_AWAY in taken
    assert release_words.NONE_BEGUN in taken
    assert desk.drafts.kept("s-gone") is None


def test_what_nobody_can_say_anything_about_is_kept(desk: Desk):
    begun_by(desk, "lowe", "s-elsewhere")
    told = " ".join(desk.types("k", "q").split())

    assert words.NOT_KNOWN_WHERE in told
    assert desk.drafts.kept("s-elsewhere") is not None
