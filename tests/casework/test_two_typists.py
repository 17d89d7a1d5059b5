"""Two people type one screening: what the service keeps, records, and tells each of them."""

import pytest

from tests.casework.conftest import (
    EVERYBODY,
    LEAD,
    NOW,
    OFFICER,
    OKAFOR,
    custody,
    minutes,
    opened,
    rulebook,
)
from tests.casework.conftest import keys as alerts
from triage import casework
from triage.casework import draft_saving
from triage.domain.errors import StateChanged
from triage.record import Account
from triage.schemas.screen import details_of, so_far

LATER = NOW + minutes(3)
WHOLE = {
    "nation": "england", "stage": "arrest", "offence": "theft", "person": {"age": 31},
    "observations": {"rouse": "alert"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def known_by_name(service):
    with service.record.writing(now=NOW) as writing:
        for each in EVERYBODY:
            writing.add_account(Account(each.account, each.name, each.role, (), None, True, NOW))


def put(service, stay, document, actor, *, made_on, at=NOW, **said):
    details = details_of(so_far(document), rulebook(), now=at)
    return casework.save_draft(
        service, stay, document, details=details, actor=actor, now=at, made_on=made_on, **said
    )


def record(service, stay, document, actor, *, made_on, at=LATER, key=None):
    details = details_of(document, rulebook(), now=at)
    return casework.record_screening(
        service, stay, details, actor=actor, now=at, sent=document, made_on=made_on, key=key
    )


def stored(service, seq):
    from triage.casework.entries import details_of as of_event

    return of_event(service.record.reading().event(seq))


def rules_of(saved):
    return {reason.rule for need in saved.findings.needs for reason in need.reasons}


def contested(saved):
    return [(each.place, each.value, each.by, each.at, each.mine) for each in saved.contested]


def test_both_see_what_each_of_them_typed_with_who_and_when(service):
    stay = opened(service)
    put(service, stay, {"answers": {"head_knock": "no"}}, OKAFOR, made_on=0)
    saved = put(service, stay, {"answers": {"pregnant": "no"}}, OFFICER, made_on=0, at=LATER)
    begun = casework.begun(service, stay, actor=OKAFOR, now=LATER)

    assert saved.draft == begun.draft == {"answers": {"head_knock": "no", "pregnant": "no"}}
    assert [(t.place, t.by, t.at, t.mine) for t in begun.typed] == [
        ("answers.head_knock", "PS Okafor", NOW, True),
        ("answers.pregnant", "DO Dyer", LATER, False),
    ]
    assert (saved.version, begun.version, saved.meanwhile) == (2, 2, None)


def test_two_answers_to_one_question_are_shown_to_both_and_the_more_careful_one_speaks(service):
    stay = opened(service)
    put(service, stay, WHOLE | {"answers": {"armed_forces": "yes"}}, OKAFOR, made_on=0)
    saved = put(service, stay, {"answers": {"armed_forces": "no"}}, OFFICER, made_on=0, at=LATER)

    assert contested(saved) == [
        ("answers.armed_forces", "yes", "PS Okafor", NOW, False),
        ("answers.armed_forces", "no", "DO Dyer", LATER, True),
    ]
    assert "served" in rules_of(saved)
    assert "armed_forces" not in saved.draft.get("answers", {})


@pytest.mark.parametrize("first", [OKAFOR, OFFICER])
def test_an_emergency_in_either_of_two_answers_is_raised_at_once(service, first):
    """Whoever is second and says that all is well takes back nothing that the first has seen."""
    second = OFFICER if first is OKAFOR else OKAFOR
    stay = opened(service)
    put(service, stay, WHOLE, first, made_on=0)
    looked = WHOLE | {"observations": {"rouse": "none"}}
    saved = put(service, stay, looked, second, made_on=0)

    assert {each.value for each in saved.contested} == {"alert", "none"}
    assert saved.recorded is not None
    assert any(alert.level == "A1" for alert in alerts(service, stay, "raised").values())
    words = stored(service, saved.recorded).observations["rouse"].words
    assert "Different answers stand" in words and first.name in words and second.name in words


def test_without_the_reading_of_each_answer_the_emergency_would_wait(service, monkeypatch):
    """The twin: a service that evaluated only the cautious meaning."""
    cautious = lambda eyes, draft: (draft.document(),)  # noqa: E731
    monkeypatch.setattr(draft_saving, "meanings", cautious)
    stay = opened(service)
    put(service, stay, WHOLE, OKAFOR, made_on=0)
    looked = WHOLE | {"observations": {"rouse": "none"}}

    assert put(service, stay, looked, OFFICER, made_on=0).recorded is None


def test_whoever_has_seen_both_answers_chooses(service):
    stay = opened(service)
    put(service, stay, {"answers": {"head_knock": "knock_red"}}, OKAFOR, made_on=0)
    both = put(service, stay, {"answers": {"head_knock": "no"}}, OFFICER, made_on=0)
    chosen = {"answers": {"head_knock": "knock_red"}}
    saved = put(service, stay, chosen, OFFICER, made_on=both.version)

    assert (contested(saved), saved.draft) == ([], chosen)


def test_the_same_draft_sent_again_is_no_conflict_and_makes_no_new_state(service):
    stay = opened(service)
    once = put(service, stay, WHOLE, OKAFOR, made_on=0)
    again = put(service, stay, WHOLE, OKAFOR, made_on=0, at=LATER)

    assert (again.version, again.contested) == (once.version, ())


def test_nothing_is_kept_where_only_one_state_will_do_and_it_is_another(service):
    stay = opened(service)
    put(service, stay, WHOLE, OKAFOR, made_on=0)
    with pytest.raises(StateChanged):
        put(service, stay, {"answers": {"pregnant": "no"}}, OFFICER, made_on=0, strict=True)

    assert service.record.reading().draft(stay).typed.version == 1


def test_what_another_typed_unseen_is_not_recorded_for_them_nor_thrown_away(service):
    stay = opened(service)
    put(service, stay, WHOLE, OKAFOR, made_on=0)
    put(service, stay, {"answers": {"pregnant": "no"}}, OFFICER, made_on=0)
    saved = record(service, stay, WHOLE, OKAFOR, made_on=1)
    left = casework.begun(service, stay, actor=OFFICER, now=LATER)

    assert "pregnant" not in stored(service, saved.seq).answers
    assert saved.notices == (
        "NOT IN IT: 1 answer typed by DO Dyer meanwhile (Q09 pregnant). They are kept as a "
        "half-finished screening: look at them.",
    )
    assert left.draft == {"answers": {"pregnant": "no"}}
    assert (left.before.by, left.before.at, left.before.seq) == ("PS Okafor", LATER, saved.seq)


def test_a_no_is_not_recorded_against_what_another_heard_unseen(service):
    """A knock that somebody else was told of is recorded, in their name, with the words of both."""
    stay = opened(service)
    mine = WHOLE | {"answers": {"head_knock": "no"}}
    put(service, stay, mine, OKAFOR, made_on=0)
    put(service, stay, {"answers": {"head_knock": "knock_red"}}, OFFICER, made_on=0)
    saved = record(service, stay, mine, OKAFOR, made_on=1)

    answer = stored(service, saved.seq).answers["head_knock"]
    assert (answer.value, answer.by) == ("knock_red", "DO Dyer")
    assert 'DO Dyer typed "knocked out, sick, a fit, or cannot remember"' in answer.words
    assert 'PS Okafor typed "no"' in answer.words
    assert saved.notices == (
        "Q05 head knock: two different answers stand; what DO Dyer typed is recorded, because of "
        "what is found by it.",
    )
    assert service.record.reading().draft(stay) is None


@pytest.mark.parametrize("made_on", [1, 2], ids=["unseen", "seen"])
def test_that_all_else_was_no_is_not_said_against_what_another_heard(service, made_on):
    """Neither where it was not seen, nor where it was and nobody answered that question again."""
    stay = opened(service)
    mine = WHOLE | {"everything_else": "no"}
    put(service, stay, mine, OKAFOR, made_on=0)
    put(
        service,
        stay,
        {"answers": {"head_knock": "knock_red", "conditions": []}},
        OFFICER,
        made_on=0,
    )
    saved = record(service, stay, mine, OKAFOR, made_on=made_on)

    answers = stored(service, saved.seq).answers
    assert (answers["head_knock"].value, answers["head_knock"].by) == ("knock_red", "DO Dyer")
    assert 'PS Okafor typed "no"' in answers["head_knock"].words
    assert (answers["conditions"].value, answers["conditions"].by) == ((), "DO Dyer")
    assert answers["pregnant"].value == "no"


def test_the_other_answer_is_not_named_to_whoever_may_not_read_it(service, monkeypatch):
    from triage.casework.drafts import Eyes

    monkeypatch.setattr(Eyes, "hidden", lambda self, place: place == "answers.head_knock")
    stay = opened(service)
    mine = WHOLE | {"answers": {"head_knock": "no"}}
    put(service, stay, mine, OKAFOR, made_on=0)
    put(service, stay, {"answers": {"head_knock": "knock_red"}}, OFFICER, made_on=0)
    saved = record(service, stay, mine, OKAFOR, made_on=1)

    assert saved.notices == (
        "Q05 head knock: two different answers stand; the more careful one is recorded.",
    )


def test_a_no_that_another_typed_unseen_takes_back_no_need_that_was_found(service):
    """What was found is recorded as found; the other answer stands beside it, to be looked at."""
    stay = opened(service)
    mine = WHOLE | {"answers": {"self_harm_now": "thoughts", "armed_forces": "no"}}
    put(service, stay, mine, OKAFOR, made_on=0)
    theirs = {"answers": {"self_harm_now": "no", "armed_forces": "yes"}}
    put(service, stay, theirs, OFFICER, made_on=0)
    saved = record(service, stay, mine, OKAFOR, made_on=1)

    answers = stored(service, saved.seq).answers
    assert (answers["self_harm_now"].value, answers["armed_forces"].value) == ("thoughts", "yes")
    assert 'DO Dyer typed "no"' in answers["self_harm_now"].words
    assert "thoughts-now" in rules_of(saved)
    assert [note for note in saved.notices if "stand" in note] == [
        "Q23 self-harm now: two different answers stand; yours is recorded.",
        "Q35 armed forces: two different answers stand; what DO Dyer typed is recorded, because of "
        "what is found by it.",
    ]
    left = casework.begun(service, stay, actor=OFFICER, now=LATER).draft
    assert left == {"answers": {"self_harm_now": "no"}}


def test_were_nobody_asked_what_is_found_the_need_would_be_taken_back(service, monkeypatch):
    """The twin: every disputed answer is unknown."""
    from triage.casework import draft_recording

    monkeypatch.setattr(draft_recording, "rules_that_hold", lambda findings: frozenset())
    monkeypatch.setattr(draft_recording, "severity", lambda findings: ())
    stay = opened(service)
    mine = WHOLE | {"answers": {"self_harm_now": "thoughts"}}
    put(service, stay, mine, OKAFOR, made_on=0)
    put(service, stay, {"answers": {"self_harm_now": "no"}}, OFFICER, made_on=0)
    saved = record(service, stay, mine, OKAFOR, made_on=1)

    assert stored(service, saved.seq).answers["self_harm_now"].value is None
    assert "thoughts-now" not in rules_of(saved)


def test_what_is_found_by_neither_of_two_answers_is_recorded_as_unknown(service):
    """Beside the questions as well: a number about which two differ is no number."""
    stay = opened(service)
    mine = WHOLE | {"arrests_12m": 0}
    put(service, stay, mine, OKAFOR, made_on=0)
    put(service, stay, {"arrests_12m": 1}, OFFICER, made_on=0)
    saved = record(service, stay, mine, OKAFOR, made_on=1)
    left = casework.begun(service, stay, actor=OFFICER, now=LATER).draft

    assert stored(service, saved.seq).arrests_12m is None
    assert "Arrests in twelve months: two different answers stand; it is unknown." in saved.notices
    assert left == {"arrests_12m": 1}


def test_a_nation_about_which_two_differ_is_recorded_as_whoever_records_has_it(service):
    """Without a nation there is no law to count by, so it cannot be unknown; it is said."""
    stay = opened(service)
    mine = WHOLE | {"nation": "wales"}
    put(service, stay, mine, OKAFOR, made_on=0)
    put(service, stay, {"nation": "england"}, OFFICER, made_on=0)
    saved = record(service, stay, mine, OKAFOR, made_on=1)
    left = casework.begun(service, stay, actor=OFFICER, now=LATER).draft

    assert stored(service, saved.seq).nation == "wales"
    assert "Nation: two different answers stand; yours is recorded." in saved.notices
    assert left == {"nation": "england"}


def test_an_answer_that_another_typed_is_recorded_with_their_name(service):
    stay = opened(service)
    put(service, stay, WHOLE, OKAFOR, made_on=0)
    both = put(service, stay, {"answers": {"pregnant": "no"}}, OFFICER, made_on=0)
    saved = record(service, stay, both.draft, OKAFOR, made_on=both.version)

    assert stored(service, saved.seq).answers["pregnant"].by == "DO Dyer"
    assert service.record.reading().draft(stay) is None


def test_the_other_hears_who_recorded_and_what_of_theirs_is_not_in_it(service):
    stay = opened(service)
    both = put(service, stay, WHOLE, OKAFOR, made_on=0)
    theirs = {**both.draft, "answers": {"pregnant": "no"}}
    recorded = record(service, stay, WHOLE, OKAFOR, made_on=1)
    told = put(service, stay, theirs, OFFICER, made_on=1, at=LATER)

    heard = told.meanwhile
    assert (heard.seq, heard.by, heard.at) == (recorded.seq, "PS Okafor", LATER)
    assert heard.not_in_it == ("answers.pregnant",)
    assert told.draft == theirs
    assert "NOT IN IT: 1 answer of yours is kept" in told.notices[0]


def test_the_other_hears_that_all_of_theirs_is_in_it_and_no_draft_is_begun(service):
    stay = opened(service)
    put(service, stay, WHOLE, OKAFOR, made_on=0)
    record(service, stay, WHOLE, OKAFOR, made_on=1)
    told = put(service, stay, WHOLE, OFFICER, made_on=1, at=LATER)

    assert told.meanwhile.not_in_it == ()
    assert "All that you typed is in it." in told.notices[0]
    assert service.record.reading().draft(stay) is None


def test_who_begins_after_it_was_recorded_begins_a_new_one_and_hears_nothing(service):
    """The twin: somebody who never had the old one."""
    stay = opened(service)
    put(service, stay, WHOLE, OKAFOR, made_on=0)
    record(service, stay, WHOLE, OKAFOR, made_on=1)
    begun = casework.begun(service, stay, actor=OFFICER, now=LATER)
    told = put(service, stay, {"answers": {}}, OFFICER, made_on=begun.version, at=LATER)

    assert (begun.version, begun.draft) == (2, None)
    assert (told.meanwhile, told.notices) == (None, ())


def test_recorded_again_with_the_same_key_is_one_version_and_tells_nobody_of_another(service):
    stay = opened(service)
    put(service, stay, WHOLE, OKAFOR, made_on=0)
    once = record(service, stay, WHOLE, OKAFOR, made_on=1, key="key-0001")
    again = record(service, stay, WHOLE, OKAFOR, made_on=1, key="key-0001")

    assert (again.seq, again.repeated) == (once.seq, True)


def test_police_see_that_a_nurse_typed_and_not_what_is_clinical(service, monkeypatch):
    from triage.casework.drafts import Eyes

    clinical = lambda self, place: (  # noqa: E731
        self.actor.role == "custody_sergeant" and place == "answers.pregnant"
    )
    monkeypatch.setattr(Eyes, "hidden", clinical)
    stay = opened(service, custody(2))
    put(service, stay, {"answers": {"pregnant": "yes", "head_knock": "no"}}, LEAD, made_on=0)
    seen = casework.begun(service, stay, actor=OKAFOR, now=NOW)
    saved = put(service, stay, {"answers": {"pregnant": "no"}}, OKAFOR, made_on=seen.version)

    assert seen.draft == {"answers": {"head_knock": "no"}}
    assert contested(saved)[0][:3] == ("answers.pregnant", None, "Nurse Obi")
