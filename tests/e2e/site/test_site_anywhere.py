"""The site without scripts, on a phone, in the dark."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site.conftest import DESKTOP, PHONE, Windows

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/search?q=灯塔",
    "/search?q=没有这样的东西zzqx",
    "/c/1500000001",
    "/c/1500000021",
    "/c/1500000002/2252",
    "/chats",
    "/about",
    "/report?chat=1500000001&id=966",
)


def background(page: Page) -> int:
    """Return how light the page is, 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return int(re.findall(r"\d+", colour)[0])


def test_everything_works_without_scripts(windows: Windows) -> None:
    page = windows.open("/", java_script_enabled=False)
    page.locator("input[type=search]").fill("灯塔")
    page.locator("form[role=search] button").click()
    expect(page.locator(".row").first).to_be_visible()
    page.locator(".tabs a", has_text="帖子").click()
    expect(page.locator(".tabs a[aria-current]")).to_contain_text("帖子")
    page.locator(".row-title a").first.click()
    expect(page.locator(".related .tile").first).to_be_visible()
    page.locator(".themes a", has_text="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("h1")).to_be_visible()
    page.locator(".tongues a", has_text="EN").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator(".foot a", has_text="Show sensitive").click()
    expect(page.locator(".foot")).to_contain_text("Hide sensitive")


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en"])
def test_a_phone_shows_pages_without_scrolling_sideways(windows: Windows, locale: str) -> None:
    page = windows.open("/", viewport=PHONE, locale=locale)
    widths = {}
    for path in PAGES:
        page.goto(path)
        widths[path] = page.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(PAGES, PHONE["width"])


def test_a_long_name_does_not_squeeze_the_picture_beside_it(windows: Windows) -> None:
    page = windows.open("/c/1500000002/2252", viewport=PHONE)
    box = page.locator(".post-avatar img").bounding_box()
    assert box is not None
    assert abs(box["width"] - box["height"]) < 1


def test_a_phone_can_touch_what_it_shows(windows: Windows) -> None:
    page = windows.open("/", viewport=PHONE, has_touch=True)
    box = page.locator("form[role=search] button").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 40


def test_filters_fold_on_a_phone_and_stand_open_on_a_desk(windows: Windows) -> None:
    page = windows.open("/search?q=灯塔", viewport=PHONE)
    first = page.locator(".filter-group a").first
    expect(first).to_be_hidden()
    page.locator(".filters summary").click()
    expect(first).to_be_visible()
    page.set_viewport_size(DESKTOP)
    page.reload()
    expect(first).to_be_visible()
    expect(page.locator(".filters summary")).to_be_hidden()


def test_the_device_decides_how_light_the_page_is_until_the_reader_does(windows: Windows) -> None:
    assert background(windows.open("/", color_scheme="light")) > 200
    page = windows.open("/", color_scheme="dark")
    assert background(page) < 60
    page.locator(".themes a", has_text="浅色").click()
    assert background(page) > 200
    page.reload()
    assert background(page) > 200
    page.locator(".themes a", has_text="跟随系统").click()
    assert background(page) < 60
    page.reload()
    assert background(page) < 60


def test_pages_load_nothing_from_elsewhere(windows: Windows, address: str) -> None:
    page = windows.open("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page.goto(path)
    assert len(asked) > len(PAGES)
    assert [url for url in asked if not url.startswith(address)] == []
