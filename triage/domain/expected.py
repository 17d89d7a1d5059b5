"""Which events a detention can have now, so that whoever records one is shown those first.

A guide and never a gate: what has happened is always recorded, also what fits nothing that is on
the record, and what nobody may authorise the law refuses in its own words. Where it is not known
what the record says, everything is expected.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from triage.domain.legal_owner import DECIDED
from triage.domain.roles import CLINICAL_ROLES, Role
from triage.domain.timeline import KINDS, Timeline
from triage.domain.whereabouts import STATION

_MENTAL_HEALTH = ("s136_decided", "s135_warrant_issued", "entered_premises", "s135_decided")
_SECTIONS = ("section136", "section135")
# What belongs to the arrest of somebody who has a custody record or was arrested.
_ARREST = ("arrested", "arrived_station", "detention_authorised")


@dataclass(frozen=True)
class Been:
    """What is known of one detention: what was recorded, which powers stand, and where they are."""

    kinds: tuple[str, ...]  # every event that counts, oldest first
    powers: frozenset[str]  # those that stand now
    custody: bool  # there is a custody record
    section136: bool  # the stay was opened under section 136 or 135
    place: str | None  # None: nobody knows
    legal_owner: bool  # something waits for the legal owner, or they have decided before

    @classmethod
    def of(
        cls,
        line: Timeline,
        *,
        powers: frozenset[str],
        stay: str | None,
        place: str | None,
        legal_owner: bool,
    ) -> "Been":
        """What the events that count say; ``stay`` is the kind of the stay."""
        kinds = tuple(event.kind for event in line.events)
        return cls(
            kinds, powers, stay == "custody", stay == "section136", place,
            legal_owner or DECIDED in kinds,
        )  # fmt: skip

    @property
    def mental_health(self) -> bool:
        """Whether section 136 or 135 has been used in this stay."""
        return self.section136 or self.had(*_MENTAL_HEALTH)

    @property
    def arrest(self) -> bool:
        """Whether this is the stay of somebody who was arrested."""
        return self.custody or self.had(*_ARREST)

    @property
    def held_by_pace(self) -> bool:
        """Whether detention under PACE stands."""
        return "pace" in self.powers

    @property
    def station(self) -> bool:
        """Whether the person may be at a police station under section 136 or 135."""
        return self.mental_health and self.place in (STATION, None)

    def had(self, *kinds: str) -> bool:
        """Whether any of these was recorded."""
        return any(kind in kinds for kind in self.kinds)

    def open(self, begins: str, *ends: str) -> bool:
        """Whether the last of these that was recorded is the one that begins something."""
        of_them = [kind for kind in self.kinds if kind in (begins, *ends)]
        return of_them[-1:] == [begins]


Test = Callable[[Been], bool]


def _mental_health(been: Been) -> bool:
    return been.mental_health


def _under_pace(been: Been) -> bool:
    return been.held_by_pace


def _uncharged(been: Been) -> bool:
    return been.held_by_pace and not been.had("charged")


def _at_station(been: Been) -> bool:
    return been.station


def _assessment(been: Been) -> bool:
    return been.mental_health or been.had("mha_assessment_requested")


def _always(been: Been) -> bool:
    return True


def _decided_already(been: Been) -> bool:
    return not been.powers.isdisjoint(_SECTIONS) and been.had("s136_decided", "s135_decided")


def _s135(been: Been) -> bool:
    return been.section136 and not been.had("s136_decided")


def _on_the_way(been: Been) -> bool:
    return been.mental_health and not been.had("arrived")


_TESTS: Mapping[str, Test] = MappingProxyType(
    {
        "s136_decided": lambda been: not _decided_already(been),
        "s135_warrant_issued": lambda been: _s135(been) and not been.had("s135_warrant_issued"),
        "entered_premises": lambda been: _s135(been) and not been.had("entered_premises"),
        "s135_decided": lambda been: _s135(been) and not been.had("s135_decided"),
        "removal_started": _on_the_way,
        "arrived_site": _on_the_way,
        "entered_building": _on_the_way,
        "arrived": _on_the_way,
        "amhp_told": _assessment,
        "amhp_arrived": _assessment,
        "doctor_told": _assessment,
        "doctor_arrived": _assessment,
        "assessment_began": _assessment,
        "assessment_finished": _assessment,
        "assessment_place_changed": _assessment,
        "bed_requested": _assessment,
        "bed_found": _assessment,
        "mha_assessment_requested": lambda been: been.arrest or been.mental_health,
        "health_check": _at_station,
        "behaviour_review": _at_station,
        "stay_at_station_reasons": _at_station,
        "fell_asleep": lambda been: been.station and not been.open("fell_asleep", "woke"),
        "woke": lambda been: been.station and been.open("fell_asleep", "woke"),
        "superintendent_approved": _at_station,
        DECIDED: lambda been: been.legal_owner,
        "arrested": lambda been: not been.had("arrested"),
        "arrived_station": lambda been: been.arrest and not been.had("arrived_station"),
        "detention_authorised": lambda been: been.arrest and not been.held_by_pace,
        "pace_review_done": _under_pace,
        "pace_review_postponed": _under_pace,
        "pace_extended": _uncharged,
        "warrant_granted": _uncharged,
        "left_for_hospital": lambda been: (
            been.held_by_pace and not been.open("left_for_hospital", "back_from_hospital")
        ),
        "back_from_hospital": lambda been: been.open("left_for_hospital", "back_from_hospital"),
        "interview_ended": _under_pace,
        "charged": _uncharged,
        "bail_refused": lambda been: been.held_by_pace and been.had("charged"),
        "bad_news": _always,
        "custody_officer_changed": lambda been: been.arrest or been.station,
        "release_decided": _under_pace,
        "bailed": _under_pace,
        "answered_bail": lambda been: been.open("bailed", "answered_bail"),
        "rousing_ordered": lambda been: been.arrest or been.station,
        "rouse": lambda been: been.arrest or been.station,
        "rousing_ended": lambda been: been.arrest or been.station,
        "absconded": lambda been: bool(been.powers) and not been.open("absconded", "retaken"),
        "retaken": lambda been: been.open("absconded", "retaken"),
        "other_authority": lambda been: been.arrest or been.mental_health,
        "ended": lambda been: bool(been.powers),
    }
)


def expected(been: Been | None) -> frozenset[str]:
    """The kinds of event that this detention can have now; all of them where nobody knows."""
    if been is None:
        return frozenset(KINDS)
    return frozenset(kind for kind in KINDS if _TESTS.get(kind, _mental_health)(been))


def may_give(role: str, kind: str) -> bool:
    """Whether an authority of this kind is ever given, or entered, by somebody with this role.

    A doctor in custody extends the permitted period (MHA s136B); every other authority is one of
    the police. What the legal owner decides comes in through the duty inspector.
    """
    if kind == DECIDED:
        return role == Role.DUTY_INSPECTOR
    return role not in CLINICAL_ROLES or kind == "extension_authorised"
