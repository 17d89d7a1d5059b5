"""``clocks in`` and ``clocks out``: what is refused, with which field, and what comes out."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.depth import depth
from tests.law_on_disk import LADDER, LAW
from tests.told import wall
from triage.domain.clocks import Clocks
from triage.domain.detention import clocks
from triage.domain.errors import InputError
from triage.domain.timeline import Detention, Event, Moment
from triage.present.clocks import as_json, in_words
from triage.schemas.clocks import detention_of, event_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DECIDED = {
    "id": "e1",
    "kind": "s136_decided",
    "limb": "keep",
    "consulted": "nurse",
    "occurred_at": "2026-06-01T08:00:00Z",
}


def document(*events: Any, **rest: Any) -> dict[str, Any]:
    return {
        "nation": "england",
        "person": {"age": 34},
        "at": "2026-06-01T12:00:00Z",
        "events": list(events) or [DECIDED],
        **rest,
    }


def refusals(given: Any) -> list[str]:
    with pytest.raises(InputError) as refused:
        detention_of(given, now=NOW)
    return [problem.field for problem in refused.value.problems]


def test_a_plain_document_becomes_a_detention():
    found = detention_of(document({**DECIDED, "by": "PC Training"}), now=NOW)

    decided = Event(
        "e1",
        "s136_decided",
        Moment.at(wall("2026-06-01 09:00")),
        by="PC Training",
        extra=found.events[0].extra,
    )
    assert found == Detention(wall("2026-06-01 13:00"), "england", found.person, (decided,))
    assert dict(found.events[0].extra) == {"limb": "keep", "consulted": "nurse"}


def test_the_moment_on_the_command_line_wins_over_the_file_and_now_stands_in():
    asked = wall("2026-06-02 09:00")
    without = document()
    del without["at"]

    assert detention_of(document(), now=NOW, at=asked).at == asked
    assert detention_of(without, now=NOW).at == NOW


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (document(colour="red"), ["colour"]),
        (document({**DECIDED, "mood": "x"}), ["events[0].mood"]),
        (document({**DECIDED, "hours": 4}), ["events[0].hours"]),
        (document({**DECIDED, "kind": "teleported"}), ["events[0].kind"]),
        (document({**DECIDED, "occurred_at": "2026-06-01T08:00"}), ["events[0].occurred_at"]),
        (document({**DECIDED, "occurred_at": None}), ["events[0].occurred_at"]),
        (
            document({**DECIDED, "occurred_at": {"not_before": "2026-06-01T08:00:00Z"}}),
            ["events[0].occurred_at.not_after"],
        ),
        (
            document(
                {
                    **DECIDED,
                    "occurred_at": {
                        "not_before": "2026-06-01T08:00:00Z",
                        "not_after": "2026-06-01T07:00:00Z",
                    },
                }
            ),
            ["events[0].occurred_at.not_after"],
        ),
        (document({**DECIDED, "words": "a\x00b"}), ["events[0].words"]),
        (document({**DECIDED, "by": "a\ud800b"}), ["events[0].by"]),
        (document({**DECIDED, "by": "\x1b[2J"}), ["events[0].by"]),
        (document({**DECIDED, "by": "a" * 121}), ["events[0].by"]),
        (document(DECIDED, DECIDED), ["events[1].id"]),
        (
            document(
                DECIDED, {"kind": "corrected", "corrects": "e9", "occurred_at": "2026-06-01T08:00Z"}
            ),
            ["events[1].corrects"],
        ),
        (
            document({"kind": "warrant_granted", "hours": True, "occurred_at": "2026-06-01T08Z"}),
            ["events[0].hours"],
        ),
        (document(person={"age": 40, "date_of_birth": "2000-06-01"}), ["person.age"]),
        (document(person={"age": "34"}), ["person.age"]),
        (document(nation="scotland"), ["nation"]),
        (document(at="9999-12-31T23:59:59Z"), ["at"]),
        (document(at="0001-01-01T00:00:00+14:00"), ["at"]),
        ([], [""]),
        ("text", [""]),
        ({}, ["nation", "person", "events"]),
        (document("not an event"), ["events[0]"]),
        (document(*[DECIDED] * 2001), ["events"]),
    ],
)
def test_bad_input_is_refused_and_every_field_is_named(given, fields):
    assert sorted(refusals(given)) == sorted(fields)


def test_a_refusal_lists_the_words_that_would_be_right():
    with pytest.raises(InputError) as refused:
        detention_of(document({**DECIDED, "limb": "moved"}), now=NOW)

    assert refused.value.problems[0].allowed == ("remove", "keep")


def test_events_without_an_id_are_numbered_as_they_stand():
    unnamed = {name: value for name, value in DECIDED.items() if name != "id"}
    named_e2 = {**DECIDED, "id": "e2"}

    found = detention_of(document(named_e2, unnamed, unnamed), now=NOW)

    assert [event.id for event in found.events] == ["e2", "e2_", "e3"]


def test_one_event_from_a_door_is_read_by_the_same_rules():
    found = event_of({**DECIDED, "occurred_at": {"london": "2026-06-01T09:00"}}, id="17")

    assert (found.id, found.earliest) == ("e1", wall("2026-06-01 09:00"))
    with pytest.raises(InputError):
        event_of({**DECIDED, "hours": 3}, id="17")


def test_a_birthday_during_the_detention_does_not_contradict_the_age_at_its_start():
    person = {"age": 17, "date_of_birth": "2008-06-02"}

    found = detention_of(document(person=person, at="2026-06-02T12:00:00Z"), now=NOW)

    assert clocks(LAW, LADDER, found).clocks != ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@settings(max_examples=depth(150, 5000), deadline=None)
@given(st.dictionaries(st.sampled_from([*document(), *DECIDED, "x"]), json_values), json_values)
def test_whatever_comes_in_is_read_or_refused_in_words(top, inner):
    tried = (top, inner, document(inner), document({**DECIDED, **top}), document(person=inner))
    for one in tried:
        try:
            found = detention_of(one, now=NOW)
        except InputError as refused:
            assert refused.problems
        else:
            said = clocks(LAW, LADDER, found)
            assert json.loads(json.dumps(as_json(said)))["schema"] == "triage.clocks/1"
            assert in_words(said).startswith("As of ")


CLOCK_KEYS = {
    "clock", "of", "kind", "law_row", "confidence", "start_event", "started_at", "due_at",
    "due_london", "state", "ended_at", "over_seconds", "left_seconds", "provisional", "contested",
}  # fmt: skip


def evaluated(given: dict[str, Any]) -> Clocks:
    return clocks(LAW, LADDER, detention_of(given, now=NOW))


def test_what_comes_out_has_exactly_the_keys_of_the_contract():
    late = {"kind": "extension_authorised", "occurred_at": "2026-06-01T09:00:00Z"}

    found = as_json(evaluated(document(DECIDED, late)))

    assert list(found) == [
        "schema", "at", "powers", "clocks", "alerts", "unlawful", "delays", "warnings",
        "no_power_since",
    ]  # fmt: skip
    assert set(found["powers"][0]) == {"power", "since", "set_by", "lapses_at"}
    assert all(set(one) - {"reason"} == CLOCK_KEYS for one in found["clocks"])
    assert set(found["alerts"][0]) == {
        "key", "clock", "event", "level", "due_at", "to", "state", "late_seconds", "words",
    }  # fmt: skip
    assert set(found["unlawful"][0]) == {"event", "words", "law_row", "from", "to"}
    assert set(found["delays"][0]) == {"partner", "reason", "minutes", "wait"}


def test_the_words_begin_with_the_power_and_say_what_is_against_the_law_before_what_is_late():
    station = {"kind": "arrived", "place": "police_station", "occurred_at": "2026-06-01T08:00:00Z"}
    given = document({**DECIDED, "limb": "remove", "by": "PC Training"}, station)

    lines = in_words(evaluated(given)).splitlines()

    assert lines[:2] == [
        "As of Mon 1 Jun 2026 13:00 BST",
        "Power recorded: Section 136, by PC Training, Mon 1 Jun 2026 09:00 BST; "
        "lapses at Tue 2 Jun 2026 09:00 BST (20 h 00 min left)",
    ]
    order = [lines.index(title) for title in ("AGAINST THE LAW", "LATE", "NEXT", "RAISED ALERTS")]
    assert order == sorted(order)


def test_guidance_is_never_called_law_and_memory_is_never_called_certain():
    station = {"kind": "arrived_station", "occurred_at": "2026-06-01T08:00:00Z"}
    words = in_words(evaluated(document(DECIDED, station)))

    late = [line for line in words.splitlines() if "assessment begins" in line]
    visits = [line for line in words.splitlines() if line.strip().startswith("OVERDUE: visit")]
    assert all("guidance, not law" in line and "BREACH" not in line for line in late)
    assert visits and all("unverified" in line for line in visits)
