"""Plain text for a terminal, a pipe or a braille line: wrapped, without colour or control codes."""

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator

NARROWEST, WIDEST = 40, 100


def usable(width: int) -> int:
    """The width to write in; very wide lines are hard to read and very narrow ones cannot hold."""
    return max(NARROWEST, min(width, WIDEST))


def plain(text: str) -> str:
    """Text that a terminal shows and never obeys: control characters become a question mark."""
    return "".join(
        "?" if unicodedata.category(character) in ("Cc", "Cs", "Cf") else character
        for character in " ".join(text.split())
    )


def wrapped(text: str, width: int, *, first: str = "", rest: str | None = None) -> list[str]:
    """One paragraph in lines: ``first`` before the first, ``rest`` (as wide) before the others."""
    return textwrap.wrap(
        plain(text),
        width,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_on_hyphens=False,
    )


def heading(words: str) -> list[str]:
    """A heading that also a screen reader and a black and white print show as one."""
    return ["", words.upper(), "-" * len(words)]


def side_by_side(left: str, right: str, width: int) -> list[str]:
    """Two texts beside each other, for what stands against each other."""
    half = (width - 7) // 2
    columns = (textwrap.wrap(plain(text), half, break_on_hyphens=False) for text in (left, right))
    rows = _longest(*columns)
    return [f"    {one:<{half}} | {two}".rstrip() for one, two in rows]


def _longest(left: list[str], right: list[str]) -> Iterable[tuple[str, str]]:
    most = max(len(left), len(right))
    return zip(left + [""] * (most - len(left)), right + [""] * (most - len(right)), strict=True)


def wrapped_lines(text: str, width: int) -> Iterator[str]:
    """Text that stands in lines already, with those that are too long folded under themselves."""
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        yield from wrapped(line, usable(width), first=indent, rest=f"{indent}    ") or [""]
