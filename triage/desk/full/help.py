"""What the keys do."""

from collections.abc import Sequence

from rich.text import Text

from triage.desk.full import paint
from triage.desk.full.room import Room
from triage.present import desk_screens as words


class Help(Room):
    """Every key, by the screen that it belongs to."""

    keys = words.KEYS_HELP

    def heading(self) -> str:
        """Which screen this is."""
        return words.HELP

    def lines(self, width: int) -> Sequence[Text]:
        """All keys."""
        lines: list[Text] = []
        for title, keys in words.HELP_TEXT:
            lines += paint.heading(title, width)
            for key, does in keys:
                lines += paint.para(does, width, first=f"  {key:<24} " if key else "  ")
        return lines
