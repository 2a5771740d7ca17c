"""The loop that notes which chats posts speak of, and follows some where the settings say so."""

import logging
import threading
from typing import Final

from soso.bootstrap import App
from soso.model.errors import SosoError

log = logging.getLogger(__name__)

PAUSE_S: Final = 30.0
"""Nobody waits for a proposal; at once only while there is much to look at."""

LONGEST_PAUSE_S: Final = 600.0


class DiscoverWorker:
    """Looks in a thread of its own until it is stopped; a failure is logged and tried again."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="discover-worker")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the step at hand."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _loop(self) -> None:
        pause = PAUSE_S
        while not self._stopped.is_set():
            try:
                busy = self._app.discover_changes() > 0
                followed = 0 if busy else self._app.follow_found()
                if followed:
                    log.info("%d chats that posts speak of are followed now", followed)
                pause = 0.0 if busy else PAUSE_S
            except SosoError:
                pause = min(max(pause, 1.0) * 2, LONGEST_PAUSE_S)
                log.exception("looking for chats failed, and is tried again in %.0f s", pause)
            self._stopped.wait(pause)
