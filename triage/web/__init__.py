"""The web doors: an API for terminals and other systems, and plain pages for people."""

from triage.web.app import create_app
from triage.web.serving import Listen, ServeRefused, serve

__all__ = ["Listen", "ServeRefused", "create_app", "serve"]
