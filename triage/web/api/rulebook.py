"""Which rulebook speaks, and what it asks."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response
from flask.views import MethodView

from triage import casework
from triage.domain.rulebook import Rulebook
from triage.domain.specs import Observation, Question
from triage.web.api.parts import Part, answer
from triage.web.doors import doors

blueprint = Part("rulebook", __name__, description="The rulebook and its questions")


@dataclass(frozen=True)
class Signed:
    """The rulebook in use."""

    fingerprint: str
    signed: bool
    signed_by: str | None
    signed_on: date | None
    rules: int
    warnings: tuple[str, ...]
    suites: str  # changes when the suites do, which are no part of what is signed


@dataclass(frozen=True)
class Option:
    """One answer that may be given."""

    id: str
    words: str


@dataclass(frozen=True)
class Asked:
    """One question or observation; refused, unable and not_asked may always be given."""

    id: str
    number: str
    words: str
    kind: str
    options: tuple[Option, ...]
    ordered: bool
    core: bool
    private: bool


@dataclass(frozen=True)
class Questionnaire:
    """Everything that a screening asks and looks at, in order."""

    fingerprint: str
    questions: tuple[Asked, ...]
    observations: tuple[Asked, ...]


@blueprint.route("/rulebook")
class Stamp(MethodView):
    """The rulebook in use."""

    @blueprint.answers(200, Signed)
    def get(self) -> Response:
        """Its fingerprint, and who signed it."""
        book = doors().service.rulebook
        by = book.signature.by if book.signature else None
        on = book.signature.on if book.signature else None
        return answer(Signed(book.fingerprint, book.signed, by, on, len(book.rules), book.warnings,
                             casework.suites_stamp(doors().service)))  # fmt: skip


@blueprint.route("/rulebook/questions")
class Questions(MethodView):
    """What a screening asks."""

    @blueprint.answers(200, Questionnaire)
    def get(self) -> Response:
        """Every question and observation with its options."""
        return answer(_questionnaire(doors().service.rulebook))


@dataclass(frozen=True)
class Texts:
    """The texts of the rulebook in use: whoever has them has the rulebook."""

    fingerprint: str
    files: Mapping[str, str]  # bytes by path, in base 64: the fingerprint is over every byte
    suites: Mapping[str, Any] | None  # a file of this installation; None: those of the texts
    suites_stamp: str


@blueprint.route("/rulebook/texts")
class Sources(MethodView):
    """The rulebook in use, to be read by a desk."""

    @blueprint.answers(200, Texts)
    def get(self) -> Response:
        """Every file of it, and what the site lays over it."""
        service = doors().service
        found = casework.rulebook_texts(service)
        files = {path: b64encode(text).decode("ascii") for path, text in found.items()}
        own, stamp = casework.own_suites(service), casework.suites_stamp(service)
        return answer(Texts(service.rulebook.fingerprint, files, own, stamp))


def _questionnaire(book: Rulebook) -> Questionnaire:
    return Questionnaire(
        book.fingerprint,
        tuple(_question(each) for each in book.questions.values()),
        tuple(_observation(each) for each in book.observations.values()),
    )


def _question(one: Question) -> Asked:
    options = tuple(Option(*each) for each in one.options)
    core, kind = one.branch is None, one.kind.value
    return Asked(one.id, one.number, one.asks, kind, options, one.ordered, core, one.private)


def _observation(one: Observation) -> Asked:
    options = tuple(Option(*each) for each in one.options)
    kind = one.kind.value
    return Asked(one.id, one.number, one.looks, kind, options, one.ordered, False, False)
