"""The authorities that can be given, in words, and what each asks for besides its time."""

from dataclasses import replace

from triage.present import asks
from triage.present.events import LEGAL_OWNER, PACE, Kind, KindGroup

AUTHORITIES = (
    KindGroup(
        "Mental Health Act",
        (
            Kind(
                "s136_decided", "Section 136", (asks.LIMB, asks.CONSULTED, asks.BY, asks.WHERE_IF)
            ),
            Kind("s135_decided", "Section 135", (asks.LIMB, asks.BY)),
            Kind("station_proposed", "Proposal to use a police station", (asks.REASON, asks.BY)),
            Kind(
                "station_authorised",
                "Use of a police station",
                (
                    *asks.station_tests(required=True),
                    asks.CONSULTED,
                    *asks.STATION_USE,
                ),
            ),
            Kind("extension_authorised", "Extension of the permitted period", asks.EXTENSION),
            Kind("superintendent_approved", "Superintendent's approval", (asks.BY, asks.HELD_RANK)),
            LEGAL_OWNER,
        ),
    ),
    KindGroup(
        PACE,
        (
            Kind("detention_authorised", "Detention", (asks.HELD_RANK, asks.BY)),
            Kind(
                "pace_extended",
                "Extension of detention",
                (
                    replace(asks.MORE_HOURS, required=True),
                    asks.HELD_RANK,
                    asks.BY,
                    asks.REASON,
                ),
            ),
        ),
    ),
)
