"""Every verb asks the role first: the whole table, cell by cell, against the real verbs."""

from dataclasses import replace

import pytest

from tests.casework.conftest import EVERYBODY, NOW, custody, everything_no, happened, section136
from triage import casework
from triage.domain.attributed import Attribution
from triage.domain.errors import RoleRefused, TriageError
from triage.domain.roles import GROUPS, VERBS, Group, Role, Verb, may
from triage.domain.timeline import Moment

STAY = "s-none"  # nobody's: whoever is let in is told that there is no such stay
ROUTE = casework.RouteDecision(casework.RouteOutcome.OFFERED, NOW, "liaison_nurse")

ACTS = {
    Verb.OPEN_STAY: lambda s, a: casework.open_stay(
        s, replace(custody(), reference=" "), actor=a, now=NOW
    ),
    Verb.OPEN_DETENTION: lambda s, a: casework.open_stay(
        s, replace(section136(), reference=" "), actor=a, now=NOW
    ),
    Verb.MOVE_STAY: lambda s, a: casework.move_stay(
        s, STAY, casework.Move(NOW, cell="1"), actor=a, now=NOW
    ),
    Verb.SAVE_DRAFT: lambda s, a: casework.save_draft(s, STAY, {}, actor=a, now=NOW),
    Verb.RECORD_SCREENING: lambda s, a: casework.record_screening(
        s, STAY, everything_no(), actor=a, now=NOW
    ),
    Verb.RECORD_EVENT: lambda s, a: casework.record_event(
        s, STAY, happened("visit", NOW), actor=a, now=NOW
    ),
    Verb.AUTHORISE: lambda s, a: casework.authorise(
        s, STAY, happened("detention_authorised", NOW), actor=a, now=NOW
    ),
    Verb.DECIDE_ROUTE: lambda s, a: casework.decide_route(s, STAY, ROUTE, actor=a, now=NOW),
    Verb.CONSENT: lambda s, a: casework.consent(
        s, STAY, casework.Consent(True, "GP", NOW), actor=a, now=NOW
    ),
    Verb.RECORD_VISIT: lambda s, a: casework.record_visit(
        s, STAY, casework.Visit(NOW), actor=a, now=NOW
    ),
    Verb.NOTE_CLINICAL: lambda s, a: casework.note(
        s, STAY, "x", group="clinical", actor=a, now=NOW
    ),
    Verb.NOTE_POLICE: lambda s, a: casework.note(s, STAY, "x", group="police", actor=a, now=NOW),
    Verb.RELEASE: lambda s, a: casework.release(
        s, STAY, casework.Release(NOW, "home"), actor=a, now=NOW
    ),
    Verb.CORRECT: lambda s, a: casework.correct(
        s, 1, casework.Correction("x", Moment.at(NOW)), actor=a, now=NOW
    ),
    Verb.LINK: lambda s, a: casework.link_person(s, "p", "q", reason="x", actor=a, now=NOW),
    Verb.ACKNOWLEDGE_POLICE: lambda s, a: casework.acknowledge(
        s, "k", kind=casework.AckKind.POLICE, actor=a, now=NOW
    ),
    Verb.ACKNOWLEDGE_CLINICAL: lambda s, a: casework.acknowledge(
        s, "k", kind=casework.AckKind.CLINICAL, actor=a, now=NOW
    ),
    Verb.ACT: lambda s, a: casework.act(s, "k", "x", actor=a, now=NOW),
    Verb.CLOSE_ALERT: lambda s, a: casework.close(s, "k", outcome="x", actor=a, now=NOW),
    Verb.CANCEL_ALERT: lambda s, a: casework.cancel(s, "k", reason="x", actor=a, now=NOW),
    Verb.VIEW_STAY: lambda s, a: casework.stay_view(s, STAY, actor=a, now=NOW),
    Verb.EXPLAIN_BREACH: lambda s, a: casework.explain_breach(
        s,
        STAY,
        casework.Explanation("permitted_period", NOW, "bed.none_found_yet", "x"),
        actor=a,
        now=NOW,
    ),
    Verb.ATTRIBUTE_GAP: lambda s, a: casework.attribute_gap(
        s, STAY, Attribution("bed.none_found_yet", NOW, NOW), actor=a, now=NOW
    ),
    Verb.HAND_OVER_REVIEW: lambda s, a: casework.take_over(s, [10**9], actor=a, now=NOW),
    Verb.PUBLISH_FIGURES: lambda s, a: casework.let_return_leave(
        s, (), on=NOW.date(), actor=a, now=NOW
    ),
    Verb.SAMPLE: lambda s, a: casework.record_sampled(
        s, STAY, casework.Sampled("2026", "good", "x"), actor=a, now=NOW
    ),
}
ELSEWHERE = {  # lists are tried in test_views; these two are made at the doors, with accounts
    Verb.VIEW_BOARD, Verb.VIEW_WORKLIST, Verb.VIEW_SECTION136, Verb.SIGN_HANDOVER,
    Verb.VIEW_ACCESS_LOG, Verb.ADMINISTER, Verb.SET_ROTA, Verb.VIEW_REVIEW,
}  # fmt: skip


@pytest.mark.parametrize("verb", ACTS)
@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda actor: actor.role)
def test_a_verb_is_done_for_the_roles_of_the_table_and_for_no_other(service, actor, verb):
    head = service.record.reading().head()

    with pytest.raises(TriageError) as stopped:
        ACTS[verb](service, actor)

    assert isinstance(stopped.value, RoleRefused) is not may(actor.role, verb)
    assert service.record.reading().head() == head


def test_every_verb_has_its_row_and_is_tried_somewhere():
    assert set(VERBS) == set(Verb)
    assert set(ACTS) | ELSEWHERE == set(Verb)
    assert set(GROUPS) == set(Group)


def test_police_and_administrators_read_nothing_clinical_and_an_administrator_reads_nobody():
    assert GROUPS[Group.CLINICAL] == {Role.CUSTODY_HCP, Role.LIAISON_NURSE, Role.LEAD_NURSE}
    assert all(Role.ADMINISTRATOR not in roles for roles in GROUPS.values())


def test_a_refusal_says_who_may():
    with pytest.raises(RoleRefused, match="liaison nurse, lead nurse"):
        from triage.domain.roles import require

        require("custody_sergeant", Verb.CONSENT)


def test_a_role_that_does_not_exist_may_do_nothing():
    assert not any(may("root", verb) for verb in Verb)
