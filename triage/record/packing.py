"""How bodies are made small in the file: deflate, with words that it knows beforehand.

A screening says in 5 to 25 kilobytes what a few hundred bytes can point at, because its sentences
are the rulebook's. The words of a packing lie beside this file and are never changed, since
records rest on their very bytes; better words make another packing with a number of its own. The
record holds a copy of them, so that it can be read without this program. Hashes are over what is
said, never over how it is packed.
"""

import hashlib
import zlib
from functools import cache, lru_cache
from pathlib import Path

FOLDER = Path(__file__).with_name("packings")
WORDS = {  # the words of each packing, by the name of their file and their hash
    "1-told": "bd6c41fd79e59f1f61df2c7d357f44f8fadfd840db0c03e58b20f06fcc8ae7cd",
    "1-whole": "9c9df74ef946fcf1eee7678d6b0fa2a64e6a738771a52bcc8ff427438dfaf630",
}
TOLD, SPLIT = b"\x01", b"\x02"
_OLD = 0x78  # how zlib itself begins: records of the first release
_LEVEL = 6
_MEMORY = 6  # a packer is copied for each body: half as much as by default, for a few bytes
_RAW = -15  # no header and no checksum of its own: the chain's hash covers what is unpacked
_LONG = 1024  # bytes; a shorter body is packed with the words of reasons and headers alone
_CUTS = (b'"flags":[', b'"not_excluded":[')  # where the reasons of a screening begin and end
UNREADABLE = (
    "The words of this alert cannot be read. Look at the person, and tell whoever runs this."
)
_SMALLEST = 24  # bytes; nothing below is made smaller


def pack(plain: bytes) -> bytes:
    """A body as stored: packed where that makes it smaller. It has to be a JSON object."""
    packed = _packed(plain) if len(plain) >= _SMALLEST else plain
    return packed if len(packed) < len(plain) else plain


def unpack(body: bytes) -> bytes:
    """What ``pack`` was given, of this release and of those before; raises zlib.error."""
    kind = body[:1]
    if kind == b"{":
        return body
    if kind == TOLD:
        return _inflated(body[1:], "1-told")
    if kind == SPLIT:
        return _joined(body)
    if body[:1] and body[0] == _OLD:
        return zlib.decompress(body)
    raise zlib.error("packed in no way that is known here")


@lru_cache(maxsize=1024)
def pack_words(words: str | None) -> bytes | None:
    """The words of an alert as its row keeps them: a sentence of the rulebook takes few bytes."""
    return None if words is None else _deflated(words.encode(), "1-told")


@lru_cache(maxsize=1024)
def unpack_words(packed: bytes | None) -> str | None:
    """What ``pack_words`` was given; one damaged row must not hide the alerts beside it."""
    try:
        return None if packed is None else _inflated(packed, "1-told").decode()
    except (zlib.error, UnicodeDecodeError):
        return UNREADABLE


def _packed(plain: bytes) -> bytes:
    """The reasons in the middle are packed with one set of words, what is around with the other."""
    start = plain.find(_CUTS[0]) if len(plain) > _LONG else -1
    end = plain.find(_CUTS[1], start) if start >= 0 else -1
    if end < 0:
        return TOLD + _deflated(plain, "1-told")
    around = _deflated(plain[:start] + plain[end:], "1-whole")
    return SPLIT + start.to_bytes(4, "big") + around + _deflated(plain[start:end], "1-told")


def _joined(body: bytes) -> bytes:
    start = int.from_bytes(body[1:5], "big")
    unpacker = zlib.decompressobj(_RAW, words("1-whole"))
    around = unpacker.decompress(body[5:])
    if not unpacker.eof:
        raise zlib.error("ends too early")
    return around[:start] + _inflated(unpacker.unused_data, "1-told") + around[start:]


def _deflated(plain: bytes, name: str) -> bytes:
    packer = _packer(name).copy()
    return packer.compress(plain) + packer.flush()


def _inflated(packed: bytes, name: str) -> bytes:
    unpacker = zlib.decompressobj(_RAW, words(name))
    plain = unpacker.decompress(packed)
    if not unpacker.eof or unpacker.unused_data:
        raise zlib.error("ends too early or too late")
    return plain


@cache
def _packer(name: str) -> "zlib._Compress":
    """A packer that has read its words already; each use begins from a copy of it."""
    return zlib.compressobj(
        _LEVEL, zlib.DEFLATED, _RAW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, words(name)
    )


@cache
def words(name: str) -> bytes:
    """The words of one packing; raises RuntimeError when they are not those it was made with."""
    found = (FOLDER / f"{name}.txt").read_bytes()
    if hashlib.sha256(found).hexdigest() != WORDS[name]:
        raise RuntimeError(f"The words {name} of the record's packing were changed.")
    return found
