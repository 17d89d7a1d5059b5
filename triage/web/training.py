"""What a training night adds to the doors: pages of its own, and a bar on every page.

A real service has none; every route of it still stands in a table with who may use it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Flask, current_app

from triage.web.access import Access

_NAME = "triage.training"


@dataclass(frozen=True)
class Training:
    """The pages of a training night, who may use them, and what its bar shows."""

    blueprint: Blueprint
    routes: Mapping[str, Access]
    around: Callable[[], Mapping[str, Any]]


def mount(app: Flask, training: Training | None) -> None:
    """Add a training night to an application; nothing, where there is none."""
    if training is None:
        return
    app.extensions[_NAME] = training
    app.register_blueprint(training.blueprint)
    app.context_processor(lambda: dict(training.around()))


def routes() -> Mapping[str, Access]:
    """The routes that the application which answers now has beyond the table of every service."""
    training = cast(Training | None, current_app.extensions.get(_NAME))
    return {} if training is None else training.routes
