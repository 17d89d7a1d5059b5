"""The chain: each event's hash covers its header, its payloads' hashes and the event before it.

Payloads are covered through a salted hash per part, so that a part can be erased and the chain
still verifies, and nobody can guess an erased answer by hashing guesses.
"""

import hashlib
import json
import secrets
import zlib
from dataclasses import dataclass

GENESIS = bytes(32)
_SALT_BYTES = 16
_PACK_ABOVE = 512  # bytes; smaller bodies stay readable in the file


@dataclass(frozen=True)
class Part:
    """One payload part as it is stored."""

    group: str
    salt: bytes
    body: bytes
    digest: str


def part_of(group: str, text: str) -> Part:
    """A payload part under a fresh salt, packed when that saves space."""
    salt = secrets.token_bytes(_SALT_BYTES)
    plain = text.encode("ascii")
    return Part(group, salt, pack(plain), digest(group, salt, plain))


def digest(group: str, salt: bytes, plain: bytes) -> str:
    """The salted hash of one payload part, as it stands in the event's row."""
    return hashlib.sha256(b"\0".join((group.encode(), salt, plain))).hexdigest()


def pack(plain: bytes) -> bytes:
    """A body as stored: JSON as it is, or compressed when it is long."""
    return zlib.compress(plain, 1) if len(plain) > _PACK_ABOVE else plain


def unpack(body: bytes) -> bytes:
    """The JSON of a stored body; JSON begins with a brace, zlib never does."""
    return body if body[:1] == b"{" else zlib.decompress(body)


def link(previous: bytes, *fields: str | int | None) -> bytes:
    """The hash of one row: over the hash before it and every stored field, in their order."""
    text = json.dumps([previous.hex(), *fields], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).digest()
