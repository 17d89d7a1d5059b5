"""The board: everybody in these suites, the worst first; whoever is marked stays marked."""

from rich.text import Text

from triage.desk.full import paint
from triage.desk.full.acts import opening
from triage.desk.full.alerts import Alerts
from triage.desk.full.room import Room
from triage.present import desk_screens as words
from triage.present import leaving_form as release_words
from triage.present.desk import BoardLine, BoardSheet
from triage.present.lines import plain

_JUST_NOW = 1.0  # seconds in which a changed order may not have been seen yet
_URGENCY, _CELL, _WHO = 10, 5, 6
_MOST = (4, 3, 2, 1)  # lines under the first of a row
_STEPS = {"up": -1, "down": 1}


class Board(Room):
    """Everybody. What is marked is a person, never a row: rows move by themselves."""

    keys = words.KEYS_BOARD

    def __init__(self) -> None:
        super().__init__()
        self.sheet: BoardSheet | None = None
        self.chosen = ""  # the stay of whoever is marked
        self.number = ""  # the digits of a row that is being typed
        self.seek: str | None = None  # what is being looked for
        self._seen: tuple[str, ...] = ()  # the order before the last change of it
        self._changed = 0.0
        self._numbered: tuple[str, ...] = ()  # the order in which a number is meant
        self._leaving = False
        self.left_over: tuple[str, ...] = ()  # stays that left with a release begun here

    def heading(self) -> str:
        """How many people, and where."""
        return f"{words.BOARD}: {self.sheet.heading if self.sheet else words.ASKING}"

    def key_words(self) -> str:
        """The keys, or what is being typed."""
        if self.seek is not None:
            return f"{words.finding(self.seek)}   {words.KEYS_FIND}"
        return words.going_to(self.number) if self.number else words.KEYS_BOARD

    @property
    def rows(self) -> tuple[BoardLine, ...]:
        """The people, as the service put them in order."""
        return self.sheet.rows if self.sheet else ()

    def fetch(self, *, renewing: bool) -> BoardSheet:
        """The board."""
        return self.desk.client.board(renewing=renewing)

    def took(self, found: BoardSheet) -> None:
        """Show it; whoever was marked stays so, wherever they stand now."""
        before, stays = self._order, tuple(row.stay for row in found.rows)
        gone = self._marked
        self.sheet = found
        if before and before != stays:
            self._seen, self._changed = before, self.desk.running()
        if self.chosen not in stays:
            if gone is not None:
                self.notice = words.GONE_FROM_BOARD.format(who=_who(gone))
                self.chosen = ""
            elif not before and stays:
                self.chosen = stays[0]
        self._look_for_releases(stays)

    def _look_for_releases(self, stays: tuple[str, ...]) -> None:
        """Say once that a release was begun here for somebody who is not here any more."""
        before, self.left_over = self.left_over, self._left_over(stays)
        if set(self.left_over) - set(before):
            self.notice = f"{self.notice} {release_words.LEFT_OVER}".strip()

    def _left_over(self, stays: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(each for each in self.desk.drafts.begun() if each not in stays)

    @property
    def _order(self) -> tuple[str, ...]:
        return tuple(row.stay for row in self.rows)

    @property
    def _marked(self) -> BoardLine | None:
        return next((row for row in self.rows if row.stay == self.chosen), None)

    def draw(self, width: int) -> None:
        """The rows, with whoever is marked among those that are seen."""
        shown = self._shown(width)
        self.pane.hold([line for row in shown for line in row])
        if self.chosen in self._order:
            at = self._order.index(self.chosen)
            first = sum(map(len, shown[:at]))
            self.pane.reveal(first, first + len(shown[at]) - 1)

    def _shown(self, width: int) -> list[list[Text]]:
        """Every row, with as many lines of what else there is to know as the glass has room for."""
        several = self.sheet is not None and len(self.sheet.suites) > 1
        for most in _MOST:
            shown = [
                _row(line, number, width, most, marked=line.stay == self.chosen, suite=several)
                for number, line in enumerate(self.rows, 1)
            ]
            if sum(map(len, shown)) <= self.pane.rows:
                break
        return shown

    async def press(self, key: str) -> None:
        """Choose somebody, open them, or go elsewhere."""
        leaving, self._leaving = self._leaving, False
        if self.seek is not None:
            await self._sought(key)
        elif key.isdigit() and len(key) == 1:
            self._digit(key)
        elif self.number and key in ("backspace", "escape"):
            self.number = self.number[:-1] if key == "backspace" else ""
        elif key == "enter":
            await self._open()
        elif key == "q":
            self._leave(leaving)
        else:
            self.number = ""
            await self._other(key)
        self.paint()

    async def _other(self, key: str) -> None:
        page = max(1, self.pane.rows // 2 - 1)
        steps = {**_STEPS, "pagedown": page, "pageup": -page, "home": -len(self.rows),
                 "end": len(self.rows)}  # fmt: skip
        if key in steps:
            self._step(steps[key])
        elif key == "/":
            self.seek, self.notice = "", ""
        elif key == "a":
            await self.desk.open(Alerts())
        elif key == "o":
            await self._open_new()
        elif key == "k":
            await self._open_release()
        elif key not in ("b", "escape"):
            await super().press(key)

    async def _open_new(self) -> None:
        if self.sheet is None or not self.sheet.may:
            self.say(words.NOT_YOURS)
            return
        await self.desk.push_screen(opening(self.desk))

    async def _open_release(self) -> None:
        self.left_over = self._left_over(self._order) if self.sheet else ()
        if not self.left_over:
            self.say(release_words.NONE_BEGUN)
            return
        self.notice = ""
        await self.desk.open_release(self.left_over[0], "")

    def _step(self, by: int) -> None:
        self.notice = ""
        stays = self._order
        if not stays:
            return
        at = stays.index(self.chosen) + by if self.chosen in stays else 0
        self.chosen = stays[max(0, min(len(stays) - 1, at))]

    def _digit(self, key: str) -> None:
        """Mark the row with this number; in the order that was there to be seen."""
        if not self.number:
            new = self.desk.typed() - self._changed < _JUST_NOW
            self._numbered = self._seen if new and self._seen else self._order
        self.number = (self.number + key)[-3:].lstrip("0")
        at = int(self.number or 0) - 1
        if 0 <= at < len(self._numbered) and self._numbered[at] in self._order:
            self.chosen = self._numbered[at]

    async def _open(self) -> None:
        """Open whoever is marked; with a number that is on no row, nobody."""
        number, self.number = self.number, ""
        on_a_row = not number or 0 < int(number) <= len(self._numbered)
        line = self._marked
        if line is None or not on_a_row:
            self.say(words.NOBODY_CHOSEN if not number else words.NOBODY_LIKE_IT)
            return
        self.notice = ""
        await self.desk.open_person(line.stay, _who(line))

    async def _sought(self, key: str) -> None:
        """Find by cell, initials or the end of the custody record, letter by letter."""
        if key == "escape":
            self.seek = None
        elif key == "enter":
            found, self.seek = self._found(), None
            if found is None:
                self.notice = words.NOBODY_LIKE_IT
            else:
                self.chosen = found.stay
                await self._open()
        elif key == "backspace":
            self.seek = (self.seek or "")[:-1]
        elif len(key) == 1:
            self.seek = (self.seek or "") + key
            found = self._found()
            self.chosen = found.stay if found else self.chosen

    def _found(self) -> BoardLine | None:
        """The first who is meant: whole cells and initials before ends and parts of a number."""
        wanted = (self.seek or "").strip().casefold()
        if not wanted:
            return None
        for fits in (
            lambda row: wanted in (row.cell.casefold(), row.who.casefold()),
            lambda row: row.reference.casefold().endswith(wanted),
            lambda row: (
                row.cell.casefold().startswith(wanted) or row.who.casefold().startswith(wanted)
            ),
            lambda row: wanted in row.reference.casefold(),
        ):
            found = next((row for row in self.rows if fits(row)), None)
            if found is not None:
                return found
        return None

    def _leave(self, again: bool) -> None:
        if again:
            self.desk.exit()
            return
        self._leaving = True
        self.notice = words.LEAVE_AGAIN


def _who(line: BoardLine) -> str:
    return f"{line.who}, cell {line.cell}" if line.cell else line.who


def _row(
    line: BoardLine, number: int, width: int, most: int, *, marked: bool, suite: bool
) -> list[Text]:
    """One person: what is due and when on the first line, what nobody has on the second."""
    where = line.cell or "-"
    head = f"{'>' if marked else ' '}{number:>3} "
    tag = line.urgency if line.level != "none" else "-"
    who = f" {paint.cut(where, _CELL):<{_CELL}} {paint.cut(line.who, _WHO):<{_WHO}} "
    left = len(head) + _URGENCY + len(who)
    due = _due(line)
    text = paint.row()
    base = paint.CHOSEN if marked else ""
    text.append(head, base)
    level = paint.LEVELS.get(line.level, "")
    shown = tag.upper() if line.level in ("emergency", "urgent") else tag
    text.append(f"{shown:<{_URGENCY}}", base if marked and line.level != "emergency" else level)
    text.append(who, base or paint.STRONG)
    told = paint.cut(due, width - left)
    text.append(told.ljust(width - left), base or (paint.LOUD if line.next_passed else ""))
    return [text, *_more(line, width, most, suite=suite)]


def _due(line: BoardLine) -> str:
    passed = f"{words.PASSED} " if line.next_passed else ""
    what = plain(line.next_words).rstrip(".")
    return f"{passed}{line.next_due}{': ' if what else ''}{what}"


def _place(line: BoardLine, *, suite: bool) -> str:
    """Where there is no cell, which place; where there are several suites, which of them."""
    place, _, rest = line.where.partition(", ")
    parts = ("" if line.cell else place, rest.partition(", ")[0] if suite else "")
    return ", ".join(part for part in parts if part)


def _more(line: BoardLine, width: int, most: int, *, suite: bool) -> list[Text]:
    """What else there is to know, the weightiest first, so that what is cut off is the least."""
    parts = [
        _place(line, suite=suite),
        words.loud_power(line),
        words.not_taken(line.untaken_cards, line.open_cards),
        line.top.rstrip("."),
        line.screen_again.rstrip("."),
        line.urgency if line.level == "none" else "",
        line.screening,
        line.has_it if line.open_alerts else "",
        line.power if not line.no_power else "",
    ]
    said = ". ".join(part for part in parts if part)
    most = max(most, 2 if line.level == "emergency" else 1)
    style = paint.STRONG if line.untaken and line.level in ("emergency", "urgent") else paint.SOFT
    return paint.some(said, width, most, first="       ", style=style)
