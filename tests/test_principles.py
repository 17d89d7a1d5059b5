"""The twelve safety principles of the screening note, one by one, on the rules that ship.

Each is looked at through the door that a desk uses, ``screen``, and by a rule of thumb that says
in sentences what it found wrong. Each has a twin in which the rulebook or the code is broken, and
in which the same look must find something.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.rulebooks import condition, person, real, said
from tests.test_people_cases import CASES, _details
from triage.domain import screening
from triage.domain.answers import Closing, Details, Marker, Status
from triage.domain.errors import InputError
from triage.domain.findings import Axis, Findings, RouteStatus, ScreenStatus, Urgency
from triage.domain.program import Program
from triage.domain.rulebook import Rule, Rulebook
from triage.domain.screening import screen
from triage.present.screening import as_json, in_words
from triage.schemas.screen import details_of

BOOK = real()
SILENCE = ("refused", "unable", "not_asked")
CORE = BOOK.core_ids
SUICIDAL = Marker("suicidal", "pnc", date(2025, 5, 2))


def levels(found: Findings) -> dict[str, Urgency]:
    """The urgency of each need and flag."""
    both = [(each.need, each.urgency) for each in found.needs]
    return dict([*both, *((each.flag, each.urgency) for each in found.flags)])


def lower(before: Findings, after: Findings) -> set[str]:
    """What stands lower after than before."""
    now = levels(after)
    return {name for name, level in levels(before).items() if now.get(name, 0) < level}


def somebody(book: Rulebook = BOOK, **known: Any) -> Details:
    """Somebody of whom everything is known and harmless, besides what is said here."""
    return person(book, **known)


def changed(name: str, **changes: Any) -> Rulebook:
    """The rules that ship, with one of them changed."""
    assert name in {rule.id for rule in BOOK.rules}
    rules = [replace(r, **changes) if r.id == name else r for r in BOOK.rules]
    return replace(BOOK, rules=tuple(rules))


def without(*names: str) -> Rulebook:
    """The rules that ship, without some rules and modifiers."""
    rules = tuple(rule for rule in BOOK.rules if rule.id not in names)
    modifiers = tuple(each for each in BOOK.modifiers if each.id not in names)
    assert len(rules) + len(modifiers) == len(BOOK.rules) + len(BOOK.modifiers) - len(names)
    return replace(BOOK, rules=rules, modifiers=modifiers)


def planted(when: str, need: str, urgency: Urgency) -> Rulebook:
    """The rules that ship, where only this rule speaks of a need."""
    others = [
        replace(each, needs=tuple(pair for pair in each.needs if pair[0] != need))
        for each in BOOK.rules
    ]
    mute = [each for each in others if each.needs or each.flags]
    bad = Rule(
        id="planted",
        when=condition(when, BOOK),
        needs=((need, urgency),),
        flags=(),
        because="A planted fault.",
        do=("hcp_see",),
        tell=("custody_sergeant",),
        source="none",
        confidence=BOOK.rules[0].confidence,
        checked_on=date(2026, 11, 23),
    )
    return replace(BOOK, rules=(*mute, bad))


# 1. Unknown is never no --------------------------------------------------------------------------


def read_as_no(book: Rulebook = BOOK) -> Iterator[str]:
    """Core questions whose silence finds less, or sounds more complete, than a plain no."""
    plain = screen(book, somebody(book))
    for question in book.core_ids:
        for why in SILENCE:
            silent = screen(book, somebody(book, **{question: why}))
            if lower(plain, silent):
                yield f"{question}, {why}, finds less than a no."
            if silent.nothing_found or silent.answered != (28, 29):
                yield f"{question}, {why}, counts as an answer."


def test_1_an_answer_that_is_not_there_is_never_a_no():
    assert list(read_as_no()) == []


def test_1_somebody_of_whom_nothing_is_known_has_nothing_excluded():
    nobody = Details(somebody().at, "england", somebody().person, "arrest", "theft")

    found = screen(BOOK, nobody)

    assert (found.status, found.nothing_found, found.answered) == (
        ScreenStatus.PROVISIONAL, False, (0, 29),
    )  # fmt: skip
    missing = {each.id: each.why for entry in found.not_excluded for each in entry.missing}
    assert set(missing.values()) == {"not_asked"}
    assert {"head_knock", "swallowed_or_hidden", "conditions", "drinks_daily"} <= set(missing)
    assert "suicide_self_harm" in levels(found)  # silence about it is a warning of its own


@pytest.mark.parametrize("why", SILENCE)
def test_1_a_sheet_never_says_no_of_what_has_no_answer(why: str):
    found = screen(BOOK, somebody(self_harm_ever=why, self_harm_now=why))

    sheet = in_words(found, rulebook=BOOK).lower()

    assert why.replace("_", " ") in sheet
    assert not any(f"{no} (never)" in sheet or f"{no} (no)" in sheet for no in ("q22", "q23"))
    facts = [f for need in found.needs for r in need.reasons for f in r.facts]
    silent = {(f.value, f.status) for f in facts if f.id in ("self_harm_ever", "self_harm_now")}
    assert silent == {(None, why)}


def test_1_a_program_that_fills_silence_with_no_would_be_found(monkeypatch: pytest.MonkeyPatch):
    """The twin: the code reads whatever has no answer as its harmless option."""
    reads = Program.read

    def filled(program: Program, details: Details, law: Any) -> Any:
        nothing = {q.id: said(q.nothing) for q in BOOK.questions.values()}
        given = {n: a for n, a in details.answers.items() if a.status is Status.ANSWERED}
        return reads(program, replace(details, answers={**nothing, **given}), law)

    monkeypatch.setattr(Program, "read", filled)

    assert "head_knock, not_asked, counts as an answer." in list(read_as_no())


# 2. The highest wins; what somebody says never lowers ---------------------------------------------

# What others know, and what it has to raise whatever the person says.
OTHERS: tuple[tuple[str, Mapping[str, Any], str, str], ...] = (
    *(
        (f"a warning from {origin}", {"markers": (replace(SUICIDAL, origin=origin),)},
         "suicide_self_harm", "urgent")
        for origin in ("pnc", "officer", "family", "log", "property", "health")
    ),
    ("a package that somebody saw", {"markers": (Marker("conceals", "officer"),)},
     "drugs", "emergency"),
    ("medicine in the property", {"property": ("medicine",)}, "physical_health", "urgent"),
    ("talking to somebody unseen", {"responding_to_unseen": True}, "mental_health", "urgent"),
    ("fresh marks", {"fresh_self_harm_marks": True}, "suicide_self_harm", "urgent"),
    ("a head wound", {"injury": "head"}, "head_injury", "urgent"),
    ("chest or breathing", {"breathing_chest_bleeding": True}, "physical_health", "emergency"),
    ("a breath reading of 168", {"breath_ug": 168}, "alcohol", "urgent"),
    ("a positive drug test", {"drug_test": "positive"}, "drugs", "soon"),
    ("back from hospital", {"hospital_today": True}, "physical_health", "urgent"),
    ("a sexual offence", {"offence": "sexual"}, "suicide_self_harm", "urgent"),
    ("special help at school, says family", {"markers": (Marker("learning", "family"),)},
     "learning_disability", "urgent"),
)  # fmt: skip


def talked_down(book: Rulebook = BOOK) -> Iterator[str]:
    """What others know and a person who denies everything, or says nothing, talks down."""
    for words, known, need, least in OTHERS:
        for answer in ("denied", *SILENCE):
            silent = {} if answer == "denied" else dict.fromkeys(book.core_ids, answer)
            found = levels(screen(book, somebody(book, **known, **silent)))
            if found.get(need, 0) < Urgency.of(least):
                yield f"{words}: {need} is below {least} when all is {answer}."


def test_2_no_denial_and_no_silence_talks_down_what_others_know():
    assert list(talked_down()) == []


def test_2_a_rule_that_a_denial_ends_would_be_found():
    bad = planted(
        "marked(suicidal, self_harm) and self_harm_ever != never", "suicide_self_harm",
        Urgency.URGENT,
    )  # fmt: skip

    assert "a warning from pnc: suicide_self_harm is below urgent when all is denied." in list(
        talked_down(bad)
    )


@pytest.mark.parametrize("missing", ["on", "by_role", "reason"])
def test_2_only_somebody_named_with_a_day_and_a_reason_ends_a_warning(missing: str):
    closed = {"on": "2026-01-01", "by_role": "HCP Invented", "reason": "Another person (training)."}
    document = {
        "nation": "england", "stage": "arrest", "offence": "theft", "person": {}, "arrests_12m": 0,
        "record": {"checked": True, "markers": [
            {"kind": "suicidal", "origin": "pnc", "closed": closed}]},
    }  # fmt: skip
    whole = details_of(document, BOOK, now=somebody().at)
    del closed[missing]

    with pytest.raises(InputError) as refused:
        details_of(document, BOOK, now=somebody().at)

    assert refused.value.problems[0].field == f"record.markers[0].closed.{missing}"
    assert whole.record.markers[0].closed is not None  # it is kept, with who and why


# 3. Conflict is a finding ------------------------------------------------------------------------


def hidden_conflicts(book: Rulebook = BOOK) -> Iterator[str]:
    """Denials against a record that are not shown beside it, or that win against it."""
    for kind, question, denial, need in (
        ("suicidal", "self_harm_ever", "never", "suicide_self_harm"),
        ("mental", "mental_health_help", "never", "mental_health"),
        ("alcohol", "drinks_daily", "no", "alcohol"),
        ("drugs", "drugs_month", (), "drugs"),
    ):
        details = somebody(book, markers=(Marker(kind, "pnc"),), **{question: denial})
        found = screen(book, details)
        if question not in {conflict.id for conflict in found.conflicts}:
            yield f"{kind}: the denial is not shown beside the record."
        if "record_conflict" not in levels(found):
            yield f"{kind}: nothing says that they differ."
        if need not in levels(found):
            yield f"{kind}: the denial won."
        if "SAID" not in in_words(found, rulebook=book):
            yield f"{kind}: the sheet does not show both."


def test_3_an_answer_against_the_record_is_shown_beside_it_and_the_riskier_stands():
    assert list(hidden_conflicts()) == []


def test_3_a_rulebook_that_shows_no_conflicts_would_be_found():
    assert "suicidal: the denial is not shown beside the record." in list(
        hidden_conflicts(replace(BOOK, conflicts=()))
    )


# 4. Drunk explains nothing -----------------------------------------------------------------------


def explained_away(book: Rulebook = BOOK) -> Iterator[str]:
    """Written people of whom less is found once they are drunker, or smell of drink."""
    for case in CASES:
        details = _details(case)
        sober = screen(book, _drunk(details, "none", smells=False))
        for how in ("none", "mild", "marked", "incapable"):
            for smells in (False, True):
                found = screen(book, _drunk(details, how, smells=smells))
                for name in sorted(lower(sober, found)):
                    yield f"{case['id']}: {name} is explained away by drink ({how})."


def _drunk(details: Details, how: str, *, smells: bool) -> Details:
    seen = {"intoxication": said(how), "smells_of_drink": said(smells)}
    return replace(details, observations={**details.observations, **seen})


def test_4_drink_closes_nothing_in_anybody_who_was_written_down():
    assert list(explained_away()) == []


def test_4_drink_opens_head_sugar_overdose_and_withdrawal():
    drunk = somebody(
        intoxication="marked", head_knock="refused", drugs_month="refused", drugs_today="refused",
        drinks_daily="refused",
        conditions="refused", injury="head", shaking_sweating=True, rouse="voice",
    )  # fmt: skip

    found = screen(BOOK, drunk)

    standing = {**levels(found), **{each.need: each.urgency for each in found.not_excluded}}
    assert {name: standing.get(name, 0).word for name in (
        "head_injury", "physical_health", "alcohol", "drugs")} == {
        "head_injury": "emergency", "physical_health": "emergency", "alcohol": "urgent",
        "drugs": "emergency",
    }  # fmt: skip


def test_4_a_rule_that_the_smell_of_drink_silences_would_be_found():
    bad = planted(
        "confused and not smells_of_drink and intoxication == none", "physical_health",
        Urgency.EMERGENCY,
    )  # fmt: skip

    assert any("physical_health is explained away by drink" in each for each in explained_away(bad))


# 5. Cannot screen now is a timed task -------------------------------------------------------------

CANNOT = (
    {"asleep": True},
    {"violent": True},
    {"intoxication": "marked"},
    {"intoxication": "incapable"},
    {"rouse": "pain"},
    {"rouse": "none"},
    {"rouse": "voice", "answers_questions": False},
    {"rouse": "voice", "follows_commands": False},
    {"language_help": "interpreter"},
    {"language_help": "bsl", "interpreter_present": False},
)


def taken_for_screened(book: Rulebook = BOOK) -> Iterator[str]:
    """Whoever cannot be asked now, and is taken for somebody who was."""
    for known in CANNOT:
        found = screen(book, somebody(book, **known))  # with 29 answers that cannot be true
        if found.status not in (ScreenStatus.PROVISIONAL, ScreenStatus.CANNOT_SCREEN):
            yield f"{known}: the screening is {found.status}."
        if found.nothing_found:
            yield f"{known}: nothing was found."
        if found.rescreen is None or found.rescreen.due_at > found.at + timedelta(hours=2):
            yield f"{known}: no time within two hours to ask again."
        if levels(found).get("rescreen_due", 0) < Urgency.URGENT:
            yield f"{known}: it is not urgent to ask again."


def test_5_whoever_cannot_be_asked_now_is_asked_again_at_a_time():
    assert list(taken_for_screened()) == []


@pytest.mark.parametrize("known", CANNOT[:8], ids=str)
def test_5_whoever_cannot_be_asked_now_is_roused_watched_and_asked_the_minimum(known: Any):
    found = screen(BOOK, somebody(**known))

    assert {"minimum_set", "rouse_30", "in_view"} <= {act.action for act in found.do_now}


@pytest.mark.parametrize("known", CANNOT, ids=str)
def test_5_where_no_rule_says_anything_a_provisional_screening_still_finds_not_nothing(known: Any):
    silent = replace(BOOK, rules=(), modifiers=(), conflicts=())

    found = screen(silent, somebody(silent, **known))

    assert (found.needs, found.flags, found.not_excluded) == ((), (), ())
    assert (found.nothing_found, found.status is ScreenStatus.COMPLETE) == (False, False)


def test_5_the_half_who_do_not_answer_have_refused_or_cannot_be_screened():
    half = dict.fromkeys(CORE[:15], "refused")
    unable = dict.fromkeys(CORE[:15], "unable")
    found = [
        screen(BOOK, somebody(**half)),
        screen(BOOK, somebody(**unable, rouse="none")),
        screen(BOOK, somebody(**unable)),
    ]

    assert [each.status.value for each in found] == ["refused", "cannot_screen", "provisional"]
    assert [(each.nothing_found, each.rescreen is not None) for each in found] == [
        (False, True)
    ] * 3


def test_5_a_rulebook_that_forgets_whoever_cannot_be_woken_would_be_found():
    """As it once was: all 29 answers typed for somebody who only answers to pain, and complete."""
    text = "asleep or violent or intoxication >= marked or no_interpreter"
    forgets = replace(BOOK.definitions["cannot_screen"], when=condition(text, BOOK))
    book = replace(BOOK, definitions={**BOOK.definitions, "cannot_screen": forgets})

    assert list(taken_for_screened(book)) == [
        f"{known}: the screening is complete." for known in CANNOT[4:8]
    ]


def test_5_a_service_that_takes_a_full_form_for_a_screening_would_be_found(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(screening.Progress, "status", lambda self: ScreenStatus.COMPLETE)

    assert len([each for each in taken_for_screened() if "is complete" in each]) == len(CANNOT)


# 6. When to screen again -------------------------------------------------------------------------

# Each trigger of the note, and where the rules hold it: at a screening, or after what happens.
TRIGGERS = {
    "sober enough": {"sober-enough"},
    "interpreter or appropriate adult arrives": {"interpreter-arrives",
                                                 "appropriate-adult-arrives"},
    "on waking": {"on-waking", "awake-enough"},
    "back from hospital": {"back-from-hospital", "hospital"},
    "after interview": {"interview-ended"},
    "charge, bail refused, remand": {"new-moment", "charge", "bail-refused"},
    "bad news": {"bad-news"},
    "change of custody officer": {"custody-officer"},
    "transfer": {"transfer"},
    "before release": {"release"},
}  # fmt: skip
STATES = (
    {"intoxication": "marked"}, {"language_help": "bsl"}, {"age": 16}, {"asleep": True},
    {"rouse": "none"}, {"hospital_today": True}, {"stage": "charged"}, {"stage": "bail_refused"},
    {"stage": "recall"}, {"self_harm_now": "refused"}, {"violent": True},
)  # fmt: skip


def triggers_missing(book: Rulebook = BOOK) -> set[str]:
    """Triggers of the note that the rules do not hold in whole."""
    plan = book.rescreen
    there = {rule.id for rule in plan.rules} | {moment.id for moment in plan.after}
    return {words for words, ids in TRIGGERS.items() if not ids <= there}


def test_6_every_trigger_to_screen_again_stands_in_the_rules():
    assert triggers_missing() == set()


@pytest.mark.parametrize("known", STATES, ids=str)
def test_6_somebody_in_such_a_state_is_to_be_screened_again_and_the_reason_is_said(known: Any):
    found = screen(BOOK, somebody(**known))

    assert found.rescreen is not None
    assert found.at < found.rescreen.due_at <= found.at + timedelta(hours=2)
    assert all(why.endswith(".") for why in found.rescreen.why)
    assert screen(BOOK, somebody()).rescreen is None


@pytest.mark.parametrize("moment", [each.id for each in BOOK.rescreen.after])
def test_6_a_trigger_that_is_taken_out_would_be_found(moment: str):
    fewer = tuple(each for each in BOOK.rescreen.after if each.id != moment)

    assert triggers_missing(replace(BOOK, rescreen=replace(BOOK.rescreen, after=fewer)))


# 7. Children first -------------------------------------------------------------------------------

CHILDREN = (
    {"age": 11},
    {"age": 17},
    {"age": None, "looks_under_18": True, "age_source": "appears"},
    {"age": 19, "age_source": "stated", "looks_under_18": True},
    {"age": 20, "age_on_document": 16},
)


def taken_for_adults(book: Rulebook = BOOK) -> Iterator[str]:
    """Children who are not one to the rules, or who meet a route for adults."""
    adult = {route.id for route in book.routes if route.adult_only}
    for known in CHILDREN:
        found = screen(book, somebody(book, sex="female", drugs_month=("opioid",), **known))
        if levels(found).get("youth", 0) < Urgency.URGENT:
            yield f"{known}: no child to the rules."
        if levels(found).get("appropriate_adult", 0) < Urgency.URGENT:
            yield f"{known}: no appropriate adult."
        closed = (RouteStatus.NOT_AVAILABLE, RouteStatus.NEEDS_INFORMATION)
        for route in found.routes:
            if route.route in adult and route.status not in closed:
                yield f"{known}: meets {route.route}."


def test_7_whoever_is_or_may_be_under_18_is_a_child_before_anything_else():
    assert {route.id for route in BOOK.routes if route.adult_only} >= {"womens_centre"}
    assert list(taken_for_adults()) == []


def test_7_a_child_under_section_136_at_a_station_is_moved_now():
    child = somebody(age=15, stage="section136", offence="none", place="police_station")

    found = screen(BOOK, child)

    assert levels(found)["section136"] is Urgency.EMERGENCY
    assert {"move_to_health_place", "tell_inspector"} <= {
        act.action for act in found.do_now if act.urgency is Urgency.EMERGENCY
    }
    assert "youth_justice" not in {
        route.route for route in found.routes if route.status is RouteStatus.SUGGESTED
    }


def test_7_rules_that_believe_every_age_that_is_stated_would_be_found():
    believes = replace(BOOK.definitions["child"], when=condition("age < 18", BOOK))
    book = replace(BOOK, definitions={**BOOK.definitions, "child": believes})

    assert [each for each in taken_for_adults(book) if "no child to the rules" in each] == [
        f"{known}: no child to the rules." for known in CHILDREN[2:]
    ]


# 8. Asked in private -----------------------------------------------------------------------------

PRIVATE = {
    "pregnant", "pregnancy_pain_or_bleeding", "private_talk", "hurt_by_someone",
    "made_to_do_things", "self_harm_ever", "self_harm_now", "cannot_go_on_outside",
}  # fmt: skip


def asked_aloud(book: Rulebook = BOOK) -> set[str]:
    """Questions of the note that nothing says to ask in private."""
    return PRIVATE - {each.id for each in book.questions.values() if each.private}


def test_8_what_nobody_else_may_hear_is_asked_in_private():
    assert asked_aloud() == set()


def test_8_a_question_that_lost_its_mark_would_be_found():
    aloud = replace(BOOK.questions["hurt_by_someone"], private=False)

    assert asked_aloud(replace(BOOK, questions={**BOOK.questions, aloud.id: aloud})) == {aloud.id}


# 9. Everybody is offered the nurse; people decide ------------------------------------------------


def not_offered(book: Rulebook = BOOK) -> Iterator[str]:
    """Written people who are not offered the nurse, or for whom something is decided."""
    for case in CASES:
        found = screen(book, _details(case))
        routes = {route.route: route for route in found.routes}
        nurse = routes.get("liaison_nurse")
        if nurse is None or nurse.status is not RouteStatus.SUGGESTED:
            yield f"{case['id']}: is not offered the nurse."
        if any("charge" in route for route in routes):
            yield f"{case['id']}: is to be charged."
        if not all(route.decided_by for route in found.routes):
            yield f"{case['id']}: a route that nobody decides."
        disposal = [route for route in found.routes if route.axis is Axis.DISPOSAL]
        early = not _details(case).evidence_ready
        if early and any(route.status is RouteStatus.SUGGESTED for route in disposal):
            yield f"{case['id']}: an outcome is suggested before the evidence stage."


def test_9_everybody_is_offered_the_nurse_and_nothing_is_decided():
    assert BOOK.questions["wants_nurse"].branch is None
    assert len(CASES) >= 100
    assert list(not_offered()) == []


def test_9_a_nurse_who_is_only_offered_to_the_needy_would_be_found():
    only = condition("any_need(soon)", BOOK, levels=True)
    routes = [replace(r, when=only) if r.id == "liaison_nurse" else r for r in BOOK.routes]

    missed = list(not_offered(replace(BOOK, routes=tuple(routes))))

    assert "ordinary-shoplifter: is not offered the nurse." in missed


# 10. No composite risk score ---------------------------------------------------------------------

COUNTED = {"answered", "target_minutes", "value"}  # how many answers, an agreed time, a fact


def scores_in(shown: Any, name: str = "") -> Iterator[str]:
    """Numbers that are no count of answers, no agreed time and no fact; and words of a score."""
    if isinstance(shown, Mapping):
        for key, value in shown.items():
            if any(word in key for word in ("score", "risk", "total", "weight")):
                yield f"{key} stands there."
            yield from scores_in(value, key)
    elif isinstance(shown, list | tuple):
        for each in shown:
            yield from scores_in(each, name)
    elif isinstance(shown, int | float) and not isinstance(shown, bool) and name not in COUNTED:
        yield f"{name} is a number: {shown}."


def test_10_nothing_that_leaves_a_screening_is_a_score():
    shown = [as_json(screen(BOOK, _details(case))) for case in CASES]
    sheets = [in_words(screen(BOOK, _details(case)), rulebook=BOOK).lower() for case in CASES]

    assert [each for one in shown for each in scores_in(one)] == []
    assert [s for s in sheets if "low risk" in s or "risk score" in s or "high risk" in s] == []
    assert {f.name for f in fields(Findings) if f.type in ("int", "float")} == set()


def test_10_a_score_beside_the_needs_would_be_found():
    shown = as_json(screen(BOOK, somebody(rouse="none")))
    shown["needs"][0]["points"] = 7

    assert list(scores_in({**shown, "risk": "high"})) == [
        "points is a number: 7.", "risk stands there.",
    ]  # fmt: skip


# 11. The age of facts ----------------------------------------------------------------------------


def test_11_an_old_warning_counts_less_only_where_its_rule_says_so_and_its_day_is_kept():
    recent, old = (
        somebody(markers=(replace(SUICIDAL, on=day),))
        for day in (date(2025, 5, 2), date(2012, 5, 2))
    )

    found = [levels(screen(BOOK, each)).get("suicide_self_harm", 0) for each in (recent, old)]

    assert found == [Urgency.URGENT, Urgency.SOON]
    assert [each.record.markers[0].on for each in (recent, old)] == [
        date(2025, 5, 2), date(2012, 5, 2),
    ]  # fmt: skip


def test_11_where_a_warning_comes_from_stands_beside_it():
    found = screen(BOOK, somebody(markers=(replace(SUICIDAL, origin="family"),)))

    facts = [f for need in found.needs for reason in need.reasons for f in reason.facts]
    assert {(f.source, f.value) for f in facts if f.id == "marker"} == {("family", "suicidal")}


def test_11_a_named_closing_stops_the_shouting_and_nothing_else_does():
    closing = Closing(date(2026, 1, 1), "HCP Invented", "Another person of that name (training).")
    closed = somebody(markers=(replace(SUICIDAL, closed=closing),))
    later = replace(closing, on=date(2030, 1, 1))

    assert "suicide_self_harm" not in levels(screen(BOOK, closed))
    assert closed.record.markers[0].closed == closing
    assert "suicide_self_harm" in levels(
        screen(BOOK, somebody(markers=(replace(SUICIDAL, closed=later),)))
    )  # nobody has closed it yet


def test_11_rules_that_forget_old_warnings_would_be_found():
    text = "marked(suicidal, self_harm, years=5)"
    forgets = planted(text, "suicide_self_harm", Urgency.URGENT)
    old = somebody(markers=(replace(SUICIDAL, on=date(2012, 5, 2)),))

    assert "suicide_self_harm" not in levels(screen(forgets, old))


# 12. What is urgent and open stands in the way ----------------------------------------------------


def let_go(book: Rulebook = BOOK) -> Iterator[str]:
    """Written people with something urgent who are ready for release or interview all the same."""
    for case in CASES:
        details = _details(case)
        found = screen(book, replace(details, stage="release"))
        urgent = [need.need for need in found.needs if need.urgency >= Urgency.URGENT]
        if urgent and levels(found).get("release_gap", 0) < Urgency.URGENT:
            yield f"{case['id']}: ready for release with {urgent[0]}."
        found = screen(book, replace(details, stage="interview", appropriate_adult_present=None))
        standing = levels(found)
        if "appropriate_adult" in standing and standing.get("not_acted_on", 0) < Urgency.URGENT:
            yield f"{case['id']}: ready for interview without an adult."


def test_12_whatever_is_urgent_stands_in_the_way_of_release_and_interview():
    assert list(let_go()) == []


@pytest.mark.parametrize("name", ["release-with-an-open-need", "interview-without-an-adult"])
def test_12_a_rulebook_that_lets_go_would_be_found(name: str):
    assert list(let_go(without(name)))
