"""Which emergencies nobody has, and which of them are new to whoever sits at this desk."""

from dataclasses import dataclass, field

from triage.present import desk_screens as words
from triage.present.alerts import Card
from triage.present.desk import AlertSheet


@dataclass
class Alarms:
    """Emergencies as the list of alerts had them last, by the key of each."""

    open: dict[str, Card] = field(default_factory=dict)  # that nobody of this kind has taken
    new: dict[str, Card] = field(default_factory=dict)  # not looked at here, the newest last
    _known: set[str] | None = None  # None until the list was read for the first time

    def hear(self, sheet: AlertSheet) -> bool:
        """Take in a list of alerts; whether an emergency is in it that was in none before."""
        found = {card.key: card for card in sheet.cards if card.level == "emergency" and card.take}
        known = set(found) if self._known is None else self._known
        fresh = {key: card for key, card in found.items() if key not in known}
        self.new = {key: found[key] for key in self.new if key in found} | fresh
        self.open, self._known = found, known | set(found)
        return bool(fresh)

    def looked_at(self, stay: str) -> None:
        """Somebody has the person before them: their emergency is not new any more."""
        self.new = {key: card for key, card in self.new.items() if card.stay != stay}

    def listed(self, key: str) -> None:
        """Somebody has this alert before them."""
        self.new.pop(key, None)

    def newest(self) -> Card | None:
        """The newest emergency, else the last of those that nobody has."""
        return next(reversed((self.new or self.open).values()), None)

    def line(self, *, locked: bool) -> str:
        """The line on top of every screen; empty without a new one. A locked desk names nobody."""
        if not self.new:
            return ""
        if locked:
            return words.alarm_locked(len(self.new))
        newest = next(reversed(self.new.values()))
        return words.alarm(newest.where, newest.headline, len(self.new) - 1)
