"""The queue of updates: kept until they are confirmed, handed out by one poll at a time.

Knows offsets, kinds and waiting. Must not know what an update tells.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from soso.doubles.bot_api.clock import VirtualClock
from soso.doubles.bot_api.errors import OTHER_POLLER, ApiError

Raw = dict[str, Any]

KEPT_S: Final = 24 * 3600
MOST_WAIT_S: Final = 50
MOST_AT_ONCE: Final = 100
FIRST_ID: Final = 900_000_001
UNASKED: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""What a bot gets only if it asks for it by name."""


class UpdateQueue:
    """Updates in the order of their ids. Whoever changes it holds the double's lock."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._next = FIRST_ID
        self._kept: dict[int, tuple[float, Raw]] = {}
        self._asked: frozenset[str] = frozenset()
        self._wake: list[Callable[[], None]] = []

    @property
    def pending(self) -> list[Raw]:
        """What has not been confirmed."""
        return [update for _, update in self._kept.values()]

    def push(self, kind: str, content: Raw) -> int | None:
        """Queue an update; return its id, or None if the bot does not ask for this kind."""
        if self._asked and kind not in self._asked:
            return None
        if not self._asked and kind in UNASKED:
            return None
        number, self._next = self._next, self._next + 1
        self._kept[number] = (self._clock.now_s(), {"update_id": number, kind: content})
        self.wake()
        return number

    def push_raw(self, update: Raw) -> int:
        """Queue an update as it is, with an id of its own unless it brings a higher one."""
        number = update.get("update_id")
        if not isinstance(number, int) or number < self._next:
            number = self._next
        self._next = number + 1
        self._kept[number] = (self._clock.now_s(), {**update, "update_id": number})
        self.wake()
        return number

    def ask_for(self, kinds: Any) -> None:
        """Remember which kinds the bot wants; None leaves it as it was."""
        if isinstance(kinds, list):
            self._asked = frozenset(kind for kind in kinds if isinstance(kind, str))

    @property
    def asked(self) -> list[str]:
        """The kinds the bot wants; empty: the usual ones."""
        return sorted(self._asked)

    def confirm(self, offset: int) -> None:
        """Forget everything below an offset; a negative one keeps only the last so many."""
        if offset < 0:
            for number in list(self._kept)[:offset]:
                del self._kept[number]
            return
        for number in [number for number in self._kept if number < offset]:
            del self._kept[number]

    def take(self, limit: int) -> list[Raw]:
        """Return the oldest updates; they stay until confirmed, or for a day."""
        oldest = self._clock.now_s() - KEPT_S
        for number in [number for number, (at, _) in self._kept.items() if at < oldest]:
            del self._kept[number]
        return self.pending[: max(1, min(limit, MOST_AT_ONCE))]

    def drop(self, number: int) -> None:
        """Forget one update: a webhook took it."""
        self._kept.pop(number, None)

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()

    def listen(self, wake: Callable[[], None]) -> None:
        """Call this for every new update, from any thread."""
        self._wake.append(wake)

    def wake(self) -> None:
        """Tell those who wait."""
        for wake in self._wake:
            wake()


class LongPoll:
    """Lets one getUpdates wait at a time: a second one ends the first with 409."""

    def __init__(self, loop: asyncio.AbstractEventLoop, queue: UpdateQueue) -> None:
        self._loop = loop
        self._queue = queue
        self._event = asyncio.Event()
        self._turn = 0
        queue.listen(self._tell)

    async def wait(self, timeout_s: float, take: Callable[[], list[Raw]]) -> list[Raw]:
        """Return updates as soon as there are some. Raises ApiError 409."""
        self._turn += 1
        turn = self._turn
        self._event.set()  # the poll before this one looks up and finds that it has lost
        end = self._loop.time() + max(0.0, min(timeout_s, MOST_WAIT_S))
        while True:
            self._event.clear()
            found = take()
            left = end - self._loop.time()
            if found or left <= 0:
                return found
            try:
                await asyncio.wait_for(self._event.wait(), left)
            except TimeoutError:
                return take()
            if turn != self._turn:
                self._event.set()  # for the one that won
                raise ApiError(409, OTHER_POLLER)
            await asyncio.sleep(0)

    def _tell(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)
