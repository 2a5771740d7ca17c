"""Servers on loopback that answer byte by byte what a test tells them, and fetchers to ask them."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from soso.fetchers import Guard, HttpFetcher, Limits, PoliteQueue
from soso.ports.hosts import Hosts
from soso.stores.sql.answers import open_scratch
from soso.stores.sql.hosts import SqlHosts

Piece = bytes | float
Answers = Callable[[str], Sequence[Piece]]


class Clock:
    """The machine's clock, which a test can make jump."""

    def __init__(self) -> None:
        self.jump = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.jump


class RawServer:
    """Answers each connection once: pieces are sent as they are, a number is a pause in seconds."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.asked: list[str] = []
        self.times: list[float] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.times.append(time.monotonic())
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            request = b""
            while b"\r\n\r\n" not in request:
                piece = connection.recv(65536)
                if not piece:
                    return
                request += piece
            text = request.decode("latin-1")
            self.asked.append(text)
            try:
                for step in self._answers(text.split(" ")[1]):
                    if isinstance(step, float):
                        time.sleep(step)
                    else:
                        connection.sendall(step)
            except OSError:
                return  # the asker has had enough, which is what some tests are about


def reply(
    body: bytes = b"<html>ok</html>",
    status: str = "200 OK",
    length: int | None = None,
    **headers: str,
) -> bytes:
    """A whole answer. headers: names with _ for -."""
    told = {"Content-Type": "text/html", **{k.replace("_", "-"): v for k, v in headers.items()}}
    told["Content-Length"] = str(len(body) if length is None else length)
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status}\r\n{lines}Connection: close\r\n\r\n".encode() + body


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Hosts]:
    database = open_scratch(f"sqlite:///{tmp_path / 'scratch.db'}", beside="", wait_s=5)
    yield SqlHosts(database)
    database.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Answers], RawServer]]:
    """Start a server that answers paths as told."""
    started: list[RawServer] = []

    def start(answers: Answers) -> RawServer:
        started.append(RawServer(answers))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def make_fetcher(hosts: Hosts, clock: Clock) -> Iterator[Callable[..., HttpFetcher]]:
    """A fetcher that may ask loopback; without pace unless told."""
    made: list[HttpFetcher] = []

    def make(
        allowed: Sequence[str] | None = None,
        *,
        private: bool = True,
        proxy: str = "",
        **limits: float,
    ) -> HttpFetcher:
        made.append(
            HttpFetcher(
                Guard(allowed, private=private),
                PoliteQueue(hosts, clock),
                clock,
                limits=Limits(**{"rate": 0.0, **limits}),
                user_agent="Soso/test",
                proxy=proxy,
            )
        )
        return made[-1]

    yield make
    for one in made:
        one.close()
