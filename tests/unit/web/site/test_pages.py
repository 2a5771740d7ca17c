"""Home, results, lists: what stands on them, without any script, in three languages."""

from typing import TYPE_CHECKING

import msgspec
import pytest

from soso.model.chat import ChatKind
from soso.query.plan_types import Sort
from soso.query.results import FacetValue, Notice, ResultPage, SearchRequest
from tests.unit.web.fakes import EVIL, FakeApp, make_app, make_card, make_chat, make_stored, plain
from tests.unit.web.site.pages import Page, assert_harmless, make_rich_app

if TYPE_CHECKING:
    from tests.unit.web.conftest import Visit, Visitor

LIMIT_BYTES = 50_000


def read(visitor: "Visitor", url: str, status: int = 200, **headers: str) -> Page:
    answer = visitor.get(url, headers={"Accept-Language": "en", **headers})
    assert answer.status_code == status, answer.text[:500]
    return Page(answer.text)


def test_home(visitor: "Visitor") -> None:
    page = read(visitor, "/")
    assert page.text("h1") == "Soso"
    assert page.attribute("form[role=search]", "action") == "/search"
    assert page.attribute("input[type=search]", "name") == "q"
    assert "4 posts" in page.text(".hero-counts")
    assert page.links(".tile-title a") == ["/c/1500000001/1", "/c/1500000002/2", "/c/1500000001/3"]
    assert all(link.startswith("/search?q=") for link in page.links(".hero-hints a")[:-1])
    assert page.attribute("link[rel=canonical]", "href") == "http://soso.test/"


def test_home_of_an_empty_archive_says_what_to_do(visit: "Visit") -> None:
    page = read(visit(FakeApp()), "/")
    assert "soso import" in page.text(".empty")


@pytest.mark.parametrize(
    ("header", "lang", "label"),
    [
        ("zh-CN", "zh-Hans", "搜群组、频道、视频和帖子"),
        ("zh-TW", "zh-Hant", "搜群組、頻道、影片和貼文"),
        ("en", "en", "Search groups, channels, videos and posts"),
    ],
)
def test_the_browser_chooses_the_language(
    visitor: "Visitor", header: str, lang: str, label: str
) -> None:
    answer = visitor.get("/", headers={"Accept-Language": header})
    assert answer.headers["Content-Language"] == lang
    assert "Cookie" in answer.headers["Vary"]
    page = Page(answer.text)
    assert page.attribute("html", "lang") == lang
    assert page.text(".hero-line") == label
    assert page.attribute(".tongues a[aria-current]", "hreflang") == lang


def test_results(visitor: "Visitor") -> None:
    page = read(visitor, "/search?q=%E7%AC%AC")
    assert page.attribute("input[type=search]", "value") == "第"
    assert page.text(".results-total") == "4 results in 1 ms"
    assert page.texts(".tabs a") == ["All 4", "Posts 4"]
    assert page.text(".tabs a[aria-current=page]") == "All 4"
    assert page.texts(".sorts a") == ["Relevance", "Newest", "Oldest", "Most viewed"]
    assert len(page.tree.css(".row")) == 4
    assert page.text(".row mark") == "第"
    assert all(node.attributes["width"] for node in page.tree.css(".row img"))
    assert page.attribute("meta[name=robots]", "content") == "noindex, follow"


def test_links_of_the_results_keep_what_was_asked(visitor: "Visitor", fake: FakeApp) -> None:
    page = read(visitor, "/search?q=%E7%AC%AC&kind=post&sort=newest")
    assert fake.asked[-1] == SearchRequest(text="第", kind="post", sort=Sort.NEWEST)
    assert page.links(".tabs a")[0] == "/search?q=%E7%AC%AC&sort=newest"
    assert page.links(".sorts a")[0] == "/search?q=%E7%AC%AC&kind=post"
    assert page.attribute(".search input[name=kind]", "value") == "post"
    assert page.attribute(".search input[name=sort]", "value") == "newest"


def test_tabs_take_the_place_of_a_typed_kind(visitor: "Visitor") -> None:
    page = read(visitor, "/search?q=%E7%AC%AC+kind:post")
    assert page.text(".tabs a[aria-current=page]").startswith("Posts")
    assert page.links(".tabs a") == ["/search?q=%E7%AC%AC", "/search?q=%E7%AC%AC&kind=post"]


def test_facets_are_links_that_add_a_filter(visit: "Visit") -> None:
    class Faceted(FakeApp):
        def search(self, request: SearchRequest) -> ResultPage:
            facets = {
                "chat": tuple(
                    FacetValue(value=str(key), count=key, chat=make_chat(key, title=EVIL))
                    for key in (1, 2)
                ),
                "lang": (FacetValue(value="ja", count=2), FacetValue(value="en", count=1)),
                "month": (FacetValue(value="2026-12", count=1),),
            }
            return msgspec.structs.replace(super().search(request), facets=facets)

    simple = make_app()
    visitor = visit(Faceted(cards=simple.cards, chats=simple.chats))
    page = read(visitor, "/search?q=%E7%AC%AC+chat:1500000002&kind=post")
    links = page.links(".filter-group a")
    assert links[:2] == [
        "/search?q=%E7%AC%AC+chat%3A1500000001&kind=post",
        "/search?q=%E7%AC%AC&kind=post",
    ]
    assert page.texts(".filter-group h2") == ["Channels and groups", "Language"]
    assert page.texts(".filter-group bdi")[2:] == ["Japanese", "English"]
    assert_harmless(page)
    long = read(visitor, "/search?q=" + "x" * 100)
    assert not long.has(".filter-group")


def test_paging_and_notices(visit: "Visit") -> None:
    class Paged(FakeApp):
        def search(self, request: SearchRequest) -> ResultPage:
            return msgspec.structs.replace(
                super().search(request), page=2, next_page="t.2", previous_page="t.0"
            )

    app = Paged(cards=make_app().cards, notices=(Notice(code="bad_date", args={"text": EVIL}),))
    page = read(visit(app), "/search?q=%E7%AC%AC&page=t.1")
    assert app.asked[-1].page == "t.1"
    assert page.links(".paging a") == [
        "/search?q=%E7%AC%AC&page=t.0",
        "/search?q=%E7%AC%AC&page=t.2",
    ]
    assert "Page 2" in page.text(".paging")
    assert "is not a date" in page.text(".notices li")
    assert_harmless(page)


def test_a_notice_that_offers_a_query_is_a_link(visit: "Visit") -> None:
    notice = Notice(code="no_phrase", args={"query": f"第 篇 {EVIL}"})
    page = read(visit(FakeApp(cards=make_app().cards, notices=(notice,))), "/search?q=x&kind=post")
    assert page.links(".notices a")[0].startswith("/search?q=%E7%AC%AC+%E7%AF%87")
    assert page.links(".notices a")[0].endswith("&kind=post")
    assert "Without quotation marks: 第 篇" in page.text(".notices li")
    assert_harmless(page)


def test_nothing_found_helps(visitor: "Visitor") -> None:
    page = read(visitor, "/search?q=nothing+lang:en&kind=video")
    assert "Nothing found" in page.text(".empty h2")
    assert page.links(".tries a") == [
        "/search?q=nothing+lang%3Aen",
        "/search?q=nothing&kind=video",
    ]
    assert len(page.tree.css(".hints dt")) > 8


def test_an_empty_question_shows_what_can_be_asked(visitor: "Visitor", fake: FakeApp) -> None:
    fake.cards.clear()
    page = read(visitor, "/search")
    assert page.has(".hints")
    assert page.text(".empty h2") == "What are you looking for?"


@pytest.mark.parametrize(
    "query",
    [
        "q=%00%ff%fe",
        "q=" + "x" * 5000,
        "q=a&kind=no&sort=no&page=" + "9" * 300,
        "q=%3Cscript%3Ealert(1)%3C/script%3E",
        "kind=video",
        "q=a&q=b&lang=&lang=en",
        "q=%22%20onfocus%3D%22alert(1)",
    ],
)
def test_odd_questions_are_answered(visitor: "Visitor", query: str) -> None:
    assert_harmless(read(visitor, f"/search?{query}"))


def test_the_search_inside_a_chat_becomes_a_filter(visitor: "Visitor") -> None:
    answer = visitor.get("/search?q=%E5%81%9C%E6%B0%B4&in=1500000001")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/search?q=%E5%81%9C%E6%B0%B4+chat%3A1500000001"
    assert visitor.get("/search?q=a&in=%22+kind:bot").status_code == 200


def test_chats(visitor: "Visitor") -> None:
    page = read(visitor, "/chats")
    assert page.links(".chat-item") == ["/c/1500000001", "/c/1500000002"]
    assert read(visitor, "/chats?kind=group").has(".empty")
    assert "秘密" not in page.html


def test_a_sensitive_chat_is_in_the_list_of_those_who_asked(visit: "Visit") -> None:
    visitor = visit(FakeApp(chats=[make_chat(1), make_chat(2, sensitive=True)]))
    assert read(visitor, "/chats").links(".chat-item") == ["/c/1500000001"]
    visitor.get("/sensitive?on=1")
    assert len(read(visitor, "/chats").links(".chat-item")) == 2


def test_chats_have_pages(visit: "Visit") -> None:
    app = FakeApp(chats=[make_chat(key, kind=ChatKind.GROUP) for key in range(1, 131)])
    visitor = visit(app)
    first = read(visitor, "/chats?kind=group&order=members")
    assert len(first.tree.css(".chat-item")) == 60
    assert first.links(".paging a") == ["/chats?kind=group&order=members&page=2"]
    last = read(visitor, "/chats?page=3")
    assert len(last.tree.css(".chat-item")) == 10
    assert last.links(".paging a") == ["/chats?page=2"]
    assert len(read(visitor, "/chats?page=-1&order=evil").tree.css(".chat-item")) == 60


def test_about(visitor: "Visitor") -> None:
    page = read(visitor, "/about")
    assert page.has("#grammar .hints")
    assert "/report" in page.links()


@pytest.mark.parametrize("url", ["/", "/search?q=%E7%AC%AC", "/chats", "/about", "/c/1500000009"])
@pytest.mark.parametrize("lang", ["zh-CN", "zh-TW", "en"])
def test_pages_are_small_and_harmless_whatever_is_in_them(
    visit: "Visit", url: str, lang: str
) -> None:
    page = visit(make_rich_app(bot_username="soso_bot")).get(url, headers={"Accept-Language": lang})
    assert page.status_code == 200
    assert len(page.content) < LIMIT_BYTES
    assert_harmless(Page(page.text))


def test_a_full_page_of_long_results_is_small(visit: "Visit") -> None:
    chat = make_chat(1, title="一个名字相当长的频道" * 3)
    cards = [
        make_card(
            make_stored(number, chat, views=1_234_567),
            chat,
            kinds=("post", "video", "photo", "file"),
            title=plain("停水" * 30),
            snippet=plain("停" * 120),
        )
        for number in range(1, 21)
    ]
    answer = visit(FakeApp(cards=cards, chats=[chat])).get("/search?q=" + "%E5%81%9C" * 40)
    assert len(answer.text.split('class="row"')) == 21
    assert len(answer.content) < LIMIT_BYTES


@pytest.mark.parametrize(
    ("url", "status"), [("/nothing/here", 404), ("/c/nobody", 404), ("/c/1500000003", 404)]
)
def test_what_is_not_there_helps_onward(visitor: "Visitor", url: str, status: int) -> None:
    page = read(visitor, url, status)
    assert page.has("form[role=search]")
    assert "/" in page.links(".wrong-ways a")
    assert page.attribute("meta[name=robots]", "content") == "noindex, follow"


def test_an_error_of_ours_is_told_without_details(visit: "Visit") -> None:
    app = make_app()
    app.fails = RuntimeError("secret detail")
    page = read(visit(app), "/search?q=a", 500)
    assert "secret" not in page.html
    assert page.has("form[role=search]")


def test_popular_queries_stand_on_the_first_page_if_there_are_any(visit: "Visit") -> None:
    app = make_app()
    assert "Often asked" not in read(visit(app), "/").html
    app.popular = ("台风 路径", f"<b>{EVIL}")
    page = read(visit(app), "/")
    assert (
        page.links("[aria-label='Often asked'] a")[0]
        == "/search?q=%E5%8F%B0%E9%A3%8E+%E8%B7%AF%E5%BE%84"
    )
    assert_harmless(page)


def test_the_search_box_can_be_suggested_to(visitor: "Visitor") -> None:
    page = read(visitor, "/search?q=a")
    assert page.attribute("header input[type=search]", "data-suggest") == "safe"
    assert page.attribute("body", "data-kind-channel") == "Channel"
    visitor.get("/sensitive?on=1")
    assert read(visitor, "/").attribute("input[type=search]", "data-suggest") == "all"


def test_a_search_is_counted_and_its_pages_and_tabs_are_not(
    visitor: "Visitor", fake: FakeApp
) -> None:
    came = {"Referer": "http://soso.test/search?q=%E7%AC%AC"}
    visitor.get("/search?q=%E7%AC%AC")
    visitor.get("/search?q=%E7%AC%AC&kind=video", headers=came)
    visitor.get("/search?q=%E7%AC%AC&sort=newest", headers=came)
    visitor.get("/search?q=%E7%AC%AC&page=r.x", headers=came)
    visitor.get("/search.atom?q=%E7%AC%AC")
    visitor.request("HEAD", "/search?q=%E7%AC%AC")
    visitor.get("/healthz")
    assert fake.done == [("asked", "第", 4)]


def test_opening_a_result_is_counted_without_a_mark_on_the_link(
    visitor: "Visitor", fake: FakeApp
) -> None:
    links = read(visitor, "/search?q=%E7%AC%AC").links(".row-title a")
    assert all("?" not in link for link in links)
    came = {"Referer": "http://soso.test/search?q=%E7%AC%AC"}
    fake.done.clear()
    read(visitor, links[0], **came)
    read(visitor, "/c/1500000001", **came)
    read(visitor, links[0])
    read(visitor, links[1], Referer=f"http://soso.test{links[0]}")
    assert visitor.get("/c/channel1/1", headers=came).status_code in (301, 302)
    assert fake.done == [("opened", "第"), ("opened", "第")]
