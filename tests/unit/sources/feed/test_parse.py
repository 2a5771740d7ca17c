import time
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soso.model.batch import Batch
from soso.model.chat import ChatKind
from soso.model.errors import BadInput, SosoError
from soso.model.post import EntityKind
from soso.sources.feed.parse import CUT_OFF, MAX_ENTRIES, REPEATED, TOO_MANY, parse_feed
from soso.sources.feed.posts import EMPTY
from tests.unit.sources.feed.feeds import NOW, URL, item, rss, telegram

DATE = "Mon, 02 Mar 2026 10:00:00 +0800"


def read(content: bytes, **fields: str) -> tuple[Batch, ...]:
    return parse_feed(content, **{"url": URL, "observed_at": NOW} | fields).batches  # type: ignore[arg-type]


def test_posts_of_several_channels_and_own_entries_are_of_chats_of_their_own() -> None:
    other = item(title="x", link="https://t.me/s/other_news/7", guid="https://t.me/other_news/7")
    own = item(title="Own", link="https://blog.example/1", description="Text")
    batches = read(rss(telegram(2), telegram(1), other, own))
    assert [(batch.chat.username, batch.chat.alias) for batch in batches] == [
        ("liujing_news", None),
        ("other_news", None),
        (None, URL),
    ]
    assert [post.id for post in batches[0].posts] == [1, 2]
    assert all(post.second_hand for batch in batches for post in batch.posts)
    assert [batch.chat.kind for batch in batches] == [None, None, ChatKind.CHANNEL]


def test_the_feed_of_a_channel_tells_its_title_and_that_it_is_public() -> None:
    feed = rss(telegram(1), title="柳江日报 - Telegram Channel", link="https://t.me/s/liujing_news")
    chat = read(feed)[0].chat
    assert (chat.title, chat.kind, chat.is_public) == ("柳江日报", ChatKind.CHANNEL, True)
    empty = read(rss(title="柳江日报 - Telegram Channel", link="https://t.me/s/liujing_news"))
    assert (empty[0].chat, empty[0].posts) == (chat, ())
    search = rss(
        telegram(1), title='"花" - 柳江日报', link="https://t.me/s/liujing_news?q=%E8%8A%B1"
    )
    assert read(search)[0].chat.title is None


@pytest.mark.parametrize("cut", [30, 200, 330])
def test_of_a_feed_that_is_cut_off_the_last_entry_is_left_out(cut: int) -> None:
    feed = rss(telegram(3), telegram(2), telegram(1, "很长的一段话，在中间断开了"))
    batch = read(feed[:-cut])[0]
    assert batch.partial
    assert batch.skipped[CUT_OFF] == 1
    assert {post.id for post in batch.posts} <= {2, 3}
    assert {post.text for post in batch.posts} == {"早上好"}


def test_broken_xml_that_is_whole_is_read() -> None:
    feed = rss(telegram(2), item(title="a", link="https://b.example/1", raw="<b>&nbsp; & <i></b>"))
    batches = read(feed)
    assert [len(batch.posts) for batch in batches] == [1, 1]
    assert not batches[0].partial


def test_a_web_page_is_told_from_a_feed_and_names_the_feeds_it_links_to() -> None:
    page = b"""<!DOCTYPE html><html><head>
    <link rel="alternate" type="application/rss+xml" href="/feed.xml">
    <link rel="alternate" type="application/feed+json" href="https://b.example/feed.json">
    <link rel="alternate" type="text/html" hreflang="de" href="/de">
    <link rel="alternate" type="application/atom+xml" href="javascript:alert(1)">"""
    with pytest.raises(
        BadInput, match=r"these: https://feeds\.example/feed\.xml, https://b\."
    ) as e:
        read(page)
    assert "/de" not in str(e.value)
    with pytest.raises(BadInput, match="links to none"):
        read(b"<html><body>Hello")
    with pytest.raises(BadInput, match="@liujing_news"):
        read(b"<html><body>Hello", url="https://t.me/liujing_news")


@pytest.mark.parametrize(
    "content",
    [b"", b"  \n", b"hello", b"/etc/passwd", b"http://127.0.0.1/", b"{", b"{}", b"[1]", b"\0\xff"],
)
def test_what_is_no_feed_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        read(content)


def test_an_entry_without_a_usable_time_is_of_when_it_was_first_seen() -> None:
    dates = ["", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 02 Mar 2099 10:00:00 GMT"]
    entries = [item(title=f"t{n}", guid=f"{n}", pubDate=date) for n, date in enumerate(dates)]
    posts = read(rss(*entries))[0].posts
    assert {(post.at, post.at_certain) for post in posts} == {(NOW, False)}


@pytest.mark.parametrize(
    ("written", "certain"),
    [
        (DATE, True),
        ("Mon, 02 Mar 2026 02:00:00 GMT", True),
        ("2026-03-02T02:00:00Z", True),
        ("2026-03-02T10:00:00+08:00", True),
        ("Mon, 02 Mar 2026 02:00:00", False),
        ("2026-03-02 02:00:00", False),
    ],
)
def test_a_time_without_a_zone_is_not_certain(written: str, certain: bool) -> None:
    (post,) = read(rss(item(title="t", guid="1", pubDate=written)))[0].posts
    assert (post.at.hour, post.at_certain) == (2, certain)


def atom(*updated: str) -> bytes:
    entries = "".join(
        f"<entry><id>e{n}</id><title>t{n}</title><published>2026-02-01T00:00:00Z</published>"
        f"<updated>{time}</updated></entry>"
        for n, time in enumerate(updated)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{entries}</feed>'.encode()


def test_times_of_change_are_edits_unless_all_are_of_when_the_feed_was_made() -> None:
    def edits(*updated: str) -> int:
        return sum(post.edited for post in read(atom(*updated))[0].posts)

    assert edits("2026-02-03T00:00:00Z", "2026-02-01T00:00:00Z") == 1
    assert edits("2026-03-02T11:59:00Z", "2026-03-02T11:59:00Z") == 0
    assert edits("2026-03-03T00:00:00Z", "2026-02-04T00:00:00Z") == 1  # one is of the future


def test_what_is_in_an_entry_twice_or_not_at_all_is_counted() -> None:
    batch = read(rss(telegram(1), telegram(1, "again"), item(link="https://b.example/1")))[0]
    assert batch.skipped == {REPEATED: 1, EMPTY: 1}
    assert [post.text for post in batch.posts] == ["早上好"]


def test_markup_never_gets_further_than_text_and_marks() -> None:
    html = (
        "<script>alert(1)</script><p onclick='x'>A<style>p{}</style> "
        "<a href='javascript:x'>b</a> <a href='data:text/html,x'>c</a> "
        "<a href='http://[bad'>d</a><iframe src='//e.example'></iframe>"
        "<img src='data:image/png;base64,AA'><img src='file:///etc/passwd'></p>"
    )
    (post,) = read(rss(item(title="t", guid="1", description=html)))[0].posts
    assert post.text == "t\n\nA b c d"
    assert [mark.kind for mark in post.entities] == [EntityKind.HEADING]
    assert post.media == ()


def test_a_title_that_only_begins_the_body_is_not_said_twice() -> None:
    link = "https://b.example/1"
    (post,) = read(rss(item(title="Hello w...", link=link, description="Hello world")))[0].posts
    assert post.text == "Hello world"
    assert [preview.url for preview in post.previews] == [link]


def test_encodings_are_told_by_http_by_the_feed_or_by_a_mark() -> None:
    bare = '<rss version="2.0"><channel><title>旧闻</title><item><title>春</title></item></channel></rss>'
    told = f'<?xml version="1.0" encoding="GBK"?>{bare}'
    for content, http in (
        (told.encode("gbk"), "application/xml"),
        (bare.encode("gbk"), "text/xml; charset=gbk"),
        (bare.encode("utf-16"), ""),
        (b"\xef\xbb\xbf" + bare.encode(), "application/rss+xml"),
    ):
        assert read(content, content_type=http)[0].chat.title == "旧闻"


def test_a_private_address_is_no_public_feed() -> None:
    assert (
        read(rss(item(title="t")), url="https://me:secret@b.example/rss")[0].chat.is_public is None
    )
    assert read(rss(item(title="t")))[0].chat.is_public is True


def test_entities_that_grow_are_not_expanded() -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    feed = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "lol">{bomb}]><rss version="2.0">'
        f"<channel><title>&a9;</title>{item(title='t', guid='1')}</channel></rss>"
    )
    started = time.monotonic()
    assert len(read(feed.encode())[0].posts) == 1
    assert time.monotonic() - started < 5


def test_a_huge_feed_is_read_up_to_a_limit_in_runs() -> None:
    entries = [item(title=f"entry {n}", guid=f"{n}") for n in range(MAX_ENTRIES + 7)]
    batches = read(rss(*entries))
    assert sum(len(batch.posts) for batch in batches) == MAX_ENTRIES
    assert max(len(batch.posts) for batch in batches) <= 1000
    assert batches[0].skipped == {TOO_MANY: 7}


def test_an_edit_keeps_the_id() -> None:
    one, other = (
        read(rss(item(title="t", guid="http://b.example/1", description=d))) for d in ("old", "new")
    )
    assert one[0].posts[0].id == other[0].posts[0].id
    later = parse_feed(rss(telegram(5, "x")), url=URL, observed_at=NOW + timedelta(days=1))
    assert later.batches[0].posts[0].id == 5


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_raises_nothing_but_our_own_errors(data: st.DataObject) -> None:
    feed = bytearray(
        rss(telegram(2, pubDate=DATE), item(title="<b>t</b>", link="/x"), atom().decode())
    )
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(feed) - 1))
        feed[place] = data.draw(st.sampled_from([*b"<>&;\"'=[]/\0\xff"]))
    try:
        batches = read(bytes(feed))
    except SosoError:
        return
    assert batches
    assert all(post.id > 0 for batch in batches for post in batch.posts)
