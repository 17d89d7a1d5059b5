"""The service in this process: the desk works on the record of its own machine."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from triage import casework
from triage.casework import Gap, Release, Service
from triage.desk.client import Left, OpenThing, Person, State
from triage.desk.steps import Document
from triage.domain.errors import Unreachable
from triage.present import pages as words
from triage.record import Actor, StoreBusy
from triage.schemas import fields
from triage.schemas.api import ReleaseIn


@dataclass(frozen=True)
class Here:
    """The client of ``triage.desk.client`` without any network between."""

    service: Service
    actor: Actor
    now: Callable[[], datetime]

    @property
    def role(self) -> str:
        """The role of whoever acts."""
        return self.actor.role

    def state(self) -> State:
        """What time it is, and whether the timers run."""
        now = self.now()
        found = words.timers(casework.timers(self.service, now=now).last_pass_at, now=now)
        return State(now, found.words, found.stale, self.service.settings.training)

    def people(self) -> tuple[Person, ...]:
        """Everybody in the suites of whoever acts, the most urgent first."""
        found = casework.board(self.service, (), actor=self.actor, now=self.now())
        return tuple(
            Person(
                row.stay, row.reference, row.initials, row.cell, row.place, row.suite,
                row.urgency,  row.untaken,
                row.screening,
            )
            for row in found.rows
        )  # fmt: skip

    def name(self, stay: str) -> str | None:
        """The name of one person, as far as it is known."""
        view = casework.stay_view(self.service, stay, actor=self.actor, now=self.now())
        return view.identity.name

    def open_things(self, stay: str, leaving: Document | None) -> tuple[OpenThing, ...]:
        """What is open now; with ``leaving``, what it would leave open."""
        how = None if leaving is None else _read(leaving)
        found = casework.release_check(
            self.service, stay, actor=self.actor, now=self.now(), release=how
        )
        return tuple(_things(found))

    def release(self, stay: str, leaving: Document, key: str) -> Left:
        """Record that somebody left."""
        how = _read(leaving)
        try:
            saved = casework.release(
                self.service, stay, how, actor=self.actor, now=self.now(), key=key
            )
        except StoreBusy as error:
            raise Unreachable(str(error)) from None
        return Left(
            saved.seq, saved.stay, tuple(_things(saved.gaps)), saved.late, saved.notices,
            saved.repeated,
        )  # fmt: skip


def _read(leaving: Document) -> Release:
    """How somebody left, read as strictly as from a network."""
    return casework.release_of(fields.load(ReleaseIn, leaving))


def _things(gaps: Iterable[Gap]) -> Iterable[OpenThing]:
    return (OpenThing(gap.id, gap.urgency, gap.words, gap.closes) for gap in gaps)
