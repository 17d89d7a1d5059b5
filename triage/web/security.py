"""The headers that every answer carries, whatever happened.

Nothing is loaded from elsewhere and nothing is written inline, so no nonce is needed: the policy
is stricter without one. Personal pages are never kept by a browser or a proxy.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
ONE_YEAR = "max-age=31536000; includeSubDomains"
MOST_BYTES = 256 * 1024


def protect(app: Flask) -> None:
    """Put the headers on every answer of this application, and a limit on every body."""
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MOST_BYTES
    app.config["MAX_FORM_PARTS"] = 400
    app.wsgi_app = protected(app.wsgi_app)  # type: ignore[method-assign,assignment]


def protected(served: "WSGIApplication") -> "WSGIApplication":
    """The same application; whatever it answers, the headers of its kind leave with it.

    They are put on last and all at once. Flask would set them one by one, and copy them again.
    """

    def protected(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *fault: Any) -> Any:
            own = [header for header in headers if header[0] != _KEPT]
            return start_response(status, [*own, *HEADERS.items(), *_by_kind(environ)], *fault)

        return served(environ, start)

    return protected


_KEPT = "Cache-Control"


def _by_kind(environ: "WSGIEnvironment") -> Iterable[tuple[str, str]]:
    """Style sheets and scripts hold nothing about anybody and may be asked for again by tag."""
    yield _KEPT, "no-cache" if environ.get("PATH_INFO", "").startswith("/static/") else "no-store"
    if environ["wsgi.url_scheme"] == "https":
        yield "Strict-Transport-Security", ONE_YEAR
