"""What leaves leaves once for each day of a suite, and stands as it was known then."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.cases.review.detentions import FIRST, SUITES, Story, stories
from tests.casework.conftest import LEAD, MARSH, OKAFOR, happened, rulebook
from tests.casework.test_review import put
from tests.fresh import fresh_record
from triage import casework
from triage.casework import review, review_published
from triage.domain.errors import InputError, NotAllowed, RoleRefused
from triage.domain.published import Kind, Period
from triage.present import figures
from triage.present import review_words as words
from triage.record import EventKind, verify
from triage.settings import Settings

AT = FIRST + timedelta(weeks=13)
MONDAY = FIRST.date()


def weeks(first: int, after: int, *suites: str) -> Period:
    """Whole weeks of the stretch, counted from its first."""
    days = (MONDAY + timedelta(weeks=first), MONDAY + timedelta(weeks=after))
    return Period(Kind.PACK, *days, suites)


@pytest.fixture(scope="module")
def told() -> list[Story]:
    return list(stories(40))


@pytest.fixture
def filled(tmp_path, told):
    """Forty invented detentions of thirteen weeks on a record of their own."""
    record = fresh_record(tmp_path / "triage.db")
    service = casework.Service(
        record, rulebook(), Settings(tmp_path, tmp_path / "triage.db", training=True)
    )
    for story in told:
        put(service, story)
    yield service
    record.close()


def leaves(service, period: Period, now=AT) -> casework.Published:
    return casework.let_pack_leave(service, period, actor=MARSH, now=now)


def in_all(made: figures.Figures) -> str:
    [sheet] = [each for each in made.tables if each.id == "waits_detention"]
    return sheet.caption.removeprefix("Detained under Section 136 or 135: ")


def looked(service, period: Period) -> casework.Review:
    since, until = (FIRST + (day - MONDAY) for day in (period.first, period.after))
    return review.review(
        service, period.suites, since=since, until=until, actor=MARSH, now=AT
    )  # fmt: skip


def test_thirteen_weeks_and_then_twelve_of_them_are_refused_with_what_to_ask_for(filled):
    leaves(filled, weeks(0, 13))

    with pytest.raises(NotAllowed) as refused:
        leaves(filled, weeks(0, 12))

    assert str(refused.value) == (
        "The pack of 29 June 2026 to 27 September 2026 has left already (all suites). Taken from "
        "each other, figures of overlapping days would give small numbers away. Ask for that one "
        "again, for days that have not left, or for exact figures inside the force."
    )
    assert len(filled.record.reading().published_figures()) == 1


def test_the_two_together_would_have_given_a_small_number_away(filled, told):
    """The twin: both tables without the rule, one taken from the other."""
    practice = filled.rulebook.practice
    longer, shorter = weeks(0, 13), next(
        period for period in (weeks(0, n) for n in range(12, 5, -1))
        if 0 < sum(_decided(story, period.after) for story in told) < 5
    )  # fmt: skip
    whole, less = (
        in_all(figures.leaving(looked(filled, each), practice)) for each in (longer, shorter)
    )
    rest = weeks(shorter.weeks, 13)

    gone = int(whole.split()[0]) - int(less.split()[0])
    assert in_all(figures.leaving(looked(filled, rest), practice)) == f"{words.FEW} in all"
    assert gone == sum(_decided(story, shorter.after) for story in told)


def _decided(story: Story, since: date) -> bool:
    return (story.decided + timedelta(minutes=story.arrived)).date() >= since


def test_the_same_weeks_asked_again_come_out_as_they_left_whatever_was_typed_since(filled, told):
    first = leaves(filled, weeks(0, 13))
    late = casework.Opening(
        kind=casework.StayKind.SECTION136, suite="castle_street", reference="TRAINING/LATE",
        opened_at=FIRST + timedelta(days=3), stage="section136", training=True,
        events=(
            happened("s136_decided", FIRST + timedelta(days=3), limb="remove"),
            happened("arrived", FIRST + timedelta(days=3), place="a_and_e"),
        ),
    )  # fmt: skip
    casework.open_stay(filled, late, actor=MARSH, now=AT)

    again = leaves(filled, weeks(0, 13), AT + timedelta(days=1))

    assert (again.seq, again.at, again.figures) == (first.seq, first.at, first.figures)
    assert again.repeated and not first.repeated
    anew = figures.leaving(looked(filled, weeks(0, 13)), filled.rulebook.practice)
    assert in_all(anew) != in_all(first.figures)  # the twin: one more, had it been counted anew


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (weeks(0, 4), weeks(3, 7)),  # four weeks that roll on
        (weeks(0, 13), weeks(12, 13)),  # the last week of a quarter
        (weeks(0, 4), weeks(0, 4, "north_quay")),  # one suite of all
        (weeks(0, 4, "north_quay"), weeks(0, 4)),
        (weeks(0, 4, "castle_street", "north_quay"), weeks(0, 4, "harbour_view", "north_quay")),
    ],
)
def test_what_shares_a_day_of_a_suite_with_what_left_is_refused(filled, first, then):
    leaves(filled, first)

    with pytest.raises(NotAllowed, match="has left already"):
        leaves(filled, then)


def test_weeks_and_suites_that_share_nothing_leave_one_after_another(filled):
    apart = [weeks(0, 4, "north_quay"), weeks(0, 4, "castle_street"), weeks(4, 5), weeks(5, 13)]

    left = [leaves(filled, each).period for each in apart]

    assert left == apart
    assert [each.period for each in review_published.left(filled, actor=MARSH)] == apart


def test_the_run_chart_of_a_pack_has_the_weeks_that_left_and_gaps_for_the_others(filled):
    for each in (weeks(0, 4), weeks(4, 8), weeks(8, 12, *SUITES)):
        leaves(filled, each)

    before = review_published.before(filled, weeks(4, 8), actor=MARSH)

    assert len(before) == 2


def test_the_annual_return_leaves_when_the_year_is_over_and_no_pack_of_it_has_left(filled):
    over = AT + timedelta(days=200)
    year = {"on": date(2026, 7, 1), "actor": MARSH}

    with pytest.raises(InputError, match="ends on 31 March 2027"):
        casework.let_return_leave(filled, (), now=AT, **year)
    left = casework.let_return_leave(filled, (), now=over, **year)
    with pytest.raises(NotAllowed, match="The annual return of 1 April 2026 to 31 March 2027"):
        leaves(filled, weeks(0, 13), over)

    assert next(sheet.id for sheet in left.figures.tables) == "return_first_place"
    assert casework.let_return_leave(filled, (), now=over, **year).repeated


def test_figures_leave_by_whoever_reviews_and_for_their_suites_alone(filled):
    ours = replace(LEAD, suites=("north_quay",))
    with pytest.raises(RoleRefused):
        casework.let_pack_leave(filled, weeks(0, 4), actor=OKAFOR, now=AT)
    with pytest.raises(RoleRefused, match="castle_street"):
        review_published.period_of_pack(
            MONDAY, MONDAY + timedelta(weeks=4), ("castle_street",), actor=ours, now=AT
        )
    leaves(filled, weeks(0, 4, "castle_street"))
    mine = casework.let_pack_leave(filled, weeks(0, 4, "north_quay"), actor=ours, now=AT)

    assert review_published.left(filled, actor=ours) == (mine,)


def test_what_left_is_on_the_chain_of_events_with_who_let_it_leave(filled, tmp_path):
    leaves(filled, weeks(0, 13))

    [event] = filled.record.reading().published_figures()
    assert (event.kind, event.actor.name, event.stay) == (
        EventKind.FIGURES_PUBLISHED, MARSH.name, None,
    )  # fmt: skip
    assert "TRAINING/INC" not in str(event.body)
    assert verify(tmp_path / "triage.db", full=True).ok
