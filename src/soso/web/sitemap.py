"""The sitemap: an index, lists of chats, posts and current stories, for other search engines.

Knows the sitemap form and how the lists are cut. Must not know who may be listed beyond asking the
archive: it takes listed chats only, without those whose owner wants none of it and without what is
sensitive.

Posts are cut, newest first, into lists of 10,000. To make a list one has to know where the one
before ends; those places are remembered for an hour, so that a crawler that reads list after list
makes the archive be walked once.
"""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from soso.model.errors import NotFound
from soso.model.links import chat_path, post_path, story_path
from soso.ports.chats import ChatRow
from soso.ports.posts import Place
from soso.query.results import Card
from soso.web.feed_forms import write_time
from soso.web.site.render import Renderer
from soso.web.xml import render_xml

if TYPE_CHECKING:
    from soso.bootstrap import App

LIST_SIZE: Final = 10_000
_MOST_LISTS: Final = 50_000  # what an index may hold
_STEP: Final = 500
_STORIES: Final = 200
_KEPT_S: Final = 3600.0
_XMLNS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


def make_sitemap_router(app: "App", render: Renderer) -> APIRouter:
    """Return the routes of the sitemap; none of them exists where robots are not wanted."""
    router = APIRouter(include_in_schema=False)
    lists = PostLists(app)

    @router.get("/sitemap.xml")
    def get_index(request: Request) -> Response:
        _check_wanted(app)
        base = render.base(request)
        chats = [row for row in iter_listed(app) if is_offered(row)]
        posts = sum(row.posts for row in chats)
        names = [
            *(f"chats-{number}" for number in range(1, _count_lists(len(chats)) + 1)),
            *(("stories",) if app.list_stories(limit=1) else ()),
            *(f"posts-{number}" for number in range(1, _count_lists(posts) + 1)),
        ]
        return _answer(build_index([f"{base}/sitemaps/{name}.xml" for name in names]))

    @router.get("/sitemaps/chats-{number:int}.xml")
    def get_chats(request: Request, number: int) -> Response:
        _check_wanted(app)
        first = (number - 1) * LIST_SIZE
        rows = (row for row in iter_listed(app) if is_offered(row))
        found = list(islice(rows, first, first + LIST_SIZE)) if number >= 1 else []
        if not found:
            raise NotFound("there is no such list")
        base = render.base(request)
        return _answer(
            build_list([(base + chat_path(row.chat), row.last_post_at) for row in found])
        )

    @router.get("/sitemaps/stories.xml")
    def get_stories(request: Request) -> Response:
        _check_wanted(app)
        base = render.base(request)
        found = [
            (base + story_path(story.number), story.last_at)
            for story in app.list_stories(limit=_STORIES)
            if not any(chat.no_index for chat in story.chats)
        ]
        return _answer(build_list(list(found)))

    @router.get("/sitemaps/posts-{number:int}.xml")
    def get_posts(request: Request, number: int) -> Response:
        _check_wanted(app)
        base = render.base(request)
        found = lists.get(number)
        return _answer(build_list([(base + path, changed_at) for path, changed_at in found]))

    return router


class PostLists:
    """Lists of posts by number, from 1; remembers where each begins."""

    def __init__(
        self, app: "App", *, size: int = LIST_SIZE, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._size = size
        self._now = now
        self._lock = threading.Lock()
        self._begins: list[Place | None] = [None]
        self._began_at = -_KEPT_S

    def get(self, number: int) -> list[tuple[str, datetime]]:
        """Return the paths of a list's posts and when each changed last. Raises NotFound."""
        if not 1 <= number <= _MOST_LISTS:
            raise NotFound("there is no such list")
        with self._lock:  # one walk at a time; it takes seconds
            if self._now() - self._began_at >= _KEPT_S:
                self._begins, self._began_at = [None], self._now()
            while len(self._begins) < number:
                _, end = self._walk(self._begins[-1])
                if end is None:
                    raise NotFound("there is no such list")
                self._begins.append(end)
            found, end = self._walk(self._begins[number - 1])
            if end is not None and len(self._begins) == number:
                self._begins.append(end)
        if not found and number > 1:
            raise NotFound("there is no such list")
        return found

    def _walk(self, begin: Place | None) -> tuple[list[tuple[str, datetime]], Place | None]:
        """Return a list that begins behind a place, and where it ends if it is full."""
        found: list[tuple[str, datetime]] = []
        for card in iter_newest(self._app, begin):
            post = card.stored.post if card.stored is not None else None
            if post is None or card.sensitive or card.chat.no_index:
                continue
            changed_at = post.edited_at or post.at
            found.append((post_path(card.chat, post.id), changed_at))
            if len(found) == self._size:
                return found, place_of(card)
        return found, None


def iter_newest(app: "App", begin: Place | None = None) -> Iterator[Card]:
    """Yield the posts of all listed chats, newest first, in bounded memory."""
    place = begin
    while True:
        cards = app.list_newest(before=place, limit=_STEP)
        yield from cards
        following = place_of(cards[-1]) if cards else None
        if following is None or following == place:
            return
        place = following


def iter_listed(app: "App") -> Iterator[ChatRow]:
    """Yield all listed chats, in bounded memory."""
    offset = 0
    while rows := app.list_chats(order="title", limit=_STEP, offset=offset):
        yield from rows
        offset += len(rows)


def is_offered(row: ChatRow) -> bool:
    """Whether a listed chat is for other search engines."""
    return not (row.chat.no_index or row.chat.sensitive)


def place_of(card: Card) -> Place | None:
    """Return where a post stands in the order of time."""
    if card.stored is None:
        return None
    return Place(at=card.stored.post.at, key=card.stored.key)


def build_index(addresses: list[str]) -> bytes:
    """Return the sitemap index of lists."""
    root = ElementTree.Element("sitemapindex", {"xmlns": _XMLNS})
    for address in addresses:
        ElementTree.SubElement(ElementTree.SubElement(root, "sitemap"), "loc").text = address
    return render_xml(root)


def build_list(pages: list[tuple[str, datetime | None]]) -> bytes:
    """Return a list of pages with the times of their last changes."""
    root = ElementTree.Element("urlset", {"xmlns": _XMLNS})
    for address, changed_at in pages:
        url = ElementTree.SubElement(root, "url")
        ElementTree.SubElement(url, "loc").text = address
        if changed_at is not None:
            ElementTree.SubElement(url, "lastmod").text = write_time(changed_at)
    return render_xml(root)


def _count_lists(pages: int) -> int:
    return min(-(-pages // LIST_SIZE), _MOST_LISTS // 2)


def _check_wanted(app: "App") -> None:
    if not app.settings.robots:
        raise NotFound("this site is not for other search engines")


def _answer(content: bytes) -> Response:
    return Response(content, media_type="application/xml")
