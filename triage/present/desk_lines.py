"""Words of the desk that works line by line: menus, what it asks, what it says while it waits."""

from triage.present import spans

_LONGEST = 300  # characters read back of one answer
BOARD_KEYS = (
    "The number, or the end of the custody record, opens somebody. Enter the board again, "
    "a alerts, ! newest emergency, o new stay, l lock, ? help, q leave"
)
ALERT_KEYS = (
    "A number opens the person. t and a number takes that alert alone, d what was done, c closes "
    "it: t2. Enter the list again, b back, l lock"
)
PERSON_KEYS = "1 to 7 read that part, Enter tells all again, ! newest emergency, b back, l lock"
READ_ON = "Enter goes on, b stops here."
NOBODY = "Nobody here has that number. Enter shows the board again."
NO_SUCH = "Nothing here does that."
NO_NUMBER = "No alert here has that number."
BACK = "b back (it is kept)"
NOT_ASKED = "Enter leaves it out. "
KEEPS = "(now: {0}; Enter keeps it)"
KEEPS_OR_OUT = "(now: {0}; Enter keeps it, a minus alone takes it out)"
ONE_OF = "Press one of: {0}."
READ_OVER = "READ IT OVER: {0}"
CONFIRM = "y records it, b goes back, xx throws it away"
SEND_AGAIN = "Enter sends the same again, b goes back (it is kept)"
KEPT = "Nothing is recorded. It is kept: the same letter goes on with it."
KEPT_TYPED = "What was typed is kept: the same letter goes on with it."
MEND = "What was typed stays, and is asked again: Enter keeps an answer."
STILL_KEPT = "Not recorded yet: {0}. It is kept here, for you alone. q once more leaves the desk."
WOULD_BE_DROPPED = "Not recorded yet: {0}. q once more leaves the desk and drops that."
THROW_AWAY = "xx and Enter throws it away."
LEFT = "Nothing more is shown here."
LOCKED = "LOCKED at {0}. Your password opens it again; nothing that was typed is lost."
PASSWORD = "Password, then Enter:"
IDLE = "Nobody typed anything for a while."
UNUSED = "What was typed in the last line was not used."
CAN_NOT_BE_USED = (
    "It can no longer be used. If the record needs something of it, write it down and make a note."
)
TAKES_AWAY = "x takes it away from this desk, Enter leaves it here for now"
NOT_KNOWN_WHERE = (
    "A release was begun here for somebody of whom nobody can say anything now: they may be in "
    "another suite. It is kept."
)
OPEN_AGAIN = "Open again."
REACHED_AGAIN = "The service answers again."
GOES_ON = "You go on with a screening that was begun. Everything typed so far is kept."
ALL_ASKED = "All asked. y records the screening, b keeps it and goes back"
KEPT_HERE_ALONE = (
    "The service is not reached: every answer is kept at this terminal, and sent when it answers. "
    "No alert leaves this room meanwhile: tell somebody."
)
KEPT_THERE_TOO = "The service keeps what was answered, too."
NOT_KEPT_THERE = "The service does not keep it: {0}"
HELP = (
    "Every screen is told as lines; every answer ends with Enter.",
    "On the board a number or the end of the custody record opens somebody.",
    "With somebody open: s screens, v a visit, r a rousing check, n a note, e what happened "
    "or is authorised, t takes every alert that waits for your role, d says what was done about an "
    "alert, c closes one, k releases.",
    "k on the board shows a release that was begun here for somebody who has left the board since.",
    "What is half typed is kept at this terminal for you alone, also when it is cut off: notes, "
    "visits, rousing checks, events and authorities. The same letter goes on with it, and xx and "
    "Enter throws it away. A new stay, and the words about one alert, are kept until you leave.",
    "A minus alone, then Enter, takes out an answer that need not be given.",
    "! opens the newest emergency. l locks at once and clears what stands above.",
    "A new emergency is told before the next prompt, never in the middle of what you type.",
    "If it is not known whether something is on the record, Enter sends the same again: it is "
    "recorded once.",
)


def cut(said: str) -> str:
    """The beginning of what was typed, and how long it is: all of it would push the rest away."""
    if len(said) <= _LONGEST:
        return said
    return f"{said[:_LONGEST]} ({spans.count(len(said), 'character', 'characters')} in all)"


def half_typed(what: str, number: int) -> str:
    """What was half typed and would be dropped."""
    return f"{what} ({spans.count(number, 'answer', 'answers')})"
