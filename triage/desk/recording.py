"""What can be recorded of a person, as a desk offers it: the list, the keys, the document.

The service says what fits, what each form asks and in which words; nothing of it is decided here.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from triage.desk.client import Client, Done
from triage.desk.steps import Document
from triage.present import recordable_form as words
from triage.present.asks import Asked
from triage.present.recordable import Offered, OfferedGroup, Recordable

_KEYS = "123456789acdefghijkmnopqrstuvwxyz"
_PLAIN_KEYS: Mapping[tuple[str, ...], str] = {("yes", "no"): "yn"}


@dataclass(frozen=True)
class Part:
    """Forms under one heading."""

    heading: str
    kinds: tuple[Offered, ...]


def name_of(one: Offered) -> str:
    """How its half-typed form is named; the same act as an event and as an authority are two."""
    return f"{'happened' if one.happened else 'authority'}:{one.id}"


def parts(
    found: Recordable, typed: str = "", *, half: Collection[str] = (), whole: bool = False
) -> tuple[Part, ...]:
    """What is shown to choose from: half typed first, then what can be given, then what happened.

    With ``typed`` only what holds all these words, and then, or with ``whole``, also what hardly
    fits. ``half`` names the forms that were half typed here.
    """
    wanted = typed.casefold().split()
    groups = [
        *((words.GIVE, each) for each in found.authorities),
        *(("", each) for each in found.happened),
        *((words.BESIDES, each) for each in found.besides if wanted or whole),
    ]
    waiting = tuple(each for each in _all(found) if name_of(each) in half and _has(each, wanted))
    made = [Part(words.HALF, waiting)] if waiting else []
    for lead, group in groups:
        kinds = tuple(
            each for each in group.kinds if each not in waiting and _has(each, wanted, group.words)
        )
        if kinds:
            made.append(Part(f"{lead}{group.words}", kinds))
    return tuple(made)


def begun(found: Recordable, typed: Callable[[str], bool]) -> frozenset[str]:
    """The names of the forms of which something was typed here."""
    return frozenset(filter(typed, map(name_of, _all(found))))


def hidden(found: Recordable) -> int:
    """How many kinds hardly fit, and stand behind the others."""
    return sum(len(each.kinds) for each in found.besides)


def keyed(asked: Asked) -> tuple[tuple[str, Any, str], ...]:
    """The options of one question by their keys, as key, value and words."""
    keys = _PLAIN_KEYS.get(tuple(id for id, _ in asked.options), _KEYS)
    return tuple(
        (key, id == "yes" if asked.truth else id, said)
        for key, (id, said) in zip(keys, asked.options, strict=False)
    )


def held_key(asked: Asked) -> str:
    """The key of the option that stands there at first; empty where none does."""
    found = zip(keyed(asked), asked.options, strict=True)
    return next((key for (key, _, _), (id, _) in found if id == asked.held), "")


def document_of(one: Offered, said: Mapping[str, Any]) -> Document:
    """What was said, as the service takes it."""
    whose = {"role": one.role} if one.role is not None else {}
    return {"kind": one.id, **whose, **said}


def send(client: Client, stay: str, one: Offered, said: Document, key: str) -> Done:
    """Record it, or give it; the same key sent again is one act."""
    act = client.event if one.happened else client.authorise
    return act(stay, document_of(one, said), key)


def _all(found: Recordable) -> tuple[Offered, ...]:
    groups: tuple[OfferedGroup, ...] = (*found.authorities, *found.happened, *found.besides)
    return tuple(kind for group in groups for kind in group.kinds)


def _has(one: Offered, wanted: list[str], heading: str = "") -> bool:
    said = f"{one.words} {heading}".casefold()
    return all(each in said for each in wanted)
