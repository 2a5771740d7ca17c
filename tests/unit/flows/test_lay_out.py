"""Titles and excerpts are a post's own; what its chat signs every post with stays out of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from soso.flows.cluster import cluster_changes
from soso.flows.lay_out import CardMaker
from soso.model.batch import Batch
from soso.model.chat import Chat, ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind, post_doc
from soso.model.media import Media, MediaKind
from soso.model.post import Post, StoredPost
from soso.query.results import Card
from soso.stores.sql.store import SqlStore
from soso.text.analyzers import load_analyzers
from soso.text.snippet import Marks

AT = datetime(2026, 5, 1, 8, tzinfo=UTC)
ANALYZERS = load_analyzers()
ABOVE = "港湾早晚报每天两次"
BELOW = "——————\n订阅港湾 @harbour_news 不错过消息\n投稿请找值班编辑"
TEXTS = (
    "白鹭大桥恢复通车\n今早十点行人先上桥，自行车道加宽。",
    "面馆老板娘推荐牛肉面\n门口排队二十分钟，辣油要多加。",
    "图书馆通宵开放\n一楼自习区座位预约满员。",
    "霁月彗星今晚最亮\n西南低空肉眼可见。",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(f"sqlite:///{tmp_path / 'archive.db'}")
    yield store
    store.close()


def fill(store: SqlStore, *posts: Post) -> Chat:
    sighting = ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=1500),
        kind=ChatKind.CHANNEL,
        title="港湾",
        is_public=True,
    )
    chat = store.add_chat(sighting, AT)
    signed = tuple(
        Post(id=number, at=AT + timedelta(hours=number), text=f"{ABOVE}\n\n{text}\n\n{BELOW}")
        for number, text in enumerate(TEXTS, start=1)
    )
    batch = Batch(chat=ChatSighting(peer=chat.peer), observed_at=AT, posts=(*signed, *posts))
    store.apply(chat.key, batch, source="test", at=AT)
    return chat


def find(store: SqlStore, chat: Chat, number: int) -> StoredPost:
    stored = store.find_post(chat.key, number)
    assert stored is not None
    return stored


def card(store: SqlStore, chat: Chat, number: int, marks: Marks | None = None) -> Card:
    doc = post_doc(find(store, chat, number).key)
    return CardMaker(store, ANALYZERS, sensitive=False).find([doc], marks or Marks())[doc]


def test_a_learnt_signature_is_in_neither_title_nor_excerpt(store: SqlStore) -> None:
    chat = fill(store)
    before = card(store, chat, 1)
    assert before.title.text == ABOVE
    assert "订阅港湾" in before.snippet.text
    cluster_changes(store)
    after = card(store, chat, 1)
    assert after.title.text == "白鹭大桥恢复通车"
    assert after.snippet.text == "今早十点行人先上桥，自行车道加宽。"
    assert after.stored == find(store, chat, 1)  # what a page shows stays whole


def test_a_passage_that_answers_is_not_taken_from_a_signature(store: SqlStore) -> None:
    chat = fill(store)
    cluster_changes(store)
    found = card(store, chat, 2, Marks(words=("编辑", "辣油")))
    assert "值班编辑" not in found.snippet.text
    marked = [found.snippet.text[start:end] for start, end in found.snippet.highlights]
    assert marked == ["辣油"]


def test_a_post_that_is_all_signature_keeps_it_unless_it_has_a_picture(store: SqlStore) -> None:
    picture = Media(kind=MediaKind.PHOTO)
    chat = fill(
        store,
        Post(id=10, at=AT, text=f"{ABOVE}\n{BELOW}"),
        Post(id=11, at=AT, text=f"{ABOVE}\n{BELOW}", media=(picture,)),
    )
    cluster_changes(store)
    assert card(store, chat, 10).title.text == ABOVE
    assert (card(store, chat, 11).title.text, card(store, chat, 11).fallback) == ("", "photo")


def test_every_way_to_a_card_leaves_it_out(store: SqlStore) -> None:
    chat = fill(store)
    cluster_changes(store)
    stored = find(store, chat, 3)
    maker = CardMaker(store, ANALYZERS, sensitive=True)
    ways = [
        maker.of_post(stored, chat),
        *maker.many([stored]),
        *maker.many([stored], {chat.key: chat}),
    ]
    assert {one.title.text for one in ways} == {"图书馆通宵开放"}
