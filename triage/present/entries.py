"""Words of the forms that record events, authorities, visits and decisions."""

from datetime import datetime

from triage.domain.legal_owner import DECIDED
from triage.domain.needs import NEEDS
from triage.domain.rulebook import Rulebook
from triage.present import spans
from triage.present.services import ServiceWords, services
from triage.present.words import said

ROUSE = (
    ("none", "No rousing was due"),
    ("passed", "Roused: answered and followed a request"),
    ("failed", "Could not be roused as Annex H asks: get help now, call 999"),
)
OUTCOMES = (
    ("offered", "Offered"),
    ("accepted", "Accepted"),
    ("declined", "Declined by the person"),
    ("none_exists", "No such route exists here"),
    ("acknowledged", "The service has answered: it has the referral"),
    ("turned_down", "Turned down by the service"),
)
GROUPS = (
    ("police", "Everybody who looks after the person"),
    ("clinical", "Health staff only: it rests on clinical grounds"),
)
HAPPENED_TITLE = "Record what happened"
AUTHORITY_TITLE = "Give an authority"
HAPPENED_LEAD = (
    "What has happened is always recorded, at its true time, even if it should not have happened."
)
BESIDES_TITLE = "Also"
BESIDES_LEAD = (
    "These hardly fit what is on the record of this person. If one of them happened, record it."
)
GIVEN_BESIDES_LEAD = (
    "These hardly fit what is on the record of this person. Is something that came before not "
    "recorded yet? Record it first."
)
NOTHING_TO_GIVE = "No authority fits this stay as it is on the record."
MORE_WORDS = "Anything else, in words"
AUTHORITY_LEAD = "What would be unlawful is refused here, with the law. Nothing is backdated."

DECISION_LEAD = (
    "The legal owner decides, and you put it on the record: their name stands as the one who "
    "decided, yours as the one who entered it."
)


def lead(kind: str, happened: bool) -> str:
    """What stands above the form of one event."""
    if kind == DECIDED:
        return DECISION_LEAD
    return HAPPENED_LEAD if happened else AUTHORITY_LEAD


def when(kind: str, happened: bool) -> str:
    """How the form asks for the time."""
    if kind == DECIDED:
        return "When was it decided?"
    return "When did it happen?" if happened else "When is it given?"


def button(kind: str, happened: bool) -> str:
    """What the button says; nobody gives an authority by entering somebody else's decision."""
    if kind == DECIDED:
        return "Put the decision on the record"
    return "Record it" if happened else "Give the authority"


def own_name(name: str, happened: bool) -> str:
    """Who stands in the field "Who" at first: whoever gives an authority gives it themselves."""
    return "" if happened else name


def routes(rulebook: Rulebook, first: str) -> tuple[tuple[str, str], ...]:
    """The routes to choose from, the one that was asked for first."""
    listed = [(route.id, spans.capital(said(route.id))) for route in rulebook.routes]
    return tuple(sorted(dict(listed).items(), key=lambda each: (each[0] != first, each[1])))


def services_of(rulebook: Rulebook, route: str, *, now: datetime) -> tuple[ServiceWords, ...]:
    """Where the route that was asked for leads, as it is open now."""
    ids = [each.id for each in rulebook.services_of.get(route, ())]
    return services(ids, rulebook, at=now)


def leads_to(route: str) -> str:
    """What stands above the services of the route that was asked for."""
    return f"{spans.capital(said(route))} leads to:"


def needs() -> tuple[tuple[str, str], ...]:
    """The needs that may have no route."""
    return tuple((need, spans.capital(said(need))) for need in NEEDS)
