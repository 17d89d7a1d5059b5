"""How the words of a packing are chosen: what screenings, alerts and headers are made of.

    triage demo --reset --no-serve --folder NIGHT
    python -m tests.benchmarks.packing_words 2 NIGHT/night.db

writes ``2-whole.txt`` and ``2-told.txt`` beside those of packing 1. A packing that was ever
released is never made anew: records rest on its very bytes. What matters most stands last,
because what is nearer costs less to point at. Everybody in it is invented.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.benchmarks.people import AT, invented
from tests.faults.server import ROOT
from triage.casework.stored import pack
from triage.domain.answers import Details, Person
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen
from triage.record import Record
from triage.record.events import as_json
from triage.record.packing import FOLDER
from triage.rehearsal import code
from triage.rules_files import load, rules_dir
from triage.schemas.screen import details_of

WINDOW = 32_768  # as far back as deflate can point
_WHOLE_RULES = 17_000  # of it for the commonest reasons in full; the rest get their sentence only
_SAID = 3_800
_PEOPLE = 300


@dataclass
class Seen:
    """What many invented people's findings hold, and how often."""

    quiet: str  # the body of somebody about whom nothing was found
    reasons: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    routes: dict[str, str] = field(default_factory=dict)
    acts: dict[str, str] = field(default_factory=dict)
    troubled: str = ""  # what a few others said

    def add(self, body: dict[str, Any]) -> None:
        findings = body["findings"]
        if len(self.troubled) < _SAID:
            self.troubled += as_json(body["details"])
        for found in (*findings.get("needs", ()), *findings.get("flags", ())):
            for reason in found["reasons"]:
                self.reasons[as_json({**reason, "facts": []})] += 1
                self.facts.update(as_json(fact) for fact in reason["facts"])
        for route in findings.get("routes", ()):
            why = [words for words in route["why"] if not words.startswith("For:")][:1]
            kept = as_json({**route, "missing": [], "why": why})
            self.routes[route["route"]] = max(kept, self.routes.get(route["route"], ""), key=len)
        for act in findings.get("do_now", ()):
            self.acts[act["action"]] = as_json({**act, "rules": []})


def seen() -> Seen:
    rulebook = load(rules_dir(), draft=True)
    found = Seen(as_json(_body(rulebook, _quiet(rulebook))))
    for details in invented(rulebook, _PEOPLE, seed=7):
        found.add(_body(rulebook, details))
    return found


def _body(rulebook: Rulebook, details: Details) -> dict[str, Any]:
    """The police part of a screening, as casework saves it."""
    return {
        "codes": code(rulebook, details).hex(),
        "details": pack(replace(details, person=Person())),
        "findings": pack(screen(rulebook, details)),
    }


def _quiet(rulebook: Rulebook) -> Details:
    document = json.loads((ROOT / "tests/cases/contract/screen-ryan.json").read_text("utf-8"))
    return details_of(document, rulebook=rulebook, now=AT)


def whole(found: Seen) -> str:
    """For a long body: the acts, each route once, and all that a quiet screening says."""
    routes, acts = found.routes.values(), found.acts.values()
    return "".join((*acts, found.troubled[:_SAID], *routes, found.quiet))[-WINDOW:]


def told(found: Seen, samples: Iterable[str]) -> str:
    """For reasons, and for short bodies: reasons, facts, and one of each small thing."""
    tail = "".join((*(fact for fact, _ in reversed(found.facts.most_common(40))), *samples))
    full, short = "", ""
    for reason, _ in found.reasons.most_common():
        if len(full) + len(reason) <= _WHOLE_RULES:
            full = reason + full
        else:
            said = json.loads(reason)
            short = said["because"] + '","rule":"' + said["rule"] + '"' + short
    return (short + full + tail)[-WINDOW:]


def night(path: Path) -> dict[str, str]:
    """One body and one header of each kind of thing that happened in an invented night."""
    samples: dict[str, str] = {}
    record = Record.open(path)
    for event in record.reading().all_events():
        samples[f"{event.kind} header"] = as_json(event.header)
        if event.kind != "screening_saved":
            for group, part in event.payloads.items():
                samples[f"{event.kind} {group}"] = as_json(part or {})
    record.close()
    return samples


def main(number: str, path: str) -> None:
    found = seen()
    (FOLDER / f"{number}-whole.txt").write_text(whole(found), "ascii")
    (FOLDER / f"{number}-told.txt").write_text(told(found, night(Path(path)).values()), "ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])
