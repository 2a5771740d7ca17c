from datetime import UTC, datetime

import pytest
from hypothesis import given

from soso.model.post import Entity, EntityKind, LinkPreview, Post
from soso.text.entities import (
    MOST,
    entities_of,
    find_entities,
    find_links,
    find_tags,
    has_link,
)
from tests.unit.text.strategies import texts


def post(text: str, **more: object) -> Post:
    return Post(id=1, at=datetime(2026, 1, 1, tzinfo=UTC), text=text, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("看 #电影 #科幻片！", ["hashtag #电影", "hashtag #科幻片"]),
        ("＃全角，#流浪地球2。", ["hashtag ＃全角", "hashtag #流浪地球2"]),
        ("和#不是 a#b ##x #123 #_ #", []),
        ("#a_b #tag@channel", ["hashtag #a_b", "hashtag #tag@channel"]),
        ("$TSLA 涨 $abc a$B", ["cashtag $TSLA"]),
        ("@durov, a@b.com /@x @ab", ["mention @durov"]),
        ("见https://t.me/a/1。", ["link https://t.me/a/1"]),
        (
            "见 https://example.com/a(b)_c。t.me/abc/12，",
            ["link https://example.com/a(b)_c", "link t.me/abc/12"],
        ),
        ("(https://a.com/x) www.qq.com.", ["link https://a.com/x", "link www.qq.com"]),
        ("http://x.cn/路径?q=1。下", ["link http://x.cn/路径?q=1"]),
        (
            "https://a.com/#top @b $C",
            ["link https://a.com/#top", "cashtag $C"],
        ),
        ("done.it 12.5 v1.2.3 file.mp4 node.js", []),
        ("tg://resolve?domain=x youtu.be/abc", ["link tg://resolve?domain=x", "link youtu.be/abc"]),
    ],
)
def test_what_is_read_off_plain_text(text: str, found: list[str]) -> None:
    read = [f"{one.kind.value} {text[one.start : one.end]}" for one in find_entities(text)]
    assert read == found


@given(texts)
def test_entities_are_sorted_disjoint_and_inside(text: str) -> None:
    place = 0
    for entity in find_entities(text + " #a https://a.com/x @abc"):
        assert place <= entity.start < entity.end
        place = entity.end
    assert len(find_entities("#a " * 1_000)) == MOST


@pytest.mark.parametrize(
    "text", ["http://" + "a." * 50_000, "#" * 100_000, "a." * 100_000, "http://" + "." * 100_000]
)
def test_hostile_texts_take_no_time(text: str) -> None:
    assert len(find_entities(text)) <= MOST


def test_tags_of_the_source_come_first() -> None:
    tag = Entity(kind=EntityKind.HASHTAG, start=3, end=6)
    assert find_tags(post("#a #电影 #b", entities=(tag,))) == ["电影"]
    assert find_tags(post("#a #电影 #A $TSLA")) == ["a", "电影", "TSLA"]
    assert find_tags(post("plain")) == []


def test_broken_places_are_survived() -> None:
    broken = tuple(
        Entity(kind=kind, start=start, end=end)
        for kind in (EntityKind.HASHTAG, EntityKind.LINK)
        for start, end in ((-5, -1), (2, 1), (90, 99), (0, 10**30))
    )
    assert find_tags(post("#a", entities=broken)) == ["a"]
    assert find_links(post("#a", entities=broken)) == []


def test_links() -> None:
    entities = (
        Entity(kind=EntityKind.LINK, start=0, end=5),
        Entity(kind=EntityKind.TEXT_LINK, start=6, end=8, url="https://b.com/"),
        Entity(kind=EntityKind.TEXT_LINK, start=6, end=8, url="javascript:alert(1)"),
        Entity(kind=EntityKind.TEXT_LINK, start=6, end=8),
    )
    found = post("a.com 看", entities=entities, previews=(LinkPreview(url="https://b.com/"),))
    assert find_links(found) == ["https://a.com", "https://b.com/"]
    assert has_link(found)
    assert find_links(post("去 t.me/abc 看")) == ["https://t.me/abc"]


def test_a_mention_is_no_link() -> None:
    assert not has_link(post("@somebody #tag"))
    assert has_link(post("x", previews=(LinkPreview(url="https://a.com"),)))
    assert entities_of(post("@somebody"))[0].kind is EntityKind.MENTION
