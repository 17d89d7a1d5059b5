"""The speed of the rules, as ratios in one run: ``python -m tests.benchmarks.rules``.

Everything is measured in turn, round after round, in the processor time of this process, so that
others on the machine weigh little and on all of it alike; the middle round is reported. Before
anything is timed, every way must give the same verdicts and the same levels as the core. Needs the
extra ``bench``; peers that are not installed are left out. ``test_rules_speed`` holds the promises.
"""

import gc
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from tests.benchmarks import engines
from tests.benchmarks.by_hand import by_hand
from tests.benchmarks.people import invented
from triage import rules_files
from triage.domain.answers import Details
from triage.domain.conditions import Condition, Or
from triage.domain.grammar import read as read_condition
from triage.domain.names import Vocabulary
from triage.domain.rulebook import Rulebook
from triage.domain.screening import screen
from triage.domain.sweep import sweeping, sweeping_values
from triage.record import Record
from triage.record.engine import connect
from triage.rehearsal import code
from triage.rehearsal.checking import levels_of, swept_levels
from triage.rehearsal.rehearsing import rehearse
from triage.rules_files.folder import read as read_folder

ROUNDS = 7
LOADS = 40
AT_ONCE = 100_000
DISTINCT = 20_000
Timed = Callable[[], object]
Way = tuple[Callable[[Any], Any], Sequence[Any]]
HAND, OURS, DECIDING = "by hand", "ours, explained", "ours, only deciding answers"
DESK, SCREEN = "the two passes as at the desk", "screen(): all of it, with routes"
FOLDER, BARE, ALL_CHANGED = (
    "the whole folder, ready",
    "bare read of the coded rows",
    "all rules changed",
)
READ, HANDED = "  of ours: reading the facts", "  of peers: facts as they take them"
ALONE = "  of ours: on facts read already"
PEERS = {
    "zen-engine, one array (a trick)": engines.zen_array,
    "zen-engine, decision (documented)": engines.zen_graph,
    "rule-engine, as documented": engines.rule_engine,
}


def main() -> None:
    """Run all of it, or one part."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("part", nargs="?", choices=("one", "load", "million"))
    options.add_argument("--people", type=int, default=300)
    options.add_argument("--rows", type=int, default=1_000_000)
    chosen = options.parse_args()
    rulebook = rules_files.load(rules_files.rules_dir(), draft=True)
    gc.freeze()
    if chosen.part in (None, "one"):
        one_at_a_time(rulebook, chosen.people)
    if chosen.part in (None, "load"):
        loading(rulebook)
    if chosen.part in (None, "million"):
        a_million(rulebook, chosen.rows)


# One person at a time ----------------------------------------------------------------------


def one_at_a_time(rulebook: Rulebook, number: int, rounds: int = ROUNDS) -> dict[str, float]:
    """Explained evaluation: ours, the hand's, and peers. Seconds for all people, by way."""
    crowd = list(invented(rulebook, number))
    peer = engines.Peer(rulebook)
    read = [peer.context(rulebook.program.read(each, rulebook.law)) for each in crowd]
    ways: dict[str, Way] = {
        HAND: (by_hand(rulebook), crowd),
        OURS: (sweeping(rulebook), crowd),
        DECIDING: (sweeping(rulebook, deciding=True), crowd),
    }
    for name, make in PEERS.items():
        try:
            ways[name] = (make(peer), read)
        except ImportError as missing:
            print(f"left out: {name} ({missing.name} is not installed)")
    agree(rulebook, crowd, ways)
    program, law = rulebook.program, rulebook.law
    readings = [program.read(each, law) for each in crowd]
    alone = sweeping_values(rulebook)
    parts: dict[str, Way] = {
        ALONE: (lambda reading: alone(reading.values), readings),
        READ: (lambda details: program.read(details, law), crowd),
        HANDED: (peer.context, readings),
        DESK: (engines.as_the_desk_does(rulebook), crowd),
        SCREEN: (lambda details: screen(rulebook, details), crowd),
    }
    hits = sum(len(ways[OURS][0](each)[0]) for each in crowd) / number
    rules = len(rulebook.rules) + len(rulebook.conflicts) + len(rulebook.modifiers)
    print(f"\nOne person at a time: {rules} rules, {number} people, {hits:.1f} rules each")
    every = {n: _each(f, people) for n, (f, people) in {**ways, **parts}.items()}
    took = in_turn(every, rounds)
    table({name: seconds / number * 1e6 for name, seconds in took.items()}, "µs", HAND)
    for name in (name for name in PEERS if name in took):
        alone, whole = against(took, name)
        print(
            f"  {name}: ours is {alone:.1f} times as fast on facts that were read already,"
            f" {whole:.1f} times from what was typed"
        )
    return took


def against(took: dict[str, float], peer: str) -> tuple[float, float]:
    """How many times as fast as a peer ours is: on facts read already, and from what was typed.

    On facts read already each takes them in its own form; a peer that starts from what was typed
    has them read and settled by us, and then put into its form.
    """
    return took[peer] / took[ALONE], (took[peer] + took[READ] + took[HANDED]) / took[OURS]


def agree(rulebook: Rulebook, crowd: Sequence[Details], ways: dict[str, Any]) -> None:
    """Every way finds the same rules and the same levels as the core, or there is no benchmark."""
    for place, details in enumerate(crowd):
        core = levels_of(rulebook, details)
        verdicts = None
        for name, (engine, people) in ways.items():
            explained = engine(people[place])
            mine = swept_levels(explained)
            rules = sorted((rule, certain) for rule, certain, _ in explained[0])
            verdicts = rules if verdicts is None else verdicts
            if mine != core or rules != verdicts:
                sys.exit(f"{name} differs for person {place}")


def _each(engine: Callable[[Any], Any], people: Sequence[Any]) -> Timed:
    def run() -> None:
        for each in people:
            engine(each)

    return run


# Loading -----------------------------------------------------------------------------------


def loading(rulebook: Rulebook, rounds: int = LOADS) -> float:
    """From text to ready, and what of it is spent where. Milliseconds per 100 rules.

    The best of many rounds, in the processor time of this process: what it takes when nobody else
    empties the caches in between.
    """
    folder = rules_files.rules_dir()
    rules = len(rulebook.rules) + len(rulebook.conflicts) + len(rulebook.modifiers)
    files = [*folder.rglob("*.toml")]
    vocabulary = Vocabulary(
        {**rulebook.questions, **rulebook.observations, **rulebook.facts},
        tuple(rulebook.definitions),
        tuple(rulebook.instruments),
        levels=True,
    )
    texts = [each.when.text for each in (*rulebook.rules, *rulebook.conflicts, *rulebook.modifiers)]

    def conditions() -> list[Condition]:
        nothing_read = replace(vocabulary)
        return [read_condition(text, nothing_read) for text in texts]

    took = in_turn(
        {
            FOLDER: lambda: rules_files.load(folder, draft=True),
            "  its text, read as TOML": lambda: read_folder(folder),
            "  conditions read and checked": conditions,
            "  compiled": lambda: replace(rulebook, warnings=()).program,
        },
        rounds,
        told=min,
    )
    print(f"\nLoading: {rules} rules, {len(files)} files, best of {rounds}")
    for name, seconds in took.items():
        print(f"  {name:<36}{seconds * 1e3:8.1f} ms {seconds * 1e5 / rules:8.1f} ms per 100 rules")
    return took[FOLDER] * 1e5 / rules


# A million ---------------------------------------------------------------------------------


def a_million(rulebook: Rulebook, number: int, rounds: int = 3) -> dict[str, float]:
    """Rehearsal of coded rows in a record, against the bare read of the same rows: seconds."""
    with tempfile.TemporaryDirectory() as folder:
        record = _filled(Path(folder) / "record.db", rulebook, number)
        print(f"\nRehearsal of {number:,} recorded screenings")

        def rehearsed(new: Rulebook) -> Timed:
            return lambda: rehearse(rulebook, new, _rows(record))

        took = in_turn(
            {
                BARE: lambda: sum(1 for _ in _rows(record)),
                "one rule changed": rehearsed(_one_changed(rulebook)),
                ALL_CHANGED: rehearsed(_all_changed(rulebook)),
            },
            rounds,
        )
        table(took, "s", BARE)
        record.close()
    return took


def _filled(path: Path, rulebook: Rulebook, number: int) -> Record:
    record = Record.open(path, create=True)
    codes = [code(rulebook, each) for each in invented(rulebook, min(number, DISTINCT))]
    connection = connect(path)
    connection.execute("begin immediate")
    connection.executemany(
        "insert into screening_codes (seq, codes) values (?, ?)",
        ((seq, codes[seq % len(codes)]) for seq in range(1, number + 1)),
    )
    connection.execute("commit")
    connection.close()
    return record


def _rows(record: Record) -> Iterator[tuple[int, bytes]]:
    after, reading = 0, record.reading()
    while rows := reading.screening_codes(after, AT_ONCE):
        yield from rows
        after = rows[-1][0]


def _one_changed(rulebook: Rulebook) -> Rulebook:
    rule = rulebook.rules[0]
    return replace(rulebook, rules=rulebook.rules[1:], fingerprint=f"without {rule.id}")


def _all_changed(rulebook: Rulebook) -> Rulebook:
    """Every rule holds for a few people more: nothing that is worked out can be shared."""
    extra = read_condition("age == 99", Vocabulary({"age": rulebook.facts["age"]})).tree
    rules = tuple(
        replace(rule, when=Condition(rule.when.text, Or((rule.when.tree, extra))))
        for rule in rulebook.rules
    )
    return replace(rulebook, rules=rules, fingerprint="changed")


# Timing ------------------------------------------------------------------------------------


def in_turn(
    ways: dict[str, Timed],
    rounds: int = ROUNDS,
    told: Callable[[list[float]], float] = median,
) -> dict[str, float]:
    """The middle time of each way, all of them measured in every round."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, run in ways.items():
            start = process_time()
            made = run()
            taken[name].append(process_time() - start)
            del made  # throwing it away is no part of making it
    return {name: told(times) for name, times in taken.items()}


def table(took: dict[str, float], unit: str, base: str) -> None:
    """Each way with its time and its ratio."""
    for name, value in took.items():
        print(f"  {name:<36}{value:10.2f} {unit}  {value / took[base]:7.2f} x {base}")


if __name__ == "__main__":
    main()
