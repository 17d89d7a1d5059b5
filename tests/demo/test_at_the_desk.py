"""The night at the desk: whoever learns sits where the sergeant sits, and moves the clock by a key.

tmux is the terminal.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import triage
from tests.desk.glass import AS_IT_IS, Glass
from tests.machine import needs_tmux


@pytest.fixture
def glass() -> Iterator[Glass]:
    with tempfile.TemporaryDirectory() as short:  # the path of a socket has few characters
        glass = Glass(Path(short) / "tmux", 100, 30)
        yield glass
        glass.close()


@needs_tmux
def test_a_key_moves_the_night_on_and_every_screen_stands_in_its_time(glass: Glass, tmp_path: Path):
    night = ("--desk", "okafor", "--beat", "1", "--folder", str(tmp_path / "demo"))
    glass.run("demo", *night, instance=tmp_path / "real")
    first = glass.shown(until="6 people in Castle Street", at_rest=AS_IT_IS)
    glass.type("F6")
    marcus = glass.shown(until="as of 20:15 BST", at_rest=AS_IT_IS)
    glass.type("!")
    called = glass.shown(until="Call 999 first.", at_rest=AS_IT_IS)
    glass.type("s")
    asked = glass.shown(until="O1 Can they be woken?", at_rest=AS_IT_IS)
    glass.type("C-l")
    locked = glass.shown(until="LOCKED", at_rest=AS_IT_IS)

    assert first[0].startswith("TRAINING  Castle Street | PS Okafor, custody sergeant")
    assert first[0].endswith("Sat 24 Oct 19:42 BST")
    assert "F6 on to 20:15 BST." in " ".join(first[1:4])
    assert marcus[0].endswith("Sat 24 Oct 20:15 BST")
    assert any(line.startswith("EMERGENCY Hospital now: call 999.") for line in called)
    assert asked[0].endswith("Sat 24 Oct 20:15")
    assert not any("MT" in line or "Tull" in line for line in locked)
    assert any("the password here is " in line for line in locked)


def test_nobody_sits_down_who_is_not_of_the_night_or_without_a_terminal(tmp_path: Path):
    def refused(*arguments: str) -> str:
        done = triage("demo", "--folder", tmp_path / "demo", *arguments, instance=tmp_path)
        assert done.returncode == 2
        return str(done.stderr)

    assert "Nobody of the night has this account" in refused("--desk", "somebody")
    assert "needs a terminal" in refused("--desk", "okafor")
    assert "give one of them" in refused("--desk", "okafor", "--terminal")
    assert not (tmp_path / "demo").exists()
