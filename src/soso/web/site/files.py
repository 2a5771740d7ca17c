"""Static files and drawn covers, by address.

Knows how long they may be kept; knows nothing of pages.
"""

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from soso.web.site.covers import draw_cover
from soso.web.site.render import Renderer

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_AN_HOUR: Final = "public, max-age=3600"
_SEED_LIMIT: Final = 100


def add_file_routes(router: APIRouter, render: Renderer) -> None:
    """Add the routes under /static/ and /cover/."""

    @router.get("/static/{name}")
    async def get_static(request: Request, name: str) -> Response:
        asset = render.assets.get(name)
        versioned = request.query_params.get("v") == asset.version
        headers = {"Cache-Control": _FOR_EVER if versioned else _AN_HOUR}
        return Response(asset.content, media_type=asset.media_type, headers=headers)

    @router.get("/cover/{seed}.svg")
    async def get_cover(seed: str) -> Response:
        drawing = draw_cover(seed[:_SEED_LIMIT])
        headers = {"Cache-Control": _FOR_EVER}
        return Response(drawing, media_type="image/svg+xml", headers=headers)
