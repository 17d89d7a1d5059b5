"""Who may end an open alert, and how. The act asks here, and so does every door that offers it.

Health staff end what was meant for them alone, and nobody ends what the law leaves to somebody
without an account here: an alert that the wrong person closes calls nobody any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from triage.domain.errors import InputError, NotAllowed, RoleRefused
from triage.domain.roles import CLINICAL_ROLES, POLICE_ROLES, VERBS, Role, Verb, require

FOR_HEALTH_STAFF = "This alert is for health staff: one of them says how it ended."
ONLY_DECIDED = (
    "Only the legal owner's decision ends this. Record it under Give an authority, with their name."
)
STILL_HERE = "They have not left. If they have, the desk records the release first."
UNDECIDED = (
    "Seen, and then? Record first which route was offered, accepted or declined, or that "
    "none exists; or choose one of these outcomes here."
)
_NURSES = (Role.LIAISON_NURSE, Role.LEAD_NURSE)


class Outcome(StrEnum):
    """The closed list. ``other`` is for what nobody foresaw, and its words are read by a lead."""

    SEEN_BY_CLINICIAN = "seen_by_clinician"
    HANDED_OVER = "handed_over"
    ROUTE_TAKEN = "route_taken"
    DECLINED = "declined"
    NO_ROUTE = "no_route"
    RELEASED_BEFORE_SEEN = "released_before_seen"
    DUTY_DONE = "duty_done"
    OTHER = "other"


OUTCOMES = tuple(Outcome)


@dataclass(frozen=True)
class Barred:
    """An ending that an alert cannot have as the record stands, for whom, and what it waits for."""

    outcome: Outcome
    roles: tuple[Role, ...]
    why: str


def barred(*, still_here: bool, undecided: bool) -> tuple[Barred, ...]:
    """The endings that cannot be true of an alert about one person.

    Whoever is still here has not left. A nurse closes as seen what holds an answer about a route:
    which one, declined, or none exists; ``undecided`` says that it holds none yet.
    """
    everybody = tuple(sorted(VERBS[Verb.CLOSE_ALERT]))
    found = []
    if undecided:
        found.append(Barred(Outcome.SEEN_BY_CLINICIAN, _NURSES, UNDECIDED))
    if still_here:
        found.append(Barred(Outcome.RELEASED_BEFORE_SEEN, everybody, STILL_HERE))
    return tuple(found)


def check_ending(outcome: Outcome, role: str, found: Sequence[Barred]) -> None:
    """Raise InputError with what an ending waits for, and the endings that are left."""
    of_role = {each.outcome: each.why for each in found if role in each.roles}
    if outcome in of_role:
        left = tuple(each for each in OUTCOMES if each not in of_role)
        raise InputError.at("outcome", of_role[outcome], left)


@dataclass(frozen=True)
class Enders:
    """The roles that may close one open alert, and those that may say it was raised wrongly."""

    close: frozenset[Role]
    cancel: frozenset[Role]
    awaits_decision: bool = False  # of the legal owner, who has no account

    def require(self, role: str, verb: Verb) -> None:
        """Raise RoleRefused or NotAllowed, saying what ends it, unless this role may."""
        require(role, verb)
        if role in (self.close if verb is Verb.CLOSE_ALERT else self.cancel):
            return
        raise NotAllowed(self.why) if self.awaits_decision else RoleRefused(self.why)

    @property
    def why(self) -> str:
        """Why somebody who ends other alerts does not end this one."""
        return ONLY_DECIDED if self.awaits_decision else FOR_HEALTH_STAFF


NOBODY = Enders(frozenset(), frozenset())  # of what is over, or not raised yet


def enders(meant_for: Sequence[str], *, awaits_decision: bool) -> Enders:
    """Who may end an alert that was raised for these roles.

    Whoever was added while it climbed hears of it, and it stays with those it was meant for.
    """
    if awaits_decision:
        return Enders(frozenset(), frozenset(), awaits_decision=True)
    health = bool(meant_for) and all(role in CLINICAL_ROLES for role in meant_for)
    left_out = POLICE_ROLES if health else frozenset()
    return Enders(VERBS[Verb.CLOSE_ALERT] - left_out, VERBS[Verb.CANCEL_ALERT] - left_out)
