"""The saved queries of everybody, and the form that stops or forgets one.

Knows the form's fields. Must not know when a watch tells, nor how.
"""

from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from soso.model.errors import BadInput, NotFound
from soso.web.admin.gate import Gate

if TYPE_CHECKING:
    from soso.bootstrap import App

ROWS: Final = 50
_MOST_PAGES: Final = 10_000

Text = Annotated[str, Form()]


def make_alerts_router(app: "App", gate: Gate) -> APIRouter:
    """Return the page and its form."""
    router = APIRouter(prefix="/admin/alerts")

    def show(request: Request, *, problem: str = "", status: int = 200) -> Response:
        page = request.query_params.get("page", "")
        number = min(int(page), _MOST_PAGES) if page.isascii() and page.isdigit() else 1
        first = (max(number, 1) - 1) * ROWS
        watches = app.list_watches(limit=ROWS + 1, offset=first)
        return gate.page(
            request,
            "admin/alerts.html",
            status=status,
            watches=watches[:ROWS],
            number=max(number, 1),
            more=len(watches) > ROWS,
            problem=problem,
        )

    @router.get("", dependencies=[Depends(gate.check_session)])
    def get_alerts(request: Request) -> Response:
        return show(request)

    @router.post("/{number:int}", dependencies=[Depends(gate.check_form)])
    def change(request: Request, number: int, change: Text = "") -> Response:
        doings = {"stop": app.stop_watch, "resume": app.resume_watch, "remove": app.remove_watch}
        if change not in doings:
            raise BadInput("change is one of: stop, resume, remove")
        try:
            doings[change](number)
        except NotFound as error:  # its owner was faster
            return show(request, problem=str(error), status=404)
        return RedirectResponse("/admin/alerts", status_code=303)

    return router
