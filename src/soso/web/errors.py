"""What an error looks like from outside: the table of status codes, and error answers.

Knows status codes and the dresses of an error: a page, JSON, plain text. Must not know what any
route does. Errors that Soso raises on purpose carry a text fit to be shown; all others are shown
as nothing but a number under which the log has them.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import msgspec
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from soso.model.errors import (
    BadInput,
    Busy,
    Gone,
    IndexMismatch,
    NotFound,
    Refused,
    SosoError,
    Unavailable,
)
from soso.web.site.render import Renderer

STATUS: Final[Mapping[type[SosoError], int]] = {
    Gone: 410,
    NotFound: 404,
    BadInput: 400,
    Refused: 403,
    Busy: 503,
    IndexMismatch: 503,
    Unavailable: 503,
}
"""The one table; an error has the status of the nearest class above it, 500 without one."""

CODES: Final[Mapping[int, str]] = {
    400: "bad_input",
    403: "refused",
    404: "not_found",
    405: "method_not_allowed",
    410: "gone",
    413: "too_large",
    414: "too_long",
    429: "too_many_requests",
    500: "internal",
    503: "unavailable",
}
"""What the API calls a status; stable, for programs."""

RETRY_AFTER_S: Final = 5

_JSON: Final = ("/api/", "/healthz")
_PLAIN: Final = ("/b/", "/static/", "/cover/", "/metrics")
_PLAIN_ENDS: Final = (".atom", ".xml", ".txt")

log = logging.getLogger("soso.web")


def status_of(error: SosoError) -> int:
    """Return the status code of an error."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


class ErrorAnswers:
    """Makes the answer to a request that failed: a page for people, JSON for programs."""

    def __init__(self, render: Renderer) -> None:
        self._render = render

    def build(
        self,
        request: Request,
        status: int,
        message: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the answer.

        message: fit to be shown; programs get it, pages have their own wording of the status.
        """
        path = request.scope["path"]
        message = message or HTTPStatus(status).phrase
        answer: Response
        if path.startswith(_JSON) or path.endswith(".json"):
            answer = build_problem(status, message)
        elif path.startswith(_PLAIN) or path.endswith(_PLAIN_ENDS):
            answer = PlainTextResponse(message, status_code=status)
        else:
            number = request.scope.get("state", {}).get("request_id", "") if status == 500 else ""
            answer = self._render.error(request, status, number=number)
        answer.headers.update({"Cache-Control": "no-store", **(headers or {})})
        if status == 503:
            answer.headers.setdefault("Retry-After", str(RETRY_AFTER_S))
        return answer

    def install(self, application: FastAPI) -> None:
        """Make the application answer all errors by this table."""

        def answer_ours(request: Request, error: Exception) -> Response:
            assert isinstance(error, SosoError)
            status = status_of(error)
            if status >= 500:
                log.warning("%s: %s", type(error).__name__, error)
            return self.build(request, status, str(error))

        def answer_http(request: Request, error: Exception) -> Response:
            assert isinstance(error, HTTPException)
            if error.status_code < 400:  # a redirect raised from below
                return Response(status_code=error.status_code, headers=error.headers)
            path = request.scope["path"]
            if error.status_code == 404 and path.endswith("/") and request.method == "GET":
                plain = quote(f"/{path.strip('/')}", safe="/@")  # never //, which is a host
                if plain != "/":
                    return RedirectResponse(plain, status_code=308)
            return self.build(request, error.status_code, error.detail, error.headers)

        def answer_invalid(request: Request, error: Exception) -> Response:
            assert isinstance(error, RequestValidationError)
            in_path = any(found["loc"][:1] == ("path",) for found in error.errors())
            return self.build(request, 404 if in_path else 400, _describe(error))

        application.add_exception_handler(SosoError, answer_ours)
        application.add_exception_handler(HTTPException, answer_http)
        application.add_exception_handler(RequestValidationError, answer_invalid)


def build_problem(status: int, message: str) -> Response:
    """Return an error as the API tells it: {"error": {"code", "message"}}."""
    code = CODES.get(status, "error")
    body = msgspec.json.encode({"error": {"code": code, "message": message}})
    return Response(body, status_code=status, media_type="application/json")


class LastResort:
    """Answers 500 to what nobody foresaw, without details, and logs it with the request's id."""

    def __init__(self, app: ASGIApp, *, answers: ErrorAnswers) -> None:
        self._app = app
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception:  # the last one who can: readers get an answer, the log the whole story
            if started or scope["type"] != "http":
                raise
            log.exception("request %s failed", scope.get("state", {}).get("request_id", ""))
            await self._build_safely(scope)(scope, receive, send)

    def _build_safely(self, scope: Scope) -> Response:
        try:
            return self._answers.build(Request(scope), 500)
        except Exception:  # the page itself may be what fails
            log.exception("the error page failed too")
            return PlainTextResponse("Internal Server Error", status_code=500)


def _describe(error: RequestValidationError) -> str:
    """Return what is wrong with which parameter, without repeating what was sent."""
    return "; ".join(
        f"{'.'.join(str(part) for part in found['loc'][1:])}: {found['msg']}"
        for found in error.errors()
    )
