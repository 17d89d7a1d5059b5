"""How the dictionary of a packing is trained: on what screenings, alerts and other events say.

    triage demo --reset --no-serve --folder NIGHT
    python -m tests.benchmarks.packing_dictionary 4 NIGHT/night.db

writes ``4.zdict`` beside that of packing 3. A packing that was ever released is never trained
anew: records rest on its very bytes. Everybody in it is invented: the people of a seed, a quiet
one, and those of the training night. Identity parts (names, numbers, dates of birth) are left out
all the same, and so is whoever typed it.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import zstandard

from tests.benchmarks.people import invented
from tests.benchmarks.test_bytes import QUIET, SERGEANT
from tests.record.people import NIGHT
from triage import casework
from triage.domain.answers import Details
from triage.record import Record, Recorded
from triage.record.dictionaries import FOLDER
from triage.record.events import as_json
from triage.record.raisings import RAISED
from triage.rules_files import load, rules_dir
from triage.schemas.screen import details_of
from triage.settings import Settings

BYTES = 163_840  # larger ones gain little more, and each process reads all of it
SEED, PEOPLE, QUIET_ONES = 7, 400, 60
_NIGHTS = 20  # the events of the night count so often, beside hundreds of screenings
_NO_STAY = "s-0000000"
_NEVER = ("record_number",)  # it stands in what the desk sent
_FREE_WORDS = ("by", "name", "reference", "reason", "words", "did", "taken_from")


def people(seed: int = SEED) -> Iterator[Details]:
    """Invented people, and between them one about whom nothing is found."""
    rulebook = load(rules_dir(), draft=True)
    for each in invented(rulebook, PEOPLE, seed=seed):
        yield replace(each, at=NIGHT)
    for document in QUIET * QUIET_ONES:
        yield details_of(document, rulebook=rulebook, now=NIGHT)


def said_of(everybody: Iterator[Details], path: Path) -> list[bytes]:
    """What the record keeps when each of these people is screened once."""
    rulebook = load(rules_dir(), draft=True)
    record = Record.open(path, create=True)
    service = casework.Service(record, rulebook, Settings(path.parent, path))
    for number, details in enumerate(everybody):
        opening = casework.Opening(casework.StayKind.CUSTODY, "castle_street", str(number), NIGHT)
        stay = casework.open_stay(service, opening, actor=SERGEANT, now=NIGHT).stay
        now = NIGHT + timedelta(seconds=number)
        casework.record_screening(service, stay, details, actor=SERGEANT, now=now)
    reading = record.reading()
    said = [text for event in reading.all_events() for text in texts(event)]
    stays = [event.stay for event in reading.all_events() if event.kind == "stay_opened"]
    for stay in stays:
        for alert in reading.alerts_of(str(stay)):
            said += [each.encode() for each in (alert.words, alert.need) if each]
            said.append(as_json(alert.to_roles).encode())
    record.close()
    return said


def night(path: Path) -> list[bytes]:
    """What was typed in the training night, without the free words and the names in it."""
    record = Record.open(path, create=True)
    said = [
        text
        for event in record.reading().all_events()
        if event.kind != "screening_saved"
        for text in texts(event, free_words=event.kind in RAISED)
    ]
    record.close()
    return said


def texts(event: Recorded, *, free_words: bool = True) -> Iterator[bytes]:
    """The header and the parts of one event, never who the person is, nor the id of their stay."""
    parts = [part for group, part in event.payloads.items() if group != "identity"]
    for body in (event.header, *parts):
        said = as_json(_without(body or {}, _NEVER if free_words else (*_NEVER, *_FREE_WORDS)))
        yield (said.replace(event.stay, _NO_STAY) if event.stay else said).encode("ascii")


def _without(body: object, names: tuple[str, ...]) -> object:
    if isinstance(body, dict):
        return {name: _without(item, names) for name, item in body.items() if name not in names}
    return body


def main(number: str, night_path: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        said = said_of(people(), Path(folder) / "triage.db")
    said += night(Path(night_path)) * _NIGHTS
    made = zstandard.train_dictionary(BYTES, said).as_bytes()
    (FOLDER / f"{number}.zdict").write_bytes(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
