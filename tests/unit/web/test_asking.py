import pytest
from starlette.requests import Request

from soso.web.asking import find_opened, is_question

BASE = "https://soso.example.org"


def request(query: str = "", *, head: bool = False, **headers: str) -> Request:
    raw = [(b"host", b"127.0.0.1:8080")]
    raw += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "server": ("127.0.0.1", 8080),
        "path": "/search",
        "query_string": query.encode(),
        "headers": raw,
        "state": {"head": head},
    }
    return Request(scope)


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        (request("q=a"), "a", True),
        (request("q=a&kind=video"), "a", True),
        (request("q=a&page=r.x"), "a", False),
        (request("q=b&kind=video", referer=f"{BASE}/search?q=a"), "b", True),
        (request("q=a&kind=video", referer=f"{BASE}/search?q=a"), "a", False),
        (request("q=a&sort=newest", referer="http://127.0.0.1:8080/search?q=a"), "a", False),
        (request("q=a", referer=f"{BASE}/search?q=a+kind:bot"), "a lang:zh", False),
        (request("q=a", referer="https://elsewhere.example/search?q=a"), "a", True),
        (request("q=a", referer=f"{BASE}/"), "a", True),
        (request("q=a", referer="http://[/search?q=a"), "a", True),
        (request("q=a", referer=f"{BASE}/search?" + "x=1&" * 100), "a", True),
        (request("q=a", user_agent="Mozilla/5.0 (compatible; Googlebot/2.1)"), "a", False),
        (request("q=a", user_agent="TelegramBot (like TwitterBot)"), "a", False),
        (request("q=a", user_agent="Baiduspider"), "a", False),
        (request("q=a", user_agent="Mozilla/5.0 (Linux; Cubot X9) Chrome/120"), "a", True),
        (request("q=a", user_agent="curl/8.5"), "a", True),
        (request("q=a", sec_purpose="prefetch;prerender"), "a", False),
        (request("q=a", purpose="prefetch"), "a", False),
        (request("q=a", head=True), "a", False),
    ],
)
def test_what_is_a_question(asked: Request, text: str, expected: bool) -> None:
    assert is_question(asked, text, base=BASE) is expected


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        (request(), None),
        (request(referer=f"{BASE}/search?q=%E5%8F%B0%E9%A3%8E&kind=video"), "台风"),
        (request(referer="http://127.0.0.1:8080/search?q=a&page=x"), "a"),
        (request(referer=f"{BASE}/search?kind=video"), None),
        (request(referer=f"{BASE}/c/1500000001/5"), None),
        (request(referer="https://elsewhere.example/search?q=a"), None),
        (request(referer=f"{BASE}/search?q=a", user_agent="bingbot/2.0"), None),
        (request(referer=f"{BASE}/search?q=%FF%00"), "\ufffd\0"),
    ],
)
def test_which_question_an_opened_result_answers(asked: Request, question: str | None) -> None:
    assert find_opened(asked, base=BASE) == question
