"""What can be asked, seen or known of a person, and what its answers look like."""

from dataclasses import dataclass
from enum import StrEnum

from triage.domain.answers import Group, Value
from triage.domain.conditions import Condition

Options = tuple[tuple[str, str], ...]


class FactKind(StrEnum):
    """What an answer looks like."""

    CHOICE = "choice"
    MANY = "many"
    YES_NO = "yes_no"
    NUMBER = "number"
    TEXT = "text"  # free words; no rule reads them


@dataclass(frozen=True)
class Question:
    """One question of the desk screen. ``branch`` None is a core question, asked of everyone."""

    id: str
    number: str
    asks: str
    kind: FactKind
    options: Options
    nothing: Value
    ordered: bool = False  # options run from harmless to worst
    branch: Condition | None = None
    private: bool = False
    group: Group = Group.POLICE
    credible: bool = False  # an answer in under a second is not credibly asked
    context: tuple[str, ...] = ()  # options that say nothing bad by themselves
    context_why: str = ""


@dataclass(frozen=True)
class Observation:
    """One thing that staff look for and never have to ask."""

    id: str
    number: str
    looks: str
    kind: FactKind
    options: Options
    nothing: Value
    ordered: bool = False
    group: Group = Group.POLICE


@dataclass(frozen=True)
class FactSpec:
    """One thing known before any question: about the person, the stay or the record."""

    id: str
    kind: FactKind
    source: str
    words: str
    options: Options = ()
    nothing: Value | None = None
    ordered: bool = False
    concerning: Value | None = None
    context: tuple[str, ...] = ()
    context_why: str = ""
    closes: bool = False  # may silence a rule through closed_by; listed on the sign-off sheet
    group: Group = Group.POLICE


Spec = Question | Observation | FactSpec


@dataclass(frozen=True)
class Definition:
    """A named idea that rules share."""

    id: str
    when: Condition
    words: str


YES_NO: Options = (("yes", "Yes"), ("no", "No"))


def options_of(spec: Spec) -> tuple[str, ...]:
    """The option ids of a fact, in order; a yes/no fact has yes and no."""
    options = spec.options or (YES_NO if spec.kind is FactKind.YES_NO else ())
    return tuple([option for option, _ in options])
