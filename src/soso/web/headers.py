"""The headers that every answer carries.

Knows what a browser may do with our pages. Must not know what the pages say.
"""

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""What pages may load: only our own files, no inline script and no inline style."""

BLOB_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For foreign bytes: whatever they turn out to be, nothing in them runs."""

DOCS_POLICY: Final = PAGE_POLICY.replace("img-src 'self'", "img-src 'self' data:")
"""For the API's documentation: the icons of its style sheet are data addresses."""

_ALWAYS: Final = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # what was searched for is in the address
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(),"
        " microphone=(), payment=(), usb=()"
    ),
}
_OPEN_PATHS: Final = ("/api/v1/", "/api/openapi.json")


class SecurityHeaders:
    """Adds the headers unless the answer has its own; opens the API to pages of other sites."""

    def __init__(self, app: ASGIApp, *, https: bool, robots: bool) -> None:
        """https: readers come by https only. robots: search engines may list the pages."""
        self._app = app
        self._headers: Mapping[str, str] = {
            **_ALWAYS,
            **({"Strict-Transport-Security": "max-age=31536000"} if https else {}),
            **({} if robots else {"X-Robots-Tag": "noindex"}),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_open = scope["path"].startswith(_OPEN_PATHS)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if is_open:
                    headers["Access-Control-Allow-Origin"] = "*"
            await send(message)

        await self._app(scope, receive, send_with_headers)
