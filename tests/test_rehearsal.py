"""Rehearsal of a changed rulebook: the batch twin never differs from the screening itself."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.benchmarks.people import invented
from tests.depth import depth
from tests.fresh import fresh_record
from tests.invented import conditions, people
from triage import casework, rules_files
from triage.cli import main
from triage.domain.answers import Answer, Details, Person, Status
from triage.domain.errors import InputError
from triage.domain.findings import Urgency
from triage.domain.grammar import read as read_condition
from triage.domain.names import Vocabulary
from triage.domain.needs import FLAGS, NEEDS, ORDER
from triage.domain.rehearsal import Way
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen
from triage.domain.small_numbers import Shown, shown, shown_parts
from triage.domain.walk import Walk
from triage.present.rehearsal import both_in_words, in_words, people_in_words
from triage.present.rehearsal_data import as_json
from triage.record import Actor, EventKind, NewEvent
from triage.rehearsal import CodingUnknown, checking, code, coding_of, comparing, twin
from triage.rehearsal.coding import Coding
from triage.rehearsal.comparing import Comparison
from triage.rehearsal.conditions import Conditions
from triage.rehearsal.ethnicity import Ethnicity, ethnicity_of
from triage.rehearsal.graph import Graph
from triage.rehearsal.machine import Block, Machine
from triage.rehearsal.rehearsing import Rehearsed, TwinDiffers, on_the_law_of, rehearse
from triage.settings import Settings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACTOR = Actor("sgt.training", "Sgt Training", "custody_sergeant")


@cache
def _rulebook() -> Rulebook:
    return rules_files.load(rules_files.rules_dir(), draft=True)


@cache
def _crowd() -> tuple[Details, ...]:
    return tuple(invented(_rulebook(), 300, seed=7))


def _rows(crowd: tuple[Details, ...]) -> list[tuple[int, bytes]]:
    return [(seq, code(_rulebook(), details)) for seq, details in enumerate(crowd, start=1)]


def _without(rulebook: Rulebook, *rules: str) -> Rulebook:
    kept = tuple(rule for rule in rulebook.rules if rule.id not in rules)
    assert len(kept) == len(rulebook.rules) - len(rules)
    return replace(rulebook, fingerprint="without", rules=kept)


def _rehearsed(new: Rulebook, crowd: tuple[Details, ...] | None = None) -> Rehearsed:
    crowd = _crowd() if crowd is None else crowd
    return rehearse(_rulebook(), new, _rows(crowd), details_of=lambda seq: crowd[seq - 1])


def _differences(
    rulebook: Rulebook, coding: Coding, crowd: tuple[Details, ...]
) -> list[tuple[int, str, object, object]]:
    """Where the twin's level of any need or flag is not the core's."""
    rows = [coding.code(details) for details in crowd]
    comparison = Comparison.of(rulebook, rulebook, coding)
    quick, _ = comparison.levels(Block.of(coding, range(len(rows)), rows))
    found = []
    for place, details in enumerate(crowd):
        core = checking.levels_of(rulebook, details)
        for name, (level, open_) in quick.items():
            mine = int(level[place]), int(open_[place])
            if mine != core[name]:
                found.append((place, name, mine, core[name]))
    return found


# The twin and the core ------------------------------------------------------------------------


def test_the_twin_finds_for_two_thousand_people_what_the_core_finds() -> None:
    crowd = tuple(invented(_rulebook(), depth(2_000, 20_000), seed=2))

    assert _differences(_rulebook(), coding_of(_rulebook()), crowd) == []


def _stricter() -> Rulebook:
    """The same rules, of which some are raised when nobody can tell, some can be closed, and some
    end with a law that has been in force for long."""
    row = next(rule.until_law for rule in _rulebook().rules if rule.until_law)
    closing = read_condition("hospital_today or known(wants_nurse)", _vocabulary(_rulebook()))
    rules = [
        replace(
            rule,
            if_unknown=Urgency(1 + place % 4) if place % 3 == 0 else None,
            closed_by=closing if place % 5 == 0 else None,
            until_law=row if place % 7 == 0 else rule.until_law,
        )
        for place, rule in enumerate(_rulebook().rules)
    ]
    return replace(_rulebook(), rules=tuple(rules)).assume([(row, date(2020, 1, 1))])


def test_the_twin_raises_the_unknown_and_closes_the_closed_as_the_core_does() -> None:
    assert _differences(_stricter(), coding_of(_rulebook()), _crowd()) == []


@pytest.mark.parametrize("fault", [{"if_unknown": None}, {"closed_by": None}, {"until_law": None}])
def test_a_twin_that_forgets_a_part_of_a_rule_is_found_out(
    monkeypatch: pytest.MonkeyPatch, fault: dict[str, None]
) -> None:
    whole = twin._apply_rule
    monkeypatch.setattr(
        twin, "_apply_rule", lambda rule, *rest: whole(replace(rule, **fault), *rest)
    )

    assert _differences(_stricter(), coding_of(_rulebook()), _crowd()[:60]) != []


@settings(max_examples=depth(60, 600), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_condition_reads_the_same_in_the_twin_as_for_one_person(data: st.DataObject) -> None:
    rulebook = _rulebook()
    text = data.draw(conditions(rulebook))
    crowd = [data.draw(people(rulebook)) for _ in range(3)] + list(_crowd()[:20])
    condition = read_condition(text, _vocabulary(rulebook))
    tree = condition.tree
    # A rulebook that holds the condition: one that never reads a fact keeps nothing ready for it.
    alone = replace(
        rulebook, rules=(replace(rulebook.rules[0], when=condition),), modifiers=(), routes=()
    )
    coding, graph = coding_of(rulebook), Graph()
    may, must = Conditions(graph, rulebook, coding).rails(tree)
    block = Block.of(coding, range(len(crowd)), [coding.code(details) for details in crowd])
    values = Machine.of(graph, (may, must)).run(block)

    for place, details in enumerate(crowd):
        verdict = _walk(alone, details).verdict(tree)
        expected = (True, True) if verdict else (verdict is None, False)
        assert (bool(values[may][place]), bool(values[must][place])) == expected, text


@settings(max_examples=depth(30, 300), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_modifier_raises_the_same_in_the_twin_as_for_one_person(data: st.DataObject) -> None:
    rulebook = _rulebook()
    text = data.draw(conditions(rulebook, levels=True))
    names = data.draw(st.lists(st.sampled_from(NEEDS + FLAGS), min_size=1, unique=True))
    modifier = replace(
        rulebook.modifiers[0],
        when=read_condition(text, replace(_vocabulary(rulebook), levels=True)),
        raises=tuple(names),
        by=data.draw(st.integers(1, 3)),
        cap=data.draw(st.sampled_from(Urgency)),
        adds=data.draw(st.booleans()),
    )
    changed = replace(rulebook, modifiers=(*rulebook.modifiers, modifier))

    assert _differences(changed, coding_of(changed), _crowd()[:8]) == []


def _vocabulary(rulebook: Rulebook) -> Vocabulary:
    facts = {**rulebook.questions, **rulebook.observations, **rulebook.facts}
    return Vocabulary(facts, tuple(rulebook.definitions), tuple(rulebook.instruments))


def _walk(rulebook: Rulebook, details: Details) -> Walk:
    return Walk.over(rulebook.program, rulebook.program.read(details, rulebook.law))


def test_an_instrument_that_was_done_counts_and_one_that_was_not_does_not() -> None:
    rulebook = _rulebook()
    rule = replace(
        rulebook.rules[0], when=read_condition("score(phq9) >= 10", _vocabulary(rulebook))
    )
    scored = replace(rulebook, rules=(rule,))
    someone = _crowd()[0]
    crowd = tuple(
        replace(someone, scores=scores)
        for scores in (
            {},
            {"phq9": (0, 27)},
            {"phq9": (9, 9)},
            {"gad7": (20, 20), "phq9": (10, 14)},
        )
    )

    assert _differences(scored, coding_of(scored), crowd) == []


# Coded rows -----------------------------------------------------------------------------------


@settings(max_examples=depth(60, 1_000), deadline=None, suppress_health_check=list(HealthCheck))
@given(people(_rulebook()))
def test_a_row_that_is_read_back_reads_like_the_person_it_was_coded_from(details: Details) -> None:
    program, law = _rulebook().program, _rulebook().law
    back = coding_of(_rulebook()).read_back(code(_rulebook(), details))
    given_, read = program.read(details, law).values, program.read(back, law).values

    differing = [
        name
        for name, one, other in zip(program.variables, given_, read, strict=True)
        if one != other and (one == one or other == other)  # not a number is not even itself
    ]
    assert differing == []


def test_a_row_is_small_and_holds_no_word_and_no_name() -> None:
    someone = _crowd()[0]
    words = replace(
        someone,
        record_number="TRAINING/XX/0001/26",
        answers={"what_helps": Answer(Status.ANSWERED, "quiet", words="Quiet, training")},
    )
    row = code(_rulebook(), words)

    assert len(row) <= 96
    assert b"TRAINING" not in row and b"uiet" not in row


def test_a_value_that_no_option_has_stays_unknown_on_a_checked_record() -> None:
    someone = replace(
        _crowd()[0],
        record=replace(_crowd()[0].record, checked=True, instruction_open="strange"),
    )
    back = coding_of(_rulebook()).read_back(code(_rulebook(), someone))
    values = dict(zip(*_values(back), strict=True))

    assert values["f_instruction_open"] is None


def _values(details: Details) -> tuple[tuple[str, ...], tuple[object, ...]]:
    program = _rulebook().program
    return program.variables, program.read(details, _rulebook().law).values


def test_a_row_coded_under_older_questions_is_read_by_their_names() -> None:
    """A question that did not exist is unknown; an option that was dropped is unknown too."""
    rulebook = _rulebook()
    questions = dict(rulebook.questions)
    older_knock = replace(
        questions["head_knock"], options=(("long_ago", "x"), *questions["head_knock"].options[::-1])
    )
    older_ills = replace(
        questions["conditions"], options=(*questions["conditions"].options[2:], ("gout", "x"))
    )
    questions |= {"head_knock": older_knock, "conditions": older_ills}
    del questions["low_or_hopeless"]
    older = coding_of(replace(rulebook, questions=dict(reversed(questions.items()))))
    assert older.tag != coding_of(rulebook).tag

    crowd = tuple(
        _as_answered(details, place, {q for q in questions})
        for place, details in enumerate(_crowd())
    )

    assert _differences(rulebook, older, crowd) == []


def _as_answered(details: Details, place: int, asked: set[str]) -> Details:
    """The same person under the older questions."""
    answers = {name: answer for name, answer in details.answers.items() if name in asked}
    if place % 3 == 0:
        answers["head_knock"] = Answer(Status.ANSWERED, "long_ago")
        answers["conditions"] = Answer(Status.ANSWERED, ("gout", "heart"))
    ills = answers.get("conditions")
    if ills is not None and isinstance(ills.value, tuple):
        kept = tuple(each for each in ills.value if each not in ("diabetes", "fits"))
        answers["conditions"] = Answer(Status.ANSWERED, kept)
    return replace(details, answers=answers)


def test_rows_that_nobody_can_read_are_counted_and_never_left_out_in_silence() -> None:
    rows = [*_rows(_crowd()[:10]), (11, b"????" + bytes(90)), (12, _rows(_crowd()[:1])[0][1][:-1])]

    found = rehearse(_rulebook(), _rulebook(), rows)

    assert (found.tally.rows, found.unreadable) == (10, 2)
    assert "LEFT OUT: 2 screenings" in in_words(found.shown(), width=80)
    with pytest.raises(CodingUnknown):
        coding_of(_rulebook()).read_back(rows[10][1])


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("W1", Ethnicity.WHITE),
        ("IC3", Ethnicity.BLACK),
        ("White and Black Caribbean", Ethnicity.MIXED),
        ("Black British", Ethnicity.BLACK),
        ("Any other ethnic group", Ethnicity.OTHER),
        ("A", Ethnicity.WHITE),  # NHS code
        ("A4", Ethnicity.ASIAN),  # census code
        ("Gypsy or Irish Traveller", Ethnicity.WHITE),
        ("NS", Ethnicity.NOT_STATED),
        ("elvish", Ethnicity.NOT_SORTED),
        (None, Ethnicity.NOT_KNOWN),
    ],
)
def test_ethnicity_is_sorted_into_the_groups_in_which_it_is_published(
    text: str | None, group: Ethnicity
) -> None:
    assert ethnicity_of(text) is group


# Rehearsing -----------------------------------------------------------------------------------


def test_the_same_rulebook_changes_nothing_for_anybody() -> None:
    found = _rehearsed(_rulebook())

    assert list(found.people()) == []
    assert found.checked >= 30
    assert "Nothing changes for anybody." in in_words(found.shown(), width=80)


def test_everybody_who_gains_or_loses_is_counted_and_named() -> None:
    """Counted the slow way, by screening each person twice."""
    new = _without(_rulebook(), "drunk-and-incapable", "drowsy")
    slow = set()
    for seq, details in enumerate(_crowd(), start=1):
        before, after = (checking.levels_of(book, details) for book in (_rulebook(), new))
        slow |= {
            (seq, name, before[name][0], after[name][0])
            for name in ORDER
            if before[name][0] != after[name][0]
        }

    found = _rehearsed(new)

    quick = {(each.seq, each.need, each.before or 0, each.after or 0) for each in found.people()}
    assert quick == slow != set()
    change = found.tally.changes["physical_health"]
    lost = sum(1 for _, name, before, after in slow if name == "physical_health" and after == 0)
    lower = sum(1 for _, name, _, after in slow if name == "physical_health" and after)
    ways = change.ways["sex"].sum(axis=1).tolist()
    assert ways == [0, 0, lower, lost]
    assert found.tally.rules["drowsy"].tolist()[1] > 0


def test_what_both_rulebooks_share_is_not_evaluated_at_all() -> None:
    new = _without(_rulebook(), "drowsy")
    comparison = Comparison.of(_rulebook(), new, coding_of(_rulebook()))

    assert "pregnancy" not in comparison.needs and "physical_health" in comparison.needs
    assert set(comparison.rules) >= {"drowsy"}
    assert len(comparison.machine.nodes) < len(comparison.whole.nodes)


def test_codes_that_do_not_say_what_was_recorded_are_found_out() -> None:
    crowd = _crowd()

    with pytest.raises(TwinDiffers):
        rehearse(
            _rulebook(),
            _without(_rulebook(), "drowsy"),
            _rows(crowd),
            details_of=lambda seq: crowd[seq - 2],
        )


def test_a_change_that_was_not_counted_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        comparing, "_change", lambda before, after, *rest: _counted(before, before, *rest)
    )

    with pytest.raises(TwinDiffers, match="what was counted"):
        _rehearsed(_without(_rulebook(), "drunk-and-incapable"))


_counted = comparing._change


def test_the_law_of_another_day_can_be_rehearsed() -> None:
    """From that day a police station is no place of safety (Mental Health Act 2025, section 48)."""
    row = next(rule.law for rule in _rulebook().rules if rule.law)
    assumed = _rulebook().assume([(row, date(2027, 1, 1))])
    crowd = tuple(replace(each, stage="section136", place="police_station") for each in _crowd())
    before, after = (on_the_law_of(assumed, day) for day in (date(2026, 12, 31), date(2027, 1, 1)))

    found = rehearse(before, after, _rows(crowd))

    rules = {rule.id for rule in _rulebook().rules if row in rule.law_rows}
    assert rules and rules <= set(found.tally.rules)
    assert all(found.tally.rules[rule].sum() > 0 for rule in rules)


def test_only_screenings_since_a_day_are_rehearsed() -> None:
    since = date(2026, 9, 1)
    later = [details for details in _crowd() if details.at.date() >= since]

    found = rehearse(_rulebook(), _rulebook(), _rows(_crowd()), since=since)

    assert abs(found.tally.rows - len(later)) <= 1  # a day in London is not quite one in UTC
    assert found.tally.rows + found.earlier == len(_crowd())


def test_progress_is_told_up_to_the_last_row() -> None:
    told: list[int] = []

    rehearse(_rulebook(), _rulebook(), _rows(_crowd()), progress=told.append)

    assert told[-1] == len(_crowd())


# Small numbers --------------------------------------------------------------------------------


def _could_be(counts: list[int], parts: tuple[Shown, ...]) -> list[set[int]]:
    """For each part, every count that somebody who knows the total and the rule could think of."""
    total = sum(counts)
    most = total + 1
    if all(part.count is None and not part.few for part in parts):
        return [set(range(most)) for _ in parts]
    ranges = [
        range(part.count, part.count + 1)
        if part.count is not None
        else range(1, 5)
        if part.few
        else range(5, most)
        for part in parts
    ]
    fitting = [each for each in product(*ranges) if sum(each) == total]
    return [{each[place] for each in fitting} for place in range(len(parts))]


@settings(max_examples=depth(150, 2_000), deadline=None)
@given(st.lists(st.integers(0, 14), min_size=2, max_size=5))
def test_a_total_never_gives_a_small_number_away(counts: list[int]) -> None:
    parts = shown_parts(counts)

    for count, part, could_be in zip(counts, parts, _could_be(counts, parts), strict=True):
        assert part.count is None or part.count == count
        if 0 < count < 5:
            assert part.count is None
            assert could_be >= {1, 2, 3, 4} or sum(counts) < 5


def test_hiding_the_small_number_alone_would_give_it_away() -> None:
    naive = tuple(shown(count) for count in (3, 100, 40))

    assert _could_be([3, 100, 40], naive)[0] == {3}
    assert shown_parts([3, 100, 40]) == (Shown(None, few=True), Shown(100), Shown(None))


def test_no_count_of_one_to_four_is_ever_shown() -> None:
    found = _rehearsed(_without(_rulebook(), "drunk-and-incapable", "drowsy"))
    shown_ = found.shown()
    data = as_json(shown_)

    counts = list(_counts({key: data[key] for key in ("groups", "needs", "rules", "not_excluded")}))
    assert [count for count in counts if count is not None and 0 < count < 5] == []
    assert "fewer than 5" in json.dumps(data)


def _counts(value: object) -> list[int | None]:
    if isinstance(value, Mapping):
        return [count for each in value.values() for count in _counts(each)]
    if isinstance(value, list):
        return [count for each in value for count in _counts(each)]
    return [value] if isinstance(value, int) else []


# Words and doors ------------------------------------------------------------------------------


def test_the_words_fit_eighty_columns_and_say_who_gains_and_loses() -> None:
    found = _rehearsed(_without(_rulebook(), "drunk-and-incapable"))
    text = in_words(found.shown(), width=80)

    assert max(map(len, text.splitlines())) <= 80
    assert "WHO GAINS, WHO LOSES" in text and "Ethnicity as the person says it" in text
    assert "NO LONGER AN EMERGENCY" in text
    everybody = found.shown().needs[0].everybody
    assert set(everybody.ways) == set(Way)


def test_each_person_who_changes_opens_under_both_rulebooks() -> None:
    new = _without(_rulebook(), "drunk-and-incapable")
    found = _rehearsed(new)
    change = next(iter(found.people()))
    details = _crowd()[change.seq - 1]

    listed = people_in_words([change], {change.seq: "TRAINING/XX/0001/26"}, most=10)
    both = both_in_words(screen(_rulebook(), details), screen(new, details), width=80)

    assert "TRAINING/XX/0001/26" in listed
    assert "(drunk-and-incapable)" in both and both.index("Now: ") < both.index("Instead: ")


def _changed_folder(folder: Path) -> Path:
    """The shipped rules without the rule about people who are drunk and incapable."""
    for file in rules_files.rules_dir().rglob("*"):
        if file.is_file():
            copy = folder / file.relative_to(rules_files.rules_dir())
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    path = folder / "screening" / "alcohol.toml"
    before, rule, after = path.read_text("utf-8").partition('[[rule]]\nid = "drunk-and-incapable"')
    path.write_text(before + after[after.index("[[rule]]") :], "utf-8")
    assert rule
    return folder


def _ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["rules", "rehearse", *arguments])
    out, err = capsys.readouterr()
    return left.value.code, out, err


def test_the_command_rehearses_a_file_of_screenings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = _changed_folder(tmp_path / "rules")
    document = {
        "record_number": "TRAINING/XX/0002/26", "at": "2026-10-24T22:00:00Z", "nation": "england",
        "person": {"age": 40, "sex": "male"}, "stage": "arrest", "offence": "other",
        "observations": {"intoxication": "incapable"}, "everything_else": "no",
    }  # fmt: skip
    file = tmp_path / "people.jsonl"
    file.write_text((json.dumps(document) + "\n") * 6, "utf-8")

    code_, out, _ = _ran(capsys, str(new), str(file), "--people")
    _, data, _ = _ran(capsys, str(new), str(file), "--json")
    _, one, _ = _ran(capsys, str(new), str(file), "--show", "3")
    bad, _, err = _ran(capsys, str(new), str(file), "--show", "7")

    assert code_ == 0 and "NO LONGER AN EMERGENCY: alcohol 5" in out
    assert out.count("TRAINING/XX/0002/26      alcohol: emergency -> urgent") == 6
    assert "Exactly 12 changes of 6 screenings." in out  # alcohol and physical health
    assert json.loads(data)["rules"] == [{"rule": "drunk-and-incapable", "gains": 0, "loses": 5}]
    assert "(drunk-and-incapable)" in one
    assert (bad, "no screening of this number" in err) == (2, True)


def test_the_command_rehearses_what_was_recorded_at_the_desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check reads what each screening recorded, and the site sees whose stay it was."""
    monkeypatch.setenv("TRIAGE_INSTANCE", str(tmp_path))
    new = _changed_folder(tmp_path / "rules")
    path = tmp_path / "triage.db"
    record = fresh_record(path)
    service = casework.Service(record, _rulebook(), Settings(tmp_path, path, training=True))
    crowd = [replace(each, at=NOW) for each in _crowd()[:12]]
    crowd[3] = replace(crowd[3], observations={"walking": Answer(Status.ANSWERED, "cannot")})
    seqs = [_recorded(service, place, details) for place, details in enumerate(crowd)]
    record.close()

    code_, out, err = _ran(capsys, str(new), "--people", "--last", "9999d")
    _, one, _ = _ran(capsys, str(new), "--show", str(seqs[3]))

    assert (code_, err) == (0, "")
    assert "About 10 screenings of 23 November 2026" in out
    assert f"{seqs[3]:>8}  TRAINING/CS/0003/26      alcohol: emergency -> " in out
    assert "(drunk-and-incapable)" in one


def _recorded(service: casework.Service, place: int, details: Details) -> int:
    opening = casework.Opening(
        kind=casework.StayKind.CUSTODY,
        suite="castle_street",
        reference=f"TRAINING/CS/{place:04}/26",
        opened_at=NOW,
        training=True,
        cell=str(place),
    )
    stay = casework.open_stay(service, opening, actor=ACTOR, now=NOW).stay
    return casework.record_screening(service, stay, details, actor=ACTOR, now=NOW).seq


def test_rows_of_an_older_rulebook_are_read_through_the_texts_that_were_kept_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGE_INSTANCE", str(tmp_path))
    older = replace(_rulebook(), questions=dict(reversed(_rulebook().questions.items())))
    record = fresh_record(tmp_path / "triage.db")
    with record.writing(now=NOW) as writing:
        writing.keep_rulebook("older", _texts(turned=True), signed=False, adopted_at=NOW)
        for place, details in enumerate(_crowd()[:20]):
            codes = {"codes": code(older, details).hex()}
            writing.append(
                NewEvent(
                    EventKind.SCREENING_SAVED,
                    ACTOR,
                    details.at,
                    stay=f"s-{place}",
                    payloads={"clinical": codes},
                )
            )
    record.close()

    _, out, _ = _ran(capsys, str(_changed_folder(tmp_path / "rules")))

    assert "About 20 screenings from" in out and "LEFT OUT" not in out


def _texts(*, turned: bool) -> dict[str, bytes]:
    """The texts of the shipped rules; ``turned`` asks the questions in the opposite order."""
    shipped = rules_files.rules_dir()
    texts = {
        file.relative_to(shipped).as_posix(): file.read_bytes() for file in shipped.rglob("*.toml")
    }
    name = "screening/questions.toml"
    head, *tables = re.split(rb"(?m)^(?=\[\[question\]\])", texts[name])
    *tables, last = tables
    asked, mark, seen = last.partition(b"[[observation]]")
    if turned:
        texts[name] = b"\n".join([head, asked, *reversed(tables), mark + seen])
    return texts


def test_last_and_a_file_do_not_go_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = str(rules_files.rules_dir())
    both, _, _ = _ran(capsys, shipped, "people.jsonl", "--last", "90d")
    strange, _, err = _ran(capsys, shipped, "--last", "soon")

    assert (both, strange) == (2, 2) and "90d" in err
    assert InputError.__name__ not in err


def test_a_person_of_unknown_age_and_sex_stands_in_a_group_of_their_own() -> None:
    nobody = tuple(replace(each, person=Person()) for each in _crowd()[:20])

    groups = _rehearsed(_rulebook(), nobody).shown().groups

    assert groups["sex"]["not_known"] == groups["age"]["not_known"] == Shown(20)
