"""What happened, or is authorised, by lines: chosen from a list, read over, recorded once."""

from collections.abc import Collection

from triage.desk import recording
from triage.desk.client import Client, Done
from triage.desk.glass import tell
from triage.desk.plain.fields import Field, Form
from triage.desk.plain.session import Session
from triage.desk.plain.told import numbered
from triage.desk.steps import Document
from triage.domain.errors import NotAllowed
from triage.present import recordable_form as words
from triage.present.asks import Asked
from triage.present.recordable import Offered, Recordable

MORE = "m"


def choose(session: Session, who: str, found: Recordable, half: Collection[str]) -> Offered | None:
    """One thing from the list, by its number or by letters; None where somebody went back."""
    tell(f"{words.TITLE}: {who}")
    typed, whole = "", False
    shown = _shown(session, found, typed, half, whole=whole)
    while True:
        more = bool(recording.hidden(found)) and not whole
        answer = session.line(words.CHOOSE_MORE if more else words.CHOOSE)
        match answer.casefold():
            case "b":
                return None
            case "m" if more:
                typed, whole = "", True
            case "":
                typed = ""
            case _:
                one = numbered(shown, answer)
                if one is not None:
                    return one
                typed = answer
        listed = _kinds(found, typed, half, whole=whole)
        if typed and len(listed) == 1:
            return listed[0]
        if not listed:
            tell(words.NONE_LIKE_THAT if typed else words.NOTHING)
            continue
        shown = _shown(session, found, typed, half, whole=whole)


def form(client: Client, stay: str, who: str, kind: Offered) -> Form:
    """The form of one thing, in the order of the paper."""

    def send(document: Document, key: str) -> Done:
        return recording.send(client, stay, kind, document, key)

    def told(done: Done) -> str:
        first = words.told(kind.words, done.seq, happened=kind.happened)
        return " ".join([first, words.against(done.unlawful), *done.notices, done.words]).strip()

    def refused(error: NotAllowed) -> str:
        return words.refused(str(error), error.law_row or "", happened=kind.happened)

    first = {each.name: _held(each) for each in kind.asks if each.held}
    return Form(
        kind.words.upper(), who, _fields(kind), send, told, (recording.name_of(kind), stay),
        first=first, lead=kind.lead, refused=refused, labelled=True,
    )  # fmt: skip


def _fields(kind: Offered) -> tuple[Field, ...]:
    asked = (
        Field(
            each.name, each.label, recording.keyed(each), required=each.required,
            number=each.number,
        )
        for each in kind.asks
    )  # fmt: skip
    return (Field("occurred_at", kind.when, when=True), *asked, Field("words", kind.more))


def _held(asked: Asked) -> object:
    """What stands there at first, as the document has it."""
    chosen = recording.held_key(asked)
    return next((value for key, value, _ in recording.keyed(asked) if key == chosen), asked.held)


def _kinds(found: Recordable, typed: str, half: Collection[str], *, whole: bool) -> list[Offered]:
    made = recording.parts(found, typed, half=half, whole=whole)
    return [kind for part in made for kind in part.kinds]


def _shown(
    session: Session, found: Recordable, typed: str, half: Collection[str], *, whole: bool
) -> list[Offered]:
    """Tell the list, each part with its heading, and what stands in it by number."""
    number, blocks = 0, []
    for part in recording.parts(found, typed, half=half, whole=whole):
        lines = [f"{part.heading}."]
        for kind in part.kinds:
            number += 1
            lines.append(f"{number:>4}  {kind.words}")
        blocks.append(lines)
    session.tell_blocks(blocks)
    if not number:
        tell(words.NOTHING)
    elif recording.hidden(found) and not whole and not typed:
        tell(f"{words.everything_else(recording.hidden(found))}: {MORE}", "      ")
    return _kinds(found, typed, half, whole=whole)
