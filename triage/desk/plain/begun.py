"""Releases that were begun at this terminal for people who have left the board since, by lines."""

from collections.abc import Collection

from triage import clock
from triage.desk.glass import WIDTH, tell
from triage.desk.plain.session import Session
from triage.desk.releases import Drafts, overtaken
from triage.desk.releasing import Releasing
from triage.present import desk_lines as words
from triage.present import leaving_form as said
from triage.present.leaving import TYPED_HERE
from triage.present.lines import wrapped


def left_over(session: Session, drafts: Drafts, here: Collection[str]) -> None:
    """Show each of them, with who typed it; only x takes one away from this terminal."""
    left = [stay for stay in drafts.begun() if stay not in here]
    if not left:
        tell(said.NONE_BEGUN)
    for stay in left:
        _show(session, drafts, stay)


def _show(session: Session, drafts: Drafts, stay: str) -> None:
    over, draft = overtaken(session.client, stay), drafts.of(stay)
    if over is None:
        tell(words.NOT_KNOWN_WHERE)
        return
    tell(f"{said.OVERTAKEN}. {over.words}")
    tell(f"{TYPED_HERE.format(over.reference)} {drafts.whose(draft)}".strip())
    typed = Releasing(draft, clock.now).typed()
    session.tell_blocks([wrapped(each, WIDTH, first=f"   {label:<11} ") for label, each in typed])
    tell(words.CAN_NOT_BE_USED)
    if session.line(words.TAKES_AWAY).lower() == "x":
        drafts.drop(stay)
        tell(said.TAKEN_AWAY)
