"""Who may pass: signing in and out, and the checks that every operator's route makes.

Knows the password form. Must not know what lies behind.
"""

import logging
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from soso.model.errors import Refused
from soso.web.sessions import FormTokens, Sessions, is_https
from soso.web.sharing import Windows
from soso.web.site.render import Renderer
from soso.web.throttle import check_window, client_of

if TYPE_CHECKING:
    from soso.bootstrap import App

LOGIN_PATH: Final = "/admin/login"
TRIES: Final = "5/minute"
_LONGEST_PASSWORD: Final = 1000  # a longer one only keeps the processor busy

log = logging.getLogger("soso.web.admin")


class Gate:
    """The door of the operator's pages."""

    def __init__(self, app: "App", render: Renderer, windows: Windows) -> None:
        https = is_https(app.settings)
        self._app = app
        self._render = render
        self._sessions = Sessions(app.secret_key, https=https, answers=app.store, clock=app.clock)
        self._tokens = FormTokens(app.secret_key, https=https, path=LOGIN_PATH)
        self._tries = windows.open("tries", TRIES)

    def check_session(self, request: Request) -> str:
        """Return the session; sends others to the password form."""
        session = self._sessions.find(request)
        if session is None:
            raise HTTPException(303, headers={"Location": LOGIN_PATH})
        return session

    def check_form(self, request: Request, csrf: Annotated[str, Form()] = "") -> None:
        """Let a form pass that comes from a page of its sender's session. Raises Refused."""
        self._sessions.check_csrf(self.check_session(request), csrf)

    def page(
        self, request: Request, template: str, *, status: int = 200, **context: object
    ) -> Response:
        """Return an operator's page; its forms find their token in csrf."""
        token = self._sessions.csrf_token(self.check_session(request))
        return self._render.page(request, template, status=status, csrf=token, **context)

    def make_router(self) -> APIRouter:
        """Return the routes of signing in and out."""
        router = APIRouter(prefix="/admin", include_in_schema=False)

        @router.get("/login")
        def get_form(request: Request) -> Response:
            if self._sessions.find(request) is not None:
                return RedirectResponse("/admin", status_code=303)
            return self._show(request)

        @router.post("/login")
        def sign_in(
            request: Request,
            csrf: Annotated[str, Form()] = "",
            password: Annotated[str, Form()] = "",
        ) -> Response:
            check_window(request, self._tries)
            try:
                self._tokens.check(request, csrf)
            except Refused:
                return self._show(request, problem="stale", status=403)
            if len(password) > _LONGEST_PASSWORD or not self._app.check_password(password):
                log.warning("sign-in refused for %s", client_of(request))
                return self._show(request, problem="password", status=403)
            answer = RedirectResponse("/admin", status_code=303)
            self._sessions.begin(answer)
            return answer

        @router.post("/logout")
        def sign_out(request: Request, csrf: Annotated[str, Form()] = "") -> Response:
            self.check_form(request, csrf)
            answer = RedirectResponse(LOGIN_PATH, status_code=303)
            self._sessions.end(self.check_session(request), answer)
            return answer

        return router

    def _show(self, request: Request, *, problem: str = "", status: int = 200) -> Response:
        token, set_cookie = self._tokens.issue(request)
        page = self._render.page(
            request, "admin/login.html", status=status, csrf=token, problem=problem
        )
        set_cookie(page)
        return page
