"""The four letters by which people speak of an alert, and what joins those of one finding."""

import hashlib

from triage.domain.findings import Urgency
from triage.domain.screening_alerts import LEVELS
from triage.domain.screening_alerts import SOURCE as SCREENING
from triage.present.findings import same_words
from triage.record import Alert

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words
_BUNDLED = (LEVELS[Urgency.URGENT], LEVELS[Urgency.SOON])


def code_of(key: str) -> str:
    """The code of an alert, from its key alone."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    letters = ""
    for _ in range(4):
        number, rest = divmod(number, len(_LETTERS))
        letters += _LETTERS[rest]
    return letters


def finding_of(alert: Alert) -> str:
    """The same for alerts by which several people were told of one thing about one person.

    What one screening found at one urgency is bundled for each addressee, and is one finding.
    Emergencies stand one by one, and what concerns nobody's stay is a finding of its own.
    """
    if alert.stay is None:
        return code_of(alert.key)
    bundled = alert.source == SCREENING and alert.level in _BUNDLED
    words = "" if bundled else same_words(alert.words or "")
    told = (alert.stay, alert.source, alert.episode, alert.level, words)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
