"""Who may end an open alert. The act that ends one asks here, and so does every door offering it.

Health staff end what was meant for them alone, and nobody ends what the law leaves to somebody
without an account here: an alert that the wrong person closes calls nobody any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from triage.domain.errors import NotAllowed, RoleRefused
from triage.domain.roles import CLINICAL_ROLES, POLICE_ROLES, VERBS, Role, Verb, require

FOR_HEALTH_STAFF = "This alert is for health staff: one of them says how it ended."
ONLY_DECIDED = (
    "Only the legal owner's decision ends this. Record it under Give an authority, with their name."
)


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
        raise NotAllowed(ONLY_DECIDED) if self.awaits_decision else RoleRefused(FOR_HEALTH_STAFF)


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
