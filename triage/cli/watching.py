"""``triage watch``: the watchdog, for cron or systemd on another machine than the service."""

import json
import shlex
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triage.cli import inputs
from triage.domain.errors import InputError

if TYPE_CHECKING:
    from triage.casework.listening import Listening
    from triage.casework.watching import Alarm
    from triage.channels.noise import Noise

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
@click.option("--listen-web", metavar="[HOST:]PORT",
              help="Hear the message that always goes out as a POST; needs --every.")  # fmt: skip
@click.option("--listen-mail", metavar="[HOST:]PORT",
              help="Hear it as a letter that the mail server brings back.")  # fmt: skip
@click.option("--listen-cert", metavar="FILE", help="The certificate of --listen-web.")
@click.option("--listen-key", metavar="FILE", help="Its key.")
@click.option("--silence", default=120.0, show_default=True, metavar="SECONDS",
              help="How long nothing may come back.")  # fmt: skip
@click.option("--sound", is_flag=True, help="Make noise on this machine while it is not live.")
@click.option("--sound-with", default="", metavar="PROGRAM",
              help="Plays the sound, a WAV file; else what is found, else the bell.")  # fmt: skip
@inputs.JSON
def watch(**asked: Any) -> int:
    """Say whether the service is live, and alarm by means of its own when it is not; exit 1 then.

    Run it on another machine than the service. It asks for the health of the service, looks at how
    old the last pass of its timers is, and, with --probe, whether a message leaves by each channel.
    With --listen-web or --listen-mail it hears the message that always goes out, and its absence.
    Without --url it looks into the record of this machine, and at emergencies that nobody has.
    """
    from triage import clock

    alarm, due, began = _alarm(asked), 0.0, time.monotonic()
    noise = _noise(asked)
    unsent: tuple[str, ...] = ()  # by which channels nothing left when they were last tried
    with ExitStack() as doors:
        listening = _listening(asked, doors)
        while True:
            if time.monotonic() - began >= due:
                unsent, due = _probe(asked["probe"]), due + asked["probe_every"]
            problems = _look(asked, listening) + unsent
            now = clock.now()
            if listening is not None:
                problems += listening.problems(now=now)
            told = alarm.look(problems, now=now)
            if noise is not None:
                _sound(noise, wanted=alarm.rings(now=now), again=asked["every"] is not None)
            _say(problems, [(name, str(s.outcome), s.reason) for name, s in told], now,
                 listening, as_json=asked["as_json"])  # fmt: skip
            if asked["every"] is None:
                return 1 if problems else 0
            time.sleep(asked["every"])


def _listening(asked: dict[str, Any], doors: ExitStack) -> "Listening | None":
    """Open the doors at which the message that always goes out comes back."""
    wanted = (asked["listen_web"], asked["listen_mail"])
    if wanted == (None, None):
        return None
    if asked["every"] is None:
        raise InputError.at("--every", "Who listens goes on watching: say how often it looks.")
    secret = inputs.settings().watchdog.secret
    if not secret:
        raise InputError.at("watchdog_secret", "Set the secret of the watchdog on this side too.")
    from triage import clock
    from triage.casework.listening import Listening
    from triage.casework.ways import EMAIL, WATCHDOG
    from triage.channels import hearing

    ways = tuple(way for way, door in zip((WATCHDOG, EMAIL), wanted, strict=True) if door)
    silence = timedelta(seconds=asked["silence"])
    found = Listening(secret, ways, silence, clock.now())

    def hears(way: str) -> hearing.Heard:
        return lambda said: found.hear(way, said, now=clock.now())

    paper = [Path(asked[each]) if asked[each] else None for each in ("listen_cert", "listen_key")]
    try:
        if wanted[0]:
            host, port = _place(wanted[0], "--listen-web")
            doors.enter_context(
                hearing.posts(host, port, hears(WATCHDOG), certificate=paper[0], key=paper[1])
            )
        if wanted[1]:
            doors.enter_context(hearing.letters(*_place(wanted[1], "--listen-mail"), hears(EMAIL)))
    except OSError as error:
        raise InputError.at("--listen", f"Cannot listen there: {error.strerror}.") from None
    return found


def _place(text: str, option: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise InputError.at(option, "Must be a port, or HOST:PORT.")
    return host or "127.0.0.1", int(port)


def _noise(asked: dict[str, Any]) -> "Noise | None":
    """What sounds here; heard once at the start, so that somebody knows that it can be."""
    if not (asked["sound"] or asked["sound_with"]):
        return None
    from triage.channels.noise import Noise

    noise = Noise(tuple(shlex.split(asked["sound_with"])))
    if asked["every"] is not None:
        click.echo(f"Sound test: by {noise.once()}. Did you hear it?", err=True)
    return noise


def _sound(noise: "Noise", *, wanted: bool, again: bool) -> None:
    if wanted and not again:
        noise.once()
    elif wanted:
        noise.on()
    else:
        noise.off()


def _look(asked: dict[str, Any], listening: "Listening | None") -> tuple[str, ...]:
    from triage import clock

    if asked["url"] is None:
        return _look_here(clock.now())
    from triage.casework.watching import HEALTH, clocks_apart, problems_of
    from triage.channels.asking import ask

    try:
        told = ask(asked["url"].rstrip("/") + HEALTH, LOOK_SECONDS, authority=asked["authority"])
    except InputError as error:
        return tuple(f"The service: {each.problem}." for each in error.problems)
    now = clock.now()
    if listening is not None:
        listening.apart = clocks_apart(told, now=now)
    return problems_of(told, now=now)


def _look_here(now: datetime) -> tuple[str, ...]:
    """How the record of this machine is, and whether an emergency waits that nobody has."""
    from triage import record
    from triage.casework.watching import untaken

    path = inputs.settings().database
    health = record.healthcheck(path, now=now)
    if not health.open_alerts:
        return health.problems
    here = record.Record.open(path)
    try:
        return health.problems + untaken(here.reading().open_alerts(), now=now)
    finally:
        here.close()


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
    problems: tuple[str, ...],
    told: list[tuple[str, str, str]],
    now: datetime,
    listening: "Listening | None",
    *,
    as_json: bool,
) -> None:
    back = () if listening is None else listening.round_trips(now=now)
    if as_json:
        from triage.domain.london import iso

        sent = [{"by": name, "outcome": outcome, "reason": why} for name, outcome, why in told]
        came = [
            {"by": name, "round_trip_seconds": round(took, 1), "seconds_ago": round(ago, 1)}
            for name, took, ago in back
        ]
        said = {"schema": "triage.watch/1", "at": iso(now), "live": not problems}
        click.echo(json.dumps(said | {"problems": list(problems), "told": sent, "back": came}))
        return
    trips = [f"By {name} and back in {took:.1f} s, {ago:.0f} s ago." for name, took, ago in back]
    state = "Live." if not problems else "NOT LIVE. " + " ".join(problems)
    click.echo(" ".join([state, *trips]))
    for name, outcome, why in told:
        click.echo(f"Told by {name}: {outcome}{f' ({why})' if why else ''}.", err=True)
