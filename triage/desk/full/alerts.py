"""Every open alert of these suites, the worst first; whichever is marked stays marked."""

from rich.text import Text

from triage.desk.full import acts, paint
from triage.desk.full.person import taken
from triage.desk.full.room import Room
from triage.desk.full.sections import card
from triage.desk.whose import TAKE, meant, why_none
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import desk_screens as words
from triage.present.alerts import Card
from triage.present.desk import AlertSheet
from triage.present.findings import Finding

_STEPS = {"up": -1, "down": 1, "pagedown": 3, "pageup": -3}


class Alerts(Room):
    """The open alerts, and who is soon to be screened again."""

    keys = words.KEYS_ALERTS
    breaks_off = ("escape",)

    def __init__(self, chosen: str = "") -> None:
        super().__init__()
        self.sheet: AlertSheet | None = None
        self.chosen = chosen  # the id of the finding that is marked

    def heading(self) -> str:
        """How many, and when that was."""
        return f"{words.ALERTS}: {self.sheet.heading if self.sheet else words.ASKING}"

    def fetch(self, *, renewing: bool) -> AlertSheet:
        """The list."""
        return self.desk.client.alerts(renewing=renewing)

    def took(self, found: AlertSheet) -> None:
        """Show it; what was marked stays so."""
        first, self.sheet = self.sheet is None, found
        if self._marked is None:
            if self.chosen:
                self.notice = words.ALERT_GONE
            self.chosen = found.told[0].id if first and found.told else ""

    @property
    def _marked(self) -> Finding | None:
        return next((each for each in self._told if each.id == self.chosen), None)

    @property
    def _told(self) -> tuple[Finding, ...]:
        return self.sheet.told if self.sheet else ()

    def draw(self, width: int) -> None:
        """The cards, with the one that is marked among those that are seen."""
        lines: list[Text] = []
        first = last = 0
        for number, each in enumerate(self._told, 1):
            marked = each.id == self.chosen
            where = f"{each.where}: " if each.where else ""
            shown = card(each, number, width, where=where, chosen=marked, whole=marked)
            if marked:
                first, last = len(lines), len(lines) + len(shown) - 1
            lines += shown
        for ahead in self.sheet.ahead if self.sheet else ():
            lines += paint.para(f"{ahead.where}: {ahead.words}", width, first="    ")
        self.pane.hold(lines)
        if self.chosen:
            self.pane.reveal(first, last)

    async def press(self, key: str) -> None:
        """Choose an alert, and do something about it."""
        one = self._marked
        if key in _STEPS or key in ("home", "end"):
            self._step(key)
        elif key in ("enter", "t", "d", "c"):
            if one is None:
                self.say(words.NO_ALERT_CHOSEN)
                return
            await self._do(one, key)
        else:
            await super().press(key)
        self.paint()

    def _step(self, key: str) -> None:
        keys = [each.id for each in self._told]
        if not keys:
            return
        at = keys.index(self.chosen) if self.chosen in keys else -1
        by = {"home": -len(keys), "end": len(keys)}.get(key) or _STEPS[key]
        self.chosen, self.notice = keys[max(0, min(len(keys) - 1, at + by))], ""

    async def _do(self, one: Finding, key: str) -> None:
        self.notice = ""
        if key == "enter":
            await self._open(one)
            return
        found = meant((one,), key)
        if not found:
            self.notice = why_none(one, key)
        elif key == TAKE and len(found) == 1:
            self.busy = True
            self.desk.run_worker(self._take(found[0].card))
        else:
            await self.desk.push_screen(
                acts.ABOUT_ALERTS[key](self.desk, one.stay, one.where, found)
            )

    async def _open(self, one: Finding) -> None:
        if one.stay:
            await self.desk.open_person(one.stay, one.where)
        else:
            self.notice = words.NO_PERSON

    async def _take(self, one: Card) -> None:
        try:
            done = await self.desk.ask(lambda: self.desk.client.acknowledge(one.key, one.kind))
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
