"""Where the time of one POST goes: each part with what it works itself, without the parts inside.

In thread time: neither the work of others nor waiting for the disk is counted.
"""

import importlib
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

# What a part is called, and the functions that do its work, as module:name or module:class.name.
PARTS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("Flask: routing, headers, its answer", ("flask.app:Flask.__call__",)),
    ("gate: token, session, account", ("triage.web.gate:identified",)),
    ("reading the body", ("triage.schemas.documents:parse",)),
    ("checking the body", ("triage.web.api.stays:details_of",)),
    ("the act itself: turn, key, stay, police", (
        "triage.casework.acts:_digest", "triage.casework.screenings:once",
    )),
    ("history", ("triage.casework.history:History.read",)),
    ("past stays", ("triage.casework.worked_out:with_what_can_be_read",)),
    ("evaluating: screen()", ("triage.casework.worked_out:screen",)),
    ("packing answers and findings", (
        "triage.casework.worked_out:written", "triage.casework.screenings:record_version",
    )),
    ("the coded row", ("triage.casework.worked_out:_add_codes",)),
    ("appending events", ("triage.record.appending:Appending.append",)),
    ("folding events", ("triage.record.appending:Appending._fold",)),
    ("clocks", ("triage.casework.planning:detention_clocks",)),
    ("alerts of the screenings", ("triage.casework.planning:plan",)),
    ("planning", ("triage.casework.after:replan",)),
    ("plan into the outbox", ("triage.record.outbox:Outbox.plan",)),
    ("reading alerts", ("triage.record.outbox:Outbox.alerts_of",)),
    ("raising, who is called", ("triage.casework.after:raise_due",)),
    ("counting, what was done", ("triage.casework.screenings:settle",)),
    ("begin, commit", ("triage.record.store:_begin", "triage.record.store:_commit")),
    ("answer as JSON", ("triage.web.api.stays:saved",)),
)  # fmt: skip


@dataclass
class Watch:
    """The seconds of each part, act by act."""

    acts: list[dict[str, float]] = field(default_factory=list)
    _open: list[list[Any]] = field(default_factory=list)  # part, since, own seconds

    def act(self, do: Callable[[], Any]) -> Any:
        """Do one act and keep what each part of it worked."""
        self.acts.append({})
        start = time.thread_time()
        found = do()
        self.acts[-1]["all"] = time.thread_time() - start
        return found

    def inside(self, part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work, its time counted under a part."""

        def timed(*args: Any, **named: Any) -> Any:
            now = time.thread_time()
            if self._open:
                self._count(self._open[-1], now)
            mine = [part, now]
            self._open.append(mine)
            try:
                return work(*args, **named)
            finally:
                end = time.thread_time()
                self._count(mine, end)
                self._open.pop()
                if self._open:
                    self._open[-1][1] = end

        return timed

    def _count(self, mine: list[Any], now: float) -> None:
        if self.acts:
            told = self.acts[-1]
            told[mine[0]] = told.get(mine[0], 0.0) + now - mine[1]

    def median(self, part: str) -> float:
        """The middle of what a part works in one act, in seconds."""
        return statistics.median(act.get(part, 0.0) for act in self.acts)

    def table(self) -> str:
        """Each part in microseconds and as a share of all, then all of it."""
        every = self.median("all")
        rows = [(part, self.median(part)) for part, _ in PARTS]
        rows.append(("the rest", every - sum(each for _, each in rows)))
        lines = [f"{name:<38}{each * 1e6:>7.0f}{each / every:>6.0%}" for name, each in rows]
        return "\n".join([*lines, f"{'all':<38}{every * 1e6:>7.0f}"])


@contextmanager
def watching() -> Iterator[Watch]:
    """Count the time of every part while the block runs."""
    watch, before = Watch(), []
    for part, places in PARTS:
        for place in places:
            holder, name = _found(place)
            work = holder.__dict__[name]
            before.append((holder, name, work))
            if isinstance(work, classmethod):
                made: Any = classmethod(watch.inside(part, work.__func__))  # type: ignore[arg-type]
            else:
                made = watch.inside(part, work)
            setattr(holder, name, made)
    try:
        yield watch
    finally:
        for holder, name, work in reversed(before):
            setattr(holder, name, work)


def _found(place: str) -> tuple[Any, str]:
    """Where a function stands; raises KeyError where nothing of that name does any more."""
    module, _, path = place.partition(":")
    holder = importlib.import_module(module)
    *outer, name = path.split(".")
    for each in outer:
        holder = getattr(holder, each)
    if name not in holder.__dict__:
        raise KeyError(f"{place} names nothing; the table of parts is behind the code")
    return holder, name
