"""The words of the full-screen screening: what it says when a key is taken, and when it is not."""

from datetime import datetime

from triage.domain import london
from triage.present import spans

TOO_QUICK = (
    "NOT TAKEN: that was under a second. Was it really asked? Answer again; s says not asked."
)
NOT_HERE_YET = (
    "NOT TAKEN: this was typed before this question stood here. Read it, and answer again."
)
PASTED = "NOT TAKEN: pasted text answers nothing here. Type the key of the answer."
NO_KEY = "NOT TAKEN: that key means nothing here."
MARKED = "NOT TAKEN: some are marked. Press their keys again to unmark them, or Enter takes them."
NONE_MARKED = "NOT TAKEN: nothing is marked. n says none of these."
GOING_ON = "Going on: nothing was stopped."
NOT_NORMAL = "Nothing was taken as normal."
NONE_LEFT = "Each was answered by itself already. Nothing was taken."
FIRST_OF_ALL = "There is nothing before this."
LAST_OF_ALL = "There is nothing after this. Tab shows everything."
NOTHING_LEFT = "Everything was asked. Read it over below; r records it."
READ_FIRST = "NOT TAKEN: read it over first. Then r."
NOT_RECORDED = "Nothing was recorded."
CAME_IN_MEANWHILE = "Somebody else answered meanwhile, so nothing was done. Look again."
BEING_RECORDED = "It is on its way to the record. What is typed now is not taken."
NOT_ASKED_YET = "not asked yet"
TWO_ANSWERS = "TWO ANSWERS"
IF_CALLED_FOR = "if called for"
NOT_ASKED = "not asked"
NOT_KNOWN = "not known"
NONE_OR_UNKNOWN = "none, or not known"
MORE_ACTS = "!! ... and more to do at once: Tab shows all of it"
HALF = "half typed, not taken"
HALF_LEFT = "NOT RECORDED YET: this is half typed. Enter takes it; or take it out, key by key."
NO_MORE = "asked no more, kept"
STOP = (
    "STOP HERE? q or y stops; everything is kept, here and at the service, and is gone on with by "
    "opening the screening of this person again. Any other key goes on."
)
SURE = "y and Enter records it. Anything else goes back, and nothing is recorded."
KEYS_NORMAL = "y, then Enter, takes these {0}. Anything else takes none of them"
HELP = (
    "The key before an answer takes it. Up, Down, PgUp, PgDn, Home go to other questions, End to "
    "the next that was not asked. Tab or j shows everything; r there records it. "
    "Ctrl+L locks, ! or Ctrl+E opens a new emergency."
)
RECORDED = "RECORDED. What was found stands below, the worst first. q or Enter closes."
NOT_KNOWN_WHETHER = (
    "Nobody knows whether it is on the record. Record it again: the same key goes with it, so it "
    "is recorded once. Nothing that was typed is lost."
)
REFUSED = "NOT RECORDED: {0} Everything is kept."
FETCHING = "Asking the service for its questions and for what is kept of this person."
NO_RULEBOOK = (
    "NOT REACHED: {0} Without the service its questions are not known here. Enter asks again, q "
    "goes back. What was kept at this terminal stays. Line by line: triage screen."
)
PRIVATE = (
    "IN PRIVATE: nobody else can hear, no companion is there; asked by a woman or a man, as they "
    "like."
)
KEYS_ASK = "↑ back  ↓ on  Home first  End next not asked  Tab everything  ? help  q stop"
KEYS_LIST = "↑↓ choose  Enter goes there  r record  Esc back  q stop"
KEYS_SURE = "y, then Enter: yes. Anything else: no"
KEYS_STOP = "q or y: stop. Anything else: go on"
KEYS_END = "↑↓ PgUp PgDn read  q or Enter closes"
KEYS_AGAIN = "Enter asks again. q goes back, all stays kept"
NOT_READ_YET = "NOT TAKEN: read it first. Then the number; q goes back, all stays kept"
NOT_READ = (
    "WHAT IS KEPT CANNOT BE READ BY THE RULES OF TODAY: {0} It stays kept. Screen on the web page, "
    "or with triage screen."
)
WITH_PAST = "The page of this person shows it too, with what is known from earlier stays."
KEYS_TAKE = "The number. q goes back, all stays kept"
KEEPING = "on its way to the service"
ONLY_HERE = "not reached: kept at this terminal only"
SIGNED_OUT = "signed out: kept at this terminal only, and sent when somebody has signed in"
NOT_HERE = "NOT WRITTEN AT THIS TERMINAL"


BEGIN_ANEW = "Begin anew. What is kept at this terminal is thrown away."
REPLACE_THEIRS = "Screen all the same. What you type replaces theirs at the service."
DIFFER = (
    "TWO DIFFERENT SCREENINGS OF THIS PERSON ARE KEPT. Nothing is merged: choose which goes on. "
    "The other one is thrown away when the first answer is kept."
)


def gone(at: datetime | None) -> str:
    """The service keeps no more what it kept."""
    return (
        f"KEPT HERE, AND NO MORE BY THE SERVICE: what was typed here until {known_from(at)} was "
        "recorded meanwhile, or thrown away. Look at the person first if you do not know."
    )


def theirs(by: str, at: datetime | None) -> str:
    """Somebody else is screening the same person."""
    return (
        f"{by.upper()} HAS BEGUN TO SCREEN THIS PERSON, and typed last at {known_from(at)}. It is "
        "not finished, and only they can read it. Ask them before you go on."
    )


def go_on_here(at: datetime | None) -> str:
    """Which one this choice goes on with."""
    return f"Go on with what was kept at this terminal: {known_from(at)}."


def go_on_there(at: datetime | None) -> str:
    """Which one this choice goes on with."""
    return f"Go on with what the service keeps: {known_from(at)}."


def difference(asked: str, here: str, there: str) -> str:
    """One question that was answered otherwise."""
    return f"{asked} HERE: {here}. SERVICE: {there}."


def more_differ(number: int) -> str:
    """How many more there are."""
    return f"And {spans.count(number, 'other difference', 'other differences')}."


def below(lines: int) -> str:
    """How much of what was found does not stand on this glass."""
    return f"{spans.count(lines, 'line', 'lines')} below: PgDn" if lines > 0 else ""


def kept_at(at: datetime) -> str:
    """When the service last kept all of it."""
    return f"kept by the service {london.to_wall(at):%H:%M:%S}"


def refused(why: str) -> str:
    """The service said no; nothing typed is lost by that."""
    return f"the service does not keep it: {why} It is kept at this terminal"


def other_kept(by: str, at: datetime | None) -> str:
    """Somebody else has kept another one since."""
    since = f" at {london.short(at)}" if at else ""
    return f"{by} kept another{since}; yours is kept at this terminal only. Tab, then k"


def replace_theirs(by: str) -> str:
    """What k does while somebody else's is kept by the service."""
    return f"k  keep yours at the service instead of that of {by}"


def dropped(keys: int) -> str:
    """Keys that came in one burst behind one that was not taken."""
    return f"{spans.count(keys, 'key', 'keys')} typed ahead behind it not taken either."


def progress(asked: int, in_all: int, skipped: int, refused: int, to_come: int, looks: str) -> str:
    """How far it is: silence is never counted as asked."""
    parts = [f"{asked} of {in_all} asked", f"{skipped} not asked"]
    if refused:
        parts.append(f"{refused} refused or unable")
    return f"{', '.join(parts)}, {to_come} to come. {looks}"


def list_head(open_: int) -> str:
    """What stands over the list of everything."""
    if not open_:
        return "EVERYTHING. All of it was asked."
    return f"EVERYTHING. Not asked yet, and first: {open_}"


def looked(done: int, in_all: int) -> str:
    """How far the first look is."""
    return f"First look {done} of {in_all}."


def sure(who: str, asked: int, in_all: int) -> str:
    """What is about to be recorded, of whom."""
    left = f" The other {in_all - asked} stay unknown, never no." if asked < in_all else ""
    return f"RECORD THE SCREENING OF {who}? {asked} of {in_all} asked.{left}"


def on_record(seq: int | None) -> str:
    """It is on the record."""
    return f"On the record as number {seq}." if seq else "On the record."


def known_from(at: datetime | None) -> str:
    """When something was kept, where anybody knows."""
    return london.text(at) if at else "at a time that is not known"
