"""What health staff write of somebody reaches no police role by any door, whatever became of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from triage.casework import corrections
from triage.domain.roles import CLINICAL_ROLES, Group, Role

from .conftest import House, Terminal
from .test_api import opened
from .test_pages import run_the_timers

NOT_HEALTH = sorted(set(Role) - CLINICAL_ROLES)
_NOBODY = ("static", "favicon")  # files, about nobody
AT = "2026-10-24T19:40:00Z"
SUITE = "castle_street"
CUSTODY = {
    "kind": "custody", "suite": SUITE, "opened_at": "2026-10-24T18:00:00Z", "offence": "theft",
}  # fmt: skip
SCREEN = {
    "nation": "england", "stage": "arrest", "offence": "theft", "person": {"age": 38},
    "observations": {"rouse": "alert"},
}  # fmt: skip


def sent(answer: Any) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.json
    found: dict[str, Any] = answer.json
    return found


class Written:
    """Words of health staff, each of them another one, so that it is known where each came out."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    def __call__(self, what: str) -> str:
        return self.words.setdefault(what, f"Kanarien{len(self.words):02d} {what}")

    def seen_in(self, text: str) -> set[str]:
        return {what for what, words in self.words.items() if words.partition(" ")[0] in text}


def custody(terminal: Terminal, number: int, **more: Any) -> str:
    return opened(terminal, {**CUSTODY, "reference": f"TRAINING/H{number}", **more})


def a_night_of_health_staff(house: House, say: Written) -> list[str]:
    """Two people about whom a nurse and an HCP write all that they can; the stays."""
    desk = house.terminal(Role.CUSTODY_SERGEANT)
    hcp, nurse = house.terminal(Role.CUSTODY_HCP), house.terminal(Role.LIAISON_NURSE)
    wrong, right = custody(desk, 1), custody(desk, 2)
    health = {"kind": "self_harm", "origin": "health", "words": say("a health marker")}
    screen = {**SCREEN, "record": {"markers": [health]}}
    sent(hcp.post(f"/stays/{wrong}/screenings", screen))
    note = {"group": "clinical", "occurred_at": AT}
    sent(hcp.post(f"/stays/{wrong}/notes", {**note, "words": say("a note")}))
    moved = sent(hcp.post(f"/stays/{wrong}/notes", {**note, "words": say("a note that is moved")}))
    visited = sent(hcp.post(f"/stays/{wrong}/visits", {"occurred_at": AT, "seen": say("a visit")}))
    roused = {"occurred_at": AT, "rouse": False, "seen": say("a rousing check")}
    sent(hcp.post(f"/stays/{wrong}/rousings", roused))
    event = {"kind": "health_check", "occurred_at": AT, "words": say("an event")}
    corrected = sent(hcp.post(f"/stays/{wrong}/events", event))
    given = {"given": True, "to": "the GP", "occurred_at": AT, "words": say("a consent")}
    sent(nurse.post(f"/stays/{wrong}/consents", given))
    route = {
        "outcome": "declined",
        "route": "crisis_team",
        "reason": say("a reason"),
        "words": say("words of a decision"),
        "group": "clinical",
        "occurred_at": AT,
    }
    sent(nurse.post(f"/stays/{wrong}/routes", route))
    run_the_timers(house)
    alerts = sent(nurse.get("/alerts"))["lines"]
    assert {alert["level"] == "A1" for alert in alerts} == {True, False}
    for alert in alerts:
        path = f"/alerts/{alert['key']}"
        sent(nurse.post(f"{path}/acknowledge", {"kind": "clinical"}))
        sent(nurse.post(f"{path}/act", {"done": say("what was done")}))
        if alert["level"] == "A1":
            ended = {"outcome": "handed_over", "words": say("how it ended")}
            sent(nurse.post(f"{path}/close", ended))
        else:
            sent(nurse.post(f"{path}/cancel", {"reason": say("why it was cancelled")}))
    slip = {"reason": say("why it was corrected"), "occurred_at": "2026-10-24T19:35:00Z"}
    sent(hcp.post(f"/events/{corrected['seq']}/corrections", slip))
    never = {"reason": say("why it was withdrawn"), "withdrawn": True}
    sent(hcp.post(f"/events/{visited['seq']}/corrections", never))
    to = {"seq": moved["seq"], "to_stay": right, "reason": say("why it was moved")}
    sent(nurse.post(f"/stays/{wrong}/right-person", to))
    who = {"name": "TRAINING Other", "reason": say("how it was found out")}
    sent(nurse.post(f"/stays/{right}/wrong-person", who))
    left = {"occurred_at": AT, "to": "home", "reason": "not_given"}
    sent(desk.post(f"/stays/{wrong}/release", left))
    person = house.record.reading().stay(wrong).person
    back = custody(desk, 3, person=person)
    sent(desk.post(f"/stays/{back}/screenings", SCREEN))
    return [wrong, right, back]


def asked(house: House, stays: list[str]) -> Iterator[str]:
    """Each address that can be looked at, with each person, alert and entry in its place."""
    reading = house.record.reading()
    alerts = [alert.key for stay in stays for alert in reading.alerts_of(stay)]
    entries = [str(event.seq) for stay in stays for event in reading.stay_events(stay)]
    fill = {"stay": stays, "alert": alerts, "seq": entries, "name": ["head_injury"],
            "secret": ["x"], "duty": ["0" * 16]}  # fmt: skip
    adapter = house.app.url_map.bind("localhost")
    for rule in house.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in _NOBODY:
            continue
        places: list[dict[str, str]] = [{}]
        for name in sorted(rule.arguments):
            places = [{**each, name: value} for each in places for value in fill[name]]
        for each in places:
            yield adapter.build(rule.endpoint, each, "GET")


def all_that_is_shown(house: House, role: Role, stays: list[str]) -> str:
    browser, terminal = house.browser(role), house.terminal(role)
    found = []
    for path in dict.fromkeys(asked(house, stays)):
        if path.startswith("/api/v1/"):
            answer = terminal.get(path.removeprefix("/api/v1"))
        else:
            answer = browser.get(path)
        assert answer.status_code < 500, (path, answer.text[:300])
        found.append(answer.get_data().decode("utf-8", "replace"))
    return "\n".join(found)


@pytest.mark.parametrize("role", NOT_HEALTH)
def test_no_door_tells_police_what_health_staff_wrote(house: House, role: Role):
    """Of somebody who was screened, corrected, moved, taken for another, released and back."""
    say = Written()
    stays = a_night_of_health_staff(house, say)

    assert say.seen_in(all_that_is_shown(house, role, stays)) == set()


def test_health_staff_read_all_of_it_at_the_same_doors(house: House):
    """The twin: it is on the record, and it would be found where police read it."""
    say = Written()
    stays = a_night_of_health_staff(house, say)

    assert say.seen_in(all_that_is_shown(house, Role.LIAISON_NURSE, stays)) == set(say.words)


def test_why_it_was_corrected_is_kept_from_police_in_what_an_older_release_wrote_too(
    house: House, monkeypatch
):
    monkeypatch.setattr(corrections, "own_words", lambda actor: Group.POLICE)
    say = Written()
    stays = a_night_of_health_staff(house, say)

    shown = say.seen_in(all_that_is_shown(house, Role.CUSTODY_SERGEANT, stays))
    assert shown == set()


def test_why_the_desk_corrected_something_stands_on_its_page(house: House):
    desk = house.terminal(Role.CUSTODY_SERGEANT)
    stay = custody(desk, 1)
    visited = sent(desk.post(f"/stays/{stay}/visits", {"occurred_at": AT}))
    slip = {"reason": "Read off the wrong line.", "occurred_at": "2026-10-24T19:35:00Z"}
    sent(desk.post(f"/events/{visited['seq']}/corrections", slip))

    page = house.browser(Role.CUSTODY_SERGEANT).get(f"/stays/{stay}").text
    assert "Read off the wrong line." in page
