"""What is packed comes back to the byte, and the chain covers what is said, not how it lies."""

import json
import re
import threading
import zlib

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.record.people import at, opened, screened, wanted
from triage.record import Record, deflated, dictionaries, packing, verify
from triage.record.engine import connect
from triage.record.errors import Unreadable
from triage.record.packing import UNREADABLE, pack, pack_words, unpack, unpack_words

SCREENING = json.dumps(
    {"details": {"answers": {"head_knock": "knock_red"} | {f"q{n}": "no" for n in range(80)}},
     "findings": {"do_now": [], "flags": [], "needs": [{"need": "head_injury"}],
                  "not_excluded": [], "routes": []}},
    separators=(",", ":"),
)  # fmt: skip
# A busy machine is no fault.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXTS = st.text(alphabet=st.characters(codec="ascii"), max_size=400)


@UNHURRIED
@given(st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS), max_size=8))
def test_whatever_was_said_comes_back_to_the_byte(body: dict[str, object]):
    plain = json.dumps(body).encode("ascii")

    assert unpack(pack(plain)) == plain
    assert len(pack(plain)) <= len(plain)


@UNHURRIED
@given(st.lists(st.sampled_from(['"flags":[', '"not_excluded":[', "x" * 700, "}"]), max_size=9))
def test_wherever_the_cuts_fall_it_comes_back_to_the_byte(pieces: list[str]):
    plain = ("{" + "".join(pieces)).encode("ascii")

    assert unpack(pack(plain)) == plain


def test_what_it_knows_already_takes_next_to_nothing():
    known = b"{" + dictionaries.words("3")[-900:]

    assert len(pack(known)) <= 24


def test_what_the_first_release_packed_is_read():
    assert unpack(zlib.compress(SCREENING.encode(), 1)) == SCREENING.encode()
    assert unpack(b'{"kind":"visit"}') == b'{"kind":"visit"}'


def test_what_the_release_before_packed_is_read():
    """With the dictionary that it had; what it packed with no longer says which one that was."""
    packer = zstandard.ZstdCompressor(
        dict_data=zstandard.ZstdCompressionDict(dictionaries.words("2")),
        compression_params=zstandard.ZstdCompressionParameters.from_level(
            5, format=zstandard.FORMAT_ZSTD1_MAGICLESS, write_content_size=True,
            write_dict_id=False,
        ),
    )  # fmt: skip
    packed = packer.compress(SCREENING.encode())

    assert unpack(packing.TWO + packed) == SCREENING.encode()
    assert _read(packing.THREE + packed) != SCREENING.encode()


def test_what_deflate_packed_is_read():
    """In one piece, and in two with the reasons in the middle."""
    said = SCREENING.encode()
    start, end = said.find(b'"flags":['), said.find(b'"not_excluded":[')
    around = zlib.compressobj(6, zlib.DEFLATED, -15, zdict=dictionaries.words("1-whole"))
    packed = around.compress(said[:start] + said[end:]) + around.flush()
    split = b"\x02" + start.to_bytes(4, "big") + packed + deflated.deflated(said[start:end])

    assert unpack(b"\x01" + deflated.deflated(said)) == said
    assert unpack(split) == said


def test_a_body_that_would_fill_the_memory_is_refused_before_it_is_unpacked():
    """Neither one that says how long it is, nor one that keeps it to itself, nor an old one."""
    zeros, dictionary = bytes(packing.MOST + 1), zstandard.ZstdCompressionDict(b"")
    said, unsaid = (
        zstandard.ZstdCompressor(
            dict_data=dictionary,
            compression_params=zstandard.ZstdCompressionParameters(
                format=zstandard.FORMAT_ZSTD1_MAGICLESS, write_content_size=told
            ),
        ).compress(zeros)
        for told in (True, False)
    )
    bombs = (packing.TWO + said, packing.TWO + unsaid, packing.THREE + said,
             packing.THREE + unsaid, b"\x01" + _deflated(zeros), zlib.compress(zeros),
             b"\x02" + bytes(4) + _deflated(zeros))  # fmt: skip

    for bomb in bombs:
        assert len(bomb) < 20_000
        with pytest.raises(Unreadable):
            unpack(bomb)
    assert unpack_words(said) == unpack_words(unsaid) == UNREADABLE


def _deflated(plain: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(plain) + packer.flush()


def test_what_is_longer_than_that_is_kept_as_it_is():
    plain = b'{"words":"' + b"x" * packing.MOST + b'"}'

    assert pack(plain) is plain
    assert unpack(plain) is plain


def test_eight_threads_pack_and_unpack_at_once():
    said = [json.dumps({"thread": each, "said": SCREENING * each}).encode() for each in range(8)]
    found: dict[int, bool] = {}

    def often(each: int) -> None:
        found[each] = all(unpack(pack(said[each])) == said[each] for _ in range(200))

    threads = [threading.Thread(target=often, args=(each,)) for each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == dict.fromkeys(range(8), True)


@pytest.mark.parametrize("plain", [SCREENING, SCREENING[:600]], ids=["long", "short"])
def test_a_body_that_was_damaged_is_refused_or_comes_back_otherwise(plain: str):
    """No damage ends in an error that the walk would not name; what ends too early is refused."""
    packed = pack(plain.encode())
    for place in range(len(packed)):
        assert _read(packed[:place]) is None
        _read(packed[:place] + bytes((packed[place] ^ 4,)) + packed[place + 1 :])

    assert _read(packed + b"\0") is None


def _read(body: bytes) -> bytes | None:
    try:
        return unpack(body)
    except Unreadable:
        return None


@UNHURRIED
@given(st.text(max_size=300))
def test_the_words_of_an_alert_come_back(words: str):
    assert unpack_words(pack_words(words)) == words


def test_words_that_cannot_be_read_say_so_and_hide_no_other_alert(record: Record):
    with record.writing(now=at(9)) as writing:
        writing.append(opened("s-1"))
        writing.plan("s-1", [wanted("a:due:1", 10, words="First"), wanted("b:due:1", 11)])
    connection = connect(record.path)
    connection.execute("update alerts set words = x'ffff' where source = 'a'")
    connection.close()

    assert [alert.words for alert in record.reading().alerts_of("s-1")] == [UNREADABLE, "Look"]


def test_words_that_were_changed_are_refused(monkeypatch: pytest.MonkeyPatch):
    """Records rest on their very bytes: better words are another packing."""
    monkeypatch.setitem(dictionaries.WORDS, "2", "0" * 64)
    dictionaries.words.cache_clear()

    with pytest.raises(RuntimeError, match="The words 2"):
        dictionaries.words("2")


# Nothing by which a person could be found: the parts in which it stands were left out.
ABOUT_SOMEBODY = re.compile(
    rb'"(?:name|record_number|reference|reference_kind|date_of_birth|postcode_district|ethnicity_\w+|age\w*|by)":'
    rb"|TRAINING|s-(?!0000000)[a-z0-9]{7}[:\"]|(?:Ryan|Denise|Kieran|Tomasz|Leroy) [A-Z]"
)


@pytest.mark.parametrize("name", ["2", "3"])
def test_the_dictionary_holds_nobody(name: str):
    """It was trained on invented people by ``tests.benchmarks.packing_dictionary``, which leaves
    out who each of them is, and on the training night without what was typed in free words."""
    assert ABOUT_SOMEBODY.findall(dictionaries.words(name)) == []
    assert len(dictionaries.words(name)) == 163_840


def test_a_dictionary_with_somebody_in_it_would_be_found():
    """The twin: that of packing 1 holds an invented person of the training night."""
    found = ABOUT_SOMEBODY.findall(dictionaries.words("1-told"))

    assert {b"Ryan C", b"TRAINING", b'"name":', b'"age":'} <= set(found)


def test_a_part_that_is_packed_otherwise_is_the_same_part(record: Record):
    with record.writing(now=at(9)) as writing:
        writing.append(opened("s-1"))
        writing.append(screened("s-1", 1))
    connection = connect(record.path)
    connection.execute("drop trigger payloads_are_not_edited")
    rows = connection.execute("select rowid, body from payloads").fetchall()
    for row in rows:
        body = zlib.compress(unpack(row["body"]), 9)
        named = {"body": body, "row": row["rowid"]}
        connection.execute("update payloads set body = :body where rowid = :row", named)
    connection.close()

    found = verify(record.path, full=True)

    assert [flaw.where for flaw in found.flaws] == ["triggers"]


def test_the_record_holds_the_words_that_it_is_read_with(record: Record):
    rows = record.reading()._connection.execute("select name, words from packings")

    assert {row["name"]: bytes(row["words"]) for row in rows} == {
        name: dictionaries.words(name) for name in dictionaries.WORDS
    }
