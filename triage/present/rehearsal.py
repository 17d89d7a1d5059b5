"""A rehearsal in words and as data: who would gain a flag and who would lose one."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from triage.domain.findings import Findings, Urgency
from triage.domain.needs import ORDER
from triage.domain.rehearsal import Counted, Crossing, NeedChange, PersonChange, Rehearsal, Way
from triage.domain.small_numbers import ROUNDED_TO, Shown
from triage.present import spans
from triage.present.lines import heading, usable, wrapped
from triage.present.spans import capital, plain
from triage.present.words import said

_COLUMN = 13  # as wide as "fewer than 5" and a space
_WIDEST_NAME = 40
FEW, _HIDDEN = "fewer than 5", "not shown"
_ROUNDED = (
    f"Every count is rounded to the nearest {ROUNDED_TO} by itself and every total is added up from"
    " what is shown, so that two such reports, of overlapping days or of nearly equal rules, give"
    " nobody away when one is taken from the other. Exact figures stay in the house: --people."
)
_WAYS: Mapping[Way, str] = MappingProxyType(
    {
        Way.GAINS: "gain it",
        Way.MORE_URGENT: "more urgent",
        Way.LESS_URGENT: "less urgent",
        Way.LOSES: "lose it",
    }
)
_DIMENSIONS: Mapping[str, str] = MappingProxyType(
    {
        "sex": "Sex",
        "age": "Age",
        "ethnicity_said": "Ethnicity as the person says it",
        "ethnicity_seen": "Ethnicity as an officer recorded it",
    }
)
_GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "under_18": "under 18",
        "55_or_over": "55 or over",
        "not_sorted": "in none of the lists",
        "not_known": "not known",
    }
)


def in_words(rehearsal: Rehearsal, *, width: int) -> str:
    """The whole rehearsal for a person: what it covers, what changes, and for whom."""
    lines = [*_opening(rehearsal, usable(width))]
    if rehearsal.screenings == Shown(0):
        return "\n".join(lines) + "\n"
    if not (rehearsal.needs or rehearsal.rules or rehearsal.not_excluded):
        lines += ["", "Nothing changes for anybody."]
    lines += _needs(rehearsal.needs, usable(width))
    lines += _crossings(
        "What could not be ruled out", ("newly open", "open no more"), rehearsal.not_excluded, width
    )
    lines += _crossings("Rules", ("comes to hold", "holds no more"), rehearsal.rules, width)
    for need in rehearsal.needs:
        lines += _groups(need, usable(width))
    if rehearsal.needs:
        lines += _screened(rehearsal.groups, usable(width))
        lines += ["", *_legend(usable(width))]
    return "\n".join(lines) + "\n"


def _opening(rehearsal: Rehearsal, width: int) -> Iterator[str]:
    count = _about(rehearsal.screenings, "screening", "screenings")
    yield f"Rulebook {rehearsal.old} now, rulebook {rehearsal.new} instead."
    yield from wrapped(
        f"{count}{_between(rehearsal)}. Nothing was"
        " recorded and nobody was alerted. Each screening is counted, so a person who was"
        " screened twice counts twice.",
        width,
    )
    if rehearsal.checked != Shown(0):
        checked = _about(rehearsal.checked, "", "")
        yield from wrapped(f"{checked} of them were screened one by one as well: all the same.",
                           width)  # fmt: skip
    if rehearsal.screenings != Shown(0):
        yield from wrapped(_ROUNDED, width)
    if rehearsal.unreadable:
        count = spans.count(rehearsal.unreadable, "screening", "screenings")
        yield from wrapped(
            f"LEFT OUT: {count}, because the questions that were asked then are not known here.",
            width,
        )


def _about(count: Shown, one: str, many: str) -> str:
    """A rounded count with its noun, in words that say that it is one."""
    if count == Shown(0):
        return f"No {many}"
    return " ".join([f"About {count.count:,}" if count.count else capital(FEW), many]).strip()


def _between(rehearsal: Rehearsal) -> str:
    first, last = rehearsal.first, rehearsal.last
    if first is None or last is None:
        return ""
    return (
        f" of {spans.day(first)}"
        if first == last
        else f" from {spans.day(first)} to {spans.day(last)}"
    )


# Tables ----------------------------------------------------------------------------------------


def _needs(needs: Sequence[NeedChange], width: int) -> list[str]:
    if not needs:
        return []
    columns = ("had it", *_WAYS.values())
    rows = [(capital(said(need.need)), _cells(need.everybody, tuple(Way))) for need in needs]
    return heading("Who gains, who loses") + _table(columns, rows, width) + _lost(needs, width)


def _lost(needs: Sequence[NeedChange], width: int) -> list[str]:
    """What nobody may overlook: emergencies that would be one no longer."""
    lost = [
        f"{said(need.need)} {_cell(need.emergencies_lost)}"
        for need in needs
        if need.emergencies_lost != Shown(0)
    ]
    words = f"NO LONGER AN EMERGENCY: {', '.join(lost)}. Open each of them before anybody signs."
    return ["", *wrapped(words, width)] if lost else []


def _groups(need: NeedChange, width: int) -> list[str]:
    """One need by group; only the ways that somebody goes, and only where they can be shown."""
    open_ = [way for way in Way if (need.everybody.ways[way].count or 0) > 0]
    lines = heading(said(need.need))
    if not open_:
        return [*lines, "Too few change to be shown by group."]
    for dimension, groups in need.groups.items():
        rows = [(capital(group_words(name)), _cells(each, open_)) for name, each in groups.items()]
        columns = ("had it", *(_WAYS[way] for way in open_))
        kept = [row for row in rows if any(cell != "0" for cell in row[1])]
        lines += [_DIMENSIONS[dimension], *_table(columns, kept, width, indent="  ")]
    return lines


def _screened(groups: Mapping[str, Mapping[str, Shown]], width: int) -> list[str]:
    lines = heading("Everybody who was screened")
    for dimension, counts in groups.items():
        rows = [(capital(group_words(name)), [_cell(count)]) for name, count in counts.items()]
        kept = [row for row in rows if row[1] != ["0"]]
        lines += [_DIMENSIONS[dimension], *_table(("screenings",), kept, width, indent="  ")]
    return lines


def _crossings(
    title: str, columns: Sequence[str], crossings: Sequence[Crossing], width: int
) -> list[str]:
    if not crossings:
        return []
    rows = [(_name(each.id), [_cell(each.gains), _cell(each.loses)]) for each in crossings]
    return heading(title) + _table(columns, rows, usable(width))


def _name(identifier: str) -> str:
    """A need as people say it; a rule by its id, as it stands in the rules folder."""
    return capital(said(identifier)) if identifier in ORDER else identifier


def _cells(counted: Counted, ways: Iterable[Way]) -> list[str]:
    return [_cell(counted.before), *(_cell(counted.ways[way]) for way in ways)]


def _cell(shown: Shown) -> str:
    if shown.count is None:
        return FEW if shown.few else _HIDDEN
    return f"{shown.count:,}"


def _table(
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[str]]],
    width: int,
    *,
    indent: str = "",
) -> list[str]:
    """Names on the left, folded where they are long; counts on the right, under their heads."""
    wide = max(_COLUMN, *(len(column) + 2 for column in columns))
    left = min(_WIDEST_NAME, max(14, width - wide * len(columns)))
    lines = [" " * left + "".join(f"{column:>{wide}}" for column in columns)]
    for name, cells in rows:
        folded = textwrap.wrap(
            name, left - 1, initial_indent=indent, subsequent_indent=f"{indent}  "
        )
        *above, last = folded or [""]
        lines += above
        lines.append(f"{last:<{left}}" + "".join(f"{cell:>{wide}}" for cell in cells))
    return lines


def group_words(group: str) -> str:
    """A group as people say it."""
    return _GROUPS.get(group, plain(group))


def _legend(width: int) -> list[str]:
    return wrapped(
        f'"{capital(FEW)}" means one to four people or screenings. "{capital(_HIDDEN)}" means'
        " that the line would tell more than its rounding.",
        width,
    )


# One by one, for the site's own eyes -----------------------------------------------------------


def people_in_words(
    changes: Iterable[PersonChange], references: Mapping[int, str], *, most: int
) -> str:
    """Each screening that changes, with its record number where the record knows one."""
    listed = list(changes)
    lines = heading("For this site's own eyes: each screening that changes")
    screenings = spans.count(len({each.seq for each in listed}), "screening", "screenings")
    lines.append(f"Exactly {spans.count(len(listed), 'change', 'changes')} of {screenings}.")
    for number, change in enumerate(listed):
        if number == most:
            lines.append(f"Only the first {most:,} are listed.")
            break
        who = references.get(change.seq, "no record number")
        lines.append(
            f"{change.seq:>8}  {who:<24} {said(change.need)}:"
            f" {_urgency(change.before)} -> {_urgency(change.after)}"
        )
    return "\n".join(lines) + "\n"


def both_in_words(old: Findings, new: Findings, *, width: int) -> str:
    """One person under both rulebooks: each need that differs, with the reasons under each."""
    before, after = _found(old), _found(new)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    lines: list[str] = []
    for name in names:
        lines += heading(said(name))
        for title, found in (("Now", before), ("Instead", after)):
            urgency, reasons = found.get(name, (None, ()))
            lines.append(f"{title}: {_urgency(urgency)}")
            for rule, because in reasons:
                lines += wrapped(f"{because} ({rule})", usable(width), first="    ")
    return "\n".join(lines or ["Nothing changes for this person."]) + "\n"


def _found(findings: Findings) -> dict[str, tuple[Urgency | None, tuple[tuple[str, str], ...]]]:
    found: dict[str, tuple[Urgency | None, tuple[tuple[str, str], ...]]] = {}
    for need in findings.needs:
        found[need.need] = need.urgency, tuple((r.rule, r.because) for r in need.reasons)
    for flag in findings.flags:
        found[flag.flag] = flag.urgency, tuple((r.rule, r.because) for r in flag.reasons)
    return found


def _urgency(urgency: Urgency | None) -> str:
    return "not found" if urgency is None else urgency.word
