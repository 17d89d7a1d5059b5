"""Who asks for a review by command, over which days, and how it is written."""

import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triage.cli import inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage.casework import Review, Service
    from triage.domain.published import Period
    from triage.present.figure_cells import Sheet
    from triage.record import Actor

_FORMATS = ("text", "csv", "xlsx", "html")
BY = click.option("--by", required=True, metavar="ACCOUNT", help="Who asks; their role decides.")
SUITE = click.option("--suite", multiple=True, help="Only this suite. Can be given more than once.")
FROM = click.option(
    "--from", "first", metavar="DAY", help="First day; else thirteen weeks before --to."
)
TO = click.option("--to", "last", metavar="DAY", help="Last day, included; else today.")
KNOWN = click.option("--as-known-at", metavar="TIME", help="As it was known at this moment.")
FORMAT = click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True,
    help="How it is written.",
)  # fmt: skip
OUT = click.option("--out", metavar="FILE", help="Write to this file instead of standard output.")
INSIDE = click.option(
    "--inside", is_flag=True, help="Exact, with record numbers: not to leave the force."
)


def over_days(command: Callable[..., None]) -> Callable[..., None]:
    """A command that somebody asks of some suites, over some days, as known at a moment."""
    for option in (KNOWN, TO, FROM, SUITE, BY):
        command = option(command)
    return command


class Asking:
    """The service, opened for somebody by name, and closed whatever happens."""

    def __init__(self, by: str, as_known_at: str | None) -> None:
        from triage import clock

        self.by, self.now = by, clock.now()
        self.known = inputs.moment(as_known_at, "--as-known-at")

    def __enter__(self) -> "Asking":
        from triage import casework

        self.service: Service = casework.service(inputs.settings())
        try:
            self.actor = self._actor()
        except BaseException:
            self.service.record.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.service.record.close()

    @property
    def who(self) -> dict[str, Any]:
        """Who asks, when, and for the knowledge of which moment."""
        return {"actor": self.actor, "now": self.now, "as_known_at": self.known}

    def _actor(self) -> "Actor":
        from triage.domain.errors import InputError
        from triage.record import Actor

        account = self.service.record.reading().account(self.by)
        if account is None or not account.active:
            raise InputError.at("--by", "There is no active account with this name.")
        return Actor(account.account, account.name, account.role, "command", account.suites)

    def prove(self) -> None:
        """Ask for their password, or read it as a line; raises InputError for another one."""
        from triage.domain.errors import InputError
        from triage.web import passwords

        typed = inputs.password()
        account = self.service.record.reading().account(self.by)
        if not passwords.matches(account.password_hash if account else None, typed):
            raise InputError.at("--by", "This is not their password.")

    def review(self, asked: dict[str, Any]) -> "Review":
        """The waits that began in the stretch asked for."""
        from triage.casework import review as reviewing
        from triage.domain import london
        from triage.present.pack import trend_from

        last = day_of(asked["last"], "--to") or london.day_of(self.known or self.now)
        first = day_of(asked["first"], "--from") or trend_from(last)
        since, until = london.midnight(first), london.midnight(last + timedelta(days=1))
        return reviewing.review(self.service, asked["suite"], since=since, until=until, **self.who)

    def period(self, asked: dict[str, Any], weeks: int) -> "Period":
        """The whole weeks that are asked for; those that are over last, unless it says which."""
        from triage.casework import review_published
        from triage.domain.errors import InputError
        from triage.domain.legs import week_of

        if self.known is not None:
            raise InputError.at("--as-known-at", review_published.KNOWN)
        last = day_of(asked["last"], "--to")
        after = week_of(self.now) if last is None else last + timedelta(days=1)
        first = day_of(asked["first"], "--from")
        since = after - timedelta(weeks=weeks)
        since = since if first is None else max(first, since)
        return review_published.period_of_pack(
            since, after, asked["suite"], actor=self.actor, now=self.now
        )

    def took_away(self, what: str, *, leaving: bool) -> None:
        """Log that figures were taken away: a disclosure, whoever it is for."""
        from triage.record import Operation

        fit = "small numbers left out" if leaving else "exact, inside the force"
        self.service.record.log_access(
            self.actor, f"{what} by command: {fit}", None, "review", self.now,
            operation=Operation.DISCLOSURE,
        )  # fmt: skip


def write(sheets: "Sequence[Sheet]", asked: dict[str, Any]) -> None:
    """Write some tables in the form and to the place that was asked for."""
    from triage.present import pack as packing
    from triage.web.review_pages import sheets_document

    leaving = not asked["inside"]
    match asked["form"]:
        case "csv":
            data = packing.as_csv(sheets, leaving=leaving).encode("utf-8")
        case "xlsx":
            data = packing.as_xlsx(sheets, leaving=leaving)
        case "html":
            data = sheets_document(sheets, leaving=leaving).encode("utf-8")
        case _:
            if not sheets:
                click.echo("Nobody waited so in this stretch.")
            data = packing.as_text(sheets, leaving=leaving).encode("utf-8")
    out(data, asked["out"])


def out(data: bytes, file: str | None) -> None:
    """Write to a file, or to standard output."""
    if file is None:
        sys.stdout.buffer.write(data)
    else:
        Path(file).write_bytes(data)


def day_of(text: str | None, option: str) -> date | None:
    """A day as it is typed; raises InputError for what is none."""
    from triage.domain.errors import InputError

    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise InputError.at(option, "must be a day such as 2026-11-23") from None
