"""How bodies are made small in the file: Zstandard, with a dictionary that it knows beforehand.

A screening says in 5 to 25 kilobytes what a few hundred bytes can point at, because its sentences
are the rulebook's. Hashes are over what is said, never over how it is packed.
"""

import threading
import zlib
from functools import cache, lru_cache

import zstandard

from triage.record import deflated
from triage.record.dictionaries import words
from triage.record.errors import Unreadable

TWO, THREE = b"\x03", b"\x04"  # how a body of packing 2 or 3 begins; 1 and 2 are of packing 1
_DICTIONARIES = {TWO: "2", THREE: "3"}
_NEWEST = THREE
MOST = deflated.MOST  # bytes unpacked: what claims to be more is refused before it is unpacked
UNREADABLE = (
    "The words of this alert cannot be read. Look at the person, and tell whoever runs this."
)
_SMALLEST = 24  # bytes; nothing below is made smaller
_FORMAT = zstandard.FORMAT_ZSTD1_MAGICLESS  # four bytes less on each of a million small bodies


def pack(plain: bytes) -> bytes:
    """A body as stored: packed where that makes it smaller. It has to be a JSON object."""
    if not _SMALLEST <= len(plain) <= MOST:
        return plain
    packed = _NEWEST + _mine(_NEWEST).packer.compress(plain)
    return packed if len(packed) < len(plain) else plain


def unpack(body: bytes) -> bytes:
    """What ``pack`` was given, of this release and of those before; raises Unreadable."""
    kind = body[:1]
    if kind == b"{":
        return body
    try:
        return _unpacked(body[1:], kind) if kind in _DICTIONARIES else deflated.unpack(body)
    except (zlib.error, zstandard.ZstdError) as error:
        raise Unreadable("What is recorded there cannot be unpacked.") from error


@lru_cache(maxsize=1024)
def pack_words(words: str | None) -> bytes | None:
    """What the row of an alert says, packed: a sentence of the rulebook takes few bytes."""
    return None if words is None else _mine(_NEWEST).packer.compress(words.encode())


@lru_cache(maxsize=1024)
def unpack_words(packed: bytes | None) -> str | None:
    """What ``pack_words`` was given; one damaged row must not hide the alerts beside it."""
    return _words(packed, _NEWEST)


def words_of_packing_2(packed: bytes | None) -> bytes | None:
    """The words of an alert as schema 5 keeps them, from those of schema 3."""
    try:
        said = None if packed is None else deflated.inflated(packed).decode()
    except (zlib.error, UnicodeDecodeError):
        said = UNREADABLE
    return None if said is None else _mine(TWO).packer.compress(said.encode())


def packed_anew(packed: bytes | None) -> bytes | None:
    """The words of an alert as they are packed now, from those of schema 5."""
    return pack_words(_words(packed, TWO))


def _words(packed: bytes | None, kind: bytes) -> str | None:
    try:
        return None if packed is None else _unpacked(packed, kind).decode()
    except (zstandard.ZstdError, UnicodeDecodeError):
        return UNREADABLE


def _unpacked(packed: bytes, kind: bytes) -> bytes:
    """A frame that does not say its size, or says too great a one, is none of ours."""
    if zstandard.get_frame_parameters(packed, format=_FORMAT).content_size > MOST:
        raise zstandard.ZstdError("larger than anything that is recorded")
    return _mine(kind).unpacker.decompress(packed, allow_extra_data=False)


class _Mine(threading.local):
    """A packer serves one thread at a time; what they all read is made once."""

    def __init__(self, kind: bytes) -> None:
        dictionary = _dictionary(kind)
        self.packer = zstandard.ZstdCompressor(
            dict_data=dictionary, compression_params=_parameters()
        )
        self.unpacker = zstandard.ZstdDecompressor(dict_data=dictionary, format=_FORMAT)


@cache
def _mine(kind: bytes) -> _Mine:
    return _Mine(kind)


@cache
def _parameters() -> zstandard.ZstdCompressionParameters:
    """Found by trial on screenings of the rules that ship: smaller than level 5, and as fast.

    No checksum and no name of the dictionary: the chain's hash covers what is unpacked.
    """
    return zstandard.ZstdCompressionParameters(
        window_log=18,  # the dictionary and a long body beside it
        chain_log=17,
        hash_log=18,
        search_log=6,
        min_match=6,
        strategy=zstandard.STRATEGY_GREEDY,
        format=_FORMAT,
        write_content_size=True,
        write_checksum=False,
        write_dict_id=False,
    )


@cache
def _dictionary(kind: bytes) -> zstandard.ZstdCompressionDict:
    said = words(_DICTIONARIES[kind])
    made = zstandard.ZstdCompressionDict(said, dict_type=zstandard.DICT_TYPE_FULLDICT)
    made.precompute_compress(compression_params=_parameters())
    return made
