"""The API's documentation page, from files that are installed here: it works offline.

Knows the files of Swagger UI that are needed. Must not know routes.
"""

from collections.abc import Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.responses import FileResponse, HTMLResponse, Response
from swagger_ui_bundle import swagger_ui_path

from soso.model.errors import NotFound
from soso.web.headers import DOCS_POLICY

OPENAPI_PATH: Final = "/api/openapi.json"
_FILES: Final[Mapping[str, str]] = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/api/docs/favicon-32x32.png">
</head>
<body>
<div id="docs" data-description="{description}"></div>
<noscript><p>The description: <a href="{description}">{description}</a></p></noscript>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
"""


def make_docs_router(site_name: str) -> APIRouter:
    """Return the routes of the documentation page."""
    router = APIRouter(include_in_schema=False)
    page = _PAGE.format(title=escape(f"{site_name} API"), description=OPENAPI_PATH)
    start = (files("soso.web.api") / "static" / "start.js").read_text("utf-8")
    folder = Path(str(swagger_ui_path))

    @router.get("/api/docs")
    def get_page() -> Response:
        return HTMLResponse(page, headers={"Content-Security-Policy": DOCS_POLICY})

    @router.get("/api/docs/start.js")
    def get_start() -> Response:
        return Response(start, media_type="text/javascript")

    @router.get("/api/docs/{name}")
    def get_file(name: str) -> Response:
        if name not in _FILES:
            raise NotFound("the documentation has no such file")
        headers = {"Cache-Control": "public, max-age=86400"}
        return FileResponse(folder / name, media_type=_FILES[name], headers=headers)

    return router
