"""Words of the release on the full screen: its keys, and what it says between the questions."""

from triage.present import spans

RELEASE = "RELEASE"
OPEN_NOW = "Open now"
NOW = "(now: {}; Enter keeps it)"
HOW_HELD = "Enter keeps it as it stands; emptied, nothing is said of it. "
REASON_FIRST = "Press one of the keys. What is open stands below."
OVER = "READ IT OVER"
ASKS_WHAT_STAYS = "Asking what stays open if they leave like this ..."
CHANGED = "What is open has changed. Read it again."
SEND = "Now Enter records it. Any other key does not."
NOT_SENT = "Nothing was recorded. y, then Enter records it."
ANSWER_FIRST = "Enter takes this first; what comes behind it was not asked yet."
PRESS_ONE = "Press 1 or 2."
GO_ON = "Enter goes on"
KEPT = "What was typed into the release is kept at this desk. k goes on with it."
BEGUN = "A release was begun here and is kept. k goes on with it."
NOT_WRITTEN = "NOT WRITTEN AT THIS TERMINAL: it is kept only while this screen is open."
LEFT_OVER = (
    "A release was begun here for somebody who is no longer on this board. k shows what was typed."
)
NONE_BEGUN = "Open somebody first (Enter), then k releases them."
OVERTAKEN = "SOMEBODY ELSE WAS FIRST"
ON_ITS_OWN = "Enter or Esc shows it together with what you typed."
CAN_NOT_BE_USED = (
    "It can no longer be used. If the record needs something of it, write it down and make a note. "
    "x takes it away from this desk; Esc leaves it here for now."
)
NOTHING_WAS_TYPED = "Nothing was typed here. x closes this."
ONLY_X = "Nothing was taken away. Only x does that."
READ_FIRST = "Read it first. Then x."
TAKEN_AWAY = "What was typed into the release is not kept at this desk any more."

KEYS_OPEN = "Enter goes on   ↑↓ PgUp PgDn read   Esc leaves (kept)   ! emergency   l lock"
KEYS_ASK = "Enter takes it   ↑↓ between   PgUp/PgDn what is open   Esc leaves (kept)   Ctrl+L lock"
KEYS_WHY = "1 to 7 why   ↑↓ PgUp PgDn read   b back   Esc leaves (kept)   l lock"
KEYS_OVER = "y, then Enter: records it   ↑↓ PgUp PgDn read   b back   Esc leaves (kept)   l lock"
KEYS_OVERTAKEN = "x takes it away   ↑↓ PgUp PgDn read   Esc leaves it here   l lock"


def far(number: int, of: int) -> str:
    """Which question this is."""
    return f"Question {number} of {of}"


def how_many(found: int) -> str:
    """How much is open now, over the list of it."""
    return f"{OPEN_NOW}: {spans.count(found, 'thing', 'things')}" if found else OPEN_NOW
