"""The description of the API at a stable address, and a reader for it that needs no other site."""

from copy import deepcopy
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template

from triage.web.errors import PROBLEM_TYPE

blueprint = Blueprint("documents", __name__)

DESCRIPTION = (
    "Screening, Section 136 clocks and alerts for police custody. A terminal sends its token as "
    "`Authorization: Bearer` and the session of whoever acts as `Acting-Session`; a signed-in "
    "browser sends its cookie. Every error is `application/problem+json`."
)


@blueprint.get("/api/openapi.json")
def openapi() -> Response:
    """The OpenAPI 3.1 document."""
    return jsonify(document())


@blueprint.get("/api/docs")
def viewer() -> str:
    """A page that shows it."""
    return render_template("docs.html")


def document() -> dict[str, Any]:
    """The description; errors are problem+json, which flask-smorest itself cannot say."""
    made: dict[str, Any] = deepcopy(current_app.extensions["openapi"]().spec.to_dict())
    for response in made["components"].get("responses", {}).values():
        content = response.get("content", {})
        if "application/json" in content:
            content[PROBLEM_TYPE] = content.pop("application/json")
    return made
