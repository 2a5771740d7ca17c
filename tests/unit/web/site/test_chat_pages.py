"""The pages of chats and posts: what stands on them, where they redirect, what they keep back."""

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from soso.model.chat import Username, Visibility
from soso.query.results import PostPage
from tests.unit.web.fakes import (
    NOW,
    FakeApp,
    make_app,
    make_card,
    make_chat,
    make_picture,
    make_stored,
    plain,
)
from tests.unit.web.site.pages import Page, assert_harmless, make_rich_app

if TYPE_CHECKING:
    from tests.unit.web.conftest import Visit, Visitor

RICH = "/c/1500000009/7"


def read(visitor: "Visitor", url: str, status: int = 200) -> Page:
    answer = visitor.get(url, headers={"Accept-Language": "en"})
    assert answer.status_code == status, answer.text[:500]
    return Page(answer.text)


def one_post(post: dict[str, Any], card: dict[str, Any] | None = None, **chat: Any) -> FakeApp:
    """Return an archive of one post, 1500000001/5."""
    where = make_chat(1, **chat)
    stored = make_stored(5, where, **post)
    return FakeApp(cards=[make_card(stored, where, **(card or {}))], chats=[where])


def test_a_post(visitor: "Visitor") -> None:
    page = read(visitor, "/c/1500000001/1")
    assert page.text("h1") == "第1篇 #天气 第二行"
    assert page.attribute(".post-meta time", "datetime") == "2026-11-23T20:00:00+08:00"
    assert page.text(".post-meta time") == "Nov 23, 2026 20:00"
    assert page.links(".prose a") == ["/search?q=%23%E5%A4%A9%E6%B0%94"]
    assert page.links(".post-chat a.chat") == ["/c/1500000001"]
    assert "https://t.me/channel1/1" in page.links(".post-foot a")
    assert "/report?chat=1500000001&id=1" in page.links(".post-foot a")
    assert page.attribute("link[rel=canonical]", "href") == "http://soso.test/c/1500000001/1"
    assert {node.attributes["hreflang"] for node in page.tree.css("link[hreflang]")} == {
        *("zh-Hans", "zh-Hant", "en", "x-default"),
    }
    assert page.attribute("meta[property='og:title']", "content") == "第1篇 #天气 第二行"
    assert page.json_ld()["url"] == "http://soso.test/c/1500000001/1"
    assert not page.has("meta[name=robots]")
    assert not page.has(".invite a.button")  # no bot is configured


def test_a_line_that_the_title_shows_is_not_repeated(visit: "Visit") -> None:
    page = read(
        visit(one_post({"text": "标题\n正文"}, {"title": plain("标题")})), "/c/1500000001/5"
    )
    assert page.text("h1") == "标题"
    assert page.text(".prose") == "正文"


def test_everything_on_a_post(visit: "Visit") -> None:
    page = read(visit(make_rich_app(bot_username="soso_bot")), RICH)
    assert_harmless(page)
    assert page.has(".edited time")
    assert page.has(".shots .shot[data-full='800x600']")
    assert len(page.tree.css(".file")) == 4
    assert page.links(".file")[0] == "https://t.me/channel9/74?single"
    assert len(page.tree.css(".poll-bar")) == 10
    assert page.links("p.context a") == ["/c/1500000001/1"]
    assert page.links(".reply a") == ["/c/1500000009/8"]
    assert page.links(".preview") == ["https://example.org/"]
    assert page.links(".buttons a") == ["https://example.org/"]
    assert len(page.tree.css(".reactions li")) == 24
    assert len(page.tree.css(".revisions li")) == 3
    assert page.links(".revisions > p a") == [f"{RICH}/history"]
    assert page.links(".neighbours a") == ["/c/1500000001/1", "/c/1500000009/8"]
    assert len(page.tree.css(".related .tile")) == 8
    assert page.attribute(".invite form", "action") == "/search"
    assert page.links(".invite a.button") == ["https://t.me/soso_bot?start=p_1500000009_7"]
    assert page.attribute("meta[property='og:image']", "content").startswith("http://soso.test/b/")


def test_a_post_with_everything_is_small(visit: "Visit") -> None:
    answer = visit(make_rich_app(bot_username="soso_bot")).get(RICH)
    assert len(answer.content) < 50_000


def test_a_post_without_anything_still_has_a_name(visit: "Visit") -> None:
    page = read(visit(make_rich_app()), "/c/1500000009/8")
    assert page.text("h1") == "Untitled"
    assert not page.has(".prose")


def test_a_post_that_is_all_title_has_nothing_under_it(visit: "Visit") -> None:
    page = read(visit(one_post({"text": "小雨"}, {"title": plain("小雨")})), "/c/1500000001/5")
    assert page.text("h1") == "小雨"
    assert not page.has(".prose")


def test_earlier_wordings_have_a_page(visit: "Visit") -> None:
    page = read(visit(make_rich_app()), f"{RICH}/history")
    assert len(page.tree.css(".history li")) == 6
    assert RICH in page.links(".post-meta a")
    assert_harmless(page)


@pytest.mark.parametrize(
    ("asked", "leads_to", "status"),
    [
        ("/c/channel1/1", "/c/1500000001/1", 302),
        ("/c/@channel1/1?lang=en", "/c/1500000001/1?lang=en", 302),
        ("/c/1500000001/001", "/c/1500000001/1", 301),
        ("/c/channel1", "/c/1500000001", 302),
        ("/c/channel1?kind=video", "/c/1500000001?kind=video", 302),
        ("/c/channel1/1/history", "/c/1500000001/1/history", 302),
    ],
)
def test_a_page_has_one_address(visitor: "Visitor", asked: str, leads_to: str, status: int) -> None:
    answer = visitor.get(asked)
    assert (answer.status_code, answer.headers["location"]) == (status, leads_to)


def test_an_item_of_an_album_leads_to_the_album(visit: "Visit") -> None:
    class Albums(FakeApp):
        def get_post_page(
            self, ref: str, post_id: int, *, sensitive: bool = False, related: int = 8
        ) -> PostPage:
            return super().get_post_page(ref, 5)

    simple = one_post({"album": (5, 6)})
    visitor = visit(Albums(cards=simple.cards, chats=simple.chats))
    answer = visitor.get("/c/1500000001/6")
    assert (answer.status_code, answer.headers["location"]) == (301, "/c/1500000001/5")


@pytest.mark.parametrize("number", ["x", "1.5", "0x1", "١", "9" * 40, "--1", "-", "1%2F2", "%00"])
def test_what_is_no_number_is_not_there(visitor: "Visitor", number: str) -> None:
    assert visitor.get(f"/c/1500000001/{number}").status_code == 404


def test_numbers_from_before_a_group_s_upgrade(visit: "Visit") -> None:
    app = one_post({"id": -999_999_995})
    page = read(visit(app), "/c/1500000001/-999999995")
    assert not page.has(".post-foot .button")  # Telegram has no address for it


def test_a_deleted_post_is_gone(visit: "Visit") -> None:
    app = make_app()
    card = app.cards[0]
    assert card.stored is not None
    app.cards[0] = msgspec.structs.replace(
        card, stored=msgspec.structs.replace(card.stored, hidden=True)
    )
    page = read(visit(app), "/c/1500000001/1", 410)
    assert page.has("form[role=search]")
    assert "第1篇" not in page.html


SECRET: dict[str, Any] = {
    "post": {"text": "秘密正文", "author": "秘密作者", "media": ()},
    "card": {
        "sensitive": True,
        "title": plain("秘密标题"),
        "snippet": plain("秘密正文"),
        "cover": make_picture(),
    },
}


def test_a_sensitive_post_is_veiled_until_the_reader_asks(visit: "Visit") -> None:
    visitor = visit(one_post(SECRET["post"], SECRET["card"]))
    page = read(visitor, "/c/1500000001/5")
    assert "秘密" not in page.html
    assert "/b/" not in page.html
    assert page.has(".veil")
    assert not page.has("script[type='application/ld+json']")
    assert page.attribute("meta[name=robots]", "content") == "noindex, follow"
    assert read(visitor, "/c/1500000001/5/history", 303).html == ""
    answer = visitor.get(page.attribute(".veil a", "href"))
    assert answer.headers["location"] == "/c/1500000001/5"
    shown = read(visitor, "/c/1500000001/5")
    assert "秘密正文" in shown.text(".prose")
    assert shown.has("meta[name=robots]")


def test_a_sensitive_chat_is_veiled(visit: "Visit") -> None:
    visitor = visit(
        one_post(
            {}, {"sensitive": True}, sensitive=True, description="秘密介绍", picture=make_picture()
        )
    )
    page = read(visitor, "/c/1500000001")
    assert page.has(".veil")
    assert "秘密" not in page.html
    assert "/b/" not in page.html + read(visitor, "/c/1500000001/5").html
    assert not page.has(".row")
    visitor.get("/sensitive?on=1")
    assert "秘密介绍" in read(visitor, "/c/1500000001").text(".chat-about")


@pytest.mark.parametrize(
    "chat", [{"no_index": True}, {"visibility": Visibility.UNLISTED}, {"sensitive": True}]
)
def test_what_others_shall_not_list_says_so(visit: "Visit", chat: dict[str, Any]) -> None:
    visitor = visit(one_post({}, {"sensitive": "sensitive" in chat}, **chat))
    for url in ("/c/1500000001", "/c/1500000001/5"):
        assert read(visitor, url).has("meta[name=robots]")


def test_an_unlisted_chat_has_no_feed_and_no_search(visit: "Visit") -> None:
    page = read(visit(one_post({}, visibility=Visibility.UNLISTED)), "/c/1500000001")
    assert not [link for link in page.links() if "feed" in link]
    assert not page.has("link[type='application/atom+xml']")
    assert not page.has(".search-inside")


def test_a_chat(visit: "Visit") -> None:
    names = tuple(
        Username(name=name, first_seen_at=NOW, last_seen_at=NOW) for name in ("Channel1", "before")
    )
    app = one_post(
        {},
        title="云汐日常",
        description="投稿 @bot_name https://example.org",
        usernames=names,
        members=48_216,
        verified=True,
    )
    page = read(visit(app), "/c/1500000001")
    assert page.text("h1 bdi") == "云汐日常"
    assert "48K subscribers" in page.text(".chat-head .row-meta")
    assert page.links(".chat-about a") == ["https://t.me/bot_name", "https://example.org"]
    assert page.texts(".former li")[0].startswith("@before")
    assert len(page.tree.css(".former li")) == 1
    assert page.links(".row-title a") == ["/c/1500000001/5"]
    assert page.attribute(".search-inside input[name=in]", "value") == "1500000001"
    assert page.texts(".tabs a") == ["All", "Videos", "Pictures", "Audio", "Files"]
    assert "/c/1500000001/feed.atom" in page.links(".chat-links a")
    assert "/report?chat=1500000001" in page.links(".foot a")
    assert page.has(".verified")


def test_pages_of_a_chat(visit: "Visit") -> None:
    chat = make_chat(1)
    cards = [make_card(make_stored(number, chat), chat) for number in range(1, 31)]
    visitor = visit(FakeApp(cards=cards, chats=[chat]))
    assert read(visitor, "/c/1500000001").links(".paging a") == ["/c/1500000001?page=token"]
    second = read(visitor, "/c/1500000001?page=token&kind=video")
    assert second.links(".paging a") == [
        "/c/1500000001?kind=video",
        "/c/1500000001?kind=video&page=token",
    ]
    assert second.has("meta[name=robots]")


def test_an_uncertain_time_is_marked(visit: "Visit") -> None:
    page = read(visit(one_post({"at_certain": False})), "/c/1500000001/5")
    assert page.text(".post-meta .badge") == "Time uncertain"


def test_the_languages_of_an_address(visitor: "Visitor") -> None:
    assert read(visitor, "/c/1500000001/1?lang=zh-Hant").attribute("html", "lang") == "zh-Hant"
    page = read(visitor, "/c/1500000001/1?lang=zh-Hant")
    assert page.attribute("link[rel=canonical]", "href") == "http://soso.test/c/1500000001/1"
    assert "/lang?to=en&next=%2Fc%2F1500000001%2F1" in page.links(".tongues a")
