"""The codec of the record: what is read back is what was written, and defaults take no room."""

import json
from datetime import UTC, date, datetime
from types import MappingProxyType

from tests.casework.conftest import NOW, REFUSED, answered, everything_no, happened, rulebook
from triage.casework.stored import pack, unpack
from triage.domain.answers import Answer, Closing, Details, Marker, Person, RecordFacts, Status
from triage.domain.findings import Findings
from triage.domain.ladder import Chain, chain
from triage.domain.screening import screen
from triage.domain.timeline import Event, Moment


def through_json(kind, value):
    return unpack(kind, json.loads(json.dumps(pack(value))))


def test_details_come_back_as_they_were():
    closed = Closing(date(2026, 1, 2), "custody_sergeant", "read in full")
    details = everything_no(
        answers={"self_harm_now": REFUSED, "gp_and_workers": answered(("gp_yes", "workers"))},
        record=RecordFacts(
            checked=True,
            markers=(Marker("self_harm", "pnc", date(2024, 5, 2), closed),),
            property=(),
            breath_ug=40,
        ),
        person=Person(date_of_birth=date(2008, 2, 29)),
    )

    assert through_json(Details, details) == details


def test_findings_come_back_as_they_were():
    loud = everything_no(answers={"self_harm_now": REFUSED}, offence="sexual")
    findings = screen(rulebook(), loud)

    assert findings.needs
    assert through_json(Findings, findings) == findings


def test_events_keep_moments_apart_from_text_that_looks_like_one():
    extra = MappingProxyType({"until": NOW, "section": "2026-01-01", "hours": 12, "passed": True})
    event = Event("7", "questioned", Moment(NOW, NOW), extra=extra)

    back = through_json(Event, event)

    assert back == event
    assert isinstance(back.extra["until"], datetime)
    assert isinstance(back.extra["section"], str)


def test_a_chain_comes_back_as_it_was_frozen():
    shape = chain(rulebook().practice["alerts"], "A1", ("custody_hcp",))

    assert Chain.thawed(json.loads(json.dumps(shape.frozen()))) == shape


def test_every_shape_of_an_answer_comes_back_as_it_was():
    answers = {
        "plain": answered("no"),
        "none of these": answered(()),
        "several": answered(("a", "b")),
        "true": answered(True),
        "number": answered(0),
        "text like a mark": answered("?refused"),
        "empty": Answer(Status.ANSWERED),
        "refused": REFUSED,
        "unable": Answer(Status.UNABLE),
        "said by": answered("yes", asked_at=NOW, by="PS Okafor", words="he says so"),
        "refused later": Answer(Status.REFUSED, "yes"),
    }
    details = Details(NOW, "england", Person(), "arrest", "theft", answers=answers)

    assert through_json(Details, details).answers == answers


def test_what_holds_its_default_takes_no_room():
    body = pack(happened("visit", datetime(2026, 1, 1, tzinfo=UTC)))

    assert set(body) == {"id", "kind", "occurred_at"}
