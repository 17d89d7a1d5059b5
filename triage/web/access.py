"""Who may use which route: one table for doors and tests. What is not in it is not served.

Each route that does something in casework names its verb, so that roles stand in one place only,
``triage.domain.roles``.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType

from triage.domain.roles import VERBS, Role, Verb


class Door(Enum):
    """Routes that ask less than a role."""

    ANYONE = "anyone"
    TERMINAL = "a terminal's token, or somebody signed in"
    SIGNED_IN = "anybody who is signed in"


Access = Door | Verb

ROUTES: Mapping[str, Access] = MappingProxyType(
    {
        # Nothing about anybody.
        "static": Door.ANYONE,
        "favicon": Door.ANYONE,
        "health.Live": Door.ANYONE,
        "sign_in.sign_in": Door.ANYONE,
        "sign_in.welcome": Door.ANYONE,
        "sign_in.sign_out": Door.SIGNED_IN,
        # Proof of life: nothing about anybody, and it does not count as being there.
        "siren.alive": Door.ANYONE,
        "siren.sound_test": Verb.VIEW_BOARD,
        "documents.openapi": Door.ANYONE,
        "documents.viewer": Door.ANYONE,
        # The API: somebody who acts, or for what holds no record, a terminal alone.
        "acting.Acting": Door.TERMINAL,
        "rulebook.Stamp": Door.TERMINAL,
        "rulebook.Questions": Door.TERMINAL,
        "rulebook.Sources": Door.TERMINAL,
        "evaluate.Screening": Door.TERMINAL,
        "evaluate.Explaining": Door.TERMINAL,
        "evaluate.Clocks": Door.TERMINAL,
        "stays.Stays": Verb.OPEN_DETENTION,
        "stays.Stay": Verb.VIEW_STAY,
        "stays.Draft": Verb.SAVE_DRAFT,
        "stays.Screenings": Verb.RECORD_SCREENING,
        "stays.Events": Verb.RECORD_EVENT,
        "stays.Authorisations": Verb.AUTHORISE,
        "stays.RightPerson": Verb.LINK,
        "papers.WhoTheyAre": Verb.MOVE_STAY,
        "papers.Moves": Verb.MOVE_STAY,
        "papers.Consents": Verb.CONSENT,
        "papers.Notes": Verb.NOTE_POLICE,
        "decisions.Routes": Verb.DECIDE_ROUTE,
        "decisions.Visits": Verb.RECORD_VISIT,
        "decisions.Rousings": Verb.RECORD_VISIT,
        "decisions.ReleaseCheck": Verb.VIEW_STAY,
        "decisions.Release": Verb.RELEASE,
        "decisions.Corrections": Verb.CORRECT,
        "alerts.Alerts": Verb.VIEW_BOARD,
        "alerts.Acknowledge": Verb.ACT,
        "alerts.Act": Verb.ACT,
        "alerts.Close": Verb.CLOSE_ALERT,
        "alerts.Cancel": Verb.CANCEL_ALERT,
        "lists.Board": Verb.VIEW_BOARD,
        "lists.Worklist": Verb.VIEW_WORKLIST,
        "lists.Section136": Verb.VIEW_SECTION136,
        "desk.Board": Verb.VIEW_BOARD,
        "desk.Alerts": Verb.VIEW_BOARD,
        "desk.Person": Verb.VIEW_STAY,
        "desk.Recordables": Verb.VIEW_STAY,
        "shifts.Handover": Verb.SIGN_HANDOVER,
        "shifts.Shift": Verb.VIEW_BOARD,
        "shifts.WithSomebody": Verb.ACKNOWLEDGE_CLINICAL,
        "rota.Rota": Verb.SET_ROTA,
        "rota.OneDuty": Verb.SET_ROTA,
        "shifts.TakePerson": Verb.ACT,
        "shifts.ActFor": Verb.ACT,
        "shifts.CloseFor": Verb.CLOSE_ALERT,
        "shifts.TheSummary": Verb.VIEW_STAY,
        "shifts.Filings": Verb.NOTE_CLINICAL,
        "shifts.WrongPerson": Verb.CORRECT,
        "review_acts.Explanations": Verb.EXPLAIN_BREACH,
        "review_acts.Attributions": Verb.ATTRIBUTE_GAP,
        "review_acts.Handovers": Verb.HAND_OVER_REVIEW,
        "review_acts.Taken": Verb.HAND_OVER_REVIEW,
        "review.Live": Verb.VIEW_REVIEW,
        "review.Waits": Verb.VIEW_REVIEW,
        "review.Ledger": Verb.VIEW_REVIEW,
        "review.Return": Verb.VIEW_REVIEW,
        "review.PublishedPacks": Verb.PUBLISH_FIGURES,
        "review.PublishedReturns": Verb.PUBLISH_FIGURES,
        # The pages.
        "pages.home": Door.SIGNED_IN,
        "pages.board": Verb.VIEW_BOARD,
        "pages.worklist": Verb.VIEW_WORKLIST,
        "pages.take_person": Verb.ACKNOWLEDGE_CLINICAL,
        "pages.act_for": Verb.ACT,
        "pages.close_for": Verb.CLOSE_ALERT,
        "pages.section136": Verb.VIEW_SECTION136,
        "pages.who_waits": Verb.VIEW_SECTION136,
        "pages.alerts": Verb.VIEW_BOARD,
        "pages.acknowledge": Verb.ACT,
        "pages.act": Verb.ACT,
        "pages.close": Verb.CLOSE_ALERT,
        "pages.cancel": Verb.CANCEL_ALERT,
        "pages.stay": Verb.VIEW_STAY,
        "pages.open_hospital": Verb.OPEN_DETENTION,
        "pages.open_custody": Verb.OPEN_STAY,
        "pages.screening": Verb.RECORD_SCREENING,
        "pages.event": Verb.RECORD_EVENT,
        "pages.authorise": Verb.AUTHORISE,
        "pages.visit": Verb.RECORD_VISIT,
        "pages.decide_route": Verb.DECIDE_ROUTE,
        "pages.release": Verb.RELEASE,
        "pages.identity": Verb.MOVE_STAY,
        "pages.wrong_person": Verb.CORRECT,
        "pages.move": Verb.MOVE_STAY,
        "pages.consent": Verb.CONSENT,
        "pages.note": Verb.NOTE_POLICE,
        "pages.summary": Verb.VIEW_STAY,
        "pages.why": Verb.VIEW_STAY,
        "pages.correct": Verb.CORRECT,
        "pages.move_entry": Verb.CORRECT,
        "pages.handover": Verb.SIGN_HANDOVER,
        "pages.shift": Verb.VIEW_BOARD,
        "pages.rota": Verb.SET_ROTA,
        "pages.drop_duty": Verb.SET_ROTA,
        "pages.free_again": Verb.ACKNOWLEDGE_CLINICAL,
        "pages.people": Verb.ADMINISTER,
        "pages.new_link": Verb.ADMINISTER,
        "pages.set_active": Verb.ADMINISTER,
        "pages.set_role": Verb.ADMINISTER,
        "pages.terminals": Verb.ADMINISTER,
        "pages.revoke": Verb.ADMINISTER,
        # The review.
        "pages.review": Verb.VIEW_REVIEW,
        "pages.review_pace": Verb.VIEW_REVIEW,
        "pages.review_waits": Verb.VIEW_REVIEW,
        "pages.review_ledger": Verb.VIEW_REVIEW,
        "pages.review_records": Verb.VIEW_REVIEW,
        "pages.review_pack": Verb.VIEW_REVIEW,
        "pages.review_pack_leaves": Verb.PUBLISH_FIGURES,
        "pages.review_pack_csv": Verb.VIEW_REVIEW,
        "pages.review_pack_xlsx": Verb.VIEW_REVIEW,
        "pages.review_return": Verb.VIEW_REVIEW,
        "pages.review_return_leaves": Verb.PUBLISH_FIGURES,
        "pages.review_return_csv": Verb.VIEW_REVIEW,
        "pages.review_sample": Verb.VIEW_REVIEW,
        "pages.review_sampled": Verb.SAMPLE,
        "pages.review_detention": Verb.VIEW_REVIEW,
        "pages.review_handover": Verb.VIEW_REVIEW,
        "pages.review_take_over": Verb.HAND_OVER_REVIEW,
        "pages.review_attribute": Verb.ATTRIBUTE_GAP,
        "pages.review_explain": Verb.EXPLAIN_BREACH,
        "pages.review_answers": Verb.RECORD_EVENT,
    }
)


def roles_for(access: Access) -> frozenset[Role]:
    """The roles that this access lets in; everybody who is signed in where no verb is named."""
    return VERBS[access] if isinstance(access, Verb) else frozenset(Role)


def unlisted(endpoints: Iterable[str]) -> list[str]:
    """Routes that exist without standing in the table; an application with one is not started."""
    return sorted(set(endpoints) - set(ROUTES))
