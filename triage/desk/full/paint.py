"""Lines for the glass: wrapped, cut where they must be, and marked by words before any colour."""

from rich.text import Text

from triage.present.lines import plain, wrapped

LOUD = "bold #ffffff on #a00018"
BAR = "#ffffff on #1f3a5f"
STRONG = "bold"
SOFT = "#b0b8c0"
CHOSEN = "bold #000000 on #e8e8e8"
LEVELS = {
    "emergency": LOUD,
    "urgent": "bold #000000 on #ffb000",
    "soon": "bold #8fd0ff",
    "routine": "",
    "none": "",
}
MORE = "…"


def row(text: str = "", style: str = "") -> Text:
    """One line as it is."""
    return Text(text, style, no_wrap=True, end="")


def cut(text: str, width: int) -> str:
    """Text that fits; where something is left out it ends with a mark that says so."""
    said = " ".join(plain(part) if part else "" for part in text.split(" "))  # columns are kept
    return said if len(said) <= width else f"{said[: max(0, width - 1)].rstrip()}{MORE}"


def para(text: str, width: int, *, first: str = "", style: str = "") -> list[Text]:
    """One paragraph in as many lines as it takes, ``first`` before the first of them."""
    return [row(line, style) for line in wrapped(text, max(20, width), first=first)]


def tagged(
    tag: str, text: str, width: int, *, level: str, first: str = "", style: str = ""
) -> list[Text]:
    """One paragraph behind a word that says how bad it is; the colour is on that word alone."""
    lead = f"{first}{tag} "
    lines = wrapped(text, max(20, width), first=lead) or [lead]
    top = row(first, style)
    top.append(tag, LEVELS.get(level, ""))
    top.append(lines[0][len(lead) - 1 :], style)
    return [top, *(row(line, style) for line in lines[1:])]


def some(text: str, width: int, most: int, *, first: str = "", style: str = "") -> list[Text]:
    """One paragraph in at most so many lines; the last says that there is more."""
    found = wrapped(text, max(20, width), first=first)
    kept = found[:most]
    if len(found) > most:
        kept[-1] = f"{kept[-1][: max(0, width - 2)]} {MORE}"
    return [row(line, style) for line in kept]


def heading(words: str, width: int) -> list[Text]:
    """The heading of a part, which is one without any colour as well."""
    return [row(), row(f"== {words} ".ljust(width, "="), STRONG)]


def across(left: str, right: str, width: int, style: str) -> Text:
    """Two texts at both ends of one line; the right one stays whole."""
    room = max(0, width - len(right) - 1)
    return row(f"{cut(left, room):<{room}} {right}"[:width].ljust(width), style)
