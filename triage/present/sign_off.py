"""The sign-off sheet: what a clinical lead and a custody lead put their names to.

It lists what can be wrong without being a fault: what may close a finding, what is raised although
nobody knows, what no one has read in its source, and what was last checked long ago.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from triage.domain.conditions import Condition, Defined, Known, Withheld, leaves
from triage.domain.dated import Confidence
from triage.domain.findings import Urgency
from triage.domain.rulebook import Modifier, NewMoment, RouteRule, Rule, Rulebook
from triage.domain.staleness import Stale, stale
from triage.present import site, spans
from triage.present.lines import heading, usable, wrapped
from triage.present.rulebook import signed, summary
from triage.present.words import said

_CHANGES_SHOWN = 12
_SIGNATORIES = (
    "Liaison and diversion clinical lead",
    "Force custody lead",
    "For law/: force solicitor or Mental Health Act lead",
)
_DECLARES = (
    "Whoever signs has read this sheet and the rules that changed, has rehearsed them over"
    " recorded screenings, and accepts that the service will speak with them from the moment of"
    " the signature. The signature covers every byte of the folder."
)
_HOW = (
    'To sign: triage rules sign --by "NAME, ROLE", with --by once for each who signs. This sheet'
    " by itself signs nothing."
)
_NAMED_CLOSING = (
    "A warning on record (a marker) that a named person closed, with a day and a reason: it stops"
    " counting in every rule that reads warnings, and stays visible."
)
_NO_OTHER = "Nothing else can lower or end a finding. What a person says never does."


def sheet(rulebook: Rulebook, *, on: date, width: int) -> str:
    """The whole sheet as plain text, to be printed and signed by hand as well."""
    return "\n".join(_Sheet(rulebook, on, usable(width)).lines()) + "\n"


def warnings(rulebook: Rulebook, *, on: date, width: int) -> str:
    """What has no fault and should be looked at all the same; empty where there is nothing."""
    old, width = stale(rulebook, on=on), usable(width)
    lines: list[str] = []
    if old:
        count = spans.count(len(old), "entry was", "entries were")
        lines += wrapped(f"Warning: {count} last checked more than a year ago.", width)
        lines += _stale(old, width)
    for words in site.unread_hours(rulebook):
        lines += wrapped(f"Warning: {words}", width)
    return "\n".join(lines)


class _Sheet:
    """One sheet being written."""

    def __init__(self, rulebook: Rulebook, on: date, width: int) -> None:
        self.rulebook, self.on, self.width = rulebook, on, width

    def lines(self) -> Iterator[str]:
        yield f"SIGN-OFF SHEET, RULEBOOK {self.rulebook.fingerprint}"
        yield from self._text(f"Printed on {spans.day(self.on)}. {signed(self.rulebook)}")
        yield from self._contents()
        yield from self._changes()
        yield from self._site()
        yield from self._part("What may close a finding", self._closes())
        yield from self._text(_NO_OTHER)
        yield from self._part("Where no answer is itself a reason", self._unknown())
        yield from self._part("Switched on or off by law", self._by_law())
        yield from self._part("What police are told instead of a clinical reason", self._police())
        yield from self._part("Needs for which there is no route", self._no_route())
        yield from self._part("Law and practice not read in its source", self._law())
        yield from self._part("Rules and routes not read in their source", self._rules())
        yield from self._part("Instruments", self._instruments())
        yield from self._part("Last checked more than a year ago", self._old())
        yield from self._names()

    def _text(self, text: str, first: str = "", rest: str | None = None) -> list[str]:
        return wrapped(text, self.width, first=first, rest=rest)

    def _part(self, title: str, entries: Iterable[str]) -> Iterator[str]:
        """One list; an empty one says so, or it would look like a forgotten one."""
        listed = list(entries)
        yield from heading(f"{title}: {len(listed) or 'none'}")
        for entry in listed:
            yield from self._text(entry, "  - ")

    def _contents(self) -> Iterator[str]:
        yield from heading("What is signed")
        yield from self._text(summary(self.rulebook).partition("\n")[0])
        for urgency in sorted(Urgency, reverse=True):
            rules = [rule for rule in self.rulebook.rules if rule.urgency is urgency]
            count = spans.count(len(rules), "rule is", "rules are")
            yield from self._text(f"{count} {urgency.word}.", "  - ")
        lift = spans.count(len(self.rulebook.modifiers), "rule raises", "rules raise")
        yield from self._text(f"{lift} what others found, and never lower it.", "  - ")

    def _changes(self) -> Iterator[str]:
        changes = self.rulebook.changes
        yield from heading(f"What changed: {len(changes) or 'nothing is written down'}")
        for change in changes[:_CHANGES_SHOWN]:
            source = f" Source: {change['source']}." if change["source"] else ""
            who = f"{spans.day(change['on'])}, {change['who']}"
            yield from self._text(f"{who}: {change['what'].rstrip('.')}.{source}", "  - ")

    def _site(self) -> Iterator[str]:
        """What this site lays over the folder: it speaks too, and the signature is not over it."""
        laid = self.rulebook.laid
        yield from self._part(
            "What the site's own file adds and tightens",
            (e for each in laid for e in site.entries(each)),
        )
        for each in laid:
            yield from self._text(site.whose(each))
        if laid:
            yield from self._text(site.NOT_COVERED)

    def _closes(self) -> Iterator[str]:
        rules = self.rulebook.rules
        for fact in self.rulebook.facts.values():
            if fact.closes:
                closed = [r.id for r in rules if r.closed_by and fact.id in r.closed_by.text]
                read = "; ".join(closed) or "read in conditions only"
                yield f"{fact.words} ({fact.id}) ends: {read}."
        yield _NAMED_CLOSING

    def _unknown(self) -> Iterator[str]:
        """Rules that take silence itself as a reason, and rules that are raised in doubt."""
        for rule in self._graded():
            if rule.if_unknown is not None:
                yield f"{rule.id}: raised as {rule.if_unknown.word} when it may hold."
            elif self._reads_silence(rule.when):
                yield f"{rule.id} ({rule.urgency.word}): {rule.because}"

    def _reads_silence(self, condition: Condition) -> bool:
        """Whether having no answer can itself be the reason, here or in an idea that is named."""
        for leaf in leaves(condition.tree):
            if isinstance(leaf, Withheld):
                return True
            if isinstance(leaf, Known) and "unknown(" in condition.text:
                return True
            if isinstance(leaf, Defined) and self._reads_silence(
                self.rulebook.definitions[leaf.name].when
            ):
                return True
        return False

    def _by_law(self) -> Iterator[str]:
        for rule in self._graded():
            for word, name in (("only while", rule.law), ("until", rule.until_law)):
                if name is not None:
                    yield f"{rule.id} holds {word} {name} is in force: {self._since(name)}."

    def _since(self, name: str) -> str:
        begins = self.rulebook.law.row(name).in_force_from
        if begins is None:
            return "passed, no date yet, so off; change expected"
        return f"since {spans.day(begins)}" if begins <= self.on else f"from {spans.day(begins)}"

    def _police(self) -> Iterator[str]:
        for rule in self._graded():
            if rule.tell_police is not None:
                yield f'{rule.id}: "{rule.tell_police}"'

    def _no_route(self) -> Iterator[str]:
        for need, words in self.rulebook.no_route.items():
            yield f"{spans.capital(said(need))}: {words}"

    def _law(self) -> Iterator[str]:
        for row in self.rulebook.law.rows.values():
            if row.confidence is not Confidence.READ:
                yield f"{row.id} ({row.kind}, {row.confidence}): {row.source}"

    def _rules(self) -> Iterator[str]:
        """The gravest first, because a lead who has half an hour reads from the top."""
        every: list[Rule | Modifier | RouteRule | NewMoment] = [*self._graded()]
        every += [*self.rulebook.modifiers, *self.rulebook.routes, *self.rulebook.rescreen.after]
        for each in every:
            if each.confidence is not Confidence.READ:
                grade = f"{each.urgency.word}, " if isinstance(each, Rule) else ""
                yield f"{each.id} ({grade}{each.confidence}): {each.source}"

    def _instruments(self) -> Iterator[str]:
        for form in self.rulebook.instruments.values():
            ships = "wording ships" if form.colour == "green" else "scoring only"
            yield f"{form.name} ({ships}, {form.confidence}): {form.licence}"

    def _old(self) -> Iterator[str]:
        for each in stale(self.rulebook, on=self.on):
            yield _checked(each)

    def _names(self) -> Iterator[str]:
        yield from heading("Who signs")
        yield from self._text(_DECLARES)
        for who in _SIGNATORIES:
            yield ""
            yield who
            yield "  Name: ______________________________   Date: ______________"
        yield ""
        yield from self._text(_HOW)

    def _graded(self) -> list[Rule]:
        return sorted(self.rulebook.rules, key=lambda rule: -rule.urgency)


def _stale(old: Iterable[Stale], width: int) -> Iterator[str]:
    for each in old:
        yield from wrapped(_checked(each), width, first="  - ")


def _checked(each: Stale) -> str:
    return f"{each.file} [{each.id}] was checked on {spans.day(each.checked_on)}."
