"""What a reader has chosen: language, theme, and whether sensitive content is shown.

Knows the cookies and the ?lang= of addresses; knows nothing of what pages look like.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from soso.i18n.language import Language, choose_language, match_language
from soso.model.value import Value

LANGUAGE_COOKIE: Final = "lang"
THEME_COOKIE: Final = "theme"  # read by static/site.js too, so the page does not flash
SENSITIVE_COOKIE: Final = "sensitive"
THEMES: Final = ("auto", "light", "dark")

_YEAR_S: Final = 365 * 24 * 3600
_LOCAL: Final = re.compile(r"/(?!/)[^\x00-\x20\x7f\\]{0,8000}")


class Preferences(Value):
    """How a page is to be shown; theme is one of THEMES, auto follows the device."""

    language: Language
    theme: str = "auto"
    sensitive: bool = False


def read_preferences(request: Request) -> Preferences:
    """Return what the address, the cookies and the browser ask for, in this order."""
    theme = request.cookies.get(THEME_COOKIE, "")
    return Preferences(
        language=choose_language(
            request.query_params.get("lang"),
            request.cookies.get(LANGUAGE_COOKIE),
            request.headers.get("accept-language"),
        ),
        theme=theme if theme in THEMES else "auto",
        sensitive=request.cookies.get(SENSITIVE_COOKIE) == "1",
    )


def add_switches(router: APIRouter) -> None:
    """Add the routes that keep a choice and go back to where the reader was."""

    @router.get("/lang")
    async def set_language(request: Request) -> Response:
        language = match_language(request.query_params.get("to", ""))
        return _keep(request, LANGUAGE_COOKIE, language)

    @router.get("/theme")
    async def set_theme(request: Request) -> Response:
        theme = request.query_params.get("to")
        return _keep(request, THEME_COOKIE, theme if theme in ("light", "dark") else None)

    @router.get("/sensitive")
    async def set_sensitive(request: Request) -> Response:
        asked = request.query_params.get("on") == "1"
        return _keep(request, SENSITIVE_COOKIE, "1" if asked else None)


def _keep(request: Request, name: str, value: str | None) -> Response:
    """Return the redirect that keeps a choice for a year (None: forgets it)."""
    answer = RedirectResponse(_find_onward(request), status_code=303)
    secure = request.url.scheme == "https"
    if value is None:
        answer.delete_cookie(name, samesite="lax", secure=secure)
    else:
        answer.set_cookie(name, value, max_age=_YEAR_S, samesite="lax", secure=secure)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _find_onward(request: Request) -> str:
    """Return the path to go on to: ?next=, else the page the reader comes from.

    Anything that is not a path of this site, another site's address above all, leads home.
    """
    onward = request.query_params.get("next", "")
    if not onward:
        came_from = urlsplit(request.headers.get("referer", ""))
        if came_from.netloc == request.url.netloc:
            onward = came_from._replace(scheme="", netloc="", fragment="").geturl()
    return onward if _LOCAL.fullmatch(onward) else "/"
