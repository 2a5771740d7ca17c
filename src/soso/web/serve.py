"""The web server: a bound port, the application behind it, an end in good order.

Knows uvicorn and sockets. Must not know routes. Prints nothing.
"""

import errno
import ipaddress
import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Final

import uvicorn

from soso.model.errors import BadInput
from soso.web.app import make_web_app
from soso.web.sharing import sharing
from soso.web.wire import LenientProtocol

if TYPE_CHECKING:
    from soso.bootstrap import App

_BACKLOG: Final = 512
_LAST_ANSWERS_S: Final = 10  # how long answers under way may take when the server ends
_IDLE_S: Final = 15  # an open connection without a request


def serve(app: "App", *, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve the archive until SIGINT or SIGTERM, then let answers under way come to their end.

    port: 0 takes a free one. on_ready is told the address once requests are answered. Called
    outside the main thread, it leaves signals alone and serves until the process ends.
    Raises BadInput when the address can't be taken.
    """
    listener = bind(host, port)
    with listener:
        application = make_web_app(app)
        config = uvicorn.Config(
            application,
            http=LenientProtocol,
            proxy_headers=False,  # web/addresses.py decides whom to believe
            server_header=False,
            access_log=False,
            log_config=None,
            lifespan="off",
            ws="none",
            timeout_keep_alive=_IDLE_S,
            timeout_graceful_shutdown=_LAST_ANSWERS_S,
            backlog=_BACKLOG,
        )
        with sharing(application.state.windows, app.store):
            _Server(config, lambda: on_ready(address_of(listener))).run(sockets=[listener])


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address. Raises BadInput that says what to do."""
    try:
        found = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICSERV
        )
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise BadInput(f"{host!r} is not an address of this machine: {error}") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.set_inheritable(False)
    except OSError as error:
        listener.close()
        raise BadInput(_explain(error, host, port)) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """Return where a browser on this machine finds a bound socket."""
    host, port = listener.getsockname()[:2]
    address = ipaddress.ip_address(host.partition("%")[0])
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == 4 else "::1")
    return f"http://[{address}]:{port}" if address.version == 6 else f"http://{address}:{port}"


class _Server(uvicorn.Server):
    """Tells when it serves, and returns after a signal instead of raising it again: the caller has
    a store and an index to close."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """End in good order at the first signal, at once at the second."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def end(number: int, _: FrameType | None) -> None:
            if self.should_exit and number == signal.SIGINT:
                self.force_exit = True
            self.should_exit = True

        before = {one: signal.signal(one, end) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def _explain(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"port {port} of {host} is in use; stop what uses it, choose another with --port,"
                " or take a free one with --port 0"
            )
        case errno.EACCES:
            return f"port {port} needs special rights; choose one above 1023 with --port"
        case _:
            return f"can't listen on {host} port {port}: {error.strerror or error}"
