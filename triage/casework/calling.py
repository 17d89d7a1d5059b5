"""Planning messages: one row for each role and each channel that is on; who that is comes later.

What may wait is held here, in the transaction that calls, for whoever is off duty.
"""

from collections.abc import Sequence

from triage.casework.holding import held_until
from triage.casework.service import Service
from triage.casework.ways import channels_on
from triage.record import Alert, Writing


def call(
    service: Service, writing: Writing, alert: Alert, roles: Sequence[str], *, step: int, round: int
) -> None:
    """Plan a message to each role; it is looked up who that is when it is sent."""
    channels = channels_on(service.settings, alert.level)
    for role in roles if channels else ():
        until = held_until(
            service, writing, level=alert.level, source=alert.source, suite=alert.suite,
            role=role, now=writing.now,
        )  # fmt: skip
        for channel in channels:
            writing.plan_delivery(
                alert.key, step=step, round=round, channel=channel, recipient=role, held_until=until
            )
