"""The suites that somebody may choose from: those of the rulebook that are theirs."""

from triage.present import spans
from triage.web.doors import actor, doors


def choices() -> tuple[tuple[str, str], ...]:
    """Id and name of each suite of whoever is signed in; no suites of their own means all."""
    mine = actor().suites
    return tuple((id, name) for id, name in known().items() if not mine or id in mine)


def known() -> dict[str, str]:
    """Name by id of every suite that the rulebook's practice folder lists."""
    listed = doors().service.rulebook.practice.get("suites", {}).get("suite", ())
    return {suite["id"]: suite.get("name", spans.named(suite["id"])) for suite in listed}
