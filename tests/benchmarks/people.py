"""Invented people in great number, from a seed: mostly ordinary, some very ill. None is anybody."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from triage.domain.answers import Answer, Closing, Details, Marker, Person, RecordFacts, Status
from triage.domain.facts import MARKER_KINDS
from triage.domain.rulebook import Rulebook
from triage.domain.specs import FactKind, Spec, options_of

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
_ORIGINS = ("pnc", "officer", "family", "log", "property", "health", "earlier_screening")
_SILENCE = (Status.REFUSED, Status.UNABLE, Status.NOT_ASKED)
_ETHNICITIES = (None, "W1", "W9", "M1", "A2", "A4", "B1", "B2", "O9", "NS")
_OFFICER = (None, "IC1", "IC2", "IC3", "IC4", "IC5", "IC6", "IC9")


def invented(rulebook: Rulebook, number: int, *, seed: int = 1) -> Iterator[Details]:
    """So many people, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(number):
        yield _person(rulebook, chance)


def _person(rulebook: Rulebook, chance: random.Random) -> Details:
    silent, troubled = chance.choice((0.0, 0.02, 0.08, 0.4)), chance.choice((0.02, 0.1, 0.35))

    def options(fact: str) -> tuple[str, ...]:
        return options_of(rulebook.facts[fact]) if fact in rulebook.facts else ("",)

    def several(fact: str) -> tuple[str, ...]:
        return tuple(option for option in options(fact) if chance.random() < troubled / 3)

    def maybe(likely: float) -> bool | None:
        return None if chance.random() < silent else chance.random() < likely

    checked = chance.random() < 0.85
    record = RecordFacts(
        checked=checked,
        markers=tuple(_marker(chance) for _ in range(5) if chance.random() < troubled),
        property=several("property") if checked and chance.random() < 0.7 else None,
        force_used=several("force_used") if chance.random() < 0.8 else None,
        hospital_today=maybe(0.05),
        breath_ug=chance.randrange(150) if chance.random() < 0.2 else None,
        drug_test=chance.choice(options("drug_test")) if chance.random() < 0.2 else None,
        managed_by=several("managed_by") if chance.random() < 0.3 else None,
        appropriate_adult_before=maybe(troubled),
        open_flags_before=several("open_flags_before") if chance.random() < 0.5 else None,
        instruction_open=chance.choice(options("instruction_open"))
        if chance.random() < 0.05
        else None,
    )
    ages = (11, 18) if chance.random() < 0.1 else (18, 75)
    return Details(
        at=AT + timedelta(minutes=chance.randrange(250_000)),
        nation=chance.choice(("england", "england", "wales")),
        person=Person(
            age=None if chance.random() < 0.02 else chance.randrange(*ages),
            age_source=chance.choice(("stated", "document", "appears", "unknown")),
            age_on_document=chance.randrange(14, 60) if chance.random() < 0.1 else None,
            sex=chance.choice(("male",) * 15 + ("female",) * 4 + ("other", "unknown")),
            ethnicity_self=chance.choice(_ETHNICITIES),
            ethnicity_officer=chance.choice(_OFFICER),
        ),
        stage=chance.choice(options("stage")),
        offence=chance.choice(options("offence")),
        arrests_12m=None if chance.random() < 0.1 else chance.choice((0, 0, 0, 1, 2, 3, 7)),
        domestic=maybe(0.2),
        place=chance.choice(options("place")) if chance.random() < 0.3 else None,
        interpreter_present=maybe(0.3),
        appropriate_adult_present=maybe(0.3),
        admits=maybe(0.4),
        evidence_ready=chance.random() < 0.3,
        answers=_answers(rulebook.questions.values(), chance, silent, troubled),
        observations=_answers(rulebook.observations.values(), chance, silent, troubled),
        record=record,
    )


def _answers(
    specs: object, chance: random.Random, silent: float, troubled: float
) -> dict[str, Answer]:
    found = {}
    for spec in specs:  # type: ignore[attr-defined]
        gated = getattr(spec, "branch", None) is not None
        if gated and chance.random() < 0.6:
            continue  # a branch question that nobody was asked
        if chance.random() < silent:
            found[spec.id] = Answer(chance.choice(_SILENCE))
        else:
            found[spec.id] = Answer(Status.ANSWERED, _value(spec, chance, troubled))
    return found


def _value(spec: Spec, chance: random.Random, troubled: float) -> object:
    options = options_of(spec)
    if spec.kind is FactKind.TEXT:
        return "words"
    if spec.kind is FactKind.MANY:
        return tuple(option for option in options if chance.random() < troubled / 2)
    if chance.random() < troubled:
        return chance.choice(options)
    return spec.nothing


def _marker(chance: random.Random) -> Marker:
    on = None if chance.random() < 0.3 else date(2026, 5, 1) - timedelta(chance.randrange(4_000))
    closed = Closing(date(2026, 5, 2), "custody_sergeant", "Checked (training).")
    return Marker(
        chance.choice(MARKER_KINDS),
        chance.choice(_ORIGINS),
        on,
        closed if chance.random() < 0.1 else None,
    )
