"""What other programs look for at fixed addresses: robots.txt and the browser's search entry.

Knows their forms. Must not know pages.
"""

from typing import TYPE_CHECKING
from xml.etree import ElementTree

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from soso.web.site.render import Renderer
from soso.web.xml import render_xml

if TYPE_CHECKING:
    from soso.bootstrap import App

_OPENSEARCH: str = "http://a9.com/-/spec/opensearch/1.1/"


def make_well_known_router(app: "App", render: Renderer) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/robots.txt")
    def get_robots(request: Request) -> Response:
        return PlainTextResponse(build_robots(render.base(request), listed=app.settings.robots))

    @router.get("/opensearch.xml")
    def get_opensearch(request: Request) -> Response:
        content = build_opensearch(render.base(request), app.settings.site_name)
        return Response(content, media_type="application/opensearchdescription+xml")

    return router


def build_robots(base_url: str, *, listed: bool) -> str:
    """Return what crawlers may read: posts and chats, not answers to searches."""
    if not listed:
        return "User-agent: *\nDisallow: /\n"
    closed = ("/admin", "/search", "/report", "/lang", "/theme", "/sensitive", "/api/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return "\n".join([*lines, f"Sitemap: {base_url}/sitemap.xml", ""])


def build_opensearch(base_url: str, name: str) -> bytes:
    """Return the description by which a browser offers the site as a search engine."""
    root = ElementTree.Element("OpenSearchDescription", {"xmlns": _OPENSEARCH})
    ElementTree.SubElement(root, "ShortName").text = name[:16]  # the most that is allowed
    ElementTree.SubElement(root, "LongName").text = name[:48]
    ElementTree.SubElement(root, "Description").text = f"Telegram · {name}"[:1024]
    ElementTree.SubElement(root, "InputEncoding").text = "UTF-8"
    for media_type, path in (
        ("text/html", "/search?q={searchTerms}"),
        ("application/atom+xml", "/search.atom?q={searchTerms}"),
    ):
        attributes = {"type": media_type, "method": "get", "template": base_url + path}
        ElementTree.SubElement(root, "Url", attributes)
    return render_xml(root)
