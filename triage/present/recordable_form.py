"""Words of the desk where something is recorded of a person, or an authority is given."""

from triage.present import desk_screens as desk_words
from triage.present import spans
from triage.present.asks import Asked

TITLE = "WHAT HAPPENED, OR IS AUTHORISED"
GIVE = "GIVE AN AUTHORITY: "
HALF = "HALF TYPED HERE"
BESIDES = "HARDLY FITS NOW: "
KEYS = "Enter opens  number or letters find  Esc back  Ctrl+L lock  Ctrl+E emergency"
KEYS_OVER = "y, then Enter, records it  b back to it  Esc back (kept)  Ctrl+X drops  l lock"
CHOOSE = "A number, or some letters to find it, then Enter. Enter the list again, b back"
CHOOSE_MORE = (
    "A number, or some letters to find it, then Enter. m everything else, Enter the list again, "
    "b back"
)
NONE_LIKE_THAT = "Nothing here is called that."
NONE_LIKE_IT = "Nothing here is called that. Backspace takes letters away."
NOTHING = "Your role records nothing here."
NOT_REACHED = "What can be recorded is not known here until the service answers. It is asked again."
OVER = "READ IT OVER. Nothing is recorded yet: y, then Enter, records it."
OVER_GIVEN = "READ IT OVER. Nothing is given yet: y, then Enter, gives it."
SEND = "Enter now puts it on the record. Any other key does not."
SENT = "This was sent. Enter sends the same again: it is recorded once."
NOT_SENT = "Not sent. y, then Enter."
NOT_SAID = "Not said: "
NOT_GIVEN = "NOT GIVEN."
ASKED_FOR = "That it was asked for stands on the record."
OPTIONAL = "Enter goes on without it"
TAKES_OUT = "Enter goes on, Backspace takes it out"
MEND = "What was typed stays: b goes back to it."


def everything_else(number: int) -> str:
    """The last row of the list: what hardly fits can be recorded or given all the same."""
    return (
        f"Something else that happened, or is authorised ({spans.count(number, 'kind', 'kinds')})"
    )


def typed(letters: str) -> str:
    """What the list is narrowed by."""
    return f"Find: {letters}_"


def label(asked: str) -> str:
    """A question as it stands before its answer."""
    return asked if asked.endswith(("?", ")", ":")) else f"{asked}:"


def how(asked: Asked) -> str:
    """What may be typed for one question, besides what it says itself."""
    return "" if asked.required else OPTIONAL


def told(what: str, seq: int | None, *, happened: bool) -> str:
    """That it is on the record, and its number."""
    entry = "" if seq is None else f", entry {seq}"
    return f"{what}: {'' if happened else 'given, and '}on the record{entry}."


def refused(words: str, law_row: str, *, happened: bool) -> str:
    """Why it was not taken, in the words of the service, with the row of law where one is named."""
    first = desk_words.NOT_RECORDED if happened else NOT_GIVEN
    law = f"Law: {law_row}. {ASKED_FOR}" if law_row else ""
    return " ".join([first, words, law]).strip()


def against(words: tuple[str, ...]) -> str:
    """What this act itself was, where it was against the law; empty where it was not."""
    return f"IT IS MARKED AS AGAINST THE LAW: {' '.join(words)}" if words else ""
