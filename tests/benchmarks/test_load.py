import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from benchmarks.load import CONNECTIONS, answers, run_load


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = CONNECTIONS

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.connections: set[tuple[str, int]] = set()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        query = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
        server.asked.append(query)
        server.connections.add(self.client_address)
        self.send_response(500 if query == "bad" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def test_asks_so_many_times_over_kept_connections(server: Server) -> None:
    address = f"http://127.0.0.1:{server.server_port}"
    load = run_load(address, ["天气 好", '"北京"', "bad"], requests=60)
    assert load.answered == 60
    assert load.failed == 20
    assert sorted(set(server.asked)) == ['"北京"', "bad", "天气 好"]
    assert len(server.connections) <= CONNECTIONS
    assert load.rate > 0
    assert 0 < load.p50_ms <= load.p99_ms


def test_knows_whether_a_server_answers(server: Server) -> None:
    address = f"http://127.0.0.1:{server.server_port}"
    assert answers(address, "/search?q=a")
    assert not answers(address, "/search?q=bad")
    assert not answers("http://127.0.0.1:1", "/")


def test_only_this_machine_is_asked() -> None:
    with pytest.raises(ValueError, match="not on this machine"):
        answers("http://example.org", "/")
