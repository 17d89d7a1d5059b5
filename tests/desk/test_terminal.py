"""The screening line by line as it stands on a real terminal, small and large.

tmux is the terminal: what is asserted is what a sergeant would see on the glass.
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desk.glass import Glass
from tests.machine import needs_tmux
from triage import clock
from triage.domain.screening import screen
from triage.present.screening import in_words
from triage.rules_files import load, rules_dir
from triage.schemas.screen import details_of

pytestmark = needs_tmux
SIZES = [(80, 24), (200, 50)]
# Several needs, an emergency among them; too drunk to be asked, so it stays provisional.
SOMEBODY: dict[str, Any] = {
    "record_number": "TRAINING/CS/0907/26",
    "nation": "england",
    "stage": "arrest",
    "offence": "public_order",
    "arrests_12m": 4,
    "person": {"age": 24, "age_source": "document", "sex": "female"},
    "record": {
        "checked": True, "markers": [{"kind": "suicidal", "origin": "pnc"},
                                     {"kind": "victim", "origin": "officer"}],
        "force_used": ["restraint"], "property": ["other"], "hospital_today": False,
        "appropriate_adult_before": False, "managed_by": ["probation"],
    },
    "answers": {
        "head_knock": "knock_red", "conditions": ["diabetes"], "self_harm_ever": "never",
        "self_harm_now": "refused", "drinks_daily": "daily_unknown", "home_tonight": "street",
        "hurt_by_someone": "now_choked", "drugs_month": ["opioid"],
    },
    "observations": {"rouse": "voice", "intoxication": "marked", "injury": "neck"},
}  # fmt: skip


def asked_but_for(question: str) -> dict[str, Any]:
    """The same person when everything has been asked but one question."""
    book = load(rules_dir(), draft=True)
    answers = {q.id: "no" if q.nothing is None else q.nothing for q in book.questions.values()}
    answers |= {q.id: [] for q in book.questions.values() if q.kind == "many"}
    answers |= {q.id: "unable" for q in book.questions.values() if q.kind == "text"}
    answers |= SOMEBODY["answers"]
    del answers[question]
    seen = {o.id: o.nothing for o in book.observations.values()} | SOMEBODY["observations"]
    return {**SOMEBODY, "answers": answers, "observations": seen}


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def glass(request: pytest.FixtureRequest) -> Iterator[Glass]:
    with tempfile.TemporaryDirectory() as short:  # the path of a socket has few characters
        glass = Glass(Path(short) / "tmux", *request.param)
        yield glass
        glass.close()


def test_somebody_who_cannot_be_woken_is_cried_out_whole_above_the_next_question(
    glass: Glass, tmp_path: Path
):
    glass.run("screen", instance=tmp_path)
    first = glass.shown(until="4  Cannot be woken")
    glass.type("4")

    then = glass.shown(until="O2 Can they answer")

    assert any(line.startswith("O1 Can they be woken?") for line in first)
    alarm = then[then.index("!" * 40) + 1 : then.index("!" * 40, then.index("!" * 40) + 1)]
    assert alarm[:2] == ["EMERGENCY: CALL 999 FIRST.", "Hospital now: call 999."]
    assert alarm[-1].endswith(".")


def test_the_last_screen_says_the_worst_of_it_and_where_to_look(glass: Glass, tmp_path: Path):
    file = tmp_path / "somebody.json"
    file.write_text(json.dumps(asked_but_for("wants_nurse")), "utf-8")
    glass.run("screen", "--resume", str(file), instance=tmp_path)
    asked = glass.shown(until="Q38")
    glass.type("n")

    end = glass.shown(until="THE-END")

    assert asked[-1].startswith(">")
    assert len([line for line in asked if line.startswith("Q")]) == 1
    tail = end[len(end) - 1 - end[::-1].index("EMERGENCY: CALL 999 FIRST.") :]
    assert tail[1].startswith("EMERGENCY: head injury; ")
    assert tail[2].startswith("URGENT: suicide and self-harm; ")
    assert tail[-2:] == ["What to do stands at the top.", "THE-END"]
    assert len(tail) < 10
    assert max(map(len, end)) <= min(glass.columns, 100)


@pytest.mark.parametrize("width", [width for width, _ in SIZES])
def test_the_whole_sheet_keeps_each_sentence_whole_and_calls_itself_provisional(width: int):
    book = load(rules_dir(), draft=True)
    findings = screen(book, details_of(asked_but_for("wants_nurse"), book, now=clock.now()))

    sheet = in_words(findings, width=width, rulebook=book)

    lines = sheet.splitlines()
    assert lines[0] == "EMERGENCY: CALL 999 FIRST."
    assert lines[1].startswith("PROVISIONAL: 27 of 29 answers.")
    flat = " ".join(sheet.split())
    reasons = [r for each in (*findings.needs, *findings.flags) for r in each.reasons]
    said = [" ".join(r.because.split()) for r in reasons]
    assert [because for because in said if because not in flat] == []
    assert [act.words for act in findings.do_now if " ".join(act.words.split()) not in flat] == []
    assert max(map(len, lines)) <= min(width, 100)
