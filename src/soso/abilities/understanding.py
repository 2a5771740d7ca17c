"""What the front doors may do with meaning: make vectors, and open the model behind them.

Mixed into bootstrap.App. Must not know which class fills a port.
"""

import logging

from soso.flows.embed import EmbedReport
from soso.model.errors import Unavailable
from soso.wiring import Adapters

log = logging.getLogger(__name__)


class UnderstandingApp(Adapters):
    """The part of App that knows of vectors."""

    @property
    def has_meaning(self) -> bool:
        """Whether a model serves searches in this process now."""
        return self.meaning is not None and self.meaning.model is not None

    def load_meaning(self) -> None:
        """Open the model and its vectors, if there are any. Raises Unavailable, BadInput."""
        if self.meaning is not None and self.store.list_models():
            self.meaning.load()

    def lacking_for_meaning(self) -> str | None:
        """Return what the index lacks to search by meaning, None when nothing or nobody asks."""
        if self.meaning is None or self.shared_vectors is None:
            return None
        try:
            return self.shared_vectors.lacking()
        except Unavailable as error:  # this user may not ask; a search will tell
            log.info("whether there is a k-NN plugin is not known: %s", error)
            return None

    def embed_step(self) -> EmbedReport:
        """Embed a little of what waits; idle where nothing does. Raises Unavailable, BadInput."""
        return self.meaning.step() if self.meaning is not None else EmbedReport()

    def count_embedded(self) -> tuple[int, int]:
        """Return how many documents the wanted model has seen, and how many there are."""
        total = self.store.count_posts() + sum(self.store.count_chats(listed=False).values())
        done = self.meaning.count() if self.meaning is not None else 0
        return min(done, total), total
