"""The full-screen screening without a screen: keys and their moments in, a document out."""

import copy
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.depth import depth
from tests.desk.test_line import DETAILS, RULEBOOK, SEEN, STEPS, harmless
from triage.desk import line
from triage.desk.answering import Answering
from triage.desk.full.form_lines import Around, glass
from triage.desk.full.form_model import Form, Mode, Wish
from triage.desk.full.form_standing import State
from triage.desk.sofar import SoFar
from triage.desk.steps import Document, Step, Takes, held
from triage.present import screening_form as words

NOW = datetime(2026, 10, 24, 21, 40, tzinfo=UTC)
AROUND = Around("UU, cell M1, Castle Street, TRAINING/CS/0001/26", "Sat 24 Oct 22:40", True)
SLOWLY, AT_ONCE = 2.0, 0.001
BY_ID = {step.id: step for step in STEPS}


def so_far(document: Document) -> SoFar:
    return SoFar.of(RULEBOOK, document, now=NOW)


def form_of(document: Document | None = None) -> Form:
    answering = Answering(RULEBOOK, copy.deepcopy(document or {}), lambda: NOW)
    return Form(answering, so_far)


class Typist:
    """Somebody who types on a form, slowly unless said otherwise."""

    def __init__(self, form: Form) -> None:
        self.form, self.at, self.wishes = form, 0.0, [Wish.NOTHING]

    def type(self, *keys: str, gap: float = SLOWLY) -> "Typist":
        for key in keys:
            self.at += gap
            self.wishes.append(self.form.press(key, self.at))
        return self

    def glass(self, width: int = 80, height: int = 24) -> list[str]:
        return [row.plain.rstrip() for row in glass(self.form, AROUND, width, height)]


def keys_of(step: Step, typed: str) -> list[str]:
    """What is pressed for what is typed line by line."""
    at_once = step.takes is Takes.KEY or (step.takes is not Takes.TEXT and typed in tuple("nrus"))
    return list(typed) if at_once else [*typed, "enter"]


def answered_all(form: Form, **changes: str) -> Typist:
    typist = Typist(form).type("a", "y", "enter")
    while form.mode is Mode.ASK and form.at is not None:
        typed = changes.get(form.at.place[-1], harmless(form.at))
        typist.type(*keys_of(form.at, typed))
    return typist


# The same as line by line ------------------------------------------------------------------------


class ByLine(line._Asking):
    """Line by line, where the answer to each question stands in a table."""

    answers: dict[str, str]

    def _from_keyboard(self, step: Step) -> str | None:
        return self.answers[step.id]


class Nobody:
    by_hand = False


def by_line(answers: dict[str, str]) -> Document:
    document: Document = {}
    hooks = line.Hooks(
        save=lambda _: None,
        applies=lambda found, step: so_far(found).applies(step),
        alarm=lambda _: [],
        now=lambda: NOW,
        running=lambda: 0.0,
    )
    asking = ByLine(RULEBOOK, document, Nobody(), hooks)  # type: ignore[arg-type]
    asking.answers = answers
    assert asking.run()
    return document


def typed_for(step: Step) -> st.SearchStrategy[str]:
    keys = [option.key for option in step.options]
    commands = ["s"] if not step.needed else []
    commands += ["r", "u"] if step.is_question else ["u"] if step.is_observation else []
    commands += ["n"] if step.takes is Takes.KEYS else []
    match step.takes:
        case Takes.NUMBER:
            return st.sampled_from(["0", "17", "40", "129", *commands])
        case Takes.TEXT:
            return st.sampled_from(["large print", "his sister, Ada", *commands])
        case Takes.KEYS:
            some = st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True)
            return st.one_of(some.map("".join), st.sampled_from(commands))
    return st.sampled_from([*keys, *commands])


@settings(max_examples=depth(25, 400), deadline=None)
@given(st.fixed_dictionaries({step.id: typed_for(step) for step in STEPS}))
def test_whatever_is_answered_the_document_is_what_it_would_be_line_by_line(answers):
    form = form_of()
    typist = Typist(form)
    while form.mode is Mode.ASK and form.at is not None:
        typist.type(*keys_of(form.at, answers[form.at.id]))

    assert form.document == by_line(answers)
    assert form.open == []


KEYS = st.one_of(
    st.sampled_from([
        "up", "down", "pageup", "pagedown", "home", "end", "tab", "enter", "escape", "backspace",
        "f1", "left", "a", "y", "n", "1", "2", "s", "r", "u", "q", "b", "j", "k", "?",
    ]),
    st.characters(min_codepoint=32, max_codepoint=0x17F),
)  # fmt: skip


@settings(max_examples=depth(40, 1000), deadline=None)
@given(st.lists(st.tuples(KEYS, st.sampled_from([AT_ONCE, SLOWLY])), max_size=120), st.booleans())
def test_no_key_answers_a_question_that_is_not_in_focus_and_none_takes_an_answer_away(keys, far):
    form = form_of(SOME if far else None)
    typist = Typist(form)
    for key, gap in keys:
        before, at, mode = copy.deepcopy(form.document), form.at, form.mode
        looking = {step.id for step in form.answering.left_to_look()}
        dropping = form._dropping and gap == AT_ONCE
        typist.type(key, gap=gap)
        changed = {s.id for s in STEPS if held(before, s) != held(form.document, s)}
        allowed = {Mode.ASK: {at.id} if at else set(), Mode.NORMAL: looking}.get(mode, set())
        assert changed <= (set() if dropping else allowed)
        assert {s.id for s in STEPS if held(before, s) is not None} - {
            s.id for s in STEPS if held(form.document, s) is not None
        } <= (changed if key == "s" or key in "nS" else set())
        shown = typist.glass()
        assert len(shown) == 24
        assert max(map(len, shown)) <= 80
        if form.mode is Mode.ASK and form.at is not None:
            assert " ".join(form.at.words.split()) in " ".join(" ".join(shown).split())


SOME: Document = {
    "observations": copy.deepcopy(SEEN),
    "nation": "england", "stage": "arrest", "offence": "theft", "arrests_12m": 2,
    "person": {"age": 40, "sex": "male"},
    "record": {
        "checked": True, "markers": [], "force_used": [],
        "property": [], "hospital_today": False, 
        "appropriate_adult_before": False, "managed_by": [],
    },
}  # fmt: skip


# Bursts ------------------------------------------------------------------------------------------


def quiet_keys() -> list[str]:
    form, keys = form_of(), ["a", "y", "enter"]
    typist = Typist(form).type(*keys)
    while form.mode is Mode.ASK and form.at is not None:
        now = keys_of(form.at, harmless(form.at))
        keys += now
        typist.type(*now)
    return keys


def test_a_burst_is_taken_key_by_key_up_to_the_question_that_wants_a_second():
    form = form_of()
    typist = Typist(form).type(*quiet_keys(), gap=AT_ONCE)

    slow = form_of()
    answered_all(slow)
    credible = next(step for step in STEPS if step.credible)
    before = STEPS[: STEPS.index(credible)]
    assert [form.said(s) for s in before] == [slow.said(s) for s in before]
    assert form.at is not None and form.at.id == credible.id
    assert [form.state(s) for s in STEPS[STEPS.index(credible) :] if s.gate is None] == [
        State.OPEN for s in STEPS[STEPS.index(credible) :] if s.gate is None
    ]
    assert form.note.startswith(words.TOO_QUICK)
    assert "typed ahead behind it not taken either" in form.note
    assert any("typed ahead" in row for row in typist.glass())


def test_the_same_keys_typed_by_hand_are_all_taken():
    """The twin of the burst."""
    form = form_of()
    Typist(form).type(*quiet_keys())

    assert (form.mode, form.open) == (Mode.LIST, [])
    assert so_far(form.document).findings.nothing_found


@pytest.mark.parametrize(("gap", "taken"), [(AT_ONCE, False), (SLOWLY, True)])
def test_what_was_typed_ahead_answers_no_question_that_nobody_could_foresee(gap, taken):
    """Whoever types y to asthma and then the keys of Q08 and Q10 never saw that Q07a comes."""
    form = form_of(SOME)
    typist = Typist(form)
    while form.at is not None and form.at.id != "answers.conditions":
        typist.type(*keys_of(form.at, harmless(form.at)))
    typist.type("4", "enter").type("1", gap=gap)

    assert (held(form.document, BY_ID["answers.device_here"]) is not None) is taken
    assert (form.note == words.NOT_HERE_YET) is not taken


@pytest.mark.parametrize(("gap", "taken"), [(AT_ONCE, False), (SLOWLY, True)])
def test_behind_a_key_that_was_not_taken_the_rest_of_the_burst_is_not_either(gap, taken):
    """Else it would answer the question before the one that it was typed for."""
    form = form_of()
    Typist(form).type("z", "1", gap=gap)

    assert (form.document != {}) is taken


def test_pasted_text_is_words_for_a_question_that_takes_words_and_no_answer_to_any_other():
    form = form_of()
    form.paste("1")
    assert (form.document, form.note) == ({}, words.PASTED)
    form._go_to(BY_ID["answers.what_helps"], 0.0)
    form.paste("large\nprint")
    Typist(form).type("enter")

    assert form.document["answers"]["what_helps"]["value"] == "large print"


# Two deliberate keys -----------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [("a",), ("a", "y"), ("a", "y", "y"), ("a", "enter"), ("a", "q"),
                                  ("a", "n", "y", "enter")])  # fmt: skip
def test_no_single_key_says_of_anybody_that_they_were_looked_at(keys):
    form = form_of({"observations": {"rouse": "voice"}})
    before = copy.deepcopy(form.document)
    Typist(form).type(*keys)

    assert {k: v for k, v in form.document["observations"].items() if k not in before} == {
        "rouse": "voice", **({"answers_questions": "yes"} if keys[-1] == "enter" and keys[1] == "n"
                             else {})
    }  # fmt: skip


def test_y_and_enter_take_the_rest_as_looked_at_and_leave_what_was_seen_otherwise():
    """The twin."""
    form = form_of({"observations": {"rouse": "voice"}})
    Typist(form).type("a", "y", "enter")

    assert form.document["observations"] == SEEN | {"rouse": "voice"}


@pytest.mark.parametrize("keys", [("r",), ("r", "y"), ("r", "enter"), ("r", "n"), ("y", "enter"),
                                  ("r", "y", "y"), ("r", "q", "y", "escape")])  # fmt: skip
def test_nothing_is_recorded_by_fewer_keys_than_r_y_and_enter(keys):
    typist = answered_all(form_of()).type(*keys)

    assert Wish.RECORD not in typist.wishes


def test_r_y_and_enter_record_it():
    typist = answered_all(form_of()).type("r", "y", "enter")

    assert typist.wishes[-1] is Wish.RECORD
    assert typist.form.mode is Mode.SENDING


def test_what_was_typed_ahead_of_the_list_records_nothing():
    form = form_of()
    keys = quiet_keys()
    typist = Typist(form).type(*keys[:-1]).type(keys[-1], "r", "y", "enter", gap=AT_ONCE)

    assert form.mode is Mode.LIST
    assert Wish.RECORD not in typist.wishes


def test_without_what_has_to_be_known_nothing_is_recorded_and_it_is_asked():
    form = form_of({"observations": SEEN, "nation": "england", "stage": "arrest"})
    typist = Typist(form).type("tab", "r")

    assert form.at is not None and form.at.id == "offence"
    assert form.note.startswith("NOT RECORDED")
    assert typist.type("y", "enter").wishes[-1] is Wish.NOTHING


@pytest.mark.parametrize(("keys", "stops"), [(("q", "q"), True), (("escape", "y"), True),
                                             (("q",), False), (("q", "1"), False)])  # fmt: skip
def test_stopping_takes_two_keys_and_a_stray_one_answers_nothing(keys, stops):
    typist = Typist(form_of()).type(*keys)

    assert (typist.wishes[-1] is Wish.STOP) is stops
    assert typist.form.document == {}


# Going back, unknown, half typed -----------------------------------------------------------------


def test_back_shows_what_was_said_and_takes_another_answer():
    form = form_of()
    typist = Typist(form).type("1", "b")
    assert "now awake and alert; Enter keeps it" in " ".join(typist.glass())
    typist.type("2")

    assert form.document["observations"] == {"rouse": "voice"}
    assert form.at is not None and form.at.id == "observations.answers_questions"


def test_half_typed_answers_wait_while_somebody_looks_elsewhere():
    form = form_of(SOME | {"person": {}})
    Typist(form).type("home", "end", "4", "tab", "escape", "up", "down", "1", "enter")

    assert form.document["person"]["age"] == 41


def test_nothing_is_recorded_while_an_answer_is_half_typed():
    """Somebody marked two warnings, was called away, and pressed r."""
    form = form_of(SOME)
    answered_all(form)
    form._go_to(BY_ID["record.property"], 0.0)
    typist = Typist(form).type("1", "2", "tab", "r", "y")
    assert (form.mode, form.note) == (Mode.ASK, words.NO_KEY)
    typist.type("enter", "tab", "r", "y", "enter")

    assert typist.wishes[-1] is Wish.RECORD
    assert form.document["record"]["property"] == ["medicine", "medical_device"]


def test_what_was_passed_over_is_called_not_asked_and_stands_first():
    form = form_of(SOME)
    typist = Typist(form).type("end", "s", "s", "tab")

    assert form.state(form.rows[0]) is State.OPEN
    assert "29 asked" in form.progress
    assert not any("never" in form.said(step) for step in form.open)
    assert "not asked yet" in " ".join(typist.glass())


def test_an_emergency_stands_on_top_until_it_is_answered_otherwise():
    form = form_of()
    typist = Typist(form).type("4", "y", "y")
    assert "!! EMERGENCY: CALL 999 FIRST." in typist.glass()
    typist.type("home", "1")

    assert not [row for row in typist.glass() if "EMERGENCY" in row]


def test_a_branch_that_is_asked_no_more_keeps_what_was_said():
    form = form_of(SOME)
    typist = Typist(form)
    while form.at is not None and form.at.id != "answers.conditions":
        typist.type(*keys_of(form.at, harmless(form.at)))
    typist.type("4", "enter", "1").type("up", "up", "n")

    assert held(form.document, BY_ID["answers.device_here"]) is not None
    assert words.NO_MORE in form.said(BY_ID["answers.device_here"])


# What stands on the glass ------------------------------------------------------------------------

LOUDEST = {"observations": {**SEEN, "rouse": "none", "breathing_chest_bleeding": "yes"}}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("held_up", [False, True], ids=["quiet", "emergency"])
def test_every_question_stands_whole_with_its_keys(size, held_up):
    form = form_of(LOUDEST if held_up else None)
    around = Around(
        AROUND.who,
        AROUND.clock,
        True,
        above="EMERGENCY: " + "somebody else " * 7,
        stale="The timers have not run yet.",
    )
    for step in STEPS:
        form._go_to(step, 0.0)
        form.note = words.TOO_QUICK
        shown = [row.plain for row in glass(form, around, *size)]
        flat = " ".join(" ".join(shown).split())
        assert (len(shown), max(map(len, shown)) <= size[0]) == (size[1], True), step.id
        assert step.words in flat, step.id
        for option in step.options:
            assert f"{option.key} [ ]" in flat or f"{option.key} [x]" in flat, (step.id, option)
        assert "b back, q stop" in flat
        assert words.TOO_QUICK in flat
        assert ("EMERGENCY: CALL 999 FIRST." in flat) is held_up
        assert (words.PRIVATE in flat) is step.private


@pytest.mark.parametrize("seen", sorted(SEEN))
def test_all_that_is_about_to_be_taken_as_normal_stands_on_one_glass(seen):
    """Also under an emergency, whatever it was that was seen."""
    step = BY_ID[f"observations.{seen}"]
    for option in step.options:
        form = form_of({"observations": {seen: option.value}})
        shown = Typist(form).type("a").glass()
        flat = " ".join(" ".join(shown).split())
        assert [s.words for s in form.answering.left_to_look() if s.words not in flat] == []
        assert "y, then Enter, takes these 32" in shown[-1]


def test_details_are_those_of_the_line_mode():
    """Keys that this file shares with the other one have to mean something."""
    assert set(DETAILS) <= set(BY_ID)
