"""The part of App about what readers ask: counting, reporting and suggesting it.

Mixed into bootstrap.App. Counts and suggestions are kept up by the worker
(worker/suggesting.py); without one, popular queries are read anew now and then.
"""

import threading
import time
from functools import cached_property
from typing import Final

from soso.config import Settings
from soso.flows import count, ponder, suggest
from soso.flows.offer import Follower
from soso.query.results import ResultPage, Suggestion
from soso.wiring import Adapters

POPULAR_KEPT_S: Final = 300.0


class AskingApp(Adapters):
    """What readers ask. Methods may be called from many threads."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._asking_lock = threading.Lock()
        self._counter: count.SearchCounter | None = None
        self._popular: ponder.Popular | None = None
        self._popular_at = 0.0

    def _counting(self) -> count.SearchCounter:
        store, analyzers = self.store, self.analyzers
        with self._asking_lock:  # two counters would each know a part
            if self._counter is None:
                self._counter = count.SearchCounter(
                    store, analyzers, self.clock, self.zone, on=self.settings.query_log
                )
            return self._counter

    @cached_property
    def _follower(self) -> Follower:
        return Follower(self.store, self.analyzers)

    def close(self) -> None:
        """Write the counts that wait, then let go."""
        try:
            self.flush_searches()
        finally:
            super().close()

    # Counting

    def count_search(self, text: str, page: ResultPage) -> None:
        """Count a reader's search by what it found; see flows/count.py. Raises nothing."""
        self._counting().count_search(text, page)

    def count_click(self, text: str) -> None:
        """Count that a result of a reader's search was opened. Raises nothing."""
        self._counting().count_click(text)

    def flush_searches(self) -> int:
        """Write the counts that wait; return how many queries. Raises Unavailable."""
        return self._counter.flush() if self._counter is not None else 0

    def forget_old_queries(self) -> int:
        """Fold and forget old counts; with the log turned off, all. Raises Unavailable."""
        days = self.settings.query_log_days if self.settings.query_log else 0
        now = self.clock.now().astimezone(self.zone)
        return count.forget_old_queries(self.store, now, days=days)

    def list_queries(self, *, days: int = 30, limit: int = 20) -> ponder.QueryReport:
        """Return what was asked in the last days; for the operator alone. Raises Unavailable."""
        self.flush_searches()
        since = count.since_of(self.clock.now().astimezone(self.zone), days)
        return ponder.report_queries(self.store, self.analyzers, since=since, limit=limit)

    # Suggesting

    def suggest(
        self, text: str, *, limit: int = 8, sensitive: bool = False
    ) -> tuple[Suggestion, ...]:
        """See flows/suggest.py."""
        needs = suggest.Suggesting(self.store, self.analyzers, self.popular, sensitive)
        return suggest.suggest(text, needs, limit=limit)

    def list_popular(self, *, limit: int = 10) -> tuple[str, ...]:
        """Return the queries that readers may be shown, most asked first."""
        return self.popular.texts[:limit]

    @property
    def popular(self) -> ponder.Popular:
        """The queries that readers may be shown, as of some minutes ago. Raises Unavailable."""
        with self._asking_lock:
            if self._popular is not None and time.monotonic() - self._popular_at < POPULAR_KEPT_S:
                return self._popular
        return self.load_popular()

    def load_popular(self) -> ponder.Popular:
        """Read them anew. Raises Unavailable."""
        hours = self.settings.popular_after if self.settings.query_log else 0
        needs = ponder.Showing(
            self.store, self.analyzers, self.sensitive_words, self.clock, self.zone, hours
        )
        popular = ponder.load_popular(needs)
        with self._asking_lock:
            self._popular, self._popular_at = popular, time.monotonic()
        return popular

    def offer_step(self) -> int:
        """Bring suggestions up to the archive by a step; return how many documents it looked at.

        For one thread. Raises Unavailable.
        """
        return self._follower.step()
