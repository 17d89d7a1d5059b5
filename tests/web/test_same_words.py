"""One word for one thing wherever it is read: a page, a list, a telephone, a summary, a print."""

from dataclasses import replace

import pytest

from triage import casework
from triage.casework import letters, sending
from triage.casework.codes import code_of
from triage.channels.messages import Outcome, Sent
from triage.domain.roles import Role
from triage.present.alert_sheet import alert_rows
from triage.present.alerts import level_words
from triage.present.screening_words import in_words
from triage.present.words import said
from triage.record import Actor
from triage.settings import Mail

from .conftest import House
from .reading import Page
from .test_worklist_pages import somebody

NURSE = Actor("n", "Nurse Nair", "liaison_nurse")


@pytest.fixture
def person(house: House) -> str:
    """Somebody about whom there is something at every level."""
    return somebody(house, **{"o.rouse": "none"})


def alerts_of(house: House, person: str):
    found = house.record.reading().alerts_of(person.rpartition("/")[2])
    return [alert for alert in found if alert.is_open]


def telephones(house: House, person: str) -> dict[str, str]:
    """What a telephone says about each alert, by its key."""
    to = {role: (f"{role}@example.test",) for role in Role}
    posting = replace(house.service.settings, mail=Mail("h", 1, "t@x.test", to=to))
    service, sent = replace(house.service, settings=posting), []
    for alert in alerts_of(house, person):
        with house.record.writing(now=house.clock.at) as writing:
            writing.plan_delivery(
                alert.key, step=0, round=0, channel="email", recipient=Role.LIAISON_NURSE
            )
    sending.send_planned(
        service, now=house.clock.at,
        send=lambda message: sent.append(message.words) or Sent(Outcome.SENT),
    )  # fmt: skip
    return {
        alert.key: next(words for words in sent if f"Code {code_of(alert.key)}." in words)
        for alert in alerts_of(house, person)
    }


def disagreements(house: House, person: str) -> list[tuple[str, str]]:
    """The levels whose word is missing from a page, the list of a terminal, or a telephone."""
    page = Page(house.browser(Role.CUSTODY_SERGEANT).get("/alerts").text).words()
    found = casework.alert_list(house.service, (), actor=NURSE, now=house.clock.at)
    rows = alert_rows(
        found.lines, role=NURSE.role, now=house.clock.at
    )  # a head has the code of each addressee
    heads = {code: row for row in rows if row[0] != " " for code in row.partition("  ")[0].split()}
    told = telephones(house, person)
    missing = []
    for alert in alerts_of(house, person):
        word = level_words(alert.level)
        where = {
            "page": f"{word} " in page,
            "terminal": f"  {word.upper()}, " in heads[code_of(alert.key)],
            "telephone": f": 1 {word.upper()} waiting " in told[alert.key],
        }
        missing += [(alert.level, name) for name, there in where.items() if not there]
    return missing


def test_how_bad_it_is_has_one_word_on_page_terminal_and_telephone(house: House, person: str):
    assert {"A1", "A2", "A3", "A4"} <= {alert.level for alert in alerts_of(house, person)}
    assert disagreements(house, person) == []


def test_a_telephone_with_a_word_of_its_own_would_be_seen(house: House, person: str, monkeypatch):
    """The twin: a table of words that only the messages use."""
    monkeypatch.setattr(letters, "URGENT", {**letters.URGENT, "A2": "PRESSING"})

    assert set(disagreements(house, person)) == {("A2", "telephone")}


def test_what_is_wrong_with_the_service_has_one_word_too():
    assert [letters.URGENT[level] for level in ("SYS1", "SYS2")] == [
        level_words(level).upper() for level in ("SYS1", "SYS2")
    ]


def test_a_need_has_one_name_on_its_page_on_paper_and_in_what_is_pasted(house: House, person: str):
    stay, now = person.rpartition("/")[2], house.clock.at
    view = casework.stay_view(house.service, stay, actor=NURSE, now=now)
    assert view.findings is not None
    needs = [need.need for need in view.findings.needs if need.urgency.word != "routine"]
    page = Page(house.browser(Role.LIAISON_NURSE).get(person).text).words()
    pasted = casework.summary(house.service, stay, actor=NURSE, now=now).text
    printed = in_words(view.findings, rulebook=house.service.rulebook)

    assert len(needs) >= 3
    missing = [
        (need, where)
        for need in needs
        for where, text in (("page", page), ("pasted", pasted), ("printed", printed))
        if said(need).casefold() not in " ".join(text.split()).casefold()
    ]
    assert missing == []
