"""What a half-finished screening means so far, worked out here: also while nobody answers."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from triage.desk.steps import Document, Step
from triage.domain.answers import Details
from triage.domain.findings import DoNow, Findings, Urgency
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen
from triage.domain.walk import Walk
from triage.present.screening_words import cry
from triage.schemas.screen import details_of, so_far


@dataclass(frozen=True)
class SoFar:
    """One document at one moment, read by one rulebook."""

    rulebook: Rulebook
    details: Details

    @classmethod
    def of(
        cls, rulebook: Rulebook, document: Document, *, now: datetime, at: datetime | None = None
    ) -> "SoFar":
        """What is known so far; raises InputError where the document is no screening."""
        return cls(rulebook, details_of(so_far(document), rulebook, now=now, at=at))

    def applies(self, step: Step) -> bool | None:
        """Whether a step has to be asked; None where it may have to be."""
        return True if step.gate is None else self._walk.verdict(step.gate)

    @cached_property
    def findings(self) -> Findings:
        """What the rulebook finds so far."""
        return screen(self.rulebook, self.details)

    @property
    def emergencies(self) -> tuple[DoNow, ...]:
        """What must be done this minute, as soon as what is known calls for it."""
        return tuple(a for a in self.findings.do_now if a.urgency == Urgency.EMERGENCY)

    @property
    def alarm(self) -> list[str]:
        """A headline and what to do before all else; nothing where nothing calls for it."""
        acts = self.emergencies
        return [cry(acts), *(act.words for act in acts)] if acts else []

    @cached_property
    def _walk(self) -> Walk:
        program = self.rulebook.program
        return Walk.over(program, program.read(self.details, self.rulebook.law))
