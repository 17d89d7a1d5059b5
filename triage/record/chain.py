"""The chain: each event's hash covers its header, its payloads' hashes and the event before it.

Payloads are covered through a salted hash per part, so that a part can be erased and the chain
still verifies, and nobody can guess an erased answer by hashing guesses.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.record.engine import Row
from triage.record.errors import Unreadable
from triage.record.events import as_json
from triage.record.packing import pack, unpack

GENESIS = bytes(32)
_SALT_BYTES = 16
_DIGEST_BYTES = 32
_LETTERS = {b"c": "clinical", b"i": "identity", b"p": "police"}  # in the order of the groups


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


_ROW = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def link(previous: bytes, *fields: str | int | None) -> bytes:
    """The hash of one row: over the hash before it and every stored field, in their order."""
    text = _ROW.encode([previous.hex(), *fields])
    return hashlib.sha256(text.encode("ascii")).digest()


@dataclass(frozen=True)
class More:
    """What an event says beside its columns, and the hashes of its parts, as the chain covers them.

    Both are JSON text: an edit that means the same is an edit.
    """

    header: str
    digests: str

    @property
    def parts(self) -> dict[str, str]:
        """The hash of each part, by group."""
        found: dict[str, str] = json.loads(self.digests)
        return found

    @property
    def packed(self) -> bytes:
        """Both as they are stored: how many hashes, each after its group's letter, the header."""
        hashes = b"".join(
            group[:1].encode() + bytes.fromhex(hash_) for group, hash_ in self.parts.items()
        )
        return bytes((len(self.parts),)) + hashes + pack(self.header.encode("ascii"))


def more_of(row: Mapping[str, Any] | Row) -> More:
    """The header and the hashes of an event's row, packed or as the first release wrote them.

    Raises ValueError for a row in which they stand both ways, or that cannot be unpacked.
    """
    packed: bytes | None = row["more"]
    if packed is None:
        return More(row["header"], row["digests"])
    if row["header"] or row["digests"]:
        raise ValueError("An event has one header.")
    try:
        return _unpacked(packed)
    except (Unreadable, IndexError, KeyError) as error:
        raise ValueError("The header cannot be unpacked.") from error


def _unpacked(packed: bytes) -> More:
    end = 1 + packed[0] * (_DIGEST_BYTES + 1)
    digests = {
        _LETTERS[packed[start : start + 1]]: packed[start + 1 : start + 1 + _DIGEST_BYTES].hex()
        for start in range(1, end, _DIGEST_BYTES + 1)
    }
    return More(unpack(packed[end:]).decode("ascii"), as_json(digests))
