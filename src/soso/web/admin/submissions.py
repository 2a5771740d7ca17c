"""What readers asked the bot to index: the queue, and the form that decides.

Knows the form's fields. Must not know how a chat is followed, nor how those who asked are told.
"""

from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from soso.model.errors import BadInput, NotFound
from soso.ports.bot_kept import SubmissionState
from soso.web.admin.gate import Gate
from soso.web.site.foreign import clean_line

if TYPE_CHECKING:
    from soso.bootstrap import App

WHO: Final = "operator"
_MOST_NOTE: Final = 500  # code points

Text = Annotated[str, Form()]


def make_submissions_router(app: "App", gate: Gate) -> APIRouter:
    """Return the page and its form."""
    router = APIRouter(prefix="/admin/submissions")

    def show(request: Request, *, problem: str = "", status: int = 200) -> Response:
        state = request.query_params.get("state", "open")
        wanted = SubmissionState(state) if state in list(SubmissionState) else None
        return gate.page(
            request,
            "admin/submissions.html",
            status=status,
            submissions=app.list_submissions(wanted),
            wanted=wanted,
            states=tuple(SubmissionState),
            problem=problem,
        )

    @router.get("", dependencies=[Depends(gate.check_session)])
    def get_submissions(request: Request) -> Response:
        return show(request)

    @router.post("/{number:int}", dependencies=[Depends(gate.check_form)])
    def decide(request: Request, number: int, decision: Text = "", note: Text = "") -> Response:
        if decision not in ("accept", "refuse"):
            raise BadInput("decision is one of: accept, refuse")
        said = clean_line(note)[:_MOST_NOTE]
        try:
            app.decide_submission(number, accept=decision == "accept", who=WHO, note=said)
        except (BadInput, NotFound) as error:
            return show(request, problem=str(error), status=400)
        return RedirectResponse("/admin/submissions", status_code=303)

    return router
