"""The service as a desk reaches it: over HTTPS with the token of this terminal, or in process."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from triage.desk.client import (
    Begun,
    Done,
    Left,
    OpenThing,
    Person,
    State,
    Told,
    left,
    person,
    things,
)
from triage.desk.reaching import Reaching
from triage.desk.rebuilt import done, done_about, meant_so_far, rebuilt, rulebook_of
from triage.desk.steps import Document
from triage.domain.errors import NotAllowed
from triage.domain.rulebook import Rulebook
from triage.present.desk import AlertSheet, BoardSheet, Sheet
from triage.present.recordable import Recordable


@dataclass
class Served(Reaching):
    """The client of ``triage.desk.client``: each of its verbs as the API takes it."""

    _book: Rulebook | None = field(default=None, init=False, repr=False)
    _speaks: tuple[str, str] = field(default=("", ""), init=False, repr=False)

    def state(self) -> State:
        """What time it is for the service, and whether its timers run."""
        told = self._ask("GET", "/health")
        at = datetime.fromisoformat(told["at"])
        return State(at, told["words"], told["status"] != "ok", told["training"])

    def people(self) -> tuple[Person, ...]:
        """Everybody in the suites of whoever acts, the most urgent first."""
        rows = self._ask("GET", "/board")["rows"]
        return tuple(person(row) for row in rows)

    def name(self, stay: str) -> str | None:
        """The name of one person, as far as it is known."""
        named: str | None = self._ask("GET", _stay(stay))["identity"]["name"]
        return named

    def open_things(
        self, stay: str, leaving: Document | None, *, renewing: bool = False
    ) -> tuple[OpenThing, ...]:
        """What is open now; with ``leaving``, what it would leave open."""
        how = "GET" if leaving is None else "POST"
        found = self._ask(how, _stay(stay, "release-check"), leaving, renewing=renewing)
        return things(found["gaps"])

    def release(self, stay: str, leaving: Document, key: str) -> Left:
        """Record that somebody left; the same key sent again is the same release."""
        return left(self._ask("POST", _stay(stay, "release"), leaving, key))

    def rulebook(self) -> Rulebook:
        """The rulebook that the service goes by now; fetched when it is another one."""
        told = self._ask("GET", "/rulebook")
        speaks = (told["fingerprint"], told.get("suites", ""))
        if self._book is None or self._speaks != speaks:
            texts = self._ask("GET", "/rulebook/texts")
            self._book = rulebook_of(texts)
            self._speaks = (self._book.fingerprint, texts.get("suites_stamp", ""))
        return self._book

    def board(self, *, renewing: bool = False) -> BoardSheet:
        """Everybody in the suites of whoever acts, the most urgent first."""
        return rebuilt(BoardSheet, self._ask("GET", "/desk/board", renewing=renewing))

    def alerts(self, *, renewing: bool = False) -> AlertSheet:
        """The open alerts of those suites, the worst first."""
        return rebuilt(AlertSheet, self._ask("GET", "/desk/alerts", renewing=renewing))

    def sheet(self, stay: str, *, renewing: bool = False) -> Sheet:
        """One person, as far as this role may read."""
        return rebuilt(Sheet, self._ask("GET", f"/desk{_stay(stay)}", renewing=renewing))

    def begun(self, stay: str) -> Begun:
        """What is kept of a half-finished screening, by whom, and what is known of the stay."""
        return rebuilt(Begun, self._ask("GET", _stay(stay, "draft")))

    def newer(self, stay: str, version: int) -> Begun | None:
        """What is kept, where it is in another state than this; a look that renews itself."""
        told = self._ask("GET", _stay(stay, "draft"), renewing=True, unless=version)
        return rebuilt(Begun, told) if told else None

    def save_draft(self, stay: str, document: Document, made_on: int | None = None) -> Told:
        """Keep it as typed; an emergency in it is on the record at once."""
        return meant_so_far(self._ask("PUT", _stay(stay, "draft"), document, made_on=made_on))

    def record_screening(
        self, stay: str, document: Document, key: str, made_on: int | None = None
    ) -> Done:
        """Record one version of the screening."""
        path = _stay(stay, "screenings")
        return done(self._ask("POST", path, document, key, made_on=made_on))

    def visit(self, stay: str, document: Document, key: str) -> Done:
        """Record a visit; a rousing check with it is recorded as one."""
        return done(self._ask("POST", _stay(stay, "visits"), document, key))

    def rousing(self, stay: str, document: Document, key: str) -> Done:
        """Record a rousing check."""
        return done(self._ask("POST", _stay(stay, "rousings"), document, key))

    def note(self, stay: str, document: Document, key: str) -> Done:
        """Record a note."""
        return done(self._ask("POST", _stay(stay, "notes"), document, key), stay)

    def recordable(self, stay: str) -> Recordable:
        """What can be recorded of one person now, and which authority given."""
        return rebuilt(Recordable, self._ask("GET", f"/desk{_stay(stay, 'recordable')}"))

    def event(self, stay: str, document: Document, key: str) -> Done:
        """Record what happened; where it was unlawful it is marked so."""
        return done(self._ask("POST", _stay(stay, "events"), document, key), stay)

    def authorise(self, stay: str, document: Document, key: str) -> Done:
        """Give an authority; what the law forbids is refused with the law."""
        return done(self._ask("POST", _stay(stay, "authorisations"), document, key), stay)

    def open_stay(self, document: Document, key: str) -> Done:
        """Open a stay; its id is in what comes back."""
        return done(self._ask("POST", "/stays", document, key))

    def take(self, stay: str) -> Done:
        """Take everything of one person that waits for this role.

        Where it turns out that an earlier try had arrived, what came since is taken as well.
        """
        path = _stay(stay, "take")
        taken = self._act(path, {})
        if taken["repeated"]:
            with suppress(NotAllowed):  # nothing came since
                taken = self._act(path, {})
        return done_about(taken)

    def acknowledge(self, alert: str, kind: str) -> Done:
        """Say that you have one alert."""
        return done_about(self._act(_alert(alert, "acknowledge"), {"kind": kind}))

    def act(self, alert: str, done: str) -> Done:
        """Say what was done about one alert."""
        return done_about(self._act(_alert(alert, "act"), {"done": done}))

    def close(self, alert: str, outcome: str, words: str) -> Done:
        """Say that one alert is over, and how it ended."""
        return done_about(self._act(_alert(alert, "close"), {"outcome": outcome, "words": words}))


def _stay(stay: str, rest: str = "") -> str:
    path = f"/stays/{quote(stay, safe='')}"
    return f"{path}/{rest}" if rest else path


def _alert(alert: str, rest: str) -> str:
    return f"/alerts/{quote(alert, safe='')}/{rest}"
