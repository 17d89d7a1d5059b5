"""One screening: what is known about a person, through the rulebook, to what was found and why.

Read it from the top: the rules are tried, what they raise is gathered, modifiers raise it further,
and what nobody could rule out is listed beside it. The highest urgency wins and every reason is
kept. Nothing here ever lowers anything.
"""

from collections.abc import Iterable
from datetime import timedelta
from itertools import chain

from triage.domain.answers import Details
from triage.domain.explaining import Explanation, explained
from triage.domain.findings import (
    DoNow,
    Findings,
    Flag,
    Need,
    NotExcluded,
    Reason,
    RulebookStamp,
    ScreenStatus,
    Urgency,
)
from triage.domain.gathering import Gathered, apply_modifiers, find_conflicts, gather
from triage.domain.levels import Levels
from triage.domain.needs import FLAGS, NEEDS, ORDER
from triage.domain.progress import Progress, strange
from triage.domain.routes import suggest_from
from triage.domain.rulebook import Rulebook
from triage.domain.used import Used
from triage.domain.walk import Walk


def screen(rulebook: Rulebook, details: Details) -> Findings:
    """What the rulebook finds in these details, at the moment ``details.at``.

    Unknown is never no: what may hold is raised where its rule says so, and else listed as not
    excluded with what to ask (PACE Code C 3.6 to 3.10: the assessment follows a structured
    process and is kept under review).
    """
    reading = rulebook.program.read(details, rulebook.law)
    used = Used.of(rulebook.program, reading)
    holding = dict(rulebook.program.first(reading.values))
    gathered = gather(rulebook, used, holding)
    conflicts = tuple(find_conflicts(rulebook, used, holding, gathered))
    levels = gathered.levels()
    seen = used.with_levels(levels)
    apply_modifiers(rulebook, seen, gathered)
    if gathered.levels() != levels:
        levels = gathered.levels()
        seen = used.with_levels(levels)
    progress = Progress(rulebook, reading)
    status = progress.status()
    needs, flags = _needs(gathered), _flags(gathered)
    not_excluded = _not_excluded(rulebook, gathered, details)
    answered, in_all = progress.core_answered()
    nothing = answered == in_all and not (needs or flags or not_excluded or conflicts)
    return Findings(
        at=details.at,
        rulebook=RulebookStamp(rulebook.fingerprint, reading.day.isoformat(), rulebook.signed),
        status=status,
        nothing_found=nothing and status is ScreenStatus.COMPLETE,
        answered=(answered, in_all),
        needs=needs,
        flags=flags,
        not_excluded=not_excluded,
        conflicts=conflicts,
        do_now=_do_now(rulebook, needs, flags),
        routes=suggest_from(rulebook, seen, levels, gathered.behind()),
        rescreen=progress.rescreen_due(holding, status),
        warnings=rulebook.warnings + strange(rulebook, details),
    )


def explain(rulebook: Rulebook, details: Details, name: str) -> Explanation:
    """Why a rule, need, flag or route is there, or why not: facts for, facts against, what to ask.

    Raises InputError, with the nearest id, when nothing has this id.
    """
    findings = screen(rulebook, details)
    found = {need.need: int(need.urgency) for need in findings.needs}
    found |= {flag.flag: int(flag.urgency) for flag in findings.flags}
    could = {each.need: int(each.urgency) for each in findings.not_excluded}
    reading = rulebook.program.read(details, rulebook.law)
    walk = Walk.over(rulebook.program, reading, Levels.of(found, could))
    return explained(rulebook, walk, findings, name)


# What was found, in the order in which it is shown ---------------------------------------------


def _in_order(
    gathered: Gathered, names: Iterable[str]
) -> list[tuple[str, Urgency, tuple[Reason, ...]]]:
    found = [
        (name, gathered.found[name], _most_urgent_first(gathered.raised[name]))
        for name in names
        if name in gathered.raised
    ]
    # The names come in the order in which equally urgent ones are shown.
    return sorted(found, key=lambda each: -each[1])


def _most_urgent_first(reasons: list[Reason]) -> tuple[Reason, ...]:
    if len(reasons) > 1:
        reasons = sorted(reasons, key=lambda reason: -reason.urgency)
    return tuple(reasons)


def _needs(gathered: Gathered) -> tuple[Need, ...]:
    return tuple(Need(*each) for each in _in_order(gathered, NEEDS))


def _flags(gathered: Gathered) -> tuple[Flag, ...]:
    return tuple(Flag(*each) for each in _in_order(gathered, FLAGS))


def _not_excluded(
    rulebook: Rulebook, gathered: Gathered, details: Details
) -> tuple[NotExcluded, ...]:
    """What could not be ruled out above what was found, with what to ask and when."""
    found, ask_again = [], rulebook.rescreen.ask_again
    for name, possible in gathered.possible.items():
        reached = gathered.found.get(name, 0)
        if gathered.could[name] <= reached:
            continue
        above = [open_ for urgency, open_ in possible if urgency > reached]
        urgency = gathered.could[name]
        found.append(
            NotExcluded(
                need=name,
                urgency=urgency,
                rules=tuple(dict.fromkeys([open_.by.id for open_ in above])),
                missing=tuple(gathered.lacking(above).values()),
                ask_again_at=details.at + timedelta(minutes=ask_again[urgency]),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.urgency, ORDER[each.need])))


def _do_now(rulebook: Rulebook, needs: Iterable[Need], flags: Iterable[Flag]) -> tuple[DoNow, ...]:
    """Every act that a reason asks for, the most urgent first, each named once."""
    asked: dict[str, dict[str, Urgency]] = {}
    found: Iterable[Need | Flag] = chain(needs, flags)
    for reason in chain.from_iterable([each.reasons for each in found]):
        rule, urgency = reason.rule, reason.urgency
        for action in reason.do:
            rules = asked.get(action)
            if rules is None:
                asked[action] = {rule: urgency}
            elif urgency > rules.get(rule, 0):
                rules[rule] = urgency
    acts: list[tuple[int, int, int, DoNow]] = []
    for action, rules in asked.items():
        known, urgency = rulebook.actions[action], max(rules.values())
        act = DoNow(action, urgency, known.words, tuple(rules))
        acts.append((-urgency, known.rank, len(acts), act))
    return tuple([act for _, _, _, act in sorted(acts)])
