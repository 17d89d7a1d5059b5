"""The one list of what can be recorded, for the page and the terminal: nothing is missing in it."""

from datetime import UTC, datetime

import pytest

from triage.casework import AUTHORITIES, Expected
from triage.domain.roles import Role
from triage.domain.timeline import KINDS
from triage.present import entries, events
from triage.present.desk import Frame
from triage.present.recordable import OfferedGroup, asked, recordable

NOW = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
FRAME = Frame(
    at=NOW, timers="", stale=False, training=True, trouble="", who="", role="custody_sergeant",
    suites=(), idle_minutes=15,
)  # fmt: skip


def found(*fits: str, gives: tuple[str, ...] = (), hardly: tuple[str, ...] = ()) -> Expected:
    return Expected(
        "s-1", NOW, frozenset(fits), frozenset(gives), frozenset(hardly), arrest=True,
        by="TRAINING Okafor", role="custody_sergeant",
    )  # fmt: skip


def ids(groups: tuple[OfferedGroup, ...]) -> list[str]:
    return [kind.id for group in groups for kind in group.kinds]


@pytest.mark.parametrize("fits", [("charged",), ("charged", "arrived", "woke"), tuple(KINDS)])
def test_what_hardly_fits_stands_behind_what_does_and_nothing_is_missing(fits):
    listed = recordable(found(*fits), FRAME)
    every = [kind.id for group in events.HAPPENED for kind in group.kinds]

    assert set(ids(listed.happened)) == set(fits) & set(every)
    assert sorted([*ids(listed.happened), *ids(listed.besides)]) == sorted(every)


def test_an_authority_that_hardly_fits_stands_behind_the_others_and_can_be_given():
    listed = recordable(
        found("charged", gives=("pace_extended",), hardly=("detention_authorised",)), FRAME
    )
    behind = [(each.words, kind.id) for each in listed.besides for kind in each.kinds
              if not kind.happened]  # fmt: skip

    assert ids(listed.authorities) == ["pace_extended"]
    assert behind == [("GIVE AN AUTHORITY: PACE", "detention_authorised")]


def test_somebody_who_records_nothing_is_offered_nothing():
    listed = recordable(found(), FRAME)

    assert (listed.happened, listed.besides, listed.authorities) == ((), (), ())


def test_of_somebody_arrested_pace_stands_first():
    listed = recordable(found(*KINDS, gives=AUTHORITIES), FRAME)

    assert (listed.happened[0].words, listed.authorities[0].words) == ("PACE", "PACE")
    assert set(ids(listed.authorities)) == set(AUTHORITIES)


def test_a_form_asks_the_role_and_begins_with_whoever_gives_it():
    kind = events.kind(events.HAPPENED, "extension_authorised")
    assert kind is not None
    given = asked(kind, happened=False, by="TRAINING Okafor", role=Role.CUSTODY_SERGEANT)
    told = asked(kind, happened=True, by="TRAINING Okafor", role=Role.CUSTODY_SERGEANT)

    assert [each.name for each in given] == ["hours", "ground", "place", "by", "role"]
    assert [each.held for each in given] == ["", "", "", "TRAINING Okafor", "custody_sergeant"]
    assert [each.held for each in told] == ["", "", "", "", "custody_sergeant"]


def test_the_legal_owners_decision_asks_nobody_for_a_role_and_no_name_stands_there():
    asks = asked(events.LEGAL_OWNER, happened=False, by="TRAINING Marsh", role="duty_inspector")

    assert asks == events.LEGAL_OWNER.asks


def test_each_form_says_above_it_whether_it_can_be_refused():
    listed = recordable(found("charged", gives=("pace_extended",)), FRAME)

    assert listed.happened[0].kinds[0].lead == entries.HAPPENED_LEAD
    assert listed.authorities[0].kinds[0].lead == entries.AUTHORITY_LEAD
    assert listed.authorities[0].kinds[0].when == "When is it given?"
