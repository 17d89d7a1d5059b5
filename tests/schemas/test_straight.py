"""The straight way through a schema takes what marshmallow takes, and makes the same of it."""

import copy
import json
import random
from pathlib import Path

import pytest
from marshmallow import ValidationError, post_load

from tests.depth import depth
from triage.schemas import straight
from triage.schemas.clocks import ClocksIn, EventIn
from triage.schemas.fields import SafeText, StrictSchema
from triage.schemas.screen import ScreenIn

CASES = Path(__file__).parents[1] / "cases" / "contract"
DOCUMENTS = [
    json.loads(path.read_text())
    for path in sorted(CASES.glob("*.json"))
    if "expect" not in path.name
]
SCREENS = [each for each in DOCUMENTS if "stage" in each]
CLOCKS = [each for each in DOCUMENTS if "events" in each]
EVENTS = [event for each in CLOCKS for event in each["events"]]
ODD = (
    None, True, False, 0, 1, -1, 3.0, 1e9, 10**20, "", " ", "yes", "no", "refused", "arrest",
    "2026-02-30", "2026-11-23", "2026-11-23T14:05:00Z", "2026-10-25T01:30:00+01:00",
    "2026-11-23T14:05", "\x00", "\ud800", "a\tb", "A" * 3000, [], {}, [None], ["yes", "yes"],
    {"london": "2026-10-25T01:30"}, {"london": "2026-10-25T01:30", "fold": "first"},
    {"not_before": "2026-11-23T14:05:00Z", "not_after": "2026-11-23T14:00:00Z"},
    {"value": "yes", "asked_at": "2026-11-23T14:05:00Z"}, {"value": None}, {"kind": "mental"},
)  # fmt: skip
NAMES = ("strange", "at", "kind", "age", "closed", "words", "record", "corrects")


def places(value, path=()):
    """Every place in a document."""
    yield path
    inner = dict(enumerate(value)) if isinstance(value, list) else value
    for key, item in inner.items() if isinstance(inner, dict) else ():
        yield from places(item, (*path, key))


def changed(document, chance):
    """A document with one to three places that are missing, doubled, strange or new."""
    made = copy.deepcopy(document)
    for _ in range(chance.randrange(1, 4)):
        *way, last = chance.choice([each for each in places(made) if each])
        inner = made
        for step in way:
            inner = inner[step]
        match chance.randrange(4):
            case 0:
                del inner[last]
            case 1 if isinstance(inner, dict):
                inner[chance.choice(("strange", "at", "kind", "age", "closed"))] = chance.choice(
                    ODD
                )
            case _:
                inner[last] = copy.deepcopy(chance.choice(ODD))
    return made


def by_marshmallow(kind, document):
    try:
        return kind().load(document)
    except ValidationError:
        return "refused"


def straight_or_not(kind, document):
    try:
        return straight.reader_of(kind)(document)
    except straight.NotStraight:
        return "refused"


@pytest.mark.parametrize(
    ("kind", "right"), [(ScreenIn, SCREENS), (ClocksIn, CLOCKS), (EventIn, EVENTS)]
)
def test_what_goes_straight_is_what_marshmallow_makes_of_it(kind, right):
    chance = random.Random(3)
    for _ in range(depth(700, 40_000)):
        document = changed(chance.choice(right), chance)

        assert straight_or_not(kind, document) == by_marshmallow(kind, document), document


def test_every_worked_case_goes_straight():
    for kind, right in ((ScreenIn, SCREENS), (ClocksIn, CLOCKS), (EventIn, EVENTS)):
        assert "refused" not in [straight_or_not(kind, document) for document in right]


def test_a_way_that_forgets_what_is_required_is_found(monkeypatch):
    real = straight._object_reader

    def forgetful(known):
        for field in known.values():
            field.required = False
        return real(known)

    straight.reader_of.cache_clear()
    monkeypatch.setattr(straight, "_object_reader", forgetful)

    with pytest.raises(AssertionError):
        test_what_goes_straight_is_what_marshmallow_makes_of_it(ScreenIn, SCREENS)
    straight.reader_of.cache_clear()


def test_a_schema_with_a_method_of_its_own_has_no_straight_way():
    class Stubborn(StrictSchema):
        words = SafeText()

        @post_load
        def shout(self, data, **rest):
            return data

    with pytest.raises(TypeError, match="method of its own"):
        straight.reader_of(Stubborn)
