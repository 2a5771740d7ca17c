"""One row for what several channels published: copies fold behind the one that ranks first.

Nothing is dropped: a row says how many there are, and leads to all of them.
"""

from collections.abc import Iterable, Sequence

import msgspec

from soso.model.ids import DocId
from soso.ports.clusters import Copies
from soso.query.results import Card


def fold_copies(
    docs: Sequence[DocId], copies: Copies, *, shown: Iterable[DocId] = ()
) -> list[DocId]:
    """Return the documents without those whose copy stands before them, or was shown already."""
    before = tuple(shown)
    heads = copies.clusters_of([*before, *docs])
    seen = {heads.get(doc, doc) for doc in before}
    kept: list[DocId] = []
    for doc in docs:
        head = heads.get(doc, doc)
        if head not in seen:
            seen.add(head)
            kept.append(doc)
    return kept


def count_copies(cards: Sequence[Card], copies: Copies) -> list[Card]:
    """Return cards that know how many others say the same, and in how many other chats."""
    heads = copies.clusters_of([card.doc for card in cards])
    sizes = copies.cluster_sizes(set(heads.values()))
    return [_counted(card, heads.get(card.doc), sizes) for card in cards]


def _counted(card: Card, head: DocId | None, sizes: dict[DocId, tuple[int, int]]) -> Card:
    if head is None or head not in sizes:
        return card
    posts, chats = sizes[head]
    return msgspec.structs.replace(
        card, cluster=head, copies=max(posts - 1, 0), copying_chats=max(chats - 1, 0)
    )
