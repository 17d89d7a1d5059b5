"""Which emergencies nobody has, and which of them are new to whoever sits at this desk."""

from dataclasses import dataclass, field

from triage.present import desk_screens as words
from triage.present.desk import AlertSheet
from triage.present.findings import Finding


@dataclass
class Alarms:
    """Emergencies as the list of alerts had them last: one for each finding, by its id."""

    open: dict[str, Finding] = field(default_factory=dict)  # that nobody of this kind has taken
    new: dict[str, Finding] = field(default_factory=dict)  # not looked at here, the newest last
    _known: dict[str, Finding] | None = None  # None until the list was read for the first time

    def hear(self, sheet: AlertSheet) -> bool:
        """Take in a list of alerts; whether there is an alarm in it that was not there before.

        Somebody else who is told of the same is no new alarm. It is one when this role is called
        now and was not, and when what somebody had is nobody's again.
        """
        found = {each.id: each for each in sheet.told if _alarms(each)}
        known = found if self._known is None else self._known
        fresh = {id: each for id, each in found.items() if _climbed(known.get(id), each)}
        self.new = {id: found[id] for id in self.new if id in found} | fresh
        self.open, self._known = found, found
        return bool(fresh)

    def looked_at(self, stay: str) -> None:
        """Somebody has the person before them: their emergency is not new any more."""
        self.new = {id: each for id, each in self.new.items() if each.stay != stay}

    def listed(self, id: str) -> None:
        """Somebody has this finding before them."""
        self.new.pop(id, None)

    def newest(self) -> Finding | None:
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


def _alarms(one: Finding) -> bool:
    return one.level == "emergency" and any(each.card.take for each in one.told)


def _climbed(before: Finding | None, now: Finding) -> bool:
    return before is None or (now.for_role and not before.for_role)
