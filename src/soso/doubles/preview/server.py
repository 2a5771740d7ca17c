"""The double as a server on loopback.

Plain ASGI: a page must cost little, as some measurements ask for hundreds a second.
"""

import asyncio
import gzip
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import uvicorn

from soso.doubles.preview.answering import Answer, answer, is_media
from soso.doubles.preview.control import PREFIX, control
from soso.doubles.preview.double import PreviewDouble, Request
from soso.doubles.preview.failures import Failure

_SMALL: Final = 1024
_START_S: Final = 10.0


class Started(NamedTuple):
    """A double that answers. address: http://127.0.0.1:PORT; stop: ends it."""

    address: str
    double: PreviewDouble
    stop: Callable[[], None]


class Cut(Exception):
    """The answer was told to end before its end."""


def start_preview_double(double: PreviewDouble | None = None, *, port: int = 0) -> Started:
    """Start a double in a thread of its own; port 0 takes a free one. Raises OSError."""
    made = PreviewDouble() if double is None else double
    listening = socket.create_server(("127.0.0.1", port))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    made.links.base = address
    server = uvicorn.Server(
        uvicorn.Config(
            make_site(made), log_config=None, log_level="critical", access_log=False, lifespan="off"
        )
    )
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listening]}, name="preview-double", daemon=True
    )
    thread.start()
    until = time.monotonic() + _START_S
    while not server.started and time.monotonic() < until:
        time.sleep(0.005)

    def stop() -> None:
        server.should_exit = True
        thread.join()
        listening.close()

    return Started(address, made, stop)


def make_site(double: PreviewDouble) -> Any:
    """Return the double as an ASGI application."""

    async def site(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if path.startswith(PREFIX):
            status, body = control(double, path.removeprefix(PREFIX), await _read(receive))
            await _send(send, Answer(status, body, "application/json"))
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        with double.lock:
            failure = double.failures.take(path)
        found = _failed(failure) or answer(
            double, path, scope["query_string"].decode("latin-1"), headers.get("if-none-match", "")
        )
        kind = "media" if is_media(path) else "page"
        agent = headers.get("user-agent", "")
        with double.lock:
            double.requests.append(Request(time.monotonic(), kind, path, found.status, agent))
        if failure is not None and failure.slow_s:
            await asyncio.sleep(failure.slow_s)
        packed = "gzip" in headers.get("accept-encoding", "")
        await _send(send, found, packed=packed, keep=None if failure is None else failure.keep)

    return site


def _failed(failure: Failure | None) -> Answer | None:
    if failure is None or not failure.status:
        return None
    waits = (("Retry-After", failure.retry_after),) if failure.retry_after else ()
    return Answer(failure.status, b"<html><body>Sorry</body></html>", headers=waits)


async def _read(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body


async def _send(
    send: Any, found: Answer, *, packed: bool = False, keep: float | None = None
) -> None:
    body = found.content
    headers = [("Content-Type", found.content_type), *found.headers]
    if packed and len(body) > _SMALL and found.content_type.startswith("text/"):
        body = gzip.compress(body, 1)
        headers.append(("Content-Encoding", "gzip"))
    headers.append(("Content-Length", str(len(body))))
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    if found.status == 304:
        raw, body = raw[:-1], b""
    await send({"type": "http.response.start", "status": found.status, "headers": raw})
    if keep is not None:
        await send(
            {"type": "http.response.body", "body": body[: int(len(body) * keep)], "more_body": True}
        )
        raise Cut
    await send({"type": "http.response.body", "body": body})
