"""All eight beats of the Saturday night, as the issue tells them."""

from datetime import UTC, datetime, timedelta

import pytest

from triage.domain import london
from triage.domain.clocks import Clock, ClockState
from triage.domain.findings import Findings
from triage.present.forms import HAPPENED_TWICE

from .conftest import Seen, Told


def london_at(text: str, fold: str | None = None) -> datetime:
    return london.from_wall(datetime.fromisoformat(text), fold).astimezone(UTC)


def findings(seen: Seen, who: str) -> Findings:
    found = seen.care[who].findings
    assert found is not None
    return found


def clock(seen: Seen, who: str, name: str) -> Clock:
    said = seen.stays[who].clocks
    assert said is not None
    return next(each for each in said.clocks if each.clock == name)


def alerts(seen: Seen, who: str, level: str) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Source and step, the roles told, and who has it, of the open alerts of a level."""
    return [
        (f"{a.source}.{a.step}", a.to_roles, [holder.name for holder in a.holders])
        for a in seen.stays[who].alerts
        if a.level == level
    ]


# ------------------------------------------------------------------ the stage


def test_the_night_is_told_in_the_order_of_the_clock(told_night: Told):
    at = [seen.scene.at for seen in told_night.seen]

    assert at == sorted(at)
    assert {seen.scene.beat for seen in told_night.seen} == set(range(1, 9))


def test_every_act_of_the_story_fits(told_night: Told):
    assert told_night.stage.player.left == []


def test_everybody_of_the_night_is_invented_and_marked(told_night: Told):
    stays = told_night.stage.service.record.reading().open_stays()

    assert stays
    assert all(stay.training for stay in stays)
    assert all(
        held.opening["number"].startswith("TRAINING/") for held in told_night.night.people.values()
    )


def test_every_line_that_is_told_is_marked_as_training(told_night: Told):
    lines = [line for seen in told_night.seen for line in seen.told]

    assert all(line.startswith("TRAINING") for line in lines)


# ------------------------------------------------------------------ the beats


def test_beat_1_says_how_many_answers_found_nothing_and_no_more(told_night: Told):
    seen = told_night.at(1)
    found = findings(seen, "ryan")

    assert (found.nothing_found, found.answered) == (True, (29, 29))
    assert "No flags raised from 29 of 29 answers" in seen.text
    assert [(d.route, d.outcome) for d in seen.care["ryan"].decisions] == [
        ("liaison_nurse", "offered"),
        ("liaison_nurse", "declined"),
    ]
    assert seen.stays["ryan"].alerts == ()


def test_beat_2_is_an_emergency_with_999_first_for_desk_and_healthcare(told_night: Told):
    seen = told_night.at(2)
    found = findings(seen, "marcus")
    emergencies = alerts(seen, "marcus", "A1")

    assert found.do_now[0].words == "Hospital now: call 999."
    assert emergencies
    assert all({"custody_sergeant", "custody_hcp"} <= set(to) for _, to, _ in emergencies)
    assert seen.scene.at == london_at("2026-10-24T20:15")
    assert seen.text.index("CALL 999 FIRST") < seen.text.index("EMERGENCY head injury")


def test_beat_3_finds_five_needs_and_lets_the_record_stand_against_never(told_night: Told):
    found = findings(told_night.at(3), "denise")
    suggested = {route.route for route in found.routes if route.status == "suggested"}

    assert {need.need for need in found.needs} == {
        "mental_health", "suicide_self_harm", "alcohol", "housing", "women",
    }  # fmt: skip
    assert [conflict.id for conflict in found.conflicts] == ["self_harm_ever"]
    assert [each.need for each in found.not_excluded] == ["suicide_self_harm"]  # she refused
    assert {"link_worker", "womens_centre"} <= suggested
    assert told_night.night.people["denise"].opening["arrests_12m"] == 11


def test_beat_3_says_why_drugs_is_not_one_of_them(told_night: Told):
    text = told_night.at(3).text

    assert "Why not drugs? Drugs: No (not found)." in text
    assert "Nearest rule" in text


def test_beat_3_gives_the_nurse_three_lines_out_of_fourteen_people(told_night: Told):
    seen = told_night.at(3, 2)

    assert seen.scene.at == london_at("2026-10-24T21:05")
    assert seen.worklist.people == 14
    assert [(line.initials, [h.name for h in line.holders]) for line in seen.worklist.lines] == [
        ("DA", []),
        ("LB", ["Nurse Nair"]),
        ("DF", ["Nurse Nair"]),
    ]


def test_beat_3_consents_to_the_centre_and_not_to_the_council(told_night: Told):
    seen = told_night.at(3, 3)
    consents = {d.to: d.outcome for d in seen.care["denise"].decisions if d.kind == "consent"}
    routes = {d.route: d.outcome for d in seen.care["denise"].decisions if d.kind == "route"}
    hers = next(line for line in seen.worklist.lines if line.initials == "DA")

    assert consents == {
        "Bridge House women's centre (training example)": "yes",
        "Northgate link workers (training example)": "yes",
        "Eastmere Council housing options (training example)": "no",
    }
    assert (routes["womens_centre"], routes["housing_referral"]) == ("accepted", "declined")
    assert [holder.name for holder in hers.holders] == ["Nurse Nair"]
    assert seen.worklist.people == 14


def test_beat_4_is_urgent_by_the_offence_alone(told_night: Told):
    seen = told_night.at(4)
    found = findings(seen, "alan")
    urgent = [reason.rule for need in found.needs for reason in need.reasons
              if reason.urgency.word == "urgent"]  # fmt: skip

    assert found.answered == (29, 29)
    assert urgent == ["sexual-offence"]


def test_beat_4_tells_the_fallback_and_the_desk_knows_it(told_night: Told):
    seen = told_night.at(4)
    hers = next(a for a in seen.stays["alan"].alerts if a.step == "urgent.liaison_nurse")
    messages = (told_night.stage.folder / "messages.txt").read_text(encoding="utf-8").splitlines()

    assert hers.to_roles == ("liaison_nurse", "custody_hcp")
    assert "the custody healthcare professional is told" in hers.words
    assert "the custody healthcare professional is told" in seen.text
    assert any(
        line.startswith("Sat 24 Oct 2026 22:40 BST  to HCP Haines:") and hers.code in line
        for line in messages
    )
    assert not any("22:40 BST  to Nurse Nair" in line for line in messages)


def test_beat_4_lists_four_gaps_and_then_none_is_left(told_night: Told):
    seen = told_night.at(4, 2)
    left = told_night.at(4, 3).stays["alan"]
    released = next(entry for entry in left.timeline if entry.kind == "released")

    assert sorted(gap.id.split(":")[0] for gap in seen.gaps) == ["alert", "night", "plan", "told"]
    assert "Release check of Alan Whitlock: 4 gaps." in seen.text
    assert released.parts["gaps"] == []
    assert released.parts["handed_to"] == "His sister, who collects him"
    assert "Sunday at 11:00" in released.parts["plan"]


def test_beat_5_lapses_twenty_four_real_hours_after_the_arrival(told_night: Told):
    period = clock(told_night.at(5), "kieran", "permitted_period")

    assert period.started_at == london_at("2026-10-24T23:10")
    assert period.due_at == london_at("2026-10-25T22:10")
    assert period.due_at - period.started_at == timedelta(hours=24)


def test_beat_5_counts_the_hour_that_the_wall_clock_hides(told_night: Told):
    seen = told_night.at(5, 2)
    handover = clock(seen, "kieran", "handover")

    assert handover.started_at and handover.ended_at
    assert handover.ended_at - handover.started_at == timedelta(hours=3, minutes=55)
    assert "Handover took 3 h 55 min. The wall clock would have said 2 h 55 min." in seen.text
    assert told_night.night.people["kieran"].officers == 2
    assert "Officer-hours: 2 officers, 7 h 50 min." in seen.text


def test_beat_5_moves_him_and_leaves_the_clock_alone(told_night: Told):
    before, after = told_night.at(5, 2), told_night.at(5, 3)

    assert after.section136["kieran"].place == "health_based_place_of_safety"
    assert before.section136["kieran"].place == "a_and_e"
    assert (
        clock(before, "kieran", "permitted_period").due_at
        == clock(after, "kieran", "permitted_period").due_at
        == london_at("2026-10-25T22:10")
    )


def test_beat_5_misses_a_target_and_breaches_nothing(told_night: Told):
    seen = told_night.at(5, 4)
    begins = clock(seen, "kieran", "assessment_begins")
    states = {each.state for each in seen.section136["kieran"].passed}

    assert begins.ended_at == london_at("2026-10-25T04:20")
    assert begins.state is ClockState.TARGET_MISSED
    assert states == {ClockState.TARGET_MISSED}


def test_beat_6_refuses_the_station_to_a_child_with_the_law(told_night: Told):
    seen = told_night.at(6)
    refused = [e for e in seen.stays["jade"].timeline if e.parts.get("refused")]

    assert [e.parts["refused"] for e in refused] == ["station_authorised"]
    assert refused[0].parts["law_rows"] == ["S136A-CHILD"]
    assert "REFUSED. The law: MHA 1983 s136A" in seen.text
    assert not any(e.kind == "authorisation" for e in seen.stays["jade"].timeline)


def test_beat_6_logs_the_places_asked_and_tells_the_inspector(told_night: Told):
    seen = told_night.at(6)
    asked = [e for e in seen.stays["jade"].timeline if e.what == "place_asked"]
    told = alerts(seen, "jade", "A2")

    assert [e.parts["event"]["extra"]["answer"] for e in asked] == ["full", "refused"]
    assert [(source.split(".")[0], to) for source, to, _ in told] == [
        ("child_station_proposed", ("duty_inspector", "control_room"))
    ]


def test_beat_6_ends_in_a_and_e(told_night: Told):
    seen = told_night.at(6, 2)
    arrived = [e for e in seen.stays["jade"].timeline if e.what == "arrived"]

    assert [e.occurred_at for e in arrived] == [london_at("2026-10-25T00:25")]
    assert seen.section136["jade"].place == "a_and_e"
    assert seen.section136["jade"].unlawful == ()


def test_beat_7_was_authorised_before_the_arrival(told_night: Told):
    seen = told_night.at(7)
    authorised = [e for e in seen.stays["tomasz"].timeline if e.kind == "authorisation"]

    assert [(e.by, e.occurred_at) for e in authorised] == [
        ("Insp Marsh", london_at("2026-10-25T00:05"))
    ]
    assert seen.section136["tomasz"].unlawful == ()
    assert clock(seen, "tomasz", "health_check").due_at == london_at("2026-10-25T01:15", "first")


def test_beat_7_misses_a_check_and_alerts_the_desk_and_the_inspector(told_night: Told):
    seen = told_night.at(7, 2)
    emergencies = alerts(seen, "tomasz", "A1")
    check = next(c for c in seen.section136["tomasz"].passed if c.clock == "health_check")

    assert [source for source, _, _ in emergencies] == ["health_check.due"]
    assert {"custody_sergeant", "duty_inspector"} <= set(emergencies[0][1])
    assert check.state is ClockState.BREACH
    assert check.due_at == london_at("2026-10-25T01:15", "first")
    alert = next(a for a in seen.stays["tomasz"].alerts if a.level == "A1")
    assert (alert.due_at, alert.late_seconds) == (check.due_at, 0)


def test_beat_7_asks_first_or_second_and_names_both(told_night: Told):
    seen = told_night.at(7, 3)
    with pytest.raises(london.RepeatedTime) as asked:
        london.from_wall(datetime.fromisoformat("2026-10-25T01:32"))

    assert (asked.value.first, asked.value.second) == (
        london_at("2026-10-25T01:32", "first"),
        london_at("2026-10-25T01:32", "second"),
    )
    assert HAPPENED_TWICE in " ".join(seen.text.split())  # as the form says it to a person
    assert "01:32 BST" in seen.text
    assert "01:32 GMT" in seen.text
    checks = [e.occurred_at for e in seen.stays["tomasz"].timeline if e.what == "health_check"]
    assert checks[-1] == asked.value.first


def test_beat_8_says_since_when_no_power_is_recorded(told_night: Told):
    line = told_night.at(8).section136["leroy"]

    assert (line.power, line.none_since) == (None, london_at("2026-10-25T06:10"))
    assert "Power recorded: none since 06:10 GMT" in told_night.at(8).text


def test_beat_8_hands_both_suites_over_by_difference(told_night: Told):
    handovers = told_night.at(8, 2).handovers

    assert told_night.at(8, 2).scene.at == london_at("2026-10-25T07:00")
    assert {found.since for found in handovers.values()} == {london_at("2026-10-24T19:00")}
    kinds = {c.initials: c.kind for c in handovers["castle_street"].changes}
    assert (kinds["LB"], kinds["DA"], kinds["AW"]) == ("changed", "arrived", "left")


def test_beat_8_gives_the_nurse_her_list_at_eight(told_night: Told):
    seen = told_night.at(8, 3)

    assert seen.scene.at == london_at("2026-10-25T08:00")
    assert [line.initials for line in seen.worklist.lines] == ["LB", "AW", "DA", "JS"]


def test_beat_8_adds_up_minutes_by_partner(told_night: Told):
    seen = told_night.at(8, 3)
    minutes = sum(
        delay.minutes
        for who in ("kieran", "jade", "tomasz")
        for delay in (seen.stays[who].clocks.delays if seen.stays[who].clocks else ())
        if (delay.partner, delay.reason) == ("place_of_safety", "handover")
    )

    assert minutes == 230  # Kieran 220, Jade 10
    assert f"{minutes} min Place of safety: handover" in seen.text


def test_beat_8_ends_with_one_line_for_the_commissioner(told_night: Told):
    line = told_night.at(8, 3).told[-1]

    assert line == (
        "TRAINING  For the commissioner, needs with no route tonight: housing 1, mental health 1."
    )
