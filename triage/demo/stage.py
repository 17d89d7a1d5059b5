"""The night on its stage: a training record, a player, and a clock that a viewer moves."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock

from triage import casework
from triage.casework import Service
from triage.demo import folder as folders
from triage.demo.channel import MessagesFile
from triage.demo.night import Night, Scene, Staff
from triage.demo.player import Player, actor
from triage.domain.errors import InputError
from triage.record.operations import Duty
from triage.settings import Settings


@dataclass
class Stage:
    """One night being told; ``now`` is the clock of everything that it shows."""

    night: Night
    folder: Path
    service: Service
    at: datetime
    player: Player
    _lock: RLock = field(default_factory=RLock)

    def now(self) -> datetime:
        """The moment at which the night stands; it moves only when somebody moves it."""
        return self.at

    @property
    def scene(self) -> Scene | None:
        """The last scene that has begun."""
        return self.night.scene_at(self.at)

    @property
    def next_scene(self) -> Scene | None:
        """The scene to come."""
        return self.night.next_scene(self.at)

    def play_to(self, at: datetime) -> None:
        """Play on to a later moment; raises InputError for an earlier one."""
        with self._lock:
            if at < self.at:
                raise InputError.at("at", "The night cannot be played backwards; build it again.")
            self.player.play(self.at, at, moved=self._move)
            self._move(at)
            folders.stand(self.folder, at)

    def play_on(self, span: timedelta) -> None:
        """Play on for a while."""
        with self._lock:
            self.play_to(self.at + span)

    def play_scene(self) -> None:
        """Play on to the next scene; after the last there is nothing more to play."""
        with self._lock:
            following = self.next_scene
            if following is not None:
                self.play_to(following.at)

    def close(self) -> None:
        """Let go of the record."""
        self.service.record.close()

    def _move(self, at: datetime) -> None:
        self.at = at


def open_stage(
    folder: Path, night: Night, *, real: Settings, at: datetime | None = None, reset: bool = False
) -> Stage:
    """The night as it stands in its folder, or built anew; with ``at``, standing there.

    A night that stands later than ``at`` is built again from its beginning. Raises NotTraining for
    a folder that is not the night's own.
    """
    folders.prepare(folder, real=real)
    standing = None if reset else folders.standing(folder)
    wanted = at or standing or night.scenes[0].at
    if wanted < night.begins:
        raise InputError.at("--as-of", f"The night begins at {night.scenes[0].at:%H:%M} UTC.")
    if standing is None or wanted < standing:
        folders.wipe(folder)
        standing = None
    stage = _opened(folder, night, standing)
    if wanted > stage.at:
        stage.play_to(wanted)
    stage.player.strict = False  # from here on a viewer plays too
    return stage


def _opened(folder: Path, night: Night, standing: datetime | None) -> Stage:
    fresh = standing is None
    service = casework.service(folders.settings(folder, night), create=True)
    folders.only_training(service.record)
    if fresh:
        _staff(service, night)
    at = standing or night.begins

    def now() -> datetime:
        return stage.at

    channel = MessagesFile(folder / folders.MESSAGES, now, folders.names(night))
    player = Player(night, service, channel, strict=fresh)
    stage = Stage(night, folder, service, at, player)
    return stage


def _staff(service: Service, night: Night) -> None:
    """The rulebook that speaks, and who is on duty when, so that alerts find them by name."""
    casework.adopt(service, actor=actor(next(iter(night.staff.values()))), now=night.begins)
    with service.record.writing(now=night.begins) as writing:
        for duty in (duty for staff in night.staff.values() for duty in _duties(staff, night)):
            writing.put_duty(duty)


def _duties(staff: Staff, night: Night) -> list[Duty]:
    whole = ((night.begins - timedelta(hours=1), night.begins + timedelta(days=1)),)
    return [
        Duty(f"{staff.id}-{suite}-{number}", suite, staff.role, staff.id, staff.name,
             folders.address(staff.id), begins, ends)
        for suite in staff.suites
        for number, (begins, ends) in enumerate(staff.on_duty or whole)
    ]  # fmt: skip
