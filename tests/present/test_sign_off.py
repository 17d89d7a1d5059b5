"""The sign-off sheet holds what somebody who signs has to know, and old sources are pointed out."""

import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache

from tests.rulebooks import SMALL
from triage.domain.rulebook import Rulebook
from triage.domain.staleness import Stale, stale
from triage.present.sign_off import sheet, warnings
from triage.rules_files import load, rules_dir, texts

TODAY = date(2026, 11, 23)


@cache
def shipped() -> Rulebook:
    return load(rules_dir(), draft=True)


def part(text: str, title: str) -> str:
    """One list of the sheet, by the beginning of its heading."""
    _, found, rest = text.partition(f"\n{title.upper()}")
    assert found, f"{title} is no part of the sheet"
    return rest.partition("\n\n")[0]


def test_the_sheet_names_the_rulebook_and_who_has_to_sign_it():
    text = sheet(shipped(), on=TODAY, width=80)

    assert text.startswith(f"SIGN-OFF SHEET, RULEBOOK {shipped().fingerprint}\n")
    assert "NOT SIGNED: nobody has signed these rules for use." in text
    for who in ("clinical lead", "Force custody lead", "force solicitor"):
        assert f"{who}" in text.partition("WHO SIGNS")[2]


def test_the_sheet_lists_each_fact_that_closes_and_what_it_ends():
    text = sheet(load(SMALL, draft=True), on=TODAY, width=100)

    closes = part(text, "What may close a finding")
    for fact in load(SMALL, draft=True).facts.values():
        assert (f"({fact.id}) ends:" in closes) is fact.closes
    assert "A warning on record (a marker) that a named person closed" in closes


def test_the_sheet_lists_what_is_raised_though_nobody_knows():
    text = sheet(load(SMALL, draft=True), on=TODAY, width=100)

    raised = [rule for rule in load(SMALL, draft=True).rules if rule.if_unknown is not None]
    assert raised
    for rule in raised:
        assert rule.if_unknown is not None
        told = f"{rule.id}: raised as {rule.if_unknown.word} when it may hold."
        assert told in part(text, "Where no answer is itself a reason")


def test_silence_that_a_named_idea_reads_is_on_the_sheet_too():
    told = part(sheet(shipped(), on=TODAY, width=80), "Where no answer is itself a reason")

    assert "self-harm-unanswered (soon)" in told  # by the definition silent_on_self_harm
    assert "made-to-do-things (urgent)" in told  # by withheld( )
    assert "drunk-and-incapable" not in told


def test_every_row_of_law_and_every_rule_that_nobody_read_is_on_the_sheet():
    text = sheet(shipped(), on=TODAY, width=100)

    law, rules = (
        part(text, f"{what} not read in") for what in ("Law and practice", "Rules and routes")
    )
    for row in shipped().law.rows.values():
        assert (f"- {row.id} (" in law) is (row.confidence.value != "read")
    for rule in (*shipped().rules, *shipped().modifiers, *shipped().routes):
        assert (f"- {rule.id} (" in rules) is (rule.confidence.value != "read")


def test_law_that_waits_for_its_day_is_said_to_be_off():
    switched = " ".join(part(sheet(shipped(), on=TODAY, width=80), "Switched on or off").split())

    assert (
        "nobody-at-station-under-136 holds only while MHA25-S48-POS is in force: passed, no date"
        " yet, so off; change expected." in switched
    )


def test_no_line_of_the_sheet_is_wider_than_the_paper():
    assert max(map(len, sheet(shipped(), on=TODAY, width=80).splitlines())) <= 80


def test_a_source_checked_a_year_ago_to_the_day_is_not_old_yet():
    rule = shipped().rules[0]
    checked = replace(shipped(), rules=(replace(rule, checked_on=date(2025, 11, 23)),))

    assert stale(checked, on=TODAY) == ()
    assert stale(checked, on=date(2026, 11, 24)) == (Stale(rule.id, rule.file, date(2025, 11, 23)),)


def test_old_rules_routes_law_and_instruments_are_warned_of_with_file_and_id_the_oldest_first():
    old = date(2024, 2, 29)
    row = next(iter(shipped().law.rows))
    aged = replace(
        shipped(),
        rules=(replace(shipped().rules[0], checked_on=date(2025, 1, 1)), *shipped().rules[1:]),
        law=replace(
            shipped().law,
            rows={**shipped().law.rows, row: replace(shipped().law.rows[row], checked_on=old)},
        ),
    )

    assert warnings(shipped(), on=TODAY, width=80) == ""
    assert warnings(aged, on=TODAY, width=80).splitlines() == [
        "Warning: 2 entries were last checked more than a year ago.",
        f"  - {shipped().law.rows[row].file} [{row}] was checked on 29 February 2024.",
        f"  - {shipped().rules[0].file} [{shipped().rules[0].id}] was checked on 1 January 2025.",
    ]


def dated(table: object) -> int:
    """How many tables say, each of itself, when somebody last looked at its source."""
    if isinstance(table, list):
        return sum(map(dated, table))
    return sum(map(dated, table.values()), "checked_on" in table) if isinstance(table, dict) else 0


def unwarned(rulebook: Rulebook) -> dict[str, int]:
    """Files of the folder with dated tables that nobody would be warned of when they are old."""
    told = Counter(each.file for each in stale(rulebook, on=date(2027, 11, 24)))
    told["routes/services.toml"] = told["services"]  # a service may also come from a site's file
    there = {name: dated(tomllib.loads(text.decode())) for name, text in texts(rules_dir()).items()
             if name.endswith(".toml")}  # fmt: skip
    return {name: count - told[name] for name, count in there.items() if count != told[name]}


def test_every_dated_table_of_every_file_is_warned_of_once_it_is_old():
    assert unwarned(shipped()) == {}


def test_a_kind_of_table_that_is_never_looked_at_would_be_found():
    """As it was with the moments after which to screen again."""
    bare = replace(shipped(), rescreen=replace(shipped().rescreen, after=()), modifiers=())

    missed = unwarned(bare)

    assert missed["practice/rescreen.toml"] == len(shipped().rescreen.after)
    assert missed["screening/women.toml"] == 2


def test_a_moment_to_screen_again_that_nobody_checked_for_a_year_is_warned_of():
    first = replace(shipped().rescreen.after[0], checked_on=date(2025, 1, 1))
    aged = replace(shipped(), rescreen=replace(shipped().rescreen, after=(first,)))

    assert warnings(aged, on=TODAY, width=80).splitlines() == [
        "Warning: 1 entry was last checked more than a year ago.",
        "  - practice/rescreen.toml [interview-ended] was checked on 1 January 2025.",
    ]
