"""The application for any WSGI server: its pages, its API, and its timers.

One process is enough and best: the record has one writer. Where there are several, the timers run
in one of them only.
"""

import os
from pathlib import Path

from triage.cli.service import application
from triage.settings import Settings

app = application(Settings.load(Path(os.environ.get("TRIAGE_INSTANCE", "instance"))))
