"""A browser before the real server with the sample archive in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def address(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server; its data is a copy, since reading writes answers."""
    data = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(sample, data)
    environment = {name: value for name, value in os.environ.items() if name[:5] != "SOSO_"}
    environment |= {"SOSO_BOT_USERNAME": "soso_sample_bot", "SOSO_RATE_LIMIT": "100000/minute"}
    environment["SOSO_EMBEDDER"] = "none"
    command = [sys.executable, "-m", "soso", "run", "--data", str(data), "--port", "0"]
    log = (data.parent / "log").open("w")
    with (
        log,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
        ) as server,
    ):
        assert server.stdout is not None
        found = next((line.strip() for line in server.stdout if line.startswith("http")), None)
        assert found, (data.parent / "log").read_text()
        yield found
        server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one module: while it runs, nothing else in this process can use asyncio."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs Chromium: apt install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


class Window:
    """A page of a fresh context that notes what goes wrong in it."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(message.text)


class Windows:
    """Opens windows and closes them when the test is over."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self._contexts: list[BrowserContext] = []
        self._windows: list[Window] = []

    def open(self, path: str = "/", **options: Any) -> Page:
        """Open a path of the site; options are those of a browser context."""
        wanted = {"viewport": DESKTOP, "locale": "zh-CN", "base_url": self._address, **options}
        self._contexts.append(self._browser.new_context(**wanted))
        self._contexts[-1].set_default_timeout(10_000)
        self._windows.append(Window(self._contexts[-1]))
        page = self._windows[-1].page
        page.goto(path)
        return page

    def close(self) -> list[str]:
        """Close all; return what went wrong in any of them: errors, blocked scripts and styles."""
        for context in self._contexts:
            context.close()
        return [text for window in self._windows for text in window.wrong]


@pytest.fixture
def windows(browser: Browser, address: str) -> Iterator[Windows]:
    """Windows on the site; the test fails if the browser complained about anything."""
    opened = Windows(browser, address)
    yield opened
    assert opened.close() == []
