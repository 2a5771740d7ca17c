"""What of a post stories are found by."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from soso.flows.gist import LEAD_LENGTH, read_gist, take_gists
from soso.model.batch import Batch
from soso.model.chat import Chat, ChatKind, ChatSighting, Username, Visibility
from soso.model.ids import ChatKey, Peer, PeerKind
from soso.model.post import Post
from soso.similarity.segments import cut_segments
from soso.similarity.tellings import LEAD, REST, TITLE
from soso.stores.sql.store import SqlStore
from soso.text.analyzers import load_analyzers

AT = datetime(2026, 5, 1, 8, tzinfo=UTC)
ANALYZERS = load_analyzers()
NAMED = Username(name="harbour_news", first_seen_at=AT, last_seen_at=AT)
CHAT = Chat(key=ChatKey(1), kind=ChatKind.CHANNEL, title="港湾", usernames=(NAMED,))


def gist(text: str, marks: frozenset[int] = frozenset()) -> list[tuple[str, int]]:
    return list(read_gist(Post(id=1, at=AT, text=text), CHAT, marks))


def test_the_title_counts_most_then_how_it_begins() -> None:
    parts = gist("白鹭大桥恢复通车\n" + "今早十点" * 100)
    assert [halves for _, halves in parts] == [TITLE, LEAD, REST]
    assert parts[0][0] == "白鹭大桥恢复通车"
    assert parts[1][0] == ("今早十点" * 100)[:LEAD_LENGTH]
    assert parts[2][0].startswith("今早十点")


def test_what_signs_every_post_is_left_out() -> None:
    signed = "白鹭大桥恢复通车\n今早十点行人先上桥\n关注我们的频道看更多\n@harbour_news"
    post = Post(id=1, at=AT, text=signed)
    marks = frozenset(
        one.mark for one in cut_segments(post) if "关注" in signed[one.start : one.end]
    )
    text = " ".join(text for text, _ in gist(signed, marks))
    assert "行人" in text
    assert "关注" not in text
    assert "harbour" not in text


@pytest.mark.parametrize("text", ["", "https://example.org/a", "🎉🎉", "\x00\ud800", "a" * 5_000])
def test_odd_texts_do_no_harm(text: str) -> None:
    assert [halves for _, halves in gist(text)] == [TITLE, LEAD, REST]


def test_posts_that_may_not_be_listed_or_say_nothing_have_none(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path / 'archive.db'}")
    sighting = ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=1500), kind=ChatKind.CHANNEL, title="a", is_public=True
    )
    chat = store.add_chat(sighting, AT)
    posts = (
        Post(id=1, at=AT, text="白鹭大桥恢复通车"),
        Post(id=2, at=AT, text="🎉"),
        Post(id=3, at=AT + timedelta(days=4_000), text="明天的消息 https://example.org/path"),
        Post(id=4, at=AT, text="藏起来的帖子"),
    )
    store.apply(chat.key, Batch(chat=sighting, observed_at=AT, posts=posts), source="t", at=AT)
    found = store.find_posts(chat.key, [1, 2, 3, 4])
    store.hide_post(found[4].key, hidden=True)
    keys = [stored.key for stored in found.values()]
    gists = take_gists(store, ANALYZERS, keys)
    assert gists.keys() == {found[1].key, found[3].key}
    assert gists[found[3].key].at_s == int(AT.timestamp())  # dated ahead: when it was first seen
    assert gists[found[1].key].cluster == found[1].key
    store.set_chat(chat.key, visibility=Visibility.UNLISTED)
    assert take_gists(store, ANALYZERS, keys) == {}
    store.close()


def test_addresses_are_no_words() -> None:
    from soso.flows.gist import _words

    assert _words(ANALYZERS, "看 https://example.org/path?x=1 和 @somebody 的 t.me/abc") == ["看"]
