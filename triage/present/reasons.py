"""Why something was found, in a few lines: the sentence, what it rests on, who is told."""

from collections.abc import Iterator
from types import MappingProxyType

from triage.domain.dated import Confidence
from triage.domain.findings import Flag, Need, Reason
from triage.domain.rulebook import Rulebook
from triage.present import spans
from triage.present.facts_words import by_origin
from triage.present.lines import wrapped
from triage.present.words import role, said

_UNSURE = MappingProxyType(
    {
        Confidence.INFERRED: "inferred",
        Confidence.UNVERIFIED: "NOT VERIFIED, not to be called law",
    }
)


class Reasons:
    """Writes reasons; numbers each source when it first comes up, and tells no reason twice."""

    def __init__(self, width: int, rulebook: Rulebook | None) -> None:
        self.width, self.rulebook = width, rulebook
        self.told: set[str] = set()
        self._sources: dict[tuple[str, Confidence], int] = {}

    def lines(self, found: Need | Flag) -> Iterator[str]:
        """One need or flag with every reason for it that was not told before."""
        name = said(found.need if isinstance(found, Need) else found.flag)
        title = f"{found.urgency.word.upper()}: {name}"
        fresh = [reason for reason in found.reasons if self._is_new(reason)]
        if not fresh:
            yield from self._text(f"{title} (for a reason given above)")
            return
        yield from self._text(title)
        for reason in fresh:
            milder = "" if reason.urgency == found.urgency else f" ({reason.urgency.word})"
            yield from self._text(f"{reason.because}{milder}{self._source(reason)}", "  - ", "    ")
            facts = by_origin(reason.facts, self.rulebook)
            if facts:
                yield from self._text(facts, "      ")
        tell = dict.fromkeys(who for reason in found.reasons for who in reason.tell)
        if tell:
            yield from self._text(f"Tell: {spans.listed([role(who) for who in tell])}.", "    ")

    def sources(self) -> Iterator[str]:
        """Where the reasons come from, by number; only what somebody read counts as read."""
        for (source, confidence), number in self._sources.items():
            unsure = _UNSURE.get(confidence)
            yield from self._text(f"{source} ({unsure})" if unsure else source, f"[{number}] ")

    def _is_new(self, reason: Reason) -> bool:
        key = f"{reason.rule} {reason.because}"
        if key in self.told:
            return False
        self.told.add(key)
        return True

    def _source(self, reason: Reason) -> str:
        if not reason.source:
            return ""
        key = (reason.source, reason.confidence)
        return f" [{self._sources.setdefault(key, len(self._sources) + 1)}]"

    def _text(self, text: str, first: str = "", rest: str | None = None) -> list[str]:
        return wrapped(text, self.width, first=first, rest=rest)
