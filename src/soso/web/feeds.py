"""Feeds of a chat's newest posts and of a search.

Knows what of a card goes into a feed. Must not know the forms of feeds.
"""

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response

from soso.model.chat import Chat
from soso.model.errors import BadInput, NotFound
from soso.model.links import chat_path, post_path
from soso.model.post import StoredPost
from soso.model.visibility import is_listed
from soso.query.plan_types import Sort
from soso.query.results import KIND_TABS, Card, SearchRequest
from soso.query.rows import blob_path
from soso.web.feed_forms import (
    ATOM_TYPE,
    JSON_TYPE,
    Entry,
    Feed,
    render_atom,
    render_json_feed,
)
from soso.web.site.entities import render_text
from soso.web.site.render import Renderer

if TYPE_CHECKING:
    from soso.bootstrap import App

_ENTRIES: Final = 30
_PRE: Final = re.compile(r"(<pre.*?</pre>)", re.DOTALL)


def make_feed_router(app: "App", render: Renderer) -> APIRouter:
    """Return the routes of feeds."""
    router = APIRouter(include_in_schema=False)

    @router.get("/c/{ref}/feed.{form}")
    def get_chat_feed(request: Request, ref: str, form: str) -> Response:
        page = app.get_chat_page(ref, limit=_ENTRIES)
        if not is_listed(page.chat):  # who has the address may read it; feeds carry it further
            raise NotFound("this chat has no feed")
        base = render.base(request)
        return answer_feed(build_chat_feed(page.chat, page.rows, base), form, page.chat.no_index)

    @router.get("/search.{form}")
    def get_search_feed(request: Request, form: str, q: str = "", kind: str = "") -> Response:
        if kind and kind not in KIND_TABS:
            raise BadInput(f"kind is one of: {', '.join(KIND_TABS)}")
        found = app.search(
            SearchRequest(text=q, kind=kind or None, sort=Sort.NEWEST, limit=_ENTRIES, facets=False)
        )
        query = urlencode({"q": q, **({"kind": kind} if kind else {})})
        feed = build_search_feed(found.text, query, found.rows, render.base(request), app)
        return answer_feed(feed, form, no_index=True)

    return router


def build_chat_feed(chat: Chat, cards: tuple[Card, ...], base_url: str) -> Feed:
    """Return the feed of a chat."""
    home = base_url + chat_path(chat)
    picture = chat.picture
    name = chat.title or chat.username or chat.ref
    return Feed(
        title=name,
        home=home,
        atom_url=f"{home}/feed.atom",
        json_url=f"{home}/feed.json",
        description=chat.description,
        author=name,
        icon=base_url + blob_path(picture.thumb) if picture is not None else None,
        entries=build_entries(cards, base_url),
    )


def build_search_feed(
    text: str, query: str, cards: tuple[Card, ...], base_url: str, app: "App"
) -> Feed:
    """Return the feed of a search. text: as understood; query: as asked, for addresses."""
    site = app.settings.site_name
    return Feed(
        title=f"{text} · {site}" if text else site,
        home=f"{base_url}/search?{query}",
        atom_url=f"{base_url}/search.atom?{query}",
        json_url=f"{base_url}/search.json?{query}",
        author=site,
        entries=build_entries(cards, base_url),
    )


def absolute_html(html: str, base_url: str) -> str:
    """Return a post's HTML so that it stands alone: full addresses, line breaks as tags.

    html: as web.site.entities renders it, where every attribute's quotes are ours.
    """
    html = str(html).replace('href="/', f'href="{escape(base_url)}/')
    return "".join(
        part if part.startswith("<pre") else part.replace("\n", "<br>\n")
        for part in _PRE.split(html)
    )


def build_entries(cards: tuple[Card, ...], base_url: str) -> tuple[Entry, ...]:
    """Return posts as entries, without what is sensitive."""
    return tuple(
        _build_entry(card, card.stored, base_url)
        for card in cards
        if card.stored is not None and not card.sensitive
    )


def _build_entry(card: Card, stored: StoredPost, base_url: str) -> Entry:
    post, chat = stored.post, card.chat
    name = chat.title or chat.username or chat.ref
    return Entry(
        url=base_url + post_path(chat, post.id),
        title=card.title.text or f"{name} #{post.id}",
        content=absolute_html(render_text(post.text, post.entities), base_url),
        author=post.author or name,
        published_at=post.at,
        updated_at=_updated_at(stored),
        image=base_url + blob_path(card.cover.thumb) if card.cover is not None else None,
    )


def _updated_at(stored: StoredPost) -> datetime:
    post = stored.post
    return max(post.at, post.edited_at) if post.edited_at is not None else post.at


def answer_feed(feed: Feed, form: str, no_index: bool) -> Response:
    """Return a feed in one of its forms. Raises NotFound for another."""
    if form == "atom":
        answer = Response(render_atom(feed), media_type=ATOM_TYPE)
    elif form == "json":
        answer = Response(render_json_feed(feed), media_type=JSON_TYPE)
    else:
        raise NotFound("feeds end in .atom or .json")
    if feed.entries:
        answer.headers["Last-Modified"] = format_datetime(
            feed.updated_at.astimezone(UTC), usegmt=True
        )
    if no_index:
        answer.headers["X-Robots-Tag"] = "noindex"
    return answer
