"""A first look before anybody has typed the offence: it is not known, and that is never none."""

from datetime import timedelta

import pytest

from tests.casework.conftest import NOW, OFFICER, OKAFOR, opened, rulebook
from triage import casework
from triage.casework.entries import details_of as details_recorded
from triage.casework.stored import pack, unpack
from triage.domain.answers import Details
from triage.domain.screening import screen
from triage.present.screening_words import in_words
from triage.schemas.screen import OFFENCES, STAGES, details_of, so_far

LOOKS = (
    {"observations": {"rouse": "alert"}},
    {
        "person": {"age": 16}, "observations": {"rouse": "alert", "withdrawn_tearful": "yes"},
        "answers": {"first_time_in_cell": "yes", "self_harm_now": "refused"},
    },
    {"person": {"age": 40}, "answers": {"home_tonight": "street", "cannot_go_on_outside": "yes"}},
)  # fmt: skip


def all_else_no():
    """All asked and seen, and nothing found: only the offence is not typed yet."""
    return {"stage": "arrest", "person": {"age": 40, "sex": "male"}, "everything_else": "no"}


def meant(document):
    return details_of(so_far(document), rulebook(), now=NOW)


def heard_of(found, *, open_too):
    """The highest urgency of each need and flag: found, and with ``open_too`` not excluded."""
    every = [(n.need, n.urgency) for n in found.needs] + [(f.flag, f.urgency) for f in found.flags]
    every += [(each.need, each.urgency) for each in found.not_excluded] if open_too else []
    return {name: max(u for other, u in every if other == name) for name, _ in every}


def silent(document, fact, options, *, instead=None):
    """What one value of the fact raises, and nobody hears of while it is not known."""
    document = document if instead is None else document | {fact: instead}
    heard = heard_of(screen(rulebook(), meant(document)), open_too=True)
    return {
        (option, name)
        for option in options
        for name, urgency in heard_of(
            screen(rulebook(), meant(document | {fact: option})), open_too=False
        ).items()
        if urgency > heard.get(name, 0)
    }


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("fact", "options"), [("offence", OFFENCES), ("stage", STAGES)])
def test_no_rule_that_the_offence_or_the_stage_decides_is_a_silent_no(look, fact, options):
    assert silent(look, fact, options) == set()


def test_where_none_stood_in_for_what_nobody_had_typed_needs_went_unheard():
    """The twin: as it was, somebody whose death charge was not typed yet was not thought of."""
    answered = all_else_no()

    assert silent(answered, "offence", OFFENCES, instead="none") != set()
    assert silent(answered, "offence", OFFENCES) == set()


def test_the_version_of_a_bare_first_look_says_that_the_offence_is_not_known(service):
    stay = opened(service)
    look = {"observations": {"rouse": "none"}}
    known = casework.known_here(service, stay)
    details = details_of(so_far(look, known), rulebook(), now=NOW)
    saved = casework.save_draft(service, stay, look, details=details, actor=OKAFOR, now=NOW)
    event = service.record.reading().event(saved.recorded)

    recorded = details_recorded(event)
    assert (recorded.offence, recorded.stage) == (None, "arrest")
    assert event.payloads["police"]["details"]["offence"] is None
    assert "offence" in {m.id for each in saved.findings.not_excluded for m in each.missing}


def test_the_words_ask_for_the_offence(service):
    details = meant(LOOKS[0])
    found = screen(rulebook(), details)
    told = in_words(found, width=80, rulebook=rulebook(), who="TRAINING", markers=())

    assert "offence" in told


def test_an_older_record_that_says_none_is_read_as_it_was_written():
    older = pack(meant(LOOKS[0] | {"offence": "none", "stage": "arrest"}))

    read = unpack(Details, older)
    assert (read.offence, read.stage) == ("none", "arrest")
    assert unpack(Details, pack(meant(LOOKS[0]))) == meant(LOOKS[0])


def test_two_offences_typed_unseen_are_recorded_as_not_known(service):
    stay = opened(service)
    mine = {"nation": "england", "stage": "arrest", "offence": "theft", "person": {"age": 31}}
    theirs = mine | {"offence": "violence"}
    for document, actor in ((mine, OKAFOR), (theirs, OFFICER)):
        casework.save_draft(
            service, stay, document, details=meant(document), actor=actor, now=NOW, made_on=0
        )
    later = NOW + timedelta(minutes=1)
    saved = casework.record_screening(
        service, stay, meant(mine), actor=OKAFOR, now=later, sent=mine, made_on=1
    )

    assert details_recorded(service.record.reading().event(saved.seq)).offence is None
    assert "Offence: two different answers stand; it is unknown." in saved.notices
