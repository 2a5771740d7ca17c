"""The page of a post's copies: who published it first, who after, and what each changed.

Knows its address and what it is given; knows no HTML, no wording and no store.
"""

import re
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from soso.model.errors import NotFound
from soso.model.links import post_path
from soso.web.site.cards import card_name
from soso.web.site.preferences import read_preferences
from soso.web.site.render import Renderer

if TYPE_CHECKING:
    from soso.bootstrap import App

_POST_ID: Final = re.compile(r"-?[0-9]{1,18}")


def add_copies_route(router: APIRouter, app: "App", render: Renderer) -> None:
    """Add the page of all copies of a post."""

    @router.get("/c/{ref}/{post_id}/copies")
    def get_copies(request: Request, ref: str, post_id: str) -> Response:
        if not _POST_ID.fullmatch(post_id):
            raise NotFound("a post is named by a number")
        sensitive = read_preferences(request).sensitive
        page = app.get_post_page(ref, int(post_id), sensitive=sensitive, related=0)
        path = post_path(page.chat, page.stored.post.id)
        if path != f"/c/{ref}/{post_id}":
            return RedirectResponse(f"{path}/copies", status_code=302)
        if page.card.sensitive and not sensitive:
            return RedirectResponse(path, status_code=303)  # the veil is there
        return render.page(
            request,
            "copies.html",
            page=page,
            title=card_name(page.card, render.speaker(request)),
            copies=app.get_cluster(ref, page.stored.post.id, sensitive=sensitive),
            back=path,
            no_index=True,
        )
