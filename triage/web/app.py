"""The application: one casework service behind an API and pages."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, redirect, url_for
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from triage import casework, clock
from triage.settings import Settings
from triage.web import access, api, chrome, errors, gate, pages, security, sign_in, siren
from triage.web.addresses import Address
from triage.web.doors import Doors, Now
from triage.web.training import Training
from triage.web.training import mount as mount_training


class Application(Flask):
    """Flask, without asking at each request of each function whether it is asynchronous."""

    url_rule_class = Address

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is: none of ours is asynchronous, which a test holds."""
        return func


def create_app(
    settings: Settings | None = None,
    *,
    now: Now = clock.now,
    wall: Now = clock.now,
    service: casework.Service | None = None,
    training: Training | None = None,
) -> Flask:
    """The doors of one installation.

    ``settings`` default to those of the folder in ``TRIAGE_INSTANCE``, else ``instance``. ``now``
    is the time of the record; a training night hands in its own, and its pages as ``training``.
    ``wall`` is the time of sign-ins. Raises RuntimeError when a route is missing in the table of
    ``triage.web.access``.
    """
    if service is None:
        service = casework.service(settings or _settings())
    app = Application(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # an answer keeps the order of its contract
    app.extensions["triage"] = Doors(service, now, wall)
    security.protect(app)
    gate.guard(app)
    chrome.frame(app)
    api.mount(app)
    errors.report(app)
    app.register_blueprint(sign_in.blueprint)
    app.register_blueprint(siren.blueprint)
    pages.mount(app)
    mount_training(app, training)
    app.add_url_rule("/favicon.ico", "favicon", _favicon)
    if service.settings.trusted_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    listed = () if training is None else training.routes
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}.difference(listed)
    forgotten = access.unlisted(endpoints)
    if forgotten:
        raise RuntimeError(f"These routes have no line in triage.web.access: {forgotten}")
    return app


def _settings() -> Settings:
    return Settings.load(Path(os.environ.get("TRIAGE_INSTANCE", "instance")))


def _favicon() -> Response:
    return redirect(url_for("static", filename="icon.svg"), 301)
