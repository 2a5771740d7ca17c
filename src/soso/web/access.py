"""What is written down of every request: an id, a line in the log, a measurement.

Knows times and route templates. The log has no query string and no address of a reader, because
what people search for is their own affair.
"""

import logging
import re
import secrets
import time
from typing import Any, Final
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from soso.web.metrics import Metrics

log = logging.getLogger("soso.web.access")

_SECRET: Final = re.compile(r"^(/watch(?:ing)?/).*", re.DOTALL)
"""The address of a saved query's feed is all that is needed to read it."""

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class AccessLog:
    """Numbers requests (request.state.request_id, X-Request-ID) and measures them."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 500

        async def send_numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, send_numbered)
        finally:
            took_s = time.perf_counter() - started
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"
            self._metrics.observe_request(method, route_of(scope), status, took_s)
            path = quote(_SECRET.sub(r"\1-", scope["path"][:200]), safe="/@:-._~", errors="replace")
            log.info("%s %s %d %.1f ms %s", method, path, status, took_s * 1000, request_id)


def route_of(scope: Scope) -> str:
    """Return the template of the route that took a request, "none" if none did.

    Templates, not paths: a measurement for every post would never end.
    """
    route: Any = scope.get("route")
    return str(getattr(route, "path", "") or "none")
