"""The part of App about the index: kept up, built anew, by one process or by many.

Mixed into bootstrap.App. The worker keeps the index up (worker/indexing.py).
"""

import time
from functools import cached_property

from soso.abilities.taking_turns import TurnsApp
from soso.flows import index, index_restored, index_shares, rebuild_split
from soso.model.errors import Busy


class IndexingApp(TurnsApp):
    """The index. Methods may be called from many threads."""

    @cached_property
    def builder(self) -> index.Builder:
        """Builds documents from the store."""
        return index.Builder(self.store, self.analyzers, self.zone)

    @cached_property
    def _sharing(self) -> index_shares.Sharing | None:
        """How to write beside others; None where one writes alone."""
        builds = self.engine.builds
        if builds is None:
            return None
        return index_shares.Sharing(
            self.store,
            builds,
            self.builder,
            owner=self.owner,
            shares=self.settings.work_shares,
        )

    def index_changes(self, told: index.Told | None = None) -> index.IndexReport:
        """Bring the index up to the store; builds it anew if that is needed. Raises Busy."""
        if self._sharing is None:
            return index.catch_up(self.store, self.engine, self.builder, told=told)
        return rebuild_split.catch_up(self._sharing, self.engine, told=told)

    def index_if_free(self, told: index.Told | None = None) -> index.IndexReport | None:
        """Bring the index up to the store, unless another process does; None then."""
        try:
            return self.index_changes(told)
        except Busy:
            return None

    def reindex(self, told: index.Told | None = None) -> index.IndexReport:
        """Build the index anew beside the one that serves, then change over. Raises Busy.

        Where many may write, all that do this at once share one job, and one that was cut off goes
        on.
        """
        if self._sharing is None:
            return index.reindex(self.store, self.engine, self.builder, told=told)
        return rebuild_split.reindex(self._sharing, told=told, wait=time.sleep)

    def index_lag(self) -> int:
        """Return how many changes wait for the index."""
        return index_shares.lag(self.store, self.engine)

    def is_indexing(self) -> bool:
        """Whether changes wait for the index, which goes first."""
        return index_shares.is_behind(self.store, self.engine)

    def forget_old_index(self) -> None:
        """Let an index that was replaced hold up the log no more; keep what a restored one needs."""
        if self._sharing is not None:
            rebuild_split.forget_old(self._sharing)
            days = self.settings.opensearch_log_days
            index_restored.remember(self._sharing, now=self.clock.now(), days=days)
