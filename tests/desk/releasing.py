"""The stories of a release on the full screen: whom they tell of, what is typed, what is seen."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.desk.standing import Standing, in_a_loop
from tests.desk.test_full_keys import NEVER, rest, typed
from triage.desk.client import Left, OpenThing
from triage.desk.full.app import Desk
from triage.desk.full.release import Release
from triage.desk.releases import Drafts
from triage.desk.steps import Document
from triage.domain.findings import Urgency
from triage.present.desk import Sheet

NIGHT_GAP = OpenThing("night", Urgency.URGENT, "No safe way home.", "Arrange how they get home.")
PLAN_GAP = OpenThing("plan", Urgency.SOON, "No plan is agreed.", "Agree who calls whom.")
ALERT_GAP = OpenThing("alert:9", Urgency.EMERGENCY, "May have swallowed a package.", "")
# Now, home, his sister, her car, two were told, a plan, nothing of the rest.
ENTER = "enter"
CARED_FOR = [ENTER, "1", *"His sister", ENTER, *"Her car", ENTER, *"His sister", ENTER, *"The GP",
             ENTER, ENTER, *"Call on Sunday", ENTER, "s", ENTER, ENTER]  # fmt: skip
SAID = {
    "occurred_at": "2026-10-24T19:15:00Z", "to": "home", "handed_to": "His sister",
    "transport": "Her car", "told": ["His sister", "The GP"], "plan": "Call on Sunday",
}  # fmt: skip
LOWE_WAS_FIRST = (
    "This stay has ended already: at 20:14 BST TRAINING Lowe recorded that the person left at "
    "20:10 BST, to: court. Correct its time if it is wrong."
)


@dataclass
class Suite(Standing):
    """The suite of the other stories, in which somebody is released."""

    gaps: tuple[OpenThing, ...] = (NIGHT_GAP, PLAN_GAP)
    still: tuple[OpenThing, ...] = ()  # what stays open as it was typed
    ended: str = ""
    answers: list[Exception] = field(default_factory=list)  # raised in turn, and then it works
    arrives: bool = False  # what was sent is on the record although its answer was lost
    released: list[tuple[Document, str]] = field(default_factory=list)

    def sheet(self, stay: str, *, renewing: bool = False) -> Sheet:
        found = Standing.sheet(self, stay, renewing=renewing)
        return replace(found, closed=bool(self.ended), ended=self.ended)

    def open_things(
        self, stay: str, leaving: Document | None, *, renewing: bool = False
    ) -> tuple[OpenThing, ...]:
        self._answers()
        return self.gaps if leaving is None else self.still

    def release(self, stay: str, leaving: Document, key: str) -> Left:
        self.asked.set()
        self.slow.wait()
        self._answers()
        if self.answers:
            error = self.answers.pop(0)
            if self.arrives:
                self.released.append((leaving, key))
            raise error
        if (leaving, key) not in self.released:
            self.released.append((leaving, key))
        return Left(7, stay, self.still, late=False, notices=(), repeated=False)


Story = Callable[[Desk], Awaitable[None]]
Tell = Callable[..., None]  # of a client, a story, and the size of the glass


def at_a_desk_in(folder: Path) -> Tell:
    """Tell a story at a desk; in it nothing renews itself, and the clock of the desk stands."""

    def tell(client: Any, story: Story, size: tuple[int, int] = (80, 24)) -> None:
        desk = Desk(client, folder / "screenings", folder / "releases", every=NEVER)
        desk.reach.running = desk.running = lambda: 0.0

        async def run() -> None:
            async with desk.run_test(size=size):
                await rest(desk)
                await story(desk)

        in_a_loop(run)

    return tell


def page(desk: Desk) -> Release:
    assert isinstance(desk.room, Release)
    return desk.room


def glass(desk: Desk) -> str:
    """What stands on the whole screen on top, as one text."""
    room = desk.room
    above = [str(line) for line in desk.head(80)]
    parts: list[str] = [*above, room.heading(), room.notice]
    if isinstance(room, Release):
        parts += [str(each.content) for each in (room._asks, room._under) if each.display]
        parts += [room.box.text] if room.box.display else []
    return " ".join(" ".join([*parts, *map(str, room.lines(80))]).split())


async def begun(desk: Desk, *keys: str) -> None:
    """The release of the first on the board, what is open read, and these keys typed."""
    await typed(desk, ENTER, "k", ENTER, *keys)


async def renewed(desk: Desk) -> None:
    """One look at what may have changed, as the desk takes it every few seconds."""
    await desk._renew()
    await rest(desk)


def held(drafts: Drafts) -> Document:
    draft = drafts.kept("s-uu")
    assert draft is not None
    return draft
