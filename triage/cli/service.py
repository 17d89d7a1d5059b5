"""``triage serve``, ``tick`` and ``healthcheck``: the service, its timers, and how it is."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triage.cli import inputs
from triage.cli.store import NOT_FOR_OTHERS

if TYPE_CHECKING:
    from flask import Flask

    from triage.casework import Service
    from triage.settings import Settings
    from triage.web import Listen

ADOPTER = "command"


def application(settings: "Settings") -> "Flask":
    """The doors and the timers of one installation, made in the process that serves.

    The same for ``triage serve`` and for any other WSGI server.
    """
    from triage import scheduler, web

    service = _service(settings)
    scheduler.start(service)
    return web.create_app(service=service)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="The port to listen on.",
)
@click.option("--cert", metavar="FILE", help="The certificate, for HTTPS without a proxy.")
@click.option("--key", metavar="FILE", help="The key of the certificate.")
@click.option(
    "--trusted-proxy",
    is_flag=True,
    help="A proxy in front encrypts and sets the forwarding headers; believe those.",
)
def serve(host: str, port: int, cert: str | None, key: str | None, trusted_proxy: bool) -> None:
    """Serve the pages and the API, and keep the clocks, until told to stop.

    Beyond this machine only with a certificate or behind a trusted proxy. On a record without
    accounts it prints a link, once, that makes the first one.
    """
    from triage import web

    os.umask(NOT_FOR_OTHERS)
    settings = _settings(cert, key, trusted_proxy)
    listen = web.Listen(
        host, port, settings.certificate, settings.certificate_key, settings.trusted_proxy
    )
    listen.check()
    listen.refuse_if_taken()
    _prepare(settings, listen)
    click.echo(f"Listening on {listen.address}", err=True)
    web.serve(lambda: application(settings), listen)


@click.command()
def tick() -> int:
    """Run one pass of the timers, for cron where no service keeps them.

    Raises what is due, climbs what nobody took, sends, and beats. Harmless beside a service.
    """
    from triage import clock
    from triage.scheduler import run_pass

    service = _service(inputs.settings())
    try:
        done = run_pass(service, clock.now())
    finally:
        service.record.close()
    click.echo(
        f"Raised {len(done.raised)}, climbed {len(done.climbed)}, reopened {len(done.reopened)}, "
        f"sent {done.sent}."
    )
    for stay in done.failed:
        click.echo(f"Stay {stay} cannot be evaluated: an emergency says so.", err=True)
    if not done.beat:
        click.echo("The pass was not complete, so it is not counted as one.", err=True)
    return 0 if done.beat and not done.failed else 1


@click.command()
def healthcheck() -> int:
    """Say whether the record opens, the timers run and alerts are raised; exit 1 when not."""
    from triage import clock, record

    health = record.healthcheck(inputs.settings().database, now=clock.now())
    for problem in health.problems:
        click.echo(problem)
    if health.ok:
        click.echo(
            f"Healthy: {health.events} events, {health.open_stays} open stays, "
            f"{health.open_alerts} open alerts."
        )
    return 0 if health.ok else 1


def _settings(cert: str | None, key: str | None, trusted_proxy: bool) -> "Settings":
    """The settings of the instance, with what the command says instead."""
    settings = inputs.settings()
    return replace(
        settings,
        certificate=Path(cert) if cert else settings.certificate,
        certificate_key=Path(key) if key else settings.certificate_key,
        trusted_proxy=trusted_proxy or settings.trusted_proxy,
    )


def _prepare(settings: "Settings", listen: "Listen") -> None:
    """Everything that may refuse, before anything listens: rules, record, disk, accounts."""
    from triage import clock
    from triage.web.sign_in import first_run_link

    service = _service(settings)
    try:
        link = first_run_link(service, clock.now())
    finally:
        service.record.close()
    for warning in service.rulebook.warnings:
        click.echo(f"Note: {warning}", err=True)
    if link:
        click.echo("Nobody has an account yet. This link makes the first, once, within the hour:")
        click.echo(f"{_reached_at(settings, listen)}{link}")


def _reached_at(settings: "Settings", listen: "Listen") -> str:
    """The address that people type: the one set, else the one listened on."""
    set_here = settings.base_url != type(settings).base_url
    return settings.base_url.rstrip("/") if set_here else listen.address


def _service(settings: "Settings") -> "Service":
    """The service, with its rulebook kept in the record so that each decision can be run again."""
    from triage import casework, clock
    from triage.record import Actor

    service = casework.service(settings)
    if service.trouble is not None:
        click.echo(service.trouble.words, err=True)
    actor = Actor(ADOPTER, "Command line", "administrator")
    try:
        casework.adopt(service, actor=actor, now=clock.now())
    except BaseException:
        service.record.close()
        raise
    return service
