"""Teams, ntfy and what else apprise knows, through apprise. It is read only when it is configured.

Each address is tried by itself: in one go, a failure of one would hide whether others have it.
"""

import importlib
import logging
import warnings
from dataclasses import dataclass
from threading import Lock
from typing import Any

from triage.channels.messages import Message, Outcome, Sent, together
from triage.channels.within import within

MISSING = "the extra channels is not installed"
_loading = Lock()


@dataclass(frozen=True)
class Push:
    """Every address that apprise reaches; the addresses come with each message."""

    timeout_seconds: float = 5.0

    def send(self, message: Message) -> Sent:
        """Push it once, over in ``timeout_seconds``; never raises.

        Apprise does not say why something failed, so what failed is tried again.
        """
        if not message.to:
            return Sent(Outcome.OFF, "nobody is reached this way for this role")
        return within(self.timeout_seconds, lambda: self._try(message))

    def _try(self, message: Message) -> Sent:
        try:
            apprise = _apprise()
        except ImportError:
            return Sent(Outcome.OFF, MISSING)

        def push(address: str) -> Sent:
            sender = apprise.Apprise(asset=apprise.AppriseAsset(http_redirects=False))
            if not sender.add(_hurried(address, self.timeout_seconds)):
                return Sent(Outcome.FAILED, "apprise knows no such address")
            if sender.notify(body=message.words, title=message.subject):
                return Sent(Outcome.SENT)
            return Sent(Outcome.UNKNOWN, "apprise could not send it")

        return together([push(address) for address in message.to])


def _hurried(address: str, seconds: float) -> str:
    """The address with apprise's own limits for connecting and for each wait."""
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}cto={seconds}&rto={seconds}"


def _apprise() -> Any:
    """The library; its log names addresses, which are secrets, and its import warns of itself."""
    with _loading, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        apprise = importlib.import_module("apprise")
        apprise.Apprise.instantiate("json://localhost")  # reads all of its plug-ins, once
    return apprise
