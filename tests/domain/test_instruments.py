"""Scored instruments: published examples, and the promise that unknown never counts as nothing."""

import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from tests.depth import depth
from triage.domain.errors import InputError, RulebookRefused
from triage.domain.instruments import (
    Given,
    Holds,
    Instrument,
    Item,
    ItemKind,
    Score,
    bounds,
    in_order,
    parse,
    score,
    worded,
)

FOLDER = Path(__file__).resolve().parents[2] / "rules" / "instruments"
TABLES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.toml"))
}
FORMS = {name: parse(table, file=f"{name}.toml") for name, table in TABLES.items()}
YES, NO, CANNOT_EXCLUDE = Holds.YES, Holds.NO, Holds.CANNOT_EXCLUDE


def scored(form: str, *answers: Given, **choice: str) -> Score:
    return score(FORMS[form], in_order(FORMS[form], answers), **choice)


def ticks(form: str, pattern: str) -> Score:
    """Y is yes, N is no, ? is unanswered: "YNN?NNNN"."""
    return scored(form, *({"Y": True, "N": False, "?": None}[tick] for tick in pattern))


def band(result: Score, number: int = 0) -> str | None:
    return result.bands[number].words


# The published examples --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "total", "words", "ten", "self_harm"),
    [
        ((0,) * 9, 0, "none or minimal", NO, NO),
        ((2, 2, 1, 1, 1, 0, 1, 0, 0), 8, "mild", NO, NO),
        ((0, 0, 0, 0, 0, 0, 0, 0, 3), 3, "none or minimal", NO, YES),
        ((2, 1, 1, 1, 1, 1, 1, 1, 1), 10, "moderate", YES, YES),
        ((3,) * 9, 27, "severe", YES, YES),
        ((1, 1, 1, 1, 0, 0, 0, 0, 0), 4, "none or minimal", NO, NO),
        ((1, 1, 1, 1, 1, 0, 0, 0, 0), 5, "mild", NO, NO),
        ((3, 3, 3, 0, 0, 0, 0, 0, 0), 9, "mild", NO, NO),
        ((3, 3, 3, 3, 2, 0, 0, 0, 0), 14, "moderate", YES, NO),
        ((3, 3, 3, 3, 3, 0, 0, 0, 0), 15, "moderately severe", YES, NO),
        ((3, 3, 3, 3, 3, 3, 1, 0, 0), 19, "moderately severe", YES, NO),
        ((3, 3, 3, 3, 3, 3, 2, 0, 0), 20, "severe", YES, NO),
    ],
)
def test_phq9_adds_up_and_never_hides_a_thought_of_death(
    answers: tuple[int, ...], total: int, words: str, ten: Holds, self_harm: Holds
):
    result = scored("phq9", *answers)

    assert (result.total, band(result), result.positive("ten"), result.raised("self_harm")) == (
        total, words, ten, self_harm,
    )  # fmt: skip


def test_phq9_with_two_unanswered_has_bounds_no_total_and_no_all_clear():
    result = scored("phq9", 3, 3, None, 3, 0, 0, 0, 0, None)

    assert bounds(result) == (9, 15)
    assert result.total is None
    assert band(result) is None
    assert result.positive("ten") is CANNOT_EXCLUDE
    assert result.raised("self_harm") is CANNOT_EXCLUDE
    assert result.unanswered == ("sleep", "better_off_dead")


def test_phq2_reads_the_line_that_the_site_chose():
    assert scored("phq2", 1, 1).positive("three") is NO
    assert scored("phq2", 1, 1, setting="two").positive("two") is YES
    assert scored("phq2", 2, 1).positive("three") is YES


@pytest.mark.parametrize(
    ("answers", "total", "words", "ten"),
    [
        ((2, 2, 2, 1, 1, 1, 1), 10, "moderate", YES),
        ((3, 3, 3, 0, 0, 0, 0), 9, "mild", NO),
        ((3, 3, 3, 3, 2, 0, 0), 14, "moderate", YES),
        ((3, 3, 3, 3, 3, 0, 0), 15, "severe", YES),
    ],
)
def test_gad7(answers: tuple[int, ...], total: int, words: str, ten: Holds):
    result = scored("gad7", *answers)

    assert (result.total, band(result), result.positive("ten")) == (total, words, ten)


def test_gad2_is_positive_at_three():
    assert scored("gad2", 1, 1).positive("three") is NO
    assert scored("gad2", 2, 1).positive("three") is YES


@pytest.mark.parametrize(
    ("answers", "total", "words", "thirteen", "five"),
    [
        ((4, 3, 2, 3, 2, 1), 15, "serious distress", YES, YES),
        ((2, 2, 2, 2, 2, 2), 12, "moderate distress", NO, YES),
        ((3, 2, 2, 2, 2, 2), 13, "serious distress", YES, YES),
        ((0, 1, 1, 1, 1, 1), 5, "moderate distress", NO, YES),
        ((0, 1, 1, 1, 1, 0), 4, "below the line for distress", NO, NO),
    ],
)
def test_k6(answers: tuple[int, ...], total: int, words: str, thirteen: Holds, five: Holds):
    result = scored("k6", *answers)

    assert (result.total, band(result)) == (total, words)
    assert (result.positive("thirteen"), result.positive("five")) == (thirteen, five)


AUDITS = [
    ((1, 1, 1, 1, 1, 1, 1, 1, 2, 0), 10, "zone II: advice", 3, 4, 3),
    ((4, 3, 3, 0, 0, 2, 0, 0, 0, 4), 16, "zone III: advice and follow-up", 10, 11, 7),
    ((4, 4, 4, 1, 1, 3, 1, 0, 0, 2), 20, "zone IV: refer", 12, 12, 7),
]


@pytest.mark.parametrize(("answers", "total", "zone", "c", "pc", "fast"), AUDITS)
def test_one_audit_gives_its_shorter_forms(
    answers: tuple[int, ...], total: int, zone: str, c: int, pc: int, fast: int
):
    whole = in_order(FORMS["audit"], answers)

    def part(name: str) -> Score:
        return score(FORMS[name], {item: whole[item] for item in FORMS[name].by_id})

    assert (score(FORMS["audit"], whole).total, band(score(FORMS["audit"], whole))) == (total, zone)
    assert (part("audit_c").total, part("audit_pc").total, part("fast").total) == (c, pc, fast)
    assert part("audit_pc").positive("five") is (YES if pc >= 5 else NO)
    assert part("fast").positive("three") is YES


@pytest.mark.parametrize(
    ("answers", "zone"),
    [
        ((4, 3, 0, 0, 0, 0, 0, 0, 0, 0), "zone I"),
        ((4, 4, 0, 0, 0, 0, 0, 0, 0, 0), "zone II: advice"),
        ((4, 4, 4, 3, 0, 0, 0, 0, 0, 0), "zone II: advice"),
        ((4, 4, 4, 4, 0, 0, 0, 0, 0, 0), "zone III: advice and follow-up"),
        ((4, 4, 4, 4, 3, 0, 0, 0, 0, 0), "zone III: advice and follow-up"),
        ((4, 4, 4, 4, 4, 0, 0, 0, 0, 0), "zone IV: refer"),
        ((4, 4, 4, 4, 4, 4, 4, 4, 4, 4), "zone IV: refer"),
    ],
)
def test_audit_zones_begin_and_end_where_published(answers: tuple[int, ...], zone: str):
    assert band(scored("audit", *answers)) == zone


def test_audit_c_has_a_british_line_and_the_original_ones():
    assert scored("audit_c", 3, 2, 2).positive("five") is YES
    assert scored("audit_c", 3, 2, 2, setting="original", sex="male").positive("four_men") is YES
    assert scored("audit_c", 1, 1, 1).positive("five") is NO
    woman = scored("audit_c", 1, 1, 1, setting="original", sex="female")
    assert [(each.cut_off, each.positive) for each in woman.readings] == [("three_women", YES)]
    man = scored("audit_c", 1, 1, 1, setting="original", sex="male")
    assert [(each.cut_off, each.positive) for each in man.readings] == [("four_men", NO)]


def test_where_the_sex_is_not_known_both_lines_are_read():
    result = scored("audit_c", 1, 1, 1, setting="original", sex="unknown")

    assert [(each.cut_off, each.positive) for each in result.readings] == [
        ("four_men", NO),
        ("three_women", YES),
    ]


def test_fast_stops_at_never():
    result = scored("fast", 0, None, None, None)

    assert (result.total, result.positive("three"), result.unanswered) == (0, NO, ())


def test_with_the_first_answer_unknown_a_form_may_also_have_stopped():
    items = [{"ids": ["first"], "points": [0, 1]}, {"ids": ["second"], "points": [1, 2]}]
    gate = {"item": "first", "stops_at": 0}
    changed = {**TABLES["fast"], "item": items, "gate": gate, "least": 1, "most": 3}
    form = parse({**changed, "cut_off": []}, file="fast.toml")

    assert bounds(score(form, {"second": None})) == (0, 3)


@pytest.mark.parametrize("first", [3, 4])
def test_fast_is_settled_by_a_weekly_first_answer(first: int):
    result = scored("fast", first, None, None, None)

    assert (result.total, result.positive("three")) == (None, YES)


def test_fast_never_and_still_harmed_is_not_thrown_away():
    assert scored("fast", 0, 3, None, None).positive("three") is YES


@pytest.mark.parametrize(
    ("pattern", "refer"),
    [
        ("YNNNNNNNN", NO),
        ("YNNYNNNNN", YES),
        ("NNNNNNYNN", YES),
        ("NNNNNNNYN", YES),
        ("NNNNNNNNY", YES),
        ("Y?NNNNNNN", CANNOT_EXCLUDE),
        ("NNNNNNN?N", CANNOT_EXCLUDE),
        ("N?NNNNNNN", NO),
    ],
)
def test_bjmhs_refers_by_symptoms_treatment_or_concern(pattern: str, refer: Holds):
    assert ticks("bjmhs", pattern).positive("refer") is refer


@pytest.mark.parametrize(
    ("form", "pattern", "line", "refer"),
    [
        ("cmhs_m", "YYYYYNNNNNNN", "six", NO),
        ("cmhs_m", "YYYYYYNNNNNN", "six", YES),
        ("cmhs_w", "YYYYNNNN", "five", NO),
        ("cmhs_w", "YYYYYNNN", "five", YES),
        ("cmhs_w", "YYYY?NNN", "five", CANNOT_EXCLUDE),
    ],
)
def test_cmhs_has_one_line_for_men_and_one_for_women(
    form: str, pattern: str, line: str, refer: Holds
):
    assert ticks(form, pattern).positive(line) is refer


def test_pc_ptsd_5_stops_where_nothing_ever_happened():
    result = ticks("pc_ptsd_5", "N?????")

    assert (result.total, bounds(result), result.positive("four")) == (0, (0, 0), NO)


@pytest.mark.parametrize(
    ("pattern", "total", "four", "three_women"),
    [("YYYYNN", 3, NO, YES), ("YYYYYN", 4, YES, YES)],
)
def test_pc_ptsd_5_has_a_lower_line_for_women(
    pattern: str, total: int, four: Holds, three_women: Holds
):
    answers = in_order(FORMS["pc_ptsd_5"], [tick == "Y" for tick in pattern])
    woman = score(FORMS["pc_ptsd_5"], answers, sex="female")
    man = score(FORMS["pc_ptsd_5"], answers, sex="male")

    assert (woman.total, woman.positive("four"), woman.positive("three_women")) == (
        total, four, three_women,
    )  # fmt: skip
    assert [each.cut_off for each in man.readings] == ["four"]


def test_pc_ptsd_5_with_the_event_refused_excludes_nothing():
    result = ticks("pc_ptsd_5", "??????")

    assert (bounds(result), result.positive("four")) == ((0, 5), CANNOT_EXCLUDE)


@pytest.mark.parametrize(
    ("pattern", "total", "one"),
    [("NYNN", 1, YES), ("NNNN", 0, NO), ("N?NN", None, CANNOT_EXCLUDE), ("Y???", None, YES)],
)
def test_hark_needs_one_yes_and_silence_is_not_a_no(pattern: str, total: int | None, one: Holds):
    result = ticks("hark", pattern)

    assert (result.total, result.positive("one"), result.raised("partner_abuse")) == (
        total, one, one,
    )  # fmt: skip


def test_ciwa_ar_shows_both_published_band_sets():
    result = scored("ciwa_ar", 1, 4, 3, 4, 1, 0, 0, 0, 2, 0)

    assert (result.total, result.positive("ten")) == (15, YES)
    assert [each.words for each in result.bands] == ["moderate", "severe: delirium may be near"]


@pytest.mark.parametrize(
    ("total", "words"),
    [
        (4, "below the line for mild withdrawal"),
        (5, "mild"),
        (12, "mild"),
        (13, "moderate"),
        (24, "moderate"),
        (25, "moderately severe"),
        (36, "moderately severe"),
        (37, "severe"),
    ],
)
def test_cows_bands_begin_and_end_where_published(total: int, words: str):
    assert FORMS["cows"].band_sets[0].words(total, total) == words


def test_cows_example():
    result = scored("cows", 1, 2, 1, 1, 1, 2, 2, 1, 1, 1, 3)

    assert (result.total, band(result)) == (16, "moderate")


@pytest.mark.parametrize(
    ("measured", "total", "words", "single"),
    [
        ((24, 93, "oxygen", 105, 105, "alert", 38.5, "one"), 9, "emergency", NO),
        ((18, 97, "air", 128, 88, "alert", 36.8, "one"), 0, "observe again within 12 hours", NO),
        (
            (18, 97, "air", 128, 88, "new_confusion", 36.8, "one"),
            3,
            "a nurse decides how soon to observe again",
            YES,
        ),
        ((9, 93, "air", 118, 52, "voice", 36.0, "one"), 7, "emergency", YES),
        ((18, 90, "air", 128, 88, "alert", 36.8, "two"), 0, "observe again within 12 hours", NO),
        ((18, 97, "oxygen", 128, 88, "alert", 36.8, "two"), 5, "urgent review", YES),
    ],
)
def test_news2(measured: tuple[Given, ...], total: int, words: str, single: Holds):
    result = scored("news2", *measured)

    assert (result.total, band(result), result.raised("single_three")) == (total, words, single)


@pytest.mark.parametrize(
    ("item", "value", "points"),
    [
        ("respiration", 8, 3), ("respiration", 9, 1), ("respiration", 11, 1),
        ("respiration", 12, 0), ("respiration", 20, 0), ("respiration", 21, 2),
        ("respiration", 24, 2), ("respiration", 25, 3), ("systolic", 90, 3),
        ("systolic", 91, 2), ("systolic", 100, 2), ("systolic", 101, 1), ("systolic", 110, 1),
        ("systolic", 111, 0), ("systolic", 219, 0), ("systolic", 220, 3), ("pulse", 40, 3),
        ("pulse", 41, 1), ("pulse", 50, 1), ("pulse", 51, 0), ("pulse", 90, 0),
        ("pulse", 91, 1), ("pulse", 110, 1), ("pulse", 111, 2), ("pulse", 130, 2),
        ("pulse", 131, 3), ("temperature", Decimal("35.0"), 3),
        ("temperature", Decimal("35.1"), 1), ("temperature", Decimal("36.0"), 1),
        ("temperature", Decimal("36.1"), 0), ("temperature", Decimal("38.0"), 0),
        ("temperature", Decimal("38.1"), 1), ("temperature", Decimal("39.0"), 1),
        ("temperature", Decimal("39.1"), 2), ("spo2", 91, 3), ("spo2", 92, 2), ("spo2", 93, 2),
        ("spo2", 94, 1), ("spo2", 95, 1), ("spo2", 96, 0),
    ],
)  # fmt: skip
def test_news2_steps_begin_and_end_where_the_chart_says(item: str, value: Given, points: int):
    well = in_order(FORMS["news2"], (18, 97, "air", 128, 88, "alert", 36.8, "one"))

    assert score(FORMS["news2"], {**well, item: value}).total == points


def test_news2_with_the_oxygen_scale_unknown_spans_every_table_it_could_be_read_in():
    result = scored("news2", 18, 97, "oxygen", 128, 88, "alert", 36.8, None)

    assert bounds(result) == (2, 5)
    assert result.positive("urgent") is CANNOT_EXCLUDE


@pytest.mark.parametrize(
    ("answers", "act"),
    [
        (("alert", True, True), NO),
        (("voice", True, True), YES),
        (("alert", False, True), YES),
        (("alert", True, False), YES),
        (("alert", None, True), CANNOT_EXCLUDE),
        (("none", None, None), YES),
    ],
)
def test_annex_h_any_failed_test_means_act(answers: tuple[Given, ...], act: Holds):
    assert scored("annex_h", *answers).positive("act") is act


def test_sds_and_ndt_examples():
    assert scored("sds", 2, 1, 3, 1, 2).total == 9
    assert scored("ndt", 4, 2, 1, 6, 4, 3, 3, 4, 3, 4).total == 34
    assert FORMS["ndt"].most == 48


def test_dast_counts_a_no_to_its_third_question():
    assert ticks("dast_10", "NNYNNNNNNN").total == 0
    assert ticks("dast_10", "NNNNNNNNNN").total == 1
    assert ticks("dast_10", "YYNNNNNNNN").positive("three") is YES
    assert band(ticks("dast_10", "YYNYYYNNNN")) == "substantial: assess"


def test_aq_10_refers_from_six():
    assert scored("aq_10", 1, 1, 1, 1, 1, 0, 0, 0, 0, 0).positive("six") is NO
    assert scored("aq_10", 1, 1, 1, 1, 1, 1, 0, 0, 0, 0).positive("six") is YES


@pytest.mark.parametrize(
    ("answers", "shaded"),
    [
        ((2, 2, 2, 3, 0, 0), YES),
        ((2, 2, 2, 2, 2, 2), NO),  # "sometimes" is shaded in the first three only
        ((1, 1, 1, 4, 4, 4), NO),
        ((2, 2, 2, None, 0, 0), CANNOT_EXCLUDE),
        ((2, 2, None, 2, 2, 2), NO),
    ],
)
def test_asrs_counts_shaded_boxes(answers: tuple[Given, ...], shaded: Holds):
    assert scored("asrs_6", *answers).positive("four_shaded") is shaded


def test_asrs_can_be_read_as_a_sum_and_not_as_another_version():
    assert scored("asrs_6", 4, 4, 4, 1, 0, 0, setting="sum").positive("fourteen") is NO
    assert scored("asrs_6", 4, 4, 4, 2, 0, 0, setting="sum").positive("fourteen") is YES
    with pytest.raises(InputError) as refused:
        scored("asrs_6", 4, 4, 4, 2, 0, 0, setting="met_modified")
    assert refused.value.problems[0].allowed == ("shaded", "sum")


# What is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "item", "value"),
    [
        ("audit", "audit_9", 1),
        ("audit", "audit_9", 3),
        ("audit", "audit_1", 5),
        ("ciwa_ar", "orientation", 5),
        ("ndt", "risk_to_others", 3),
        ("cows", "pulse", 3),
        ("phq9", "down", 4),
        ("phq9", "down", -1),
        ("phq9", "down", 1.0),
        ("phq9", "down", "1"),
        ("phq9", "down", True),
        ("hark", "afraid", 1),
        ("hark", "afraid", "yes"),
        ("news2", "pulse", True),
        ("news2", "pulse", "88"),
        ("news2", "pulse", 88.5),
        ("news2", "pulse", float("nan")),
        ("news2", "spo2", 101),
        ("news2", "temperature", 3.68),
        ("news2", "temperature", 36.85),
        ("news2", "consciousness", "confused"),
        ("news2", "consciousness", 0),
        ("phq9", "tenth", 0),
    ],
)
def test_a_slip_is_refused_and_named(form: str, item: str, value: Given):
    with pytest.raises(InputError) as refused:
        score(FORMS[form], {item: value})

    assert [problem.field for problem in refused.value.problems] == [f"items.{item}"]


def test_every_slip_is_named_at_once():
    with pytest.raises(InputError) as refused:
        score(FORMS["phq9"], {"down": 4, "sleep": True, "tenth": 0})

    assert [problem.field for problem in refused.value.problems] == [
        "items.tenth",
        "items.down",
        "items.sleep",
    ]


def test_a_wrong_number_of_answers_is_refused():
    with pytest.raises(InputError, match="PHQ-9 has 9 items, 8 came"):
        scored("phq9", *[0] * 8)


def test_an_unknown_word_for_sex_is_refused():
    with pytest.raises(InputError, match="sex"):
        scored("audit_c", 1, 1, 1, sex="f")


# Unknown is never nothing ------------------------------------------------------------------------


def answers_to(item: Item) -> st.SearchStrategy[Given]:
    match item.kind:
        case ItemKind.YES_NO:
            return st.booleans()
        case ItemKind.MEASURED:
            return st.decimals(item.lowest, item.highest, places=item.places)
        case ItemKind.CHOICE:
            return st.sampled_from([option.id for option in item.options])
        case ItemKind.POINTS:
            return st.sampled_from([option.points for option in item.options])


def stops(form: Instrument, answers: Mapping[str, Given]) -> bool:
    """Whether the form ends at its first answer, so that the rest is not asked at all."""
    if form.gate is None:
        return False
    answer = answers[form.gate.item]
    return answer == form.gate.stops_at or (answer is False and form.gate.stops_at == "no")


@st.composite
def partly_and_wholly_answered(
    draw: st.DrawFn,
) -> tuple[Instrument, dict[str, Given], dict[str, Given], dict[str, Given]]:
    """A form half answered, the same with some more answers, and the same with all of them.

    A form that stops at its first answer is whole then: what is not asked is not unknown.
    """
    form = FORMS[draw(st.sampled_from(sorted(FORMS)))]
    whole = {item.id: draw(answers_to(item)) for item in form.items}
    hidden = draw(st.sets(st.sampled_from(sorted(whole)), min_size=1))
    still = draw(st.sets(st.sampled_from(sorted(hidden))))
    part = {name: None if name in hidden else value for name, value in whole.items()}
    more = {name: None if name in still else value for name, value in whole.items()}
    if form.gate is not None and stops(form, whole):
        more = whole = {**part, form.gate.item: whole[form.gate.item]}
    return form, part, more, whole


Scorer = Callable[[Instrument, Mapping[str, Given]], Score]


def keeps_its_promise(scorer: Scorer, form: Instrument, *steps: Mapping[str, Given]) -> bool:
    """Each further answer stays inside the bounds and overturns nothing that was certain."""
    results = [scorer(form, step) for step in steps]
    return all(
        earlier.low <= later.low <= later.high <= earlier.high and overturns_nothing(earlier, later)
        for earlier, later in pairwise(results)
    )


def overturns_nothing(earlier: Score, later: Score) -> bool:
    then = [*(each.positive for each in earlier.readings), *(each.raised for each in earlier.flags)]
    now = [*(each.positive for each in later.readings), *(each.raised for each in later.flags)]
    bands = zip(earlier.bands, later.bands, strict=True)
    return all(was in (CANNOT_EXCLUDE, is_) for was, is_ in zip(then, now, strict=True)) and all(
        was.words in (None, is_.words) for was, is_ in bands
    )


@given(partly_and_wholly_answered())
@settings(max_examples=depth(150, 5_000), deadline=None)
def test_bounds_hold_every_way_of_answering_the_rest(
    case: tuple[Instrument, dict[str, Given], dict[str, Given], dict[str, Given]],
):
    form, part, more, whole = case

    assert keeps_its_promise(score, form, part, more, whole)
    assert score(form, whole).total == score(form, whole).low == score(form, whole).high


def counting_unknown_as_nothing(form: Instrument, items: Mapping[str, Given]) -> Score:
    """The fault that this module exists to prevent, planted."""
    nothing: dict[ItemKind, Given] = {ItemKind.YES_NO: False, ItemKind.POINTS: 0}
    return score(
        form,
        {
            item.id: nothing.get(item.kind) if items[item.id] is None else items[item.id]
            for item in form.items
        },
    )


def test_counting_unknown_as_nothing_would_be_caught():
    form, part, _, whole = find(
        partly_and_wholly_answered(),
        lambda case: not keeps_its_promise(counting_unknown_as_nothing, case[0], case[1], case[3]),
        settings=settings(max_examples=500, deadline=None),
    )

    assert not keeps_its_promise(counting_unknown_as_nothing, form, part, whole)


def test_no_counter_example_is_found_in_the_real_scoring():
    with pytest.raises(NoSuchExample):
        find(
            partly_and_wholly_answered(),
            lambda case: not keeps_its_promise(score, *case),
            settings=settings(max_examples=depth(100, 2_000), deadline=None),
        )


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_nobody_asked_excludes_nothing_and_clears_nobody(name: str):
    form = FORMS[name]
    result = score(form, {})

    assert bounds(result) == (form.least, form.most)
    assert result.total is None
    assert {each.positive for each in result.readings} <= {CANNOT_EXCLUDE}
    assert {each.raised for each in result.flags} <= {CANNOT_EXCLUDE}
    assert result.unanswered == tuple(form.by_id)


# What may stand in the folder --------------------------------------------------------------------


def faults(name: str, **changes: Any) -> list[str]:
    table = {**TABLES[name], **changes}
    with pytest.raises(RulebookRefused) as refused:
        parse({k: v for k, v in table.items() if v is not None}, file=f"{name}.toml")
    return [fault.problem for fault in refused.value.faults]


def test_the_folder_holds_what_the_nurse_and_the_health_professional_use():
    assert set(FORMS) == {
        "phq9", "phq2", "gad7", "gad2", "k6", "pc_ptsd_5", "hark", "ciwa_ar", "cows", "news2",
        "annex_h", "audit", "audit_c", "audit_pc", "fast", "dast_10", "aq_10", "asrs_6", "sds",
        "sadq", "cmhs_m", "cmhs_w", "bjmhs", "ndt",
    }  # fmt: skip


def test_no_wording_ships_without_a_licence_for_it():
    amber = [form for form in FORMS.values() if form.colour == "amber"]

    assert len(amber) == 13
    assert not [item for form in amber for item in form.items if item.asks]
    assert all(form.licence and form.source for form in FORMS.values())


def test_nothing_from_the_red_list_and_no_suicide_scale_is_here():
    words = " ".join(path.read_text(encoding="utf-8").lower() for path in FOLDER.glob("*.toml"))

    assert not [
        name
        for name in ("c-ssrs", "columbia", "assist-lite", "ldsq", "adverse childhood", "suicide sc")
        if name in words
    ]


def test_a_form_that_lost_an_item_is_refused():
    assert faults("phq9", item=TABLES["phq9"]["item"][:8], flag=[]) == [
        "The items add up to 0 to 24, but least and most say 0 to 27."
    ]


def test_amber_wording_in_the_folder_is_refused():
    assert faults("sds", stem="words of somebody else") == [
        "Its licence lets the scoring ship, not the wording: take out asks and stem."
    ]


def test_a_red_instrument_is_refused():
    assert faults("sds", colour="red") == ["colour cannot be read: one of green, amber."]


def test_bands_with_a_hole_are_refused():
    holed = [{"id": "x", "source": "y", "bands": [[0, 4, "a"], [6, 21, "b"]]}]

    assert faults("gad7", band_set=holed) == ["The bands x have a gap or an overlap at 6."]


def test_a_measurement_without_a_table_for_every_answer_is_refused():
    items = [dict(item) for item in TABLES["news2"]["item"]]
    items[1]["table"] = items[1]["table"][:2]

    assert faults("news2", item=items) == ["spo2 has 0 tables for oxygen oxygen, spo2_scale two."]


def test_steps_that_do_not_rise_or_do_not_end_are_refused():
    items = [dict(item) for item in TABLES["news2"]["item"]]
    items[0]["steps"] = [[8, 3], [7, 1], ["above", 0]]
    items[3]["steps"] = [[8, 3], [9, 0]]

    assert faults("news2", item=items) == [
        "The steps of respiration must rise.",
        'The steps of systolic must end with one "above".',
    ]


def test_a_line_that_nobody_can_reach_is_refused():
    unreachable = [{**TABLES["gad2"]["cut_off"][0], "at_least": 7}]

    assert faults("gad2", cut_off=unreachable) == ["The cut-off three asks for 7 of at most 6."]


def with_item(name: str, number: int, **changes: Any) -> list[dict[str, Any]]:
    items = [dict(item) for item in TABLES[name]["item"]]
    items[number].update(changes)
    return items


@pytest.mark.parametrize(
    ("name", "changes", "problem"),
    [
        (
            "news2",
            {"item": with_item("news2", 0, steps=[[8.5, 3], [20, 0], ["above", 3]])},
            "The steps of respiration have more decimal places than it is measured with.",
        ),
        (
            "news2",
            {"item": with_item("news2", 0, highest=0)},
            "respiration needs lowest and highest: outside them a number is a typing error.",
        ),
        (
            "hark",
            {"flag": [{**TABLES["hark"]["flag"][0], "at_least": 2}]},
            "The flag partner_abuse can never be raised.",
        ),
        (
            "hark",
            {"flag": [{**TABLES["hark"]["flag"][0], "need": "violence"}]},
            "The flag partner_abuse names violence, which is not a need.",
        ),
        (
            "fast",
            {"gate": {"item": "audit_3", "stops_at": 7}},
            "The gate stops at 7, which is not an answer of audit_3.",
        ),
        (
            "gad2",
            {"cut_off": [{**TABLES["gad2"]["cut_off"][0], "sex": "f"}]},
            "The cut-off three is for female or male, or for everybody.",
        ),
        (
            "gad2",
            {"item": TABLES["gad2"]["item"] * 2, "most": 12},
            "Two items are called cannot_stop_worrying.",
        ),
        ("gad2", {"id": "gad_2"}, "The file is called gad2; call it gad_2.toml."),
        (
            "phq2",
            {"setting": "four"},
            "setting must name the one that is read by default: three, two.",
        ),
    ],
)
def test_a_faulty_file_is_refused_in_a_sentence(name: str, changes: dict[str, Any], problem: str):
    assert problem in faults(name, **changes)


def test_every_fault_is_listed_at_once():
    assert faults("gad2", licence=None, checked_on="yesterday", wh=["x"], least=1) == [
        "licence is missing: a text.",
        "checked_on cannot be read: a date such as 2026-11-23.",
        "The items add up to 0 to 6, but least and most say 1 to 6.",
        "wh is not a key here.",
    ]


def test_a_service_can_load_the_wording_it_holds_a_licence_for():
    loaded = worded(
        FORMS["sds"], {name: f"Our licensed text {name}" for name in FORMS["sds"].by_id}
    )

    assert loaded.items[0].asks == "Our licensed text sds_1"
    with pytest.raises(InputError, match=r"asks\.sds_5"):
        worded(FORMS["sds"], {name: "text" for name in list(FORMS["sds"].by_id)[:4]})
