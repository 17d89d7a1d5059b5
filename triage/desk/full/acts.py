"""The small forms: a visit, a rousing check, a note, what was done, how it ended, a new stay."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from triage.desk.client import Done
from triage.desk.full.fields import Field, OneLine, When, Words
from triage.desk.full.form import Form, said
from triage.desk.full.one import One
from triage.desk.steps import Document
from triage.desk.whose import ACT, CLOSE, TAKE, Meant, endings, meant, not_endings
from triage.domain.roles import CLINICAL_ROLES
from triage.present import desk_screens as words
from triage.present.desk import Sheet
from triage.present.lines import plain

if TYPE_CHECKING:
    from triage.desk.full.app import Desk

# The keys of a person's page, and what the sheet calls each of them where it may be done.
KEYS: Mapping[str, str] = MappingProxyType(
    {
        "s": "screen", "v": "visit", "r": "rousing", "n": "note", "e": "event", "t": "take",
        "d": "act", "c": "close", "k": "release",
    }
)  # fmt: skip
_OPTION_KEYS = "123456789"


def form(desk: "Desk", sheet: Sheet, key: str) -> Form:
    """The form behind a key of a person's page."""
    if key in ABOUT_ALERTS:
        return ABOUT_ALERTS[key](desk, sheet.stay, sheet.title, meant(sheet.told, key))
    return {"v": visit, "r": rousing, "n": note}[key](desk, sheet.stay, sheet.title)


def visit(desk: "Desk", stay: str, who: str) -> Form:
    """A visit to the cell, and the rousing check that may go with it."""
    fields = [
        When(asks=words.WHEN_VISIT, now=desk.now),
        One("rouse", words.ROUSE, options=(words.NO_ROUSE, *words.ROUSED), held="n",
            loud={"f": words.NOT_ROUSED}),
        Words("seen", words.SEEN),
    ]  # fmt: skip
    send = _to(lambda document, key: desk.client.visit(stay, document, key))
    return _form(words.VISIT, who, fields, send, "The visit", ("visit", stay))


def rousing(desk: "Desk", stay: str, who: str) -> Form:
    """A rousing check by itself; one that was not passed is an emergency."""
    fields = [
        When(asks=words.WHEN_ROUSING, now=desk.now),
        One("rouse", words.ROUSE, required=True, options=words.ROUSED,
            loud={"f": words.NOT_ROUSED}),
        Words("seen", words.SEEN),
    ]  # fmt: skip
    send = _to(lambda document, key: desk.client.rousing(stay, document, key))
    return _form(words.ROUSING, who, fields, send, "The rousing check", ("rousing", stay))


def note(desk: "Desk", stay: str, who: str) -> Form:
    """A note; health staff say who reads it."""
    fields: list[Field] = [
        Words("words", words.NOTE_WORDS, required=True),
        When(asks=words.WHEN_NOTE, now=desk.now),
    ]
    if desk.client.role in CLINICAL_ROLES:
        fields.insert(1, One("group", words.NOTE_FOR, required=True, options=words.NOTE_GROUPS))

    def send(document: Document, key: str) -> Done:
        return desk.client.note(stay, {"group": "police", **document}, key)

    return _form(words.NOTE, who, fields, send, "The note", ("note", stay))


def act(desk: "Desk", stay: str, who: str, found: Sequence[Meant]) -> Form:
    """What was done about one alert."""
    fields = [*_which(found), Words("done", words.DONE_WORDS, required=True)]

    def send(document: Document, key: str) -> Done:
        return desk.client.act(_alert(document, found), document["done"])

    return Form(
        words.ACT, _about(who, found), fields, send,
        lambda done: _told(done, words.ACTED), kept_as=("act", _name(stay, found)),
    )  # fmt: skip


def take(desk: "Desk", stay: str, who: str, found: Sequence[Meant]) -> Form:
    """Which of several alerts for others somebody takes."""
    kinds = {each.card.key: each.card.kind for each in found}

    def send(document: Document, key: str) -> Done:
        alert = _alert(document, found)
        return desk.client.acknowledge(alert, kinds[alert])

    return Form(
        words.TAKE, who, [*_which(found)], send,
        lambda done: _told(done, words.TAKEN), kept_as=("take", _name(stay, found)),
    )  # fmt: skip


def close(desk: "Desk", stay: str, who: str, found: Sequence[Meant]) -> Form:
    """How one alert ended, and with whom the person is now."""
    fields = [
        *_which(found),
        One(
            "outcome",
            words.CLOSE_HOW,
            " ".join(not_endings(found)),
            required=True,
            options=endings(found),
        ),
        Words("words", words.CLOSE_WORDS, required=True),
    ]

    def send(document: Document, key: str) -> Done:
        return desk.client.close(_alert(document, found), document["outcome"], document["words"])

    return Form(
        words.CLOSE, _about(who, found), fields, send,
        lambda done: _told(done, words.CLOSED_IT), kept_as=("close", _name(stay, found)),
    )  # fmt: skip


def opening(desk: "Desk") -> Form:
    """A new stay: kind, suite, number, cell and time are enough."""
    suites = desk.frame.suites if desk.frame else ()
    keyed = tuple((key, id, name) for key, (id, name) in zip(_OPTION_KEYS, suites, strict=False))
    kinds = tuple((key, id, said) for key, (id, said) in zip("csv", words.KINDS, strict=True))
    fields: list[Field] = [
        One("kind", words.KIND, required=True, options=kinds, held="c"),
        One("suite", words.SUITE, required=True, options=keyed, held="1" if suites else ""),
        OneLine("reference", words.REFERENCE, required=True),
        OneLine("cell", words.CELL),
        When("opened_at", words.WHEN_OPENED, now=desk.now),
    ]
    send = _to(lambda document, key: desk.client.open_stay(document, key))
    return Opening(
        words.OPEN, "", fields, send, lambda done: said(done, "The stay"), kept_as=("open", "")
    )


class Opening(Form):
    """The form of a new stay; when it is on the record, the person's page opens."""

    async def went_well(self, done: Done) -> None:
        """On to the person whose stay it is."""
        await super().went_well(done)
        if not self.desk.locked:
            await self.desk.open_person(done.stay, self.document().get("cell", ""))


ABOUT_ALERTS: Mapping[str, Callable[["Desk", str, str, Sequence[Meant]], Form]] = MappingProxyType(
    {TAKE: take, ACT: act, CLOSE: close}
)


def _form(
    what: str,
    who: str,
    fields: Sequence[Field],
    send: Callable[[Document, str], Done],
    noun: str,
    kept_as: tuple[str, str],
) -> Form:
    return Form(what, who, fields, send, lambda done: said(done, noun), kept_as=kept_as)


def _to(call: Callable[[Document, str], Done]) -> Callable[[Document, str], Done]:
    return call


def _which(found: Sequence[Meant]) -> list[One]:
    """Which alert is meant, where there are several."""
    if len(found) < 2:
        return []
    options = tuple(
        (key, each.card.key, plain(each.words))
        for key, each in zip(_OPTION_KEYS, found, strict=False)
    )
    return [One("alert", words.WHICH_ALERT, required=True, options=options)]


def _alert(document: Document, found: Sequence[Meant]) -> str:
    return str(document.get("alert") or found[0].card.key)


def _about(who: str, found: Sequence[Meant]) -> str:
    return f"{who}: {plain(found[0].card.headline)}" if len(found) == 1 else who


def _name(stay: str, found: Sequence[Meant]) -> str:
    """What is half typed about one alert is not put back into the form of another."""
    return found[0].card.key if len(found) == 1 else stay


def _told(done: Done, what: str) -> str:
    return " ".join([what, *done.notices, done.words]).strip()
