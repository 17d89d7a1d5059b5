"""Going from screen to screen at the desk: one on top of the other, and back."""

from pathlib import Path
from typing import Any

from textual.app import App

from triage.desk.client import Client
from triage.desk.full.alarms import Alarms
from triage.desk.full.alerts import Alerts
from triage.desk.full.room import Room
from triage.desk.half import HalfForms
from triage.desk.releases import Drafts
from triage.present import desk_screens as words
from triage.present.findings import Finding
from triage.present.recordable import Recordable


class Ways(App[None]):
    """The screens of the desk, and what leads from one to the next."""

    def __init__(self, client: Client, screenings: Path, releases: Path) -> None:
        super().__init__()
        self.client = client
        self.folder = screenings  # where a half-typed screening is kept at this desk
        self.drafts = Drafts(releases, client.account)  # and a release that was begun
        self.kept: dict[tuple[str, str], Any] = {}  # half-typed forms
        self.half = HalfForms(screenings, client.account)  # those of them that outlive this program
        self.offered: dict[str, Recordable] = {}  # while the service is away: as it was last
        self.alarms = Alarms()

    @property
    def room(self) -> Room:
        """The screen on top, or the one nearest to it that is a room of the desk."""
        return next(each for each in reversed(self.screen_stack) if isinstance(each, Room))

    def below(self, room: Room) -> Room:
        """The screen to which this one goes back; the lock lies on top and is none of them."""
        before = self.screen_stack[: self.screen_stack.index(room)]
        return next(each for each in reversed(before) if isinstance(each, Room))

    async def open(self, room: Room) -> None:
        """Put a screen on top, and let it ask for what it shows."""
        await self.push_screen(room)
        room.busy = True
        self.run_worker(room.first())

    async def open_person(self, stay: str, who: str) -> None:
        """One person."""
        from triage.desk.full.person import Person

        await self.open(Person(stay, who))

    async def open_release(self, stay: str, who: str) -> None:
        """The release of one person, with whatever was begun for them at this desk."""
        from triage.desk.full.release import Release

        draft = self.drafts.of(stay)
        await self.open(Release(stay, who, draft, self.drafts.whose(draft)))

    async def open_recordable(self, stay: str, who: str) -> None:
        """What can be recorded of one person, and which authority can be given."""
        from triage.desk.full.choosing import Choosing

        await self.open(Choosing(stay, who, self.offered.get(stay)))

    async def open_emergency(self) -> None:
        """The newest emergency, else any that nobody has."""
        found = self.alarms.newest()
        if found is None:
            self.room.say(words.NO_EMERGENCY)
            return
        await self.open_about(found)

    async def open_about(self, found: Finding) -> None:
        """Whoever a finding is about; one about the service itself stands in the list."""
        if found.stay:
            await self.open_person(found.stay, found.where)
            return
        self.alarms.listed(found.id)
        await self.open(Alerts(found.id))

    async def help(self) -> None:
        """What the keys do."""
        from triage.desk.full.help import Help

        await self.push_screen(Help())

    async def close(self, room: Room) -> None:
        """Go back to the screen below; the board has none below it."""
        if self.screen is not room:
            room.over = True
        elif len(self.screen_stack) > 1:
            await self.pop_screen()
            self.run_worker(self.room.load(renewing=True))
