"""Needs, flags, routes and answers as people say them."""

from collections.abc import Mapping
from types import MappingProxyType

from triage.domain.answers import Value
from triage.domain.needs import NEED_WORDS
from triage.domain.rulebook import Rulebook
from triage.domain.specs import Question, Spec
from triage.present import spans

_SAID: Mapping[str, str] = MappingProxyType(
    {
        **NEED_WORDS,
        "mental_health_act_assessment": "Mental Health Act assessment",
        "nrm": "National Referral Mechanism",
        "gp": "GP",
        "liaison_nurse": "liaison nurse (offered to everyone)",
        "language_help": "language and interpreter",
        "says_why_here": "says the rights back",
        "first_time_in_cell": "first time in a cell",
        "conditions": "illnesses",
        "device_here": "inhaler, pen, spray or tablets",
        "medicine_critical": "which medicine",
        "private_talk": "a private word",
        "drugs_month": "drugs in the last month",
        "drugs_today": "drugs in the last day",
        "mental_health_help": "help for mental health",
        "mind_medicine": "medicine for mind or mood",
        "self_harm_ever": "self-harm ever",
        "self_harm_now": "self-harm now",
        "cannot_go_on_outside": "cannot go on outside",
        "school_help": "help at school",
        "neurodivergent": "autism or ADHD",
        "home_tonight": "where to sleep",
        "hurt_by_someone": "hurt by someone close",
        "gp_and_workers": "GP and workers",
        "wants_nurse": "wants the nurse",
        "in_care": "ever in care",
        "rouse": "can be woken",
        "answers_questions": "answers simple questions",
        "follows_commands": "follows simple commands",
        "walking": "how they walk",
        "breathing_chest_bleeding": "breathing, chest or bleeding",
        "shaking_sweating": "shaking or sweating",
        "responding_to_unseen": "responds to what nobody else sees",
        "withdrawn_tearful": "withdrawn or crying",
        "understands_rights": "follows what is said",
        "looks_pregnant": "may be pregnant",
        "fresh_self_harm_marks": "fresh marks of self-harm",
        "speaks": "speaks or signs",
        "memory_lapse": "loses the thread",
        "reaction_to_name": "starts at a name",
        "opioid_signs": "signs of an opioid",
        "opioid_withdrawal_signs": "signs of drug withdrawal",
        "feverish": "hot or very unwell",
        "slurred": "slurs or droops",
        "fall_or_blow_reported": "a fall, fight or blow reported",
        "sensory_distress": "cannot bear noise or light",
        "just_agrees": "says yes to everything",
        "gave_things_away": "gave things away or said goodbye",
        "money_worry": "money worries",
        "who_looks_after": "who looks after them",
        "hospital_today": "from hospital today",
        "instruction_open": "healthcare's instruction not carried out",
        "open_flags_before": "needs left open before",
        "appropriate_adult_before": "had an appropriate adult before",
        "interpreter_present": "interpreter there for these answers",
        "appropriate_adult_present": "appropriate adult here",
        "looks_under_18": "looks under 18",
        "arrests_12m": "arrests in twelve months",
        "breath_ug": "breath reading",
        "self_harm": "self-harm",
        "womens_centre": "women's centre",
        "housing_referral": "housing referral to a council",
        "safeguarding_adult": "adult safeguarding",
        "safeguarding_child": "child safeguarding",
        "iom_notify": "tell integrated offender management",
        "probation_notify": "tell probation",
        "drug_test_required_assessment": "required assessment after a drug test",
        "link_worker": "link worker",
        "veterans": "veterans' service",
        "youth_justice": "youth justice service",
        "debt_advice": "debt advice",
        "evidence_stage": "an investigator has not marked the evidence stage",
    }
)
_ROLES: Mapping[str, str] = MappingProxyType(
    {"custody_hcp": "custody healthcare", "liaison_nurse": "liaison nurse", "amhp": "AMHP"}
)
WHY_MISSING: Mapping[str, str] = MappingProxyType(
    {
        "refused": "refused to answer",
        "unable": "unable to answer",
        "not_asked": "not asked",
        "unknown": "not known",
    }
)


QUIET = (
    "{0} of {1} questions have an answer, and those raise nothing. The rest is not known: no answer"
    " is not a no."
)


def said(identifier: str) -> str:
    """A need, flag, route, role or id as people say it."""
    return _SAID.get(identifier, spans.plain(identifier))


def role(identifier: str) -> str:
    """Who is told, as people say it."""
    return _ROLES.get(identifier, spans.plain(identifier))


def spec_of(rulebook: Rulebook | None, fact: str) -> Spec | None:
    """The question, observation or fact of this id, where the rulebook has one."""
    if rulebook is None:
        return None
    for specs in (rulebook.questions, rulebook.observations, rulebook.facts):
        if fact in specs:
            return specs[fact]
    return None


def asked(rulebook: Rulebook | None, fact: str) -> str:
    """A fact in a few words, with the number of its question where it has one."""
    spec = spec_of(rulebook, fact)
    number = getattr(spec, "number", "")
    return f"{number} {said(fact)}" if number else said(fact)


def question_words(rulebook: Rulebook | None, fact: str) -> str:
    """The whole question, as it is read out; the short words where the rulebook has none."""
    spec = spec_of(rulebook, fact)
    return spec.asks if isinstance(spec, Question) else asked(rulebook, fact)


def answer_words(rulebook: Rulebook | None, fact: str, value: Value | None) -> str:
    """An answer in the words of its options."""
    spec = spec_of(rulebook, fact)
    options = dict(spec.options) if spec is not None else {}
    match value:
        case None:
            return "not known"
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(_option(options, each) for each in value) or "none of these"
        case str():
            return _option(options, value) if value else "nothing"
    return str(value)


def _option(options: Mapping[str, str], option: str) -> str:
    words = options.get(option, spans.plain(option))
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
