"""Where the service listens, and when it refuses to."""

import gc
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.command import CONTRACT
from tests.faults.server import ROOT, free_port, settings_in
from triage.web import Listen, ServeRefused
from triage.web.serving import _options, settled


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "localhost", "127.9.9.9"])
def test_this_machine_may_be_served_in_the_clear(host: str):
    Listen(host).check()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "custody.example", ""])
def test_other_machines_are_served_only_encrypted_or_behind_a_proxy(host: str, tmp_path: Path):
    paper = tmp_path / "paper.pem"
    paper.write_text("a certificate")

    with pytest.raises(ServeRefused, match="nothing would be encrypted"):
        Listen(host).check()
    Listen(host, certificate=paper, certificate_key=paper).check()
    Listen(host, trusted_proxy=True).check()


WITHOUT_FILE_LOCKS = "import sys; sys.modules['fcntl'] = None; from triage.cli import main; main()"


def test_where_there_are_no_posix_file_locks_the_service_ends_with_a_sentence(tmp_path: Path):
    """And screening goes on there: neither it nor what it imports needs them."""
    env = settings_in(tmp_path)

    def without(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", WITHOUT_FILE_LOCKS, *words]
        return subprocess.run(command, cwd=ROOT, env=env, text=True, capture_output=True)

    migrated = without("migrate")
    served = without("serve", "--port", str(free_port()))
    screened = without("screen", str(CONTRACT / "screen-ryan.json"))

    assert (migrated.returncode, served.returncode, screened.returncode) == (0, 2, 0)
    assert "no POSIX file locks" in served.stderr
    assert "Traceback" not in served.stderr
    assert "No flags raised" in screened.stdout


def test_a_certificate_without_its_key_is_refused(tmp_path: Path):
    with pytest.raises(ServeRefused, match="belong together"):
        Listen(certificate=tmp_path / "cert.pem").check()


def test_a_certificate_that_is_not_there_is_refused(tmp_path: Path):
    gone = tmp_path / "cert.pem"

    with pytest.raises(ServeRefused, match=r"no file cert\.pem"):
        Listen(certificate=gone, certificate_key=gone).check()


def test_only_a_proxy_that_the_settings_name_is_believed():
    assert _options(Listen())["forwarded_allow_ips"] == ""
    assert _options(Listen(trusted_proxy=True))["forwarded_allow_ips"] == "*"
    assert {_options(Listen())[name] for name in ("workers", "threads")} == {1, 8}


def test_what_the_service_rests_on_is_not_looked_through_for_garbage_again():
    """Each look stops everybody; what is made later is looked through as always."""
    try:
        made = settled(lambda: SimpleNamespace(rules=[[], {}]))  # type: ignore[arg-type, return-value]
        later: list[list[int]] = [[]]
        looked_at = {id(each) for each in gc.get_objects()}

        assert id(made.rules) not in looked_at
        assert id(later) in looked_at
    finally:
        gc.unfreeze()
