"""The pages of a chat, a post, and a post's earlier wordings.

Knows their addresses and what they are given; knows no HTML, no wording and no store.
"""

import re
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from soso.i18n.speaker import Speaker
from soso.model.chat import Chat, Username
from soso.model.errors import NotFound
from soso.model.ids import parse_peer, parse_provisional
from soso.model.links import chat_path, post_path
from soso.model.visibility import is_listed
from soso.query.results import ChatPage, PostPage
from soso.web.asking import find_opened
from soso.web.site.cards import card_name
from soso.web.site.copies_page import add_copies_route
from soso.web.site.differences import COPIES_SHOWN
from soso.web.site.entities import render_plain
from soso.web.site.meta import describe_chat, describe_post, post_as_json_ld, shared_picture
from soso.web.site.paths import report_path
from soso.web.site.post_view import list_revisions
from soso.web.site.preferences import read_preferences
from soso.web.site.render import Renderer

if TYPE_CHECKING:
    from soso.bootstrap import App

_POST_ID: Final = re.compile(r"-?[0-9]{1,18}")


def add_chat_routes(router: APIRouter, app: "App", render: Renderer) -> None:
    """Add the routes under /c/."""

    @router.get("/c/{ref}")
    def get_chat(request: Request, ref: str) -> Response:
        asked = request.query_params
        sensitive = read_preferences(request).sensitive
        page = app.get_chat_page(
            ref, kind=asked.get("kind") or None, page=asked.get("page"), sensitive=sensitive
        )
        if page.chat.ref != ref:
            return _redirect(request, ref, chat_path(page.chat))
        _count_opened(app, request, render)
        context = _chat_context(page, sensitive=sensitive, paged="page" in asked)
        veiled = page.chat.sensitive and not sensitive
        context["related"] = () if veiled else app.get_related_chats(ref, sensitive=sensitive)
        return render.page(request, "chat.html", **context)

    @router.get("/c/{ref}/{post_id}")
    def get_post(request: Request, ref: str, post_id: str) -> Response:
        sensitive = read_preferences(request).sensitive
        page = app.get_post_page(ref, _parse_id(post_id), sensitive=sensitive)
        if (page.chat.ref, str(page.stored.post.id)) != (ref, post_id):
            return _redirect(request, ref, post_path(page.chat, page.stored.post.id))
        _count_opened(app, request, render)
        context = _post_context(
            page, render.speaker(request), sensitive=sensitive, base=render.base(request)
        )
        copies = app.get_cluster(
            ref, page.stored.post.id, sensitive=sensitive, differences=COPIES_SHOWN
        )
        context["copies"] = None if context["veiled"] else copies
        context["story"] = app.find_story_of(ref, page.stored.post.id, sensitive=sensitive)
        return render.page(request, "post.html", **context)

    add_copies_route(router, app, render)

    @router.get("/c/{ref}/{post_id}/history")
    def get_history(request: Request, ref: str, post_id: str) -> Response:
        sensitive = read_preferences(request).sensitive
        page = app.get_post_page(ref, _parse_id(post_id), sensitive=sensitive)
        path = post_path(page.chat, page.stored.post.id)
        if path != f"/c/{ref}/{post_id}":
            return _redirect(request, ref, f"{path}/history")
        if page.card.sensitive and not sensitive:
            return RedirectResponse(path, status_code=303)  # the veil is there
        return render.page(
            request,
            "history.html",
            title=card_name(page.card, render.speaker(request)),
            revisions=list_revisions(page, whole=True),
            back=path,
            no_index=True,
        )


def _count_opened(app: "App", request: Request, render: Renderer) -> None:
    """Count that a result was opened, if the reader comes from a page of results."""
    question = find_opened(request, base=render.base(request))
    if question is not None:
        app.count_click(question)


def _post_context(
    page: PostPage, speaker: Speaker, *, sensitive: bool, base: str
) -> dict[str, Any]:
    veiled = page.card.sensitive and not sensitive
    title = speaker.text("sensitive.title") if veiled else card_name(page.card, speaker)
    return {
        "page": page,
        "veiled": veiled,
        "title": title,
        "description": describe_post(page, speaker),
        "json_ld": post_as_json_ld(page, speaker, base),
        "picture": shared_picture(page.card),
        "canonical": post_path(page.chat, page.stored.post.id),
        "no_index": _keeps_out(page.chat) or page.card.sensitive,
        "report_url": report_path(page.chat, page.stored.post.id),
    }


def _chat_context(page: ChatPage, *, sensitive: bool, paged: bool) -> dict[str, Any]:
    chat = page.chat
    return {
        "page": page,
        "veiled": chat.sensitive and not sensitive,
        "description": describe_chat(page),
        "about_html": render_plain(chat.description),
        "former": _former_names(chat),
        "paged": paged,
        "canonical": chat_path(chat),
        "listed": is_listed(chat),
        "no_index": _keeps_out(chat) or chat.sensitive or paged,
        "report_url": report_path(chat),
    }


def _keeps_out(chat: Chat) -> bool:
    """Whether other people's search engines are asked to leave a chat out."""
    return chat.no_index or not is_listed(chat)


def _former_names(chat: Chat) -> list[Username]:
    """Return the names a chat has had before its present one, latest first."""
    now = (chat.username or "").lower()
    names = [name for name in chat.usernames if name.name.lower() != now]
    return sorted(names, key=lambda name: name.last_seen_at, reverse=True)


def _redirect(request: Request, ref: str, path: str) -> Response:
    """Return the way to the one address of a page, with what was asked of it.

    A name may have another holder tomorrow, so only numbers redirect for good.
    """
    lasting = parse_peer(ref) is not None or parse_provisional(ref) is not None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(path + query, status_code=301 if lasting else 302)


def _parse_id(text: str) -> int:
    if not _POST_ID.fullmatch(text):
        raise NotFound("a post is named by a number")
    return int(text)
