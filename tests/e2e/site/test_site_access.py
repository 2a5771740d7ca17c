"""By keyboard and by screen reader: what axe finds, and the order of focus."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.site.conftest import DESKTOP, PHONE, Windows

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/search?q=灯塔",
    "/search?q=没有这样的东西zzqx&lang=en",
    "/c/1500000001",
    "/c/1500000001/966",
    "/c/1500000002/2252?lang=en",
    "/chats",
    "/about",
    "/report?chat=1500000001&id=966",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "device",
    [
        {"viewport": DESKTOP, "color_scheme": "light"},
        {"viewport": PHONE, "color_scheme": "dark"},
    ],
    ids=["desktop-light", "phone-dark"],
)
def test_axe_finds_nothing(windows: Windows, path: str, device: dict[str, Any]) -> None:
    page = windows.open(path, **device)
    found = Axe().run(page).response
    assert found["passes"], "axe did run"
    wrong = [
        (rule["id"], rule["impact"], [node["html"][:160] for node in rule["nodes"]])
        for rule in found["violations"]
    ]
    assert wrong == []


def test_an_open_picture_and_open_details_are_sound_too(windows: Windows) -> None:
    page = windows.open("/search?q=kind:photo")
    page.locator(".row-title a").first.click()
    page.locator("a.shot[data-full]").first.click()
    expect(page.locator("dialog.lightbox")).to_be_visible()
    assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []


def test_the_first_key_leads_past_the_frame(windows: Windows) -> None:
    page = windows.open("/about")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_where_the_focus_is_can_be_seen(windows: Windows) -> None:
    page = windows.open("/search?q=灯塔")
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        look: dict[str, Any] = page.evaluate(
            "(() => { const one = document.activeElement; const style = getComputedStyle(one);"
            " const ring = getComputedStyle(one.closest('.search') ?? one);"
            " return {html: one.outerHTML.slice(0, 80),"
            " seen: style.outlineStyle !== 'none' || ring.boxShadow !== 'none'}; })()"
        )
        if not look["seen"]:
            unseen.append(look["html"])
    assert unseen == []


def test_headings_and_landmarks(windows: Windows) -> None:
    page = windows.open("/c/1500000002/2252")
    assert page.locator("h1").count() == 1
    for landmark in ("header", "main", "footer", "nav", "form[role=search]"):
        assert page.locator(landmark).count() >= 1
