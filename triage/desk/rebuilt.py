"""The values of the desk, built anew from the JSON that the service answers with."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from cattrs import BaseValidationError, Converter

from triage.desk.client import Contested, Done, Meanwhile, SignedOut, Told
from triage.domain.clocks import Unlawful
from triage.domain.errors import InputError, NotAllowed, Problem, RulebookRefused, Unreachable
from triage.domain.findings import Urgency
from triage.domain.rulebook import Rulebook
from triage.present.screening_words import cry_over
from triage.present.unlawful import unlawful_words
from triage.rules_files import load_texts

Value = TypeVar("Value")
NOT_READ = (
    "The service answered, and the program of this terminal cannot read it: one of the two is "
    "older. Tell whoever runs this service, and use a browser until then."
)
_RULES_NOT_READ = (
    "The program of this terminal cannot read the rules of the service, so nobody is screened "
    "here. Screen in a browser, or on paper, and tell whoever runs this service."
)
NOT_EVALUATED = (
    "What was typed is kept, and nobody can say what it means: this record cannot be evaluated. "
    "Go by what you see and hear, and keep its checks and times by hand."
)

_converter = Converter(detailed_validation=False)
_converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))


def rebuilt(kind: type[Value], told: Any) -> Value:
    """A value of the desk; what a newer service says besides is left out.

    Raises Unreachable where the answer is no such value.
    """
    try:
        return _converter.structure(told, kind)
    except (BaseValidationError, KeyError, TypeError, ValueError, AttributeError):
        raise Unreachable(NOT_READ) from None


def done(saved: Mapping[str, Any], stay: str = "") -> Done:
    """An act on what happened, as the API writes it."""
    notices = tuple(saved.get("notices", ()))
    unlawful = tuple(unlawful_words(rebuilt(Unlawful, each)) for each in saved.get("unlawful", ()))
    repeated = saved.get("repeated", False)
    return Done(
        saved.get("seq"), saved.get("stay", stay), notices, repeated, unlawful=unlawful
    )  # fmt: skip


def done_about(saved: Mapping[str, Any]) -> Done:
    """An act on alerts: what the service notes beside it is about who else has them."""
    stay = saved.get("stay") or saved["key"].partition(":")[0]
    words = " ".join(saved["notices"])
    return Done(saved["seq"], stay, repeated=saved["repeated"], words=words)


def meant_so_far(saved: Mapping[str, Any]) -> Told:
    """A kept draft: what cannot wait in it, under the headline that such acts have."""
    found = saved["findings"]
    kept = rebuilt(_Kept, saved)
    if found is None:
        return _with(kept, Told(NOT_EVALUATED, (), saved["recorded"], tuple(saved["notices"])))
    acts = tuple(
        str(each["words"]) for each in found["do_now"] if each["urgency"] == Urgency.EMERGENCY.word
    )
    headline = cry_over(acts) if acts else ""
    return _with(kept, Told(headline, acts, saved["recorded"], tuple(saved["notices"])))


@dataclass(frozen=True)
class _Kept:
    """What a service says of the state of a draft; an older one says nothing."""

    version: int = 0
    draft: dict[str, Any] | None = None
    contested: tuple[Contested, ...] = ()
    meanwhile: Meanwhile | None = None


def _with(kept: _Kept, told: Told) -> Told:
    return replace(told, **{each.name: getattr(kept, each.name) for each in fields(kept)})


def rulebook_of(told: Mapping[str, Any]) -> Rulebook:
    """The rulebook of texts that the service sent; what is not the very same is not used.

    The suites of the installation lie over it, as they do there: a file beside the signed texts.
    """
    try:
        files = {path: b64decode(text) for path, text in told["files"].items()}
        book = load_texts(files)
    except RulebookRefused:
        raise NotAllowed(_RULES_NOT_READ) from None
    if book.fingerprint != told["fingerprint"]:
        raise NotAllowed(_RULES_NOT_READ)
    own = told.get("suites")  # an older service does not send them
    if own is None:
        return book
    return replace(book, practice=MappingProxyType({**book.practice, "suites": own}))


def refused(status: int, told: dict[str, Any]) -> InputError | NotAllowed:
    """What the service refused, as the error that it was there: problem+json (RFC 9457)."""
    listed = tuple(
        Problem(each["field"], each["problem"], tuple(each.get("allowed", ())))
        for each in told.get("errors", ())
    )
    words = str(told.get("detail") or told.get("title") or status)
    if status in (400, 404, 415, 422) and listed:
        return InputError(listed)
    if status == 401:
        return SignedOut(words)
    where = listed[0].field if listed else ""
    return NotAllowed(words, law_row=str(told.get("law_row", "")), field=where)
