"""Who posted something first, and who after: a post's cluster, as it may be shown."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from soso.flows.lay_out import CardMaker
from soso.model.chat import Chat
from soso.model.ids import PostKey, post_doc
from soso.model.post import Forward, StoredPost
from soso.ports.store import Store
from soso.query.traces import Copy, Trace
from soso.similarity.difference import find_differences
from soso.text.analyzers import Analyzers

MOST: Final = 500
"""How many posts of a cluster are shown at most: the earliest."""


class Tracing(NamedTuple):
    """What tracing needs. everything: for the operator, private, hidden and deleted posts too."""

    store: Store
    analyzers: Analyzers
    sensitive: bool = False
    everything: bool = False


_Found = tuple[StoredPost, Chat]


def trace(
    stored: StoredPost, chat: Chat, needs: Tracing, *, differences: int = MOST
) -> Trace | None:
    """Return a post's copies in order of time, None if there are none to show.

    differences: of how many copies what they changed is worked out; the earliest first.
    Raises Unavailable.
    """
    keys = needs.store.list_cluster(stored.key)
    if len(keys) < 2:
        return None
    found = _find(keys, needs)
    found[stored.key] = stored, chat  # whoever asks has its page before them
    rows = sorted(found.values(), key=lambda row: (row[0].post.at, row[1].ref, row[0].post.id))
    if len(rows) < 2:
        return None
    origin, outside = _find_origin(rows, needs.store)
    cards = CardMaker(needs.store, needs.analyzers, sensitive=True)
    copies: list[Copy] = []
    for row in rows[:MOST]:
        left = len(copies) < differences
        copies.append(_copy(row, origin, cards, needs, differences=left))
    first, where = rows[0]
    return Trace(
        cluster=f"{where.ref}/{first.post.id}",
        copies=tuple(copies),
        chats=len({row[0].chat for row in rows}),
        outside=outside,
    )


def _find(keys: Sequence[PostKey], needs: Tracing) -> dict[PostKey, _Found]:
    if not needs.everything:
        maker = CardMaker(needs.store, needs.analyzers, sensitive=needs.sensitive)
        shown = maker.find_posts([post_doc(key) for key in keys])
        return {row[0].key: row for row in shown.values()}
    posts = needs.store.get_posts(keys)
    chats = needs.store.get_chats(list({one.chat for one in posts}))
    return {one.key: (one, chats[one.chat]) for one in posts if one.chat in chats}


def _find_origin(rows: Sequence[_Found], store: Store) -> tuple[_Found | None, Forward | None]:
    """Return who said it first: by the header of the first forward, else by the first sure time."""
    sure = [row for row in rows if row[0].post.at_certain] or rows
    first = sure[0]
    forward = first[0].post.forward
    if forward is None:
        return first, None
    kept = store.find_rows([first[0].key]).get(first[0].key)
    source = kept.seen.source if kept is not None else None
    for row in rows:
        if row[0].key == source:
            return row, None
    return None, forward


def _copy(
    row: _Found, origin: _Found | None, cards: CardMaker, needs: Tracing, *, differences: bool
) -> Copy:
    stored, chat = row
    card = cards.of_post(stored, chat)
    if origin is None or stored.key == origin[0].key:
        is_origin = origin is not None
        return Copy(card=card, is_origin=is_origin, forwarded=stored.post.forward is not None)
    first = origin[0].post
    veiled = card.sensitive and not needs.sensitive and not needs.everything
    return Copy(
        card=card,
        delay=stored.post.at - first.at if stored.post.at_certain and first.at_certain else None,
        forwarded=stored.post.forward is not None,
        pieces=find_differences(first.text, stored.post.text) if differences and not veiled else (),
    )
