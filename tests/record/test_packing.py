"""What is packed comes back to the byte, and the chain covers what is said, not how it lies."""

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.record.people import at, opened, screened, wanted
from triage.record import Record, packing, verify
from triage.record.engine import connect
from triage.record.packing import UNREADABLE, pack, pack_words, unpack, unpack_words

SCREENING = json.dumps(
    {"details": {"answers": {"head_knock": "knock_red"} | {f"q{n}": "no" for n in range(80)}},
     "findings": {"do_now": [], "flags": [], "needs": [{"need": "head_injury"}],
                  "not_excluded": [], "routes": []}},
    separators=(",", ":"),
)  # fmt: skip
TEXTS = st.text(alphabet=st.characters(codec="ascii"), max_size=400)


@given(st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS), max_size=8))
def test_whatever_was_said_comes_back_to_the_byte(body: dict[str, object]):
    plain = json.dumps(body).encode("ascii")

    assert unpack(pack(plain)) == plain
    assert len(pack(plain)) <= len(plain)


@given(st.lists(st.sampled_from(['"flags":[', '"not_excluded":[', "x" * 700, "}"]), max_size=9))
def test_wherever_the_cuts_fall_it_comes_back_to_the_byte(pieces: list[str]):
    plain = ("{" + "".join(pieces)).encode("ascii")

    assert unpack(pack(plain)) == plain


def test_what_it_knows_already_takes_next_to_nothing():
    known = b"{" + packing.words("1-told")[-900:]

    assert len(pack(known)) <= 16


def test_what_the_first_release_packed_is_read():
    assert unpack(zlib.compress(SCREENING.encode(), 1)) == SCREENING.encode()
    assert unpack(b'{"kind":"visit"}') == b'{"kind":"visit"}'


@pytest.mark.parametrize("plain", [SCREENING, SCREENING[:600]], ids=["split", "told"])
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
    except zlib.error:
        return None


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
    monkeypatch.setitem(packing.WORDS, "1-told", "0" * 64)
    packing.words.cache_clear()

    with pytest.raises(RuntimeError, match="1-told"):
        packing.words("1-told")

    monkeypatch.undo()
    assert len(packing.words("1-told")) == 32_768


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
        name: packing.words(name) for name in packing.WORDS
    }
