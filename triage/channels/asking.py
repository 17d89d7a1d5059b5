"""Asking another machine for one small JSON document, with an end to the wait whatever it does."""

import json
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from triage.domain.errors import InputError

MOST_READ = 64 * 1024


def ask(url: str, seconds: float, *, authority: str | None = None) -> dict[str, Any]:
    """The document at this address; raises InputError in words for everything else.

    No redirect is followed. ``authority`` is a file of certificates to trust besides.
    """
    found: list[dict[str, Any] | str] = []
    thread = Thread(target=lambda: found.append(_try(url, seconds, authority)), daemon=True)
    thread.start()
    thread.join(seconds)
    told = found[0] if found else _late(seconds)
    if isinstance(told, str):
        raise InputError.at("url", told)
    return told


def _late(seconds: float) -> str:
    return f"it gave no answer within {seconds:g} s"


def _try(url: str, seconds: float, authority: str | None) -> dict[str, Any] | str:
    address = urlsplit(url)
    target = address._replace(scheme="", netloc="", fragment="").geturl() or "/"
    connection: HTTPConnection | None = None
    try:
        if address.scheme == "https":
            context = ssl.create_default_context(cafile=authority)
            connection = HTTPSConnection(
                address.hostname or "", address.port, timeout=seconds, context=context
            )
        else:
            connection = HTTPConnection(address.hostname or "", address.port, timeout=seconds)
        connection.request("GET", target, headers={"Connection": "close"})
        answer = connection.getresponse()
        body = answer.read(MOST_READ)
    except TimeoutError:  # the socket's own limit may come a moment before ours
        return _late(seconds)
    except (OSError, HTTPException) as error:
        return f"it cannot be reached ({type(error).__name__})"
    finally:
        if connection is not None:
            connection.close()
    if answer.status != 200:
        return f"it answers with status {answer.status}"
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    return told if isinstance(told, dict) else "what it answers is not its health"
