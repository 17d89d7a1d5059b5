"""What is half typed by lines: in this program, and on its disk as the full screen keeps it.

Either desk goes on with what the other was left with, for the same account alone.
"""

from collections.abc import Mapping
from datetime import datetime

from triage.desk.glass import tell
from triage.desk.half import HalfTyped, outlives
from triage.desk.plain.fields import NOTHING, Form
from triage.desk.plain.session import Half, Session
from triage.present import desk_screens as said


def take_up(session: Session, form: Form, half: Half) -> datetime | None:
    """Put back what was typed before this program was begun, and say when; None for nothing."""
    found = session.half.of(*form.kept_as) if session.half and outlives(form.kept_as[0]) else None
    if found is None or found.when is None:
        return None
    half.key, half.sent = found.key, found.sent
    for one in form.fields:
        answer = one.read(str(found.typed.get(one.name, "")), then=found.when)
        if answer is not NOTHING:
            half.document[one.name] = answer
    return found.when


def holds(form: Form, half: Half) -> bool:
    """Whether anything was typed, or sent without an answer."""
    return half.document != dict(form.first) or half.sent is not None


def keep(
    session: Session, form: Form, half: Half, unended: Mapping[str, str] | None = None
) -> None:
    """The whole of it on disk, for its owner alone, with ``unended`` words by their field."""
    kind, stay = form.kept_as
    if session.half is None or not outlives(kind):
        return
    if not (holds(form, half) or any((unended or {}).values())):
        session.half.drop(kind, stay)
        return
    typed = {one.name: one.typed(half.document) for one in form.fields} | dict(unended or {})
    account = session.half.account
    whole = HalfTyped(account, kind, stay, half.key, 0, half.sent, typed)
    try:
        session.half.keep(whole, now=session.at())
    except OSError:
        if not session.not_written:
            tell(said.NOT_WRITTEN)
        session.not_written = True
    else:
        session.not_written = False


def drop(session: Session, form: Form) -> None:
    """It is on the record, or thrown away: nothing of it is kept."""
    session.kept.pop(form.kept_as, None)
    if session.half is not None and outlives(form.kept_as[0]):
        session.half.drop(*form.kept_as)
