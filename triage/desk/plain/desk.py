"""The board by lines, and everything that is reached from it.

Nothing is drawn. The board, one person and the alerts are told as lines with numbers; what is done
is a letter and a few answers, each ended with Enter.
"""

from collections.abc import Sequence
from pathlib import Path

from triage.desk.glass import tell
from triage.desk.half import HalfForms, outlives
from triage.desk.people import named
from triage.desk.plain.acts import opening
from triage.desk.plain.alerts import Alerts
from triage.desk.plain.begun import left_over
from triage.desk.plain.form import fill
from triage.desk.plain.person import People, Release
from triage.desk.plain.session import LEAVES, Ended, Session, clear
from triage.desk.plain.told import head, help_told
from triage.desk.releases import Drafts
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import board as board_words
from triage.present import desk_lines as words
from triage.present import desk_screens as said
from triage.present import leaving_form as release_words
from triage.present.desk import BoardLine
from triage.present.lines import wrapped


class Plain:
    """The desk of one person who is signed in; ``run`` goes on until they leave."""

    def __init__(self, session: Session, release: Release, folder: Path, drafts: Drafts) -> None:
        self.session, self.client, self.drafts = session, session.client, drafts
        session.half = HalfForms(folder, self.client.account)
        self.people = People(session, release, folder, drafts, self._emergency)
        self.alerts = Alerts(session, self.people.open, self._emergency)
        self.rows: tuple[BoardLine, ...] = ()  # in the order that was told
        self._may: tuple[str, ...] = ()

    def run(self) -> None:
        """The board, until somebody leaves or nothing more comes."""
        try:
            self.session.begin()
            self._board()
            leaving = False
            while True:
                typed = self.session.menu(words.BOARD_KEYS)
                if typed.lower() in LEAVES and (leaving or not self._half_typed()):
                    break
                leaving = typed.lower() in LEAVES
                if not leaving:
                    self._at_the_board(typed)
        except Ended:
            pass
        clear()
        tell(words.LEFT)

    def _half_typed(self) -> bool:
        """Say what is not recorded, and what of it would be dropped; whether there is any."""
        halves = [(kind, half) for (kind, _), half in self.session.kept.items() if half.document]
        for stays, sentence in ((True, words.STILL_KEPT), (False, words.WOULD_BE_DROPPED)):
            told = [
                words.half_typed(half.what, len(half.document))
                for kind, half in halves
                if outlives(kind) is stays
            ]
            if told:
                tell(sentence.format("; ".join(told)))
        return bool(halves)

    def _at_the_board(self, typed: str) -> None:
        match typed.lower():
            case "":
                self._board()
            case "a":
                self.alerts.run()
                self._board()
            case "!":
                self._emergency()
            case "o":
                self._open()
            case "k":
                left_over(self.session, self.drafts, self._here)
            case "?":
                help_told()
            case _:
                found = named(self.rows, typed)
                if found is None:
                    tell(words.NOBODY)
                else:
                    self.people.open(found.stay)

    # --- the board

    def _board(self) -> None:
        try:
            sheet = self.session.ask(self.client.board)
        except Unreachable:
            self._rows_told(self.rows)
            return
        except (InputError, NotAllowed) as error:
            tell(str(error))
            return
        self.rows, self._may = sheet.rows, sheet.may
        head(sheet, f"{said.BOARD}: {sheet.heading}")
        self._rows_told(sheet.rows, several=len(sheet.suites) > 1)
        if not sheet.rows:
            tell(board_words.EMPTY)
        if set(self.drafts.begun()) - self._here:
            tell(release_words.LEFT_OVER)

    @property
    def _here(self) -> set[str]:
        return {each.stay for each in self.rows}

    def _rows_told(self, rows: Sequence[BoardLine], *, several: bool = False) -> None:
        self.session.tell_blocks(
            [_row(each, number, several=several) for number, each in enumerate(rows, 1)]
        )

    def _emergency(self) -> None:
        found = self.session.alarms.newest()
        if found is None or not found.stay:
            tell(said.NO_EMERGENCY)
        else:
            self.people.open(found.stay)

    def _open(self) -> None:
        frame = self.session.frame
        if frame is None or not self._may:
            tell(said.NOT_YOURS)
            return
        done = fill(self.session, opening(self.client, frame))
        if done is not None:
            self.people.open(done.stay)


def _row(line: BoardLine, number: int, *, several: bool) -> list[str]:
    """One person: how bad, who and where, what is due next, what nobody has, who has it."""
    where, _, rest = line.where.partition(", ")
    suite, _, _ = rest.partition(", ")
    level = line.urgency.upper() if line.level in ("emergency", "urgent") else line.urgency
    passed = f"{said.PASSED} " if line.next_passed else ""
    due = f"{passed}{line.next_due}: {line.next_words}".rstrip(": ")
    parts = [
        f"{level}: {line.who}, {where}{f', {suite}' if several and suite else ''}",
        line.reference,
        said.UNREADABLE if line.unreadable else "",
        said.loud_power(line),
        said.not_taken(line.untaken_cards, line.open_cards),
        line.top,
        f"Next: {due}" if line.next_due else "",
        line.screen_again,
        line.has_it if line.open_alerts > line.untaken else "",
        line.screening,
        "" if line.no_power else line.power,
    ]
    text = ". ".join(part.rstrip(".") for part in parts if part)
    return wrapped(f"{text}.", 78, first=f"{number:>3}  ")
