"""Asking another machine for one JSON document, with an end to the wait whatever it does."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from triage.domain.errors import InputError

MOST_READ = 64 * 1024


@dataclass(frozen=True)
class Asked:
    """What is asked of another machine."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] | None = None
    body: bytes | None = None
    authority: str | None = None  # a file of certificates to trust besides
    most: int = MOST_READ  # bytes of the answer; one that is longer is none


@dataclass(frozen=True)
class Answered:
    """What it answered: the status, and the document where it sent one."""

    status: int
    document: dict[str, Any] | None


def ask(url: str, seconds: float, *, authority: str | None = None) -> dict[str, Any]:
    """The document at this address; raises InputError in words for everything else.

    No redirect is followed. ``authority`` is a file of certificates to trust besides.
    """
    told = exchange(Asked(url, authority=authority), seconds)
    if isinstance(told, str):
        raise InputError.at("url", told)
    if told.status != 200:
        raise InputError.at("url", f"it answers with status {told.status}")
    if told.document is None:
        raise InputError.at("url", "what it answers is not its health")
    return told.document


def exchange(asked: Asked, seconds: float) -> Answered | str:
    """What is answered within so many seconds, whatever its status; else why there is nothing."""
    found: list[Answered | str] = []
    thread = Thread(target=lambda: found.append(_try(asked, seconds)), daemon=True)
    thread.start()
    thread.join(seconds)
    return found[0] if found else _late(seconds)


def _late(seconds: float) -> str:
    return f"it gave no answer within {seconds:g} s"


def _try(asked: Asked, seconds: float) -> Answered | str:
    address = urlsplit(asked.url)
    target = address._replace(scheme="", netloc="", fragment="").geturl() or "/"
    headers = {"Connection": "close", **(asked.headers or {})}
    connection: HTTPConnection | None = None
    try:
        if address.scheme == "https":
            context = ssl.create_default_context(cafile=asked.authority)
            connection = HTTPSConnection(
                address.hostname or "", address.port, timeout=seconds, context=context
            )
        else:
            connection = HTTPConnection(address.hostname or "", address.port, timeout=seconds)
        connection.request(asked.method, target, asked.body, headers)
        answer = connection.getresponse()
        body = answer.read(asked.most)
    except TimeoutError:  # the socket's own limit may come a moment before ours
        return _late(seconds)
    except (OSError, HTTPException, ValueError) as error:
        return f"it cannot be reached ({type(error).__name__})"
    finally:
        if connection is not None:
            connection.close()
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    return Answered(answer.status, told if isinstance(told, dict) else None)
