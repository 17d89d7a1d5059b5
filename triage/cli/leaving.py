"""``triage release`` at the keyboard: where what was typed is kept until it is on the record."""

import shutil
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from triage import clock
from triage.cli import inputs
from triage.desk import people
from triage.desk.glass import say, tell
from triage.desk.keyboard import Keyboard, keyboard
from triage.desk.leaving import Leaving, typed_in_vain
from triage.desk.releases import Drafts, overtaken
from triage.desk.releasing import Releasing
from triage.present import leaving as words

if TYPE_CHECKING:
    from triage.desk.client import Client, Left, Person

_LINES_ROUND_THE_LIST = 7  # what stands above and below it, and the prompt
_FEWEST_ROWS, _ALL = 5, 10_000


def drafts(client: "Client") -> Drafts:
    """The releases that were begun at this desk, for whoever sits there now."""
    return Drafts(inputs.settings().instance / "releases", client.account)


def at_the_desk(
    client: "Client", person: "Person | None", by: str, keys: Keyboard | None = None
) -> int:
    """Choose somebody, ask, record; 2 when the service refused it, else 0, put off or recorded.

    ``keys`` is what somebody types at already; else it is opened here.
    """
    begun = drafts(client)
    leaving: Leaving | None = None
    left: Left | None = None
    try:
        with keyboard() if keys is None else nullcontext(keys) as keys:
            rows = shutil.get_terminal_size((80, 24)).lines if keys.by_hand else 0
            if person is None:
                fit = max(_FEWEST_ROWS, rows - _LINES_ROUND_THE_LIST) if rows else _ALL
                person = people.choose(client, keys, rows=fit, begun=begun.begun())
            if person is None:
                return 0
            draft = begun.of(person.stay)
            leaving = Leaving(client, keys, person, draft, begun.save, rows,
                              whose=begun.whose(draft))  # fmt: skip
            left = leaving.run()
    finally:
        if leaving is not None and left is None:
            _tell_kept(leaving, begun, by)
    if leaving is None or left is None:
        return 2 if leaving is not None and leaving.refused else 0
    begun.drop(leaving.person.stay)
    say("")
    for line in (words.on_record(left.seq), *left.notices):
        click.echo(line)
    if left.gaps:
        tell(words.left_open(len(left.gaps)))
    return 0


def _tell_kept(leaving: Leaving, begun: Drafts, by: str) -> None:
    stay = leaving.person.stay
    if leaving.overtaken:
        begun.drop(stay)  # it was shown, and nothing can come of it any more
    elif leaving.refused:
        tell(words.KEPT_ALL_THE_SAME)
    elif begun.path(stay).exists():
        tell(words.kept(leaving.person.reference, by))


def tell_overtaken(client: "Client") -> None:
    """Show what was begun here for people whom somebody else has released, and keep it no longer.

    What nobody can say anything about is kept: the person may have been moved to another suite.
    """
    begun = drafts(client)
    here = {person.stay for person in client.people()} if begun.begun() else set()
    for stay in begun.begun():
        over = None if stay in here else overtaken(client, stay)
        if over is None:
            continue
        tell(over.words)
        for block in typed_in_vain(Releasing(begun.of(stay), clock.now), over.reference):
            for line in block:
                say(line)
        say("")
        begun.drop(stay)
