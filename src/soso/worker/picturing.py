"""The loop that fetches pictures of live posts which could not be fetched at once."""

import logging
import threading
from typing import Final

from soso.bootstrap import App
from soso.model.errors import SosoError

log = logging.getLogger(__name__)

PAUSE_S: Final = 20.0
LONGEST_PAUSE_S: Final = 300.0
AT_ONCE: Final = 4
"""Few, as each may wait for its turn: a stop comes after the step at hand."""


class PictureWorker:
    """Fetches in a thread of its own until it is stopped."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="picture-worker")

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
        while not self._stopped.wait(pause):
            try:
                report = self._app.fetch_due_pictures(limit=AT_ONCE)
            except SosoError as error:
                pause = min(max(pause, PAUSE_S) * 2, LONGEST_PAUSE_S)
                log.error("pictures are not fetched now, tried again in %.0f s: %s", pause, error)
                continue
            if report.given_up:
                log.warning("pictures of %d posts were given up", report.given_up)
            pause = 0.1 if report.done else PAUSE_S
