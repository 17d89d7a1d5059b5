"""``triage review``: who waits now, the wait report, the ledger, the pack, the return, a sample.

Whoever asks is named with ``--by``: the look is logged under that account, and its role and suites
decide.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triage.cli.review_acting import attribute, explain, handover, take
from triage.cli.review_asking import (
    BY,
    FORMAT,
    FROM,
    INSIDE,
    KNOWN,
    OUT,
    SUITE,
    TO,
    Asking,
    day_of,
    out,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage.present.figure_cells import Sheet
    from triage.present.pack import Pack


@click.group()
def review() -> None:
    """Review waits and delays: now, over weeks, and as known at any past moment."""


for _act in (handover, take, attribute, explain):
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
@BY
@SUITE
@FROM
@TO
@KNOWN
@INSIDE
@FORMAT
@OUT
def waits(**asked: Any) -> None:
    """The wait report: median and 90th of each leg, by suite, place, hour and week."""
    with Asking(asked["by"], asked["as_known_at"]) as ask:
        write(_some(ask, asked, ("waits_", "officers_", "detention_by", "arrested_by")), asked)


@review.command()
@BY
@SUITE
@FROM
@TO
@KNOWN
@INSIDE
@FORMAT
@OUT
def ledger(**asked: Any) -> None:
    """The delay ledger: minutes by partner and agreed reason, what passed, places asked."""
    with Asking(asked["by"], asked["as_known_at"]) as ask:
        write(_some(ask, asked, ("ledger", "passed", "places")), asked)


@review.command()
@BY
@SUITE
@FROM
@TO
@KNOWN
@INSIDE
@click.option(
    "--weeks",
    default=1,
    show_default=True,
    type=click.IntRange(1, 13),
    help="How many weeks the tables cover; the charts cover the whole stretch.",
)
@click.option(
    "--out",
    "folder",
    default=".",
    show_default=True,
    metavar="FOLDER",
    help="Where the files are written.",
)
def pack(weeks: int, folder: str, **asked: Any) -> None:
    """The weekly multi-agency pack: two pages of HTML to print, CSV and XLSX.

    Without --inside it lets the figures of these whole weeks leave, once; the same weeks come out
    as they left ever after.
    """
    from triage.domain.errors import InputError
    from triage.present import pack as packing
    from triage.web.review_pages import pack_document

    with Asking(asked["by"], asked["as_known_at"]) as ask:
        leaving = not asked["inside"]
        if leaving:
            made = _leaves(ask, asked, weeks)
        else:
            practice = ask.service.rulebook.practice
            made = packing.pack(ask.review(asked), practice, weeks=weeks, leaving=False)
        ask.took_away("review pack", leaving=leaving)
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        name = "section-136-pack" if leaving else "section-136-pack-inside"
        (place / f"{name}.html").write_text(pack_document(made), encoding="utf-8")
        text = packing.as_csv(made.sheets, leaving=leaving)
        (place / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
        written = ["html", "csv"]
        try:
            (place / f"{name}.xlsx").write_bytes(packing.as_xlsx(made.sheets, leaving=leaving))
            written.append("xlsx")
        except InputError as error:
            click.echo(f"Note: {error}", err=True)
        for each in written:
            click.echo(place / f"{name}.{each}")


@review.command("return")
@BY
@SUITE
@click.option("--year", metavar="DAY", help="Any day of the year meant; else today.")
@KNOWN
@click.option("--rows", is_flag=True, help="A line for each detention, exact, for the force alone.")
@INSIDE
@FORMAT
@OUT
def annual(year: str | None, rows: bool, **asked: Any) -> None:
    """The annual return on detentions under sections 135 and 136, and what is missing from it."""
    from triage import casework
    from triage.casework import review as reviewing
    from triage.casework.review_published import KNOWN
    from triage.domain import london
    from triage.domain.errors import InputError
    from triage.present import figures
    from triage.present import pack as packing

    with Asking(asked["by"], asked["as_known_at"]) as ask:
        on = day_of(year, "--year") or london.day_of(ask.known or ask.now)
        view = reviewing.yearly(ask.service, asked["suite"], on=on, **ask.who)
        leaving = not (asked["inside"] or rows)
        if rows:
            ask.took_away("annual return", leaving=False)
            out(packing.rows_as_csv(view.rows).encode("utf-8"), asked["out"])
            return
        for one in view.counted:
            if one.missing_percent > view.most_missing_percent:
                share = f"{one.missing_percent:.1f}% of {one.asked}"
                click.echo(f"Target missed: {one.field.words}, {share} not recorded", err=True)
        sheets = figures.return_sheets(view.counted, leaving=False)
        if leaving:
            if ask.known is not None:
                raise InputError.at("--as-known-at", KNOWN)
            sheets = casework.let_return_leave(
                ask.service, asked["suite"], on=on, actor=ask.actor, now=ask.now
            ).figures.tables
        ask.took_away("annual return", leaving=leaving)
        write(sheets, asked)


@review.command()
@BY
@SUITE
@FROM
@TO
@KNOWN
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


def _leaves(ask: Asking, asked: dict[str, Any], weeks: int) -> "Pack":
    """The pack of whole weeks, which leaves now or left before."""
    from triage import casework
    from triage.casework import review_published
    from triage.domain import london, published
    from triage.present import pack as packing

    period = ask.period(asked, weeks)
    left = casework.let_pack_leave(ask.service, period, actor=ask.actor, now=ask.now)
    said = "left before" if left.repeated else "leaves"
    days = published.days(period.first, period.after)
    click.echo(f"{days}: {said}, as known at {london.text(left.at)}.", err=True)
    before = review_published.before(ask.service, period, actor=ask.actor)
    return packing.leaving_pack(left.figures, period, before, left_at=left.at)
