"""Saved queries over HTTP: their feeds, and the page where a reader makes one.

Knows the page's form and who may use it. Must not know how posts are matched.

A feed's address is a secret: it is logged nowhere, and whoever has it may read it.
"""

from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from soso.alerts.watch import READER, Door, Owner, Watch
from soso.flows.watch import NewWatch
from soso.model.errors import BadInput, Refused
from soso.query.results import Card
from soso.web.feed_forms import Feed
from soso.web.feeds import answer_feed, build_entries
from soso.web.sessions import CSRF_FIELD, FormTokens, is_https
from soso.web.sharing import Windows
from soso.web.site.foreign import clean_line
from soso.web.site.render import Renderer
from soso.web.throttle import check_window

if TYPE_CHECKING:
    from soso.bootstrap import App

FEED_PATH: Final = "/watch/"
PAGE_PATH: Final = "/watching"
RATE: Final = "5/day"
_LONGEST: Final = 1_000

Text = Annotated[str, Form()]


def make_watch_router(app: "App", render: Renderer, windows: Windows) -> APIRouter:
    """Return the routes of feeds, and of the page if readers may make some."""
    router = APIRouter(include_in_schema=False)

    @router.get("/watch/{secret}.{form}")
    def get_feed(request: Request, secret: str, form: str) -> Response:
        found = app.read_watch(secret)
        base, site = render.base(request), app.settings.site_name
        feed = build_watch_feed(found.watch, found.cards, base, site)
        return answer_feed(feed, form, no_index=True)

    if app.settings.reader_feeds:
        router.include_router(_make_page_router(app, render, windows))
    return router


def _make_page_router(app: "App", render: Renderer, windows: Windows) -> APIRouter:
    router = APIRouter()
    tokens = FormTokens(app.secret_key, https=is_https(app.settings), path=PAGE_PATH)
    window = windows.open("feeds", RATE)

    def show(request: Request, q: str, *, problem: str = "", status: int = 200) -> Response:
        token, set_cookie = tokens.issue(request)
        page = render.page(
            request,
            "watch.html",
            status=status,
            csrf_field=CSRF_FIELD,
            csrf_token=token,
            query=q,
            problem=problem,
            feed="",
        )
        set_cookie(page)
        return page

    @router.get(PAGE_PATH)
    def get_page(request: Request, q: str = "") -> Response:
        return show(request, clean_line(q)[:_LONGEST])

    @router.post(PAGE_PATH)
    def make_feed(request: Request, csrf: Text = "", q: Text = "") -> Response:
        text = clean_line(q)[:_LONGEST]
        try:
            tokens.check(request, csrf)
        except Refused:
            return show(request, text, problem="stale", status=403)
        check_window(request, window)
        owner = Owner(door=Door.FEED, id=READER)
        wanted = NewWatch(owner=owner, text=text, zone=app.settings.zone)
        try:
            made, _ = app.add_watch(wanted)
        except Refused:
            return show(request, text, problem="full", status=403)
        except BadInput:
            return show(request, text, problem="query", status=400)
        return RedirectResponse(f"{PAGE_PATH}/{made.secret}", status_code=303)

    @router.get(PAGE_PATH + "/{secret}")
    def get_made(request: Request, secret: str) -> Response:
        watch = app.read_watch(secret).watch
        feed = f"{render.base(request)}{FEED_PATH}{watch.secret}.atom"
        page = render.page(request, "watch.html", query=watch.text, problem="", feed=feed)
        page.headers["Cache-Control"] = "no-store"
        return page

    return router


def build_watch_feed(watch: Watch, cards: tuple[Card, ...], base_url: str, site: str) -> Feed:
    """Return the feed of a watch, without anything that tells whose it is."""
    address = f"{base_url}{FEED_PATH}{watch.secret}"
    return Feed(
        title=f"{watch.text} · {site}",
        home=f"{base_url}/search?{urlencode({'q': watch.text, 'sort': 'newest'})}",
        atom_url=f"{address}.atom",
        json_url=f"{address}.json",
        author=site,
        entries=build_entries(cards, base_url),
    )
