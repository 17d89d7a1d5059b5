"""There is one way in which a value is written, whichever writer of JSON is installed."""

import json
import math
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.depth import depth
from triage.casework.stored import pack
from triage.record import events
from triage.record.events import as_json, stamp

PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
UNHURRIED = settings(
    max_examples=depth(200, 20_000),
    deadline=None,  # a busy machine is no fault
    suppress_health_check=[HealthCheck.too_slow],
)
VALUES = st.recursive(
    PLAIN | st.datetimes(timezones=st.just(UTC)),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text(), inner)
        | st.dictionaries(st.text(), inner).map(MappingProxyType)
    ),
)


def by_the_standard_library(value):
    def plain(other):
        return stamp(other) if isinstance(other, datetime) else dict(other)

    return json.dumps(value, separators=(",", ":"), sort_keys=True, default=plain)


@UNHURRIED
@given(VALUES)
def test_a_fast_writer_says_what_the_standard_library_says(value):
    assert as_json({"said": value}) == by_the_standard_library({"said": value})


@UNHURRIED
@given(VALUES)
def test_without_a_fast_writer_the_same_is_written(value):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "_fast", lambda value: "")

        assert as_json({"said": value}) == by_the_standard_library({"said": value})


def test_the_fast_writer_is_at_work_and_by_itself_would_say_some_of_it_otherwise():
    """The twin: what it may say in another way is looked for, and found."""
    assert events._fast({"b": [1, None, "\n"], "a": "24.5"}) == '{"a":"24.5","b":[1,null,"\\n"]}'
    for otherwise in (1e16, 0.00001, "Zo\u00eb", "\x7f"):
        assert events._fast({"said": otherwise}) == ""


@pytest.mark.parametrize("value", [object(), timedelta(1), {1, 2}])
def test_what_is_no_value_of_the_record_is_refused(value):
    with pytest.raises(TypeError):
        as_json({"said": value})


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_never_comes_into_the_record(number):
    with pytest.raises(ValueError, match="is a number"):
        pack({"said": number})
