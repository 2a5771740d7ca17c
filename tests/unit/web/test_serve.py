import http.client
import os
import signal
import socket
import threading
import time
from typing import Any

import pytest

from soso.model.errors import BadInput
from soso.web.serve import address_of, bind, serve
from tests.unit.web.fakes import make_app


def ask(address: str, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_it_serves_when_it_says_so_and_ends_in_good_order() -> None:
    found: list[Any] = []

    def use(address: str) -> None:
        def visit() -> None:
            found.append(address)
            found.append(ask(address, "/healthz"))
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=visit).start()

    before = signal.getsignal(signal.SIGTERM)
    serve(make_app(), host="127.0.0.1", port=0, on_ready=use)  # type: ignore[arg-type]
    assert found[0].startswith("http://127.0.0.1:")
    assert found[1][0] == 200
    assert signal.getsignal(signal.SIGTERM) is before
    with pytest.raises(ConnectionRefusedError):
        ask(found[0], "/healthz")


def test_an_answer_under_way_comes_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    found: list[tuple[int, bytes]] = []
    asked = threading.Event()
    threads: list[threading.Thread] = []

    def slow(sha256: str) -> bytes:
        asked.set()
        time.sleep(0.5)
        return b"\xff\xd8\xff"

    monkeypatch.setattr(app, "get_blob", slow)

    def use(address: str) -> None:
        def visit() -> None:
            found.append(ask(address, f"/b/{'ab' * 32}"))

        def end() -> None:
            asked.wait(10)
            os.kill(os.getpid(), signal.SIGINT)

        threads.extend((threading.Thread(target=visit), threading.Thread(target=end)))
        for thread in threads:
            thread.start()

    serve(app, host="127.0.0.1", port=0, on_ready=use)  # type: ignore[arg-type]
    for thread in threads:
        thread.join(10)
    assert found == [(200, b"\xff\xd8\xff")]


def test_a_port_in_use_says_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=rf"port {port} .*in use.*--port"):
            serve(make_app(), host="127.0.0.1", port=port, on_ready=print)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["no.such.host.invalid", "300.1.1.1", "203.0.113.1", "a" * 300])
def test_an_address_that_is_not_ours_says_so(host: str) -> None:
    with pytest.raises(BadInput):
        bind(host, 0)


def test_addresses_for_a_browser_on_this_machine() -> None:
    for host, shown in (("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")):
        with bind(host, 0) as listener:
            port = listener.getsockname()[1]
            assert address_of(listener) == f"http://{shown}:{port}"


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_ipv6_addresses_have_brackets() -> None:
    try:
        listener = bind("::1", 0)
    except BadInput:
        pytest.skip("this machine has no IPv6 loopback")
    with listener:
        assert address_of(listener) == f"http://[::1]:{listener.getsockname()[1]}"
