"""The headers that every answer carries, whatever happened.

Nothing is loaded from elsewhere and nothing is written inline, so no nonce is needed: the policy
is stricter without one. Personal pages are never kept by a browser or a proxy.
"""

from flask import Flask, Response, request

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
    app.after_request(with_headers)


def with_headers(response: Response) -> Response:
    """The same answer with the headers of its kind."""
    response.headers.update(HEADERS)
    response.headers["Cache-Control"] = "no-cache" if _is_public_file() else "no-store"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = ONE_YEAR
    return response


def _is_public_file() -> bool:
    """Style sheets and scripts hold nothing about anybody and may be asked for again by tag."""
    return request.endpoint == "static"
