"""What is recorded from a desk that works by lines: each act as a few answers."""

from collections.abc import Callable, Sequence

from triage.desk.client import Client, Done
from triage.desk.glass import tell
from triage.desk.plain.fields import Field, Form
from triage.desk.plain.session import Session
from triage.desk.plain.told import numbered
from triage.desk.steps import Document
from triage.desk.whose import Meant, endings, not_endings
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.domain.roles import CLINICAL_ROLES
from triage.present import desk_lines as words
from triage.present import desk_screens as said
from triage.present.alerts import Card
from triage.present.desk import Frame, Sheet

# The letters on a person's page, and what the sheet calls each of them where it may be done.
LETTERS = {
    "s": "screen", "v": "visit", "r": "rousing", "n": "note", "e": "event", "t": "take",
    "d": "act", "c": "close", "k": "release",
}  # fmt: skip
_LOUD = {"f": said.NOT_ROUSED}


def form(client: Client, sheet: Sheet, letter: str, card: Card | None = None) -> Form:
    """The act behind a letter; what is about one alert is about ``card``."""
    stay, who = sheet.stay, sheet.title
    if letter in "dc" and card is not None:
        return alert_form(client, letter, who, card)
    return {"v": _visit, "r": _rousing, "n": _note}[letter](client, stay, who)


def alert_form(client: Client, letter: str, who: str, card: Card) -> Form:
    """What was done about one alert, or how it ended."""
    return (_act if letter == "d" else _close)(client, who, card)


def opening(client: Client, frame: Frame) -> Form:
    """A new stay: kind, suite, number, cell and time are enough."""
    suites = tuple(
        (str(key), id, name) for key, (id, name) in enumerate(frame.suites, 1)
    )  # fmt: skip
    kinds = tuple((key, id, name) for key, (id, name) in zip("csv", said.KINDS, strict=True))
    fields = (
        Field("kind", said.KIND, kinds, required=True),
        Field("suite", said.SUITE, suites, required=True),
        Field("reference", said.REFERENCE, required=True),
        Field("cell", said.CELL),
        Field("opened_at", said.WHEN_OPENED, when=True),
    )
    return Form(said.OPEN, "", fields, client.open_stay, _recorded("The stay"), ("open", ""))


def _visit(client: Client, stay: str, who: str) -> Form:
    options = (said.NO_ROUSE, *said.ROUSED)
    fields = (
        Field("occurred_at", said.WHEN_VISIT, when=True),
        Field("rouse", said.ROUSE, options, required=True, loud=_LOUD),
        Field("seen", said.SEEN),
    )

    def send(document: Document, key: str) -> Done:
        return client.visit(stay, document, key)

    return Form(said.VISIT, who, fields, send, _recorded("The visit"), ("visit", stay))


def _rousing(client: Client, stay: str, who: str) -> Form:
    fields = (
        Field("occurred_at", said.WHEN_ROUSING, when=True),
        Field("rouse", said.ROUSE, said.ROUSED, required=True, loud=_LOUD),
        Field("seen", said.SEEN),
    )

    def send(document: Document, key: str) -> Done:
        return client.rousing(stay, document, key)

    return Form(said.ROUSING, who, fields, send, _recorded("The rousing check"), ("rousing", stay))


def _note(client: Client, stay: str, who: str) -> Form:
    fields = [
        Field("words", said.NOTE_WORDS, required=True),
        Field("occurred_at", said.WHEN_NOTE, when=True),
    ]
    if client.role in CLINICAL_ROLES:
        fields.insert(1, Field("group", said.NOTE_FOR, said.NOTE_GROUPS, required=True))

    def send(document: Document, key: str) -> Done:
        return client.note(stay, {"group": "police", **document}, key)

    return Form(said.NOTE, who, tuple(fields), send, _recorded("The note"), ("note", stay))


def _act(client: Client, who: str, card: Card) -> Form:
    fields = (Field("done", said.DONE_WORDS, required=True),)

    def send(document: Document, key: str) -> Done:
        return client.act(card.key, document["done"])

    return Form(said.ACT, about(who, card), fields, send, _told(said.ACTED), ("act", card.key))


def _close(client: Client, who: str, card: Card) -> Form:
    one = (Meant(card, card.headline),)
    asks = " ".join([said.CLOSE_HOW, *not_endings(one)])
    fields = (
        Field("outcome", asks, endings(one), required=True),
        Field("words", said.CLOSE_WORDS, required=True),
    )

    def send(document: Document, key: str) -> Done:
        return client.close(card.key, document["outcome"], document["words"])

    return Form(
        said.CLOSE, about(who, card), fields, send, _told(said.CLOSED_IT), ("close", card.key)
    )


def about(who: str, card: Card) -> str:
    """Whose alert it is, and what it says first."""
    return f"{who}: {card.headline}"


def which(session: Session, found: Sequence[Meant]) -> Card | None:
    """The one alert, or the one that is chosen among several; None where somebody went back."""
    if len(found) < 2:
        return found[0].card if found else None
    while True:
        tell(said.WHICH_ALERT)
        for number, each in enumerate(found, 1):
            tell(each.words, f"{number:>4}  ")
        typed = session.line(words.BACK).lower()
        if typed == "b":
            return None
        one = numbered(found, typed)
        if one is not None:
            return one.card
        tell(words.NO_NUMBER)


def take_told(session: Session, take: Callable[[], Done]) -> None:
    """Take something, and say whether somebody has it now."""
    try:
        done = session.ask(take)
    except Unreachable:
        tell(said.NOT_KNOWN_TAKEN)
    except (InputError, NotAllowed) as error:
        tell(str(error))
    else:
        tell(" ".join([done.words or said.TAKEN, *done.notices]))


def _recorded(what: str) -> Callable[[Done], str]:
    return lambda done: " ".join([said.recorded(done.seq, what), *done.notices, done.words]).strip()


def _told(what: str) -> Callable[[Done], str]:
    return lambda done: " ".join([what, *done.notices, done.words]).strip()
