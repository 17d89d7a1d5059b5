"""Words about a half-finished screening that several people type."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from triage.domain import london
from triage.domain.draft_places import places_of
from triage.domain.rulebook import Rulebook
from triage.present import spans
from triage.present.words import answer_words, asked

CHANGED = (
    "The draft is in another state than the one that If-Match names. Nothing was kept. Fetch it "
    "again; or send Draft-Version instead, and both are kept, question by question."
)
CHOOSE = "Until one is chosen, the more careful one is recorded. Look or ask again, and answer."
NOT_FOR_YOU = "an answer that belongs to health staff"


def two_answers(said: Sequence[tuple[str, datetime, str]]) -> str:
    """Who answered what, and when, where nobody has chosen between them."""
    each = (f'{by} typed "{value}" at {london.text(at)}' for by, at, value in said)
    return f"Different answers stand, and nobody has chosen: {'; '.join(each)}."


def value_words(rulebook: Rulebook, place: str, value: Any) -> str:
    """An answer as it was typed, in the words of its options; none may be read for another."""
    bare = value["value"] if isinstance(value, Mapping) and "value" in value else value
    if bare is None:
        return NOT_FOR_YOU
    if isinstance(bare, Mapping):
        return spans.plain(str(bare.get("kind", "something")))
    bare = tuple(map(str, bare)) if isinstance(bare, list | tuple) else bare
    return answer_words(rulebook, place.rpartition(".")[2], bare)


def choose(rulebook: Rulebook, said: Sequence[tuple[str, str, datetime, Any]]) -> dict[str, str]:
    """By place, what whoever is asked again has to know: both answers, and that one is to be
    chosen. Each of ``said`` is a place, a name, a moment and an answer."""
    found: dict[str, list[tuple[str, datetime, str]]] = {}
    for place, by, at, value in said:
        found.setdefault(place, []).append((by, at, value_words(rulebook, place, value)))
    return {place: f"{two_answers(each)} {CHOOSE}" for place, each in found.items()}


def came(answers: int, contested: int) -> str:
    """That others typed into the same screening, and whether something has to be chosen."""
    told = []
    if contested:
        told.append(f"{spans.count(contested, 'QUESTION', 'QUESTIONS')}, TWO ANSWERS: choose.")
    if answers:
        told.append(f"{spans.count(answers, 'answer', 'answers')} of somebody else came in.")
    return " ".join(told)


def came_in(by: str, at: datetime) -> str:
    """Who typed into the same screening while nothing was typed here, and when."""
    return f"{by} typed here too at {london.short(at)}."


def typed_since(by: str, at: datetime, *, mine: bool) -> str:
    """Who typed since a form on a page was shown: the page cannot take it in by itself."""
    who = "You typed somewhere else too" if mine else f"{by} typed here too"
    return (
        f"{who}, at {london.short(at)}. It is not in this form yet: keep this as a draft, and both "
        "stand here."
    )


def recorded_since(by: str, at: datetime) -> str:
    """Who recorded the screening since a form on a page was shown."""
    return (
        f"{by.upper()} RECORDED THIS SCREENING at {london.text(at)}. Keep this as a draft, and it "
        "says what of yours is not in it."
    )


def recorded_while_idle(by: str, at: datetime) -> str:
    """That somebody recorded the screening that stands here and was not being typed."""
    return (
        f"{by.upper()} RECORDED THIS SCREENING at {london.text(at)}. Your next answer says what of "
        "yours is not in it."
    )


def typed_by(typed: Sequence[tuple[str, datetime]]) -> str:
    """Who else has typed, and when last."""
    last: dict[str, datetime] = {}
    for by, at in typed:
        last[by] = max(at, last.get(by, at))
    each = [f"{by}, last at {london.text(at)}" for by, at in last.items()]
    return f"Also typed here: {spans.listed(each)}." if each else ""


def recorded_meanwhile(rulebook: Rulebook, by: str, at: datetime, not_in_it: Sequence[str]) -> str:
    """Who recorded the screening that somebody else was still typing, and what is not in it."""
    told = f"{by} recorded this screening at {london.text(at)}."
    if not not_in_it:
        return f"{told} All that you typed is in it."
    answers = spans.count(len(not_in_it), "answer of yours is", "answers of yours are")
    return (
        f"{told} NOT IN IT: {answers} kept as a screening of its own, which is not "
        f"recorded yet ({places_words(rulebook, not_in_it)})."
    )


def recorded_before(by: str, at: datetime) -> str:
    """Who recorded what is also kept at this terminal."""
    return (
        f"{by.upper()} RECORDED THIS SCREENING at {london.text(at)}. Something is still kept at "
        "this terminal: going on with it is another version, and says what was not in theirs."
    )


def beside_recorded(by: str, at: datetime) -> str:
    """Over a half-finished form: what was recorded before, and that this is not in it."""
    return f"{by} recorded a screening at {london.text(at)}. What stands in this form is not in it."


def half_finished(draft: Mapping[str, Any] | None) -> str:
    """That something was typed and is not recorded; nothing where nothing was."""
    answers = len(places_of(draft or {}))
    if not answers:
        return ""
    said = spans.count(answers, "answer is", "answers are")
    return f"A half-finished screening is kept. {said} not recorded."


def left_out(rulebook: Rulebook, by: Sequence[str], places: Sequence[str]) -> str:
    """What somebody else typed and whoever recorded had not seen, or had not chosen about."""
    answers = spans.count(len(places), "answer", "answers")
    return (
        f"NOT IN IT: {answers} typed by {spans.listed(list(by))} meanwhile "
        f"({places_words(rulebook, places)}). They are kept as a half-finished screening: look at "
        "them."
    )


def not_chosen(rulebook: Rulebook, place: str) -> str:
    """What was counted as unknown because two different answers stand."""
    return f"{_two(rulebook, place)}; it is unknown."


def own_recorded(rulebook: Rulebook, place: str) -> str:
    """What was recorded as it was typed, though another answer stands."""
    return f"{_two(rulebook, place)}; yours is recorded."


def theirs_recorded(rulebook: Rulebook, place: str, by: str) -> str:
    """That an answer of somebody else was recorded: something is found by it."""
    return f"{_two(rulebook, place)}; what {by} typed is recorded, because of what is found by it."


def careful_recorded(rulebook: Rulebook, place: str) -> str:
    """The same to somebody who may not read the other answer."""
    return f"{_two(rulebook, place)}; the more careful one is recorded."


def _two(rulebook: Rulebook, place: str) -> str:
    return f"{about(rulebook, place)}: two different answers stand"


def about(rulebook: Rulebook, place: str) -> str:
    """The name of one place, to begin a sentence with."""
    return spans.capital(places_words(rulebook, [place]))


def places_words(rulebook: Rulebook, places: Sequence[str]) -> str:
    """The places of answers, for somebody who has them on the screen."""
    names = (place.rpartition(".")[2].partition(":")[0] for place in places)
    return ", ".join(dict.fromkeys(asked(rulebook, name.rstrip("+")) for name in names))
