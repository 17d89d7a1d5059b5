"""What is typed, kept by the service too: the latest of it, in a thread; nobody's typing waits."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from triage.desk.client import Begun, Client, SignedOut, Told
from triage.desk.steps import Document
from triage.domain.draft_places import places_of, same
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import screening_form as words

AGAIN_SECONDS = 5.0
LOOK_SECONDS = 5.0  # as every screen of the desk that renews itself


@dataclass(frozen=True)
class Kept:
    """The service keeps this document since then, and says what it means."""

    document: Document
    at: datetime
    told: Told


@dataclass(frozen=True)
class NotReached:
    """Nobody answers: what is typed is kept at this terminal alone, and sent again."""

    why: str = words.ONLY_HERE


@dataclass(frozen=True)
class NotKept:
    """The service does not keep it, and why."""

    why: str


@dataclass(frozen=True)
class OtherKept:
    """Another one was kept meanwhile: nothing of it is replaced unasked."""

    by: str
    at: datetime | None


@dataclass(frozen=True)
class Came:
    """The draft is in another state now, and nothing waits to be sent from here."""

    begun: Begun


Heard = Kept | NotReached | NotKept | OtherKept | Came


@dataclass(frozen=True, eq=False)
class _Latest:
    """What is to be kept, and the state of the draft that it was made on."""

    document: Document
    made_on: int | None


@dataclass(frozen=True)
class _Idle:
    """Nothing was typed for a while."""


class Keeper:
    """Sends the latest document of one stay, one at a time, and again until it is kept.

    ``heard`` is called in the thread of the keeper. Where the first answer of the service never
    came, nobody knows what was kept of it: it looks before it sends anything more.
    """

    def __init__(
        self,
        client: Client,
        stay: str,
        heard: Callable[[Heard], None],
        now: Callable[[], datetime],
        *,
        again: float = AGAIN_SECONDS,
        look: float = LOOK_SECONDS,
    ) -> None:
        self._client, self._stay, self._heard, self._now = client, stay, heard, now
        self._again, self._every = again, look
        self._seen: int | None = None  # the state of the draft that stands at this desk
        self._latest: _Latest | None = None
        self._tried: list[Document] = []  # what the service keeps, or may
        self._lost = self._over = self._halted = self._ended = False
        self._changed = threading.Condition()
        self._turn = threading.Lock()  # one request at a time, the record among them
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def known(self, document: Document | None) -> None:
        """What the service keeps when the form begins."""
        self._tried = [] if document is None else [document]

    def keep(self, document: Document, made_on: int | None = None) -> None:
        """Send this one, or a later one instead of it; returns at once."""
        with self._changed:
            if not self._ended:
                self._latest = _Latest(document, made_on)
                self._changed.notify()

    def seen(self, version: int | None) -> None:
        """The draft stands here in this state: from now on a newer one is looked for."""
        with self._changed:
            self._seen = version
            self._changed.notify()

    def replace(self) -> None:
        """Somebody said that theirs is to be kept instead of another one."""
        with self._changed:
            self._halted = self._lost = False
            self._changed.notify()

    def stop(self) -> None:
        """Send what waits once more, then end."""
        with self._changed:
            self._over = True
            self._changed.notify()

    def join(self) -> None:
        """Wait until it has ended."""
        self._thread.join()

    @contextmanager
    def instead(self) -> Iterator[None]:
        """Nothing is kept while something else is sent; where that went well, nothing any more."""
        with self._turn:
            yield
            with self._changed:
                self._latest, self._over, self._ended = None, True, True
                self._changed.notify()

    def _run(self) -> None:
        while (latest := self._next()) is not None:
            if isinstance(latest, _Idle):
                self._look()
                continue
            with self._turn:
                if self._latest is None:
                    continue
                heard = self._send(latest.document, latest.made_on)
            self._heard(heard)
            with self._changed:
                if isinstance(heard, Kept | NotKept) and self._latest is latest:
                    self._latest = None
                if self._over:
                    return
                if isinstance(heard, NotReached):
                    self._changed.wait(self._again)

    def _next(self) -> "_Latest | _Idle | None":
        with self._changed:
            while (self._latest is None or self._halted) and not self._over:
                looks = self._seen is not None and not self._halted
                if not self._changed.wait(self._every if looks else None):
                    return _Idle()
            return None if self._halted else self._latest

    def _look(self) -> None:
        """Ask for a newer state; a service that cannot say that there is none is not asked again.

        That nobody answers is heard from whatever else this desk asks.
        """
        with self._turn:
            seen = self._seen
            if seen is None or self._over or self._latest is not None:
                return
            try:
                begun = self._client.newer(self._stay, seen)
            except (Unreachable, InputError, NotAllowed):
                return
            if begun is not None and begun.version == seen:
                self._seen = None
                return
        if begun is not None:
            self._heard(Came(begun))

    def _send(self, document: Document, made_on: int | None) -> Heard:
        try:
            if self._lost and made_on is None:
                begun = self._client.begun(self._stay)
                ours = self._ours(begun)
                if not ours and not begun.version:
                    self._halted = True
                    return OtherKept(begun.by or "", begun.saved_at)
                made_on = _seen_of(begun, ours=ours)
            self._tried.append(document)
            told = self._client.save_draft(self._stay, document, made_on)
        except Unreachable:
            self._lost = True
            return NotReached()
        except SignedOut:
            self._lost = True
            return NotReached(words.SIGNED_OUT)
        except InputError as error:
            return NotKept(" ".join(each.problem for each in error.problems))
        except NotAllowed as error:
            return NotKept(str(error))
        self._lost, self._tried = False, [document]
        return Kept(document, self._now(), told)

    def _ours(self, begun: Begun) -> bool:
        """Whether nothing is kept but what was typed here, which may have arrived without an
        answer; the service writes what a form says by itself otherwise, or not at all."""
        if begun.saved_at is None:
            return True
        there = places_of(begun.draft or {})
        return begun.mine and any(_agree(there, places_of(each)) for each in self._tried)


def _seen_of(begun: Begun, *, ours: bool) -> int | None:
    """The state of the draft that is known here: a service that knows states merges by it, and an
    older one has none. Of what others typed, or we ourselves elsewhere, nothing was seen here."""
    if not begun.version or begun.saved_at is None:
        return None
    return begun.version if ours else 0


def _agree(one: Document, other: Document) -> bool:
    return one.keys() == other.keys() and all(same(one[place], other[place]) for place in one)
