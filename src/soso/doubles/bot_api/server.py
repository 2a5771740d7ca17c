"""The double as a server of its own on this machine: the Bot API, the control side, the chat page.

Knows HTTP and threads. Must not know what methods do.
"""

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator
from typing import Any, Final, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from soso.doubles.bot_api.api import TOKEN, Api
from soso.doubles.bot_api.arguments import Call, as_number, read_call
from soso.doubles.bot_api.clock import VirtualClock
from soso.doubles.bot_api.control import make_control_routes
from soso.doubles.bot_api.errors import WEBHOOK_ACTIVE, ApiError
from soso.doubles.bot_api.limits import Failure, Limits
from soso.doubles.bot_api.methods import run_method
from soso.doubles.bot_api.stage import Stage
from soso.doubles.bot_api.updates import LongPoll
from soso.doubles.bot_api.webhook import WebhookDelivery
from soso.doubles.bot_api.world import Raw

_START_S: Final = 10.0


class BotApiDouble(Stage):
    """A Bot API on loopback, in a thread of its own, for as long as the context lasts.

    url: what a bot takes as its server. token: the one bot's. What people do and see are the
    methods of Stage. A clock that is frozen makes limits and lives of queries exact.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        clock: VirtualClock | None = None,
        limits: Limits | None = None,
        privacy: bool = True,
        callback_life_s: float = 60.0,
        inline_life_s: float = 30.0,
    ) -> None:
        super().__init__(
            Api(
                clock=clock,
                limits=limits,
                privacy=privacy,
                callback_life_s=callback_life_s,
                inline_life_s=inline_life_s,
            )
        )
        self.token = TOKEN
        self._port = port
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def clock(self) -> VirtualClock:
        """The double's time."""
        return self.api.clock

    @property
    def url(self) -> str:
        """Where it answers: http://127.0.0.1:PORT."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Begin to answer. Raises OSError when the port is taken."""
        self._socket = socket.create_server(("127.0.0.1", self._port), backlog=512)
        self._port = self._socket.getsockname()[1]
        config = uvicorn.Config(
            make_double_app(self),
            access_log=False,
            log_config=None,
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        sockets = [self._socket]
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": sockets}, name="bot-api-double", daemon=True
        )
        self._thread.start()
        end = threading.Event()
        for _ in range(int(_START_S * 100)):
            if self._server.started:
                return
            end.wait(0.01)
        raise OSError("the double did not start")

    def close(self) -> None:
        """Stop answering; polls that wait are dropped."""
        if self._server is not None and self._thread is not None:
            with self.api.lock:
                self.api.is_closing = True
                self.api.queue.wake()
                self.api.tell()
            self._server.should_exit = True
            self._thread.join(timeout=_START_S)
        if self._socket is not None:
            self._socket.close()


def make_double_app(stage: Stage) -> Starlette:
    """Return the application: /bot<token>/<method>, /file/bot<token>/<path>, /control, the page."""
    front = _Front(stage.api)

    @contextlib.asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        front.poll = LongPoll(asyncio.get_running_loop(), stage.api.queue)
        delivery = WebhookDelivery(stage.api, lambda call: run_method(stage.api, call))
        task = asyncio.create_task(delivery.run())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    routes = [
        Route("/bot{token}/{method}", front.answer, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", front.download),
        *make_control_routes(stage),
    ]
    return Starlette(routes=routes, lifespan=life)


class _Front:
    """The Bot API over HTTP."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.poll: LongPoll | None = None

    async def answer(self, request: Request) -> Response:
        """Answer one call."""
        if request.path_params["token"] != TOKEN:
            return _refuse(ApiError(401, "Unauthorized"))
        method = request.path_params["method"].lower()
        try:
            call = await read_call(method, request)
            with self.api.lock:
                failure = self.api.script.next(method)
            if failure is not None:
                return await self._fail(failure, call)
            return JSONResponse({"ok": True, "result": await self._run(call)})
        except ApiError as error:
            return _refuse(error)

    async def _run(self, call: Call) -> Any:
        if call.method == "getupdates":
            return await self._get_updates(call)
        return run_method(self.api, call)

    async def _get_updates(self, call: Call) -> list[Raw]:
        assert self.poll is not None
        api = self.api
        with api.lock:
            if api.webhook:
                raise ApiError(409, WEBHOOK_ACTIVE)
            api.queue.ask_for(call.args.get("allowed_updates"))
            offset = as_number(call.args, "offset") or 0
            if offset:
                api.queue.confirm(offset)
                api.tell()
        limit = as_number(call.args, "limit") or 100
        timeout_s = as_number(call.args, "timeout") or 0

        def take() -> list[Raw]:
            with api.lock:
                if api.is_closing:
                    raise ApiError(502, "Bad Gateway")
                return api.queue.take(limit)

        with api.lock:
            api.polls += 1
            api.tell()
        try:
            return await self.poll.wait(timeout_s, take)
        finally:
            with api.lock:
                api.polls -= 1

    async def _fail(self, failure: Failure, call: Call) -> Response:
        if failure.done:
            await self._run(call)
        if failure.status == 0:
            await asyncio.sleep(failure.hang_s)
            return _Dropped()
        if failure.html:
            page = f"<html><body><h1>{failure.status}</h1><hr>a proxy</body></html>"
            return HTMLResponse(page, failure.status)
        if failure.status == 429:
            seconds = failure.retry_after
            text = f"Too Many Requests: retry after {seconds}"
            return _refuse(ApiError(429, text, retry_after=seconds))
        return _refuse(ApiError(failure.status, "Internal Server Error"))

    async def download(self, request: Request) -> Response:
        """Answer with a file's content."""
        if request.path_params["token"] != TOKEN:
            return _refuse(ApiError(401, "Unauthorized"))
        with self.api.lock:
            failure = self.api.script.next("file")
            file = self.api.world.file_at(request.path_params["path"])
        if failure is not None:
            return _refuse(ApiError(failure.status or 500, "Internal Server Error"))
        if file is None:
            return _refuse(ApiError(404, "Not Found: file not found"))
        return Response(file.content, media_type=file.mime)


class _Dropped(Response):
    """A connection that ends without its answer."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"100"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"ok":', "more_body": False})


def _refuse(error: ApiError) -> Response:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else None
    if error.code == 413:
        return PlainTextResponse(error.description, 413)
    return JSONResponse(error.body(), error.code, headers=headers)
