"""Minutes that nobody was waited for, given to a reason by hand: moved, never made."""

from datetime import UTC, datetime, timedelta

from hypothesis import given as drawn
from hypothesis import strategies as st

from triage.domain.attributed import Attribution, given, left
from triage.domain.clocks import Delay, Gap

TEN = datetime(2026, 10, 24, 22, tzinfo=UTC)


def at(minute: float) -> datetime:
    return TEN + timedelta(minutes=minute)


GAPS = (Gap(at(0), at(60)), Gap(at(100), at(130)))
DELAYS = (Delay("unattributed", "gap", 90), Delay("amhp", "waiting_to_arrive", 40))


def test_a_gap_that_is_explained_stands_under_its_reason_and_is_nobodys_no_more():
    said = (Attribution("bed.none_available", at(0), at(60)),)

    assert given(DELAYS, GAPS, said) == (
        Delay("bed", "none_available", 60),
        Delay("amhp", "waiting_to_arrive", 40),
        Delay("unattributed", "gap", 30),
    )
    assert left(GAPS, said) == (GAPS[1],)


def test_only_minutes_of_a_gap_can_be_given_away():
    """From sixty to a hundred the AMHP was waited for: that stays as it was counted."""
    said = (Attribution("bed.none_available", at(50), at(110)),)

    assert given(DELAYS, GAPS, said) == (
        Delay("unattributed", "gap", 70),
        Delay("amhp", "waiting_to_arrive", 40),
        Delay("bed", "none_available", 20),
    )
    assert left(GAPS, said) == (Gap(at(0), at(50)), Gap(at(110), at(130)))


def test_the_last_word_on_a_stretch_is_the_one_that_counts():
    said = (
        Attribution("bed.none_available", at(0), at(60)),
        Attribution("police.not_told", at(30), at(60)),
    )

    assert given(DELAYS, GAPS, said)[1:] == (
        Delay("bed", "none_available", 30),
        Delay("police", "not_told", 30),
        Delay("unattributed", "gap", 30),
    )


def test_minutes_join_those_that_were_counted_under_the_same_reason():
    said = (Attribution("amhp.waiting_to_arrive", at(100), at(130)),)

    assert given(DELAYS, GAPS, said) == (
        Delay("amhp", "waiting_to_arrive", 70),
        Delay("unattributed", "gap", 60),
    )


def test_parts_of_a_minute_stay_with_nobody():
    said = (Attribution("bed.none_available", at(0), at(1.5)),)

    assert Delay("bed", "none_available", 1) in given(DELAYS, GAPS, said)
    assert Delay("unattributed", "gap", 89) in given(DELAYS, GAPS, said)


STRETCHES = st.lists(
    st.tuples(st.sampled_from(("a.x", "b.y")), st.integers(-20, 150), st.integers(1, 90)),
    max_size=6,
)


@drawn(STRETCHES)
def test_minute_by_minute_the_last_attribution_of_a_gap_takes_it(said):
    """The slow reference walks through each minute of each gap."""
    attributions = [Attribution(code, at(since), at(since + n)) for code, since, n in said]
    counted = {"unattributed.gap": 0, "amhp.waiting_to_arrive": 40}
    for minute in [*range(60), *range(100, 130)]:
        codes = [code for code, since, n in said if since <= minute < since + n]
        code = codes[-1] if codes else "unattributed.gap"
        counted[code] = counted.get(code, 0) + 1

    found = given(DELAYS, GAPS, attributions)

    assert {f"{one.partner}.{one.reason}": one.minutes for one in found} == {
        code: minutes for code, minutes in counted.items() if minutes
    }
    rest = sum((gap.until - gap.since for gap in left(GAPS, attributions)), timedelta())
    assert rest == timedelta(minutes=counted["unattributed.gap"])
