"""What the loops of a worker have in common: a thread of their own, from start() to stop().

Knows threads and turns. Must not know what a loop does.
"""

import logging
import threading
from abc import ABC, abstractmethod
from typing import ClassVar

from soso.bootstrap import App
from soso.model.errors import SosoError, Unavailable


class ThreadLoop(ABC):
    """Runs _loop in a thread of its own until _stopped is set.

    name: the thread's. turn: under which name one of all workers does the work at a time, where
    several may; None: the work itself sees to that.
    """

    name: ClassVar[str]
    turn: str | None = None

    def __init__(self, app: App) -> None:
        self._app = app
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name=self.name)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the step at hand; nothing happens if it never began."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()
            if self.turn is not None:
                self._app.end_turn(self.turn)

    def _has_turn(self) -> bool:
        """Whether no other worker does this now. Raises Unavailable."""
        return self.turn is None or self._app.hold_turn(self.turn)

    @abstractmethod
    def _loop(self) -> None: ...


def log_failure(log: logging.Logger, error: SosoError, what: str, pause_s: float) -> None:
    """Say that something is tried again; one line where only a server or a file was away."""
    text = "%s failed, and is tried again in %.0f s"
    if isinstance(error, Unavailable):
        log.warning(text + ": %s", what, pause_s, error)
    else:
        log.error(text, what, pause_s, exc_info=error)
