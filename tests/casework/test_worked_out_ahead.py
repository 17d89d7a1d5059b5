"""A screening is worked out while others write, and holds only if the record is still the same."""

from dataclasses import replace

import pytest

from tests.casework.conftest import (
    NOW,
    OKAFOR,
    answered,
    custody,
    everything_no,
    minutes,
    opened,
    rulebook,
)
from triage import casework
from triage.casework import screenings, worked_out
from triage.casework.entries import details_of, findings_of
from triage.domain.answers import Details
from triage.domain.errors import InputError, RoleRefused
from triage.record import EventKind, Record
from triage.settings import Settings

LATER = NOW + minutes(5)


@pytest.fixture
def other(service):
    """A second server on the same record."""
    path = service.settings.database
    made = casework.Service(Record.open(path), rulebook(), Settings(path.parent, path))
    yield made
    made.record.close()


def say(service, stay, **answers):
    said = {name: answered(value) for name, value in answers.items()}
    details = everything_no(LATER, answers=said)
    return casework.record_screening(service, stay, details, actor=OKAFOR, now=LATER)


def let_another_desk_write_between(monkeypatch, other, stay):
    """As soon as a version is worked out, another server records that they spoke of suicide."""
    work_out, written = screenings.ahead_of, []

    def and_then(*args):
        found = work_out(*args)
        if not written:
            written.append(True)
            say(other, stay, self_harm_now="yes")
        return found

    monkeypatch.setattr(screenings, "ahead_of", and_then)


def markers(service, saved):
    kept = details_of(service.record.reading().event(saved.seq))
    return [marker.kind for marker in kept.record.markers]


def test_what_another_desk_wrote_meanwhile_is_part_of_the_screening(service, other, monkeypatch):
    stay = opened(service)
    let_another_desk_write_between(monkeypatch, other, stay)

    saved = say(service, stay)

    assert markers(service, saved) == ["suicidal"]
    kept = service.record.reading().event(saved.seq)
    assert findings_of(kept) == worked_out.screen(service.rulebook, details_of(kept))


class AlwaysTheSame(str):
    """A head of the record behind which nobody ever wrote."""

    def __eq__(self, _):
        return True

    __hash__ = None


class AlwaysSaid(Details):
    """Details that say whatever they are compared with."""

    __eq__, __hash__ = AlwaysTheSame.__eq__, None


@pytest.mark.parametrize(
    "believe",
    [
        lambda found: replace(found, behind=AlwaysTheSame()),
        lambda found: replace(found, details=AlwaysSaid(**vars(found.details))),
    ],
)
def test_believing_what_was_worked_out_would_lose_what_another_desk_wrote(
    service, other, monkeypatch, believe
):
    """The twin: each of the two comparisons, when it always agrees."""
    stay = opened(service)
    let_another_desk_write_between(monkeypatch, other, stay)
    between = screenings.ahead_of
    monkeypatch.setattr(screenings, "ahead_of", lambda *args: believe(between(*args)))

    with pytest.raises(AssertionError):
        assert markers(service, say(service, stay)) == ["suicidal"]


def test_what_another_desk_wrote_about_somebody_else_works_nothing_out_again(
    service, other, monkeypatch
):
    mine, theirs = opened(service), opened(service, custody(2))
    worked, screen = [], worked_out.screen
    let_another_desk_write_between(monkeypatch, other, theirs)
    monkeypatch.setattr(worked_out, "screen", lambda *args: worked.append(1) or screen(*args))

    say(service, mine)

    assert len(worked) == 2  # one for each of the two screenings


def test_nobody_waits_for_the_rules_while_a_screening_is_written(service, monkeypatch):
    stay, waited, screen = opened(service), [], worked_out.screen

    def watched(*args):
        waited.append(service.record._mine.writing)
        return screen(*args)

    monkeypatch.setattr(worked_out, "screen", watched)
    say(service, stay)
    say(service, stay, low_or_hopeless="yes")

    assert waited == [False, False]


def test_what_cannot_be_worked_out_ahead_is_refused_where_it_always_was(service):
    with pytest.raises(InputError, match="no stay"):
        say(service, "nowhere")
    stay = opened(service)
    head = service.record.reading().head()
    elsewhere = replace(OKAFOR, suites=("dock_road",))

    with pytest.raises(RoleRefused):
        casework.record_screening(service, stay, everything_no(LATER), actor=elsewhere, now=LATER)
    assert service.record.reading().head() == head


def test_an_engine_that_fails_is_said_once_and_the_words_are_kept(service, monkeypatch, caplog):
    stay = opened(service)

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(worked_out, "screen", broken)
    saved = say(service, stay, low_or_hopeless="yes")

    kept = service.record.reading().event(saved.seq)
    assert (kept.kind, saved.findings) == (EventKind.SCREENING_SAVED, None)
    assert details_of(kept).answers["low_or_hopeless"].value == "yes"
    assert len([each for each in caplog.records if "cannot be evaluated" in each.message]) == 1
