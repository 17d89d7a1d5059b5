"""The parts of one person's page, in the order in which they keep people alive."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from triage.desk.full import paint
from triage.desk.whose import yours
from triage.present import desk_screens as words
from triage.present import past
from triage.present.desk import Sheet
from triage.present.findings import Finding
from triage.present.found import NeedWords, RouteWords
from triage.present.section136 import ClockWords
from triage.present.stay import CLOCKS_NOT_READ, NOT_KNOWN, SCREENING_NOT_READ

Part = tuple[str, list[Text]]
_LATE_STATES = ("breach", "overdue", "target_missed")


def sections(sheet: Sheet, width: int) -> tuple[Part, ...]:
    """Every part with its title; the first stands without a heading."""
    parts = (_now, _alerts, _clocks, _found, _routes, _decisions, _happened)
    return tuple(
        (title, list(part(sheet, width))) for title, part in zip(words.SECTIONS, parts, strict=True)
    )


def _now(sheet: Sheet, width: int) -> Iterator[Text]:
    """What cannot wait, who it is, by which power, what is open."""
    if sheet.unreadable:
        yield from paint.para(words.UNREADABLE, width, style=paint.LOUD)
    if sheet.closed:
        yield from paint.para(words.CLOSED, width, style=paint.STRONG)
    acts = sheet.found.acts if sheet.found else ()
    if sheet.found and sheet.found.emergency:
        yield from paint.para(sheet.found.emergency, width, style=paint.LOUD)
    yield from _acts([each for each in acts if each[0] == "emergency"], width)
    yield from _who(sheet, width)
    yield from _acts([each for each in acts if each[0] != "emergency"], width)
    if sheet.found is None:
        yield from paint.para(_no_screening(sheet), width, style=paint.LEVELS["urgent"])
    elif not acts:
        yield from paint.para(words.NOTHING_NOW, width)
    if sheet.past and sheet.past.needs:
        about = ", ".join(each.about for each in sheet.past.needs)
        yield from paint.para(f"{words.FROM_BEFORE}: {about}.", width, style=paint.STRONG)
    if sheet.screen_again:
        yield from paint.para(sheet.screen_again, width, style=paint.LEVELS["urgent"])
    if sheet.has_draft:
        yield from paint.para(words.DRAFT, width, style=paint.STRONG)


def _no_screening(sheet: Sheet) -> str:
    known = SCREENING_NOT_READ if sheet.unreadable else words.NO_SCREENING
    return sheet.no_screening or known


def _who(sheet: Sheet, width: int) -> Iterator[Text]:
    on_top = (sheet.name, sheet.reference)  # they stand in the heading already
    bar = " | ".join(
        f"{label}: {value}" for label, value in sheet.bar if value not in on_top and label != "Name"
    )
    yield from paint.para(bar, width, style=paint.SOFT)
    for power in sheet.powers:
        none = power.startswith(words.NO_POWER_RECORDED) or power == NOT_KNOWN
        yield from paint.para(power, width, style=paint.LOUD if none else paint.STRONG)
    for unlawful in sheet.unlawful:
        yield from paint.para(unlawful, width, first="AGAINST THE LAW  ", style=paint.LOUD)
    for each in sheet.clocks:
        if each.state in _LATE_STATES and each.when.startswith("Due"):
            yield from _clock(each, width, first="")
    if sheet.told:
        to_take = [each for each in sheet.told if yours(each)]
        loud = any(each.level == "emergency" for each in to_take)
        told = words.open_alerts(len(sheet.told), len(to_take))
        yield from paint.para(told, width, style=paint.LOUD if loud else paint.STRONG)


def _acts(acts: Sequence[tuple[str, str]], width: int) -> Iterator[Text]:
    for level, act in acts:
        tag = f"{level.upper():<9}"
        yield from paint.tagged(tag, act, width, level=level, style=paint.STRONG)


def _alerts(sheet: Sheet, width: int) -> Iterator[Text]:
    if not sheet.told:
        yield from paint.para(words.NO_ALERT, width)
    for number, each in enumerate(sheet.told, 1):
        yield from card(each, number, width)


def card(
    one: Finding,
    number: int,
    width: int,
    *,
    where: str = "",
    chosen: bool = False,
    whole: bool = True,
) -> list[Text]:
    """One finding: how bad, what, who has it, what happens next; in short where not ``whole``.

    What several people were told stands once, with each of them below it. An emergency is never
    shown in short.
    """
    mark = ">" if chosen else " "
    headline, more, facts = _said(one)
    lines = paint.tagged(
        one.level_words.upper(), f"{where}{headline}", width, level=one.level,
        first=f"{mark}{number:>2} ", style=paint.CHOSEN if chosen else paint.STRONG,
    )  # fmt: skip
    if one.first:
        lines += paint.para(one.first, width, first="    ", style=paint.LOUD)
    whole = whole or one.level == "emergency"
    style = paint.STRONG if yours(one) else ""
    told = " ".join([words.YOURS, *facts] if yours(one) else facts)
    if not whole:
        return [*lines, *paint.some(_short(one, told), width, 1, first="    ", style=style)]
    lines += paint.para(told, width, first="    ", style=style)
    if more:
        lines += paint.para(more, width, first="    ", style=paint.SOFT)
    return [*lines, *_addressees(one, width)]


def _said(one: Finding) -> tuple[str, str, tuple[str, ...]]:
    """What it is and its facts; where one person alone was told, as their alert has it."""
    if len(one.told) > 1:
        return one.headline, one.more, one.facts
    card = one.told[0].card
    return card.headline, card.more, card.facts


def _short(one: Finding, told: str) -> str:
    if len(one.told) == 1:
        return told
    return " ".join([told, *(f"{each.who}: {each.has_it}" for each in one.told)])


def _addressees(one: Finding, width: int) -> Iterator[Text]:
    """Everybody who was told, and how it stands with each; whoever is called here first."""
    for each in one.told if len(one.told) > 1 else ():
        told = f"{each.who}: {' '.join(each.standing)}"
        style = paint.STRONG if each.mine else ""
        yield from paint.para(told, width, first="    ", style=style)


def _clocks(sheet: Sheet, width: int) -> Iterator[Text]:
    if not (sheet.clocks or sheet.met):
        told = CLOCKS_NOT_READ if sheet.unreadable else words.NO_CLOCKS
        yield from paint.para(told, width)
    for each in sheet.clocks:
        yield from _clock(each, width)
    for each in sheet.met:
        yield from _clock(each, width)


def _clock(one: ClockWords, width: int, first: str = "  ") -> list[Text]:
    late = one.state in _LATE_STATES
    style = paint.LOUD if late else ("" if one.state == "running" else paint.SOFT)
    state = one.state_words.upper() if late else one.state_words
    told = f"{state}: {one.name}. {one.when}.{f' {one.note}' if one.note else ''}"
    return paint.para(told, width, first=first, style=style)


def _found(sheet: Sheet, width: int) -> Iterator[Text]:
    found = sheet.found
    if found is None:
        yield from paint.para(_no_screening(sheet), width)
        yield from _before(sheet, width)
        return
    yield from paint.para(found.headline, width, style=paint.STRONG)
    yield from _needs(found.needs, width)
    if found.not_excluded:
        yield paint.row(words.NOT_EXCLUDED, paint.STRONG)
        yield from _needs(found.not_excluded, width)
    for what, said, record in found.conflicts:
        yield from paint.para(
            f"{what}: said {said}; on record {record}", width, first="  CONFLICT  "
        )
    if found.warnings:
        yield paint.row(words.WARNINGS, paint.STRONG)
        for each in found.warnings:
            yield from paint.para(each, width, first="  - ")
        yield from paint.para(found.closing, width, first="    ", style=paint.SOFT)
    yield from _needs(found.routine, width)
    if found.later:
        yield paint.row(words.LATER, paint.STRONG)
        for each in found.later:
            yield from paint.para(each, width, first="  - ")
    if found.rescreen:
        yield from paint.para(found.rescreen, width, style=paint.STRONG)
    for each in (*found.notes, *sheet.versions):
        yield from paint.para(each, width, style=paint.SOFT)
    yield from _before(sheet, width)


def _before(sheet: Sheet, width: int) -> Iterator[Text]:
    """What earlier stays and screenings found and heard: a new no does not erase an old yes."""
    if sheet.past is None:
        return
    yield paint.row(words.BEFORE, paint.STRONG)
    yield from paint.para(past.LEAD, width, first="  ", style=paint.SOFT)
    for each in (*sheet.past.needs, *sheet.past.said):
        style = paint.LEVELS["urgent"] if each.differs else ""
        told = f"{each.about}: {each.before}. Now: {each.now}"
        yield from paint.para(told, width, first="  - ", style=style)
    for stay in sheet.past.stays:
        yield from paint.para(stay, width, first="  - ", style=paint.SOFT)


def _needs(needs: Sequence[NeedWords], width: int) -> Iterator[Text]:
    for need in needs:
        count = f", {need.count}" if need.count else ""
        yield from paint.tagged(
            need.level_words.upper(), f"{need.name}{count}", width, level=need.level, first="  ",
            style=paint.STRONG,
        )  # fmt: skip
        for reason in need.reasons:
            yield from paint.para(reason.because, width, first="    ")
            for fact in reason.facts:
                yield from paint.para(fact, width, first="      - ", style=paint.SOFT)
            if reason.source:
                yield from paint.para(reason.source, width, first="      ", style=paint.SOFT)


def _routes(sheet: Sheet, width: int) -> Iterator[Text]:
    found = sheet.found
    if found is None or not (found.routes or found.waiting):
        yield from paint.para(words.NO_ROUTES, width)
        return
    for title, routes in found.routes:
        yield paint.row(title, paint.STRONG)
        yield from _listed(routes, width)
    if found.waiting:
        yield paint.row(words.WAITING, paint.STRONG)
        yield from _listed(found.waiting, width)


def _listed(routes: Sequence[RouteWords], width: int) -> Iterator[Text]:
    for route in routes:
        yield from paint.para(f"{route.name}: {route.status}. {route.note}", width, first="  - ")


def _decisions(sheet: Sheet, width: int) -> Iterator[Text]:
    if not sheet.decisions:
        yield from paint.para(words.NO_DECISION, width)
    for one in sheet.decisions:
        yield from paint.para(f"{one.when}  {one.words} ({one.by})", width, first="  - ")


def _happened(sheet: Sheet, width: int) -> Iterator[Text]:
    for one in sheet.timeline:
        parts = [part.rstrip(".") for part in (one.what, *one.details)]
        told = f"{one.when}  {'. '.join(parts)}. {one.by}"
        style = paint.SOFT if one.struck else ""
        yield from paint.para(told, width, first="  ", style=style)
        for mark in one.marks:
            yield from paint.para(mark, width, first="        ", style=paint.SOFT)
    if sheet.stories:
        yield paint.row(words.ALERT_STORIES, paint.STRONG)
    for story in sheet.stories:
        yield from paint.para(story.words, width, first="  - ")
        for step in story.steps:
            yield from paint.para(step, width, first="      ", style=paint.SOFT)
