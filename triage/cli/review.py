"""``triage review``: who waits now, the wait report, the ledger, the pack, the return, a sample.

Whoever asks is named with ``--by``: the look is logged under that account, and its role and suites
decide.
"""

from typing import TYPE_CHECKING, Any

import click

from triage.cli.review_acting import attribute, explain, handover, take
from triage.cli.review_asking import BY, FORMAT, INSIDE, KNOWN, OUT, SUITE, Asking, over_days, write
from triage.cli.review_leaving import annual, pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage.present.figure_cells import Sheet


@click.group()
def review() -> None:
    """Review waits and delays: now, over weeks, and as known at any past moment."""


for _act in (pack, annual, handover, take, attribute, explain):
    review.add_command(_act)


@review.command("list")
@BY
@SUITE
@KNOWN
def live(by: str, suite: tuple[str, ...], as_known_at: str | None) -> None:
    """Everybody who waits now: no power first, then the first to lapse."""
    from triage.casework import review_live
    from triage.present import review as words

    with Asking(by, as_known_at) as ask:
        found = review_live.live(ask.service, suite, **ask.who)
        practice = ask.service.rulebook.practice
        click.echo(words.as_of(found.at, ask.known))
        for each in found.lines:
            line = words.line(each, practice, at=found.at)
            click.echo(f"\n{line.who}, {line.where}\n  {line.power}. {line.lapses}")
            for wait in line.waits:
                if not wait.over:
                    click.echo(f"  {wait.kind} since {wait.since}, {wait.lasted}. {wait.next}.")
            for passed in line.passed:
                click.echo(f"  {passed.words}, {passed.when}. {passed.signed}.")
        if not found.lines:
            click.echo(words.NOBODY)


@review.command()
@over_days
@INSIDE
@FORMAT
@OUT
def waits(**asked: Any) -> None:
    """The wait report: median and 90th of each leg, by suite, place, hour and week."""
    with Asking(asked["by"], asked["as_known_at"]) as ask:
        write(_some(ask, asked, ("waits_", "officers_", "detention_by", "arrested_by")), asked)


@review.command()
@over_days
@INSIDE
@FORMAT
@OUT
def ledger(**asked: Any) -> None:
    """The delay ledger: minutes by partner and agreed reason, what passed, places asked."""
    with Asking(asked["by"], asked["as_known_at"]) as ask:
        write(_some(ask, asked, ("ledger", "passed", "places")), asked)


@review.command()
@over_days
@click.option("-n", "chosen", default=5, show_default=True, type=click.IntRange(0, 50))
@click.option("--seed", required=True, type=int, help="The same seed draws the same records.")
def sample(chosen: int, seed: int, **asked: Any) -> None:
    """A dip sample: all high-risk records, and some by chance."""
    from triage.casework import review_sample
    from triage.present import review as words

    with Asking(asked["by"], asked["as_known_at"]) as ask:
        drawn = review_sample.sample(ask.review(asked), chosen=chosen, seed=seed)
        click.echo(f"{len(drawn.lines)} of {drawn.of} records, sample {drawn.name}")
        for line in drawn.lines:
            why, finding = words.sampled(line)
            click.echo(f"{line.case.reference}: {why}. {finding}")


def _some(ask: Asking, asked: dict[str, Any], wanted: tuple[str, ...]) -> "Sequence[Sheet]":
    """Tables of what left for these weeks, or exact ones of any days to stay inside."""
    from triage.casework import review_published
    from triage.domain.published import MOST_WEEKS
    from triage.present import figures

    leaving = not asked["inside"]
    if leaving:
        period = ask.period(asked, MOST_WEEKS if asked["first"] else 1)
        made = review_published.left_of(ask.service, period, actor=ask.actor).figures.tables
    else:
        made = figures.sheets(ask.review(asked), ask.service.rulebook.practice, leaving=False)
    ask.took_away("review figures", leaving=leaving)
    return [sheet for sheet in made if sheet.id.startswith(wanted)]
