from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest

from soso.model.chat import Visibility
from soso.model.errors import NotFound
from soso.web.sitemap import PostLists, build_list, iter_newest
from tests.unit.web.fakes import NOW, FakeApp, make_app, make_card, make_chat, make_stored

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(answer: Any) -> list[str]:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml"
    return [
        element.text or ""
        for element in ElementTree.fromstring(answer.content).iter()
        if element.tag == f"{NAMESPACE}loc"
    ]


def many(count: int) -> FakeApp:
    chat = make_chat(1)
    cards = [make_card(make_stored(count - n, chat, minutes=n // 3), chat) for n in range(count)]
    return FakeApp(cards=cards, chats=[chat])


def test_the_index_leads_to_every_public_page(visit: Any) -> None:
    app = make_app(public_url="https://soso.example")
    visitor = visit(app)
    index = addresses(visitor.get("/sitemap.xml"))
    assert index == [
        "https://soso.example/sitemaps/chats-1.xml",
        "https://soso.example/sitemaps/posts-1.xml",
    ]
    pages = [page for one in index for page in addresses(visitor.get(one))]
    assert sorted(pages) == sorted(
        f"https://soso.example/c/{path}"
        for path in (
            *("1500000001", "1500000002", "1500000001/1", "1500000001/3"),
            *("1500000002/2", "1500000002/4"),
        )
    )


def test_what_is_not_for_crawlers_is_left_out(visit: Any) -> None:
    quiet = make_chat(1, no_index=True)
    unlisted = make_chat(2, visibility=Visibility.UNLISTED)
    open_chat = make_chat(3)
    cards = [
        make_card(make_stored(1, quiet), quiet),
        make_card(make_stored(2, unlisted), unlisted),
        make_card(make_stored(3, open_chat), open_chat, sensitive=True),
        make_card(make_stored(4, open_chat), open_chat),
    ]
    visitor = visit(FakeApp(cards=cards, chats=[quiet, unlisted, open_chat]))
    assert addresses(visitor.get("/sitemaps/chats-1.xml")) == ["http://soso.test/c/1500000003"]
    posts = addresses(visitor.get("/sitemaps/posts-1.xml"))
    assert posts == ["http://soso.test/c/1500000003/4"]


def test_without_robots_there_is_none(visit: Any) -> None:
    visitor = visit(make_app(robots=False))
    for path in ("/sitemap.xml", "/sitemaps/posts-1.xml", "/sitemaps/chats-1.xml"):
        assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("name", ["posts-0", "posts-2", "posts-99999999999", "chats-2", "x-1"])
def test_other_lists_are_not_found(name: str, visitor: Any) -> None:
    assert visitor.get(f"/sitemaps/{name}.xml").status_code == 404


def test_lists_hold_every_post_once() -> None:
    app = many(1234)
    lists = PostLists(app, size=500)  # type: ignore[arg-type]
    found = [path for number in (1, 2, 3) for path, _ in lists.get(number)]
    assert len(found) == len(set(found)) == 1234
    with pytest.raises(NotFound):
        lists.get(4)


def test_a_later_list_is_found_without_the_ones_before() -> None:
    app = many(1000)
    one = PostLists(app, size=300)  # type: ignore[arg-type]
    other = PostLists(app, size=300)  # type: ignore[arg-type]
    in_order = [one.get(number) for number in (1, 2, 3, 4)]
    assert other.get(4) == in_order[3]


def test_places_are_remembered_for_an_hour() -> None:
    app, now = many(600), [0.0]
    lists = PostLists(app, size=200, now=lambda: now[0])  # type: ignore[arg-type]
    second = lists.get(2)
    chat = app.chats[0]
    newer = make_stored(9999, chat)
    app.cards.insert(
        0,
        make_card(
            msgspec.structs.replace(
                newer, post=msgspec.structs.replace(newer.post, at=NOW + timedelta(hours=1))
            ),
            chat,
        ),
    )
    assert lists.get(2) == second
    now[0] = 4000.0
    assert lists.get(2) != second


def test_posts_are_read_to_the_end_in_steps() -> None:
    app = many(1201)
    assert len(list(iter_newest(app))) == 1201  # type: ignore[arg-type]


def test_a_list_says_when_a_page_changed() -> None:
    root = ElementTree.fromstring(build_list([("http://x/?a=1&b=<2>", NOW), ("http://y", None)]))
    assert root.findtext(f"{NAMESPACE}url/{NAMESPACE}loc") == "http://x/?a=1&b=<2>"
    assert root.findtext(f"{NAMESPACE}url/{NAMESPACE}lastmod") == "2026-11-23T12:00:00Z"
