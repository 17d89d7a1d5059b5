"""What several people were told of one thing about one person, as one card that names each.

Each of them has an alert of their own, which is taken, acted on and ended by itself: what one says
ends nothing for another. What all of them were told stands once, in the words of whoever looks;
what one was told besides stands with that one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triage.domain.roles import role_words
from triage.domain.screening_alerts import SENTENCES
from triage.present import spans
from triage.present.alerts import (
    Card,
    card,
    found_again,
    held,
    holders,
    next_step,
    raised_late,
    sentences,
)

if TYPE_CHECKING:
    from triage.casework import AlertLine

_INSTEAD = re.compile(r" ?The [a-z ]+ cannot come now: the [a-z ]+ is told\.")


@dataclass(frozen=True)
class Addressee:
    """One alert of a finding: for whom it is, who has it and what happens next."""

    who: str
    standing: tuple[str, ...]
    mine: bool  # this role is among those who are called
    card: Card
    has_it: str = ""  # in a sentence


@dataclass(frozen=True)
class Finding:
    """One finding as a page or a desk shows it, with everybody who was told of it."""

    id: str  # of this finding; stays the same while somebody else is told of it
    level: str
    level_words: str
    headline: str
    more: str
    where: str
    stay: str
    first: str
    facts: tuple[str, ...]  # the same for everybody
    told: tuple[Addressee, ...]  # whoever looks first
    for_role: bool


@dataclass(frozen=True)
class Split:
    """The open findings of one person, as somebody with one role goes through them."""

    mine: tuple[Finding, ...]  # what calls this role, and every emergency
    others: tuple[Finding, ...]  # for which others are called
    waiting: tuple[Finding, ...]  # what is less urgent


def told_instead(role: str, other: str) -> str:
    """What is added to the words of an alert for somebody who cannot come."""
    return f"The {role_words(role)} cannot come now: the {role_words(other)} is told."


def same_words(words: str) -> str:
    """What is told to everybody of a finding, without who is told instead of whom."""
    return _INSTEAD.sub("", words).strip()


def findings(lines: Iterable["AlertLine"], *, role: str, now: datetime) -> tuple[Finding, ...]:
    """One card for each finding, in the order of its first alert."""
    return tuple(finding(same, role=role, now=now) for same in grouped(lines))


def grouped(lines: Iterable["AlertLine"]) -> "tuple[tuple[AlertLine, ...], ...]":
    """The alerts of each finding, in the order of the first of them."""
    found: dict[str, list[AlertLine]] = {}
    for line in lines:
        found.setdefault(line.finding, []).append(line)
    return tuple(tuple(same) for same in found.values())


def alone(one: Card) -> Finding:
    """An alert of a service that does not say what is one finding: a finding of its own."""
    told = Addressee("", (), one.for_role, one)
    return Finding(
        one.key, one.level, one.level_words, one.headline, one.more, one.where, one.stay,
        one.first, one.facts, (told,), one.for_role,
    )  # fmt: skip


def split(lines: Iterable["AlertLine"], *, role: str, now: datetime) -> Split:
    """What this role goes to first, what others are called for, what may stand behind both."""
    found = findings(lines, role=role, now=now)
    waiting = tuple(each for each in found if each.level in ("soon", "routine"))
    pressing = [each for each in found if each not in waiting]
    mine = tuple(each for each in pressing if each.for_role or each.level == "emergency")
    return Split(mine, tuple(each for each in pressing if each not in mine), waiting)


def finding(lines: Sequence["AlertLine"], *, role: str, now: datetime) -> Finding:
    """The alerts of one finding as one card."""
    first = card(lines[0], role=role, now=now)
    own = next((line for line in lines if role in line.to_roles), lines[0])
    headline, more = sentences(same_words(own.words))
    told = sorted((_addressee(each, own, role, now) for each in lines), key=lambda e: not e.mine)
    return Finding(
        id=lines[0].finding,
        level=first.level,
        level_words=first.level_words,
        headline=headline,
        more=more,
        where=first.where,
        stay=first.stay,
        first=first.first,
        facts=tuple(_shared(lines, now)),
        told=tuple(told),
        for_role=any(each.mine for each in told),
    )


def _shared(lines: Sequence["AlertLine"], now: datetime) -> Iterable[str]:
    earliest = min(lines, key=lambda line: line.due_at)
    yield f"Due {spans.due(earliest.due_at, now=now)}."
    yield from raised_late(max(lines, key=lambda line: line.late_seconds))
    most = max(lines, key=lambda line: line.count)
    if most.count > 1:
        yield found_again(most, now)


def _addressee(line: "AlertLine", own: "AlertLine", role: str, now: datetime) -> Addressee:
    who = spans.listed([role_words(each) for each in line.to_roles]) or "the desk"
    one = card(line, role=role, now=now)
    has_it = f"{holders(line.holders, line.state, now=now)}."
    return Addressee(
        f"{who[:1].upper()}{who[1:]}", tuple(_standing(line, own, now)), one.for_role, one, has_it
    )


def _standing(line: "AlertLine", own: "AlertLine", now: datetime) -> Iterable[str]:
    if besides := _besides(line, own):
        yield f"Told besides: {besides}"
    yield f"{holders(line.holders, line.state, now=now)}."
    if line.acted_at:
        yield f"Something was done at {spans.moment(line.acted_at, now=now)}."
    yield from (each.strip() for each in _INSTEAD.findall(line.words))
    yield from held(line, now=now)
    if next_step(line, now=now):
        yield next_step(line, now=now)


def _besides(line: "AlertLine", own: "AlertLine") -> str:
    """What this one was told and does not stand above it already."""
    above = set(SENTENCES.split(same_words(own.words)))
    return " ".join(each for each in SENTENCES.split(same_words(line.words)) if each not in above)
