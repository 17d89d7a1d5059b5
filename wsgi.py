"""The application for any WSGI server: its pages, its API, and its timers.

One process is enough and best: the record has one writer. Where there are several, the timers run
in one of them only.
"""

import os
from pathlib import Path

from triage import casework
from triage.scheduler import start
from triage.settings import Settings
from triage.web import create_app

service = casework.service(Settings.load(Path(os.environ.get("TRIAGE_INSTANCE", "instance"))))
app = create_app(service=service)
timers = start(service)
