"""The values of the desk, built anew from the JSON that the service answers with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from cattrs import BaseValidationError, Converter

from triage.desk.client import Done, Told
from triage.domain.errors import Unreachable
from triage.domain.findings import Urgency
from triage.present.screening_words import cry_over

Value = TypeVar("Value")
NOT_READ = (
    "The service answered, and the program of this terminal cannot read it: one of the two is "
    "older. Tell whoever runs this service, and use a browser until then."
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
    return Done(saved.get("seq"), saved.get("stay", stay), notices, saved.get("repeated", False))


def done_about(saved: Mapping[str, Any]) -> Done:
    """An act on alerts: what the service notes beside it is about who else has them."""
    stay = saved.get("stay") or saved["key"].partition(":")[0]
    words = " ".join(saved["notices"])
    return Done(saved["seq"], stay, repeated=saved["repeated"], words=words)


def meant_so_far(saved: Mapping[str, Any]) -> Told:
    """A kept draft: what cannot wait in it, under the headline that such acts have."""
    found = saved["findings"]
    if found is None:
        return Told(NOT_EVALUATED, (), saved["recorded"], tuple(saved["notices"]))
    acts = tuple(
        str(each["words"]) for each in found["do_now"] if each["urgency"] == Urgency.EMERGENCY.word
    )
    headline = cry_over(acts) if acts else ""
    return Told(headline, acts, saved["recorded"], tuple(saved["notices"]))
