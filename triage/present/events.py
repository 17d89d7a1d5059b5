"""The events that can be recorded, in words, and what each asks for besides its time."""

from dataclasses import dataclass

from triage.domain.ranks import RANKS
from triage.present import spans

PLACE = (
    ("police_station", "Police station"),
    ("a_and_e", "A&E department"),
    ("health_based_place_of_safety", "Health-based place of safety"),
    ("home", "A home"),
    ("other", "Somewhere else"),
)
PLACE_WORDS = dict(PLACE)
RANK = tuple((rank, spans.capital(spans.plain(rank))) for rank in RANKS[:6])
DONE_BY = (
    ("custody_sergeant", "Custody sergeant"),
    ("detention_officer", "Detention officer"),
    ("custody_hcp", "Custody healthcare professional"),
    ("liaison_nurse", "Liaison nurse"),
    ("lead_nurse", "Lead nurse"),
    ("duty_inspector", "Duty inspector"),
    ("superintendent", "Superintendent"),
    ("control_room", "Control room"),
    ("amhp", "AMHP"),
    ("doctor", "Doctor"),
    ("nurse", "Nurse"),
    ("paramedic", "Paramedic"),
    ("occupational_therapist", "Occupational therapist"),
    ("constable", "Constable"),
)
REVIEW_MODES = (("in_person", "In person"), ("phone", "By telephone"), ("video", "By video link"))
YES_NO = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True)
class Asked:
    """One thing that a kind of event asks for."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...] = ()  # none: free text
    number: bool = False
    truth: bool = False  # yes or no
    required: bool = False


ROLE = Asked("role", "Role of whoever did it", DONE_BY)
_PLACE = Asked("place", "Where", PLACE, required=True)
_ASSESSED = Asked("place", "Where the assessment will be", PLACE)
_PLACE_IF = Asked("place", "Where", PLACE)
_BY = Asked("by", "Who")
_RANK = Asked("rank", "Rank", RANK)
_REASON = Asked("reason", "Reason")
_MODE = Asked("mode", "How was it done?", REVIEW_MODES)
_PHONE = Asked("phone_reason", "If by telephone: why not in person?")
_CONSULTED = Asked(
    "consulted",
    "Who was consulted before the decision?",
    (
        ("no", "Nobody"),
        ("paramedic", "Paramedic"),
        ("nurse", "Nurse"),
        ("doctor", "Doctor"),
        ("amhp", "AMHP"),
        ("occupational_therapist", "Occupational therapist"),
    ),
)
_LIMB = Asked(
    "limb",
    "Decision",
    (("remove", "Remove to a place of safety"), ("keep", "Keep at a place of safety")),
    required=True,
)
_HOURS = Asked("hours", "Hours", number=True, required=True)
_GROUND = Asked(
    "ground",
    "Ground of the extension",
    (
        ("condition", "The person's condition makes an assessment impossible now"),
        ("no_amhp", "No AMHP"),
        ("no_doctor", "No doctor"),
        ("no_bed", "No bed"),
        ("other", "Another ground"),
    ),
    required=True,
)


@dataclass(frozen=True)
class Kind:
    """One kind of event: its words and what it asks for."""

    id: str
    words: str
    asks: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class KindGroup:
    """Kinds that belong together on the page where one is chosen."""

    words: str
    kinds: tuple[Kind, ...]


HAPPENED = (
    KindGroup(
        "Section 136 and 135: the decision and the way",
        (
            Kind("s136_decided", "Section 136 decided", (_LIMB, _CONSULTED, _BY)),
            Kind("s135_warrant_issued", "Section 135 warrant issued"),
            Kind("entered_premises", "Premises entered"),
            Kind("s135_decided", "Section 135 decided", (_LIMB, _BY)),
            Kind("removal_started", "Removal started"),
            Kind("arrived_site", "Arrived at the site", (_PLACE,)),
            Kind("entered_building", "Entered the building", (_PLACE,)),
            Kind("arrived", "Arrived at the place of safety", (_PLACE,)),
            Kind("left_place", "Left the place"),
            Kind("transferred", "Arrived at the next place", (_PLACE,)),
        ),
    ),
    KindGroup(
        "Handover to health",
        (
            Kind("handover_offered", "Handover offered", (_BY,)),
            Kind("handover_accepted", "Handover accepted", (_BY,)),
            Kind(
                "police_asked_to_stay",
                "Police asked to stay",
                (_REASON, Asked("answer", "Answer", YES_NO)),
            ),
            Kind("police_left", "Police left"),
            Kind("place_asked", "A place was asked for", (Asked("answer", "Answer"),)),
        ),
    ),
    KindGroup(
        "Assessment",
        (
            Kind("amhp_told", "AMHP told", (_BY,)),
            Kind("amhp_arrived", "AMHP arrived", (_BY,)),
            Kind("doctor_told", "Doctor told", (_BY,)),
            Kind("doctor_arrived", "Doctor arrived", (_BY,)),
            Kind("mha_assessment_requested", "Mental Health Act assessment asked for", (_BY,)),
            Kind("assessment_began", "Assessment began", (_PLACE,)),
            Kind("assessment_finished", "Assessment finished", (Asked("outcome", "Outcome"),)),
            Kind("assessment_place_changed", "Place of assessment changed", (_PLACE,)),
            Kind("bed_requested", "Bed asked for", (_BY,)),
            Kind("bed_found", "Bed found", (_BY,)),
        ),
    ),
    KindGroup(
        "At a police station",
        (
            Kind("station_proposed", "Station proposed", (_REASON, _BY)),
            Kind(
                "health_check",
                "Health check done",
                (
                    Asked(
                        "waking",
                        "Wake the person for the next ones?",
                        (("needed", "Yes, wake them"), ("not_needed", "No, let them sleep")),
                    ),
                    _BY,
                ),
            ),
            Kind(
                "behaviour_review",
                "Review of behaviour done",
                (
                    Asked(
                        "conditions",
                        "The conditions for the station",
                        (("exist", "Still exist"), ("ended", "Have ended")),
                        required=True,
                    ),
                    _BY,
                    _RANK,
                ),
            ),
            Kind(
                "stay_at_station_reasons",
                "Reasons to stay at the station",
                (
                    Asked("assessed_sooner", "Would be assessed sooner here", YES_NO, truth=True),
                    Asked("distress_likely", "A move would likely distress", YES_NO, truth=True),
                    _BY,
                    _RANK,
                ),
            ),
            Kind("fell_asleep", "Fell asleep"),
            Kind("woke", "Woke"),
        ),
    ),
    KindGroup(
        "PACE",
        (
            Kind("arrested", "Arrested"),
            Kind("arrived_station", "Arrived at the station"),
            Kind("detention_authorised", "Detention authorised", (_BY, _RANK)),
            Kind("pace_review_done", "PACE review done", (_MODE, _PHONE, _BY, _RANK, _REASON)),
            Kind("pace_review_postponed", "PACE review postponed", (_BY, _RANK, _REASON)),
            Kind("warrant_granted", "Warrant granted", (_HOURS,)),
            Kind("left_for_hospital", "Left for hospital"),
            Kind("back_from_hospital", "Back from hospital"),
            Kind("charged", "Charged"),
            Kind("bailed", "Bailed"),
            Kind("answered_bail", "Answered bail"),
        ),
    ),
    KindGroup(
        "Rousing",
        (
            Kind(
                "rousing_ordered",
                "Rousing ordered",
                (Asked("minutes", "Every so many minutes", number=True, required=True), _REASON),
            ),
            Kind("rouse", "Roused", (Asked("passed", "Passed", YES_NO, truth=True),)),
            Kind("rousing_ended", "Rousing ended", (_REASON, _BY)),
        ),
    ),
    KindGroup(
        "Authorities that were given by somebody else",
        (
            Kind("station_authorised", "Police station authorised", (_RANK, _BY, _REASON)),
            Kind(
                "extension_authorised",
                "Extension authorised",
                (_HOURS, _GROUND, _ASSESSED, _BY),
            ),
            Kind("superintendent_approved", "Superintendent approved", (_BY, _RANK)),
            Kind("pace_extended", "PACE detention extended", (_RANK, _BY, _REASON)),
        ),
    ),
    KindGroup(
        "The end, and what goes wrong",
        (
            Kind("absconded", "Absconded"),
            Kind("retaken", "Retaken"),
            Kind("other_authority", "Another power recorded", (Asked("section", "Which"), _BY)),
            Kind(
                "ended",
                "A power ended",
                (
                    Asked(
                        "power",
                        "Which",
                        (
                            ("section136", "Section 136"),
                            ("section135", "Section 135"),
                            ("pace", "PACE"),
                            ("all", "Every power"),
                        ),
                    ),
                    _REASON,
                ),
            ),
        ),
    ),
)
AUTHORITIES = (
    KindGroup(
        "Mental Health Act",
        (
            Kind("s136_decided", "Section 136", (_LIMB, _CONSULTED, _BY, _PLACE_IF)),
            Kind("s135_decided", "Section 135", (_LIMB, _BY)),
            Kind("station_proposed", "Proposal to use a police station", (_REASON, _BY)),
            Kind("station_authorised", "Use of a police station", (_RANK, _BY, _REASON)),
            Kind(
                "extension_authorised",
                "Extension of the permitted period",
                (_HOURS, _GROUND, _ASSESSED, _BY),
            ),
            Kind("superintendent_approved", "Superintendent's approval", (_BY, _RANK)),
        ),
    ),
    KindGroup(
        "PACE",
        (
            Kind("detention_authorised", "Detention", (_RANK, _BY)),
            Kind("pace_extended", "Extension of detention", (_RANK, _BY, _REASON)),
        ),
    ),
)


KIND_WORDS = {each.id: each.words for group in HAPPENED for each in group.kinds}


def kind(groups: tuple[KindGroup, ...], wanted: str) -> Kind | None:
    """The kind with this id, if it is offered here."""
    return next((each for group in groups for each in group.kinds if each.id == wanted), None)
