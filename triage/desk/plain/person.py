"""One person by lines: what to do now, parts to be read on demand, acts by a letter."""

from collections.abc import Callable
from pathlib import Path

from triage.desk.beside import to_choose
from triage.desk.client import Person as Somebody
from triage.desk.full.sections import sections
from triage.desk.glass import say, tell
from triage.desk.keyboard import Keyboard
from triage.desk.plain import recording
from triage.desk.plain.acts import LETTERS, form, take_told, which
from triage.desk.plain.form import fill
from triage.desk.plain.screening import Screening, begun
from triage.desk.plain.session import LEAVES, Session
from triage.desk.plain.told import head, help_told, plain
from triage.desk.recording import begun as begun_events
from triage.desk.releases import Drafts
from triage.desk.unfinished import Screenings
from triage.desk.whose import meant, yours
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import desk_lines as words
from triage.present import desk_screens as said
from triage.present import leaving_form as release_words
from triage.present import recordable_form as recordable_words
from triage.present.desk import Sheet
from triage.present.recordable import Recordable

Release = Callable[[Somebody, Keyboard], object]


class People:
    """Whoever is opened, with all that can be done for them."""

    def __init__(
        self,
        session: Session,
        release: Release,
        folder: Path,
        drafts: Drafts,
        emergency: Callable[[], None],
    ) -> None:
        self.session, self.client, self.release = session, session.client, release
        self.files, self.drafts = Screenings(folder), drafts
        self._emergency = emergency
        self._sheets: dict[str, Sheet] = {}
        self._offered: dict[str, Recordable] = {}

    def open(self, stay: str) -> None:
        """Tell of one person, and do what is typed, until somebody goes back."""
        sheet = self._sheet_told(stay)
        while sheet is not None:
            letters = [keys for name, keys in said.KEY_OF if name in sheet.may]
            typed = self.session.menu(", ".join([*letters, words.PERSON_KEYS])).lower()
            if typed == "b" or typed in LEAVES:
                return
            if typed == "":
                sheet = self._sheet_told(stay) or sheet
            elif self._at_the_person(sheet, typed):
                sheet = self._after(stay, sheet)

    def _at_the_person(self, sheet: Sheet, typed: str) -> bool:
        """Do what was typed; whether the person is to be told again."""
        if typed in tuple("1234567"):
            self._section(sheet, int(typed))
        elif typed == "?":
            help_told()
        elif typed == "!":
            self._emergency()
            return True
        elif typed in LETTERS:
            return self._act(sheet, typed)
        else:
            tell(words.NO_SUCH)
        return False

    def _sheet(self, stay: str) -> Sheet | None:
        """The person as the service has them, else as they were last told here."""
        try:
            self._sheets[stay] = self.session.ask(lambda: self.client.sheet(stay))
        except Unreachable:
            pass  # it was said, and from when what stands here is
        except (InputError, NotAllowed) as error:
            tell(str(error))
            return None
        return self._sheets.get(stay)

    def _after(self, stay: str, before: Sheet) -> Sheet:
        """After an act: who it is and what is open; Enter tells all of it again."""
        sheet = self._sheet(stay) or before
        to_take = [each for each in sheet.told if yours(each)]
        tell(f"{sheet.title}. {said.open_alerts(len(sheet.told), len(to_take))}.")
        return sheet

    def _sheet_told(self, stay: str) -> Sheet | None:
        sheet = self._sheet(stay)
        if sheet is None:
            return None
        self.session.alarms.looked_at(stay)
        name = sheet.name or "name not known yet"
        head(sheet, f"{sheet.title}. {name}. {sheet.reference}.")
        kept = None if sheet.closed else self.drafts.kept(stay)
        if kept is not None:
            tell(f"{release_words.BEGUN} {self.drafts.whose(kept)}".strip())
        self._section(sheet, 1)
        parts = [f"{number} {title}" for number, title in enumerate(said.SECTIONS, 1)]
        tell(", ".join(parts) + ".")
        return sheet

    def _section(self, sheet: Sheet, number: int) -> None:
        title, lines = sections(sheet, self.session.width)[number - 1]
        if number > 1:
            say("")
            tell(title.upper())
        self.session.tell_blocks([[each] for each in plain(lines)])

    def _act(self, sheet: Sheet, letter: str) -> bool:
        """Record something; whether the person is to be told again."""
        if LETTERS[letter] not in sheet.may:
            tell(said.NOT_YOURS)
            return False
        match letter:
            case "t":
                take_told(self.session, lambda: self.client.take(sheet.stay))
                return True
            case "s":
                return self._screen(sheet)
            case "k":
                return self._release(sheet)
            case "e":
                return self._record(sheet)
        card = which(self.session, meant(sheet.told, letter)) if letter in "dc" else None
        if letter in "dc" and card is None:
            return False
        return fill(self.session, form(self.client, sheet, letter, card)) is not None

    def _screen(self, sheet: Sheet) -> bool:
        try:
            rulebook = self.session.ask(self.client.rulebook)
            choice = begun(self.session, sheet.stay, self.files, rulebook)
        except Unreachable:
            return False
        except (InputError, NotAllowed) as error:
            tell(str(error))
            return False
        if choice is None:
            return False
        screening = Screening(self.session, sheet.stay, self.files, rulebook, choice.typed)
        screening.contested = to_choose(rulebook, choice.contested)
        screening.run()
        return True

    def _record(self, sheet: Sheet) -> bool:
        """What happened, or is authorised: chosen from the one list of what fits."""
        stay = sheet.stay
        try:
            self._offered[stay] = self.session.ask(lambda: self.client.recordable(stay))
        except Unreachable:
            pass  # it was said; the list is the last one that was told here
        except (InputError, NotAllowed) as error:
            tell(str(error))
            return False
        found = self._offered.get(stay)
        if found is None:
            tell(recordable_words.NOT_REACHED)
            return False
        half = begun_events(found, lambda name: self.session.typed_here(name, stay))
        one = recording.choose(self.session, sheet.title, found, half)
        if one is None:
            return False
        asked = recording.form(self.client, stay, sheet.title, one)
        return fill(self.session, asked) is not None

    def _release(self, sheet: Sheet) -> bool:
        try:
            found = self.session.ask(self.client.people)
            person = next((each for each in found if each.stay == sheet.stay), None)
            if person is None:
                tell(said.NOT_ON_BOARD)
            else:
                self.release(person, self.session.keyboard)
        except Unreachable:
            return False
        except (InputError, NotAllowed) as error:
            tell(str(error))
        return True
