"""What can be recorded of one person now, in words: the one list of the page and of the terminal.

First what fits the stay as it is on the record, group by group; then everything else, because what
has happened is always recorded. A terminal gets each form whole, and asks what the page asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from triage.present import asks, entries, events
from triage.present import recordable_form as words
from triage.present.asks import Asked
from triage.present.authorities import AUTHORITIES
from triage.present.desk import Frame
from triage.present.events import HAPPENED, Kind, KindGroup

if TYPE_CHECKING:
    from triage.casework import Expected


@dataclass(frozen=True)
class Offered:
    """The form of one kind of event: what stands above it, and what it asks, in its order."""

    id: str
    words: str
    happened: bool  # else it is an authority, given now
    lead: str
    when: str  # how the form asks for the time
    asks: tuple[Asked, ...]
    role: str | None  # whose act it is by its nature
    more: str  # how the form asks for anything else


@dataclass(frozen=True)
class OfferedGroup:
    """Forms that belong together where one is chosen."""

    words: str
    kinds: tuple[Offered, ...]


@dataclass(frozen=True)
class Recordable(Frame):
    """Everything that can be recorded of one person by one role."""

    stay: str
    authorities: tuple[OfferedGroup, ...]
    happened: tuple[OfferedGroup, ...]
    besides: tuple[OfferedGroup, ...]  # what hardly fits, and can be recorded or given all the same


def fitting(
    groups: Iterable[KindGroup], ids: frozenset[str], *, arrest: bool, instead: bool = False
) -> tuple[KindGroup, ...]:
    """The groups with the kinds that fit; ``instead`` asks for those that do not.

    Of somebody who was arrested, and not detained for their mental health, PACE comes first.
    """
    if arrest:
        groups = sorted(groups, key=lambda group: group.words != events.PACE)
    kept = (
        replace(each, kinds=tuple(kind for kind in each.kinds if (kind.id in ids) is not instead))
        for each in groups
    )
    return tuple(each for each in kept if each.kinds)


def asked(kind: Kind, *, happened: bool, by: str, role: str) -> tuple[Asked, ...]:
    """All that one form asks besides its time, each with what stands there at first.

    Whoever gives an authority gives it themselves, until they type another name.
    """
    if kind.role is not None:
        return kind.asks
    own = entries.own_name(by, happened)
    first = {events.ROLE.name: role, asks.BY.name: own}
    return tuple(replace(each, held=first.get(each.name, "")) for each in (*kind.asks, events.ROLE))


def recordable(found: "Expected", frame: Frame) -> Recordable:
    """The whole list in words, for a terminal."""

    def groups(of: Iterable[KindGroup], *, happened: bool) -> tuple[OfferedGroup, ...]:
        return tuple(
            OfferedGroup(
                each.words,
                tuple(_offered(kind, found, happened=happened) for kind in each.kinds),
            )
            for each in of
        )

    fits, gives, arrest = found.happened, found.authorities, found.arrest
    besides = fitting(HAPPENED, fits, arrest=arrest, instead=True) if fits else ()
    to_give = (
        replace(each, words=f"{words.GIVE}{each.words}")
        for each in fitting(AUTHORITIES, found.hardly, arrest=arrest)
    )
    return Recordable(
        **vars(frame),
        stay=found.stay,
        authorities=groups(fitting(AUTHORITIES, gives, arrest=arrest), happened=False),
        happened=groups(fitting(HAPPENED, fits, arrest=arrest), happened=True),
        besides=(*groups(to_give, happened=False), *groups(besides, happened=True)),
    )


def _offered(kind: Kind, found: "Expected", *, happened: bool) -> Offered:
    return Offered(
        kind.id, kind.words, happened, entries.lead(kind.id, happened),
        entries.when(kind.id, happened),
        asked(kind, happened=happened, by=found.by, role=found.role), kind.role,
        entries.MORE_WORDS,
    )  # fmt: skip
