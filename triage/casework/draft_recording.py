"""Recording a screening that others were typing too: what is in it, and what stays behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from triage.casework.drafts import Eyes, said_of
from triage.casework.worked_out import rules_that_hold, severity
from triage.domain import draft_places
from triage.domain.answers import Details
from triage.domain.drafting import Draft, Entry
from triage.domain.errors import InputError
from triage.domain.findings import Findings
from triage.present import drafts as words
from triage.record import DraftRecorded, Recorded, Writing
from triage.schemas.screen import details_of, so_far

Places = Mapping[str, Any]
_NEEDED = ("nation",)  # by which the law is told apart: a version always has one


@dataclass(frozen=True)
class TakenApart:
    """What is recorded, and what stays behind of the draft that it was made from."""

    details: Details
    left: Draft  # what others typed and is not in what is recorded
    draft: Draft
    notices: tuple[str, ...]


def taken_apart(
    eyes: Eyes,
    stay: str,
    sent: Mapping[str, Any] | None,
    details: Details,
    *,
    made_on: int | None,
    evaluate: Callable[[Details], Findings | None],
) -> TakenApart:
    """What is recorded of ``sent``, and what of others is not in it, with who typed it.

    What only others answered and nobody saw is not recorded for them, nor thrown away: it stays
    behind. Where they answered otherwise, unseen, the more careful of all is recorded, as
    ``_Settling`` finds it, with the words of each.
    """
    kept = eyes.reading.draft(stay)
    draft = Draft() if kept is None else kept.typed
    if all(each.account == eyes.actor.account for each in draft.entries):
        return TakenApart(details, Draft(), draft, ())
    typed = sent or {}
    places, disputed, left = _taken(eyes, draft, draft_places.places_of(typed), made_on)

    def meant(said: Places) -> Details:
        whole = {**_without_answers(typed), **draft_places.document_of(said)}
        # A stage or an offence about which two differ may be unknown in what is recorded.
        return details_of(so_far(whole), eyes.rulebook, now=eyes.now, at=details.at)

    settling = _Settling(eyes, draft, lambda said: evaluate(meant(said)))
    notices: list[str] = []
    for place in disputed:
        way = settling.settled(place, places)
        places = way.places
        notices.append(way.notice)
        left = [each for each in left if each.place != place or each in way.stays]
    if left:
        by = dict.fromkeys(eyes.name(each.account) for each in left)
        notices.insert(
            0, words.left_out(eyes.rulebook, list(by), list(dict.fromkeys(e.place for e in left)))
        )
    if sent is not None and places != draft_places.places_of(sent):
        details = meant(places)
    after = draft.version + 1
    entries = tuple(replace(each, version=after + 1, beside=False) for each in left)
    return TakenApart(details, Draft(entries, after), draft, tuple(notices))


def leave_behind(eyes: Eyes, mine: TakenApart, recorded: Recorded) -> None:
    """Take the draft away, but for what others typed that is not in what was recorded."""
    writing, stay = eyes.reading, recorded.stay or ""
    assert isinstance(writing, Writing)
    if not mine.draft.entries:
        return
    accounts = tuple(dict.fromkeys(each.account for each in mine.draft.entries))
    writing.draft_was_recorded(DraftRecorded(stay, mine.draft.version, recorded.seq, accounts))
    if mine.left.entries:
        writing.save_draft(stay, mine.left, mine.left.entries[-1].account)
    else:
        writing.drop_draft(stay)


def _taken(
    eyes: Eyes, draft: Draft, places: dict[str, Any], made_on: int | None
) -> tuple[Places, list[str], list[Entry]]:
    """What is recorded as it is, the places at which others say otherwise, and what they say."""
    disputed: list[str] = []
    left: list[Entry] = []
    for place, standing in draft.standing().items():
        others = [each for each in standing if each.account != eyes.actor.account]
        if not others:
            continue
        said = places.get(place)
        seen = made_on is not None and not eyes.hidden(place)
        seen = seen and all(each.version <= (made_on or 0) for each in standing)
        if said is None and (rest := _rest(eyes, place, places)) is not None:
            # Whoever says that all else was no has not chosen between answers to this.
            said, seen = rest, False
            places[place] = rest
        if len(standing) == 1 and draft_places.same(said, standing[0].value):
            places[place] = _by(place, said, eyes.name(others[0].account))
        elif not seen or (len(standing) > 1 and draft_places.no_answer(said)):
            left += others
            if not draft_places.no_answer(said) or len(standing) > 1:
                disputed.append(place)
    return places, disputed, left


def _rest(eyes: Eyes, place: str, places: Places) -> Any:
    """What ``everything_else`` says at a place that the document itself leaves out."""
    if places.get("everything_else") != "no":
        return None
    program, (part, _, id) = eyes.rulebook.program, place.partition(".")
    harmless = {"answers": program.untroubled, "observations": program.unremarkable}
    answer = harmless.get(part, {}).get(id)
    value = None if answer is None else answer.value
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True)
class _Way:
    """One way to record a disputed place: what is found by it, and what is said of it."""

    places: Places
    notice: str
    stays: tuple[Entry, ...]  # the answers of others that are not in it
    found: frozenset[object] = frozenset()  # the rules that hold by it
    weight: tuple[int, ...] = ()  # how urgent they are, the worst first
    can_be: bool = True


@dataclass(frozen=True)
class _Settling:
    """Which of different answers is recorded while nobody has chosen between them.

    Nothing that whoever records has found is taken back. Of what is left the answer is taken by
    which the most urgent is found; where none says more than that it is unknown, it is unknown.
    """

    eyes: Eyes
    draft: Draft
    evaluate: Callable[[Places], Findings | None]

    def settled(self, place: str, places: Places) -> _Way:
        """The most careful way to record one place, which takes back nothing."""
        book, standing = self.eyes.rulebook, self.draft.standing()[place]
        others = tuple(each for each in standing if each.account != self.eyes.actor.account)
        told = self._both(standing, places.get(place))
        mine = dict(places)
        if place in mine:
            mine[place] = draft_places.said_at(place, mine[place], told)
        best = own = self._weighed(_Way(mine, words.own_recorded(book, place), others))
        unknown = self._weighed(
            _Way(_silent(places, place, told), words.not_chosen(book, place), others)
        )
        if (
            place not in _NEEDED
            and unknown.can_be
            and own.found <= unknown.found
            and unknown.weight >= best.weight
        ):
            best = unknown
        for entry in others:
            way = self._weighed(self._theirs(entry, places, others, told))
            if way.can_be and own.found <= way.found and way.weight > best.weight:
                best = way
        return best

    def _theirs(self, entry: Entry, places: Places, others: tuple[Entry, ...], told: str) -> _Way:
        book, place, by = self.eyes.rulebook, entry.place, self.eyes.name(entry.account)
        said = draft_places.said_at(place, _by(place, entry.value, by), told)
        hidden = self.eyes.hidden(place)
        notice = (
            words.careful_recorded(book, place)
            if hidden
            else words.theirs_recorded(book, place, by)
        )
        stays = tuple(each for each in others if each is not entry)
        return _Way({**places, place: said}, notice, stays)

    def _weighed(self, way: _Way) -> _Way:
        try:
            findings = self.evaluate(way.places)
        except InputError:  # something without which nothing can be recorded was left out
            return replace(way, can_be=False)
        if findings is None:
            return way
        return replace(way, found=rules_that_hold(findings), weight=severity(findings))

    def _both(self, standing: tuple[Entry, ...], mine: Any) -> str:
        """Who answered what at a place, whoever records among them."""
        eyes = self.eyes
        said = [said_of(eyes, entry) for entry in standing]
        if mine is not None and not any(e.account == eyes.actor.account for e in standing):
            place = standing[0].place
            said.append((eyes.actor.name, eyes.now, words.value_words(eyes.rulebook, place, mine)))
        return words.two_answers(said)


def _silent(places: Places, place: str, told: str) -> Places:
    """The places with one at which nothing is known."""
    silent = draft_places.without_answer(place, told)
    left = {name: value for name, value in places.items() if name != place}
    return left if silent is None else {**left, place: silent}


def _by(place: str, said: Any, name: str) -> Any:
    """An answer that somebody else typed says so in what is recorded."""
    if place.partition(".")[0] not in ("answers", "observations"):
        return said
    known = said if isinstance(said, Mapping) else {"value": said}
    return {"by": name[:80], **known}


def _without_answers(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The document without what has a place in it: one of them may have been taken out."""
    shell: dict[str, Any] = {}
    for name, said in sent.items():
        if isinstance(said, Mapping):
            shell[name] = {}
        elif said in ("", None):
            shell[name] = said
    return shell
