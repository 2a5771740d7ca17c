"""The archive as JSON Lines: everything that a restore needs, one row a line."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from soso.model.batch import Block, Tombstone
from soso.model.chat import Chat
from soso.model.post import Revision, StoredPost
from soso.ports.desk import Decision, RemovalRequest
from soso.ports.store import Store

PAGE = 500
ALL = 2**31 - 1


class Encoders(NamedTuple):
    """How rows are written; bootstrap fills them from sources/json_lines."""

    chat: Callable[[Chat], bytes]
    post: Callable[[StoredPost, Chat, list[Revision]], bytes]
    block: Callable[[Block], bytes]
    tombstone: Callable[[Tombstone, Chat], bytes]
    request: Callable[[RemovalRequest], bytes]
    decision: Callable[[Decision], bytes]


def export(store: Store, encoders: Encoders, *, chats: list[Chat] | None = None) -> Iterator[bytes]:
    """Yield the rows of the given chats, or of all with the blocks first, so that a restore brings
    nothing back that was taken out, and the operator's desk after them. Each row ends with
    a new line. Raises Unavailable."""
    if chats is None:
        yield from (encoders.block(block) for block in store.list_blocks())
        # The desk lists the newest first; a restore is to number them as they came.
        yield from map(encoders.request, reversed(store.list_requests(limit=ALL)))
        yield from map(encoders.decision, reversed(store.list_decisions(limit=ALL)))
    for chat in chats if chats is not None else iter_chats(store):
        yield encoders.chat(chat)
        for stored in store.iter_posts(chat.key):
            revisions = store.list_revisions(stored.key) if stored.revisions else []
            yield encoders.post(stored, chat, revisions)
        for tombstone in store.iter_tombstones(chat.key):
            kept = store.find_post(chat.key, tombstone.post_id)
            if kept is None or kept.buried_at is None:  # buried posts say it themselves
                yield encoders.tombstone(tombstone, chat)


def iter_chats(store: Store) -> Iterator[Chat]:
    """Yield all chats that were not merged into another, in the order of their titles."""
    offset = 0
    while rows := store.list_chats(listed=False, order="title", limit=PAGE, offset=offset):
        yield from (row.chat for row in rows)
        offset += len(rows)
