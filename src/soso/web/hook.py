"""Where Telegram brings the bot's updates to, if it does not wait to be asked for them.

Knows the secret header and what an answer means: 2xx, and the update is not brought again. Must not
know what an update tells.
"""

import hmac
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from soso.abilities.updating import HOOK_PATH
from soso.model.errors import BadInput

if TYPE_CHECKING:
    from soso.bootstrap import App

log = logging.getLogger(__name__)

MOST_UPDATE_BYTES: Final = 1024 * 1024
"""A text of 4,096 characters with its marks, twice for what it answers, is under 100 KB."""

_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"


def make_hook_router(app: "App") -> APIRouter:
    """Return the route that takes updates; there is none where no secret is set."""
    router = APIRouter(include_in_schema=False)
    if not app.settings.has_webhook:
        return router
    secret = app.settings.bot_webhook_secret.get_secret_value().encode()

    @router.post(HOOK_PATH)
    async def take_update(request: Request) -> Response:
        told = request.headers.get(_SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(told, secret):
            raise HTTPException(404)
        update = _read(await request.body())
        if update is None:
            raise HTTPException(400)
        try:
            # A post is in the store before Telegram hears that we have it.
            await run_in_threadpool(app.take_update, update)
        except BadInput as error:
            log.warning("an update was left out: %s", type(error).__name__)
        return Response(status_code=200)

    return router


class BodyLimits:
    """Refuses large bodies; those that Telegram brings may be larger than those of readers."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._usual = RequestBodyLimitMiddleware(app, max_body_size=most_bytes)
        self._hook = RequestBodyLimitMiddleware(app, max_body_size=MOST_UPDATE_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        is_hook = scope["type"] == "http" and scope["path"] == HOOK_PATH
        await (self._hook if is_hook else self._usual)(scope, receive, send)


def _read(body: bytes) -> Mapping[str, object] | None:
    try:
        read = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    return read if isinstance(read, dict) else None
