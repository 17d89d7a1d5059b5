"""Planning messages: one row for each role and each channel that is on; who that is comes later."""

from collections.abc import Sequence

from triage.casework.service import Service
from triage.casework.ways import channels_on
from triage.record import Alert, Writing


def call(
    service: Service, writing: Writing, alert: Alert, roles: Sequence[str], *, step: int, round: int
) -> None:
    """Plan a message to each role; it is looked up who that is when it is sent."""
    for channel in channels_on(service.settings, alert.level):
        for role in roles:
            writing.plan_delivery(
                alert.key, step=step, round=round, channel=channel, recipient=role
            )
