"""The part of App about what is related: posts to a post, chats to a chat, each with its reasons.

Mixed into bootstrap.App.
"""

import threading
import time
from functools import cached_property
from typing import Final

from soso.config import Settings
from soso.flows.browse import find_readable_chat, find_shown_post
from soso.flows.recommend import Recommending, recommend
from soso.flows.recommend_chats import recommend_chats
from soso.model.ids import ChatKey
from soso.query.plan_types import Mode
from soso.query.results import Card
from soso.wiring import Adapters

CHATS_KEPT_S: Final = 600.0
"""Related chats are worked out anew after so long: they change by the week."""

CHATS_KEPT: Final = 500
MOST_CHATS: Final = 20

Kept = dict[tuple[ChatKey, bool], tuple[float, tuple[Card, ...]]]


class RelatingApp(Adapters):
    """What is related. Methods may be called from many threads."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._relating_lock = threading.Lock()
        self._kept_chats: Kept = {}

    @cached_property
    def _recommending(self) -> Recommending:
        by_words = Mode(self.settings.mode) is Mode.WORDS
        meaning = None if by_words else self.meaning
        return Recommending(self.store, self.engine, self.analyzers, meaning)

    def get_related(
        self,
        ref: str,
        post_id: int,
        *,
        limit: int = 8,
        sensitive: bool = False,
        copies: bool = False,
    ) -> tuple[Card, ...]:
        """Return related posts of a post that may be read; see flows/recommend.py.

        Raises NotFound, Gone.
        """
        _, stored = find_shown_post(self.store, ref, post_id)
        return recommend(
            stored, self._recommending, limit=limit, sensitive=sensitive, copies=copies
        )

    def get_related_chats(
        self, ref: str, *, limit: int = 6, sensitive: bool = False
    ) -> tuple[Card, ...]:
        """Return chats related to one that may be read, at most MOST_CHATS; some minutes old.

        Raises NotFound.
        """
        chat = find_readable_chat(self.store, ref)
        asked = chat.key, sensitive
        with self._relating_lock:
            kept = self._kept_chats.get(asked)
        if kept is None or time.monotonic() - kept[0] > CHATS_KEPT_S:
            cards = recommend_chats(chat, self._recommending, limit=MOST_CHATS, sensitive=sensitive)
            kept = time.monotonic(), cards
            with self._relating_lock:
                self._kept_chats.pop(asked, None)
                while len(self._kept_chats) >= CHATS_KEPT:
                    del self._kept_chats[next(iter(self._kept_chats))]
                self._kept_chats[asked] = kept
        return kept[1][:limit]
