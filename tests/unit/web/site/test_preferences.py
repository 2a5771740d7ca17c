"""The switches: language, theme, sensitive content; each is a cookie and a way back."""

from typing import TYPE_CHECKING

import pytest
from starlette.requests import Request

from soso.i18n.language import Language
from soso.web.site.preferences import Preferences, read_preferences
from tests.unit.web.site.pages import Page

if TYPE_CHECKING:
    from tests.unit.web.conftest import Visitor


def make_request(query: str = "", cookie: str = "", accepted: str = "") -> Request:
    headers = [(b"cookie", cookie.encode()), (b"accept-language", accepted.encode())]
    return Request(
        {"type": "http", "query_string": query.encode(), "headers": headers, "path": "/"}
    )


def test_what_a_reader_has_chosen() -> None:
    assert read_preferences(make_request()) == Preferences(language=Language.SIMPLIFIED)
    assert read_preferences(
        make_request("lang=en", "lang=zh-Hant; theme=dark; sensitive=1", "zh-CN")
    ) == Preferences(language=Language.ENGLISH, theme="dark", sensitive=True)
    assert read_preferences(
        make_request("", 'lang=zh-Hant; theme="><x; sensitive=yes', "en")
    ) == Preferences(language=Language.TRADITIONAL)


def test_a_language_is_kept(visitor: "Visitor") -> None:
    answer = visitor.get("/lang?to=zh-Hant&next=/about")
    assert (answer.status_code, answer.headers["location"]) == (303, "/about")
    assert "samesite=lax" in answer.headers["set-cookie"].lower()
    assert answer.headers["cache-control"] == "no-store"
    page = Page(visitor.get("/about", headers={"Accept-Language": "en"}).text)
    assert page.attribute("html", "lang") == "zh-Hant"
    visitor.get("/lang?to=nonsense")
    page = Page(visitor.get("/about", headers={"Accept-Language": "en"}).text)
    assert page.attribute("html", "lang") == "en"


def test_a_theme_is_kept_until_the_device_decides_again(visitor: "Visitor") -> None:
    assert not Page(visitor.get("/about").text).attribute("html", "data-theme")
    visitor.get("/theme?to=dark&next=/")
    page = Page(visitor.get("/about").text)
    assert page.attribute("html", "data-theme") == "dark"
    assert page.attribute(".themes a[aria-current]", "data-theme-to") == "dark"
    visitor.get("/theme?to=auto")
    assert not Page(visitor.get("/about").text).attribute("html", "data-theme")


def test_sensitive_content_is_switched_on_and_off(visitor: "Visitor") -> None:
    visitor.get("/sensitive?on=1")
    assert "Hide sensitive" in visitor.get("/about?lang=en").text
    visitor.get("/sensitive?on=0")
    assert "Show sensitive" in visitor.get("/about?lang=en").text


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "about",
        "/a\r\nSet-Cookie: x=1",
        "",
    ],
)
def test_a_switch_never_leads_to_another_site(visitor: "Visitor", onward: str) -> None:
    answer = visitor.get("/lang", params={"to": "en", "next": onward})
    assert answer.headers["location"] == "/"
    assert "x=1" not in answer.headers["set-cookie"]


def test_without_a_way_back_the_page_before_is_it(visitor: "Visitor") -> None:
    here = {"Referer": "http://soso.test/search?q=%E5%AD%97"}
    assert visitor.get("/theme?to=dark", headers=here).headers["location"] == (
        "/search?q=%E5%AD%97"
    )
    elsewhere = {"Referer": "http://evil.example/search"}
    assert visitor.get("/theme?to=dark", headers=elsewhere).headers["location"] == "/"
