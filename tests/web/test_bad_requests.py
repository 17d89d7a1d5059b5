"""Every operation against requests that a machine makes up: no 5xx, nothing kept on refusal."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
)

from tests.depth import depth
from tests.fresh import fresh_record
from triage.casework import Service
from triage.domain.roles import Role
from triage.domain.rulebook import Rulebook
from triage.settings import Settings
from triage.web import create_app
from triage.web.api.documents import document

from .conftest import House
from .test_api import HOSPITAL, OPENING, SCREEN, digest, opened
from .test_pages import run_the_timers

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
# A refused authority is noted on the record on purpose: that somebody asked for it is a fact.
NOTED_WHEN_REFUSED = "/authorisations"
OPERATIONS = (
    "GET /health", "GET /rulebook", "GET /rulebook/questions", "GET /rulebook/texts",
    "POST /evaluate/screening",
    "POST /evaluate/explanation/{name}", "POST /evaluate/clocks", "POST /acting",
    "DELETE /acting", "POST /stays", "GET /stays/{stay}",
    "GET /stays/{stay}/draft", "PUT /stays/{stay}/draft", "POST /stays/{stay}/screenings",
    "POST /stays/{stay}/events",
    "POST /stays/{stay}/authorisations", "POST /stays/{stay}/right-person",
    "POST /stays/{stay}/identity", "POST /stays/{stay}/moves", "POST /stays/{stay}/consents",
    "POST /stays/{stay}/notes",
    "POST /stays/{stay}/routes", "POST /stays/{stay}/visits", "POST /stays/{stay}/rousings",
    "GET /stays/{stay}/release-check", "POST /stays/{stay}/release-check",
    "POST /stays/{stay}/release",
    "POST /events/{seq}/corrections", "GET /alerts", "POST /alerts/{alert}/acknowledge",
    "POST /alerts/{alert}/act", "POST /alerts/{alert}/close", "POST /alerts/{alert}/cancel",
    "GET /desk/board", "GET /desk/alerts", "GET /desk/stays/{stay}",
    "GET /desk/stays/{stay}/recordable",
    "GET /board", "GET /worklist", "GET /section-136", "GET /review/live", "GET /review/waits",
    "GET /review/ledger", "GET /review/return", "GET /handover", "POST /handover", "GET /shift",
    "PUT /shift/with-somebody", "DELETE /shift/with-somebody", "POST /stays/{stay}/take",
    "POST /stays/{stay}/act", "POST /stays/{stay}/close", "GET /stays/{stay}/summary",
    "POST /stays/{stay}/filings", "POST /stays/{stay}/wrong-person",
    "GET /rota", "POST /rota", "DELETE /rota/{duty}", "POST /stays/{stay}/explanations",
    "POST /stays/{stay}/attributions", "POST /review/handovers", "POST /review/handovers/taken",
    "POST /review/published", "POST /review/published/returns",
)  # fmt: skip
MOMENT = "2026-10-24T19:38:00Z"
RIGHT_BODIES: dict[str, dict[str, Any]] = {
    "POST /stays": OPENING,
    "PUT /stays/{stay}/draft": SCREEN,
    "POST /stays/{stay}/screenings": SCREEN,
    "POST /evaluate/screening": SCREEN,
    "POST /evaluate/explanation/{name}": SCREEN,
    "POST /evaluate/clocks": {
        "nation": "england",
        "person": {"age": 41},
        "events": [{"kind": "arrived", "place": "a_and_e", "occurred_at": MOMENT}],
    },
    "POST /stays/{stay}/events": {"kind": "arrived", "place": "a_and_e", "occurred_at": MOMENT},
    "POST /stays/{stay}/authorisations": {
        "kind": "extension_authorised", "hours": 12, "ground": "condition", "occurred_at": MOMENT,
    },
    "POST /stays/{stay}/right-person": {"seq": 1, "to_stay": "s-nobody0", "reason": "wrong one"},
    "POST /stays/{stay}/routes": {
        "outcome": "declined", "route": "liaison_nurse", "reason": "no", "occurred_at": MOMENT,
    },
    "POST /stays/{stay}/identity": {"name": "Denise Ahern", "age": 38, "sex": "female"},
    "POST /stays/{stay}/moves": {"occurred_at": MOMENT, "cell": "7"},
    "POST /stays/{stay}/consents": {"given": True, "to": "women's centre", "occurred_at": MOMENT},
    "POST /stays/{stay}/notes": {"words": "Asked for her glasses.", "group": "police"},
    "POST /stays/{stay}/visits": {"occurred_at": MOMENT, "seen": "awake", "rouse": True},
    "POST /stays/{stay}/rousings": {"occurred_at": MOMENT, "rouse": False},
    "POST /stays/{stay}/release-check": {
        "occurred_at": MOMENT, "to": "home", "papers": ["Bail sheet to him"], "medicine": "none",
    },
    "POST /stays/{stay}/release": {"occurred_at": MOMENT, "to": "home", "told": ["sister"]},
    "POST /events/{seq}/corrections": {"reason": "misread", "occurred_at": MOMENT},
    "POST /alerts/{alert}/acknowledge": {"kind": "police"},
    "POST /alerts/{alert}/act": {"done": "looked"},
    "POST /alerts/{alert}/close": {"outcome": "other", "words": "over"},
    "POST /alerts/{alert}/cancel": {"reason": "wrong person"},
    "POST /handover": {"taken_from": "PS Lowe", "up_to_seq": 1},
    "PUT /shift/with-somebody": {"until": "2026-10-24T20:30:00Z", "reason": "in a cell"},
    "POST /stays/{stay}/act": {"alerts": ["s-nobody0:screening:soon:1"], "done": "looked"},
    "POST /stays/{stay}/close": {
        "alerts": ["s-nobody0:screening:soon:1"], "outcome": "other", "words": "over",
    },
    "POST /stays/{stay}/filings": {"system": "rio", "up_to_seq": 3},
    "POST /stays/{stay}/wrong-person": {"name": "Denise Ahern", "reason": "fingerprints"},
    "POST /stays/{stay}/explanations": {
        "clock": "permitted_period", "started_at": MOMENT, "reason": "bed.none_found_yet",
        "words": "No bed.",
    },
    "POST /stays/{stay}/attributions": {
        "code": "bed.none_found_yet", "since": MOMENT, "until": "2026-10-24T19:40:00Z",
    },
    "POST /review/handovers": {"to": "night.inspector", "stays": [{"stay": "s-1"}]},
    "POST /review/handovers/taken": {"seqs": [1]},
    "POST /review/published": {"from": "2026-10-12", "to": "2026-10-18"},
    "POST /review/published/returns": {"day": "2026-03-31"},
    "POST /rota": {
        "suite": "castle_street", "role": "liaison_nurse", "name": "On call",
        "starts_at": "2026-10-24T19:00:00Z", "ends_at": "2026-10-24T23:00:00Z",
    },
}  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["", "\x00", "unknown", "2026-10-25T01:30", "9" * 40, "s-nobody0", "pace"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def searched(examples: int) -> Any:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Iterator[Any]:
    """The description of the API, read once: it is the same for every house."""
    path = tmp_path_factory.mktemp("described") / "triage.db"
    service = Service(fresh_record(path), rulebook, Settings(path.parent, path))
    yield schemathesis.openapi.from_wsgi("/api/openapi.json", create_app(service=service))
    service.record.close()


class Scene:
    """A terminal, two open stays and a raised emergency, so that ids in addresses exist."""

    def __init__(self, house: House, role: str = Role.CUSTODY_SERGEANT) -> None:
        self.house, self.desk = house, house.terminal(role)
        sergeant = self.desk if role == Role.CUSTODY_SERGEANT else house.terminal(
            Role.CUSTODY_SERGEANT, name="another-desk"
        )  # fmt: skip
        self.stay = opened(sergeant)
        opened(sergeant, HOSPITAL)
        sergeant.post(f"/stays/{self.stay}/screenings", SCREEN)
        run_the_timers(house)
        self.alert = house.record.reading().open_alerts()[0].key

    def call(self, operation: str, case: Any, *, real_ids: bool) -> None:
        """Send one made-up request and hold the answer to its promises."""
        if real_ids:
            real = {"stay": self.stay, "alert": self.alert, "seq": 4, "name": "head_injury",
                    "duty": "0123456789abcdef"}  # fmt: skip
            case.path_parameters = {name: real[name] for name in case.path_parameters or {}}
        before = digest(self.house)
        case.headers = {**(case.headers or {}), **self.desk.headers()}
        answer = case.call(app=self.house.app)
        case.validate_response(answer, checks=CHECKS)
        self.hold(operation, answer.status_code, dict(answer.headers), answer.content, before)

    def hold(self, operation: str, status: int, headers: Any, body: bytes, before: Any) -> None:
        kind = " ".join(headers.get("content-type", headers.get("Content-Type", [""])))
        assert status < 500
        if status >= 400:
            assert "problem+json" in kind.replace(" ", "")
            assert len(body) <= 8192
            if not operation.endswith(NOTED_WHEN_REFUSED):
                assert digest(self.house) == before


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_a_made_up_request_is_answered_in_words(
    house: House, described: Any, operation: str, mode: str
):
    scene = Scene(house)
    method, _, path = operation.partition(" ")
    made = described[f"/api/v1{path}"][method].as_strategy(generation_mode=GenerationMode(mode))

    @searched(depth(4, 200))
    @given(case=made, real_ids=st.booleans())
    def every(case: Any, real_ids: bool) -> None:
        scene.call(operation, case, real_ids=real_ids)

    try:
        every()
    except Unsatisfiable:
        assert (mode, method) == ("negative", "GET")  # nothing in it can be wrong


@pytest.mark.parametrize("operation", RIGHT_BODIES)
def test_a_right_request_with_one_wrong_value_is_answered_in_words(house: House, operation: str):
    scene = Scene(house)
    right = RIGHT_BODIES[operation]
    method, _, path = operation.partition(" ")
    address = path.format(stay=scene.stay, alert=scene.alert, seq=4, name="housing")

    @searched(depth(10, 1_000))
    @given(name=st.sampled_from(sorted(right)), value=ANYTHING)
    def every(name: str, value: Any) -> None:
        before = digest(house)
        answer = scene.desk.client.open(
            f"/api/v1{address}", method=method, json={**right, name: value},
            headers=scene.desk.headers(),
        )  # fmt: skip
        content = {"content-type": [answer.content_type]}
        scene.hold(operation, answer.status_code, content, answer.data, before)

    every()


@pytest.mark.parametrize("who", [Role.DETENTION_OFFICER, Role.LIAISON_NURSE, Role.CONTROL_ROOM])
def test_every_right_request_is_answered_in_words_to_every_role(house: House, who: str):
    scene = Scene(house, who)
    statuses = {}
    for operation, body in RIGHT_BODIES.items():
        method, _, path = operation.partition(" ")
        address = path.format(stay=scene.stay, alert=scene.alert, seq=4, name="housing")
        before = digest(house)
        answer = scene.desk.client.open(
            f"/api/v1{address}", method=method, json=body, headers=scene.desk.headers()
        )
        content = {"content-type": [answer.content_type]}
        scene.hold(operation, answer.status_code, content, answer.data, before)
        statuses[operation] = answer.status_code

    assert set(statuses.values()) <= {200, 201, 403, 404, 409, 422}


def test_every_operation_that_there_is_is_in_this_list(house: House):
    with house.app.test_request_context():
        paths = document()["paths"]
    found = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, operations in paths.items()
        for method in operations
        if method != "parameters"
    }

    assert found == set(OPERATIONS)


def test_a_refusal_that_stores_something_is_noticed(house: House):
    scene = Scene(house)
    before = digest(house)
    opened(scene.desk, {**OPENING, "reference": "TRAINING/CS/0999/26"})

    with pytest.raises(AssertionError):
        scene.hold("POST /stays", 422, {"content-type": ["application/problem+json"]}, b"", before)


FORMS = ("/open/hospital", "/open", "{stay}/event", "{stay}/authorise", "{stay}/visit",
         "{stay}/route", "{stay}/release", "{stay}/screening", "/alerts/acknowledge",
         "/alerts/act", "/alerts/close", "/alerts/cancel", "/sign-in", "{stay}/identity",
         "{stay}/move", "{stay}/note", "{stay}/done", "{stay}/ended", "/handover", "/shift",
         "{stay}/wrong-person", "{stay}/entries/2/correct", "{stay}/entries/2/move",
         "/review{stay}/attribute", "/review{stay}/explain", "/review/handover",
         "/review/handover/take", "/review/pack/leave", "/review/sample/finding",
         "{stay}/return-details")  # fmt: skip
FIELDS = (
    "reference", "decided", "decided_day", "decided_fold", "arrived", "arrived_day", "place", "age",
    "born", "sex", "suite", "kind", "at", "at_day", "at_fold", "hours", "ground", "rank", "role",
    "limb", "rouse", "seen", "route", "outcome", "need", "reason", "group", "left", "left_day",
    "to", "told", "plan", "papers", "medicine", "nation", "stage", "offence", "arrests_12m",
    "a.head_knock", "o.rouse",
    "a.conditions", "marker_0", "marker_0_origin", "marker_0_on", "checked", "property", "do",
    "alert", "done", "account", "password", "back", "name", "consulted", "minutes", "passed",
    "words", "call", "call_day", "call_fold", "alerts", "cell", "age_source", "up_to", "until",
    "until_day", "taken_from", "what", "reference", "given", "party", "basis", "capacity",
    "since", "only", "only_day", "seq", "clock", "started", "finding", "sample", "stay", "fix",
    "officers", "transport",
)  # fmt: skip
TYPED = st.text(max_size=20) | st.sampled_from(
    ["", "01:30", "2026-10-25", "9999-12-31", "0001-01-01", "second", "arrived", "s136_decided",
     "extension_authorised", "health_check", "castle_street", "custody", "home", "declined",
     "liaison_nurse", "none_exists", "draft", "record", "99999999", "-1", "\x00", "police"]
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_form_with_anything_typed_into_it_never_breaks(house: House, form: str):
    scene = Scene(house)
    reviews = form.startswith("/review")
    browser = house.browser(Role.DUTY_INSPECTOR if reviews else Role.CUSTODY_SERGEANT)
    address = form.format(stay=f"/stays/{scene.stay}")

    @searched(depth(12, 1_000))
    @given(typed=st.dictionaries(st.sampled_from(FIELDS), TYPED, max_size=8))
    def every(typed: dict[str, str]) -> None:
        assert browser.post(address, typed).status_code < 500

    every()
