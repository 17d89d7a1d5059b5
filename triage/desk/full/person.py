"""One person: what cannot wait, alerts, clocks, what was found and why, routes, what happened."""

from collections.abc import Sequence

from rich.text import Text

from triage.desk.client import Done
from triage.desk.full import acts, paint
from triage.desk.full.room import Room
from triage.desk.full.sections import sections
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import desk_screens as words
from triage.present import leaving_form as release_words
from triage.present.desk import Sheet


class Person(Room):
    """One person's own page; the only one that says a name."""

    breaks_off = ("escape",)

    def __init__(self, stay: str, who: str) -> None:
        super().__init__()
        self.stay, self.who = stay, who
        self.sheet: Sheet | None = None
        self._release: str | None = None  # whose words a release begun here has, where one was
        self._starts: tuple[int, ...] = ()
        self._drawn: tuple[Sheet, int, list[Text]] | None = None

    def heading(self) -> str:
        """Initials and cell, and the name where it is known."""
        if self.sheet is None:
            return f"{self.who} | {words.ASKING}"
        name = self.sheet.name or "name not known yet"
        return " | ".join((self.sheet.title, name, self.sheet.reference))

    def key_words(self) -> str:
        """The keys for what this role may do here."""
        may = self.sheet.may if self.sheet else ()
        acts_here = [said for name, said in words.KEY_OF if name in may]
        return "  ".join([*acts_here, "b back", "? help"])

    def fetch(self, *, renewing: bool) -> Sheet:
        """Everything about this person that this role may see."""
        return self.desk.client.sheet(self.stay, renewing=renewing)

    def took(self, found: Sheet) -> None:
        """Show it from where it was being read."""
        self.sheet, self.who = found, found.title
        kept = self.desk.drafts.kept(self.stay)
        self._release = None if kept is None else self.desk.drafts.whose(kept)
        self.desk.alarms.looked_at(self.stay)

    def lines(self, width: int) -> Sequence[Text]:
        """Part after part."""
        if self.sheet is None:
            return [paint.row(), *paint.para(self._waits(), width, first="  ")]
        drawn = self._drawn
        if drawn is not None and drawn[0] is self.sheet and drawn[1] == width:
            return drawn[2]
        lines: list[Text] = []
        starts = []
        for number, (title, part) in enumerate(sections(self.sheet, width), 1):
            starts.append(len(lines))
            lines += paint.heading(f"{number} {title}", width) if number > 1 else []
            lines += self._begun(width) if number == 1 else []
            lines += part
        self._starts, self._drawn = tuple(starts), (self.sheet, width, lines)
        return lines

    def _begun(self, width: int) -> list[Text]:
        """That a release waits here, as long as the person does."""
        if self.sheet is None or self.sheet.closed or self._release is None:
            return []
        told = f"{release_words.BEGUN} {self._release}".strip()
        return paint.para(told, width, style=paint.STRONG)

    def _waits(self) -> str:
        return words.ASKING if self.busy else self.notice or words.NOT_REACHED_YET

    async def press(self, key: str) -> None:
        """Read on, or do something for this person."""
        if key == "tab" or key == "shift+tab" or key in "1234567":
            self._to_section(key)
        elif key in acts.KEYS:
            await self._act(key)
        else:
            await super().press(key)

    def _to_section(self, key: str) -> None:
        if not self._starts:
            return
        here = self.pane.top
        if key == "tab":
            to = next((at for at in self._starts if at > here), self._starts[0])
        elif key == "shift+tab":
            to = next((at for at in reversed(self._starts) if at < here), self._starts[-1])
        else:
            to = self._starts[min(len(self._starts), int(key)) - 1]
        self.pane.go_to(to)
        self.paint()

    async def _act(self, key: str) -> None:
        sheet = self.sheet
        if sheet is None or acts.KEYS[key] not in sheet.may:
            self.say(words.NOT_YOURS if sheet else words.ASKING)
            return
        self.notice = ""
        match key:
            case "t":
                self.busy = True
                self.desk.run_worker(self._take())
            case "s":
                await self._screen(sheet)
            case "k":
                await self.desk.open_release(self.stay, sheet.title)
            case "e":
                await self.desk.open_recordable(self.stay, sheet.title)
            case _:
                await self.desk.push_screen(acts.form(self.desk, sheet, key))

    async def _take(self) -> None:
        """Everything about this person that waits for this role."""
        try:
            done = await self.desk.ask(lambda: self.desk.client.take(self.stay))
        except Unreachable as error:
            self.notice = f"{error} {words.NOT_KNOWN_TAKEN}"
        except (InputError, NotAllowed) as error:
            self.notice = str(error)
            await self.desk.refused(error)
        else:
            self.notice = taken(done)
            await self.load(renewing=True)
        self.busy = False
        self.paint()
        await self.desk.go_on()

    async def _screen(self, sheet: Sheet) -> None:
        from triage.desk.full.screening import ScreeningScreen

        screen = ScreeningScreen(
            self.desk.client, self.stay, who=f"{sheet.title}, {sheet.reference}",
            folder=self.desk.folder, training=sheet.training, now=self.desk.now,
        )  # fmt: skip
        await self.desk.push_screen(screen, self._screened)

    def _screened(self, recorded: bool | None) -> None:
        self.notice = words.SCREENED if recorded else words.SCREENING_KEPT
        self.desk.run_worker(self.load(renewing=True))


def taken(done: Done) -> str:
    """What somebody hears who took something."""
    return " ".join([done.words or words.TAKEN, *done.notices])
