"""How findings read: what to do first, nothing ever safe, nothing called law that nobody read."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from triage.domain.answers import Closing, Marker
from triage.domain.dated import Confidence
from triage.domain.findings import (
    Axis,
    Conflict,
    DoNow,
    FactUsed,
    Findings,
    Flag,
    Missing,
    Need,
    NotExcluded,
    Reason,
    Rescreen,
    Route,
    RouteStatus,
    RulebookStamp,
    ScreenStatus,
    Urgency,
)
from triage.present.found import found
from triage.present.screening import as_json, in_words
from triage.present.screening_words import ACT_NOW, CALL_999

AT = datetime(2026, 10, 24, 19, 50, tzinfo=UTC)
STAMP = RulebookStamp("73e178437bc3325c", "2026-10-24", signed=True)


def reason(rule: str, urgency: Urgency, because: str, *facts: FactUsed, **rest: object) -> Reason:
    given = {
        "do": (), "tell": ("custody_sergeant", "custody_hcp"), "source": "A report, 2020",
        "confidence": Confidence.READ, "lesson": None,
    }  # fmt: skip
    return Reason(rule, urgency, because, facts=facts, **(given | rest))  # type: ignore[arg-type]


HEAD = reason(
    "head-sign-and-drowsy",
    Urgency.EMERGENCY,
    "A head sign together with drowsiness. Drink does not explain it.",
    FactUsed("rouse", "voice", "answered", "observed"),
    FactUsed("head_knock", None, "unable", "said", AT),
    FactUsed("marker", "ailment", "answered", "pnc"),
    source="Code C annex H",
    confidence=Confidence.UNVERIFIED,
)
UNASKED = reason("unanswered", Urgency.SOON, "No answer about self-harm.", tell=())
FOUND = Findings(
    at=AT,
    rulebook=STAMP,
    status=ScreenStatus.PROVISIONAL,
    nothing_found=False,
    answered=(12, 29),
    needs=(
        Need("head_injury", Urgency.EMERGENCY, (HEAD,)),
        Need("suicide_self_harm", Urgency.SOON, (UNASKED,)),
        Need("veteran", Urgency.ROUTINE, (reason("served", Urgency.ROUTINE, "Has served."),)),
    ),
    flags=(Flag("information_missing", Urgency.SOON, (UNASKED,)),),
    not_excluded=(
        NotExcluded(
            "drugs", Urgency.URGENT, ("x",), (Missing("drugs_month", "refused"),),
            AT + timedelta(minutes=30),
        ),
        NotExcluded(
            "alcohol", Urgency.URGENT, ("y",),
            (Missing("last_drink", "not_asked"), Missing("drugs_month", "refused")),
            AT + timedelta(hours=8),
        ),
    ),
    conflicts=(Conflict("self_harm_ever", "never", "The record holds a warning of self-harm."),),
    do_now=(
        DoNow("hospital_now", Urgency.EMERGENCY, "Hospital now: call 999.", ("x",)),
        DoNow("see_hcp", Urgency.URGENT, "Healthcare sees the person.", ("x",)),
        DoNow("nurse", Urgency.SOON, "The nurse sees the person before release.", ("y",)),
    ),
    routes=(
        Route("emergency_ambulance", Axis.DUTY, RouteStatus.SUGGESTED, "duty", "anyone", (), (), 0),
        Route("nrm", Axis.DUTY, RouteStatus.NEEDS_INFORMATION, "duty", "x", (),
              (Missing("made_to_do_things", "not_asked"),), None),
        Route("gp", Axis.SUPPORT, RouteStatus.POSSIBLE, "voluntary", "the person", (), (), None),
        Route("talking_therapies", Axis.SUPPORT, RouteStatus.NOT_AVAILABLE, "voluntary", "x", (),
              (), None),
        Route("outcome_22", Axis.DISPOSAL, RouteStatus.NEEDS_INFORMATION, "voluntary", "police",
              (), (Missing("evidence_stage", "not_asked"),), None),
    ),
    rescreen=Rescreen(AT + timedelta(hours=5), ("The screening is provisional.",)),
)  # fmt: skip
NOTHING = replace(
    FOUND,
    status=ScreenStatus.COMPLETE,
    nothing_found=True,
    answered=(29, 29),
    needs=(),
    flags=(),
    not_excluded=(),
    conflicts=(),
    do_now=(),
    routes=(),
    rescreen=None,
)

SHEET = """\
EMERGENCY: CALL 999 FIRST.
Custody record TRAINING/1
PROVISIONAL: 12 of 29 answers. What is missing is unknown, not no.

DO NOW
------
 1. Hospital now: call 999.

DO NEXT
-------
 1. Healthcare sees the person.

FOUND
-----
EMERGENCY: head injury
  - A head sign together with drowsiness. Drink does not explain it. [1]
      Seen: can be woken (voice). No answer: head knock (unable to answer, 20:50
      BST). PNC: ailment.
    Tell: custody sergeant and custody healthcare.
SOON: suicide and self-harm
  - No answer about self-harm. [2]
SOON: information is missing (for a reason given above)

COULD NOT BE EXCLUDED
---------------------
URGENT, ask again by 21:20 BST: drugs; alcohol
  - Refused to answer: drugs in the last month
  - Not asked: last drink

ALSO FOUND
----------
ROUTINE: armed forces
  - Has served. [2]
    Tell: custody sergeant and custody healthcare.

SAID, AND ON RECORD
-------------------
These differ. The riskier stands until somebody has checked.
    SAID                                 | ON RECORD
    self-harm ever: never                | The record holds a warning of
                                         | self-harm.

OPEN WARNINGS
-------------
PNC: ailment. However old, a warning counts until a custody officer or a health
professional closes it by name, with the day and the reason; it then stays to be
seen. What the person says closes nothing.

DO BEFORE RELEASE
-----------------
 1. The nurse sees the person before release.

STAFF MUST SEE TO
-----------------
  * Emergency ambulance: at once
  ? Not known until more is answered: National Referral Mechanism.

HELP TO OFFER: THE PERSON DECIDES
---------------------------------
    Possible as well: GP.

SCREEN AGAIN BY SUN 25 OCT 01:50 BST
------------------------------------
  - The screening is provisional.

WHERE THE REASONS COME FROM
---------------------------
[1] Code C annex H (NOT VERIFIED, not to be called law)
[2] A report, 2020

Screened Sat 24 Oct 2026 20:50 BST. Rulebook 73e178437bc3325c, law as on
2026-10-24. This suggests; people decide.

EMERGENCY: CALL 999 FIRST.
EMERGENCY: head injury
What to do stands at the top.
"""


def test_the_sheet_reads_from_what_to_do_to_where_it_comes_from():
    assert in_words(FOUND, who="Custody record TRAINING/1") == SHEET


def test_nothing_found_says_from_how_many_answers_and_never_that_anybody_is_safe():
    words = in_words(NOTHING)

    assert words.startswith("No flags raised from 29 of 29 answers\n")
    assert not any(word in words.lower() for word in ("low risk", "just drunk", "safe", "fine"))


@pytest.mark.parametrize("status", list(ScreenStatus))
def test_only_a_complete_screening_can_say_that_nothing_was_found(status):
    words = in_words(replace(NOTHING, status=status, nothing_found=False, answered=(3, 29)))

    assert "No flags raised" not in words
    assert "3 of 29" in words


def test_an_emergency_that_is_not_for_an_ambulance_still_stands_first():
    watch = (DoNow("watch", Urgency.EMERGENCY, "Constant watch.", ("x",)),)

    assert in_words(FOUND).splitlines()[0] == CALL_999
    assert in_words(replace(FOUND, do_now=watch)).splitlines()[0] == ACT_NOW


def test_without_an_emergency_no_line_cries_999():
    urgent = replace(FOUND, needs=FOUND.needs[1:], do_now=FOUND.do_now[1:])

    assert "999" not in in_words(urgent)
    assert "\nDO NOW\n" in in_words(urgent)


def test_an_unsigned_rulebook_says_so_once():
    unsigned = replace(FOUND, rulebook=replace(STAMP, signed=False))
    warned = replace(unsigned, warnings=("Nobody has signed these rules.",))

    assert in_words(unsigned).count("signed") == 1
    assert in_words(warned).count("signed") == 1
    assert "signed" not in in_words(FOUND)


def test_outcomes_stay_hidden_until_the_evidence_stage_is_marked():
    route = replace(FOUND.routes[-1], status=RouteStatus.SUGGESTED, missing=())
    marked = replace(FOUND, routes=(*FOUND.routes[:-1], route))

    assert "police decide" not in in_words(FOUND)
    assert "outcome 22" in in_words(marked).lower()


def test_a_terminal_never_obeys_what_somebody_typed():
    typed = replace(FOUND, warnings=("\x1b[2J\x07 gone \u202e",))

    assert not set("\x1b\x07\u202e") & set(in_words(typed))


@pytest.mark.parametrize("width", [1, 40, 66, 80, 100, 1000])
def test_no_line_is_wider_than_the_terminal(width):
    assert max(map(len, in_words(FOUND, width=width).splitlines())) <= max(40, min(width, 100))


def test_the_json_says_the_same_as_the_words():
    got = as_json(FOUND)

    assert got["needs"][0] == {
        "need": "head_injury",
        "urgency": "emergency",
        "reasons": [
            {
                "rule": "head-sign-and-drowsy",
                "urgency": "emergency",
                "because": "A head sign together with drowsiness. Drink does not explain it.",
                "do": [],
                "tell": ["custody_sergeant", "custody_hcp"],
                "source": "Code C annex H",
                "confidence": "unverified",
                "lesson": None,
                "facts": [
                    {"id": "rouse", "value": "voice", "status": "answered", "source": "observed",
                     "asked_at": None},
                    {"id": "head_knock", "value": None, "status": "unable", "source": "said",
                     "asked_at": "2026-10-24T19:50:00Z",
                     "asked_london": "Sat 24 Oct 2026 20:50 BST"},
                    {"id": "marker", "value": "ailment", "status": "answered", "source": "pnc",
                     "asked_at": None},
                ],
            }
        ],
    }  # fmt: skip
    assert got["not_excluded"][0] == {
        "need": "drugs",
        "urgency": "urgent",
        "rules": ["x"],
        "missing": [{"id": "drugs_month", "why": "refused"}],
        "ask_again_at": "2026-10-24T20:20:00Z",
        "ask_again_london": "Sat 24 Oct 2026 21:20 BST",
    }
    assert got["rescreen"] == {
        "due_at": "2026-10-25T00:50:00Z",
        "due_london": "Sun 25 Oct 2026 01:50 BST",
        "why": ["The screening is provisional."],
    }
    assert (got["answered"], got["nothing_found"], got["status"]) == (
        [12, 29],
        False,
        "provisional",
    )
    assert as_json(NOTHING)["rescreen"] is None


CLOSED = Closing(date(2024, 6, 1), "custody_hcp", "Seen and treated (training).")
PNC_ILL = Marker("ailment", "pnc", on=date(2024, 5, 2))


@pytest.mark.parametrize(
    ("markers", "words"),
    [
        ((), "PNC: ailment"),
        ((PNC_ILL,), "PNC: ailment (2 May 2024)"),
        ((PNC_ILL, replace(PNC_ILL, on=date(2025, 11, 30))),
         "PNC: ailment (30 November 2025, 2 May 2024)"),
        ((PNC_ILL, replace(PNC_ILL, on=None)), "PNC: ailment (2 May 2024, no date)"),
        ((replace(PNC_ILL, on=None),), "PNC: ailment (no date)"),
        # Of another kind, from somebody else, or closed: not the day of this warning.
        ((replace(PNC_ILL, kind="suicidal"), replace(PNC_ILL, origin="family")), "PNC: ailment"),
        ((PNC_ILL, replace(PNC_ILL, on=date(2020, 1, 1), closed=CLOSED)),
         "PNC: ailment (2 May 2024)"),
    ],
)  # fmt: skip
def test_each_open_warning_stands_with_its_day_on_the_sheet_and_on_the_page(markers, words):
    sheet = in_words(FOUND, markers=markers)
    page = found(FOUND, rulebook=None, now=FOUND.at, markers=markers)

    assert page.warnings == (words,)
    assert f"OPEN WARNINGS ------------- {words}. {page.closing}" in " ".join(sheet.split())
