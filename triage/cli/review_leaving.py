"""``triage review pack`` and ``return``: figures that leave the force, by a named act alone.

Without ``--leave`` they are a draft on the screen: what would leave, what is held back and why.
Nothing counts as left, and no file is written that somebody could send by mistake.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triage.cli.review_asking import (
    BY,
    FORMAT,
    INSIDE,
    KNOWN,
    OUT,
    SUITE,
    Asking,
    day_of,
    out,
    over_days,
    write,
)

if TYPE_CHECKING:
    from triage.casework import Published, ReturnView
    from triage.domain.published import Period
    from triage.present.figures import Figures
    from triage.present.pack import Pack

LEAVE = click.option("--leave", is_flag=True, help="Let these figures leave.")


@click.command()
@over_days
@INSIDE
@LEAVE
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
def pack(weeks: int, folder: str, leave: bool, **asked: Any) -> None:
    """The weekly multi-agency pack: two pages of HTML to print, CSV and XLSX.

    Without --inside it is a draft on the screen, of what would leave and what is held back. With
    --leave the figures of these whole weeks leave, once; the same weeks come out as they left ever
    after.
    """
    from triage.present import pack as packing

    _one_or_the_other(leave, asked)
    with Asking(asked["by"], asked["as_known_at"]) as ask:
        if asked["inside"]:
            practice = ask.service.rulebook.practice
            made = packing.pack(ask.review(asked), practice, weeks=weeks, leaving=False)
        else:
            period = ask.period(asked, weeks)
            left = _pack_left(ask, period, leave=leave)
            if left is None:
                return
            made = _as_it_left(ask, left)
        ask.took_away("review pack", leaving=made.leaving)
        _write_pack(made, Path(folder))


@click.command("return")
@BY
@SUITE
@click.option("--year", metavar="DAY", help="Any day of the year meant; else today.")
@KNOWN
@click.option("--rows", is_flag=True, help="A line for each detention, exact, for the force alone.")
@INSIDE
@LEAVE
@FORMAT
@OUT
def annual(year: str | None, rows: bool, leave: bool, **asked: Any) -> None:
    """The annual return on detentions under sections 135 and 136, and what is missing from it.

    Without --inside and --rows it is a draft of the counts that would leave; with --leave they do.
    """
    from triage.casework import review as reviewing
    from triage.domain import london
    from triage.present import figures
    from triage.present import pack as packing

    _one_or_the_other(leave, {**asked, "inside": asked["inside"] or rows})
    with Asking(asked["by"], asked["as_known_at"]) as ask:
        on = day_of(year, "--year") or london.day_of(ask.known or ask.now)
        view = reviewing.yearly(ask.service, asked["suite"], on=on, **ask.who)
        if rows:
            ask.took_away("annual return", leaving=False)
            out(packing.rows_as_csv(view.rows).encode("utf-8"), asked["out"])
            return
        for one in view.counted:
            if one.missing_percent > view.most_missing_percent:
                share = f"{one.missing_percent:.1f}% of {one.asked}"
                click.echo(f"Target missed: {one.field.words}, {share} not recorded", err=True)
        sheets = figures.return_sheets(view.counted, leaving=False)
        if not asked["inside"]:
            left = _return_left(ask, asked, view, on, leave=leave)
            if left is None:
                return
            sheets = left.figures.tables
        ask.took_away("annual return", leaving=not asked["inside"])
        write(sheets, asked)


def _one_or_the_other(leave: bool, asked: dict[str, Any]) -> None:
    if leave and asked["inside"]:
        raise click.UsageError("Exact figures do not leave: ask for them, or for --leave.")


def _pack_left(ask: Asking, period: "Period", *, leave: bool) -> "Published | None":
    """The pack that leaves now or left before; None after its draft was shown."""
    from triage import casework
    from triage.casework import review_published
    from triage.present.review_published import LEAVES

    service = ask.service
    if leave:
        return _told(casework.let_pack_leave(service, period, actor=ask.actor, now=ask.now))
    left = review_published.standing(service, period, actor=ask.actor)
    if left is not None:
        return _told(replace(left, repeated=True))
    made = review_published.pack_draft(service, period, actor=ask.actor, now=ask.now)
    _show_draft(period, made, LEAVES)
    return None


def _return_left(
    ask: Asking, asked: dict[str, Any], view: "ReturnView", on: date, *, leave: bool
) -> "Published | None":
    """The counts of a year that leave now or left before; None after their draft was shown."""
    from triage import casework
    from triage.casework import review_published
    from triage.domain.errors import InputError
    from triage.present.review_published import LEAVES_RETURN

    service, suites = ask.service, asked["suite"]
    if ask.known is not None:
        raise InputError.at("--as-known-at", review_published.KNOWN)
    if leave:
        made = casework.let_return_leave(service, suites, on=on, actor=ask.actor, now=ask.now)
        return _told(made)
    period = review_published.period_of_return(view, suites, actor=ask.actor, now=ask.now)
    left = review_published.standing(service, period, actor=ask.actor)
    if left is not None:
        return _told(replace(left, repeated=True))
    _show_draft(period, review_published.return_draft(view), LEAVES_RETURN)
    return None


def _told(left: "Published") -> "Published":
    """The same, once the screen says whether it leaves now or left before."""
    from triage.domain import london, published

    said = "left before" if left.repeated else "leaves"
    days = published.days(left.period.first, left.period.after)
    click.echo(f"{days}: {said}, as known at {london.text(left.at)}.", err=True)
    return left


def _show_draft(period: "Period", made: "Figures", warning: str) -> None:
    """What would leave, what is held back and why, and what letting it leave would mean."""
    from triage.present import pack as packing
    from triage.present import review_published as words
    from triage.present import review_words

    click.echo(f"{words.covered(period)}. {review_words.DRAFT}")
    click.echo(packing.as_text(made.tables, leaving=True))
    click.echo(words.HELD_BACK)
    for line in words.held_back(made.tables) or (words.ALL_SHOWN,):
        click.echo(f"  {line}")
    click.echo(f"\n{warning} {words.NO_FILE}")


def _as_it_left(ask: Asking, left: "Published") -> "Pack":
    from triage.casework import review_published
    from triage.present import pack as packing

    before = review_published.before(ask.service, left.period, actor=ask.actor)
    return packing.leaving_pack(left.figures, left.period, before, left_at=left.at)


def _write_pack(made: "Pack", place: Path) -> None:
    """Three files in a folder; two where the package that writes workbooks is missing."""
    from triage.domain.errors import InputError
    from triage.present import pack as packing
    from triage.web.review_pages import pack_document

    place.mkdir(parents=True, exist_ok=True)
    name = "section-136-pack" if made.leaving else "section-136-pack-inside"
    (place / f"{name}.html").write_text(pack_document(made), encoding="utf-8")
    text = packing.as_csv(made.sheets, leaving=made.leaving)
    (place / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    written = ["html", "csv"]
    try:
        (place / f"{name}.xlsx").write_bytes(packing.as_xlsx(made.sheets, leaving=made.leaving))
        written.append("xlsx")
    except InputError as error:
        click.echo(f"Note: {error}", err=True)
    for each in written:
        click.echo(place / f"{name}.{each}")
