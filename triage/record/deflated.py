"""Packing 1, deflate: how earlier releases made bodies small. Read for ever, written no more.

A long body lies in two pieces, each with the words that suit it.
"""

import zlib
from functools import cache

from triage.record.dictionaries import words

TOLD, SPLIT = b"\x01", b"\x02"
MOST = 1 << 24  # bytes unpacked; nothing that was ever recorded comes near it
_OLD = 0x78  # how zlib itself begins: records of the first release
_RAW = -15  # no header and no checksum of its own: the chain's hash covers what is unpacked


def unpack(body: bytes) -> bytes:
    """A body of an earlier release; raises zlib.error."""
    kind = body[:1]
    if kind == TOLD:
        return inflated(body[1:])
    if kind == SPLIT:
        return _joined(body)
    if kind and body[0] == _OLD:
        return _whole(zlib.decompressobj(), body)
    raise zlib.error("packed in no way that is known here")


def inflated(packed: bytes) -> bytes:
    """What ``deflated`` was given; raises zlib.error."""
    return _whole(zlib.decompressobj(_RAW, words("1-told")), packed)


def deflated(plain: bytes) -> bytes:
    """The words of an alert as schema 3 kept them, for the migration that brings a record there."""
    packer = _packer().copy()
    return packer.compress(plain) + packer.flush()


def _joined(body: bytes) -> bytes:
    """The reasons in the middle were packed with one set of words, what is around with another."""
    start = int.from_bytes(body[1:5], "big")
    unpacker = zlib.decompressobj(_RAW, words("1-whole"))
    around = unpacker.decompress(body[5:], MOST)
    if not unpacker.eof:
        raise zlib.error("ends too early, or never")
    return around[:start] + inflated(unpacker.unused_data) + around[start:]


def _whole(unpacker: "zlib._Decompress", packed: bytes) -> bytes:
    plain = unpacker.decompress(packed, MOST)
    if not unpacker.eof or unpacker.unused_data:
        raise zlib.error("ends too early, too late or never")
    return plain


@cache
def _packer() -> "zlib._Compress":
    """A packer that has read its words already; each use begins from a copy of it."""
    return zlib.compressobj(6, zlib.DEFLATED, _RAW, 6, zlib.Z_DEFAULT_STRATEGY, words("1-told"))
