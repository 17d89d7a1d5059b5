"""The folder of the night is its own, its clock is the viewer's, and it can stand anywhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from triage import casework
from triage.demo import folder as folders
from triage.demo import night as nights
from triage.demo.night import Night
from triage.demo.player import actor
from triage.demo.sign_in import pass_words
from triage.demo.stage import Stage, open_stage
from triage.demo.telling import BEGIN_AGAIN, stands, tell
from triage.domain import london
from triage.domain.errors import InputError, NotAllowed, RoleRefused
from triage.settings import Settings

from .conftest import elsewhere


def london_at(text: str) -> datetime:
    return london.from_wall(datetime.fromisoformat(text)).astimezone(UTC)


def a_short_night(night: Night, until: str = "2026-10-24T19:45") -> Night:
    """The first hours only: enough to see how the stage works."""
    end = london_at(until)
    return replace(night, acts=tuple(act for act in night.acts if act.at <= end))


@pytest.fixture
def short(night: Night) -> Night:
    return a_short_night(night)


@pytest.fixture
def real(tmp_path: Path) -> Settings:
    return elsewhere(tmp_path)


def standing(stage: Stage) -> tuple[datetime, int]:
    """Where a stage stands, and how much is on its record; then let go of it."""
    found = (stage.now(), stage.service.record.reading().head())
    stage.close()
    return found


def test_a_night_that_was_told_to_its_end_says_how_to_begin_it_again(told_night, tmp_path, real):
    begun = open_stage(tmp_path / "demo", a_short_night(told_night.night), real=real)
    first = list(stands(begun))
    begun.close()
    last = list(stands(told_night.stage))

    assert [line.split(". ")[0] for line in first] == ["It stands at Sat 24 Oct 2026 19:42 BST"]
    assert last[-1] == BEGIN_AGAIN


# ------------------------------------------------------------------ its own folder


def test_a_folder_that_is_not_the_nights_own_is_left_alone(short, tmp_path, real):
    folder = tmp_path / "somebody"
    folder.mkdir()
    (folder / "triage.db").write_bytes(b"a real record")

    with pytest.raises(folders.NotTraining):
        open_stage(folder, short, real=real, reset=True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "triage.db": b"a real record"
    }


def test_the_folder_of_the_installation_is_refused_even_when_it_is_empty(short, tmp_path):
    real = Settings(tmp_path, tmp_path / "triage.db")

    with pytest.raises(folders.NotTraining):
        open_stage(tmp_path, short, real=real)
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_the_folder_of_the_installation_is_refused(short, tmp_path, real):
    real.instance.mkdir()
    (tmp_path / "link").symlink_to(real.instance)

    with pytest.raises(folders.NotTraining):
        open_stage(tmp_path / "link", short, real=real)
    assert list(real.instance.iterdir()) == []


def test_a_marked_folder_with_somebody_real_in_it_is_neither_used_nor_wiped(short, tmp_path, real):
    folder = tmp_path / "demo"
    stage = open_stage(folder, short, real=real)
    opening = casework.Opening(
        casework.StayKind.CUSTODY, "castle_street", "CS/1/26", stage.now(), training=False
    )
    desk = actor(short.staff["okafor"])
    casework.open_stay(stage.service, opening, actor=desk, now=stage.now())
    before = standing(stage)[1]

    for reset in (False, True):
        with pytest.raises(folders.NotTraining):
            open_stage(folder, short, real=real, reset=reset)
    assert (folder / folders.DATABASE).exists()
    service = casework.service(folders.settings(folder, short))
    assert service.record.reading().head() == before
    service.record.close()


def test_no_setting_of_the_installation_reaches_the_night(short, tmp_path, real, monkeypatch):
    monkeypatch.setenv("TRIAGE_DATABASE", str(tmp_path / "real.db"))
    monkeypatch.setenv("TRIAGE_MAIL_HOST", "mail.example.test")
    stage = open_stage(tmp_path / "demo", short, real=real)
    settings = stage.service.settings
    stage.close()

    assert settings.database == (tmp_path / "demo" / folders.DATABASE)
    assert settings.training
    assert settings.mail.host.endswith(".invalid")
    assert not (tmp_path / "real.db").exists()


def test_messages_become_lines_and_name_nobody_who_is_held(told_night):
    text = (told_night.stage.folder / folders.MESSAGES).read_text(encoding="utf-8")
    names = {
        part for held in told_night.night.people.values() for part in held.opening["name"].split()
    }

    assert "to HCP Haines: Castle Street (training): 1 EMERGENCY" in text
    assert not {name for name in names if name in text.split()}


# ------------------------------------------------------------------ its clock


def test_the_clock_moves_only_when_somebody_moves_it(short, tmp_path, real):
    stage = open_stage(tmp_path / "demo", short, real=real)
    first = stage.now()
    stage.play_on(timedelta(minutes=15))

    assert first == short.scenes[0].at
    assert stage.now() - first == timedelta(minutes=15)
    beat = stage.service.record.reading().last_heartbeat()
    assert beat is not None
    assert beat.at == stage.now()
    stage.close()


def test_a_night_is_taken_up_where_it_was_left(short, tmp_path, real):
    stage = open_stage(tmp_path / "demo", short, real=real)
    stage.play_on(timedelta(minutes=1))
    left = standing(stage)

    assert standing(open_stage(tmp_path / "demo", short, real=real)) == left


def test_an_act_is_recorded_once_when_the_note_of_where_it_stood_is_lost(short, tmp_path, real):
    folder = tmp_path / "demo"
    stage = open_stage(folder, short, real=real, at=short.scenes[0].at)
    opened = len(stage.service.record.reading().open_stays())
    stage.close()
    folders.stand(folder, short.scenes[0].at - timedelta(minutes=5))  # as after a power cut

    again = open_stage(folder, short, real=real, at=short.scenes[0].at)
    assert len(again.service.record.reading().open_stays()) == opened
    decisions = casework.stay_view(
        again.service, again.player.stay("ryan"), actor=actor(short.staff["nair"]), now=again.now()
    ).decisions
    assert [one.outcome for one in decisions] == ["offered", "declined"]
    again.close()


def test_standing_earlier_builds_the_night_again(short, tmp_path, real):
    late = standing(open_stage(tmp_path / "demo", short, real=real))
    early = standing(
        open_stage(tmp_path / "demo", short, real=real, at=london_at("2026-10-24T18:00"))
    )

    assert early[0] < late[0]
    assert early[1] < late[1]


def test_two_builds_of_the_same_night_record_the_same_things(short, tmp_path, real):
    def kinds(folder: Path) -> list[tuple[str, datetime]]:
        stage = open_stage(folder, short, real=real)
        found = [(e.kind, e.recorded_at) for e in stage.service.record.reading().all_events()]
        stage.close()
        return found

    assert kinds(tmp_path / "one") == kinds(tmp_path / "two")


def test_a_moment_before_the_night_is_refused(short, tmp_path, real):
    with pytest.raises(InputError):
        open_stage(tmp_path / "demo", short, real=real, at=london_at("2026-10-24T12:00"))


def test_each_beat_has_a_place_to_stand(night):
    stands = [night.stand(beat).at for beat in range(1, 9)]

    assert stands == sorted(stands)
    assert night.stand(3).at == london_at("2026-10-24T21:26")
    with pytest.raises(InputError):
        night.stand(9)


# ------------------------------------------------------------------ the story and its faults


def with_act(night: Night, **said) -> Night:
    """The short night with one more act in it."""
    act = nights.Act(999, london_at("2026-10-24T19:41"), **said)
    return replace(night, acts=tuple(sorted((*night.acts, act), key=lambda each: each.at)))


def test_a_story_that_its_own_rules_refuse_is_not_built(short, tmp_path, real):
    story = with_act(
        short, do="consent", by="okafor", who="ryan",
        more=MappingProxyType({"to": "the council", "given": True}),
    )  # fmt: skip

    with pytest.raises(RoleRefused):
        open_stage(tmp_path / "demo", story, real=real)


def test_a_refusal_that_the_law_does_not_make_stops_the_story(short, tmp_path, real):
    story = with_act(
        short, do="authorise", by="okafor", who="ryan",
        more=MappingProxyType({"kind": "detention_authorised", "refused": True}),
    )  # fmt: skip

    with pytest.raises(AssertionError, match="should have refused"):
        open_stage(tmp_path / "demo", story, real=real)


def test_what_the_viewer_did_first_is_left_out_and_said(night, tmp_path, real):
    story = a_short_night(night, "2026-10-24T22:10")
    stage = open_stage(tmp_path / "demo", story, real=real, at=london_at("2026-10-24T21:50"))
    leaving = casework.Release(stage.now(), "home", reason="person_declined")
    casework.release(
        stage.service, stage.player.stay("sanjay"), leaving,
        actor=actor(story.staff["okafor"]), now=stage.now(),
    )  # fmt: skip
    stage.play_to(london_at("2026-10-24T22:10"))

    assert [(each.act.do, each.act.who) for each in stage.player.left] == [("release", "sanjay")]
    stage.close()


def test_the_council_cannot_be_told_against_her_word(night, tmp_path, real):
    story = a_short_night(night, "2026-10-24T21:26")
    stage = open_stage(tmp_path / "demo", story, real=real, at=london_at("2026-10-24T21:26"))
    taken_up = casework.RouteDecision(
        casework.RouteOutcome.ACCEPTED, stage.now(), route="housing_referral"
    )

    with pytest.raises(NotAllowed):
        casework.decide_route(
            stage.service, stage.player.stay("denise"), taken_up,
            actor=actor(story.staff["nair"]), now=stage.now(),
        )  # fmt: skip
    stage.close()


def test_the_repeated_hour_in_the_data_has_to_say_which(short):
    with pytest.raises(InputError):
        nights.moment("2026-10-25T01:32")


# ------------------------------------------------------------------ sign-in words


def test_pass_words_are_made_by_chance_and_kept_from_others(short, tmp_path):
    one = pass_words(tmp_path, short)

    assert set(one) == set(short.staff)
    assert len(set(one.values())) == len(one)
    assert pass_words(tmp_path, short) == one
    assert pass_words(tmp_path, short, fresh=True) != one
    assert (tmp_path / folders.SIGN_IN).stat().st_mode & 0o077 == 0


# ------------------------------------------------------------------ the terminal


def a_telling(stage: Stage, answers: list[str], size: tuple[int, int]) -> list[str]:
    said: list[str] = []
    asked = iter(answers)

    def ask(question: str) -> str:
        said.append(question)
        return next(asked, "q")

    def back(now: Stage, scene) -> Stage:
        said.append(f"TRAINING  back to {scene.number if scene else 'nothing'}")
        return now

    tell(stage, ask=ask, say=said.append, back=back, size=size)
    return said


def test_the_telling_fits_its_screen_and_marks_every_line(told_night):
    said = a_telling(told_night.stage, ["", "", "", "b", "q"], (80, 24))
    screens = "\n".join(said).split(" > ")

    assert all(line.startswith("TRAINING") for line in said)
    assert all(len(line) <= 80 for line in said)
    assert all(screen.count("\n") <= 24 for screen in screens)


def test_b_goes_back_one_scene(told_night):
    last = told_night.stage.night.scenes[-1].number
    said = a_telling(told_night.stage, ["b"], (100, 200))

    assert f"TRAINING  back to {last - 1}" in said
