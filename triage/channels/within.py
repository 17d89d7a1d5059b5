"""An end to every try, whatever the other side does: the one limit that no server can stretch.

A library's own timeout is one wait for one piece of an answer, so a server that dribbles a byte at
a time holds it for ever. Here the try runs on a thread of its own, which is left behind when time
is up. Too many left behind means that something out there hangs: then nothing is tried until some
have ended, so that a year of hanging servers does not fill this machine.
"""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread

from triage.channels.messages import Outcome, Sent

TOO_LATE = "no answer in time"
TOO_MANY = "too many tries still hang"
MOST_LEFT_BEHIND = 64
_lock = Lock()
_running = 0


def within(
    seconds: float, attempt: Callable[[], Sent], give_up: Callable[[], None] | None = None
) -> Sent:
    """What came of an attempt, or UNKNOWN when time is up; never raises.

    ``give_up`` is called then, to end what still hangs where that can be done.
    """
    if not _begin():
        return Sent(Outcome.UNKNOWN, TOO_MANY)
    answer: Future[Sent] = Future()
    Thread(target=_run, args=(attempt, answer), name="trying", daemon=True).start()
    try:
        return answer.result(timeout=seconds)
    except TimeoutError:
        if give_up is not None:
            give_up()
        return Sent(Outcome.UNKNOWN, TOO_LATE)


def _begin() -> bool:
    global _running
    with _lock:
        if _running >= MOST_LEFT_BEHIND:
            return False
        _running += 1
        return True


def _run(attempt: Callable[[], Sent], answer: "Future[Sent]") -> None:
    global _running
    try:
        answer.set_result(attempt())
    except BaseException as error:  # nobody can say whether the message left
        answer.set_result(Sent(Outcome.UNKNOWN, type(error).__name__))
    finally:
        with _lock:
            _running -= 1
