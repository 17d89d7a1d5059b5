"""The fourth beat at the desk: four gaps in the evening; in the morning his sister, and none."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.demo.conftest import elsewhere
from tests.desk.people import Typed, reached
from triage import casework
from triage.demo.night import Night
from triage.demo.player import actor
from triage.demo.stage import Stage, open_stage
from triage.desk.client import Left
from triage.desk.leaving import Leaving
from triage.desk.releases import Drafts
from triage.domain.london import text
from triage.present import leaving as words
from triage.record import EventKind

EVENING = datetime(2026, 10, 24, 21, 50, tzinfo=UTC)
MORNING = datetime(2026, 10, 25, 5, 39, tzinfo=UTC)
HE_LEAVES = ["05:35", "1", "His sister, who collects him", "His sister's car",
             "His sister: what to look for, and whom to ring at night", "",
             "The liaison team calls him on Sunday at 11:00", "s",
             "The numbers for the night, to him", ""]  # fmt: skip


@contextmanager
def standing(night: Night, folder: Path, at: datetime) -> Iterator[Stage]:
    stage = open_stage(folder / "demo", night, real=elsewhere(folder), at=at)
    yield stage
    stage.close()


def typed(stage: Stage, drafts: Drafts, *lines: str) -> Left | None:
    okafor = actor(stage.night.staff["okafor"])
    client = reached(stage.service, okafor, stage.now)
    [alan] = [each for each in client.people() if each.stay == stage.player.stay("alan")]
    return Leaving(client, Typed(list(lines)), alan, drafts.of(alan.stay), drafts.save).run()


def test_alan_whitlock_is_released_at_the_desk_once_nothing_is_open(
    night: Night, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    drafts = Drafts(tmp_path / "releases")
    with standing(night, tmp_path, EVENING) as stage:
        put_off = typed(stage, drafts, "q")
        evening = capsys.readouterr().err
    with standing(night, tmp_path, MORNING) as stage:
        left = typed(stage, drafts, *HE_LEAVES, "y")
        morning = capsys.readouterr().err
        events = stage.service.record.reading().stay_events(stage.player.stay("alan"))
        view = casework.stay_view(
            stage.service, stage.player.stay("alan"), actor=actor(stage.night.staff["marsh"]),
            now=stage.now(),
        )  # fmt: skip

    assert put_off is None
    assert [line[:12] for line in evening.splitlines() if line[:4].strip().rstrip(".").isdigit()
            and ". Urgent" in line] == [f" {n}. Urgent: " for n in range(1, 5)]  # fmt: skip
    assert "A sexual allegation." in evening
    assert "Alan Whitlock. As of Sat 24 Oct 2026 22:50 BST." in evening
    assert left is not None and left.gaps == ()
    assert words.REASON not in morning
    [released] = [each for each in events if each.kind is EventKind.RELEASED]
    assert text(released.occurred_at) == "Sun 25 Oct 2026 05:35 GMT"
    assert released.payloads["police"]["handed_to"] == "His sister, who collects him"
    assert view.closed_at == released.occurred_at
