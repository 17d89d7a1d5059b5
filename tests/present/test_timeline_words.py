"""The timeline that is read out in court: nothing that was said is left out of it."""

from datetime import UTC, datetime, timedelta

from triage.casework import TimelineEntry
from triage.present import chapters, timeline
from triage.present.timeline import AlertStory

NOW = datetime(2026, 10, 25, 6, 0, tzinfo=UTC)


def noted(seq: int, kind: str, what: str = "", *, hours_ago: float = 1, **parts) -> TimelineEntry:
    at = NOW - timedelta(hours=hours_ago)
    marks = {name: parts.pop(name) for name in ("late", "corrects", "hidden") if name in parts}
    return TimelineEntry(
        seq, kind, what, at, at, marks.pop("late", False), "DO Mistry", "detention_officer",
        parts, **marks,
    )  # fmt: skip


def visit(seq: int, hours_ago: float, **event: object) -> TimelineEntry:
    at = (NOW - timedelta(hours=hours_ago)).isoformat()
    told = {"kind": "visit", "occurred_at": {"not_before": at, "not_after": at}, **event}
    return noted(seq, "visit", "visit", hours_ago=hours_ago, event=told)


def shown(*entries: TimelineEntry) -> list[tuple[str, list[int]]]:
    made = chapters.chapters(entries, now=NOW)
    return [(chapter.words, [each.seq for each in chapter.entries]) for chapter in made]


def test_a_night_of_plain_visits_is_one_line_that_opens():
    assert shown(*(visit(seq, 9 - seq) for seq in range(1, 6))) == [
        (
            "5 visits and rousing checks, Sat 24 Oct 23:00 BST to 02:00 GMT, nothing else noted",
            [5, 4, 3, 2, 1],
        )
    ]


def test_a_visit_of_which_something_was_said_stands_for_itself():
    said = visit(3, 6, words="Crying, asked for her mother")
    found = shown(visit(1, 8), visit(2, 7), said, visit(4, 5), visit(5, 4))

    assert found == [("", [5]), ("", [4]), ("", [3]), ("", [2]), ("", [1])]


def test_a_rousing_check_that_was_not_passed_is_never_folded_away():
    failed = noted(2, "rousing", "rouse", event={"kind": "rouse", "extra": {"passed": False}})
    passed = [
        noted(seq, "rousing", "rouse", event={"kind": "rouse", "extra": {"passed": True}})
        for seq in (3, 4, 5)
    ]
    found = chapters.chapters([failed, *passed], now=NOW)

    assert [len(chapter.entries) for chapter in found] == [3, 1]
    assert found[1].entries[0].details == ("passed: no",)


def test_a_late_visit_and_one_that_corrects_another_stand_for_themselves():
    late = noted(1, "visit", "visit", late=True)
    corrects = noted(2, "visit", "visit", corrects=1)

    assert [words for words, _ in shown(late, corrects, visit(3, 1), visit(4, 0.5))] == [""] * 4


def test_every_field_of_an_event_is_in_its_line():
    told = {
        "kind": "place_asked", "by": "Control room", "place": "health_based_place_of_safety",
        "extra": {"answer": "refused"}, "words": "No bed before Monday",
        "occurred_at": {"not_before": "2026-10-25T01:00:00Z", "not_after": "2026-10-25T01:20:00Z"},
    }  # fmt: skip
    line = timeline.entry(noted(1, "detention_event", "place_asked", event=told), now=NOW)

    assert line.what == "A place was asked for"
    assert line.details == (
        "Health-based place of safety",
        "answer: refused",
        "by Control room",
        "No bed before Monday",
        "between 01:00 GMT and 01:20 GMT",
    )


def test_what_was_asked_for_and_refused_names_what_and_the_law():
    entry = noted(1, "note", refused="station_authorised", law_rows=["S136A-CHILD"])
    line = timeline.entry(entry, now=NOW)

    assert line.what == "Asked for and refused: Police station authorised"
    assert line.details == ("the law: S136A-CHILD",)


def test_a_decision_on_a_route_says_what_was_decided():
    accepted = noted(1, "route_decision", "link_worker", decision="accepted")
    none = noted(2, "route_decision", decision="none_exists", need="suicide_self_harm")

    assert timeline.entry(accepted, now=NOW).details == ("accepted",)
    assert timeline.entry(none, now=NOW).details == ("none exists", "for suicide and self-harm")


def test_each_alert_is_told_from_its_raising_to_its_end():
    key = "s-1:screening:urgent:1"
    life = (
        noted(1, "alert_raised", key=key, words="Has fits.", to=["custody_hcp"], hours_ago=3),
        noted(2, "alert_climbed", key=key, to=["duty_inspector"], hours_ago=2.5),
        noted(4, "alert_closed", key=key, outcome="done", hidden=True, hours_ago=2),
    )
    other = noted(3, "alert_raised", key="s-1:clock:visit:2", to=[], hours_ago=1, hidden=True)

    assert chapters.chapters([*life, other], now=NOW) == ()
    assert timeline.stories([*life, other], now=NOW) == (
        AlertStory(
            "Its words are clinical: your role does not read them.",
            ("05:00 GMT: raised, DO Mistry, detention officer. Has a clinical part that your role "
             "does not read. (3)",),
        ),
        AlertStory(
            "Has fits.",
            (
                "03:00 GMT: raised to custody healthcare professional, DO Mistry, detention "
                "officer. (1)",
                "03:30 GMT: passed on to duty inspector, DO Mistry, detention officer. (2)",
                "04:00 GMT: closed, DO Mistry, detention officer. done. Has a clinical part that "
                "your role does not read. (4)",
            ),
        ),
    )  # fmt: skip


def decided(**event: object) -> TimelineEntry:
    told = {"kind": "legal_owner_decided", "extra": {"decision": "stay"}, **event}
    return noted(7, "authorisation", "legal_owner_decided", event=told)


def test_the_legal_owner_decides_and_whoever_entered_it_is_named_beside():
    entry = timeline.entry(decided(role="legal_owner", by="R. Adeyemi"), now=NOW)

    assert (entry.what, entry.by) == (
        "Legal owner's decision about a police station",
        "decided by R. Adeyemi, legal owner; put on the record by DO Mistry, detention officer",
    )
    assert "by R. Adeyemi" not in entry.details


def test_a_decision_that_no_legal_owner_made_is_nobodys_but_theirs_who_entered_it():
    entry = timeline.entry(decided(role="duty_inspector", by="R. Adeyemi"), now=NOW)

    assert entry.by == "DO Mistry, detention officer"
    assert "by R. Adeyemi" in entry.details
