"""``triage demo``: one Saturday night in two custody suites, on a clock that the viewer moves."""

import shutil
from datetime import datetime
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
    night, real = shipped(), inputs.settings()
    where = Path(folder) if folder else real.instance / "demo"
    at = _moment(as_of) if as_of else night.stand(beat).at if beat else None
    if terminal and at is None:
        at = night.scenes[0].at
    _say("Building the night ...")
    stage = open_stage(where, night, real=real, at=at, reset=reset)
    try:
        if terminal:
            _tell(stage, real)
        else:
            _serve(stage, port, fresh_words=reset, only_build=no_serve)
    finally:
        stage.close()


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
    from triage.demo.telling import scene_words
    from triage.domain import london
    from triage.web.serving import Listen, serve

    listen = Listen(port=port)
    words = sign_in.pass_words(stage.folder, stage.night, fresh=fresh_words)
    sign_in.accounts(stage.service, stage.night, words, now=clock.now())
    _say(f"The training database lies in {stage.folder.absolute()}. Everybody in it is invented.")
    _say(f"It stands at {london.text(stage.now())}. {scene_words(stage.night, stage.scene)}")
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
