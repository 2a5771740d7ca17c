"""What is too much: requests of one client, long addresses, large bodies.

Knows which paths are free and what a refusal looks like. Must not know how hits are counted.
"""

import math
from typing import Final

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from soso.abilities.updating import HOOK_PATH
from soso.web.addresses import UNKNOWN, Network, find_client
from soso.web.errors import ErrorAnswers
from soso.web.limits import Window

MOST_BODY_BYTES: Final = 64 * 1024
MOST_ADDRESS_BYTES: Final = 16 * 1024  # 500 Chinese characters are 4,500, in ?next= 7,500
SUGGEST_RATE: Final = "600/minute"
"""Suggestions, several a word, are counted by themselves: typing must not use up the pages."""

_FREE_PATHS: Final = (
    *("/static/", "/b/", "/cover/", "/healthz", "/metrics"),
    *("/api/v1/suggest", "/suggest"),
    HOOK_PATH,
)


class Throttle:
    """Finds out who asks (request.state.client), and refuses who asks too often or too long."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        window: Window,
        trusted: tuple[Network, ...],
        answers: ErrorAnswers,
    ) -> None:
        self._app = app
        self._window = window
        self._trusted = trusted
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = find_client(scope, self._trusted)
        scope.setdefault("state", {})["client"] = client
        length = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        if length > MOST_ADDRESS_BYTES:
            await self._answers.build(Request(_cut(scope)), 414)(scope, receive, send)
            return
        wait_s = 0.0 if scope["path"].startswith(_FREE_PATHS) else self._window.hit(client)
        if wait_s:
            refusal = self._answers.build(Request(scope), 429, headers=_retry_after(wait_s))
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


def client_of(request: Request) -> str:
    """Return whom a request is counted against."""
    return str(request.scope.get("state", {}).get("client", UNKNOWN))


def check_window(request: Request, window: Window) -> None:
    """Count a request against a window of its own; raises HTTPException 429 if it is full."""
    wait_s = window.hit(client_of(request))
    if wait_s:
        raise HTTPException(429, headers=_retry_after(wait_s))


def _retry_after(wait_s: float) -> dict[str, str]:
    return {"Retry-After": str(math.ceil(wait_s))}


def _cut(scope: Scope) -> Scope:
    """Return the request with an address short enough to stand on an error page."""
    return {**scope, "path": scope["path"][:1000], "raw_path": b"", "query_string": b""}
