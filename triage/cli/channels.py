"""``triage channel``: the ways out, and a test message by each."""

import json

import click

from triage.cli import inputs


@click.group()
def channel() -> None:
    """The ways by which an alert leaves, and a test of each."""


@channel.command("list")
@inputs.JSON
def list_channels(as_json: bool) -> None:
    """List every channel: on, for which levels and roles, or what has to be set first."""
    from triage.casework.channel_tests import channel_states

    found = channel_states(inputs.settings())
    if as_json:
        told = [
            {"name": e.name, "on": e.on, "levels": list(e.levels), "roles": list(e.roles),
             "needs": e.needs}
            for e in found
        ]  # fmt: skip
        click.echo(json.dumps({"schema": "triage.channels/1", "channels": told}, indent=1))
        return
    for each in found:
        roles = ", ".join(each.roles) or "whoever is on the rota"
        state = f"on, {' '.join(each.levels)}: {roles}" if each.on else f"off: needs {each.needs}"
        click.echo(f"{each.name:<14}{state}")


@channel.command()
@click.argument("name", metavar="NAME")
@click.option("--to", multiple=True, metavar="ADDRESS", help="Who gets it. Not for a webhook.")
@inputs.JSON
def test(name: str, to: tuple[str, ...], as_json: bool) -> int:
    """Send one message that says that it is a test; exit 1 unless the other side took it."""
    from triage import clock
    from triage.casework.channel_tests import send_test

    sent = send_test(inputs.settings(), name, to, now=clock.now())
    took = sent.outcome == "sent"
    if as_json:
        told = {"channel": name, "outcome": str(sent.outcome), "reason": sent.reason}
        click.echo(json.dumps(told))
    elif took:
        click.echo(f"The other side took it by {name}. Ask whether it arrived.")
    else:
        click.echo(f"Nothing has left by {name} for certain: {sent.outcome} ({sent.reason}).")
    return 0 if took else 1
