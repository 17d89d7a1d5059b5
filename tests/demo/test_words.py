"""The words of the night: told, shown and sent, each of the three words with its own clock."""

import re
from pathlib import Path

import triage.demo
from tests.wording import misused, never_said, plain_lines, ties

from .conftest import Told


def test_what_the_night_tells_confuses_no_word_and_says_none_that_is_never_said(told_night: Told):
    told = "\n".join(seen.text for seen in told_night.seen)
    lines = plain_lines(re.sub(r"(?<=[.!?]) ", "\n", told))
    record = told_night.stage.service.record
    raised = [event.body.get("words") for event in record.reading().all_events()]
    lines += plain_lines("\n".join(words for words in raised if isinstance(words, str)))
    source = Path(triage.demo.__file__).parent / "night.toml"
    lines += plain_lines(source.read_text(encoding="utf-8"))

    assert never_said(lines) == []
    assert misused(lines) == []
    assert ties(lines) > 10
