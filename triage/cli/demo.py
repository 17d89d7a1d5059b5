"""``triage demo``: one Saturday night in two custody suites, on a clock that the viewer moves."""

import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triage.cli import inputs

if TYPE_CHECKING:
    from flask import Flask

    from triage.demo.night import Night, Scene
    from triage.demo.stage import Stage
    from triage.settings import Settings

TRAINING = "TRAINING"


@click.command()
@click.option("--terminal", is_flag=True, help="Tell it here as text, step by step.")
@click.option("--desk", metavar="ACCOUNT", help="Sit down at the desk of okafor, or of another.")
@click.option("--beat", type=click.IntRange(1, 8), help="Stand right after this beat, 1 to 8.")
@click.option(
    "--as-of",
    metavar="TIME",
    help="Stand at this moment of the night: 2026-10-24T21:05 in London, or with an offset.",
)
@click.option("--reset", is_flag=True, help="Build the night again from the beginning.")
@click.option("--no-serve", is_flag=True, help="Build it, say where it is, and stop.")
@click.option("--folder", metavar="DIR", help="Where it lies. Default: demo, in the instance.")
@click.option("--port", default=8010, show_default=True, help="Where the pages are served.")
def demo(
    terminal: bool,
    desk: str | None,
    beat: int | None,
    as_of: str | None,
    reset: bool,
    no_serve: bool,
    folder: str | None,
    port: int,
) -> None:
    """Tell one Saturday night in two custody suites: eight beats, about five minutes.

    Everybody in it is invented, and it lies in a training database of its own. The clock stands
    still until you move it: Saturday 24 to Sunday 25 October 2026, when the clocks go back.
    """
    from triage.demo.night import shipped
    from triage.demo.stage import open_stage

    if beat is not None and as_of is not None:
        raise click.UsageError("--beat and --as-of both say where to stand: give one of them.")
    if terminal and desk is not None:
        raise click.UsageError("--terminal tells it, --desk works in it: give one of them.")
    night, real = shipped(), inputs.settings()
    if desk is not None:
        _may_sit_down(desk, night)
    where = Path(folder) if folder else real.instance / "demo"
    at = _moment(as_of) if as_of else night.stand(beat).at if beat else None
    if terminal and at is None:
        at = night.scenes[0].at
    if not (terminal or desk or no_serve):
        _refuse_if_taken(port)
    _say("Building the night ...")
    stage = open_stage(where, night, real=real, at=at, reset=reset)
    try:
        if terminal:
            _tell(stage, real)
        elif desk is not None:
            _sit_down(stage, desk)
        else:
            _serve(stage, port, fresh_words=reset, only_build=no_serve)
    finally:
        stage.close()


def _refuse_if_taken(port: int) -> None:
    """Before the night is built, or built again under another demo that still runs."""
    from triage.web.serving import Listen

    Listen(port=port).refuse_if_taken()


def _moment(text: str) -> datetime:
    """A moment of the night: London wall time without an offset, else as everywhere."""
    from triage.domain import london
    from triage.domain.errors import InputError

    try:
        wall = datetime.fromisoformat(text)
        if wall.tzinfo is None:
            return london.from_wall(wall)
    except london.RepeatedTime as error:
        words = f"{error}. Give one of these two with its offset."
        raise InputError.at("--as-of", words) from None
    except ValueError:
        pass
    found = inputs.moment(text, "--as-of")
    assert found is not None  # a text was given
    return found


def _tell(stage: "Stage", real: "Settings") -> None:
    from triage.demo.telling import tell

    tell(
        stage,
        ask=_ask,
        say=click.echo,
        back=lambda now, scene: _again(now, scene, real),
        size=shutil.get_terminal_size((80, 24)),
    )


def _may_sit_down(account: str, night: "Night") -> None:
    from triage.domain.errors import InputError
    from triage.domain.roles import Verb, require
    from triage.present.desk_screens import NO_TERMINAL

    if account not in night.staff:
        raise InputError.at("--desk", "Nobody of the night has this account.", list(night.staff))
    require(night.staff[account].role, Verb.VIEW_BOARD)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(NO_TERMINAL)


def _sit_down(stage: "Stage", account: str) -> None:
    """The desk on the whole screen, at the moment at which the night stands."""
    from triage import clock
    from triage.cli.reached import inside
    from triage.demo import sign_in
    from triage.demo.player import actor
    from triage.desk.full.training import Story, TrainingDesk

    words = sign_in.pass_words(stage.folder, stage.night)
    sign_in.accounts(stage.service, stage.night, words, now=clock.now())
    client = inside(stage.service, actor(stage.night.staff[account]), now=stage.now)
    quarter = timedelta(minutes=15)
    moves = {"f5": lambda: stage.play_on(quarter), "f6": stage.play_scene}
    story = Story(lambda: _standing(stage), moves, words[account])
    desk = TrainingDesk(client, stage.folder / "screenings", stage.folder / "releases", story)
    desk.run(mouse=False)


def _standing(stage: "Stage") -> str:
    from triage.demo.telling import scene_words
    from triage.domain import london
    from triage.present import desk_screens

    following = stage.next_scene
    to = london.short(following.at) if following else ""
    return desk_screens.night(scene_words(stage.night, stage.scene), to)


def _ask(question: str) -> str:
    """What the viewer answers; the end of the input is the end of the telling."""
    try:
        return input(question)
    except EOFError:
        return "q"


def _again(stage: "Stage", scene: "Scene | None", real: "Settings") -> "Stage":
    """The night built again, standing at an earlier scene."""
    from triage.demo.stage import open_stage

    if scene is None:
        return stage
    stage.close()
    _say("Building the night up to there again ...")
    return open_stage(stage.folder, stage.night, real=real, at=scene.at)


def _serve(stage: "Stage", port: int, *, fresh_words: bool, only_build: bool) -> None:
    from triage import clock
    from triage.demo import sign_in
    from triage.demo.telling import stands
    from triage.web.serving import Listen, serve

    listen = Listen(port=port)
    words = sign_in.pass_words(stage.folder, stage.night, fresh=fresh_words)
    sign_in.accounts(stage.service, stage.night, words, now=clock.now())
    _say(f"The training database lies in {stage.folder.absolute()}. Everybody in it is invented.")
    for line in stands(stage):
        _say(line)
    _say(f"Sign in at {listen.address} as one of these; on the pages you change by a click:")
    for line in _accounts(stage.night, words):
        _say(line)
    if only_build:
        return
    _say(f"Open {listen.address}  (Control-C stops it)")
    serve(lambda: _app(stage), listen)


def _accounts(night: "Night", words: dict[str, str]) -> list[str]:
    from triage.domain.roles import role_words

    return [
        f"  {staff.id:<9} {words[staff.id]:<34} {staff.name}, {role_words(staff.role)}"
        for staff in night.staff.values()
    ]


def _say(text: str) -> None:
    click.echo(f"{TRAINING}  {text}")


def _app(stage: "Stage") -> "Flask":
    from triage.demo.pages import training
    from triage.web import create_app

    return create_app(service=stage.service, now=stage.now, training=training(stage))
