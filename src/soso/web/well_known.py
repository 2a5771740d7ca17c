"""What other programs look for at fixed addresses: robots.txt, the browser's search entry and its
suggestions.

Knows their forms. Must not know pages.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from soso.model.links import chat_path
from soso.query.results import Suggestion
from soso.web.limits import parse_window
from soso.web.site.paths import search_path
from soso.web.site.render import Renderer
from soso.web.throttle import SUGGEST_RATE, check_window
from soso.web.xml import render_xml

if TYPE_CHECKING:
    from soso.bootstrap import App

SUGGESTIONS: Final = "application/x-suggestions+json"
_OPENSEARCH: Final = "http://a9.com/-/spec/opensearch/1.1/"


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

    window = parse_window(SUGGEST_RATE)

    @router.get("/suggest")
    def get_suggestions(request: Request, q: str = "") -> Response:
        check_window(request, window)
        found = app.suggest(q)
        return Response(build_suggestions(q, found, render.base(request)), media_type=SUGGESTIONS)

    return router


def build_suggestions(typed: str, found: Sequence[Suggestion], base_url: str) -> bytes:
    """Return suggestions for a browser's address bar: what was typed, texts, notes, addresses."""
    texts = [one.query for one in found]
    addresses = [
        base_url + (search_path(one.query) if one.chat is None else chat_path(one.chat))
        for one in found
    ]
    return msgspec.json.encode([typed, texts, [""] * len(texts), addresses])


def build_robots(base_url: str, *, listed: bool) -> str:
    """Return what crawlers may read: posts and chats, not answers to searches."""
    if not listed:
        return "User-agent: *\nDisallow: /\n"
    closed = ("/admin", "/search", "/suggest", "/report", "/lang", "/theme", "/sensitive", "/api/")
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
        (SUGGESTIONS, "/suggest?q={searchTerms}"),
    ):
        attributes = {"type": media_type, "method": "get", "template": base_url + path}
        ElementTree.SubElement(root, "Url", attributes)
    return render_xml(root)
