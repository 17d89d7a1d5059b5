"""I17: whoever looks at somebody leaves a line in the log that names what was shown.

Each person carries words that stand nowhere else, one for each group of the record. After a look
those words are searched for in all that came back: what is found must have been logged, for that
person, in that look, by that account, and what a role may not read must not be there at all.
"""

import random
import re
from collections.abc import Callable

from tests.simulation.ledger import Ledger
from tests.simulation.world import World, staff
from triage import casework
from triage.record import Actor
from triage.record.errors import StoreError

_SHOWN = re.compile(r"Canary-(identity|police|clinical)-(\d+)x")
_CLINICIANS = ("custody_hcp", "liaison_nurse", "lead_nurse")
_READERS = ("custody_sergeant", "detention_officer", "custody_hcp", "liaison_nurse", "lead_nurse",
            "duty_inspector")  # fmt: skip
_OF_ONE_SUITE = ("custody_sergeant", "detention_officer", "custody_hcp")


def canary(group: str, number: int) -> str:
    """Words of one group about one person that stand nowhere else."""
    return f"Canary-{group}-{number}x"


def note_about(world: World, stay: str, suite: str, number: int) -> None:
    """A police note and a clinical one about somebody."""
    for role, group in (("custody_sergeant", "police"), ("custody_hcp", "clinical")):
        casework.note(
            world.service, stay, canary(group, number), group=group, actor=staff(role, suite),
            now=world.now,
        )  # fmt: skip


def look(world: World, ledger: Ledger, stay: str, suite: str, dice: random.Random) -> None:
    """Somebody opens one page or list; what it shows is held against the log."""
    role = dice.choice(_READERS)
    actor = staff(role, suite if role in _OF_ONE_SUITE else None)
    page = dice.choice([name for name in _PAGES if name != "worklist" or role in _CLINICIANS])
    held_against_the_log(world, ledger, actor, page, stay, suite)


def held_against_the_log(
    world: World, ledger: Ledger, actor: Actor, page: str, stay: str, suite: str
) -> None:
    """One look at one page, and what must be true of it."""
    before = _logged(world)
    try:
        shown = _PAGES[page](world, actor, stay, suite)
    except StoreError:
        return  # it could not be logged, and nothing was shown
    lines = world.record._connection().execute(
        "select account, what, stay from access_log where seq > ?", (before,)
    ).fetchall()  # fmt: skip
    groups = {(group, number) for group, number in _SHOWN.findall(repr(shown))}
    if not lines:
        ledger.say("I17", f"{actor.account} looked at {page} and the log does not know")
    if any(line["account"] != actor.account for line in lines):
        ledger.say("I17", f"the look of {actor.account} at {page} is logged for somebody else")
    for group, number in sorted(groups):
        if group == "clinical" and actor.role not in _CLINICIANS:
            ledger.say("I14", f"{actor.account} was shown clinical words on {page}")
        whose = world.whose.get(int(number), "")
        if not any(_names(line, page, group, whose) for line in lines):
            ledger.say("I17", f"{page} shows {actor.account} {group} of {whose}, not logged")
    ledger.count(f"looks at {page}")


def _names(line, page: str, group: str, stay: str) -> bool:
    """Whether one line of the log says that this group of this person was shown."""
    if line["stay"] is None or line["stay"] != stay:
        return False  # lists show initials, never these words
    return page == "summary" or group in line["what"]


def _logged(world: World) -> int:
    row = world.record._connection().execute("select max(seq) as at from access_log").fetchone()
    return int(row["at"] or 0)


_PAGES: dict[str, Callable[[World, Actor, str, str], object]] = {
    "stay": lambda world, actor, stay, suite: casework.stay_view(
        world.service, stay, actor=actor, now=world.now
    ),
    "summary": lambda world, actor, stay, suite: casework.summary(
        world.service, stay, actor=actor, now=world.now
    ),
    "board": lambda world, actor, stay, suite: casework.board(
        world.service, (suite,), actor=actor, now=world.now
    ),
    "alerts": lambda world, actor, stay, suite: casework.alert_list(
        world.service, actor.suites and (suite,), actor=actor, now=world.now
    ),
    "handover": lambda world, actor, stay, suite: casework.handover(
        world.service, (suite,), actor=actor, now=world.now
    ),
    "worklist": lambda world, actor, stay, suite: casework.worklist(
        world.service, (suite,), actor=actor, now=world.now
    ),
}
__all__ = ["canary", "held_against_the_log", "look", "note_about"]
