"""A feed and the preview page of one channel, in both orders: one chat, one post, the page's text."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from soso.config import Settings
from soso.flows.identify import Identifier, find_chat
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post
from soso.sources.feed import parse_feed
from soso.wiring import Adapters

HERE = Path(__file__).parent
AT = datetime(2026, 3, 2, 10, 9, tzinfo=UTC)
SEEN_AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
PEER = Peer(kind=PeerKind.CHANNEL, id=1500000001)
TEXT = "春天的柳江 #摄影\n两岸花开 🌸\n详见 这里，还有页面上的一句"


@pytest.fixture
def adapters(tmp_path: Path) -> Iterator[Adapters]:
    made = Adapters(Settings(data=tmp_path))
    yield made
    made.close()


def feed(name: str, *, hour: int) -> tuple[Batch, ...]:
    at = SEEN_AT.replace(hour=hour)
    return parse_feed(
        (HERE / name).read_bytes(), url=f"https://f.example/{name}", observed_at=at
    ).batches


def page() -> Batch:
    chat = ChatSighting(
        peer=PEER,
        kind=ChatKind.CHANNEL,
        title="柳江日报",
        username="Liujing_News",
        is_public=True,
    )
    return Batch(chat=chat, observed_at=SEEN_AT, posts=(Post(id=120, at=AT, text=TEXT, views=99),))


def take(adapters: Adapters, *batches: Batch) -> None:
    for number, batch in enumerate(batches):
        source = f"source {number}"
        chat = Identifier(adapters.store, source).identify(batch)
        adapters.store.apply(chat.key, batch, source=source, at=SEEN_AT)


@pytest.mark.parametrize("page_first", [True, False])
def test_two_routes_make_one_post(adapters: Adapters, page_first: bool) -> None:
    feeds = (*feed("rsshub.xml", hour=13), *feed("rss_bridge.atom", hour=14))
    batches = (page(), *feeds) if page_first else (*feeds, page())
    take(adapters, *batches)
    chat = find_chat(adapters.store, "@liujing_news")
    assert (chat.peer, (chat.username or "").lower()) == (PEER, "liujing_news")
    stored = adapters.store.find_posts(chat.key, [120, 119])
    assert stored[120].post.text == TEXT
    assert not stored[120].post.second_hand
    assert (stored[120].post.views, stored[120].post.author) == (99, "王编辑")
    assert stored[120].observed_at == SEEN_AT
    assert stored[119].post.second_hand
    forward = stored[120].post.forward
    assert forward is not None
    assert forward.username == "guangxi_photo"


def test_a_feed_that_is_read_again_changes_nothing(adapters: Adapters) -> None:
    take(adapters, *feed("blog.atom", hour=12))
    source = "source 0"
    (batch,) = feed("blog.atom", hour=13)
    chat = Identifier(adapters.store, source).identify(batch)
    applied = adapters.store.apply(chat.key, batch, source=source, at=SEEN_AT)
    assert (applied.inserted, applied.revised, applied.kept) == (0, 0, 3)
