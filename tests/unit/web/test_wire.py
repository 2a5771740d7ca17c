import os
import signal
import socket
import threading
from typing import Any

from soso.web.serve import serve
from soso.web.wire import encode_address
from tests.unit.web.fakes import FakeApp, make_app


def send(app: FakeApp, *pieces: bytes) -> bytes:
    """Serve the archive, send the pieces over one connection, return all that comes back."""
    found: list[bytes] = []

    def talk(address: str) -> None:
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            received = b""
            for piece in pieces:
                connection.sendall(piece)
                threading.Event().wait(0.05)
            while part := connection.recv(65536):
                received += part
        found.append(received)

    def use(address: str) -> None:
        def run() -> None:
            try:
                talk(address)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=run).start()

    service: Any = app
    serve(service, host="127.0.0.1", port=0, on_ready=use)
    return found[0]


def request(line: str, *headers: str, close: bool = True) -> bytes:
    lines = [f"{line} HTTP/1.1", "Host: soso.test", *headers, *(["Connection: close"] * close)]
    return ("\r\n".join([*lines, "", ""])).encode()


def test_an_address_as_it_was_typed_is_understood() -> None:
    app = make_app()
    answer = send(app, request("GET /api/v1/search?q=天气&kind=post"))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert (app.asked[-1].text, app.asked[-1].kind) == ("天气", "post")


def test_every_request_of_a_connection_is() -> None:
    app = make_app()
    first = request("GET /api/v1/search?q=一", close=False)
    second = request("GET /api/v1/search?q=二")
    answer = send(app, first, second)
    assert answer.count(b"HTTP/1.1 200 ") == 2
    assert [asked.text for asked in app.asked] == ["一", "二"]


def test_bodies_are_left_as_they_are() -> None:
    """A body that looks like a request must not become longer: what follows would be taken for
    the next request."""
    body = "GET /healthz?q=天气天气天气天气 HTTP/1.1\r\n".encode()
    head = request(
        "POST /report", f"Content-Length: {len(body)}", "Content-Type: text/plain", close=False
    )
    app = make_app()
    answer = send(app, head, body, request("GET /robots.txt"))
    assert answer.count(b"HTTP/1.1 ") == 2
    assert b"Sitemap:" in answer


def test_what_is_no_http_is_refused() -> None:
    assert send(make_app(), b"\x16\x03\x01\xff\xfe\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_only_the_first_line_is_encoded() -> None:
    received = "GET /天 HTTP/1.1\r\nX: 气\r\n\r\n气".encode()
    encoded = "GET /%E5%A4%A9 HTTP/1.1\r\nX: 气\r\n\r\n气".encode()
    assert encode_address(received) == encoded
    assert encode_address(b"\xff") == b"%FF"
    assert encode_address(b"") == b""
