"""What several people were told of one thing is one card at the desk: its keys, its alarm."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.desk.doors import NAIR, Suite
from tests.desk.standing import EMERGENCY, FRAME, Standing
from tests.desk.test_full_keys import told, typed
from triage.desk.full.alarms import Alarms
from triage.desk.full.alerts import Alerts
from triage.desk.full.app import Desk
from triage.desk.served import Served
from triage.desk.whose import ACT, CLOSE, TAKE, endings, meant, not_endings, why_none, yours
from triage.domain.ending_alerts import FOR_HEALTH_STAFF, STILL_HERE
from triage.domain.errors import InputError
from triage.present import desk_screens as words
from triage.present.desk import AlertSheet
from triage.present.endings import ENDINGS
from triage.present.findings import Addressee, Finding, alone

URGENT = replace(EMERGENCY, level="urgent", level_words="Urgent", headline="Cannot go on.")
MINE = replace(URGENT, key="s-vv:screening:urgent.custody_sergeant:9", take="I have it")
NURSES = replace(
    URGENT, key="s-vv:screening:urgent.liaison_nurse:9", for_role=False, may_close=False
)


def finding(*told: Addressee, **changed: object) -> Finding:
    """One finding of which these were told."""
    one = replace(alone(told[0].card), id="f", told=told, for_role=any(e.mine for e in told))
    return replace(one, **changed)


def to(card: object, who: str = "Custody sergeant", *, mine: bool = True) -> Addressee:
    return Addressee(who, ("Nobody has it.",), mine, card, "Nobody has it.")  # type: ignore[arg-type]


BOTH = finding(to(MINE), to(NURSES, "Liaison nurse", mine=False))


def keys(one: Finding, letter: str) -> list[str]:
    return [each.card.key for each in meant((one,), letter)]


# --- whose alert a key acts on


def test_a_key_acts_on_the_alert_of_whoever_presses_it():
    assert [keys(BOTH, letter) for letter in (TAKE, ACT, CLOSE)] == [[MINE.key]] * 3
    assert yours(BOTH)


def test_whoever_has_theirs_does_not_take_anothers_with_the_same_key():
    taken = finding(to(replace(MINE, take="")), to(NURSES, "Liaison nurse", mine=False))

    assert keys(taken, TAKE) == []
    assert why_none(taken, TAKE) == words.YOURS_TAKEN
    assert not yours(taken)


def test_where_others_are_called_the_key_acts_on_what_this_role_may_act_on():
    others = finding(
        to(NURSES, "Liaison nurse", mine=False),
        to(replace(NURSES, key="hcp", may_close=True), "Custody healthcare", mine=False),
    )
    nobody = finding(to(replace(NURSES, take="", may_act=False), "Liaison nurse", mine=False))

    assert (keys(others, TAKE), keys(others, CLOSE)) == ([NURSES.key, "hcp"], ["hcp"])
    assert [each.words for each in meant((others,), TAKE)] == [
        "Urgent: Cannot go on. (Liaison nurse)", "Urgent: Cannot go on. (Custody healthcare)",
    ]  # fmt: skip
    assert [why_none(nobody, letter) for letter in (TAKE, ACT)] == [words.NOT_YOURS] * 2


def test_what_the_sergeant_takes_and_ends_is_theirs_and_the_nurses_stays_open(
    desk: Callable[..., Served], suite: Suite
):
    here, stay = desk(), suite.stays["untaken"]
    [one] = here.sheet(stay).told
    [mine] = meant((one,), TAKE)
    here.acknowledge(mine.card.key, mine.card.kind)
    here.close(mine.card.key, "handed_over", "The nurse is with them")

    [left] = here.sheet(stay).told
    assert [each.mine for each in one.told] == [True, False, False]
    assert [each.who for each in left.told] == [each.who for each in one.told[1:]]
    assert left.id == one.id
    assert keys(left, CLOSE) == [], "health staff end what was meant for them alone"
    assert keys(desk(NAIR).sheet(stay).told[0], CLOSE) != []


def test_the_list_shows_one_card_with_everybody_who_was_told():
    client = Standing()
    client.findings = (BOTH,)

    async def story(desk: Desk) -> None:
        await typed(desk, "a")
        assert isinstance(desk.room, Alerts)
        lines = "\n".join(map(str, desk.room.pane._lines))
        assert lines.count("URGENT") == 1
        assert "Custody sergeant: Nobody has it." in lines
        assert "Liaison nurse: Nobody has it." in lines
        await typed(desk, "t")

    told(client, story)
    assert client.sent == [("acknowledge", MINE.key, {"kind": "police"}, "")]


def test_which_of_several_that_others_are_called_for_is_asked():
    client = Standing()
    other = replace(NURSES, key="hcp")
    client.findings = (finding(to(NURSES, "Nurse", mine=False), to(other, "HCP", mine=False)),)

    async def story(desk: Desk) -> None:
        await typed(desk, "a", "t")
        assert [said for _, _, said in desk.screen.fields[0].options] == [
            "Urgent: Cannot go on. (Nurse)", "Urgent: Cannot go on. (HCP)",
        ]  # fmt: skip
        await typed(desk, "2", "enter", "enter")

    told(client, story)
    assert client.sent == [("acknowledge", "hcp", {"kind": "police"}, "")]


# --- how it may end


def test_a_key_means_the_same_ending_whatever_else_is_offered():
    fewer = tuple(each for each in ENDINGS if each[0] != "released_before_seen")
    card = replace(MINE, endings=fewer, not_endings=("Left: not yet. They have not left.",))
    [one] = meant((finding(to(card)),), CLOSE)
    both = (one, replace(one, card=MINE))

    assert [key for key, _, _ in endings((one,))] == ["1", "2", "3", "4", "5", "7", "8"]
    assert endings(both) == endings((one,)), "what one of them cannot have is offered for neither"
    assert not_endings(both) == card.not_endings
    assert [id for _, id, _ in endings((replace(one, card=MINE),))] == [id for id, _ in ENDINGS]


def test_the_desk_says_what_an_ending_waits_for_and_offers_none_that_is_refused(
    desk: Callable[..., Served], suite: Suite
):
    here, stay = desk(), suite.stays["untaken"]
    found = meant(here.sheet(stay).told, CLOSE)

    assert "released_before_seen" not in {id for _, id, _ in endings(found)}
    assert not_endings(found) == (f"Left before they were seen: not yet. {STILL_HERE}",)
    with pytest.raises(InputError, match="They have not left"):
        here.close(found[0].card.key, "released_before_seen", "TRAINING")


def test_why_somebody_elses_alert_is_not_ended_here_is_said():
    theirs = replace(NURSES, not_endings=(FOR_HEALTH_STAFF,))

    assert why_none(finding(to(theirs, "Nurse", mine=False)), CLOSE) == FOR_HEALTH_STAFF


# --- alarms


def heard(alarms: Alarms, *found: Finding) -> bool:
    return alarms.hear(AlertSheet(**vars(FRAME), heading="", cards=(), ahead=(), findings=found))


FIRST = finding(to(EMERGENCY), id="e")


def test_somebody_else_who_is_told_of_an_emergency_is_no_new_alarm():
    alarms = Alarms()
    heard(alarms)
    more = finding(to(EMERGENCY), to(replace(EMERGENCY, key="2"), "Lead nurse", mine=False), id="e")

    assert (heard(alarms, FIRST), heard(alarms, more), len(alarms.new)) == (True, False, 1)


def test_an_alarm_for_each_alert_would_sound_twice():
    """The twin: an older service, which does not say what is one finding."""
    alarms = Alarms()
    heard(alarms)
    sheet = AlertSheet(**vars(FRAME), heading="", cards=(EMERGENCY,), ahead=())
    more = replace(sheet, cards=(EMERGENCY, replace(EMERGENCY, key="2")))

    assert (alarms.hear(sheet), alarms.hear(more), len(alarms.new)) == (True, True, 2)


def test_an_emergency_that_calls_this_role_only_now_is_an_alarm():
    alarms = Alarms()
    theirs = finding(to(EMERGENCY, "Liaison nurse", mine=False), id="e")
    heard(alarms, theirs)

    assert not heard(alarms, theirs)
    assert heard(alarms, finding(to(EMERGENCY), *theirs.told, id="e"))


def test_a_finding_that_becomes_an_emergency_is_an_alarm():
    alarms = Alarms()
    heard(alarms, replace(FIRST, level="urgent"))

    assert heard(alarms, FIRST)


def test_what_somebody_had_and_nobody_has_any_more_is_an_alarm_again():
    alarms = Alarms()
    heard(alarms, FIRST)
    taken = finding(to(replace(EMERGENCY, take="")), id="e")

    assert [heard(alarms, each) for each in (taken, FIRST, FIRST)] == [False, True, False]
