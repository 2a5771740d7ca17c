"""Kept pictures: /b/<sha256>.

Knows the first bytes of picture formats and how long a browser may keep them. Must not know who
may see a picture; the archive says so.
"""

import re
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from soso.model.errors import NotFound
from soso.web.headers import BLOB_POLICY

if TYPE_CHECKING:
    from soso.bootstrap import App

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_FOR_EVER: Final = "public, max-age=31536000, immutable"


def sniff_type(content: bytes) -> str:
    """Return the media type of a picture by its first bytes; unknown ones are mere bytes."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "application/octet-stream"


def make_blob_router(app: "App") -> APIRouter:
    """Return the route of kept pictures."""
    router = APIRouter(include_in_schema=False)

    @router.get("/b/{sha256}")
    def get_blob(request: Request, sha256: str) -> Response:
        if not _SHA256.fullmatch(sha256):
            raise NotFound("there is no such picture")
        content = app.get_blob(sha256)  # first: a picture taken down is gone for everyone
        headers = {
            "ETag": f'"{sha256}"',
            "Cache-Control": _FOR_EVER,
            "Content-Security-Policy": BLOB_POLICY,
        }
        if sha256 in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        media_type = sniff_type(content)
        if media_type == "application/octet-stream":
            headers["Content-Disposition"] = "attachment"
        return Response(content, headers=headers, media_type=media_type)

    return router
