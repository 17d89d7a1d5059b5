"""The open alerts by lines: each by its number, to open its person or to act on it alone."""

import re
from collections.abc import Callable

from triage.desk.full.sections import card as card_lines
from triage.desk.glass import tell
from triage.desk.plain.acts import alert_form, take_told, which
from triage.desk.plain.form import fill
from triage.desk.plain.session import LEAVES, Session
from triage.desk.plain.told import head, help_told, numbered, plain
from triage.desk.whose import TAKE, meant, why_none
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import desk_lines as words
from triage.present import desk_screens as said
from triage.present.alerts import Card
from triage.present.desk import AlertSheet
from triage.present.lines import wrapped

_ON_ONE = re.compile(r"([tdc])\s*(\d+)")


class Alerts:
    """The list, until somebody goes back; ``person`` and ``emergency`` open somebody."""

    def __init__(
        self, session: Session, person: Callable[[str], None], emergency: Callable[[], None]
    ) -> None:
        self.session, self.client = session, session.client
        self._person, self._emergency = person, emergency

    def run(self) -> None:
        """Tell the list, and do what is typed."""
        sheet = self._told()
        while sheet is not None:
            typed = self.session.menu(words.ALERT_KEYS).lower()
            if typed == "b" or typed in LEAVES:
                return
            one = _ON_ONE.fullmatch(typed)
            if typed == "!":
                self._emergency()
            elif typed == "?":
                help_told()
            elif one is not None:
                self._on_one(sheet, one[1], one[2])
            elif typed:
                self._of_alert(sheet, typed)
            if typed in ("", "!") or one is not None or typed.isdecimal():
                sheet = self._told() or sheet

    def _told(self) -> AlertSheet | None:
        try:
            sheet = self.session.ask(self.client.alerts)
        except (Unreachable, InputError, NotAllowed) as error:
            if not isinstance(error, Unreachable):
                tell(str(error))
            return None
        if self.session.alarms.hear(sheet):
            self.session.ring()
        head(sheet, f"{said.ALERTS}: {sheet.heading}")
        width = self.session.width
        blocks = [
            plain(card_lines(each, number, width, where=f"{each.where}: "))
            for number, each in enumerate(sheet.told, 1)
        ]
        blocks += [wrapped(f"{each.where}: {each.words}", width) for each in sheet.ahead]
        self.session.tell_blocks(blocks)
        return sheet

    def _on_one(self, sheet: AlertSheet, letter: str, number: str) -> None:
        one = numbered(sheet.told, number)
        if one is None:
            tell(words.NO_NUMBER)
            return
        found = meant((one,), letter)
        if not found:
            tell(why_none(one, letter))
            return
        card = which(self.session, found)
        if card is not None:
            self._of_card(card, letter)

    def _of_card(self, card: Card, letter: str) -> None:
        if letter == TAKE:
            take_told(self.session, lambda: self.client.acknowledge(card.key, card.kind))
        else:
            fill(self.session, alert_form(self.client, letter, card.where, card))

    def _of_alert(self, sheet: AlertSheet, typed: str) -> None:
        one = numbered(sheet.told, typed)
        if one is None:
            tell(words.NO_NUMBER)
        elif one.stay:
            self._person(one.stay)
