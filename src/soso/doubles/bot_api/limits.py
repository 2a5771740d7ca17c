"""How many messages a bot may send: per chat, per group, in all; scripted failures.

Knows counts and times. Must not know messages.
"""

import math
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Final, NamedTuple

from soso.doubles.bot_api.errors import too_many

_SECOND_S: Final = 1.0
_MINUTE_S: Final = 60.0


class Limits(NamedTuple):
    """Telegram's limits; each window slides.

    slack: how much shorter a window may seem here than where the message left, for a network lets
    messages that left a second apart arrive a little closer.
    """

    per_chat: int = 1
    per_group_minute: int = 20
    overall: int = 30
    slack: float = 0.1
    enforced: bool = True


class Brake:
    """Counts what is sent and refuses what is too much; not safe for threads by itself."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.refused: list[tuple[float, int, str]] = []
        """Every 429 that a limit gave: when, which chat, which window."""
        self._chats: defaultdict[int, deque[float]] = defaultdict(deque)
        self._groups: defaultdict[int, deque[float]] = defaultdict(deque)
        self._all: deque[float] = deque()

    def take(self, chat: int, *, is_group: bool, now_s: float) -> None:
        """Count one message. Raises ApiError 429; what was refused is not counted."""
        limits = self.limits
        if not limits.enforced:
            return
        windows = [
            ("chat", self._chats[chat], limits.per_chat, _SECOND_S),
            ("overall", self._all, limits.overall, _SECOND_S),
        ]
        if is_group:
            windows.append(("group", self._groups[chat], limits.per_group_minute, _MINUTE_S))
        waits = [
            (_wait_s(sent, most, window - limits.slack, now_s), name)
            for name, sent, most, window in windows
        ]
        longest, name = max(waits)
        if longest > 0:
            self.refused.append((now_s, chat, name))
            raise too_many(max(1, math.ceil(longest)))
        for _, sent, _, _ in windows:
            sent.append(now_s)

    def reset(self) -> None:
        """Forget what was sent."""
        self._chats.clear()
        self._groups.clear()
        self._all.clear()
        self.refused.clear()


def _wait_s(sent: deque[float], most: int, window_s: float, now_s: float) -> float:
    while sent and sent[0] <= now_s - window_s:
        sent.popleft()
    return sent[-most] + window_s - now_s if len(sent) >= most else 0.0


class Failure(NamedTuple):
    """What the next calls meet instead of an answer.

    status: 429, 500, 502...; 0 lets the connection hang for hang_s and then drops it.
    methods: lower case; empty means all. done: whether the call takes effect all the same, and only
    its answer is lost. html: the answer is a proxy's page instead of JSON.
    """

    status: int
    left: int = 1
    methods: frozenset[str] = frozenset()
    retry_after: int = 1
    hang_s: float = 0.0
    done: bool = False
    html: bool = False


class Script:
    """Failures that are still to come, in their order."""

    def __init__(self) -> None:
        self._failures: list[Failure] = []

    def add(self, failure: Failure) -> None:
        """Let the next calls fail so."""
        self._failures.append(failure)

    def clear(self) -> None:
        """Let nothing fail any more."""
        self._failures.clear()

    def next(self, method: str) -> Failure | None:
        """Return the failure that this call meets, and count it."""
        for place, failure in enumerate(self._failures):
            if not failure.methods or method in failure.methods:
                if failure.left <= 1:
                    del self._failures[place]
                else:
                    self._failures[place] = failure._replace(left=failure.left - 1)
                return failure
        return None


def lower_all(names: Iterable[str]) -> frozenset[str]:
    """Return names of methods as they are compared."""
    return frozenset(name.lower() for name in names)
