"""The folder of the training night: marked as its own, and never anybody's real one.

Nothing is written or removed in a folder that does not bear the mark, and no setting of the real
installation is read here: the paths below are the only ones that the night knows.
"""

from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from triage.demo.night import Night
from triage.domain import london
from triage.domain.errors import TriageError
from triage.domain.roles import Role, role_words
from triage.record import Record
from triage.settings import Mail, Settings

MARK = "TRAINING.txt"
_MARK_WORDS = (
    "TRAINING DATABASE of `triage demo`. Everybody in it is invented.\n"
    "`triage demo --reset` removes and rebuilds what lies in this folder.\n"
)
DATABASE, STANDING, MESSAGES, SIGN_IN = "night.db", "standing.txt", "messages.txt", "sign-in.txt"
_OURS = (
    DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}.lock", "anchors.log",
    "timers.lock", STANDING, MESSAGES,
)  # fmt: skip


class NotTraining(TriageError):
    """The folder is not a training folder; nothing in it was touched."""


def prepare(folder: Path, *, real: Settings) -> None:
    """Make the folder of the night, or make sure that it is one; raises NotTraining if not."""
    folder = folder.absolute()
    _refuse_the_real(folder, real)
    if is_marked(folder):
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotTraining(
            f"{folder} is not empty and is not marked as a training folder ({MARK}). "
            "Nothing in it was touched. Name another folder with --folder."
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / MARK).write_text(_MARK_WORDS, encoding="utf-8")


def is_marked(folder: Path) -> bool:
    """Whether this folder was made for the training night."""
    mark = folder / MARK
    return mark.is_file() and mark.read_text(encoding="utf-8", errors="replace") == _MARK_WORDS


def wipe(folder: Path) -> None:
    """Remove the night that was played here; raises NotTraining for any other folder."""
    if not is_marked(folder):
        raise NotTraining(f"{folder} is not marked as a training folder. Nothing was removed.")
    if (folder / DATABASE).exists():
        _refuse_the_untrained(folder)
    for name in _OURS:
        (folder / name).unlink(missing_ok=True)


def settings(folder: Path, night: Night) -> Settings:
    """The settings of the night; no e-mail can leave: ``.invalid`` is no place in the world."""
    folder = folder.absolute()
    to = {str(role): (address(role),) for role in Role}
    mail = Mail("mail.training.invalid", sender="night@training.invalid", to=MappingProxyType(to))
    return Settings(folder, folder / DATABASE, mail=mail, training=True, draft_rules=True)


def address(of: str) -> str:
    """Where a message to somebody of the night would go: to no place in the world."""
    return f"{of}@training.invalid"


def names(night: Night) -> dict[str, str]:
    """Who stands behind each address of the night."""
    roles = {address(role): f"the {role_words(role)}, whoever it is" for role in Role}
    return roles | {address(staff.id): staff.name for staff in night.staff.values()}


def standing(folder: Path) -> datetime | None:
    """The moment of the night at which this folder stands; None before it has begun."""
    path = folder / STANDING
    if not path.exists():
        return None
    return datetime.fromisoformat(path.read_text(encoding="utf-8").strip())


def stand(folder: Path, at: datetime) -> None:
    """Note the moment at which this folder stands now."""
    fresh = folder / f"{STANDING}.new"
    fresh.write_text(f"{london.iso(at)}\n", encoding="utf-8")
    fresh.replace(folder / STANDING)


def only_training(record: Record) -> None:
    """Raise NotTraining if anybody in this record is not marked as invented."""
    if any(not stay.training for stay in record.reading().open_stays()):
        raise NotTraining(
            f"{record.path} holds people who are not marked as training data. "
            "The night does not touch it."
        )


def _refuse_the_untrained(folder: Path) -> None:
    record = Record.open(folder / DATABASE)
    try:
        only_training(record)
    finally:
        record.close()


def _refuse_the_real(folder: Path, real: Settings) -> None:
    places = {real.instance.resolve(), real.database.parent.resolve()}
    mine = {folder.resolve(), (folder / DATABASE).resolve().parent}
    if places & mine or real.database.resolve() == (folder / DATABASE).resolve():
        raise NotTraining(
            f"{folder} is the folder of this installation. The training night keeps to its own; "
            "name another with --folder."
        )
