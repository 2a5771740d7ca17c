"""A cluster that answers what a test says, over real HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from soso.engines.opensearch.client import Access, Cluster

Answers = list[tuple[int, Any]]


class Fake:
    """said: what was asked, (method, path, body). answers: what is left to answer, in order."""

    def __init__(self, url: str, waited: list[float]) -> None:
        self.url = url
        self.waited = waited
        self.said: list[tuple[str, str, str]] = []
        self.heads: list[dict[str, str]] = []
        self.answers: Answers = []

    def cluster(self, **access: Any) -> Cluster:
        return Cluster(Access(urls=(self.url,), **access), sleep=self.waited.append)


@contextmanager
def fake_cluster() -> Iterator[Fake]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            fake.said.append((self.command, self.path, self.rfile.read(length).decode()))
            fake.heads.append({k.title(): v for k, v in self.headers.items()})
            status, body = fake.answers.pop(0)
            sent = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake = Fake(f"http://127.0.0.1:{server.server_port}", [])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
