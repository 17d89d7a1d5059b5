"""Who may do what, and who may see what: the one table that doors, verbs and tests read.

From the role separation of the assurance notes 2.7: the desk records, health staff assess, the duty
inspector authorises and reviews, an administrator runs the machine and sees nobody's record.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from triage.domain.errors import RoleRefused


class Role(StrEnum):
    """The eight roles that a person can be signed in with."""

    CUSTODY_SERGEANT = "custody_sergeant"
    DETENTION_OFFICER = "detention_officer"
    CUSTODY_HCP = "custody_hcp"
    LIAISON_NURSE = "liaison_nurse"
    LEAD_NURSE = "lead_nurse"
    DUTY_INSPECTOR = "duty_inspector"
    CONTROL_ROOM = "control_room"
    ADMINISTRATOR = "administrator"


class Verb(StrEnum):
    """Everything that casework does for somebody."""

    OPEN_STAY = "open_stay"
    OPEN_DETENTION = "open_detention"
    MOVE_STAY = "move_stay"
    SAVE_DRAFT = "save_draft"
    RECORD_SCREENING = "record_screening"
    RECORD_EVENT = "record_event"
    AUTHORISE = "authorise"
    DECIDE_ROUTE = "decide_route"
    CONSENT = "consent"
    RECORD_VISIT = "record_visit"
    NOTE_CLINICAL = "note_clinical"
    NOTE_POLICE = "note_police"
    RELEASE = "release"
    CORRECT = "correct"
    LINK = "link"
    ACKNOWLEDGE_POLICE = "acknowledge_police"
    ACKNOWLEDGE_CLINICAL = "acknowledge_clinical"
    ACT = "act"
    CLOSE_ALERT = "close_alert"
    CANCEL_ALERT = "cancel_alert"
    SIGN_HANDOVER = "sign_handover"
    SET_ROTA = "set_rota"
    VIEW_BOARD = "view_board"
    VIEW_STAY = "view_stay"
    VIEW_WORKLIST = "view_worklist"
    VIEW_SECTION136 = "view_section136"
    VIEW_REVIEW = "view_review"
    EXPLAIN_BREACH = "explain_breach"
    ATTRIBUTE_GAP = "attribute_gap"
    HAND_OVER_REVIEW = "hand_over_review"
    SAMPLE = "sample"
    PUBLISH_FIGURES = "publish_figures"
    VIEW_ACCESS_LOG = "view_access_log"
    ADMINISTER = "administer"


class Group(StrEnum):
    """Groups of facts; each view hands out only the groups that the role reads."""

    IDENTITY = "identity"
    POLICE = "police"
    CLINICAL = "clinical"
    CLOCKS = "clocks"
    ALERTS = "alerts"


DECIDES_THE_LAW = "legal_owner"  # has no account: reached through the duty inspector
POLICE_ROLES = frozenset(
    {Role.CUSTODY_SERGEANT, Role.DETENTION_OFFICER, Role.DUTY_INSPECTOR, Role.CONTROL_ROOM}
)
CLINICAL_ROLES = frozenset({Role.CUSTODY_HCP, Role.LIAISON_NURSE, Role.LEAD_NURSE})
_EVERYBODY = POLICE_ROLES | CLINICAL_ROLES
_DESK = frozenset({Role.CUSTODY_SERGEANT, Role.DETENTION_OFFICER})
_NURSES = frozenset({Role.LIAISON_NURSE, Role.LEAD_NURSE})

VERBS: Mapping[Verb, frozenset[Role]] = MappingProxyType(
    {
        # A control room opens a detention for officers at a hospital and records what they tell it.
        Verb.OPEN_STAY: _DESK | {Role.DUTY_INSPECTOR, Role.CONTROL_ROOM},
        # A detention at a hospital is opened by whoever hears of it first; a nurse may be there.
        Verb.OPEN_DETENTION: _DESK | {Role.DUTY_INSPECTOR, Role.CONTROL_ROOM} | _NURSES,
        Verb.MOVE_STAY: _DESK | {Role.DUTY_INSPECTOR, Role.CONTROL_ROOM},
        Verb.SAVE_DRAFT: _DESK | CLINICAL_ROLES,
        Verb.RECORD_SCREENING: _DESK | CLINICAL_ROLES,
        Verb.RECORD_EVENT: _EVERYBODY,
        # Who may give which authority is the law's question; casework asks it of the rank.
        Verb.AUTHORISE: frozenset(
            {Role.CUSTODY_SERGEANT, Role.DUTY_INSPECTOR, Role.CONTROL_ROOM, Role.CUSTODY_HCP}
        ),
        Verb.DECIDE_ROUTE: frozenset({Role.CUSTODY_SERGEANT}) | CLINICAL_ROLES,
        Verb.CONSENT: CLINICAL_ROLES,
        Verb.RECORD_VISIT: _DESK | CLINICAL_ROLES | {Role.DUTY_INSPECTOR},
        Verb.NOTE_CLINICAL: CLINICAL_ROLES,
        Verb.NOTE_POLICE: _EVERYBODY,
        Verb.RELEASE: frozenset({Role.CUSTODY_SERGEANT, Role.DUTY_INSPECTOR, Role.CONTROL_ROOM}),
        Verb.CORRECT: _EVERYBODY,
        Verb.LINK: frozenset({Role.CUSTODY_SERGEANT, Role.DUTY_INSPECTOR}) | _NURSES,
        Verb.ACKNOWLEDGE_POLICE: POLICE_ROLES,
        Verb.ACKNOWLEDGE_CLINICAL: CLINICAL_ROLES,
        Verb.ACT: _EVERYBODY,
        Verb.CLOSE_ALERT: frozenset({Role.CUSTODY_SERGEANT, Role.DUTY_INSPECTOR}) | CLINICAL_ROLES,
        Verb.CANCEL_ALERT: frozenset({Role.CUSTODY_SERGEANT, Role.DUTY_INSPECTOR}) | CLINICAL_ROLES,
        Verb.SIGN_HANDOVER: _EVERYBODY,
        Verb.SET_ROTA: frozenset({Role.LEAD_NURSE, Role.DUTY_INSPECTOR, Role.ADMINISTRATOR}),
        Verb.VIEW_BOARD: _EVERYBODY,
        Verb.VIEW_STAY: _EVERYBODY,
        Verb.VIEW_WORKLIST: CLINICAL_ROLES,
        Verb.VIEW_SECTION136: _EVERYBODY,
        Verb.VIEW_REVIEW: frozenset({Role.DUTY_INSPECTOR, Role.LEAD_NURSE}),
        Verb.EXPLAIN_BREACH: frozenset({Role.DUTY_INSPECTOR}),
        Verb.ATTRIBUTE_GAP: frozenset({Role.DUTY_INSPECTOR}),
        Verb.HAND_OVER_REVIEW: frozenset({Role.DUTY_INSPECTOR}),
        Verb.SAMPLE: frozenset({Role.DUTY_INSPECTOR}),
        Verb.PUBLISH_FIGURES: frozenset({Role.DUTY_INSPECTOR, Role.LEAD_NURSE}),
        Verb.VIEW_ACCESS_LOG: frozenset({Role.DUTY_INSPECTOR, Role.LEAD_NURSE}),
        Verb.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
    }
)

GROUPS: Mapping[Group, frozenset[Role]] = MappingProxyType(
    {
        Group.IDENTITY: _EVERYBODY,
        Group.POLICE: _EVERYBODY,
        Group.CLINICAL: CLINICAL_ROLES,
        Group.CLOCKS: _EVERYBODY,
        Group.ALERTS: _EVERYBODY,
    }
)

_WORDS = {
    Role.CUSTODY_SERGEANT: "custody sergeant",
    Role.DETENTION_OFFICER: "detention officer",
    Role.CUSTODY_HCP: "custody healthcare professional",
    Role.LIAISON_NURSE: "liaison nurse",
    Role.LEAD_NURSE: "lead nurse",
    Role.DUTY_INSPECTOR: "duty inspector",
    Role.CONTROL_ROOM: "control room",
    Role.ADMINISTRATOR: "administrator",
}


def role_words(role: str) -> str:
    """A role as people say it; a role that we do not know is said as it stands."""
    return _WORDS[Role(role)] if role in set(Role) else role.replace("_", " ")


def may(role: str, verb: Verb) -> bool:
    """Whether somebody with this role may do this at all."""
    return role in VERBS[verb]


def reads(role: str, group: Group) -> bool:
    """Whether somebody with this role may read facts of this group."""
    return role in GROUPS[group]


def require(role: str, verb: Verb) -> None:
    """Raise RoleRefused, saying who may do it, unless this role may."""
    if may(role, verb):
        return
    who = ", ".join(role_words(each) for each in Role if each in VERBS[verb])
    act = verb.value.replace("_", " ")
    raise RoleRefused(f"To {act} is not for the {role_words(role)}. It is for: {who}.")
