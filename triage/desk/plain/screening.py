"""The screening line by line, kept at this terminal and at the service after every answer."""

import copy
import secrets
from dataclasses import dataclass, field

from triage.desk import line
from triage.desk.answering import Answering
from triage.desk.beside import about, take_in, taken_in, to_choose
from triage.desk.client import Told
from triage.desk.glass import say, tell
from triage.desk.plain.form import BACK, YES
from triage.desk.plain.session import Session
from triage.desk.sofar import SoFar
from triage.desk.steps import Document, Step
from triage.desk.taking_up import Choice, taking_up
from triage.desk.unfinished import Screenings, Typed
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.domain.rulebook import Rulebook
from triage.present import desk_lines as words
from triage.present import desk_screens as said
from triage.present import drafts

_AGAIN = 10.0  # seconds before a service that was not reached is sent the answers again


@dataclass
class Screening:
    """One screening at the desk: what was typed, and where it is kept."""

    session: Session
    stay: str
    files: Screenings
    rulebook: Rulebook
    typed: Typed
    contested: dict[str, str] = field(default_factory=dict)
    answering: Answering | None = None
    _alone: bool = False  # the service does not have the last answers
    _tried: float = 0.0
    _refused: set[str] = field(default_factory=set)

    def run(self) -> bool:
        """Ask what is not answered yet, then record it; whether it is on the record."""
        if self.typed.document.get("observations") or self.typed.document.get("answers"):
            tell(words.GOES_ON)
        hooks = line.Hooks(
            self.save,
            self.applies,
            self.alarm,
            self.session.at,
            self.session.running,
            self.beside,
            self.begins,
        )
        if self.typed.sent is None or self.typed.sent != self._whole():
            asked = line.ask(self.rulebook, self.typed.document, self.session.keyboard, hooks)
            self._send(always=True)
            if not asked:
                tell(said.SCREENING_KEPT)
                return False
        else:
            tell(said.NOT_KNOWN_WHETHER)
        return self._record()

    def save(self, document: Document) -> None:
        """On disk before the next question; the service has it as soon as it answers."""
        self._keep()
        self._send(always=False)
        self.session.news()

    def _keep(self) -> None:
        self.files.keep(self.typed, now=self.session.at())

    def _send(self, *, always: bool) -> None:
        session = self.session
        if self._alone and not always and session.running() - self._tried < _AGAIN:
            return
        try:
            sent = copy.deepcopy(self.typed.document)
            told = session.client.save_draft(self.stay, sent, self.typed.version)
        except Unreachable:
            if not self._alone:
                tell(words.KEPT_HERE_ALONE)
            self._alone, self._tried = True, session.running()
        except (InputError, NotAllowed) as error:
            self._not_kept(error)
        else:
            self._kept_there(told, sent)

    def _kept_there(self, told: Told, sent: Document) -> None:
        if self._alone:
            tell(words.KEPT_THERE_TOO)
        self._alone = False
        self._take_in(told, sent)
        self.typed.told = copy.deepcopy(self.typed.document)
        self._keep()
        for notice in told.notices:
            tell(notice)

    def _take_in(self, told: Told, sent: Document) -> None:
        """Put what others typed beside what stands here; what two answered is asked again."""
        if told.draft is None or (told.meanwhile is not None and not told.draft):
            return
        found = taken_in(self.typed.document, sent, told.draft)
        self.contested = to_choose(self.rulebook, told.contested)
        if self.answering is not None:
            take_in(self.answering, found)
        self.typed.version = told.version if found.whole else self.typed.version
        if came := drafts.came(found.came, len(self.contested)):
            tell(came)

    def beside(self, step: Step) -> str:
        """What has to be known before a question is answered to which two answers stand."""
        return about(step, self.contested)

    def begins(self, answering: Answering) -> None:
        """The answers on their way, so that what others type can be put beside them."""
        self.answering = answering

    def _not_kept(self, error: InputError | NotAllowed) -> None:
        """Said once for each reason: it is kept here, and asked on."""
        why = words.NOT_KEPT_THERE.format(error)
        if why not in self._refused:
            tell(why)
        self._refused.add(why)

    def applies(self, document: Document, step: Step) -> bool | None:
        """Whether a step has to be asked; None where it may have to be."""
        return True if step.gate is None else self._known(document).applies(step)

    def alarm(self, document: Document) -> list[str]:
        """A headline and what to do before all else."""
        return self._known(document).alarm

    def _known(self, document: Document) -> SoFar:
        return SoFar.of(self.rulebook, document, now=self.session.at())

    def _whole(self) -> Document:
        return copy.deepcopy({"person": {}} | self.typed.document)

    def _record(self) -> bool:
        document = self._whole()
        if document != self.typed.sent:  # another one than nobody knows of: a key of its own
            self.typed.key = secrets.token_urlsafe(16)
        hint = words.ALL_ASKED
        while True:
            say("")
            answer = self.session.line(hint).lower()
            if answer == BACK:
                tell(said.SCREENING_KEPT)
                return False
            if answer != (YES if hint == words.ALL_ASKED else ""):
                continue
            self.typed.sent = document
            self._keep()  # the key before it is sent: whatever happens, it is one version
            try:
                done = self.session.ask(
                    lambda: self.session.client.record_screening(
                        self.stay, document, self.typed.key, self.typed.version
                    )
                )
            except Unreachable:
                tell(said.NOT_KNOWN_WHETHER)
                hint = words.SEND_AGAIN
            except (InputError, NotAllowed) as error:
                self.typed.sent = None
                self._keep()
                tell(f"{said.NOT_RECORDED} {error}")
                return False
            else:
                self.files.drop(self.stay)
                tell(" ".join([said.SCREENED, *done.notices, done.words]).strip())
                return True


def begun(session: Session, stay: str, files: Screenings, rulebook: Rulebook) -> Choice | None:
    """What was typed for this stay, here or elsewhere, or nothing; None when somebody went back.

    Where this terminal and the service hold different ones, whoever sits here says which.
    """
    try:
        there = session.ask(lambda: session.client.begun(stay))
    except Unreachable:
        there = None
    asked = taking_up(rulebook, stay, files.of(stay), there, now=session.at())
    if not asked.asks:
        return asked.choices[0]
    while True:
        for told in asked.told:
            tell(told)
        for choice in asked.choices:
            tell(choice.words, f"   {choice.key}  ")
        typed = session.line(words.BACK).lower()
        if typed == BACK:
            return None
        for choice in asked.choices:
            if choice.key == typed:
                return choice
