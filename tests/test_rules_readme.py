"""The rules folder's own guide names every key and every word of the condition language."""

import re
import tomllib
from pathlib import Path

from triage.domain import grammar
from triage.rules_files import load, rule_shapes, rules_dir, shapes, site

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


def test_the_guides_example_of_a_sites_file_is_one(tmp_path):
    [example] = [
        text for text in re.findall(r"(?s)```toml\n(.*?)```", GUIDE) if "[[tighten]]" in text
    ]
    path = tmp_path / "eastmere.toml"
    path.write_text(example, "utf-8")

    rulebook = load(rules_dir(), site=path, draft=True)

    assert set(tomllib.loads(example)) == {"owner", "checked_on", *site.KINDS}
    assert rulebook.law.rows["target_urgent_need_seen"].value == 20
    assert rulebook.services[-1].id == "training-quayside-women"


def test_everything_that_a_sites_file_may_say_stands_in_the_guide():
    source = Path(site.__file__ or "").read_text(encoding="utf-8")
    keys = {*KEY.findall(source), *site.TOLD, *site._TIGHTENED, *(f"[[{k}]]" for k in site.KINDS)}

    assert {key for key in keys if f"`{key}`" not in GUIDE and f"{key} = " not in GUIDE} == set()
