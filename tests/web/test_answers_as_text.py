"""The text of an answer: what the standard library would have written, and nothing but ASCII."""

import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.conftest import House
from tests.web.test_services_of_routes import SCREEN, with_services
from triage.domain.roles import Role
from triage.web.api.shapes import written

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))  # half a character is refused before
WHOLE = st.integers(-(2**63), 2**63 - 1)
PLAIN = st.recursive(
    st.none() | st.booleans() | WHOLE | ANY_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner),
)


def by_the_library(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(PLAIN)
def test_an_answer_is_written_as_the_standard_library_writes_it(value: object):
    assert written(value) == by_the_library(value)


def test_an_answer_is_the_same_where_the_fast_writer_is_not_installed():
    said = {"name": "Zoë Łukasz 李 \x7f", "urgency": "urgent", "minutes": 30, "closed": None}
    shown = f"from triage.web.api.shapes import written; print(written({said!r}))"
    without = f"import sys; sys.modules['orjson'] = None; {shown}"

    texts = [
        subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
        for text in (shown, without)
    ]

    assert [text.stdout for text in texts] == [f"{by_the_library(said)}\n"] * 2


@pytest.mark.parametrize("share", [0.0, 0.5, 12.25, 99.9, 1 / 3, -2.0])
def test_shares_and_hours_are_written_as_the_standard_library_writes_them(share: float):
    assert written({"share": share}) == by_the_library({"share": share})


def test_an_evaluation_leaves_as_one_line_of_ascii_in_the_order_of_its_contract(house: House):
    with_services(house)
    terminal = house.terminal()

    answer = terminal.post("/evaluate/screening", SCREEN)

    assert (answer.mimetype, answer.data) == (
        "application/json", by_the_library(answer.json) + b"\n"
    )  # fmt: skip
    assert list(answer.json)[:3] == ["schema", "at", "at_london"]


def test_the_name_of_somebody_leaves_in_ascii_whatever_its_letters(house: House):
    terminal = house.terminal(Role.CUSTODY_SERGEANT)
    opening = {
        "kind": "custody", "suite": "castle_street", "reference": "TRAINING/1",
        "opened_at": "2026-10-24T19:30:00Z", "identity": {"name": "Zoë Łukasz 李 (training)"},
    }  # fmt: skip
    stay = terminal.post("/stays", opening).json["stay"]

    answer = terminal.get(f"/stays/{stay}")

    assert answer.data.isascii()
    assert rb"Zo\u00eb \u0141ukasz \u674e (training)" in answer.data
