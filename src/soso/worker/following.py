"""The loop that visits what is followed, in a few threads."""

import logging
import threading
from typing import Final

from soso.bootstrap import App
from soso.flows.follow import VisitReport
from soso.model.errors import SosoError

log = logging.getLogger(__name__)

LONGEST_PAUSE_S: Final = 60.0
_LOOK_S: Final = 5.0
"""How soon a source that was added elsewhere is seen."""

_SHORTEST_S: Final = 0.05
_SHARE: Final = 4
"""While newest posts are due, one turn in so many is for history all the same."""


class FollowWorker:
    """Visits due sources until it is stopped; a failure of the archive is logged and waited out.

    The pace is the fetcher's: threads wait in its queue. With nothing due they sleep until
    something is; waits are counted by the monotonic clock.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=(seat,), name=f"follow-worker-{seat}")
            for seat in range(app.settings.follow_threads)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the requests at hand; what they brought is kept."""
        self._stopped.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _loop(self, seat: int) -> None:
        turn, pause = seat, 0.0
        if seat == 0:
            pause = self._free()
        while not self._stopped.wait(pause):
            turn += 1
            try:
                report = self._visit(seat, in_background=turn % _SHARE == 0)
                pause = 0.0 if report is not None else self._idle_s()
            except SosoError as error:
                pause = min(max(pause, 1.0) * 2, LONGEST_PAUSE_S)
                log.error("nothing is visited now, tried again in %.0f s: %s", pause, error)

    def _visit(self, seat: int, *, in_background: bool) -> VisitReport | None:
        """Make the visit that is due for longest; of newest posts, or else in the background."""
        for background in (in_background, not in_background):
            report = self._app.visit_due(
                seat=seat, background=background, is_stopped=self._stopped.is_set
            )
            if report is not None or self._stopped.is_set():
                return report
        return None

    def _idle_s(self) -> float:
        return max(self._app.follow_idle_s(longest_s=_LOOK_S), _SHORTEST_S)

    def _free(self) -> float:
        try:
            freed = self._app.free_dead_leases()
        except SosoError as error:
            log.error("leases of processes that ended are left as they are: %s", error)
            return 1.0
        if freed:
            log.info("%d visits were cut off when the program ended; they are made again", freed)
        return 0.0
