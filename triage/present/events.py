"""The events that can be recorded, in words, and what each asks for besides its time."""

from dataclasses import dataclass

from triage.domain.roles import DECIDES_THE_LAW
from triage.present import asks
from triage.present.asks import DONE_BY, PLACE, PLACE_WORDS, REVIEW_MODES, ROLE, Asked

__all__ = [
    "DONE_BY",
    "HAPPENED",
    "KIND_WORDS",
    "PACE",
    "PLACE",
    "PLACE_WORDS",
    "REVIEW_MODES",
    "ROLE",
    "Asked",
    "Kind",
    "KindGroup",
    "kind",
]


@dataclass(frozen=True)
class Kind:
    """One kind of event: its words and what it asks for."""

    id: str
    words: str
    asks: tuple[Asked, ...] = ()
    role: str | None = None  # whose act it is by its nature; then nobody is asked


@dataclass(frozen=True)
class KindGroup:
    """Kinds that belong together on the page where one is chosen."""

    words: str
    kinds: tuple[Kind, ...]


LEGAL_OWNER = Kind(
    "legal_owner_decided",
    "Legal owner's decision about a police station",
    (asks.DECISION, asks.LEGAL_OWNER, asks.RECEIVED, asks.RESTS_ON),
    DECIDES_THE_LAW,
)
PACE = "PACE"
HAPPENED = (
    KindGroup(
        "Section 136 and 135: the decision and the way",
        (
            Kind("s136_decided", "Section 136 decided", (asks.LIMB, asks.CONSULTED, asks.BY)),
            Kind("s135_warrant_issued", "Section 135 warrant issued"),
            Kind("entered_premises", "Premises entered"),
            Kind("s135_decided", "Section 135 decided", (asks.LIMB, asks.BY)),
            Kind("removal_started", "Removal started", asks.JOURNEY),
            Kind("arrived_site", "Arrived at the site", (asks.WHERE, *asks.JOURNEY)),
            Kind("entered_building", "Entered the building", (asks.WHERE,)),
            Kind(
                "arrived",
                "Arrived at the place of safety",
                (asks.WHERE, *asks.JOURNEY, asks.STATION_REASON),
            ),
            Kind("left_place", "Left the place"),
            Kind("transferred", "Arrived at the next place", (asks.WHERE, asks.STATION_REASON)),
        ),
    ),
    KindGroup(
        "Handover to health",
        (
            Kind("handover_offered", "Handover offered", (asks.BY,)),
            Kind("handover_accepted", "Handover accepted", (asks.BY,)),
            Kind(
                "police_asked_to_stay",
                "Police asked to stay",
                (asks.REASON, asks.Asked("answer", "Answer", asks.YES_NO)),
            ),
            Kind("police_left", "Police left"),
            Kind("place_asked", "A place was asked for", (asks.Asked("answer", "Answer"),)),
        ),
    ),
    KindGroup(
        "Assessment",
        (
            Kind("amhp_told", "AMHP told", (asks.BY,)),
            Kind("amhp_arrived", "AMHP arrived", (asks.BY,)),
            Kind("doctor_told", "Doctor told", (asks.BY,)),
            Kind("doctor_arrived", "Doctor arrived", (asks.BY,)),
            Kind("mha_assessment_requested", "Mental Health Act assessment asked for", (asks.BY,)),
            Kind("assessment_began", "Assessment began", (asks.WHERE,)),
            Kind("assessment_finished", "Assessment finished", (asks.Asked("outcome", "Outcome"),)),
            Kind("assessment_place_changed", "Place of assessment changed", (asks.WHERE,)),
            Kind("bed_requested", "Bed asked for", (asks.BY,)),
            Kind("bed_found", "Bed found", (asks.BY,)),
        ),
    ),
    KindGroup(
        "At a police station",
        (
            Kind("station_proposed", "Station proposed", (asks.REASON, asks.BY)),
            Kind(
                "health_check",
                "Health check done",
                (
                    asks.Asked(
                        "waking",
                        "Wake the person for the next ones?",
                        (("needed", "Yes, wake them"), ("not_needed", "No, let them sleep")),
                    ),
                    asks.BY,
                ),
            ),
            Kind(
                "behaviour_review",
                "Review of behaviour done",
                (
                    asks.Asked(
                        "conditions",
                        "The conditions for the station",
                        (("exist", "Still exist"), ("ended", "Have ended")),
                        required=True,
                    ),
                    asks.BY,
                    asks.HELD_RANK,
                ),
            ),
            Kind(
                "stay_at_station_reasons",
                "Reasons to stay at the station",
                (
                    asks.Asked(
                        "assessed_sooner", "Would be assessed sooner here", asks.YES_NO, truth=True
                    ),
                    asks.Asked(
                        "distress_likely", "A move would likely distress", asks.YES_NO, truth=True
                    ),
                    asks.BY,
                    asks.HELD_RANK,
                ),
            ),
            Kind("fell_asleep", "Fell asleep"),
            Kind("woke", "Woke"),
        ),
    ),
    KindGroup(
        PACE,
        (
            Kind("arrested", "Arrested", (asks.BASIS, asks.EXCEPTION)),
            Kind("arrived_station", "Arrived at the station", (asks.AREA,)),
            Kind("detention_authorised", "Detention authorised", (asks.BY, asks.HELD_RANK)),
            Kind(
                "pace_review_done",
                "PACE review done",
                (asks.MODE, asks.PHONE_REASON, asks.BY, asks.HELD_RANK, asks.REASON),
            ),
            Kind(
                "pace_review_postponed",
                "PACE review postponed",
                (asks.WHY_LATER, asks.BY, asks.HELD_RANK),
            ),
            Kind("warrant_granted", "Warrant granted", (asks.HOURS,)),
            Kind("left_for_hospital", "Left for hospital"),
            Kind("back_from_hospital", "Back from hospital"),
            Kind("interview_ended", "Interview ended"),
            Kind("charged", "Charged"),
            Kind("bail_refused", "Bail refused, or kept for court"),
            Kind("bad_news", "Told bad news", (asks.ABOUT,)),
            Kind("custody_officer_changed", "Custody officer changed", (asks.BY,)),
            Kind("release_decided", "Release decided"),
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
                (
                    asks.Asked("minutes", "Every so many minutes", number=True, required=True),
                    asks.REASON,
                ),
            ),
            Kind("rouse", "Roused", (asks.Asked("passed", "Passed", asks.YES_NO, truth=True),)),
            Kind("rousing_ended", "Rousing ended", (asks.REASON, asks.BY)),
        ),
    ),
    KindGroup(
        "Authorities that were given by somebody else",
        (
            Kind(
                "station_authorised",
                "Police station authorised",
                (*asks.station_tests(required=False), *asks.STATION_USE),
            ),
            Kind("extension_authorised", "Extension authorised", asks.EXTENSION),
            Kind("superintendent_approved", "Superintendent approved", (asks.BY, asks.HELD_RANK)),
            LEGAL_OWNER,
            Kind(
                "pace_extended",
                "PACE detention extended",
                (asks.MORE_HOURS, asks.HELD_RANK, asks.BY, asks.REASON),
            ),
        ),
    ),
    KindGroup(
        "The end, and what goes wrong",
        (
            Kind("absconded", "Absconded"),
            Kind("retaken", "Retaken"),
            Kind(
                "other_authority",
                "Another power recorded",
                (asks.Asked("section", "Which"), asks.BY),
            ),
            Kind(
                "ended",
                "A power ended",
                (
                    asks.Asked(
                        "power",
                        "Which",
                        (
                            ("section136", "Section 136"),
                            ("section135", "Section 135"),
                            ("pace", "PACE"),
                            ("all", "Every power"),
                        ),
                    ),
                    asks.REASON,
                ),
            ),
        ),
    ),
)
KIND_WORDS = {each.id: each.words for group in HAPPENED for each in group.kinds}


def kind(groups: tuple[KindGroup, ...], wanted: str) -> Kind | None:
    """The kind with this id, if it is offered here."""
    return next((each for group in groups for each in group.kinds if each.id == wanted), None)
