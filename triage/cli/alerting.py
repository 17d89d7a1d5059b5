"""``triage alerts``, ``ack`` and ``drill``: what waits, taking it, and practising to take it."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from triage.cli import inputs
from triage.cli.review_asking import BY, SUITE, Asking
from triage.domain.errors import InputError

if TYPE_CHECKING:
    from triage.casework import AckKind
    from triage.record import Actor, Alert, Reading


@click.command()
@BY
@SUITE
@inputs.JSON
def alerts(by: str, suite: tuple[str, ...], as_json: bool) -> None:
    """List the open alerts of your suites, the worst first: who is told, who has it, what is next.

    Nobody who is detained is named, and no cell.
    """
    from triage import casework
    from triage.present import alert_sheet as words

    with Asking(by, None) as ask:
        found = casework.alert_list(ask.service, suite, actor=ask.actor, now=ask.now)
    if as_json:
        _write(words.alert_document(found.lines, found.timers, now=ask.now, ahead=found.ahead))
        return
    if found.timers.stale:
        click.echo("The timers do not run: watch the clocks of every open stay by hand.", err=True)
    for row in words.alert_rows(found.lines, role=ask.actor.role, now=ask.now):
        click.echo(row)
    for row in words.ahead_rows(found.ahead, now=ask.now):
        click.echo(row)


@click.command()
@click.argument("key", metavar="KEY")
@BY
@inputs.JSON
def ack(key: str, by: str, as_json: bool) -> None:
    """Say that you have an alert: KEY is its key, or its four letters.

    What you promise follows from your role: police, that somebody is there; a clinician, that you
    are taking it. Your password is asked for, or read as one line from standard input: nobody
    stops an alert in somebody else's name.
    """
    from triage import casework
    from triage.casework.codes import code_of
    from triage.present import alert_sheet as words

    with Asking(by, None) as ask:
        ask.prove()
        alert = _meant(ask.service.record.reading(), key, ask.actor)
        kind = _kind(ask.actor)
        done = casework.acknowledge(ask.service, alert.key, kind=kind, actor=ask.actor, now=ask.now)
    code = code_of(done.key)
    if as_json:
        _write({"key": done.key, "code": code, "kind": str(kind), "state": done.state,
                "seq": done.seq})  # fmt: skip
    else:
        click.echo(words.taken_words(code, kind=kind, state=done.state))
        for notice in done.notices:
            click.echo(notice)


@click.group()
def drill() -> None:
    """Practise: a marked emergency to everybody on the rota, by the real path."""


@drill.command()
@BY
@click.option("--suite", help="Only this suite; else all of yours.")
@inputs.JSON
def start(by: str, suite: str | None, as_json: bool) -> None:
    """Call everybody who is on the rota now; each has two minutes to take it."""
    from triage.casework import drills

    with Asking(by, None) as ask:
        keys = drills.drill(ask.service, suite=suite, actor=ask.actor, now=ask.now)
    if as_json:
        _write({"keys": list(keys)})
        return
    for each in keys:
        click.echo(each)
    click.echo("It leaves with the next pass. See triage drill report.", err=True)


@drill.command()
@BY
@click.option(
    "--days", default=28, show_default=True, type=click.IntRange(1, 366), help="How far back."
)
@inputs.JSON
def report(by: str, days: int, as_json: bool) -> None:
    """Say, shift by shift, who took their drill in time and after how many seconds."""
    from triage.casework import drills
    from triage.present import alert_sheet as words

    with Asking(by, None) as ask:
        since = ask.now - timedelta(days=days)
        found = drills.report(ask.service, since=since, actor=ask.actor, now=ask.now)
    if as_json:
        _write(words.drill_document(found, since=since, now=ask.now))
        return
    for row in words.drill_rows(found, now=ask.now):
        click.echo(row)


def _meant(reading: "Reading", key: str, actor: "Actor") -> "Alert":
    """The alert with this key, or the only open one of this person's suites with these letters."""
    from triage.casework.codes import code_of

    exact = reading.alert(key)
    if exact is not None:
        return exact
    open_now = reading.open_alerts(actor.suites or None)
    found = [alert for alert in open_now if code_of(alert.key) == key.upper()]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError.at("KEY", "more than one open alert has these letters; give the key")
    raise InputError.at("KEY", "no open alert of your suites has this key or these letters")


def _kind(actor: "Actor") -> "AckKind":
    from triage.casework import AckKind
    from triage.domain.roles import CLINICAL_ROLES

    return AckKind.CLINICAL if actor.role in CLINICAL_ROLES else AckKind.POLICE


def _write(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))
