"""The loop that keeps the vectors of a process that does not embed up to what others embedded."""

import logging
import threading
from typing import Final

from soso.bootstrap import App
from soso.model.errors import SosoError

log = logging.getLogger(__name__)

PAUSE_S: Final = 5.0
LONGEST_PAUSE_S: Final = 300.0


class LoadWorker:
    """Reads new vectors in a thread of its own until it is stopped; for `soso web` and `soso bot`."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="load-worker")

    def start(self) -> None:
        """Begin, unless the settings want words alone."""
        if self._app.meaning is not None:
            self._thread.start()

    def stop(self) -> None:
        """End after the read at hand."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _loop(self) -> None:
        pause, told = PAUSE_S, ""
        while not self._stopped.is_set():
            try:
                self._app.load_meaning()
                pause, told = PAUSE_S, ""
            except SosoError as error:
                pause = min(pause * 2, LONGEST_PAUSE_S)
                if str(error) != told:  # once while it lasts
                    told = str(error)
                    log.error("no new vectors, tried again and again: %s", error)
            self._stopped.wait(pause)
