"""The closed lists: needs, flags, routes and addressees, in the order in which they are shown."""

from collections.abc import Mapping
from types import MappingProxyType

NEEDS = (
    "mental_health",
    "suicide_self_harm",
    "alcohol",
    "drugs",
    "housing",
    "learning_disability",
    "autism",
    "neurodiversity",
    "brain_injury",
    "head_injury",
    "physical_health",
    "pregnancy",
    "domestic_abuse",
    "exploitation",
    "employment_debt",
    "youth",
    "women",
    "veteran",
    "communication",
    "dependants",
)

FLAGS = (
    "appropriate_adult",
    "repeat_contact",
    "record_conflict",
    "rescreen_due",
    "section136",
    "information_missing",
    "not_acted_on",
    "release_gap",
)

ORDER: Mapping[str, int] = MappingProxyType({name: n for n, name in enumerate(NEEDS + FLAGS)})

# Those of which the id alone would be misread; the others are said as they are spelled.
NEED_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "suicide_self_harm": "suicide and self-harm",
        "neurodiversity": "ADHD or dyslexia",
        "employment_debt": "work and money",
        "youth": "child or young person",
        "women": "needs as a woman",
        "veteran": "armed forces",
        "communication": "language and communication",
        "dependants": "somebody who depends on them",
        "domestic_abuse": "domestic abuse as a victim",
        "exploitation": "exploitation by others",
        "repeat_contact": "has been here often",
        "record_conflict": "answers and record differ",
        "rescreen_due": "screening due again",
        "section136": "Section 136",
        "information_missing": "information is missing",
        "not_acted_on": "not acted on yet",
        "release_gap": "not ready to be released safely",
    }
)

ROUTES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "duty": (
            "emergency_ambulance",
            "custody_healthcare",
            "appropriate_adult",
            "interpreter",
            "mental_health_act_assessment",
            "safeguarding_adult",
            "safeguarding_child",
            "nrm",
            "drug_test_required_assessment",
        ),
        "support": (
            "liaison_nurse",
            "crisis_team",
            "mental_health_trust",
            "talking_therapies",
            "peer_support",
            "drug_treatment",
            "alcohol_treatment",
            "link_worker",
            "womens_centre",
            "youth_justice",
            "turnaround",
            "housing_referral",
            "veterans",
            "victim_services",
            "domestic_abuse_service",
            "debt_advice",
            "employment",
            "gp",
            "iom_notify",
            "probation_notify",
            "information_only",
        ),
        "disposal": (
            "community_resolution",
            "conditional_caution",
            "outcome_22",
            "outcome_23",
            "deferred_prosecution",
            "restorative_justice",
        ),
    }
)

ROUTE_ORDER: Mapping[str, int] = MappingProxyType(
    {route: n for n, route in enumerate(r for axis in ROUTES.values() for r in axis)}
)

ADDRESSEES = (
    "custody_sergeant",
    "detention_officer",
    "custody_hcp",
    "liaison_nurse",
    "lead_nurse",
    "duty_inspector",
    "superintendent",
    "control_room",
    "amhp",
    "doctor",
    "legal_owner",
)
