"""The double's time: the machine's, plus what a test has let pass."""

import threading
import time


class VirtualClock:
    """A clock that runs by itself, or stands still, and can be moved on by hand.

    frozen: time passes only by advance(). Long polls wait in real time whatever this says.
    """

    def __init__(self, *, frozen: bool = False) -> None:
        self._lock = threading.Lock()
        self._frozen_at = time.time() if frozen else None
        self._moved_s = 0.0

    def now_s(self) -> float:
        """Return seconds since 1970."""
        with self._lock:
            return (time.time() if self._frozen_at is None else self._frozen_at) + self._moved_s

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        with self._lock:
            self._moved_s += seconds
