"""Who was first: order, origin, delay, differences, and what readers may see of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from soso.flows.cluster import cluster_changes
from soso.flows.trace import Tracing, trace
from soso.model.batch import Batch, Tombstone
from soso.model.chat import Chat, ChatKind, ChatSighting, Visibility
from soso.model.ids import Peer, PeerKind
from soso.model.post import Forward, Post
from soso.query.traces import Change, Trace
from soso.stores.sql.store import SqlStore
from soso.text.analyzers import load_analyzers

ANALYZERS = load_analyzers()
START = datetime(2026, 5, 1, tzinfo=UTC)
NEWS = (
    "地铁九号线今天正式开通运营，首班车早上六点从港湾站发出，末班车晚上十一点半。全线共有二十三座车站，"
    "贯穿东西两岸，预计每天运送乘客四十万人次。票价起步三元，学生半价。"
)


class Archive:
    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.chats: list[Chat] = []
        for number in range(4):
            sighting = ChatSighting(
                peer=Peer(kind=PeerKind.CHANNEL, id=700 + number),
                kind=ChatKind.CHANNEL,
                title=f"频道 {number}",
                username=f"channel_{number}",
                is_public=True,
            )
            self.chats.append(store.add_chat(sighting, START))

    def post(self, chat: int, hours: float, text: str = NEWS, **fields: Any) -> None:
        post = Post(id=1, at=START + timedelta(hours=hours), text=text, **fields)
        self.apply(chat, posts=(post,))

    def apply(self, chat: int, **fields: Any) -> None:
        when = START + timedelta(days=9)
        batch = Batch(chat=ChatSighting(), observed_at=when, **fields)
        self.store.apply(self.chats[chat].key, batch, source="test", at=when)

    def trace(self, chat: int, **needs: Any) -> Trace | None:
        cluster_changes(self.store)
        where = self.store.get_chat(self.chats[chat].key)
        stored = self.store.find_post(where.key, 1)
        assert stored is not None
        return trace(stored, where, Tracing(self.store, ANALYZERS, **needs))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    store = SqlStore(f"sqlite:///{tmp_path}/a.db")
    yield Archive(store)
    store.close()


def names(found: Trace | None) -> list[str]:
    assert found is not None
    return [copy.card.chat.title for copy in found.copies]


def test_copies_stand_in_order_of_time(archive: Archive) -> None:
    archive.post(2, 5, NEWS.replace("四十万", "九十万"))
    archive.post(0, 1)
    archive.post(1, 3)
    found = archive.trace(1)
    assert names(found) == ["频道 0", "频道 1", "频道 2"]
    assert found is not None
    assert (found.cluster, found.chats, found.others) == ("700/1", 3, 2)
    assert [copy.is_origin for copy in found.copies] == [True, False, False]
    assert [copy.delay for copy in found.copies] == [None, timedelta(hours=2), timedelta(hours=4)]
    changed = [
        (piece.change, piece.text)
        for piece in found.copies[2].pieces
        if piece.change is not Change.EQUAL
    ]
    assert changed == [(Change.REMOVED, "四"), (Change.ADDED, "九")]


def test_a_post_that_is_alone_has_none(archive: Archive) -> None:
    archive.post(0, 1)
    assert archive.trace(0) is None


def test_a_time_that_is_not_sure_makes_no_origin(archive: Archive) -> None:
    archive.post(0, 1, at_certain=False)
    archive.post(1, 2)
    archive.post(2, 3)
    found = archive.trace(0)
    assert found is not None
    assert [copy.is_origin for copy in found.copies] == [False, True, False]
    assert [copy.delay for copy in found.copies] == [None, None, timedelta(hours=1)]


def test_the_origin_is_the_one_that_a_forward_names(archive: Archive) -> None:
    origin = Forward(name="频道 3", username="channel_3", post_id=1)
    archive.post(0, 2, forward=origin)
    archive.post(1, 4)
    outside = archive.trace(0)
    assert outside is not None
    assert outside.outside == origin
    assert not any(copy.is_origin for copy in outside.copies)
    archive.post(3, 3)  # the hour that it was imported with is wrong, but it is the source
    inside = archive.trace(0)
    assert inside is not None
    assert inside.outside is None
    assert [copy.is_origin for copy in inside.copies] == [False, True, False]


def test_readers_see_only_what_they_may(archive: Archive) -> None:
    for chat in range(4):
        archive.post(chat, chat)
    archive.store.set_chat(archive.chats[0].key, visibility=Visibility.PRIVATE)
    archive.store.set_chat(archive.chats[2].key, sensitive=True)
    archive.apply(1, tombstones=(Tombstone(post_id=1, at=START + timedelta(days=10)),))
    assert archive.trace(3) is None
    assert names(archive.trace(3, sensitive=True)) == ["频道 2", "频道 3"]
    assert names(archive.trace(3, everything=True)) == [f"频道 {n}" for n in range(4)]
    found = archive.trace(3, sensitive=True)
    assert found is not None
    assert found.cluster == "702/1"
