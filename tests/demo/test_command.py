"""``triage demo`` as a real process."""

import socket
from pathlib import Path

from tests.command import triage


def demo(tmp_path: Path, *arguments: str, typed: str = ""):
    return triage(
        "demo", "--folder", tmp_path / "demo", *arguments, typed=typed, instance=tmp_path / "real"
    )


def test_it_builds_prints_where_it_is_and_a_pass_word_for_everybody(tmp_path):
    done = demo(tmp_path, "--no-serve")
    lines = done.stdout.splitlines()

    assert (done.returncode, done.stderr) == (0, "")
    assert all(line.startswith("TRAINING") for line in lines)
    assert str(tmp_path / "demo") in done.stdout
    assert "Sat 24 Oct 2026 19:42 BST. Beat 1 of 8" in done.stdout
    assert sum("-" in line and "," in line for line in lines) == 12
    assert not (tmp_path / "real").exists()


def test_it_stands_as_of_a_moment_in_london(tmp_path):
    done = demo(tmp_path, "--no-serve", "--as-of", "2026-10-24T19:00")

    assert "It stands at Sat 24 Oct 2026 19:00 BST. Before the first beat" in done.stdout


def test_a_moment_that_happens_twice_is_asked_for(tmp_path):
    done = demo(tmp_path, "--no-serve", "--as-of", "2026-10-25T01:32")

    assert done.returncode == 2
    assert "2026-10-25T00:32:00Z (01:32 BST)" in done.stderr
    assert "2026-10-25T01:32:00Z (01:32 GMT)" in done.stderr
    assert not (tmp_path / "demo").exists()


def test_a_port_that_is_taken_is_said_before_the_night_is_built(tmp_path):
    """As by a demo that still runs: its night is not built again under it."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = demo(tmp_path, "--reset", "--port", str(other.getsockname()[1]))

    assert (done.returncode, done.stdout) == (2, "")
    assert "Stop what listens there, or give another with --port." in done.stderr
    assert not (tmp_path / "demo").exists()


def test_a_beat_that_does_not_exist_is_refused(tmp_path):
    assert demo(tmp_path, "--beat", "9").returncode == 2
    assert demo(tmp_path, "--beat", "1", "--as-of", "2026-10-24T19:00").returncode == 2


def test_the_terminal_tells_step_by_step_and_goes_back(tmp_path):
    done = demo(tmp_path, "--terminal", typed="\n\n\nb\nq\n")

    assert done.returncode == 0
    assert done.stdout.startswith("TRAINING")
    assert "No flags raised from 29 of 29 answers" in done.stdout
    assert "CALL 999 FIRST" in done.stdout
    assert "Building the night up to there again" in done.stdout
    assert done.stdout.count("Beat 1 of 8") == 2


def test_reset_begins_again_with_new_pass_words(tmp_path):
    first = demo(tmp_path, "--no-serve", "--as-of", "2026-10-24T18:00").stdout
    again = demo(tmp_path, "--no-serve", "--as-of", "2026-10-24T18:00").stdout
    reset = demo(tmp_path, "--no-serve", "--as-of", "2026-10-24T18:00", "--reset").stdout

    assert first == again
    assert reset != first
