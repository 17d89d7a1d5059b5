"""Textual's own text boxes, told key by key what to do, so that no key lands in another one."""

from collections.abc import Mapping
from types import MappingProxyType

from textual.widgets import Input, TextArea

_LINE_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "backspace": "delete_left", "ctrl+h": "delete_left", "delete": "delete_right",
        "left": "cursor_left", "right": "cursor_right", "home": "home", "end": "end",
        "ctrl+a": "home", "ctrl+left": "cursor_left_word",
        "ctrl+right": "cursor_right_word", "ctrl+w": "delete_left_word",
        "ctrl+u": "delete_left_all", "ctrl+k": "delete_right_all",
    }
)  # fmt: skip
_AREA_KEYS: Mapping[str, str] = MappingProxyType(
    {
        **_LINE_KEYS, "home": "cursor_line_start", "end": "cursor_line_end",
        "ctrl+a": "cursor_line_start",
        "ctrl+left": "cursor_word_left", "ctrl+right": "cursor_word_right",
        "ctrl+w": "delete_word_left", "ctrl+u": "delete_to_start_of_line",
        "ctrl+k": "delete_to_end_of_line",
    }
)  # fmt: skip


def edit(box: Input | TextArea, key: str) -> bool:
    """One key in a text box; whether it means anything there."""
    known = _LINE_KEYS if isinstance(box, Input) else _AREA_KEYS
    if len(key) == 1 and key.isprintable():
        write(box, key)
    elif key in known:
        getattr(box, f"action_{known[key]}")()
    else:
        return False
    return True


def write(box: Input | TextArea, text: str) -> None:
    """Put text where the cursor stands, and the cursor behind it; a line break becomes a space."""
    flat = " ".join(text.splitlines())
    if isinstance(box, Input):
        box.insert_text_at_cursor(flat)
    else:
        box.replace(flat, *box.selection, maintain_selection_offset=False)


def area() -> TextArea:
    """A box for words that fold over as many lines as they take."""
    box = TextArea(soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
    box.cursor_blink, box.highlight_cursor_line = False, False
    return box


def line() -> Input:
    """A box of one line."""
    box = Input()
    box.cursor_blink = False
    return box
