"""Calling the service in a thread of its own, so that no screen ever stands still."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

Found = TypeVar("Found")


async def in_a_thread(call: Callable[[], Found]) -> Found:
    """What ``call`` returns, or raises what it raises.

    The thread is not waited for at the end: a service that does not answer holds no desk open.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Found] = loop.create_future()

    def settle(how: Callable[[Any], None], what: Any) -> None:
        with suppress(RuntimeError):  # the desk was left meanwhile
            loop.call_soon_threadsafe(lambda: None if answer.done() else how(what))

    def run() -> None:
        try:
            found = call()
        except BaseException as error:
            settle(answer.set_exception, error)
        else:
            settle(answer.set_result, found)

    threading.Thread(target=run, daemon=True).start()
    return await answer
