"""What every view of the review begins with: may they look, and that they looked."""

from collections.abc import Sequence
from datetime import datetime

from triage.casework.acts import allow, allow_suite
from triage.casework.review_case import Case
from triage.casework.review_cases import cases
from triage.casework.service import Service
from triage.domain.roles import Verb
from triage.record import Actor


def cases_in(
    service: Service,
    suites: Sequence[str],
    what: str,
    since: datetime,
    until: datetime,
    actor: Actor,
    now: datetime,
    as_known_at: datetime | None,
    verb: Verb = Verb.VIEW_REVIEW,
) -> tuple[Case, ...]:
    """The stays with a wait in them that were open in a stretch, for somebody who may look."""
    looked = looking(service, suites, what, actor, now, verb)
    with service.record.reading() as reading:
        return cases(
            service, reading, looked, since=since, until=until, at=as_known_at or now,
            as_known_at=as_known_at,
        )  # fmt: skip


def looking(
    service: Service,
    suites: Sequence[str],
    what: str,
    actor: Actor,
    now: datetime,
    verb: Verb = Verb.VIEW_REVIEW,
) -> tuple[str, ...]:
    """The suites that are looked at, the look logged; raises RoleRefused for others."""
    allow(actor, verb)
    asked = tuple(suites) or actor.suites
    for suite in asked:
        allow_suite(actor, suite)
    words = f"review {what}: {', '.join(asked) or 'all'}"
    service.record.log_access(actor, words, None, "review", now)
    return asked
