"""What is remembered of a stay is what the record holds, whoever wrote it, in any order.

Two engines work on one record through shuffled nights. After each act, and inside each, whatever
either of them remembers is compared with what is read afresh; the twins make a memory that goes
stale, and are found.
"""

import random
from contextlib import suppress
from dataclasses import replace

import pytest

from tests.casework.conftest import (
    HCP,
    NAIR,
    NOW,
    OKAFOR,
    answered,
    custody,
    everything_no,
    minutes,
    opened,
    rulebook,
    section136,
)
from tests.depth import depth
from triage import casework
from triage.casework import planning
from triage.casework.entries import details_of, findings_of
from triage.casework.history import History
from triage.casework.outcomes import Outcome
from triage.casework.planning import wanted
from triage.domain.errors import TriageError
from triage.record import EventKind, Group, NewEvent, Record, Writing, remembering
from triage.record.outbox import Outbox
from triage.record.read_alerts import AlertReads
from triage.record.remembering import Remembered, Remembering
from triage.settings import Settings

ANSWERS = (
    {},
    {"swallowed_or_hidden": answered("yes")},
    {"low_or_hopeless": answered("yes"), "drinks_daily": answered("yes")},
    {"head_knock": answered("knock_red")},
    {"home_tonight": answered("nowhere"), "voices_or_watched": answered("yes")},
)


class Stale(AssertionError):
    """What was remembered is not what the record holds."""


class Night:
    """Two engines on one record, and somebody who does whatever the dice say."""

    def __init__(self, folder, seed):
        self.chance, self.now = random.Random(seed), NOW
        path = folder / f"night-{seed}.db"
        Record.open(path, create=True).close()
        settings = Settings(folder, path, training=True)
        self.engines = [casework.Service(Record.open(path), rulebook(), settings) for _ in range(2)]
        self.stays = []

    def run(self, acts):
        self._open()
        for _ in range(acts):
            self.now += minutes(self.chance.choice((0, 1, 7, 40)))
            act = self.chance.choice(
                (self._open, self._screen, self._screen, self._screen, self._visit, self._correct,
                 self._take, self._close, self._erase, self._fail, self._pass, self._read)
            )  # fmt: skip
            with suppress(TriageError):  # refused, as people are: nothing of it is remembered
                act()
            self._compare()
        for engine in self.engines:
            engine.record.close()

    @property
    def engine(self):
        return self.chance.choice(self.engines)

    def _open(self):
        number = len(self.stays)
        made = section136 if self.chance.random() < 0.3 else custody
        self.stays.append(opened(self.engine, made(number, at=self.now), now=self.now))

    def _screen(self):
        answers = self.chance.choice(ANSWERS)
        details = everything_no(self.now - minutes(self.chance.choice((0, 0, 20))), answers=answers)
        if self.chance.random() < 0.3:
            answers = {"intoxication": answered("marked")}
            details = replace(details, observations={**details.observations, **answers})
        actor = self.chance.choice((OKAFOR, NAIR))
        casework.record_screening(self.engine, self._stay(), details, actor=actor, now=self.now)

    def _visit(self):
        visit = casework.Visit(self.now, "Awake, talking (training).")
        casework.record_visit(self.engine, self._stay(), visit, actor=OKAFOR, now=self.now)

    def _correct(self):
        engine = self.engine
        event = self.chance.choice(engine.record.reading().stay_events(self._stay()))
        why = casework.Correction("Typed on the wrong record (training).", withdrawn=True)
        casework.correct(engine, event.seq, why, actor=OKAFOR, now=self.now)

    def _take(self):
        engine = self.engine
        kind, who = self.chance.choice(
            ((casework.AckKind.POLICE, OKAFOR), (casework.AckKind.CLINICAL, HCP))
        )
        casework.acknowledge(engine, self._alert(engine), kind=kind, actor=who, now=self.now)

    def _close(self):
        engine = self.engine
        key = self._alert(engine)
        casework.act(engine, key, "Went to see them (training).", actor=HCP, now=self.now)
        casework.close(
            engine, key, outcome=Outcome.SEEN_BY_CLINICIAN, words="Seen (training).",
            actor=HCP, now=self.now,
        )  # fmt: skip

    def _erase(self):
        engine = self.engine
        event = self.chance.choice(engine.record.reading().stay_events(self._stay()))
        with engine.record.writing(now=self.now) as writing:
            for group in event.payloads:
                writing.erase([(event.seq, Group(group))], actor=OKAFOR, reason="training")

    def _fail(self):
        with pytest.raises(ZeroDivisionError), self.engine.record.writing(now=self.now) as writing:
            stay = self._stay()
            writing.stay_events(stay)
            writing.append(NewEvent(EventKind.NOTE, OKAFOR, self.now, stay=stay))
            raise ZeroDivisionError

    def _pass(self):
        casework.tick(self.engine, now=self.now, send=None)

    def _read(self):
        engine, stay = self.engine, self._stay()
        casework.stay_view(engine, stay, actor=NAIR, now=self.now)

    def _stay(self):
        return self.chance.choice(self.stays)

    def _alert(self, engine):
        found = [alert.key for alert in engine.record.reading().open_alerts() if alert.stay]
        return self.chance.choice(sorted(found) or ["none"])

    def _compare(self):
        """Not by both each time: who compares has read, and knows what the other one wrote."""
        for engine in self.chance.sample(self.engines, self.chance.randrange(3)):
            for stay in self.stays:
                self._compare_stay(engine, stay)

    def _compare_stay(self, engine, stay):
        reading = engine.record.reading()
        row = reading.stay(stay)
        if row is None:
            return
        if (reading.known(stay).row, reading.known(stay).stay) != (reading.stay_row(stay), row):
            raise Stale(f"the row of {stay} as remembered is not as the fold left it")
        known = History(row, reading.stay_events(stay))
        fresh = History(row, reading.stay_events_from(stay, 0))
        if told(engine, known, self.now) != told(engine, fresh, self.now):
            raise Stale(f"{stay} as remembered is not as recorded")


def told(engine, history, now):
    """Everything that acts and passes take from a history."""
    screened = [each for each in history.events if each.kind == "screening_saved"]
    try:
        calls_for = wanted(engine, history, now=now)
    except Exception as error:
        calls_for = type(error)
    return (
        history.events,
        [findings_of(each, clinical=clinical) for each in screened for clinical in (True, False)],
        [details_of(each, clinical=clinical) for each in screened for clinical in (True, False)],
        history.versions,
        history.ended_alerts,
        history.withdrawn,
        history.detention(now),
        calls_for,
    )


@pytest.fixture
def looking_inside(monkeypatch):
    """Each read inside a transaction is compared with the tables as they are then."""
    events, alerts, rows = Writing.stay_events, Writing.alerts_of, Writing._row_of

    def same_events(self, stay):
        found = events(self, stay)
        if found != self.stay_events_from(stay, 0):
            raise Stale(f"{stay} inside an act")
        return found

    def same_alerts(self, stay):
        found = alerts(self, stay)
        if found != AlertReads.alerts_of(self, stay):
            raise Stale(f"the alerts of {stay} inside an act")
        return found

    def same_row(self, stay):
        found = rows(self, stay)
        if found != self.stay_row(stay):
            raise Stale(f"the row of {stay} inside an act")
        return found

    monkeypatch.setattr(Writing, "_row_of", same_row)
    monkeypatch.setattr(Writing, "stay_events", same_events)
    monkeypatch.setattr(Writing, "alerts_of", same_alerts)


@pytest.mark.parametrize("seed", range(depth(3, 60)))
def test_whatever_is_remembered_is_what_the_record_holds(tmp_path, looking_inside, seed):
    Night(tmp_path, seed).run(depth(40, 120))


def believes_what_it_knows(patch):
    real = Remembering._end_of

    def of_memory(self, stay, before):
        known = self._memory.of(stay)
        told = real(self, stay, before)
        return told if known is None else (*known.last, known.erased, told[3])

    patch.setattr(Remembering, "_end_of", of_memory)


def overlooks_erasures(patch):
    real = Remembering._end_of
    patch.setattr(Remembering, "_end_of", lambda *asked: (*real(*asked)[:2], 0, ""))
    patch.setattr(Remembered, "remember", lambda self: None)


def keeps_what_was_rolled_back(patch):
    real = Outbox.append

    def at_once(self, event):
        recorded = real(self, event)
        Remembered.remember(self)
        return recorded

    patch.setattr(Outbox, "append", at_once)
    real_end = Remembering._end_of

    def ahead_of_the_record(self, stay, before):
        last, digest, erased, head = real_end(self, stay, before)
        known = self._memory.of(stay)
        ahead = known is not None and known.last[0] >= last
        return (*known.last, erased, head) if ahead else (last, digest, erased, head)

    patch.setattr(Remembering, "_end_of", ahead_of_the_record)


def believes_that_nobody_else_writes(patch):
    patch.setattr(Remembered, "_still_known", lambda self, stay: self._memory.of(stay))


def overlooks_what_shapes_a_stay(patch):
    real = Outbox._fold

    def and_back(self, event):
        before = dict(self._rows)
        real(self, event)
        self._rows.update(before)

    patch.setattr(Outbox, "_fold", and_back)


def overlooks_what_others_said_of_a_stay(patch):
    patch.setattr(remembering, "shapes", lambda event: False)


def names_the_alerts_of_clocks_once_for_ever(patch):
    real = planning._Kept.timed
    patch.setattr(planning._Kept, "timed", lambda kept, now: kept._timed[1] or real(kept, now))


def forgets_which_alerts_changed(patch):
    patch.setattr(Outbox, "_touch", lambda *told: None)


@pytest.mark.parametrize(
    "bug",
    [
        believes_what_it_knows,
        overlooks_erasures,
        keeps_what_was_rolled_back,
        believes_that_nobody_else_writes,
        overlooks_what_shapes_a_stay,
        overlooks_what_others_said_of_a_stay,
        names_the_alerts_of_clocks_once_for_ever,
        forgets_which_alerts_changed,
    ],
)
def test_a_memory_that_goes_stale_is_found(tmp_path, looking_inside, monkeypatch, bug):
    bug(monkeypatch)

    with pytest.raises(AssertionError):
        for seed in range(5):
            Night(tmp_path, seed).run(40)
