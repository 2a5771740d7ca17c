"""What a browser may keep: validators, 304, and pages that depend on the reader's cookies.

Knows ETag, Last-Modified, Cache-Control and Vary. Must not know routes or what bodies say.

Pages are kept but asked after each time (no-cache), because a post that was taken down must not
show again; the 304 that answers costs a few bytes.
"""

from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_VALIDATED: Final = frozenset(
    {
        "text/html",
        "text/plain",
        "application/json",
        "application/xml",
        "application/atom+xml",
        "application/feed+json",
        "application/opensearchdescription+xml",
        "image/svg+xml",
    }
)
_MOST_HELD_BYTES: Final = 8 * 2**20  # a larger body goes out as it comes, without a validator
_SECRET_PATHS: Final = ("/admin", "/report", "/watching")


class HeadAsGet:
    """Answers HEAD as GET would be answered, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        state = {**scope.get("state", {}), "head": True}
        await self._app({**scope, "method": "GET", "state": state}, receive, send_without_body)


class Compression:
    """Compresses text, but not pages that hold a secret beside what the reader's address says:
    their size would tell the secret bit by bit (the attack called BREACH)."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._zipped = GZipMiddleware(app, minimum_size=600, compresslevel=4)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] == "http" and not scope["path"].startswith(_SECRET_PATHS):
            await self._zipped(scope, receive, send)
        else:
            await self._plain(scope, receive, send)


class Validators:
    """Gives GET answers a weak ETag of their body, and answers 304 to who has that body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        secret = scope["path"].startswith(_SECRET_PATHS)
        answer = _HeldAnswer(Headers(scope=scope), send, secret=secret)
        await self._app(scope, receive, answer.send)


class _HeldAnswer:
    """Holds an answer back until its whole body is known."""

    def __init__(self, asked: Headers, send: Send, *, secret: bool) -> None:
        self._asked = asked
        self._secret = secret
        self._send = send
        self._start: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """Take a message of the application."""
        if message["type"] == "http.response.start":
            _set_defaults(message, secret=self._secret)
            if _is_validated(message):
                self._start = message
                return
        if message["type"] != "http.response.body" or self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._finish(self._start)
        elif len(self._body) > _MOST_HELD_BYTES:
            await self._let_go(self._start)

    async def _finish(self, start: Message) -> None:
        headers = MutableHeaders(scope=start)
        headers["ETag"] = f'W/"{blake2b(self._body, digest_size=12).hexdigest()}"'
        if _has_it(self._asked, headers):
            del headers["Content-Length"]
            del headers["Content-Type"]
            await self._send({**start, "status": 304})
            await self._send({"type": "http.response.body", "body": b""})
            return
        await self._send(start)
        await self._send({"type": "http.response.body", "body": bytes(self._body)})

    async def _let_go(self, start: Message) -> None:
        self._start = None
        await self._send(start)
        await self._send(
            {"type": "http.response.body", "body": bytes(self._body), "more_body": True}
        )
        self._body.clear()


def _set_defaults(start: Message, *, secret: bool) -> None:
    headers = MutableHeaders(scope=start)
    if _media_type(headers) == "text/html":
        headers.setdefault("Vary", "Accept-Language, Cookie")
    kept = start["status"] < 400 and not secret
    headers.setdefault("Cache-Control", "no-cache" if kept else "no-store")


def _is_validated(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return (
        start["status"] == 200
        and _media_type(headers) in _VALIDATED
        and "etag" not in headers
        and "no-store" not in headers["cache-control"]
    )


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _has_it(asked: Headers, given: Headers) -> bool:
    """Whether the reader's copy is this one; If-None-Match makes If-Modified-Since count for
    nothing (RFC 9110, 13.1.3)."""
    tags = asked.get("if-none-match")
    if tags is not None:
        mine = given["etag"].removeprefix("W/")
        return tags.strip() == "*" or mine in {
            tag.strip().removeprefix("W/") for tag in tags.split(",")
        }
    try:
        since = parsedate_to_datetime(asked["if-modified-since"])
        return parsedate_to_datetime(given["last-modified"]) <= since
    except (KeyError, TypeError, ValueError):  # not asked for, or not a date
        return False
