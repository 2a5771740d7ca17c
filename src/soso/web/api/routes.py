"""The routes of /api/v1.

Knows parameters and which question of the archive answers them. Must not know the archive's
values; api/build.py turns them into payloads.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Final, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from soso.model.chat import ChatKind
from soso.ports.chats import ChatRow
from soso.query.plan_types import Mode, Sort
from soso.query.results import SearchRequest
from soso.web.api.build import PayloadMaker
from soso.web.api.payloads import (
    PROBLEMS,
    ChatAnswer,
    ChatList,
    ChatPosts,
    CopiesAnswer,
    PostAnswer,
    RelatedAnswer,
    SearchAnswer,
    StoryAnswer,
    StoryList,
    SuggestAnswer,
)
from soso.web.asking import is_question
from soso.web.limits import parse_window
from soso.web.site.render import Renderer
from soso.web.throttle import SUGGEST_RATE, check_window

if TYPE_CHECKING:
    from soso.bootstrap import App

_MOST_ID: Final = 2**53  # beyond it JSON's readers lose digits; Telegram's ids have 31 bits

_Maker = Callable[[Request, bool], PayloadMaker]
Kind = Literal["group", "channel", "bot", "video", "photo", "audio", "file", "post"]
MediaTab = Literal["video", "photo", "audio", "file"]
ChatOrder = Literal["posts", "recent", "members", "title"]
OpenKind = Literal["channel", "group", "bot"]
Ref = Annotated[
    str, Path(max_length=64, description="what a hit's `chat` says, or a name such as @durov")
]
PostId = Annotated[int, Path(ge=-_MOST_ID, le=_MOST_ID, description="what a hit's `id` says")]
Limit = Annotated[int, Query(ge=1, le=100)]
PageToken = Annotated[
    str | None, Query(max_length=500, description="`next` or `previous` of an answer before")
]
Sensitive = Annotated[bool, Query(description="whether sensitive content is shown")]


def make_api_router(app: "App", render: Renderer) -> APIRouter:
    """Return the routes of the API; the models describe what is sent as it is built."""
    router = APIRouter(prefix="/api/v1", tags=["v1"], responses=PROBLEMS)

    def maker(request: Request, sensitive: bool) -> PayloadMaker:
        speaker = Speaker(Language.ENGLISH, app.settings.time_zone, app.clock.now())
        return PayloadMaker(render.base(request), speaker, sensitive=sensitive)

    @router.get("/search", response_model=SearchAnswer, summary="Search posts and chats")
    def search(
        request: Request,
        q: Annotated[str, Query(description="the same grammar as on the site")] = "",
        kind: Annotated[Kind | None, Query(description="only these; all without it")] = None,
        sort: Sort = Sort.RELEVANCE,
        mode: Annotated[
            Mode | None, Query(description="by words, by meaning or by both; as set without it")
        ] = None,
        collapse: Annotated[
            bool, Query(description="one hit for what several channels published")
        ] = True,
        page: PageToken = None,
        limit: Limit = 20,
        sensitive: Sensitive = False,
    ) -> Response:
        asked = SearchRequest(
            text=q,
            kind=kind,
            sort=sort,
            mode=mode,
            collapse=collapse,
            page=page,
            limit=limit,
            sensitive=sensitive,
        )
        found = app.search(asked)
        if is_question(request, q, base=render.base(request)):
            app.count_search(q, found)
        return _answer(maker(request, sensitive).search(found))

    @router.get("/posts/{chat}/{id}", response_model=PostAnswer, summary="A post")
    def get_post(request: Request, chat: Ref, id: PostId, sensitive: Sensitive = False) -> Response:
        page = app.get_post_page(chat, id, sensitive=sensitive, related=0)
        copies = app.get_cluster(chat, id, sensitive=sensitive, differences=0)
        return _answer(maker(request, sensitive).post(page, copies))

    @router.get(
        "/posts/{chat}/{id}/copies", response_model=CopiesAnswer, summary="Who was first, and after"
    )
    def get_copies(
        request: Request, chat: Ref, id: PostId, sensitive: Sensitive = False
    ) -> Response:
        copies = app.get_cluster(chat, id, sensitive=sensitive)
        return _answer(maker(request, sensitive).copies(copies))

    @router.get(
        "/posts/{chat}/{id}/related", response_model=RelatedAnswer, summary="Related posts, and why"
    )
    def get_related(
        request: Request,
        chat: Ref,
        id: PostId,
        limit: Annotated[int, Query(ge=1, le=20)] = 8,
        sensitive: Sensitive = False,
        copies: Annotated[
            bool, Query(description="whether copies of the post, and of each other, are kept")
        ] = False,
    ) -> Response:
        cards = app.get_related(chat, id, limit=limit, sensitive=sensitive, copies=copies)
        return _answer(RelatedAnswer(related=maker(request, sensitive).hits(cards)))

    _add_chat_routes(router, app, maker)
    _add_story_routes(router, app, maker)
    _add_suggest_route(router, app, maker)
    return router


def _add_chat_routes(router: APIRouter, app: "App", maker: _Maker) -> None:
    @router.get("/chats", response_model=ChatList, summary="Listed chats")
    def list_chats(
        request: Request,
        kind: OpenKind | None = None,
        order: ChatOrder = "posts",
        limit: Limit = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        sensitive: Sensitive = False,
    ) -> Response:
        of_kind = ChatKind(kind) if kind is not None else None
        rows = app.list_chats(kind=of_kind, order=order, limit=limit + 1, offset=offset)
        make = maker(request, sensitive)
        shown = [row for row in rows[:limit] if sensitive or not row.chat.sensitive]
        following = offset + limit if len(rows) > limit else None
        return _answer(ChatList(chats=[make.chat(row) for row in shown], next_offset=following))

    @router.get("/chats/{chat}", response_model=ChatAnswer, summary="A channel, group or bot")
    def get_chat(request: Request, chat: Ref, sensitive: Sensitive = False) -> Response:
        page = app.get_chat_page(chat, sensitive=sensitive, limit=1)
        row = ChatRow(chat=page.chat, posts=page.posts, last_post_at=page.last_post_at)
        return _answer(maker(request, sensitive).chat(row))

    @router.get(
        "/chats/{chat}/related", response_model=RelatedAnswer, summary="Related chats, and why"
    )
    def get_related_chats(
        request: Request,
        chat: Ref,
        limit: Annotated[int, Query(ge=1, le=20)] = 6,
        sensitive: Sensitive = False,
    ) -> Response:
        cards = app.get_related_chats(chat, limit=limit, sensitive=sensitive)
        return _answer(RelatedAnswer(related=maker(request, sensitive).hits(cards)))

    @router.get(
        "/chats/{chat}/posts", response_model=ChatPosts, summary="A chat's posts, newest first"
    )
    def list_chat_posts(
        request: Request,
        chat: Ref,
        kind: MediaTab | None = None,
        page: PageToken = None,
        limit: Limit = 20,
        sensitive: Sensitive = False,
    ) -> Response:
        found = app.get_chat_page(chat, kind=kind, page=page, sensitive=sensitive, limit=limit)
        return _answer(maker(request, sensitive).chat_posts(found))


def _add_story_routes(router: APIRouter, app: "App", maker: _Maker) -> None:
    @router.get("/stories", response_model=StoryList, summary="Current stories")
    def list_stories(
        request: Request,
        limit: Limit = 20,
        offset: Annotated[int, Query(ge=0, le=1_000)] = 0,
        sensitive: Sensitive = False,
    ) -> Response:
        found = app.list_stories(limit=limit + 1, offset=offset, sensitive=sensitive)
        make = maker(request, sensitive)
        following = offset + limit if len(found) > limit else None
        stories = [make.story(story) for story in found[:limit]]
        return _answer(StoryList(stories=stories, next_offset=following))

    @router.get("/stories/{id}", response_model=StoryAnswer, summary="A story and its posts")
    def get_story(
        request: Request,
        id: Annotated[int, Path(ge=1, le=_MOST_ID, description="what a story's `id` says")],
        sensitive: Sensitive = False,
    ) -> Response:
        page = app.get_story(id, sensitive=sensitive)
        return _answer(maker(request, sensitive).story_page(page))


def _add_suggest_route(router: APIRouter, app: "App", maker: _Maker) -> None:
    window = parse_window(SUGGEST_RATE)

    @router.get("/suggest", response_model=SuggestAnswer, summary="What to go on with while typing")
    def suggest(
        request: Request,
        q: Annotated[str, Query(description="what was typed so far")] = "",
        limit: Annotated[int, Query(ge=1, le=20)] = 8,
        sensitive: Sensitive = False,
    ) -> Response:
        check_window(request, window)
        found = app.suggest(q, limit=limit, sensitive=sensitive)
        return _answer(maker(request, sensitive).suggestions(q, found))


def _answer(payload: BaseModel) -> Response:
    return Response(payload.model_dump_json(), media_type="application/json")
