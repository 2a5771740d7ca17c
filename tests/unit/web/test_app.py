from typing import Any

import pytest

from tests.unit.web.fakes import BLOB, EVIL, FakeApp, make_card, make_chat, make_stored, plain

EVERY_GET = [
    *("/", "/search?q=第", "/c/1500000001", "/c/1500000001/1", "/chats", "/about", "/report"),
    *("/healthz", "/metrics", "/robots.txt", "/opensearch.xml", "/sitemap.xml", "/admin/login"),
    *("/sitemaps/posts-1.xml", "/c/1500000001/feed.atom", "/c/1500000001/feed.json"),
    *("/search.atom?q=第", "/search.json?q=第", "/api/v1/search?q=第", "/api/docs"),
    *("/api/openapi.json", f"/b/{BLOB}", "/static/site.css", "/cover/1500000001.svg"),
]


@pytest.mark.parametrize("path", EVERY_GET)
def test_every_door_opens_and_head_tells_the_same(path: str, visitor: Any) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200
    head = visitor.request("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "cache-control", "content-security-policy"):
        assert head.headers[name] == answer.headers[name]


@pytest.mark.parametrize("path", ["/search?q=第", "/c/1500000001/1", "/api/v1/chats", "/chats"])
def test_pages_are_asked_after_and_not_sent_twice(path: str, visitor: Any) -> None:
    answer = visitor.get(path)
    assert answer.headers["cache-control"] == "no-cache"
    again = visitor.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_pages_depend_on_the_reader(visitor: Any) -> None:
    vary = visitor.get("/").headers["vary"].lower()
    assert "cookie" in vary
    assert "accept-language" in vary
    chinese = visitor.get("/", headers={"Accept-Language": "zh-CN"}).headers["etag"]
    english = visitor.get("/", headers={"Accept-Language": "en"}).headers["etag"]
    assert chinese != english


def test_a_page_is_small_on_the_way(visitor: Any) -> None:
    answer = visitor.get("/search?q=第", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert int(answer.headers["content-length"]) < len(answer.content)


def test_hostile_text_is_text_on_every_page(visit: Any) -> None:
    chat = make_chat(1, title=EVIL, description=EVIL)
    stored = make_stored(1, chat, text=EVIL, author=EVIL)
    card = make_card(stored, chat, title=plain(EVIL), snippet=plain(EVIL))
    visitor = visit(FakeApp(cards=[card], chats=[chat]))
    for path in ("/", "/c/1500000001", "/c/1500000001/1", "/chats"):
        assert "<script>alert" not in visitor.get(path).text, path
    assert "<script>alert" not in visitor.get("/search", params={"q": EVIL}).text


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2f..%2fapp.py",
        "/static/%2e%2e/%2e%2e/app.py",
        "/b/..%2f..%2f..%2fetc%2fpasswd",
        "/c/..%2f..%2fetc/1",
        "/cover/..%2f..%2fetc%2fpasswd",
        "/%00",
        "/c/%00/1",
        "/c/%ff%fe",
        "/sitemaps/..%2f..%2fx.xml",
    ],
)
def test_path_tricks_lead_nowhere(path: str, visitor: Any) -> None:
    answer = visitor.get(path)
    assert answer.status_code in (400, 404)
    assert "root:" not in answer.text
    assert "FastAPI" not in answer.text
