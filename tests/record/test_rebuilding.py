"""Folding every event again gives the same rows; what was wrong is named and put right."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.depth import depth
from tests.record.people import NAIR, OKAFOR, at, happened, opened, screened, wanted
from triage.record import EventKind, NewEvent, Record, Writing
from triage.record.rebuilding import rebuild

STAYS = ("s-1", "s-2", "s-3")


def a_night(writing: Writing, seed: int) -> None:
    """A night of events typed in any order, corrected, withdrawn, moved and released."""
    rng = random.Random(seed)
    for stay in STAYS:
        writing.append(opened(stay, rng.randint(0, 5)))
    for _ in range(60):
        stay, minute = rng.choice(STAYS), rng.randint(0, 120)
        head = writing.head()
        choice = rng.randrange(10)
        if choice == 0:
            writing.append(screened(stay, minute))
        elif choice == 1:
            writing.append(happened(stay, "arrived", minute, place=rng.choice(("a_and_e", "home"))))
        elif choice == 2:
            writing.append(happened(stay, "health_check", minute))
        elif choice == 3:
            correction = NewEvent(
                EventKind.CORRECTED, NAIR, at(minute), corrects=rng.randint(1, head),
                header={"stay": {"cell": str(minute)}},
                payloads={"identity": {"name": f"Training {minute}"}},
            )  # fmt: skip
            writing.append(correction)
        elif choice == 4:
            target = rng.randint(2, head)
            writing.append(NewEvent(EventKind.WITHDRAWN, NAIR, at(minute), corrects=target))
        elif choice == 5:
            person = f"p-{rng.choice(STAYS)}"
            writing.append(
                NewEvent(EventKind.WRONG_PERSON, NAIR, at(minute), stay=stay, person=person)
            )
        elif choice == 6:
            writing.append(NewEvent(EventKind.RELEASED, OKAFOR, at(minute), stay=stay))
        elif choice == 7:
            key = f"visit:due:{head}"
            writing.plan(stay, [wanted(key, minute, rng.choice(("A1", "A2")))])
            raised = writing.raise_alert(f"{stay}:{key}", actor=NAIR, step_due_at=at(minute + 2))
            kind = rng.choice((EventKind.ALERT_ACKNOWLEDGED, EventKind.ALERT_CLIMBED))
            header = {"key": raised.header["key"], "kind": "police", "chain_step": 1}
            writing.append(NewEvent(kind, OKAFOR, at(minute), stay=stay, header=header))
        elif choice == 8:
            body = {"name": f"Training {head}", "reference": f"TRAINING/{head}"}
            writing.append(
                NewEvent(
                    EventKind.IDENTITY_RECORDED,
                    OKAFOR,
                    at(minute),
                    stay=stay,
                    person=f"p-{stay}",
                    payloads={"identity": body},
                )
            )
        else:
            writing.append(NewEvent(EventKind.VISIT, OKAFOR, at(minute), stay=stay))


@pytest.mark.parametrize("seed", range(depth(25, 1000)))
def test_a_night_in_any_order_is_rebuilt_to_the_same_rows(record: Record, seed: int):
    with record.writing(now=at(130)) as writing:
        a_night(writing, seed)

    rebuilt = rebuild(record.path, keep=False)

    assert rebuilt.same, [table for table in rebuilt.tables if table.different]
    assert sum(table.rows for table in rebuilt.tables) > 30


def test_a_row_that_was_changed_by_hand_is_named_and_put_right(record: Record):
    with record.writing(now=at(130)) as writing:
        a_night(writing, 1)
    right = record.reading().stay("s-1")
    record.reading()._connection.execute("update stays set suite = 'elsewhere' where id = 's-1'")
    record.reading()._connection.execute("delete from visits")

    compared = rebuild(record.path, keep=False)
    wrong = {table.table for table in compared.tables if table.different}
    assert wrong == {"stays", "visits"}
    assert record.reading().stay("s-1") == replace(right, suite="elsewhere")

    assert not rebuild(record.path).same
    assert rebuild(record.path).same
    assert record.reading().stay("s-1") == right


def test_what_is_only_planned_is_left_alone_by_a_rebuild(record: Record):
    with record.writing(now=at(1)) as writing:
        writing.append(opened("s-1"))
        writing.plan("s-1", [wanted("visit:due:1", 60)])
    rebuild(record.path)

    (alert,) = record.reading().alerts_of("s-1")
    assert alert.due_at - at(0) == timedelta(minutes=60)


def test_a_fold_that_ignored_lateness_would_be_found(
    record: Record, monkeypatch: pytest.MonkeyPatch
):
    """The twin: with the late path planted away, rebuilding finds the wrong row."""
    monkeypatch.setattr("triage.record.folding.is_late", lambda row, event: False)
    with record.writing(now=at(60)) as writing:
        writing.append(opened("s-1"))
        writing.append(happened("s-1", "arrived", 40, place="a_and_e"))
        writing.append(happened("s-1", "arrived", 20, place="home"))

    assert [table.table for table in rebuild(record.path).tables if table.different] == ["stays"]


def test_a_time_given_as_a_time_and_not_as_text_is_rebuilt_to_the_same_row(record: Record):
    """Casework hands in moments; the row must hold what a rebuild reads from the event."""
    header = {
        "key": "s-1:visit:due:1", "to": ["custody_sergeant"], "due_at": at(30), "level": "A2",
        "step_due_at": at(40), "suite": "castle", "source": "visit", "step": "due", "episode": "1",
    }  # fmt: skip
    with record.writing(now=at(60)) as writing:
        writing.append(opened("s-1"))
        writing.append(NewEvent(EventKind.ALERT_RAISED, OKAFOR, at(60), "s-1", header=header))

    assert rebuild(record.path, keep=False).same
