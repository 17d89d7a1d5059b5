"""The addresses of the pages and of the API, as werkzeug keeps them."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]


class Address(Rule):
    """An address that learns to be written when it is first written.

    werkzeug compiles two functions for each, at each start: half of what making the application
    costs, for addresses of which most are only ever read.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Build:
        """A function that makes the real one at its first use, and takes its place with it."""
        make = super()._compile_builder

        def first(_address: Rule, /, **values: Any) -> tuple[str, str]:
            build: Build = make(append_unknown).__get__(self, None)
            setattr(self, "_build_unknown" if append_unknown else "_build", build)
            return build(**values)

        return first
