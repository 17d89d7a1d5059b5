"""``triage watch``: the watchdog, for cron or systemd on another machine than the service."""

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from triage.cli import inputs
from triage.domain.errors import InputError

if TYPE_CHECKING:
    from triage.casework.watching import Alarm

LOOK_SECONDS = 10.0


@click.command()
@click.option("--url", metavar="URL", help="The service; else the record of this instance.")
@click.option("--authority", metavar="FILE", help="Certificates to trust for it.")
@click.option("--every", type=click.FloatRange(min=1), metavar="SECONDS",
              help="Go on watching; else look once, for cron.")  # fmt: skip
@click.option("--patience", default=60.0, show_default=True, metavar="SECONDS",
              help="How long trouble may last before somebody is told; once: at once.")  # fmt: skip
@click.option("--probe", multiple=True, metavar="NAME=ADDRESS",
              help="Also send a test by this channel of this instance.")  # fmt: skip
@click.option("--probe-every", default=3600.0, show_default=True, metavar="SECONDS",
              help="How often the channels are tried, with --every.")  # fmt: skip
@click.option("--tell-webhook", metavar="URL", help="Alarm there.")
@click.option("--tell-mail", multiple=True, metavar="ADDRESS", help="Alarm there.")
@click.option("--mail-host", default="", metavar="HOST", help="The mail server of the alarm.")
@click.option("--mail-port", default=25, type=click.IntRange(1, 65535), help="Its port.")
@click.option("--mail-from", default="", metavar="ADDRESS", help="Who the alarm is from.")
@click.option("--mail-security", default="starttls", help="none, starttls or tls.",
              type=click.Choice(["none", "starttls", "tls"]))  # fmt: skip
@inputs.JSON
def watch(**asked: Any) -> int:
    """Say whether the service is live, and alarm by means of its own when it is not; exit 1 then.

    Run it on another machine than the service. It asks for the health of the service, looks at how
    old the last pass of its timers is, and, with --probe, whether a message leaves by each channel.
    """
    from triage import clock

    alarm, due, began = _alarm(asked), 0.0, time.monotonic()
    unsent: tuple[str, ...] = ()  # by which channels nothing left when they were last tried
    while True:
        if time.monotonic() - began >= due:
            unsent, due = _probe(asked["probe"]), due + asked["probe_every"]
        problems, now = _look(asked) + unsent, clock.now()
        told = alarm.look(problems, now=now)
        _say(problems, [(name, str(s.outcome), s.reason) for name, s in told], now,
             as_json=asked["as_json"])  # fmt: skip
        if asked["every"] is None:
            return 1 if problems else 0
        time.sleep(asked["every"])


def _look(asked: dict[str, Any]) -> tuple[str, ...]:
    from triage import clock

    if asked["url"] is None:
        from triage import record

        return record.healthcheck(inputs.settings().database, now=clock.now()).problems
    from triage.casework.watching import HEALTH, problems_of
    from triage.channels.asking import ask

    try:
        told = ask(asked["url"].rstrip("/") + HEALTH, LOOK_SECONDS, authority=asked["authority"])
    except InputError as error:
        return tuple(f"The service: {each.problem}." for each in error.problems)
    return problems_of(told, now=clock.now())


def _probe(probes: tuple[str, ...]) -> tuple[str, ...]:
    from triage import clock
    from triage.casework.channel_tests import send_test
    from triage.casework.watching import probe_problems

    tries = []
    for each in probes:
        name, _, to = each.partition("=")
        sent = send_test(inputs.settings(), name, (to,) if to else (), now=clock.now())
        tries.append((name, sent))
    return probe_problems(tries)


def _alarm(asked: dict[str, Any]) -> "Alarm":
    from triage.casework.watching import Alarm
    from triage.channels.email import Email
    from triage.channels.webhook import Webhook
    from triage.settings.outward import is_email, safe_url

    means = []
    if asked["tell_webhook"]:
        if not safe_url(asked["tell_webhook"]):
            raise InputError.at("--tell-webhook", "Must begin with https://.")
        means.append(("webhook", Webhook(asked["tell_webhook"]).send, (asked["tell_webhook"],)))
    if asked["tell_mail"]:
        if not (asked["mail_host"] and asked["mail_from"]):
            raise InputError.at("--tell-mail", "Needs --mail-host and --mail-from.")
        if not all(is_email(each) for each in (*asked["tell_mail"], asked["mail_from"])):
            raise InputError.at("--tell-mail", "Must be an address.")
        email = Email(asked["mail_host"], asked["mail_port"], asked["mail_from"],
                      asked["mail_security"])  # fmt: skip
        means.append(("email", email.send, tuple(asked["tell_mail"])))
    if asked["url"] is not None and not safe_url(asked["url"]):
        raise InputError.at("--url", "Must begin with https://.")
    patience = timedelta(seconds=0 if asked["every"] is None else asked["patience"])
    return Alarm(tuple(means), patience)


def _say(
    problems: tuple[str, ...], told: list[tuple[str, str, str]], now: Any, *, as_json: bool
) -> None:
    if as_json:
        from triage.domain.london import iso

        sent = [{"by": name, "outcome": outcome, "reason": why} for name, outcome, why in told]
        click.echo(json.dumps({"schema": "triage.watch/1", "at": iso(now), "live": not problems,
                               "problems": list(problems), "told": sent}))  # fmt: skip
        return
    click.echo("Live." if not problems else "NOT LIVE. " + " ".join(problems))
    for name, outcome, why in told:
        click.echo(f"Told by {name}: {outcome}{f' ({why})' if why else ''}.", err=True)
