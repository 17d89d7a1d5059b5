"""Asking the application in this process what a client would ask over the network."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from triage.channels.asking import Answered, Asked
from triage.record import Actor
from triage.web.gate import ACTOR


@dataclass(frozen=True)
class Inside:
    """A way to the service without a network: the same routes, for somebody who was proved."""

    app: Flask
    actor: Actor

    def __call__(self, asked: Asked) -> Answered | str:
        """What the application answers; on this way nothing is late or lost."""
        headers = list((asked.headers or {}).items())
        builder = EnvironBuilder(
            asked.url, method=asked.method, headers=headers, data=asked.body,
            environ_overrides={ACTOR: self.actor},
        )  # fmt: skip
        try:
            body, status, _ = run_wsgi_app(self.app, builder.get_environ(), buffered=True)
        finally:
            builder.close()
        return Answered(int(status.partition(" ")[0]), _document(b"".join(body)))


def _document(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
