"""What the loops of a worker have in common: a thread of their own, from start() to stop().

Knows threads and turns. Must not know what a loop does.
"""

import threading
from abc import ABC, abstractmethod
from typing import ClassVar

from soso.bootstrap import App


class ThreadLoop(ABC):
    """Runs _loop in a thread of its own until _stopped is set.

    name: the thread's. turn: under which name one of all workers does the work at a time, where
    several may; None: the work itself sees to that.
    """

    name: ClassVar[str]
    turn: ClassVar[str | None] = None

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
