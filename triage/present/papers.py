"""Words of the papers about one person: consent, moves, notes, the summary, corrections."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triage.domain.roles import role_words
from triage.domain.rulebook import Rulebook
from triage.present import spans
from triage.present.words import said

if TYPE_CHECKING:
    from triage.casework import Permission, StayView

CONSENT_LEAD = (
    "Nobody outside the suite hears of this person without their consent, or another lawful "
    "basis that is written here. Inside the suite nothing waits for it."
)
NO_CONSENTS = "Nothing is recorded yet: nobody outside the suite may hear of this person."
GIVEN = (
    ("yes", "Yes, they agree"),
    ("no", "No, they do not agree"),
    ("basis", "They were not asked or do not agree, and another lawful basis applies"),
)
BASES = (
    ("best_interests", "They cannot decide this now, and it is in their best interests"),
    ("safeguarding", "Safeguarding: a child or an adult at risk"),
    ("vital_interests", "To protect somebody's life"),
    ("legal_duty", "A law requires it"),
)
CAPACITY = (
    ("has", "Can decide this now"),
    ("lacks", "Cannot decide this now"),
    ("not_assessed", "No reason to doubt it, not looked at further"),
)
_BASIS_WORDS = {**dict(BASES), "consent": "Consent"}
_CAPACITY_WORDS = {
    "has": "Could decide it.",
    "lacks": "Could not decide it then.",
    "not_assessed": "No reason to doubt that they could decide it.",
}
SYSTEMS = (("systmone", "SystmOne"), ("rio", "RiO"), ("other", "Another system"))
SUMMARY_LEAD = (
    "Copy it into the other system, then say where it stands. It names the person by number only, "
    "and the log says that you took it out of here."
)
NOTE_LEAD = "About this person alone. No rule reads a note: what a rule should know is an answer."
NOTE_GROUPS = (
    ("police", "Everybody who looks after the person"),
    ("clinical", "Health staff only"),
)
MOVE_LEAD = "Fill in what has changed and leave the rest. The clocks of a detention do not restart."
IDENTITY_LEAD = "What stands here replaces what was known; earlier versions stay in the record."
WRONG_PERSON_LEAD = (
    "Only if this stay was kept for the wrong person. The number stays; that person's past leaves "
    "it at once, the clocks are worked out again, and a screening must be made again. If only one "
    "entry is wrong, move that entry instead."
)
CORRECT_LEAD = "The first version stays readable for ever. What rests on it is worked out again."
CORRECT_WHAT = (
    ("time", "It happened, at another time"),
    ("withdrawn", "It did not happen, or not like this"),
)
TWO_OF_THIS_NUMBER = "Two open stays have this number. Move it from the page of one of the two."
NO_SUCH_NUMBER = "No open stay of your suites has this number."
MOVE_ENTRY_LEAD = (
    "The entry and its alerts are withdrawn here, and the same is recorded at its own time for the "
    "right person."
)
AGE_SOURCES = (
    ("stated", "Stated by the person"),
    ("document", "From a document"),
    ("appears", "As they appear"),
    ("unknown", "Not known"),
)


@dataclass(frozen=True)
class Agreed:
    """One consent or basis as the page shows it."""

    seq: int
    to: str
    basis: str
    given: bool
    state: str
    level: str
    detail: str


def agreed(one: "Permission", *, now: datetime) -> Agreed:
    """What stands about one party, since when and by whom."""
    consent = one.basis == "consent"
    state = ("Agrees" if consent else "May hear") if one.given else ""
    state = state or ("Withdrawn" if one.withdrawn else "Does not agree" if consent else "Ended")
    by = f"{one.by}, {role_words(one.role)}"
    parts = [f"{_BASIS_WORDS.get(one.basis, spans.plain(one.basis))}."]
    parts += [_CAPACITY_WORDS[one.capacity]] if one.capacity in _CAPACITY_WORDS else []
    parts += [one.words] if one.words else []
    since = spans.since(one.since, now=now)
    return Agreed(
        one.seq,
        spans.capital(one.to),
        one.basis,
        one.given,
        state,
        "met" if one.given else "overdue",
        f"{since[:1].upper()}{since[1:]}, {by}. {' '.join(parts)}",
    )


def parties(rulebook: Rulebook, suite: str) -> tuple[tuple[str, str], ...]:
    """The parties outside that a consent can name: the services of this suite, then the routes."""
    services = [
        (each.name, each.name)
        for each in rulebook.services
        if suite in each.details.get("suites", (suite,))
    ]
    inside = ("liaison_nurse", "information_only")
    routes = [
        (said(route.id), spans.capital(said(route.id)))
        for route in rulebook.routes
        if route.axis == "support" and route.basis == "voluntary" and route.id not in inside
    ]
    return (*services, *sorted(routes))


def who(view: "StayView") -> str:
    """The person in a line over a form, so that nobody writes on the wrong one."""
    named = view.identity.name or "Name not known yet"
    where = f"cell {view.cell}" if view.cell else ""
    return ", ".join(part for part in (named, view.reference, where) if part)
