"""Alerts that are raised in one act: one event, written together and read apart.

Each would repeat who, when, the chain and most words of the one before it. Read apart, each is what
an event of its own would say; those of one alert alone still are so recorded, and so were all of
them before.
"""

from collections.abc import Sequence
from dataclasses import replace

from triage.domain.findings import like
from triage.record.events import Body, EventKind, Group, NewEvent, Recorded

RAISED = frozenset((EventKind.ALERT_RAISED, EventKind.ALERTS_RAISED))
_TOLD = {Group.POLICE: "told", Group.CLINICAL: "told_clinical"}  # as in one body they never meet


def together(raised: Sequence[NewEvent]) -> NewEvent:
    """One event for alerts of one stay that are raised at once; there is at least one.

    The personal parts stay apart, police and clinical, because they age separately.
    """
    first = raised[0]
    if len(raised) == 1:
        return first
    told: dict[Group, dict[str, Body]] = {}
    for one in raised:
        for group, part in one.payloads.items():
            told.setdefault(Group(group), {})[str(one.header["key"])] = part
    return replace(
        first,
        kind=EventKind.ALERTS_RAISED,
        header={"alerts": [one.header for one in raised]},
        payloads={group: {_TOLD[group]: parts} for group, parts in told.items()},
    )


def apart(event: Recorded) -> tuple[Recorded, ...]:
    """The event, or where it raised several alerts an event for each, all with its number."""
    if event.kind is not EventKind.ALERTS_RAISED:
        return (event,)
    return tuple(_alone(event, header) for header in event.header["alerts"])


def raising_of(event: Recorded, key: str) -> Recorded:
    """What an event that raised this alert says of it alone; raises KeyError for another alert."""
    for header in event.header.get("alerts", (event.header,)):
        if header.get("key") == key:
            return _alone(event, header)
    raise KeyError(key)


def _alone(event: Recorded, header: Body) -> Recorded:
    if event.kind is not EventKind.ALERTS_RAISED:
        return event
    group = Group.CLINICAL if header.get("clinical") else Group.POLICE
    part = event.payloads[group]
    words = None if part is None else part[_TOLD[group]][header["key"]]
    return like(event, kind=EventKind.ALERT_RAISED, header=header, payloads={str(group): words})
