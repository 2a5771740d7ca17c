"""Any post, for those who want to be surprised. Chance is given."""

from collections.abc import Callable
from typing import Final

from soso.flows.lay_out import CardMaker
from soso.model.ids import PostKey, post_doc
from soso.ports.store import Store
from soso.query.results import Card

_TRIES: Final = 6
_AT_ONCE: Final = 24


def pick_random(store: Store, cards: CardMaker, below: Callable[[int], int]) -> Card | None:
    """Return a post that may stand in lists, each nearly as likely; None if there is hardly one.

    below: a number from 0 on that is smaller than the one given, by chance.
    """
    newest = store.list_posts(None, limit=1)
    most = max([store.count_posts(), *(stored.key for stored in newest)])
    for _ in range(_TRIES if most else 0):
        docs = [post_doc(PostKey(1 + below(most))) for _ in range(_AT_ONCE)]
        found = cards.find_posts(docs)
        chosen = next((found[doc] for doc in docs if doc in found), None)
        if chosen is not None:
            return cards.of_post(*chosen)
    return next(iter(cards.many(newest)), None)
