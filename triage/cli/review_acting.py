"""``triage review handover``, ``take``, ``attribute`` and ``explain``: what an inspector signs.

The same verbs as the pages and the API. Without the words that they need they list what is open;
with them the password is asked for, because nobody signs in somebody else's name.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from triage.cli import inputs
from triage.cli.review_asking import BY, Asking

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from triage.casework import Case, Handed

_SEARCHED = timedelta(weeks=13)  # whoever left longer ago is named by the id of the stay
_STAYS = click.option(
    "--stay", "stays", multiple=True, metavar="RECORD", help="Only this one; else all of them."
)
_WORDS = click.option("--words", default="", help="A sentence about it. No worker is named.")
_REASON = click.option("--reason", metavar="CODE", help="An agreed reason; else they are listed.")


@click.command()
@BY
@click.option("--to", metavar="ACCOUNT", help="The inspector who takes over; else what is open.")
@click.option(
    "--promised", multiple=True, metavar="RECORD=WORDS", help="What was promised about one of them."
)
@_STAYS
def handover(by: str, to: str | None, promised: tuple[str, ...], stays: tuple[str, ...]) -> None:
    """Offer the review to the next inspector; it stays yours until it is taken."""
    from triage import casework

    with Asking(by, None) as ask:
        cases = _open_cases(ask, stays)
        if to is None:
            _list_open(ask, cases)
            return
        said = dict(each.partition("=")[::2] for each in promised)
        words = {_named(cases, record).stay: words for record, words in said.items()}
        ask.prove()
        made = casework.hand_over(
            ask.service, to, {case.stay: words.get(case.stay, "") for case in cases},
            actor=ask.actor, now=ask.now,
        )  # fmt: skip
    click.echo(f"Offered to {made[0].to}: {len(made)}. They are yours until they are taken.")


@click.command()
@BY
@_STAYS
def take(by: str, stays: tuple[str, ...]) -> None:
    """Take over what is offered to you; from now on it is with you, by name.

    With --stay also what was meant for another inspector, who has not taken it.
    """
    from triage import casework
    from triage.domain.errors import InputError

    with Asking(by, None) as ask:
        offers = {
            case.reference: last.seq
            for case in _open_cases(ask, stays)
            if (last := _offered(case)) is not None
            and last.by_account != by
            and (stays or last.to_account == by)
        }
        if not offers:
            raise InputError.at("--stay", "Nothing is handed over to you.")
        ask.prove()
        casework.take_over(ask.service, list(offers.values()), actor=ask.actor, now=ask.now)
        for record in offers:
            click.echo(f"{record}: with {ask.actor.name} from now on.")


@click.command()
@click.argument("record")
@BY
@_REASON
@click.option("--since", metavar="TIME", help="From when; else the one gap there is.")
@click.option("--until", metavar="TIME", help="Up to when.")
@_WORDS
def attribute(
    record: str, by: str, reason: str | None, since: str | None, until: str | None, words: str
) -> None:
    """Give a gap of one detention, in which nobody was recorded as waited for, to a reason."""
    from triage import casework
    from triage.domain.attributed import Attribution

    with Asking(by, None) as ask:
        case = _case(ask, record)
        if reason is None:
            _list_gaps(ask, case)
            return
        first, last = _stretch(ask, case, since, until)
        given = Attribution(reason, first, last)
        ask.prove()
        casework.attribute_gap(
            ask.service, case.stay, given, words=words, actor=ask.actor, now=ask.now
        )
    click.echo(f"{case.reference}: attributed, by {ask.actor.name}.")


@click.command()
@click.argument("record")
@BY
@click.option("--clock", "clock", metavar="CLOCK", help="Which time passed; else they are listed.")
@_REASON
@_WORDS
def explain(record: str, by: str, clock: str | None, reason: str | None, words: str) -> None:
    """Sign why a time of one detention passed. A breach that is explained is still a breach."""
    from triage import casework
    from triage.domain.errors import InputError

    with Asking(by, None) as ask:
        case = _case(ask, record)
        if clock is None or reason is None:
            _list_passed(ask, case)
            return
        runs = [one for one in case.passed if one.clock.clock == clock and one.signed is None]
        started = runs[0].clock.started_at if runs else None
        if started is None:
            raise InputError.at(
                "--clock", "No such time has passed here that nobody has explained.",
                sorted({one.clock.clock for one in case.passed if one.signed is None}),
            )  # fmt: skip
        made = casework.Explanation(clock, started, reason, words)
        ask.prove()
        casework.explain_breach(ask.service, case.stay, made, actor=ask.actor, now=ask.now)
    click.echo(f"{case.reference}: explained and signed by {ask.actor.name}.")


def _open_cases(ask: Asking, records: "Sequence[str]") -> "list[Case]":
    """Those who wait now: all of them, or those that are named."""
    from triage.casework import review_live

    cases = [each.case for each in review_live.live(ask.service, (), **ask.who).lines]
    return [_named(cases, record) for record in records] if records else cases


def _named(cases: "Sequence[Case]", record: str) -> "Case":
    from triage.domain.errors import InputError

    found = [case for case in cases if record in (case.reference, case.stay)]
    if len(found) != 1:
        raise InputError.at("--stay", f"Nobody waits under {record}.")
    return found[0]


def _case(ask: Asking, record: str) -> "Case":
    """One detention by its record number, where it is open or not long over, or by its stay."""
    from triage.casework import review, review_live
    from triage.domain.errors import InputError

    reading = ask.service.record.reading()
    named = reading.stay(record)
    here = reading.open_stays_by_reference(record) if named is None else (named,)
    if len(here) > 1:
        ids = " and ".join(each.id for each in here)
        raise InputError.at("RECORD", f"Two open stays have this number. Name one: {ids}.")
    if here:
        return review_live.detention(ask.service, here[0].id, **ask.who).case
    looked = review.review(ask.service, (), since=ask.now - _SEARCHED, until=ask.now, **ask.who)
    found = [case for case in looked.cases if case.reference == record]
    if len(found) != 1:
        raise InputError.at("RECORD", "No one detention of thirteen weeks has this number.")
    return found[0]


def _offered(case: "Case") -> "Handed | None":
    """The offer that stands, if the last one was not taken."""
    last = case.handed[-1] if case.handed else None
    return last if last is not None and last.taken_by is None else None


def _stretch(
    ask: Asking, case: "Case", since: str | None, until: str | None
) -> "tuple[datetime, datetime]":
    """What is attributed: as typed, or the one gap that there is."""
    from triage.domain.errors import InputError
    from triage.present import review_gaps as words

    gaps = words.gaps(case, at=ask.now)
    if since is None and until is None and len(gaps) != 1:
        raise InputError.at(
            "--since", f"There are {len(gaps)} gaps: say --since and --until of one."
        )
    first = inputs.moment(since or (gaps[0].since if gaps else None), "--since")
    last = inputs.moment(until or (gaps[-1].until if gaps else None), "--until")
    if first is None or last is None:
        raise InputError.at("--since", "Nothing of this detention is unattributed.")
    return first, last


def _list_open(ask: Asking, cases: "Sequence[Case]") -> None:
    from triage import casework
    from triage.present import review_handover as words

    for case in cases:
        whose = words.with_whom(case, at=ask.now)
        click.echo(f"{case.reference}: {whose or 'not handed over'}")
        if (last := _offered(case)) is not None and last.promised:
            click.echo(f"  Promised: {last.promised}")
    for each in casework.receivers(ask.service, actor=ask.actor):
        click.echo(f"--to {each.account}: {each.name}", err=True)


def _list_gaps(ask: Asking, case: "Case") -> None:
    from triage.present import review_gaps as words

    for gap in words.gaps(case, at=ask.now):
        click.echo(f"{gap.words}\n  --since {gap.since} --until {gap.until}")
    _list_reasons(ask)


def _list_passed(ask: Asking, case: "Case") -> None:
    from triage.present import review as words

    for one in case.passed:
        said = words.passed_words(one, at=ask.now)
        click.echo(f"{said.words}, {said.when}. {said.signed}.\n  --clock {one.clock.clock}")
    _list_reasons(ask)


def _list_reasons(ask: Asking) -> None:
    from triage import casework

    for code, partner, words in casework.reasons(ask.service, ask.now):
        click.echo(f"--reason {code}: {partner}, {words}", err=True)
