"""File drop-in: a screening that stands in a file already is not typed again."""

from datetime import datetime

from triage.casework.acts import allow
from triage.casework.screenings import ScreeningSaved, record_screening
from triage.casework.service import Service
from triage.domain.roles import Verb
from triage.record import Actor
from triage.schemas import documents
from triage.schemas.screen import details_of as details_from


def drop_in(
    service: Service,
    stay: str,
    data: bytes,
    *,
    name: str = "",
    actor: Actor,
    now: datetime,
    key: str | None = None,
) -> ScreeningSaved:
    """Record a screening from a file, JSON or TOML, in the shape of ``triage screen``.

    Raises InputError naming each field that cannot be used; then nothing is stored.
    """
    allow(actor, Verb.RECORD_SCREENING)
    document = documents.parse(data, name=name)
    details = details_from(document, rulebook=service.rulebook, now=now)
    return record_screening(service, stay, details, actor=actor, now=now, key=key)
