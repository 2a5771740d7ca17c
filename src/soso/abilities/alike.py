"""The part of App about what is alike: copies of posts, and who was first.

Mixed into bootstrap.App. The clusters are kept up by the worker (worker/clustering.py).
"""

from collections.abc import Callable

from soso.flows.browse import find_shown_post
from soso.flows.cluster import CONSUMER, ClusterReport, cluster_changes
from soso.flows.identify import find_chat
from soso.flows.trace import MOST, Tracing, trace
from soso.model.errors import NotFound
from soso.query.traces import Trace
from soso.wiring import Adapters


class AlikeApp(Adapters):
    """What is alike. Methods may be called from many threads."""

    def cluster_changes(self, stopped: Callable[[], bool] | None = None) -> ClusterReport:
        """Bring the clusters up to the store, or until stopped says so. Raises Busy."""
        return cluster_changes(self.store, stopped=stopped or (lambda: False))

    def clusters_behind(self) -> int:
        """Return how many changes wait to be clustered."""
        return self.store.lag(CONSUMER)

    def get_cluster(
        self, ref: str, post_id: int, *, sensitive: bool = False, differences: int = MOST
    ) -> Trace | None:
        """Return the copies of a post that readers may see, None if there are none.

        Raises NotFound, Gone as the post's page does.
        """
        chat, stored = find_shown_post(self.store, ref, post_id)
        needs = Tracing(self.store, self.analyzers, sensitive)
        return trace(stored, chat, needs, differences=differences)

    def trace_post(self, ref: str, post_id: int) -> Trace | None:
        """Return all copies of a post, private, hidden and deleted ones too: for the operator.

        Raises NotFound.
        """
        chat = find_chat(self.store, ref)
        stored = self.store.find_post(chat.key, post_id)
        if stored is None:
            raise NotFound(f"there is no post {post_id} of {ref!r} in the archive")
        return trace(stored, chat, Tracing(self.store, self.analyzers, True, True))
