"""What a test needs of the machine that it runs on.

Where the run installs everything itself, a program that is missing is a missing step of it, and
fails: it must not pass for a test that was run. Elsewhere the test is skipped, and says why.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

INSTALLED = "CI" in os.environ
NO_SERVICE = "the service runs on POSIX systems"

needs_tmux = pytest.mark.skipif(
    shutil.which("tmux") is None and not INSTALLED, reason="there is no tmux here"
)
# Elsewhere ``triage serve`` ends with a sentence: tests/web/test_serving.py.
needs_the_service = pytest.mark.skipif(os.name != "posix", reason=NO_SERVICE)


def lacking(what: str) -> None:
    """Fail where everything is installed by the run itself; skip elsewhere."""
    (pytest.fail if INSTALLED else pytest.skip)(f"there is no {what} here")


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine and its key, made for one test and trusted by nobody else."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    if shutil.which("openssl") is None:
        lacking("openssl")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(key), "-out", str(cert)],
        capture_output=True, check=True,
    )  # fmt: skip
    return cert, key
