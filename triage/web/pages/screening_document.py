"""The screening form and ``screen in``: one is turned into the other, both ways."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import request

from triage.casework import Begun, Contested, StayView, TypedBy
from triage.domain import london
from triage.domain.errors import Problem
from triage.domain.facts import MARKER_KINDS
from triage.domain.rulebook import Rulebook
from triage.present import drafts as words
from triage.present import opening, spans, stay
from triage.present.questions import SEEN_NORMAL, normal_with_others
from triage.schemas.screen import NATIONS, ORIGINS, PROPERTY, STAGES
from triage.web import forms
from triage.web.doors import doors

NONE_OF_THESE = "none_of_these"
MARKER_ROWS = range(4)
CLOSING = ("on", "by_role", "reason")  # a warning stops counting only with all three
_CLOSING_OF = re.compile(r"record\.markers\[(\d)\]\.closed\.(on|by_role|reason)")
_LONGEST_AGO = 24 * 60 * 60 * 1000  # milliseconds: a form that stood open for longer than a day
OFFENCES = opening.OFFENCES
SEXES = opening.SEXES
_YES = {"yes": True, "no": False}
_YES_NO = ("domestic", "interpreter_present", "appropriate_adult_present")
Document = dict[str, Any]


def _words(ids: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((each, spans.capital(spans.plain(each))) for each in ids)


STAGE_OPTIONS = _words(STAGES)
NATION_OPTIONS = _words(NATIONS)
MARKER_OPTIONS = _words(MARKER_KINDS)
ORIGIN_OPTIONS = _words(ORIGINS)
PROPERTY_OPTIONS = _words(PROPERTY)
AGE_SOURCES = (
    ("stated", "Stated by the person"),
    ("document", "From a document"),
    ("appears", "As they appear"),
    ("unknown", "Not known"),
)
YES_NO_UNKNOWN = (("", "Not known"), ("yes", "Yes"), ("no", "No"))


def title(view: StayView) -> str:
    """The heading of the form."""
    return f"Screening: {stay.title(view)}"


def first(begun: Begun) -> Document:
    """What the form shows at first: the draft, else what is known about the stay.

    It comes with its version, in one look: nobody has seen what was typed after that.
    """
    return dict(begun.draft or begun.known)


def made_on() -> int | None:
    """The state of the draft that the form was shown in; None where it does not say."""
    said = forms.text("made_on")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


def to_choose(rulebook: Rulebook, contested: Iterable[Contested]) -> tuple[Problem, ...]:
    """The questions to which different answers stand, with who gave each and when."""
    told = words.choose(rulebook, [(e.place, e.by, e.at, e.value) for e in contested])
    named = ((place, f"{words.about(rulebook, place)}. {said}") for place, said in told.items())
    return on_form(tuple(Problem(place, said) for place, said in named))


def beside(begun: Begun) -> tuple[str, ...]:
    """What whoever opens the form must hear first: a version was recorded without all of it."""
    if begun.before is None or not begun.draft:
        return ()
    return (words.beside_recorded(begun.before.by, begun.before.at),)


def since(begun: Begun) -> str:
    """Who typed into the draft, or recorded it, since a form was shown."""
    if begun.by is not None and begun.saved_at is not None:
        return words.typed_since(begun.by, begun.saved_at, mine=begun.mine)
    if begun.before is not None:
        return words.recorded_since(begun.before.by, begun.before.at)
    return ""


def typed_by(typed: Iterable[TypedBy]) -> str:
    """Who else has typed in this form, and when last; nothing where nobody has."""
    return words.typed_by([(each.by, each.at) for each in typed if not each.mine])


def typed() -> Document:
    """What was typed, as ``screen in``; a question left alone is not asked, never no."""
    document: Document = {
        "nation": forms.text("nation"),
        "stage": forms.text("stage"),
        "offence": forms.text("offence"),
        "person": _person(),
        "answers": _answers(),
        "observations": _observations(),
        "record": _record(),
    }
    if forms.text("arrests_12m"):
        document["arrests_12m"] = _number("arrests_12m")
    for name in _YES_NO:
        if forms.text(name) in _YES:
            document[name] = _YES[forms.text(name)]
    return document


def _person() -> Document:
    person: Document = {"sex": forms.text("sex"), "age_source": forms.text("age_source")}
    if forms.text("born"):
        person["date_of_birth"] = forms.text("born")
    elif forms.text("age"):
        person["age"] = _number("age")
    return person


def _number(name: str) -> int | str:
    """The number typed; what is none is handed on as it is, to be refused where the rest is."""
    typed = forms.text(name)
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else typed


def _answers() -> Document:
    questions = doors().service.rulebook.questions
    answers: Document = {}
    for name in request.form:
        given = request.form.getlist(name)
        id = name.removeprefix("a.")
        if id == name or id not in questions:
            continue
        state = [each for each in given if each in ("refused", "unable", "not_asked")]
        chosen = [each for each in given if each and each not in state]
        if questions[id].kind == "many":
            if chosen:
                answers[id] = [each for each in chosen if each != NONE_OF_THESE]
            elif state and state[0] != "not_asked":
                answers[id] = state[0]
        elif chosen:
            answers[id] = _timed(id, forms.text(name))
        elif state and state[0] != "not_asked":
            answers[id] = state[0]
    return answers


def _timed(question: str, value: str) -> Any:
    """An answer with its own time, where the form's script sent one: how long ago it was given.

    How long ago, and not when: a terminal's clock may be wrong, and ours is not.
    """
    ago, kept = forms.text(f"ago.{question}"), forms.text(f"asked.{question}")
    if ago.isascii() and ago.isdecimal() and len(ago) < 10 and int(ago) <= _LONGEST_AGO:
        at = doors().now() - timedelta(milliseconds=int(ago))
        return {"value": value, "asked_at": london.iso(at)}
    return {"value": value, "asked_at": kept} if kept else value


def _observations() -> Document:
    """What was seen; what nobody looked at is normal only by the act that says so of all."""
    found: Document = {
        name.removeprefix("o."): forms.text(name)
        for name in request.form
        if name.startswith("o.") and forms.text(name)
    }
    if forms.text("all_normal") == "yes":
        for each in doors().service.rulebook.observations.values():
            found.setdefault(each.id, {"value": each.nothing, "words": SEEN_NORMAL})
    return found


def _record() -> Document:
    record: Document = {"checked": forms.text("checked") == "yes", "markers": _markers()}
    if forms.text("hospital_today") in _YES:
        record["hospital_today"] = _YES[forms.text("hospital_today")]
    if forms.text("appropriate_adult_before") in _YES:
        record["appropriate_adult_before"] = _YES[forms.text("appropriate_adult_before")]
    if request.form.getlist("property"):
        record["property"] = request.form.getlist("property")
    return record


def _markers() -> list[Document]:
    markers = []
    for row in MARKER_ROWS:
        if not forms.text(f"marker_{row}"):
            continue
        marker: Document = {
            "kind": forms.text(f"marker_{row}"),
            "origin": forms.text(f"marker_{row}_origin"),
        }
        for name in ("on", "words"):
            if forms.text(f"marker_{row}_{name}"):
                marker[name] = forms.text(f"marker_{row}_{name}")
        closed = {
            part: typed for part in CLOSING if (typed := forms.text(f"marker_{row}_closed_{part}"))
        }
        if closed:  # in part is refused: only a named closing stops a warning
            marker["closed"] = closed
        markers.append(marker)
    return markers


def on_form(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The problems of ``screen in`` under the names that the form's fields have."""
    return tuple(replace(problem, field=_on_form(problem.field)) for problem in problems)


def _on_form(field: str) -> str:
    if closing := _CLOSING_OF.fullmatch(field):
        return f"marker_{closing[1]}_closed_{closing[2]}"
    part, _, rest = field.partition(".")
    name = rest.partition(".")[0].partition("[")[0]
    match part:
        case "answers":
            return f"a.{name}"
        case "observations":
            return f"o.{name}"
        case "person" | "record":
            return {"date_of_birth": "born"}.get(name, name)
    return field


def fields(document: Document) -> forms.Filled:
    """The document as the values of the form's fields outside the questions."""
    person, record = document.get("person", {}), document.get("record", {})
    shown = forms.Filled(
        {
            name: str(document.get(name, ""))
            for name in ("nation", "stage", "offence", "arrests_12m")
        }
    )
    for name in _YES_NO:
        shown[name] = _yes_no(document.get(name))
    for name in ("age", "age_source", "sex"):
        shown[name] = str(person.get(name, ""))
    shown["born"] = str(person.get("date_of_birth", ""))
    seen = document.get("observations", {}).values()
    shown["all_normal"] = "yes" if any(map(normal_with_others, seen)) else ""
    shown["checked"] = _yes_no(record.get("checked"))
    for name in ("hospital_today", "appropriate_adult_before"):
        shown[name] = _yes_no(record.get(name))
    shown["property"] = " ".join(record.get("property", ()))
    for row, marker in zip(MARKER_ROWS, record.get("markers", ()), strict=False):
        shown[f"marker_{row}"] = str(marker.get("kind", ""))
        for name in ("origin", "on", "words"):
            shown[f"marker_{row}_{name}"] = str(marker.get(name, ""))
        for part in CLOSING:
            shown[f"marker_{row}_closed_{part}"] = str((marker.get("closed") or {}).get(part, ""))
    return shown


def _yes_no(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else ""
