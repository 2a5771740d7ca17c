"""What the store's contract suites share: the stores they run on, and small chats and posts.

Each test on PostgreSQL has a database of its own.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from soso.model.batch import Batch, Tombstone
from soso.model.chat import Chat, ChatKind, ChatSighting
from soso.model.ids import ChatKey, DocId, Peer, PeerKind
from soso.model.media import Media, MediaKind, Picture
from soso.model.post import Post, StoredPost
from soso.ports.store import Store
from soso.stores.sql import SqlStore
from tests.servers import postgres, skip_without

STORES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.servers))
START = datetime(2026, 2, 1, 8, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


NOW = at(100_000)


def make_store(name: str, folder: Path, **options: Any) -> SqlStore:
    """A store with nothing in it."""
    if name == "sqlite":
        return SqlStore(f"sqlite:///{folder / 'archive.db'}", **options)
    skip_without(postgres.why_absent())
    return SqlStore(postgres.running().make_database(like=_with_tables()), **options)


@cache
def _with_tables() -> str:
    """A database whose tables are made, once: that takes longer than most tests."""
    url = postgres.running().make_database()
    SqlStore(url).close()
    return url


def peer(number: int) -> Peer:
    return Peer(kind=PeerKind.CHANNEL, id=number)


def add_chat(store: Store, number: int = 1500, minutes: float = 0, **fields: Any) -> Chat:
    """A public channel, unless fields say otherwise."""
    told: dict[str, Any] = {
        "peer": peer(number),
        "kind": ChatKind.CHANNEL,
        "title": f"频道 {number}",
        "is_public": True,
    }
    return store.add_chat(ChatSighting(**(told | fields)), at(minutes))


def post(number: int, text: str | None = None, **fields: Any) -> Post:
    told = {
        "id": number,
        "at": at(number % 100_000),
        "text": f"第 {number} 条" if text is None else text,
    }
    return Post(**(told | fields))


def picture(letter: str) -> Picture:
    return Picture(
        blob=letter * 64,
        thumb=letter.upper() * 64,
        width=9,
        height=9,
        thumb_width=3,
        thumb_height=3,
    )


def photo(letter: str | None = None, **fields: Any) -> Media:
    kept = None if letter is None else picture(letter)
    return Media(kind=MediaKind.PHOTO, picture=kept, **fields)


def batch(*posts: Post, minutes: float = 10_000, **fields: Any) -> Batch:
    """The posts as a source saw them at a minute."""
    return Batch(chat=ChatSighting(), observed_at=at(minutes), posts=posts, **fields)


def tombstones(*numbers: int, minutes: float = 20_000) -> Batch:
    dead = tuple(Tombstone(post_id=number, at=at(minutes)) for number in numbers)
    return batch(tombstones=dead, minutes=minutes)


def apply(store: Store, chat: Chat, *batches: Batch) -> list[tuple[int, ...]]:
    """Apply batches; return of each inserted, revised, refreshed, kept, blocked, buried."""
    applied = [store.apply(chat.key, one, source="test", at=NOW) for one in batches]
    return [
        (one.inserted, one.revised, one.refreshed, one.kept, one.blocked, one.buried)
        for one in applied
    ]


def find(store: Store, chat: Chat | ChatKey, number: int) -> StoredPost:
    """The post, which must be there."""
    found = store.find_post(chat.key if isinstance(chat, Chat) else chat, number)
    assert found is not None
    return found


def ids(found: Sequence[StoredPost]) -> list[int]:
    return [stored.post.id for stored in found]


def drain(store: Store, consumer: str = "index") -> list[DocId]:
    """Take and acknowledge all changes; return their documents."""
    docs: list[DocId] = []
    while changes := store.changes(consumer):
        docs += [change.doc for change in changes]
        store.ack(consumer, changes[-1].seq)
    return docs
