"""The pages readers begin at: home, results, the list of chats, about; and all routes together.

Knows which page stands where and what it is given; knows no HTML, no wording and no store.
"""

import re
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from soso.model.chat import ChatKind
from soso.query.plan_types import Mode, Sort
from soso.query.results import KIND_TABS, ResultPage, SearchRequest
from soso.web.asking import is_question
from soso.web.site.chat_pages import add_chat_routes
from soso.web.site.files import add_file_routes
from soso.web.site.foreign import clean_line
from soso.web.site.paths import search_path
from soso.web.site.preferences import add_switches, read_preferences
from soso.web.site.refine import FACETS, add_chat, drop_filters, drop_kind, list_refinements
from soso.web.site.render import Renderer
from soso.web.site.story_pages import HOME_STORIES, add_story_routes

if TYPE_CHECKING:
    from soso.bootstrap import App

_REF: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
_PAGE: Final = re.compile(r"[1-9][0-9]{0,4}")
_CHATS_A_PAGE: Final = 60
_ORDERS: Final = ("posts", "recent", "members", "title")
_LISTED_KINDS: Final = (ChatKind.CHANNEL, ChatKind.GROUP, ChatKind.BOT)
_REFINEMENTS: Final = {"chat": 8, "lang": 6, "month": 12}
# Every link beside the results repeats the query; a long one would make the page heavy.
_REFINED_WIDTH: Final = 60


def make_site_router(app: "App", render: Renderer) -> APIRouter:
    """Return the routes of all pages for readers, their static files and switches."""
    router = APIRouter(include_in_schema=False)
    _add_search(router, app, render)
    _add_lists(router, app, render)
    add_chat_routes(router, app, render)
    add_story_routes(router, app, render)
    add_file_routes(router, render)
    add_switches(router)
    return router


def _add_search(router: APIRouter, app: "App", render: Renderer) -> None:
    @router.get("/")
    def get_home(request: Request) -> Response:
        sensitive = read_preferences(request).sensitive
        home = app.get_home(sensitive=sensitive)
        popular = app.list_popular()
        stories = app.list_stories(limit=HOME_STORIES, sensitive=sensitive)
        return render.page(
            request, "home.html", home=home, popular=popular, stories=stories, canonical="/"
        )

    @router.get("/search")
    def get_results(request: Request) -> Response:
        asked = request.query_params
        text, kind, sort = asked.get("q", ""), asked.get("kind", ""), asked.get("sort", "")
        mode = asked.get("mode", "")
        if _REF.fullmatch(asked.get("in", "")):  # the search box of a chat's page
            inside = add_chat(text, asked["in"])
            return RedirectResponse(search_path(inside), status_code=303)
        wanted = SearchRequest(
            text=text,
            kind=kind if kind in KIND_TABS else None,
            sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
            mode=Mode(mode) if mode in set(Mode) else None,
            collapse=asked.get("collapse") != "false",
            page=asked.get("page") or None,
            sensitive=read_preferences(request).sensitive,
        )
        found = app.search(wanted)
        if is_question(request, text, base=render.base(request)):
            app.count_search(text, found)
        context = _results_context(wanted, found)
        return render.page(request, "search.html", modes=_modes(app, found), **context)


def _results_context(wanted: SearchRequest, found: ResultPage) -> dict[str, Any]:
    facets = {}
    for name in FACETS if len(wanted.text) <= _REFINED_WIDTH else ():
        values = found.facets.get(name, ())[: _REFINEMENTS[name]]
        refinements = list_refinements(wanted.text, name, values)
        if len(refinements) > 1 or any(choice.active for choice in refinements):
            facets[name] = refinements
    tab_text, typed_kind = drop_kind(wanted.text)
    return {
        "page": found,
        "q": clean_line(wanted.text),
        "tab_q": clean_line(tab_text),
        "tab": wanted.kind or ("all" if typed_kind is None else typed_kind),
        "kind": wanted.kind,
        "sort": wanted.sort,
        "sorts": tuple(Sort),
        "mode": wanted.mode,
        "collapse": wanted.collapse,
        "kind_tabs": KIND_TABS,
        "facets": facets,
        "stripped": "" if found.rows else drop_filters(wanted.text),
    }


def _modes(app: "App", found: ResultPage) -> tuple[Mode, ...]:
    """What a reader may choose between: nothing where words are all there is."""
    can_choose = app.has_meaning and found.sort is Sort.RELEVANCE
    return (Mode.BOTH, Mode.WORDS, Mode.MEANING) if can_choose else ()


def _add_lists(router: APIRouter, app: "App", render: Renderer) -> None:
    @router.get("/chats")
    def get_chats(request: Request) -> Response:
        asked = request.query_params
        kind = next((kind for kind in _LISTED_KINDS if kind == asked.get("kind")), None)
        order = asked.get("order", "")
        order = order if order in _ORDERS else _ORDERS[0]
        page = int(asked.get("page", "")) if _PAGE.fullmatch(asked.get("page", "")) else 1
        rows = app.list_chats(
            kind=kind, order=order, limit=_CHATS_A_PAGE + 1, offset=(page - 1) * _CHATS_A_PAGE
        )
        sensitive = read_preferences(request).sensitive
        return render.page(
            request,
            "chats.html",
            rows=[row for row in rows[:_CHATS_A_PAGE] if sensitive or not row.chat.sensitive],
            more=len(rows) > _CHATS_A_PAGE,
            kind=kind,
            order=order,
            orders=_ORDERS,
            page=page,
            canonical="/chats",
        )

    @router.get("/about")
    def get_about(request: Request) -> Response:
        return render.page(request, "about.html", canonical="/about")
