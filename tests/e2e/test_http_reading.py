"""What programs and readers get over HTTP from a real archive."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from soso.web.api.payloads import ChatAnswer, ChatPosts, PostAnswer, RelatedAnswer, SearchAnswer
from tests.e2e.http_archive import CLUB, TRAFFIC, WEATHER, make_visitor, open_archive

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with open_archive(tmp_path_factory.mktemp("reading")) as app:
        visitor = make_visitor(app)
        yield visitor
        visitor.close()


def search(visitor: Any, q: str, **asked: Any) -> SearchAnswer:
    answer = visitor.get("/api/v1/search", params={"q": q, **asked})
    assert answer.status_code == 200, answer.text
    return SearchAnswer.model_validate(answer.json())


def test_a_word_finds_its_posts_with_highlights(visitor: Any) -> None:
    found = search(visitor, "台风", kind="post")
    assert found.total == 2
    assert {hit.chat for hit in found.hits} == {WEATHER, TRAFFIC}
    for hit in found.hits:
        marked = [(hit.title, span) for span in hit.title_highlights]
        marked += [(hit.snippet, span) for span in hit.highlights]
        assert marked
        for text, (start, end) in marked:
            assert text[start:end] in "台风"


def test_what_a_hit_says_leads_on(visitor: Any) -> None:
    hit = search(visitor, "高铁").hits[0]
    assert (hit.chat, hit.id) == (TRAFFIC, 1)
    post = PostAnswer.model_validate(visitor.get(f"/api/v1/posts/{hit.chat}/{hit.id}").json())
    assert post.text.startswith("受台风影响")
    related = visitor.get(f"/api/v1/posts/{hit.chat}/{hit.id}/related")
    first = RelatedAnswer.model_validate(related.json()).related[0]
    assert (first.chat, first.id) == (WEATHER, 1)
    chat = ChatAnswer.model_validate(visitor.get(f"/api/v1/chats/{hit.chat}").json())
    assert (chat.title, chat.posts) == ("出行通", 3)
    posts = ChatPosts.model_validate(visitor.get(f"/api/v1/chats/{hit.chat}/posts?limit=2").json())
    assert [one.id for one in posts.posts] == [3, 2]
    rest = visitor.get(f"/api/v1/chats/{hit.chat}/posts?limit=2&page={posts.next}").json()
    assert [one["id"] for one in rest["posts"]] == [1]
    assert visitor.get(hit.url).status_code == 200


def test_pages_of_an_answer_hold_everything_once(visitor: Any) -> None:
    seen: list[tuple[str, int | None]] = []
    page: str | None = None
    while True:
        found = search(visitor, "", sort="newest", limit=2, **({"page": page} if page else {}))
        seen += [(hit.chat, hit.id) for hit in found.hits if hit.id is not None]
        page = found.next
        if page is None:
            break
    assert len(seen) == len(set(seen)) == 7


def test_what_is_private_is_behind_no_door(visitor: Any) -> None:
    for path in (
        *(f"/c/{CLUB}", f"/c/{CLUB}/1", f"/c/{CLUB}/feed.atom", f"/c/{CLUB}/feed.json"),
        *(f"/api/v1/chats/{CLUB}", f"/api/v1/chats/{CLUB}/posts", f"/api/v1/posts/{CLUB}/1"),
        f"/api/v1/posts/{CLUB}/1/related",
    ):
        assert visitor.get(path).status_code == 404, path
    for path in ("/", "/chats", "/sitemaps/posts-1.xml", "/sitemaps/chats-1.xml", "/api/v1/chats"):
        answer = visitor.get(path)
        assert CLUB not in answer.text, path
        assert "摄影俱乐部" not in answer.text, path
    assert search(visitor, "内部通知").total == 0
    assert search(visitor, f"chat:{CLUB}").total == 0


def test_feeds_and_sitemap_lead_to_pages(visitor: Any) -> None:
    links: list[str] = []
    for path in (f"/c/{WEATHER}/feed.atom", "/search.atom?q=台风"):
        root = ElementTree.fromstring(visitor.get(path).content)
        for entry in root.findall(f"{ATOM}entry"):
            links += [one.get("href") or "" for one in entry.findall(f"{ATOM}link")]
            assert "<script>" not in (entry.findtext(f"{ATOM}content") or "")
    assert len(links) == 6
    for path in ("/sitemaps/chats-1.xml", "/sitemaps/posts-1.xml"):
        root = ElementTree.fromstring(visitor.get(path).content)
        links += [one.text or "" for one in root.iter(f"{SITEMAP}loc")]
    assert len(links) == 6 + 2 + 7
    for link in links:
        assert visitor.get(link).status_code == 200, link


ODD = [
    *("", " ", '"', '""', "((((", "))))", "-", "- -", "OR OR OR", "kind:", "chat:@nobody 雨"),
    *("after:99999-99", "views:>x", "#", "\x00", "\ufffe", "a" * 8_000, "雨 " * 2_000),
    *("💩", "<script>", "'; DROP TABLE posts; --", "*", "?", "[a TO b]", "雨^9", "~", "\\"),
    *("chat:9999999999999999999", "from:u9223372036854775808", "after:1d " * 50),
]


@pytest.mark.parametrize("q", ODD, ids=range(len(ODD)))
def test_odd_queries_are_answered_by_every_door(q: str, visitor: Any) -> None:
    for path in ("/search", "/api/v1/search", "/search.atom", "/search.json"):
        assert visitor.get(path, params={"q": q}).status_code in (200, 414), path


@pytest.mark.parametrize("page", ["x", "999", "1.2.3", "-1", "9" * 400, "\x00", "é"])
def test_odd_page_tokens_are_a_page(page: str, visitor: Any) -> None:
    for path in ("/search", "/api/v1/search"):
        assert visitor.get(path, params={"q": "雨", "page": page}).status_code == 200
    for path in (f"/c/{WEATHER}", f"/api/v1/chats/{WEATHER}/posts"):
        assert visitor.get(path, params={"page": page}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/c/9999999999999999999", "/c/x9999999999999999999", "/c/g9999999999999999999/1"),
        *("/c/1500000001/999999999999999999", "/c/1500000001/-999999999999999999"),
        *("/c/1500000001/0", "/c/@", "/c/%00", "/c/../1", "/c/nobody/1", "/c/1500000001/1.0"),
        *("/api/v1/chats/9999999999999999999", "/api/v1/posts/1500000001/9007199254740992"),
        *("/b/" + "0" * 64, "/c/9999999999999999999/feed.atom"),
    ],
)
def test_what_is_not_there_is_not_found(path: str, visitor: Any) -> None:
    assert visitor.get(path).status_code == 404


def test_health_and_measurements_are_of_this_archive(visitor: Any) -> None:
    health = visitor.get("/healthz").json()
    assert health["ok"]
    assert health["lag"] == 0
    assert "soso_posts 8.0" in visitor.get("/metrics").text  # the private one is kept too


@pytest.mark.parametrize(
    ("lang", "heading", "reason"),
    [
        ("zh-Hans", "相关推荐", "都提到 "),
        ("zh-Hant", "相關推薦", "都提到 "),
        ("en", "Related posts", "Both mention "),
    ],
)
def test_related_posts_say_why(visitor: Any, lang: str, heading: str, reason: str) -> None:
    page = visitor.get(f"/c/{TRAFFIC}/1?lang={lang}").text
    related = page[page.index(heading) :]
    said = related[related.index('class="tile-reasons"') :]
    said = said[: said.index("</p>")]
    assert reason in said
    assert "台风" in said
    hit = visitor.get(f"/api/v1/posts/{TRAFFIC}/1/related").json()["related"][0]
    assert hit["reasons"][0]["code"] == "words"
    assert "台风" in hit["reasons"][0]["named"]


def test_related_chats_are_asked_for_and_private_ones_have_none(visitor: Any) -> None:
    answer = visitor.get(f"/api/v1/chats/{TRAFFIC}/related")
    found = RelatedAnswer.model_validate(answer.json()).related
    assert all(hit.id is None and hit.reasons for hit in found)
    assert CLUB not in [hit.chat for hit in found]
    assert visitor.get(f"/api/v1/chats/{CLUB}/related").status_code == 404
