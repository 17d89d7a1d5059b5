"""The night, played once for all tests of it: what each scene showed, while it stood there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from triage import casework
from triage.casework import Handover, Section136Line, StayView, Worklist
from triage.demo.night import Night, Scene, shipped
from triage.demo.player import actor
from triage.demo.stage import Stage, open_stage
from triage.demo.telling import told
from triage.settings import Settings

STORY = ("ryan", "marcus", "denise", "alan", "kieran", "jade", "tomasz", "leroy")


@dataclass
class Seen:
    """What was to be seen at one scene, by those who would look."""

    scene: Scene
    told: tuple[str, ...]
    worklist: Worklist
    section136: dict[str, Section136Line]
    stays: dict[str, StayView]  # as the desk sees them
    care: dict[str, StayView]  # as health staff see them
    gaps: tuple[casework.Gap, ...] = ()
    handovers: dict[str, Handover] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The scene as it is told, without line ends and marks."""
        return " ".join(line.removeprefix("TRAINING").strip() for line in self.told)


@dataclass
class Told:
    """The whole night as it was told, scene by scene."""

    night: Night
    stage: Stage
    seen: list[Seen]

    def at(self, beat: int, number: int = 1) -> Seen:
        """The scene of a beat; the first unless said otherwise."""
        return [each for each in self.seen if each.scene.beat == beat][number - 1]


def elsewhere(tmp_path: Path) -> Settings:
    """The settings of a real installation, which the night must leave alone."""
    return Settings(tmp_path / "real", tmp_path / "real" / "triage.db")


@pytest.fixture(scope="session")
def night() -> Night:
    return shipped()


@pytest.fixture(scope="session")
def told_night(night: Night, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Built and then stepped on from scene to scene, as a viewer steps."""
    folder = tmp_path_factory.mktemp("night")
    stage = open_stage(folder / "demo", night, real=elsewhere(folder))
    stage.player.strict = True  # nobody plays along here: each act of the story has to fit
    seen = [_look(stage)]
    while stage.next_scene is not None:
        stage.play_scene()
        seen.append(_look(stage))
    yield Told(night, stage, seen)
    stage.close()


def _look(stage: Stage) -> Seen:
    now, service = stage.now(), stage.service
    staff = {name: actor(each) for name, each in stage.night.staff.items()}
    here = {who: stage.player.stay(who) for who in STORY if stage.player.has(who)}
    listed = casework.section136_list(service, (), actor=staff["marsh"], now=now)
    scene = stage.scene
    assert scene is not None
    return Seen(
        scene=scene,
        told=told(stage, width=100),
        worklist=casework.worklist(service, (), actor=staff["nair"], now=now),
        section136={
            who: line for who, stay in here.items() for line in listed.lines if line.stay == stay
        },
        stays={who: _view(stage, stay, "okafor", now) for who, stay in here.items()},
        care={who: _view(stage, stay, "nair", now) for who, stay in here.items()},
        gaps=(
            casework.release_check(service, here["alan"], actor=staff["okafor"], now=now)
            if "alan" in here
            else ()
        ),
        handovers={
            suite: casework.handover(service, (suite,), actor=staff[by], now=now)
            for suite, by in (("castle_street", "adeyemi"), ("dock_road", "rowe"))
        },
    )


def _view(stage: Stage, stay: str, by: str, now: datetime) -> StayView:
    return casework.stay_view(stage.service, stay, actor=actor(stage.night.staff[by]), now=now)
