"""Pass-words of the training staff: made by chance when the night is built, never in code."""

import os
import secrets
from datetime import datetime
from pathlib import Path

from triage.casework import Service
from triage.demo.folder import SIGN_IN
from triage.demo.night import Night
from triage.record import Account
from triage.web import passwords

_WORDS = (
    "amber", "anchor", "apron", "badge", "barrel", "basket", "beaver", "birch", "blanket",
    "bottle", "bridge", "bucket", "button", "candle", "carpet", "cedar", "cherry", "clover",
    "copper", "cotton", "cradle", "curtain", "daisy", "drawer", "falcon", "feather",
    "fiddle", "garden", "ginger", "gravel", "hammer", "hazel", "heron", "jacket", "kettle",
    "ladder", "lantern", "linen", "marble", "meadow", "mitten", "needle", "otter", "paddle",
    "pebble", "pepper", "pigeon", "pillow", "pocket", "ribbon", "saddle", "salmon",
    "shovel", "silver", "spoon", "thimble", "timber", "turnip", "velvet", "walnut",
    "whistle", "willow", "window", "yellow",
)  # fmt: skip
_LONG = 4  # words: one in sixteen million, at a door that slows down after the fifth wrong try


def pass_words(folder: Path, night: Night, *, fresh: bool = False) -> dict[str, str]:
    """The pass-words of this folder's staff, by account; made once, and again when ``fresh``."""
    path = folder / SIGN_IN
    known = {} if fresh or not path.exists() else _read(path)
    made = {account: known.get(account) or _made() for account in night.staff}
    if made != known:
        _write(path, made)
    return made


def accounts(service: Service, night: Night, words: dict[str, str], *, now: datetime) -> None:
    """Let the staff of the night sign in with their pass-words; ``now`` is the wall clock's."""
    reading = service.record.reading()
    for staff in night.staff.values():
        word = words[staff.id]
        there = reading.account(staff.id)
        if there is not None and passwords.matches(there.password_hash, word):
            continue
        kept = passwords.hashed(word)
        with service.record.writing(now=now) as writing:
            if there is None:
                writing.add_account(
                    Account(staff.id, staff.name, staff.role, staff.suites, kept, True, now)
                )
            else:
                writing.set_password(staff.id, kept)


def _made() -> str:
    return "-".join(secrets.choice(_WORDS) for _ in range(_LONG))


def _read(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines if len(line.split()) == 2)


def _write(path: Path, words: dict[str, str]) -> None:
    """For the one who runs the night alone: nobody else of this machine reads it."""
    text = "".join(f"{account} {word}\n" for account, word in words.items())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
