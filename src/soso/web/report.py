"""Report or remove: the form by which anyone asks that a chat or post be taken down.

Knows the form's fields and limits. Must not know what the operator decides.
"""

from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Form, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from soso.model.errors import BadInput, NotFound, Refused
from soso.model.value import Value
from soso.ports.desk import RemovalRequest
from soso.web.sessions import CSRF_FIELD, FormTokens, is_https
from soso.web.sharing import Windows
from soso.web.site.foreign import clean_line, clean_text
from soso.web.site.render import Renderer
from soso.web.subject import Subject, parse_subject
from soso.web.throttle import check_window

if TYPE_CHECKING:
    from soso.bootstrap import App

ROLES: Final = ("owner", "named", "rights", "other")
MOST_REASON: Final = 2000  # code points
MOST_CONTACT: Final = 200
RATE: Final = "5/hour"

Text = Annotated[str, Form()]


class Filled(Value):
    """The form as it was filled in. chat: a name, number or address; id: of the post, may be
    empty."""

    chat: str = ""
    id: str = ""
    role: str = ""
    reason: str = ""
    contact: str = ""


class Wrong(Exception):
    """A field can't be taken; problem names a wording under report.error_."""

    def __init__(self, field: str, problem: str, status: int = 400) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem
        self.status = status


def make_report_router(app: "App", render: Renderer, windows: Windows) -> APIRouter:
    """Return the routes of the form."""
    router = APIRouter(prefix="/report", include_in_schema=False)
    tokens = FormTokens(app.secret_key, https=is_https(app.settings), path="/report")
    window = windows.open("reports", RATE)

    def show(request: Request, filled: Filled, wrong: Wrong | None = None) -> Response:
        token, set_cookie = tokens.issue(request)
        page = render.page(
            request,
            "report.html",
            status=200 if wrong is None else wrong.status,
            csrf_field=CSRF_FIELD,
            csrf_token=token,
            form=filled,
            errors={} if wrong is None else {wrong.field: wrong.problem},
            sent=None,
        )
        set_cookie(page)
        return page

    @router.get("")
    def get_form(request: Request, chat: str = "", id: str = "") -> Response:
        return show(request, Filled(chat=clean_line(chat)[:200], id=clean_line(id)[:20]))

    @router.post("")
    def take_form(
        request: Request,
        csrf: Text = "",
        chat: Text = "",
        id: Text = "",
        role: Text = "",
        reason: Text = "",
        contact: Text = "",
        website: Text = "",
    ) -> Response:
        filled = Filled(
            chat=clean_line(chat)[:500],
            id=clean_line(id)[:20],
            role=role,
            reason=clean_text(reason).strip(),
            contact=clean_line(contact),
        )
        try:
            if website:  # people do not see this field; who was misled by a browser sends again
                raise Wrong("send", "csrf")
            tokens.check(request, csrf)
            subject = check_filled(filled)
            _check_readable(app, subject)
            check_window(request, window)
            number = app.request_removal(build_request(filled, subject, app))
        except Refused:
            return show(request, filled, Wrong("send", "csrf", 403))
        except NotFound:
            return show(request, filled, Wrong("chat", "unknown", 404))
        except Wrong as wrong:
            return show(request, filled, wrong)
        return RedirectResponse(f"/report/thanks/{number}", status_code=303)

    @router.get("/thanks/{number}")
    def get_thanks(request: Request, number: Annotated[int, Path(ge=1, le=2**53)]) -> Response:
        return render.page(request, "report.html", sent=number, form=Filled(), errors={})

    return router


def check_filled(filled: Filled) -> Subject:
    """Return what a well filled form is about. Raises Wrong."""
    if not filled.chat:
        raise Wrong("chat", "chat")
    if not filled.reason:
        raise Wrong("reason", "reason")
    if len(filled.reason) > MOST_REASON:
        raise Wrong("reason", "long")
    if len(filled.contact) > MOST_CONTACT:
        raise Wrong("contact", "long")
    if filled.role not in ROLES:
        raise BadInput(f"role is one of: {', '.join(ROLES)}")
    try:
        subject = parse_subject(filled.chat)
    except BadInput as error:
        raise Wrong("chat", "chat") from error
    if not filled.id:
        return subject
    if not filled.id.isascii() or not filled.id.removeprefix("-").isdigit():
        raise Wrong("id", "id")
    return Subject(chat=subject.chat, post_id=int(filled.id[:16]))


def build_request(filled: Filled, subject: Subject, app: "App") -> RemovalRequest:
    """Return the request for the operator's queue."""
    return RemovalRequest(
        chat=subject.chat,
        post_id=subject.post_id,
        role=filled.role,
        reason=filled.reason,
        contact=filled.contact,
        at=app.clock.now(),
        door="web",
    )


def _check_readable(app: "App", subject: Subject) -> None:
    """Raise NotFound for what has no page, so that nobody learns what is kept privately by asking
    for its removal."""
    if subject.post_id is None:
        app.get_chat_page(subject.chat, limit=1)
    else:
        app.get_post_page(subject.chat, subject.post_id, related=0)
