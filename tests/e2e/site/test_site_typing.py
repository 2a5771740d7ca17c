"""Suggestions while typing, in a real browser: by mouse, by keys, by a phone, by a screen reader."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.site.conftest import PHONE, Windows

pytestmark = pytest.mark.browser

WORKER_MS = 20_000  # until the worker has walked over the archive


def type_into(page: Page, text: str) -> Locator:
    """Type a text into the first search box and return the options that open below it."""
    box = page.locator("input[type=search]").first
    options = page.locator("[role=option]")
    for _ in range(WORKER_MS // 500):
        box.fill("")
        box.press_sequentially(text)
        try:
            expect(options.first).to_be_visible(timeout=500)
        except AssertionError:
            page.reload()
            continue
        break
    expect(options.first).to_be_visible()
    return options


def test_arrows_choose_and_enter_searches(windows: Windows) -> None:
    page = windows.open("/")
    options = type_into(page, "灯")
    box = page.locator("input[type=search]").first
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_be_focused()
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    box.press("ArrowUp")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(0)
    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    box.press("ArrowDown")
    chosen = options.first.locator("bdi").inner_text()
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?"))
    expect(page.locator("input[type=search]").first).to_have_value(chosen)


def test_enter_without_a_choice_searches_for_what_was_typed(windows: Windows) -> None:
    page = windows.open("/about")
    type_into(page, "灯")
    page.keyboard.press("Enter")
    expect(page.locator("input[type=search]").first).to_have_value("灯")
    expect(page).to_have_url(re.compile(r"/search\?q=%E7%81%AF$"))


def test_escape_closes_the_list_and_then_leaves_the_box(windows: Windows) -> None:
    page = windows.open("/chats")
    options = type_into(page, "灯")
    box = page.locator("input[type=search]").first
    box.press("ArrowDown")
    box.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("灯")
    expect(box).to_be_focused()
    box.press("ArrowDown")
    expect(options.first).to_be_visible()
    box.press("Escape")
    box.press("Escape")
    expect(box).not_to_be_focused()


def test_a_channel_leads_to_its_page(windows: Windows) -> None:
    page = windows.open("/")
    options = type_into(page, "wanying")
    channel = options.filter(has_text=re.compile("频道|群组")).first
    expect(channel).to_be_visible()
    channel.click()
    expect(page).to_have_url(re.compile(r"/c/\w+$"))


def test_on_a_phone_the_list_is_as_wide_as_the_box_and_taps_choose(windows: Windows) -> None:
    page = windows.open("/search?q=彗星", viewport=PHONE, has_touch=True, is_mobile=True)
    options = type_into(page, "灯塔")
    form, listed = (
        page.locator(one).first.bounding_box() for one in ("header form.search", ".suggestions")
    )
    assert form is not None
    assert listed is not None
    assert abs(form["width"] - listed["width"]) <= 4
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert all((one.bounding_box() or {"height": 0})["height"] >= 36 for one in options.all())
    text = options.nth(1).locator("bdi").inner_text()
    options.nth(1).tap()
    expect(page).to_have_url(re.compile(r"/search\?"))
    assert page.locator("input[type=search]").first.input_value()[:2] == text[:2]


def test_the_open_list_is_sound(windows: Windows) -> None:
    for scheme in ("light", "dark"):
        page = windows.open("/", color_scheme=scheme)
        type_into(page, "灯")
        page.keyboard.press("ArrowDown")
        found = Axe().run(page).response
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
        expect(page.locator(".search [role=status]").first).to_have_text(
            re.compile(r"搜索建议: \d")
        )


def test_without_scripts_the_box_is_as_it_was(windows: Windows) -> None:
    page = windows.open("/", java_script_enabled=False)
    box = page.locator("input[type=search]").first
    assert box.get_attribute("role") is None
    box.fill("灯塔")
    box.press("Enter")
    expect(page.locator(".results-total")).to_be_visible()


def test_foreign_text_is_shown_as_text(windows: Windows) -> None:
    page = windows.open("/about")
    evil = '<img src=x onerror="document.title=1">'
    answer = {
        "query": "x",
        "suggestions": [
            {"kind": kind, "text": evil, "query": "x", "url": "/search?q=x", "chat": None}
            for kind in ("post", "tag")
        ],
    }
    page.route("**/api/v1/suggest?*", lambda route: route.fulfill(json=answer))
    options = type_into(page, "x")
    expect(options.first.locator("bdi")).to_have_text(evil)
    assert page.locator(".suggestions img").count() == 0


def test_a_browser_says_by_itself_from_which_answer_it_comes(windows: Windows) -> None:
    """Clicks are counted by this; see web/asking.py."""
    page = windows.open("/search?q=灯塔")
    with page.expect_request(re.compile(r"/c/\w+/\d+$")) as asked:
        page.locator(".row-title a").first.click()
    referer = asked.value.all_headers().get("referer", "")
    assert re.search(r"/search\?q=%E7%81%AF%E5%A1%94$", referer), referer
