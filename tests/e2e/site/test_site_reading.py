"""A reader's way through the site, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site.conftest import Windows

pytestmark = pytest.mark.browser

POST = re.compile(r"/c/-?[a-z0-9]+/-?\d+$")


def search(page: Page, words: str) -> None:
    box = page.locator("input[type=search]").first
    box.fill(words)
    box.press("Enter")
    page.wait_for_url(re.compile(r"/search\?"))


def test_from_the_search_box_to_a_post_and_on(windows: Windows) -> None:
    page = windows.open("/")
    expect(page).to_have_title(re.compile("Soso"))
    expect(page.locator(".tile").first).to_be_visible()
    search(page, "灯塔")
    expect(page.locator(".results-total")).to_contain_text("条结果")
    expect(page.locator(".row mark").first).to_have_text(re.compile("灯塔|燈塔"))
    page.locator(".row-title a").first.click()
    expect(page).to_have_url(POST)
    expect(page.locator("h1")).to_contain_text(re.compile("灯塔|燈塔"))
    expect(page.locator(".post-meta time").first).to_have_attribute(
        "datetime", re.compile(r"\+08:00$")
    )
    before = page.url
    related = page.locator(".related .tile-title a")
    expect(related.first).to_be_visible()
    assert related.count() <= 8
    related.first.click()
    expect(page).to_have_url(POST)
    assert page.url != before
    page.locator(".post-chat a.chat").click()
    expect(page.locator(".row").first).to_be_visible()


def test_tabs_have_counts_and_keep_the_question(windows: Windows) -> None:
    page = windows.open("/search?q=灯塔")
    tab = page.locator(".tabs a", has_text="图片")
    count = int(tab.locator(".count").inner_text())
    tab.click()
    expect(page.locator(".tabs a[aria-current=page]")).to_contain_text("图片")
    expect(page.locator(".results-total")).to_contain_text(f"{count} 条结果")
    # Copies stand under the first of them: rows and what they fold make the count.
    folded = page.locator(".row .row-copies").all_inner_texts()
    assert page.locator(".row").count() <= min(count, 20)
    assert (page.locator(".row").count() == min(count, 20)) == (not folded)
    expect(page.locator("input[type=search]").first).to_have_value("灯塔")
    page.locator(".sorts a", has_text="最新").click()
    stamps = page.locator(".row-meta time").evaluate_all("all => all.map(one => one.dateTime)")
    assert stamps == sorted(stamps, reverse=True)


def test_pages_of_an_answer_do_not_repeat_rows(windows: Windows) -> None:
    page = windows.open("/search?q=频道")
    rows = ".row-title a"
    first = page.locator(rows).evaluate_all("all => all.map(one => one.pathname)")
    assert len(first) == 20
    page.locator(".paging a[rel~=next]").click()
    expect(page.locator(".paging")).to_contain_text("第 2 页")
    second = page.locator(rows).evaluate_all("all => all.map(one => one.pathname)")
    assert second
    assert not set(first) & set(second)
    page.locator(".paging a[rel~=prev]").click()
    expect(page.locator(".paging")).to_contain_text("第 1 页")
    assert page.locator(rows).evaluate_all("all => all.map(one => one.pathname)") == first


def test_a_filter_beside_the_results_can_be_set_and_taken_away(windows: Windows) -> None:
    page = windows.open("/search?q=灯塔")
    total = page.locator(".results-total").inner_text()
    first = page.locator(".filter-group a").first
    count = first.locator(".count").inner_text()
    first.click()
    expect(page.locator("input[type=search]").first).to_have_value(re.compile(r"^灯塔 chat:\d+$"))
    expect(page.locator(".results-total")).to_contain_text(f"{count} 条结果")
    page.locator(".filter-group a[aria-current]").click()
    expect(page.locator("input[type=search]").first).to_have_value("灯塔")
    assert page.locator(".results-total").inner_text()[:5] == total[:5]


def test_nothing_found_helps(windows: Windows) -> None:
    page = windows.open("/search?q=没有这样的东西zzqx lang:en")
    page.locator(".tries a").first.click()
    expect(page.locator("input[type=search]").first).to_have_value("没有这样的东西zzqx")


def test_pictures_are_there_and_open_over_the_page(windows: Windows) -> None:
    page = windows.open("/search?q=kind:photo")
    shown = page.locator(".row img")
    assert shown.evaluate_all(
        "all => Promise.all(all.map(one => { one.loading = 'eager'; return one.decode(); }))"
        ".then(() => all.every(one => one.naturalWidth > 0))"
    )
    page.locator(".row-title a").first.click()
    shot = page.locator("a.shot[data-full]").first
    shot.click()
    dialog = page.locator("dialog.lightbox")
    expect(dialog).to_be_visible()
    expect(dialog.locator("img")).to_have_js_property("complete", True)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(POST)


def test_drawn_covers_show(windows: Windows) -> None:
    page = windows.open("/chats")
    drawn = page.locator("img[src^='/cover/']")
    assert drawn.count() > 5
    assert drawn.first.evaluate("one => one.decode().then(() => one.naturalWidth)") == 320


def test_the_language_can_be_switched_and_stays(windows: Windows) -> None:
    page = windows.open("/search?q=灯塔&sort=newest")
    page.locator(".tongues a[hreflang=zh-Hant]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    expect(page.locator(".results-total")).to_contain_text("筆結果")
    assert page.url.endswith("&sort=newest")
    page.goto("/")
    expect(page.locator(".hero-line")).to_have_text("搜群組、頻道、影片和貼文")
    page.locator(".tongues a[hreflang=en]").click()
    expect(page.locator(".hero-line")).to_have_text("Search groups, channels, videos and posts")


@pytest.mark.parametrize(
    ("locale", "lang"), [("zh-CN", "zh-Hans"), ("zh-TW", "zh-Hant"), ("en-GB", "en")]
)
def test_the_browser_chooses_the_first_language(windows: Windows, locale: str, lang: str) -> None:
    page = windows.open("/", locale=locale)
    expect(page.locator("html")).to_have_attribute("lang", lang)


def test_keys(windows: Windows) -> None:
    page = windows.open("/about")
    page.keyboard.press("/")
    box = page.locator("input[type=search]").first
    expect(box).to_be_focused()
    page.keyboard.type("a/b")
    expect(box).to_have_value("a/b")
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()


def test_the_invitation_at_the_foot_of_a_post(windows: Windows) -> None:
    page = windows.open("/c/1500000001/966")
    invite = page.locator(".invite")
    expect(invite.locator("a.button")).to_have_attribute(
        "href", "https://t.me/soso_sample_bot?start=p_1500000001_966"
    )
    invite.locator("input[type=search]").fill("摄影")
    invite.locator("button").click()
    expect(page).to_have_url(re.compile(r"/search\?q="))


def test_a_search_inside_a_chat(windows: Windows) -> None:
    page = windows.open("/c/1500000001")
    page.locator("#q-inside").fill("停水")
    page.locator("#q-inside").press("Enter")
    expect(page.locator("#q")).to_have_value("停水 chat:1500000001")
    chats = set(page.locator(".row-meta a.chat").all_inner_texts())
    assert chats == {"云汐日常"}
