"""The ``triage`` command. Each command lives in a module of its own and is read only when called.

Exit codes: 0 evaluated, whatever was found; 2 input or usage cannot be used; 3 the rulebook is
refused; 1 our own fault. Data goes to standard output, everything else to standard error.
"""

import sys
from collections.abc import Sequence

import click

from triage.cli.commands import Lazy

COMMANDS = {
    "demo": ("triage.cli.demo:demo", "Tell one Saturday night: the first five minutes."),
    "screen": ("triage.cli.screen:screen", "Screen one person from a file, or line by line."),
    "clocks": ("triage.cli.clocks:clocks", "Work out every clock of one detention."),
    "rules": ("triage.cli.rules:rules", "Check, read, compare and sign the rulebook."),
    "serve": ("triage.cli.service:serve", "Serve the pages and the API, and keep the clocks."),
    "tick": ("triage.cli.service:tick", "Run one pass of the timers, for cron."),
    "review": ("triage.cli.review:review", "Review waits and delays, now and as known then."),
    "healthcheck": ("triage.cli.service:healthcheck", "Say whether the service can be relied on."),
    "alerts": ("triage.cli.alerting:alerts", "List the open alerts of your suites."),
    "ack": ("triage.cli.alerting:ack", "Say that you have an alert."),
    "desk": ("triage.cli.desk:desk", "The custody desk on the whole screen, by keyboard."),
    "release": ("triage.cli.release:release", "Release somebody: what is open, how they leave."),
    "drill": ("triage.cli.alerting:drill", "Practise with a marked emergency; see who took it."),
    "rota": ("triage.cli.rota:rota", "Who is on duty, and what is empty."),
    "channel": ("triage.cli.channels:channel", "The ways out, and a test message by each."),
    "watch": ("triage.cli.watching:watch", "The watchdog, for another machine than the service."),
    "migrate": ("triage.cli.store:migrate", "Make the record, or bring it to this release."),
    "verify": ("triage.cli.store:verify", "Prove that nothing in the record was changed."),
    "rebuild": ("triage.cli.store:rebuild", "Make everything derived anew from the events."),
    "backup": (
        "triage.cli.store:backup",
        "Copy the record while it is in use, and prove the copy.",
    ),
    "restore": ("triage.cli.store:restore", "Bring a backup back, or only try it."),
    "account": ("triage.cli.accounts:account", "Who may sign in."),
    "token": ("triage.cli.accounts:token", "Which terminals may speak to the API."),
    "where": ("triage.cli.where:where", "Say which rules, database and versions are in use."),
}


@click.group(
    cls=Lazy,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda c, p, v: _version(c, wanted=v),
    help="Say the version and leave.",
)
def triage() -> None:
    """Needs, reasons, routes and clocks for people in police custody.

    It suggests; people decide. In an emergency call 999 first.
    """


def _version(ctx: click.Context, *, wanted: bool) -> None:
    if wanted:
        from triage.cli.versions import own

        click.echo(own())
        ctx.exit()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code; every fault is a sentence, never a trace."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = triage.main(args=arguments, prog_name="triage", standalone_mode=False)
    except Exception as error:  # this is the door: here every fault becomes words
        from triage.cli import faults

        code = faults.tell(error, as_json="--json" in arguments)
    sys.exit(code if isinstance(code, int) else 0)
