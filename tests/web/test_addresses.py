"""Every address of the pages and of the API is written as werkzeug itself would write it."""

from typing import Any

from werkzeug.routing import Map, Rule

from triage.web.addresses import Address

from .conftest import House


def written(rule: Rule, *, rest: bool) -> Any:
    """The address with 7 for each part, and something more to be left out or put after it."""
    return rule.build({**dict.fromkeys(rule.arguments, 7), "back": "a b"}, rest)


def test_an_address_is_written_as_by_werkzeug_the_first_time_and_every_time(house: House):
    ours = list(house.app.url_map.iter_rules())
    theirs = [Rule(rule.rule, endpoint=rule.endpoint) for rule in ours]
    Map(theirs)
    twice = [[written(rule, rest=rest) for rest in (True, False) for _ in "12"] for rule in ours]
    plain = [[written(rule, rest=rest) for rest in (True, False) for _ in "12"] for rule in theirs]

    assert {type(rule) for rule in ours} == {Address}
    assert twice == plain
    assert ("", "/stays/7/why?back=a+b") in [each[0] for each in twice]
