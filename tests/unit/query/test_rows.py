from datetime import UTC, datetime

import msgspec

from soso.model.chat import Chat, ChatKind
from soso.model.ids import ChatKey, Peer, PeerKind, PostKey, chat_doc, post_doc
from soso.model.media import Picture
from soso.model.post import Post, StoredPost
from soso.query.results import Card
from soso.query.rows import build_row, build_rows
from soso.text.snippet import Snippet

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
CHAT = Chat(
    key=ChatKey(1),
    kind=ChatKind.CHANNEL,
    peer=Peer(kind=PeerKind.CHANNEL, id=1_500_000_001),
    title="天气早报",
    username="tianqi",
    members=1200,
)
STORED = StoredPost(
    key=PostKey(7),
    chat=CHAT.key,
    post=Post(id=42, at=AT, text="今天有雨", views=99),
    observed_at=AT,
    first_seen_at=AT,
)
COVER = Picture(blob="a" * 64, thumb="b" * 64, width=9, height=8, thumb_width=3, thumb_height=2)
CARD = Card(
    doc=post_doc(STORED.key),
    chat=CHAT,
    stored=STORED,
    kinds=("post", "photo"),
    title=Snippet(text="今天有雨", highlights=((2, 4),)),
    snippet=Snippet(text="带伞", highlights=()),
    cover=COVER,
    score=2.5,
)


def test_a_post_is_named_by_what_the_other_doors_accept() -> None:
    row = build_row(CARD, "https://soso.example")
    assert (row["chat"], row["id"]) == ("1500000001", 42)
    assert row["url"] == "https://soso.example/c/1500000001/42"
    assert row["telegram_url"] == "https://t.me/tianqi/42"
    assert row["at"] == "2026-11-23T08:30:00+00:00"
    assert row["kinds"] == ["post", "photo"]
    assert row["title_highlights"] == [[2, 4]]
    assert row["highlights"] == []
    assert row["cover"] == {"url": f"https://soso.example/b/{'b' * 64}", "width": 3, "height": 2}
    assert (row["views"], row["score"], row["full"]) == (99, 2.5, True)
    assert "members" not in row


def test_without_a_base_urls_are_paths() -> None:
    row = build_row(CARD)
    assert row["url"] == "/c/1500000001/42"
    assert row["cover"] is not None
    assert row["cover"]["url"].startswith("/b/")


def test_a_chat_has_no_id_and_no_time() -> None:
    card = msgspec.structs.replace(
        CARD, doc=chat_doc(CHAT.key), stored=None, kinds=("channel",), posts=3, cover=None
    )
    row = build_row(card)
    assert (row["id"], row["at"], row["views"], row["cover"]) == (None, None, None, None)
    assert row["url"] == "/c/1500000001"
    assert row["telegram_url"] == "https://t.me/tianqi"
    assert (row["members"], row["posts"]) == (1200, 3)


def test_a_sensitive_hit_is_veiled_until_it_is_asked_for() -> None:
    card = msgspec.structs.replace(CARD, sensitive=True)
    row = build_row(card)
    assert row["veiled"]
    assert (row["title"], row["snippet"], row["highlights"], row["cover"]) == ("", "", [], None)
    shown = build_row(card, sensitive=True)
    assert not shown["veiled"]
    assert shown["sensitive"]
    assert shown["title"] == "今天有雨"


def test_a_row_is_json() -> None:
    rows = build_rows((CARD, CARD), "", sensitive=False)
    assert msgspec.json.decode(msgspec.json.encode(rows)) == rows
