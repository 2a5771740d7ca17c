"""A visitor: a browser without a window, which speaks to the application directly."""

import asyncio
import re
from typing import Any

import httpx
from starlette.types import ASGIApp


class Visitor:
    """Sends requests one after another and keeps cookies."""

    def __init__(self, application: ASGIApp, client: tuple[str, int] = ("192.0.2.7", 5000)) -> None:
        transport = httpx.ASGITransport(application, client=client)
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(transport=transport, base_url="http://soso.test")
        self.cookies = self._client.cookies

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        return self._runner.run(self._client.request(method, url, **options))

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> httpx.Response:
        return self.request("POST", url, **options)

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


def find_csrf(page: httpx.Response) -> str:
    """Return the token of the first form of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found is not None, page.text[:500]
    return found[1]
