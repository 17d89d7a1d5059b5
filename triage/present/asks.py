"""What the forms of events ask for besides the time: each field, with its options in words."""

from dataclasses import dataclass

from triage.domain.legal_owner import Decision, Received
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
    most: int = 1440  # the largest number that is taken: the minutes of a day
    called: str = ""  # in a refusal; empty: as the label says
    long: bool = False  # some sentences, not a name
    held: str = ""  # what stands there before anybody types


ROLE = Asked("role", "Role of whoever did it", DONE_BY)
WHERE = Asked("place", "Where", PLACE, required=True)
ASSESSED = Asked("place", "Where the assessment will be", PLACE)
WHERE_IF = Asked("place", "Where", PLACE)
BY = Asked("by", "Who")
HELD_RANK = Asked("rank", "Rank", RANK)
REASON = Asked("reason", "Reason", long=True)
ABOUT = Asked("reason", "What about, in a few words?", long=True)
CONSULTED = Asked(
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
LIMB = Asked(
    "limb",
    "Decision",
    (("remove", "Remove to a place of safety"), ("keep", "Keep at a place of safety")),
    required=True,
)
BASIS = Asked(
    "basis",
    "What was the arrest for?",
    (
        ("offence", "An offence"),
        ("section_46a", "Failing to answer bail, or breaking it (section 46A)"),
        ("other_force", "Our offence, arrested in another force's area"),
        ("moved_between_forces", "Our offence, brought from another force's station"),
    ),
)
EXCEPTION = Asked(
    "exception",
    "Only after section 46A: had they come for live link bail, and left or refused a search?",
    YES_NO,
    truth=True,
)
AREA = Asked(
    "area",
    "In whose area?",
    (("ours", "Ours"), ("other", "Another force's")),
)
REVIEW_MODES = (("in_person", "In person"), ("phone", "By telephone"), ("video", "By video link"))
MODE = Asked("mode", "How was it done?", REVIEW_MODES)
PHONE_REASON = Asked("phone_reason", "If by telephone or video: why not in person?", long=True)
WHY_LATER = Asked("reason", "Why could it not be done?", required=True, long=True)
# The words of the annual return. The lists marked so were written from memory: compare them first.
UNVERIFIED = "list to be verified"
JOURNEY = (
    Asked(
        "transport",
        "How did the person travel?",
        (
            ("ambulance", "Ambulance"),
            ("police_vehicle", "Police vehicle"),
            ("other_health_vehicle", "Other health vehicle"),
            ("other", "Other"),
            ("none", "None (already at a place of safety)"),
        ),
    ),
    Asked("ambulance_requested", "If by police vehicle: ambulance requested?", YES_NO),
    Asked(
        "vehicle_reason",
        f"If by police vehicle: why? ({UNVERIFIED})",
        (
            ("no_ambulance_in_30_minutes", "Ambulance not available within 30 minutes"),
            ("crew_refused", "Ambulance crew refused to convey"),
            ("ambulance_retasked", "Ambulance re-tasked to higher priority"),
            ("risk_favoured_police", "Risk assessment (behaviour) favoured police vehicle"),
            ("not_requested", "Ambulance not requested"),
            ("other", "Other"),
        ),
    ),
)
STATION_REASON = Asked(
    "station_reason",
    f"If a police station: why there? ({UNVERIFIED})",
    (
        ("conditions_met", "Conditions in Regulations were met"),
        ("arrested", "Arrested for a substantive offence"),
        ("other", "Other"),
    ),
)
DECISION = Asked(
    "decision",
    "What did the legal owner decide?",
    (
        (Decision.MOVE, "The person must be moved to a health place of safety"),
        (Decision.STAY, "The person may stay until the permitted period ends"),
        (Decision.LEFT, "Nothing is left to decide: the person had left"),
    ),
    required=True,
)
LEGAL_OWNER = Asked("by", "Name of the legal owner", required=True)
RECEIVED = Asked(
    "received",
    "How was the decision given?",
    (
        (Received.WRITTEN, "In writing"),
        (Received.TELEPHONE, "By telephone"),
        (Received.IN_PERSON, "In person"),
    ),
    required=True,
)
RESTS_ON = Asked("reason", "On which rule or advice does it rest?", required=True, long=True)
HOURS = Asked(
    "hours", "For how many hours?", number=True, most=96, called="for how many hours", required=True
)
MORE_HOURS = Asked(
    "hours",
    "For how many hours more? (up to 36 in all)",
    number=True,
    most=96,
    called="for how many hours more",
)
GROUND = Asked(
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


def station_tests(*, required: bool) -> tuple[Asked, ...]:
    """The three tests of a police station, each with its own answer (SI 2017/1036 reg 2)."""
    return (
        Asked(
            "risk",
            "Does the behaviour pose an imminent risk of serious injury or death?",
            YES_NO,
            truth=True,
            required=required,
        ),
        Asked(
            "no_other_place",
            "Because of that risk, can no other place in the police area be expected to detain?",
            YES_NO,
            truth=True,
            required=required,
        ),
        Asked(
            "hcp_available",
            "Is a health professional present and available throughout?",
            YES_NO,
            truth=True,
            required=required,
        ),
    )


# What is asked of an act that is given here, and of one that somebody else gave, alike.
EXTENSION = (HOURS, GROUND, ASSESSED, BY)
STATION_USE = (HELD_RANK, BY, REASON, STATION_REASON)
