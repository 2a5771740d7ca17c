"""A door before a real node that speaks TLS and asks who is there, as a guarded cluster does."""

import http.client
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.servers import skip_without

_REFUSED = b'{"error": {"type": "security_exception", "reason": "not you"}, "status": %d}'


class Door(ThreadingHTTPServer):
    """wanted: the value of the header that opens it. seen: what was said, answered with which status."""

    def __init__(self, node: str) -> None:
        self.node = node.removeprefix("http://")
        self.wanted = ""
        self.shut = 401
        self.seen: list[tuple[str | None, int]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    server: Door
    protocol_version = "HTTP/1.1"

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = self.headers.get("Authorization")
        if said == self.server.wanted:
            node = http.client.HTTPConnection(self.server.node, timeout=30)
            node.request(
                self.command, self.path, body, {"Content-Type": self.headers["Content-Type"] or ""}
            )
            answer = node.getresponse()
            status, sent = answer.status, answer.read()
            node.close()
        else:
            status, sent = self.server.shut, _REFUSED % self.server.shut
        self.server.seen.append((said, status))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass_on

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Return a certificate of 127.0.0.1 that signed itself, and its key."""
    tool = shutil.which("openssl")
    skip_without(None if tool else "needs the program openssl to make a certificate")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [str(tool), "req", "-x509", *kind, *names, "-keyout", str(key)]
    subprocess.run([*command, "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key


@contextmanager
def open_door(node: str, certificate: Path, key: Path) -> Iterator[Door]:
    """Yield a door that leads to a node, http://host:port."""
    with Door(node) as door:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        door.socket = context.wrap_socket(
            door.socket, server_side=True, do_handshake_on_connect=False
        )
        thread = threading.Thread(target=door.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield door
        finally:
            door.shutdown()
            thread.join()
