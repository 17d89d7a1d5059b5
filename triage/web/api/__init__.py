"""The API under /api/v1: what terminals and other systems use, described by OpenAPI 3.1."""

from functools import cache

from flask import Flask
from flask_smorest import Api

from triage.web.api import (
    acting,
    alerts,
    decisions,
    desk,
    documents,
    evaluate,
    health,
    lists,
    papers,
    review,
    review_acts,
    rota,
    rulebook,
    shifts,
    stays,
)
from triage.web.api.describing import PROBLEM, describe_fields, describe_security

PREFIX = "/api/v1"
_PARTS = (
    health, rulebook, evaluate, acting, stays, papers, decisions, alerts, lists, desk, shifts,
    rota, review, review_acts,
)  # fmt: skip


class ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest, which describes every error as our own form of it."""

    ERROR_SCHEMA = PROBLEM


def mount(app: Flask) -> None:
    """Give this application its API, the description of it, and a reader for that."""
    for part in _PARTS:
        app.register_blueprint(part.blueprint, url_prefix=PREFIX)
    app.extensions["openapi"] = description
    app.register_blueprint(documents.blueprint)


@cache
def description() -> Api:
    """What describes the API, made when somebody first asks: no start of the service waits for it.

    It is the same for every installation, so an application of its own is described.
    """
    app = Flask(__name__)
    app.config.update(
        API_TITLE="Custody Triage",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_JSON_PATH="",
        OPENAPI_URL_PREFIX=None,
        API_SPEC_OPTIONS={"info": {"description": documents.DESCRIPTION}},
    )
    api = ProblemApi(app)
    describe_fields(api)
    describe_security(api)
    for part in _PARTS:
        api.register_blueprint(part.blueprint, url_prefix=PREFIX)
    return api
