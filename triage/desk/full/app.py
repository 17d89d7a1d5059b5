"""The full-screen desk: one screen after the other, each key in its order, and a lock.

Textual hands a key to whatever has the focus at that moment, so a burst of keys (a paste, a slow
line, a fast typist) lands in the wrong field or nowhere. Here the app takes every key itself and
hands it to the screen on top, and looks at the next when that one is done.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from rich.text import Text
from textual import events
from textual.screen import Screen

from triage import clock
from triage.desk.client import Client, SignedOut
from triage.desk.full import head, paint
from triage.desk.full.reach import Reach
from triage.desk.full.room import Room
from triage.desk.full.terminal import part_escape, pressed
from triage.desk.full.ways import Ways
from triage.domain.errors import NotAllowed, Unreachable
from triage.present import desk_screens as words
from triage.present.desk import Frame

EVERY = 5.0  # seconds between two looks at what may have changed
_HELD = 0.1  # seconds between two looks at whether keys that wait may go on
_IDLE = 15  # minutes, until the service has said its own
_LOCK, _EMERGENCY = "ctrl+l", "ctrl+e"  # where l and ! are what somebody types

Found = TypeVar("Found")


def _stamp() -> float:
    """Now, by the clock that says when each key was typed."""
    return float(events.Event().time)


class Desk(Ways):
    """The desk of one person who is signed in."""

    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = ""
    CSS = "Screen { background: #000000; color: #f4f4f4; }"

    def __init__(
        self, client: Client, screenings: Path, releases: Path, *, every: float = EVERY
    ) -> None:
        super().__init__(client, screenings, releases)
        self.animation_level = "none"
        part_escape()
        self.running = clock.running  # seconds that nobody can set
        self.reach = Reach(lambda: self.running())
        self._every = every
        self._renewing = False
        self._held: deque[tuple[str, float]] = deque()  # each with the time of its event
        self._key_time = math.inf  # of the key that is being done
        self.stamp: Callable[[], float] = _stamp
        self._turn = asyncio.Lock()
        self._touched = clock.running()
        self._unseen_until = 0.0

    # --- what stands on every screen

    def get_default_screen(self) -> Screen[Any]:
        """The board is where the desk begins and where everything leads back to."""
        from triage.desk.full.board import Board

        return Board()

    def on_mount(self) -> None:
        """Look for the first time, and then again and again."""
        self.set_interval(self._every, lambda: self.run_worker(self._renew()))
        self.set_interval(1.0, lambda: self.run_worker(self._tick()))
        self.set_interval(_HELD, lambda: self.run_worker(self.go_on()) if self._held else None)
        self.run_worker(self._begin())

    async def _begin(self) -> None:
        await self.room.first()
        await self._renew()

    @property
    def locked(self) -> bool:
        """Whether the desk is locked."""
        from triage.desk.full.lock import Lock

        return isinstance(self.screen, Lock)

    @property
    def frame(self) -> Frame | None:
        """What the service last said about itself."""
        return self.reach.frame

    def now(self) -> datetime:
        """The time of the service, as far as it is known here."""
        return self.reach.now()

    @property
    def alarm(self) -> str:
        """The line about a new emergency; empty while there is none."""
        return self.alarms.line(locked=self.locked)

    def head(self, width: int) -> list[Text]:
        """Who and when; whether the timers run and the service is reached; a new emergency."""
        reach = self.reach
        lines = head.lines(reach.frame, reach.now(), width, lost=reach.lost, silent=reach.silent)
        if self.alarm:
            lines += paint.some(self.alarm, width, 2, first="! ", style=paint.LOUD)
        return lines

    def paint(self) -> None:
        """Draw the screen on top anew."""
        if isinstance(self.screen, Room):
            self.screen.paint()
        elif hasattr(self.screen, "above"):
            self.screen.above = self.alarm

    # --- keys

    async def on_event(self, event: events.Event) -> None:
        """Take keys and pasted text before anything else does; leave the rest to Textual."""
        fresh = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if fresh:
            self._touched = self.running()
        if not fresh or not self._takes_keys:
            await super().on_event(event)
        elif isinstance(event, events.Paste):
            await self._pasted(event.text)
        elif isinstance(event, events.Key) and event.time < self._unseen_until:
            self.room.say(words.UNUSED)
        elif isinstance(event, events.Key):
            await self._typed(pressed(event), event.time)

    @property
    def _takes_keys(self) -> bool:
        return bool(self.screen_stack) and hasattr(self.screen, "press")

    async def _typed(self, key: str, time: float) -> None:
        async with self._turn:
            if key == _LOCK:
                await self.lock()
            elif self._held or (getattr(self.screen, "busy", False) and not self._breaks_off(key)):
                self._held.append((key, time))
            else:
                await self._done(key, time)

    def _breaks_off(self, key: str) -> bool:
        """Whether a key ends the waiting itself: nobody waits for a service that is slow."""
        return key in getattr(self.screen, "breaks_off", ())

    async def _done(self, key: str, time: float) -> None:
        self._key_time = time
        await self._press(key)

    def age(self) -> float:
        """Seconds since the key that is being done was typed: a busy machine does it later.

        What came to stand on the glass meanwhile is not what it was typed for.
        """
        return max(0.0, self.stamp() - self._key_time)

    def typed(self) -> float:
        """When the key that is being done was typed, on the clock that nobody can set."""
        return self.running() - self.age()

    async def _press(self, key: str) -> None:
        if key == _EMERGENCY and not self.locked:
            await self.open_emergency()
        else:
            await self.screen.press(key)  # type: ignore[attr-defined]

    async def _pasted(self, text: str) -> None:
        async with self._turn:
            if not getattr(self.screen, "busy", False) and hasattr(self.screen, "pasted"):
                await self.screen.pasted(text)

    async def go_on(self) -> None:
        """Hand over the keys that were typed while an answer was awaited."""
        async with self._turn:
            while self._held and not getattr(self.screen, "busy", False) and self._takes_keys:
                await self._done(*self._held.popleft())

    def forget_held(self) -> bool:
        """Drop what was typed ahead for a screen that did not come; whether there was any."""
        held = bool(self._held)
        self._held.clear()
        return held

    # --- the service

    async def ask(self, call: Callable[[], Found]) -> Found:
        """Call the service in a thread, so that the screen never stands still."""
        return await self.reach.ask(call)

    async def _renew(self) -> None:
        """Look again: alerts for every screen, and what the screen on top shows."""
        if self._renewing:
            return
        self._renewing = True
        try:
            if self.alarms.hear(await self.ask(lambda: self.client.alerts(renewing=True))):
                self.bell()
            if not self.locked and not self.room.busy:
                await self.room.load(renewing=True)
        except Unreachable:
            pass
        except NotAllowed as error:
            await self.refused(error)
        finally:
            self._renewing = False
            self.paint()
            await self.go_on()

    async def refused(self, error: Exception) -> None:
        """Lock when nobody is signed in any more; the password begins a new session.

        A desk that is locked already says so too: nobody may think that it still counts alarms.
        """
        if not isinstance(error, SignedOut):
            return
        if self.locked:
            self.room.say(words.SIGNED_OUT)
        else:
            await self.lock(words.SIGNED_OUT)

    # --- going from screen to screen

    async def lock(self, why: str = "") -> None:
        """Hide everything until the password is typed; what was half typed stays."""
        from triage.desk.full.lock import Lock

        if not self.locked:
            self._held.clear()
            await self.push_screen(Lock(why))

    async def unlock(self) -> None:
        """Show again what lay below the lock."""
        await self.pop_screen()
        while isinstance(self.screen, Room) and self.screen.over:
            await self.pop_screen()
        self._touched = self.running()
        self.run_worker(self._renew())

    def only_from_now(self) -> None:
        """Use no key that was typed before this: it cannot be the answer to what is asked now."""
        self._unseen_until = self.stamp()

    async def _tick(self) -> None:
        """Once a second: the time on the screen, and the lock that nobody has to press."""
        idle = 60.0 * (self.frame.idle_minutes if self.frame else _IDLE)
        if self.running() - self._touched >= idle:
            async with self._turn:
                await self.lock()
        self.paint()
