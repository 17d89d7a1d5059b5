"""What one correction changed, worked out from the record as it stood before and after it."""

from triage.casework.history import History
from triage.casework.planning import detention_clocks
from triage.casework.service import Service
from triage.domain.differences import Difference, differences
from triage.domain.errors import TriageError
from triage.record import EventKind, Recorded

CORRECTIONS = (EventKind.CORRECTED, EventKind.WITHDRAWN)
EXPLAINED = (*CORRECTIONS, EventKind.WRONG_PERSON)  # whoever recorded it had to say why
WHY = "why"  # in the group of whoever said it


def changed_by(service: Service, history: History, correction: Recorded) -> tuple[Difference, ...]:
    """What is different since this correction, as the clocks of that moment saw it.

    Nothing when one of the two states of the record could not be evaluated: an emergency says so.
    """
    before = tuple(event for event in history.events if event.seq < correction.seq)
    at = max((correction.recorded_at, *(event.recorded_at for event in before)))
    try:
        was, now = (
            detention_clocks(service, History(history.stay, events), now=at)
            for events in (before, (*before, correction))
        )
    except TriageError:
        return ()
    return differences(was, now)
