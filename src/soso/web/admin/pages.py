"""What the operator sees.

Knows which question of the archive each page asks. Must not know forms that change anything; those
are in admin/actions.py.
"""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from soso.model.chat import Chat, ChatKind, Visibility
from soso.model.value import Value
from soso.ports.chats import ChatRow
from soso.ports.desk import RequestState
from soso.web.admin.actions import make_actions_router
from soso.web.admin.alerts import make_alerts_router
from soso.web.admin.gate import Gate
from soso.web.admin.sources import make_sources_router
from soso.web.admin.submissions import make_submissions_router
from soso.web.health import LatestStatus
from soso.web.sharing import Windows
from soso.web.site.render import Renderer

if TYPE_CHECKING:
    from soso.bootstrap import App

ROWS: Final = 50
QUERY_DAYS: Final = 30
_STEP: Final = 500
_MOST_PAGES: Final = 10_000


class ChatFilter(Value):
    """Which chats the operator wants to see. words: in the title or a name; a ref as a whole."""

    words: str = ""
    kind: ChatKind | None = None
    visibility: Visibility | None = None

    def fits(self, chat: Chat) -> bool:
        """Whether a chat is among them."""
        if self.kind not in (None, chat.kind):
            return False
        if self.visibility not in (None, chat.visibility):
            return False
        words = self.words.strip().removeprefix("@").casefold()
        names = (chat.title, *(one.name for one in chat.usernames), chat.username or "")
        return words == chat.ref or any(words in name.casefold() for name in names)


def make_admin_router(
    app: "App", render: Renderer, latest: LatestStatus, windows: Windows
) -> APIRouter:
    """Return all routes under /admin."""
    gate = Gate(app, render, windows)
    router = APIRouter(include_in_schema=False)
    router.include_router(gate.make_router())
    router.include_router(_make_pages_router(app, gate, latest))
    router.include_router(make_actions_router(app, gate))
    router.include_router(make_sources_router(app, gate))
    router.include_router(make_submissions_router(app, gate))
    router.include_router(make_alerts_router(app, gate))
    return router


def _make_pages_router(app: "App", gate: Gate, latest: LatestStatus) -> APIRouter:
    router = APIRouter(prefix="/admin", dependencies=[Depends(gate.check_session)])

    @router.get("")
    def get_overview(request: Request) -> Response:
        waiting = len(app.list_requests(RequestState.OPEN))
        last = next(iter(app.list_reports()), None)
        archive = latest.status()
        return gate.page(
            request, "admin/overview.html", archive=archive, waiting=waiting, last=last
        )

    @router.get("/chats")
    def get_chats(
        request: Request, q: str = "", kind: str = "", visibility: str = "", page: str = ""
    ) -> Response:
        wanted = ChatFilter(
            words=q[:200],
            kind=ChatKind(kind) if kind in list(ChatKind) else None,
            visibility=Visibility(visibility) if visibility in list(Visibility) else None,
        )
        number = min(int(page), _MOST_PAGES) if page.isascii() and page.isdigit() else 1
        first = (max(number, 1) - 1) * ROWS
        rows = list(islice(iter_chats(app, wanted), first, first + ROWS + 1))
        return gate.page(
            request,
            "admin/chats.html",
            wanted=wanted,
            rows=rows[:ROWS],
            number=max(number, 1),
            more=len(rows) > ROWS,
            kinds=tuple(ChatKind),
            visibilities=tuple(Visibility),
            query=request.url.query,
        )

    @router.get("/imports")
    def get_imports(request: Request) -> Response:
        return gate.page(request, "admin/imports.html", reports=app.list_reports())

    @router.get("/requests")
    def get_requests(request: Request, state: str = "open") -> Response:
        wanted = RequestState(state) if state in list(RequestState) else None
        return gate.page(
            request,
            "admin/requests.html",
            requests=app.list_requests(wanted),
            wanted=wanted,
            states=tuple(RequestState),
        )

    @router.get("/blocks")
    def get_blocks(request: Request) -> Response:
        return gate.page(request, "admin/blocks.html", blocks=app.list_blocks(), problem="")

    @router.get("/queries")
    def get_queries(request: Request, days: str = "") -> Response:
        span = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else QUERY_DAYS
        return gate.page(
            request,
            "admin/queries.html",
            report=app.list_queries(days=span, limit=ROWS),
            days=span,
            counted=app.settings.query_log,
        )

    @router.get("/decisions")
    def get_decisions(request: Request) -> Response:
        return gate.page(request, "admin/decisions.html", decisions=app.list_decisions())

    return router


def iter_chats(app: "App", wanted: ChatFilter) -> Iterator[ChatRow]:
    """Yield all chats that fit, the private ones too, largest first, in bounded memory."""
    offset = 0
    while rows := app.list_chats(
        listed=False, kind=wanted.kind, order="posts", limit=_STEP, offset=offset
    ):
        yield from (row for row in rows if wanted.fits(row.chat))
        offset += len(rows)
