"""One polite queue for each host, for all threads and processes.

The order of turns is kept in the store (ports/hosts.py); here the threads of this process stand in
line. Time is waited by the monotonic clock, so that a jump of the other can't stretch a wait.
"""

import random
import threading
import time
from typing import Final

from soso.fetchers.pace import back_off_s, spread_turn
from soso.model.errors import Unavailable
from soso.ports.clock import Clock
from soso.ports.hosts import Hosts

PATIENCE_S: Final = 5.0
"""A back-off of no more is waited out."""

_IN_LINE_S: Final = 120.0


class _Line:
    """The line of this process before one host. last: when the last request went out."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.last = -1e9
        self.is_failing: bool | None = None


class PoliteQueue:
    """Gives turns, and keeps how hosts answer."""

    def __init__(self, hosts: Hosts, clock: Clock, chances: random.Random | None = None) -> None:
        self._hosts = hosts
        self._clock = clock
        self._chances = chances or random.Random()
        self._lines: dict[str, _Line] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def close(self) -> None:
        """Let nobody wait any longer."""
        self._closed.set()

    def wait_turn(self, host: str, every_s: float) -> None:
        """Return when the host may be asked. Raises Unavailable if that is not soon.

        every_s: 0 is no pace at all; a back-off is kept to all the same.
        """
        line = self._line(host)
        if not line.lock.acquire(timeout=_IN_LINE_S):
            raise Unavailable(f"{host}: too many wait to ask it", retry_after_s=_IN_LINE_S)
        try:
            wait_s = self._take(host, every_s)
            since = time.monotonic() - line.last
            self._sleep(max(wait_s, every_s - since))
            line.last = time.monotonic()
        finally:
            line.lock.release()

    def wait_s(self, host: str, every_s: float) -> float:
        """Return how long until the host may be asked."""
        now = self._clock.now()
        pace = self._hosts.find_pace(host, now=now)
        if pace is None:
            return 0.0
        first = pace.next_at if every_s else now
        return max((max(first, pace.backoff_until or first) - now).total_seconds(), 0.0)

    def tell_success(self, host: str) -> None:
        """The host answered as it should."""
        line = self._line(host)
        if line.is_failing is None:
            pace = self._hosts.find_pace(host, now=self._clock.now())
            line.is_failing = pace is not None and pace.failures > 0
        if line.is_failing:
            self._hosts.forget_failures(host)
            line.is_failing = False

    def tell_failure(
        self,
        host: str,
        every_s: float,
        *,
        reason: str,
        status: int | None,
        retry_after_s: float | None,
    ) -> float:
        """The host failed; return how long it is left alone. status: None without an answer."""
        now = self._clock.now()
        pace = self._hosts.find_pace(host, now=now)
        failures = 0 if pace is None else pace.failures
        if pace is None or pace.backoff_until is None or pace.backoff_until <= now:
            failures += 1  # of those that went out together, one counts
        for_s = back_off_s(
            max(failures, 1),
            every_s=every_s,
            retry_after_s=retry_after_s,
            status=status,
            chance=self._chances.random(),
        )
        self._hosts.back_off(host, now=now, for_s=for_s, failures=failures, reason=reason)
        self._line(host).is_failing = True
        return for_s

    def _take(self, host: str, every_s: float) -> float:
        """Take a turn; return how long it is until then."""
        waited = 0.0
        while True:
            now = self._clock.now()
            if every_s > 0:
                next_s = spread_turn(every_s, self._chances.random())
                turn = self._hosts.take_turn(host, now=now, every_s=next_s)
                if turn.taken:
                    return turn.wait_s
                wait_s = turn.wait_s
            else:
                wait_s = self.wait_s(host, 0.0)
                if wait_s <= 0:
                    return 0.0
            if waited + wait_s > PATIENCE_S:
                raise Unavailable(
                    f"{host} is left alone for another {wait_s:.0f} s", retry_after_s=wait_s
                )
            waited += wait_s
            self._sleep(wait_s)

    def _sleep(self, wait_s: float) -> None:
        if wait_s > 0 and self._closed.wait(wait_s):
            raise Unavailable("the program is ending")

    def _line(self, host: str) -> _Line:
        with self._lock:
            return self._lines.setdefault(host, _Line())
