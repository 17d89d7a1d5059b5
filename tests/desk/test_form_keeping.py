"""A half-finished screening is kept here and by the service; nothing is merged or replaced unasked.

The threads of the keeper are waited for by what they say, never by time.
"""

import json
import queue
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desk.doors import DYER, Suite, listening
from tests.desk.test_line import RULEBOOK
from tests.faults.server import WAIT
from triage.desk.beside import taken_in
from triage.desk.client import Begun, Client, Meanwhile, SignedOut, Told
from triage.desk.full.form_keeping import Heard, Keeper, Kept, NotKept, NotReached, OtherKept
from triage.desk.steps import Document
from triage.desk.taking_up import begin, taking_up
from triage.desk.unfinished import Screenings, Typed
from triage.domain.errors import InputError, Unreachable
from triage.domain.london import iso
from triage.present import screening_form as words

NOW = datetime(2026, 10, 24, 21, 40, tzinfo=UTC)
TOLD = Told("", (), None, ())
VOICE, PAIN = ({"observations": {"rouse": seen}} for seen in ("voice", "pain"))
CONFUSED: Document = {"observations": {"confused": "no"}}
NOTHING_KEPT = Begun({}, None, None, None, mine=False)


@dataclass
class Service:
    """A service that answers as it is told to, one thing after the other; then it keeps."""

    answers: list[Any] = field(default_factory=list)
    begun_says: Begun = NOTHING_KEPT
    kept: list[Document] = field(default_factory=list)
    asked: "queue.Queue[Document]" = field(default_factory=queue.Queue)

    def save_draft(self, stay: str, document: Document, made_on: int | None = None) -> Told:
        self.asked.put(document)
        answer = self.answers.pop(0) if self.answers else TOLD
        if callable(answer):
            answer = answer()
        if isinstance(answer, Exception):
            raise answer
        self.kept.append(document)
        return answer

    def newer(self, stay: str, version: int) -> Begun | None:
        return None

    def begun(self, stay: str) -> Begun:
        return self.begun_says


@dataclass
class Heards:
    """What a keeper said, in its order."""

    said: "queue.Queue[Heard]" = field(default_factory=queue.Queue)

    def next(self) -> Heard:
        return self.said.get(timeout=WAIT)


def keeper_of(service: Service, again: float = 0.0) -> tuple[Keeper, Heards]:
    heard = Heards()
    keeper = Keeper(service, "s-1", heard.said.put, lambda: NOW, again=again)  # type: ignore[arg-type]
    return keeper, heard


# The keeper --------------------------------------------------------------------------------------


def test_every_answer_is_kept_and_the_latest_wins_where_the_service_is_slow():
    gate: queue.Queue[Told] = queue.Queue()
    service = Service([lambda: gate.get(timeout=WAIT)])
    keeper, heard = keeper_of(service)
    documents = [{"arrests_12m": number} for number in range(30)]
    keeper.keep(documents[0])
    first = service.asked.get(timeout=WAIT)  # it is on its way, and does not come back yet
    for document in documents[1:]:
        keeper.keep(document)
    gate.put(TOLD)
    said = [heard.next(), heard.next()]
    keeper.stop()

    assert first == documents[0]
    assert service.kept == [documents[0], documents[-1]]
    assert said == [Kept(documents[0], NOW, TOLD), Kept(documents[-1], NOW, TOLD)]


@pytest.mark.parametrize("error", [Unreachable("nobody"), SignedOut("over")])
def test_what_nobody_kept_is_sent_again_until_it_is(error):
    service = Service([error, error])
    keeper, heard = keeper_of(service)
    keeper.keep(VOICE)
    said = [heard.next() for _ in range(3)]
    keeper.stop()

    lost = NotReached() if not isinstance(error, SignedOut) else NotReached(words.SIGNED_OUT)
    assert said == [lost, lost, Kept(VOICE, NOW, TOLD)]
    assert service.kept == [VOICE]


def test_what_the_service_refuses_is_said_and_a_later_answer_is_sent():
    service = Service([InputError.at("person.age", "That is no age.")])
    keeper, heard = keeper_of(service)
    keeper.keep(VOICE)
    refused = heard.next()
    keeper.keep(PAIN)
    said = heard.next()
    keeper.stop()

    assert (refused, said) == (NotKept("That is no age."), Kept(PAIN, NOW, TOLD))


@pytest.mark.parametrize("mine", [True, False], ids=["ours-arrived", "theirs"])
def test_after_an_outage_nothing_of_somebody_else_is_replaced_unasked(mine):
    """Our own may have arrived without an answer: that one is no stranger, and its twin is."""
    there = Begun({}, VOICE if mine else None, NOW, "TRAINING Lowe", mine=mine)
    service = Service([Unreachable("nobody")], there)
    keeper, heard = keeper_of(service)
    keeper.keep(VOICE)
    lost, then = heard.next(), heard.next()
    kept = list(service.kept)
    keeper.replace()
    if not mine:
        after = heard.next()
        assert after == Kept(VOICE, NOW, TOLD)
    keeper.stop()

    assert lost == NotReached()
    assert then == (Kept(VOICE, NOW, TOLD) if mine else OtherKept("TRAINING Lowe", NOW))
    assert kept == ([VOICE] if mine else [])


def test_no_draft_comes_after_the_record():
    """It would be a half-finished screening of somebody who has been screened."""
    service = Service([Unreachable("nobody")])
    keeper, heard = keeper_of(service, again=WAIT)
    keeper.keep(VOICE)
    heard.next()
    with keeper.instead():
        pass
    keeper.keep(PAIN)
    keeper.stop()
    keeper.join()

    assert service.kept == []


def test_where_recording_failed_what_is_typed_after_it_is_kept():
    """The twin."""
    service = Service()
    keeper, heard = keeper_of(service)
    with pytest.raises(Unreachable), keeper.instead():
        raise Unreachable("nobody")
    keeper.keep(PAIN)
    said = heard.next()
    keeper.stop()

    assert said == Kept(PAIN, NOW, TOLD)


# At this terminal --------------------------------------------------------------------------------


def test_the_file_of_a_screening_is_for_its_owner_alone_and_one_of_another_stay_is_not_touched(
    tmp_path: Path,
):
    files = Screenings(tmp_path / "screenings")
    files.keep(Typed("s-1", VOICE), now=NOW)
    files.keep(Typed("s-2", PAIN, half={"person.age": "4"}), now=NOW)
    files.drop("s-1")

    assert files.of("s-1") is None
    assert files.of("s-2") == Typed(
        "s-2", PAIN, half={"person.age": "4"}, saved_at="2026-10-24T21:40:00Z"
    )
    if hasattr(stat, "S_IMODE"):
        assert files.path("s-2").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"stay": 3}', '{"stay": "s-1", "x": 1}',
                                  json.dumps({"stay": "s-9", "saved_at": iso(NOW)})])  # fmt: skip
def test_a_file_that_is_no_screening_of_this_stay_is_no_screening(text, tmp_path):
    files = Screenings(tmp_path)
    files.path("s-1").write_text(text, "utf-8")

    assert files.of("s-1") is None


# Taking up ---------------------------------------------------------------------------------------


def here(document: Document, minutes: int, told: Document | None = None) -> Typed:
    at = iso(NOW + timedelta(minutes=minutes))
    return Typed("s-1", document, saved_at=at, told=told)


def there(document: Document | None, minutes: int) -> Begun:
    at = NOW + timedelta(minutes=minutes)
    return Begun({}, document, at, "TRAINING Lowe", mine=document is not None)


KNOWN = {"nation": "england", "stage": "arrest", "person": {"sex": "unknown", "age": 30}}


@pytest.mark.parametrize(("mine", "service", "begins_with"), [
    (None, Begun(KNOWN, None, None, None, mine=False), KNOWN | {"person": {"age": 30}}),
    (None, None, {}),
    (None, there(VOICE, 0), VOICE),
    (here(VOICE, 0), None, VOICE),
    (here(VOICE, 0), NOTHING_KEPT, VOICE),
    (here(VOICE, 5), there(VOICE, 0), VOICE),
])  # fmt: skip
def test_where_there_is_but_one_nobody_is_asked(mine, service, begins_with):
    found = taking_up(RULEBOOK, "s-1", mine, service, now=NOW)

    assert not found.asks
    assert [choice.typed.document for choice in found.choices] == [begins_with]


@pytest.mark.parametrize("newer", ["here", "there"])
def test_two_that_differ_are_offered_with_their_times_the_newer_first(newer):
    mine, service = here(VOICE, 5 if newer == "here" else -5), there(PAIN, 0)
    found = taking_up(RULEBOOK, "s-1", mine, service, now=NOW)

    first, second = found.choices
    assert (first.typed.document, second.typed.document) == (
        (VOICE, PAIN) if newer == "here" else (PAIN, VOICE)
    )
    assert "22:45" in first.words or "22:40" in first.words
    assert found.told[1:] == (
        "O1 Can they be woken? HERE: wakes to a voice. SERVICE: wakes to pain only.",
    )


def test_what_somebody_else_has_begun_is_named_and_not_replaced_unasked():
    found = taking_up(RULEBOOK, "s-1", None, there(None, 0), now=NOW)

    assert "TRAINING LOWE HAS BEGUN" in found.told[0]
    assert [choice.replaces for choice in found.choices] == [True]


def test_what_the_service_keeps_no_more_is_not_gone_on_with_unasked():
    """It was recorded meanwhile, by the same person at another desk perhaps."""
    found = taking_up(RULEBOOK, "s-1", here(VOICE, 0, told=VOICE), NOTHING_KEPT, now=NOW)

    assert [choice.typed.document for choice in found.choices] == [VOICE, {"person": {}}]


def test_what_was_passed_without_a_word_is_not_asked_again():
    typed = Typed("s-1", VOICE, done=["observations.rouse", "person.age", "no.such.step"])

    assert begin(RULEBOOK, typed) == {"observations.rouse", "person.age"}


def test_an_age_that_follows_from_a_birth_is_not_asked():
    known = {"person": {"date_of_birth": "1990-10-25", "age_source": "unknown"}}
    begun = Begun(known, None, None, None, mine=False)
    found = taking_up(RULEBOOK, "s-1", None, begun, now=NOW)

    assert found.choices[0].typed.document["person"] == {"date_of_birth": "1990-10-25", "age": 35}


# Against the real service ------------------------------------------------------------------------


def test_over_the_network_a_look_at_once_is_an_emergency_and_the_draft_is_read_back(suite: Suite):
    stay = suite.stays["unscreened"]
    with listening(suite) as url:
        client = suite.served(url)
        before = client.begun(stay)
        told = client.save_draft(stay, {"observations": {"rouse": "none"}})
        after = client.begun(stay)

    assert (before.draft, before.saved_at, before.mine) == (None, None, False)
    assert before.known["nation"] == "england"
    assert told.recorded is not None and "999" in told.acts[0]
    assert (after.draft, after.saved_at) == ({"observations": {"rouse": "none"}}, suite.at)
    assert (after.by, after.mine) == ("TRAINING Okafor", True)


@dataclass
class AnswerLost:
    """The real service, killed once: before it keeps what is sent, or before it says so."""

    served: Client
    arrives: bool = True
    lost: bool = False

    def save_draft(self, stay: str, document: Document, made_on: int | None = None) -> Told:
        if self.lost:
            return self.served.save_draft(stay, document, made_on)
        self.lost = True
        if self.arrives:
            self.served.save_draft(stay, document, made_on)
        raise Unreachable("nobody")

    def begun(self, stay: str) -> Begun:
        return self.served.begun(stay)


# What a form says by itself beside what was typed: nobody has asked it, and no one keeps it.
BY_ITSELF = {"person": {"sex": "unknown"}, "record": {"checked": False}}


def typed_on_after_a_lost_answer(url: str, suite: Suite, *, later: Document) -> list[Heard]:
    heard = Heards()
    client: Any = AnswerLost(suite.served(url))
    keeper = Keeper(client, suite.stays["unscreened"], heard.said.put, lambda: NOW, again=0.0)
    keeper.keep(VOICE | BY_ITSELF)
    lost = heard.next()
    keeper.keep(later)
    then = heard.next()
    # The first may be sent again before the later one is there: both are answered in the end.
    while isinstance(then, Kept) and then.document != later:
        then = heard.next()
    keeper.stop()
    return [lost, then]


def test_whoever_typed_what_arrived_without_an_answer_is_no_stranger_to_it(suite: Suite):
    """Killed after it had kept it, the service named the sergeant to herself as somebody else."""
    later = {"observations": {"rouse": "voice", "confused": "no"}} | BY_ITSELF
    with listening(suite) as url:
        lost, then = typed_on_after_a_lost_answer(url, suite, later=later)
        there = suite.served(url).begun(suite.stays["unscreened"])

    assert lost == NotReached()
    assert isinstance(then, Kept)
    assert there.draft == {"observations": later["observations"]}
    assert there.contested == ()


def test_what_was_taken_out_after_a_lost_answer_stays_out(suite: Suite):
    with listening(suite) as url:
        typed_on_after_a_lost_answer(url, suite, later=CONFUSED)
        there = suite.served(url).begun(suite.stays["unscreened"])

    assert there.draft == CONFUSED


@pytest.mark.parametrize("who", ["another", "elsewhere"])
def test_what_was_typed_elsewhere_during_the_outage_stands_beside_it(suite: Suite, who: str):
    """The twin: it was not seen here, whoever typed it, and none of it is taken out."""
    stay = suite.stays["unscreened"]
    with listening(suite) as url:
        other = suite.served(url, DYER) if who == "another" else suite.served(url)
        other.save_draft(stay, CONFUSED, 0)
        heard = Heards()
        client: Any = AnswerLost(suite.served(url), arrives=False)
        keeper = Keeper(client, stay, heard.said.put, lambda: NOW, again=0.0)
        keeper.keep(VOICE)
        said = [heard.next(), heard.next()]
        keeper.stop()
        there = suite.served(url).begun(stay)

    assert [type(each) for each in said] == [NotReached, Kept]
    assert there.draft == {"observations": {"confused": "no", "rouse": "voice"}}


# Beside somebody else ----------------------------------------------------------------------------


def test_what_others_typed_is_taken_in_and_what_was_typed_since_stays():
    sent = {"observations": {"rouse": "alert"}}
    here = {"observations": {"rouse": "voice", "confused": "no"}}
    kept = {"observations": {"rouse": "pain", "walking": "unaided"}}
    found = taken_in(here, sent, kept)

    assert found.document == {
        "observations": {"rouse": "voice", "confused": "no", "walking": "unaided"}
    }
    assert (found.changed, found.whole) == (("observations.walking",), False)


def test_a_state_counts_as_seen_only_where_all_of_it_stands_here():
    """The twin: nothing was typed since."""
    found = taken_in(VOICE, VOICE, PAIN)

    assert (found.document, found.changed, found.whole) == (PAIN, ("observations.rouse",), True)


def test_two_terminals_of_the_real_service_see_each_others_answers_and_choose(suite: Suite):
    stay = suite.stays["unscreened"]
    with listening(suite) as url:
        one, other = suite.served(url), suite.served(url, DYER)
        first = one.save_draft(stay, {"observations": {"rouse": "voice", "confused": "no"}}, 0)
        second = other.save_draft(stay, {"observations": {"rouse": "alert"}}, 0)
        there = other.begun(stay)
        chosen = {"observations": {"rouse": "voice", "confused": "no"}}
        last = other.save_draft(stay, chosen, second.version)

    assert first.contested == ()
    assert [(e.place, e.value) for e in second.contested] == [
        ("observations.rouse", "voice"), ("observations.rouse", "alert")
    ]  # fmt: skip
    assert second.draft == there.draft == {"observations": {"confused": "no"}}
    assert (last.draft, last.contested) == (chosen, ())


def test_a_screening_of_two_is_gone_on_with_where_it_stands_and_nobody_has_to_replace_it():
    begun = Begun({}, PAIN, NOW, "TRAINING Lowe", mine=False, version=3)
    fresh = taking_up(RULEBOOK, "s-1", None, begun, now=NOW)
    kept = taking_up(RULEBOOK, "s-1", here(VOICE, 0, told=VOICE), begun, now=NOW)

    assert [(c.typed.document, c.typed.version) for c in fresh.choices] == [(PAIN, 3)]
    assert not (fresh.asks or kept.asks)
    assert kept.choices[0].typed.document == VOICE
    assert kept.choices[0].typed.told is None  # it goes there at once, and comes back merged


def test_what_somebody_recorded_meanwhile_is_said_with_who_and_when():
    before = Meanwhile("TRAINING Lowe", NOW, ())
    begun = Begun({}, None, None, None, mine=False, version=4, before=before)
    found = taking_up(RULEBOOK, "s-1", here(VOICE, 0, told=VOICE), begun, now=NOW)

    assert "TRAINING LOWE RECORDED THIS SCREENING at Sat 24 Oct 2026 22:40 BST" in found.told[0]
