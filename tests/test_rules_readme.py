"""The rules folder's own guide names every key and every word of the condition language."""

import re
from pathlib import Path

from triage.domain import grammar
from triage.rules_files import rule_shapes, shapes

GUIDE = (Path(__file__).resolve().parents[1] / "rules" / "README.md").read_text(encoding="utf-8")
KEY = re.compile(
    r"table\.(?:text|one|enum|among|condition|maybe_condition|urgencies|urgency|maybe_urgency|maybe"
    r"|yes|whole|maybe_whole|day)\(\s*\"(\w+)\""
)
ROWS_OF_LAW = {"quantity", "value", "unit", "in_force_from", "in_force_to", "picked_by", "who"}
ELSEWHERE = ROWS_OF_LAW | {"starts", "stops", "owner", "after_minutes", "route", "name", "words"}


def keys_read() -> set[str]:
    sources = (Path(module.__file__ or "").read_text(encoding="utf-8")
               for module in (rule_shapes, shapes))  # fmt: skip
    return {key for source in sources for key in KEY.findall(source)} - ELSEWHERE


def test_every_key_that_is_read_stands_in_the_guide():
    assert len(keys_read()) > 25
    assert {key for key in keys_read() if f"`{key}`" not in GUIDE} == set()


def test_every_word_of_the_condition_language_stands_in_the_guide():
    words = {*grammar._TESTS, *grammar._NUMBERS, "always", "never"}

    assert {word for word in words if not re.search(rf"`{word}\b|{word}\(", GUIDE)} == set()
