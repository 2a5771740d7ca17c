"""What is followed, and the forms that change it; chats that posts speak of, to be followed.

Knows the forms' fields. Must not know how a source is visited.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from soso.model.errors import BadInput, SosoError
from soso.model.following import Route, SourceState
from soso.web.admin.gate import Gate

if TYPE_CHECKING:
    from soso.bootstrap import App

WHO: Final = "operator"
ROWS: Final = 100
PROPOSED: Final = 20
_MOST_TEXT: Final = 200_000  # code points of a list that is pasted in
_LOOKED_AT: Final = 5  # names that are looked up while the page loads
_PROBLEMS: Final = 10

Text = Annotated[str, Form()]


def make_sources_router(app: "App", gate: Gate) -> APIRouter:
    """Return the page and its forms."""
    router = APIRouter(prefix="/admin/sources")

    def show(request: Request, *, problems: Sequence[str] = (), status: int = 200) -> Response:
        asked = request.query_params
        state, route, after = (asked.get(name, "") for name in ("state", "route", "after"))
        rows = app.list_sources(
            states=(SourceState(state),) if state in list(SourceState) else (),
            routes=(Route(route),) if route in list(Route) else (),
            after=int(after) if after.isascii() and after.isdigit() and len(after) < 12 else 0,
            limit=ROWS + 1,
        )
        return gate.page(
            request,
            "admin/sources.html",
            status=status,
            rows=rows[:ROWS],
            following=rows[ROWS - 1].number if len(rows) > ROWS else None,
            state=state,
            route=route,
            states=tuple(SourceState),
            routes=tuple(Route),
            proposed=app.list_proposed(limit=PROPOSED),
            problems=problems,
            now=app.clock.now(),
        )

    @router.get("", dependencies=[Depends(gate.check_session)])
    def get_sources(request: Request) -> Response:
        return show(request)

    @router.post("", dependencies=[Depends(gate.check_form)])
    def add(request: Request, names: Text = "") -> Response:
        problems: list[str] = []
        try:
            wanted = app.read_names(names[:_MOST_TEXT].encode("utf-8", "replace")).names
            if not wanted:
                raise BadInput("write @names or addresses, one a line")
        except SosoError as error:
            return show(request, problems=[str(error)], status=400)
        for name in wanted:
            try:
                app.add_source(name, who=WHO, look=len(wanted) <= _LOOKED_AT)
            except SosoError as error:
                problems.append(f"{name}: {error}")
        if problems:
            return show(request, problems=problems[:_PROBLEMS], status=400)
        return RedirectResponse("/admin/sources", status_code=303)

    @router.post("/proposed", dependencies=[Depends(gate.check_form)])
    def decide(request: Request, name: Text = "", decision: Text = "") -> Response:
        try:
            if decision == "follow":
                app.add_source(f"@{name}", who=WHO)
            else:
                app.ignore_proposed(name)
        except SosoError as error:
            return show(request, problems=[f"@{name}: {error}"], status=400)
        return RedirectResponse("/admin/sources#proposed", status_code=303)

    @router.post("/{number:int}", dependencies=[Depends(gate.check_form)])
    def change(request: Request, number: int, decision: Text = "") -> Response:
        name = f"#{number}"
        try:
            match decision:
                case "pause" | "resume":
                    app.pause_source(name, paused=decision == "pause", who=WHO)
                case "visit":
                    app.visit_now(name, who=WHO)
                case "remove":
                    app.remove_source(name, who=WHO)
                case _:
                    raise BadInput("decision is one of: pause, resume, visit, remove")
        except SosoError as error:
            return show(request, problems=[str(error)], status=400)
        return RedirectResponse("/admin/sources", status_code=303)

    return router
