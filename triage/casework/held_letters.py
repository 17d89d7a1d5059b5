"""What was held for somebody's shift leaves in one letter to them when it begins.

Nobody reads fourteen mails of one night; one that says how many wait, the worst first, is read.
Each message stays a row of its own: it is sent once, and its alert is taken by itself. The letter
is made in the transaction that claims its messages, so that whoever sends it again after a crash
sends the same one, under the same key.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.casework.codes import code_of
from triage.casework.letters import SEVEREST, STALE, URGENT, letter_of, suite_words, waits
from triage.casework.service import Service
from triage.channels.messages import Message
from triage.domain.roles import role_words
from triage.present.spans import listed
from triage.record import Alert, Reading, Writing
from triage.record.deliveries import Delivery
from triage.record.held import LET_GO

HELD = "held:"  # how the key of such a letter begins; then that of its first message
MOST_CODES = 10  # codes in one letter; the board has them all
_MOST = 1000  # messages in the letters of one round
_LETTERS = 20  # letters of one round; more would outlast the lease

Row = tuple[Delivery, Alert]
Addresses = Callable[[Alert, Delivery], tuple[str, ...]]


@dataclass(frozen=True)
class HeldLetter:
    """One letter: its key, by which channel, to whom, and the messages that it stands for."""

    key: str
    channel: str
    to: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Held:
    """What was claimed: the letters, and the messages whose alerts are over meanwhile."""

    letters: tuple[HeldLetter, ...]
    over: tuple[Delivery, ...]


def claim_held(
    writing: Writing, lease: timedelta, *, channel: str | None, addresses: Addresses
) -> Held:
    """Claim what was held and is let go, in one letter for each reader and channel."""
    claimed = writing.claim_deliveries(_MOST, lease, channel=channel, held=True)
    found = [(each, writing.alert(each.alert_key)) for each in claimed]
    rows = [(each, alert) for each, alert in found if alert is not None and alert.is_open]
    over = tuple(each for each, alert in found if alert is None or not alert.is_open)
    letters = [*_again(rows, addresses), *_new(rows, addresses)]
    for each in letters[:_LETTERS]:
        writing.carry_together((d.key for d, _ in each.rows), each.key)
    writing.put_back(d.key for each in letters[_LETTERS:] for d, _ in each.rows)
    return Held(tuple(letters[:_LETTERS]), over)


def _again(rows: Iterable[Row], addresses: Addresses) -> Iterable[HeldLetter]:
    """The letters that were tried before: they keep their key, and what is still open of them."""
    made: dict[str, list[Row]] = {}
    for delivery, alert in rows:
        if delivery.reference not in (None, LET_GO):
            made.setdefault(str(delivery.reference), []).append((delivery, alert))
    for key, kept in made.items():
        to = dict.fromkeys(one for delivery, alert in kept for one in addresses(alert, delivery))
        yield HeldLetter(key, kept[0][0].channel, tuple(to), tuple(kept))


def _new(rows: Iterable[Row], addresses: Addresses) -> Iterable[HeldLetter]:
    made: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
    for delivery, alert in rows:
        if delivery.reference == LET_GO:
            reader = (delivery.channel, addresses(alert, delivery))
            made.setdefault(reader, []).append((delivery, alert))
    for (channel, to), kept in made.items():
        first = min(delivery.key for delivery, _ in kept)
        key = f"{HELD}{first}" if len(kept) > 1 else first  # one alone goes as any other
        yield HeldLetter(key, channel, to, tuple(kept))


def held_message(
    service: Service, reading: Reading, held: HeldLetter, now: datetime
) -> Message | None:
    """The letter as it stands now: how many wait, the worst first, where, how long, their codes.

    It says no more of anybody than the single messages would; one message alone is as any other.
    """
    tries = max(delivery.tries for delivery, _ in held.rows)
    if not held.key.startswith(HELD):
        return letter_of(service, reading, held.rows[0][0], now)
    alerts = {alert.key: alert for _, alert in held.rows}.values()
    told = sorted(alerts, key=lambda one: (SEVEREST.index(one.level), one.raised_at or now))
    longest, codes = max(waits(one, now) for one in told), [code_of(one.key) for one in told]
    late = any(now - delivery.planned_at > STALE for delivery, _ in held.rows)
    about: dict[str, str | int | bool] = {
        "code": codes[0], "level": told[0].level, "suite": "", "role": held.rows[0][0].recipient,
        "waiting_minutes": longest, "repeat": tries > 1, "late": late, "drill": False,
        "together": len(told),
    }  # fmt: skip
    marks = f"{' (repeat)' if tries > 1 else ''}{' (late)' if late else ''}"
    more = f" and {len(codes) - MOST_CODES} more" if len(codes) > MOST_CODES else ""
    words = (
        f"{_counted(service, held, told)} The longest waits {longest} min. Go to the board. "
        f"Codes {', '.join(codes[:MOST_CODES])}{more}.{marks}"
    )
    subject = f"Custody alerts, held until the shift began: {len(told)}"
    return Message(held.key, held.to, subject, words, held.channel, about)


def _counted(service: Service, held: HeldLetter, told: Sequence[Alert]) -> str:
    levels = Counter(URGENT[one.level] for one in told)
    suites = Counter(suite_words(service, one) for one in told)
    kinds = ", ".join(f"{number} {level}" for level, number in levels.items())
    where = ", ".join(f"{suite} {number}" for suite, number in suites.items())
    roles = listed(list(dict.fromkeys(role_words(d.recipient) for d, _ in held.rows)))
    return f"Held until the shift began: {len(told)} for the {roles}, {kinds}. {where}."
