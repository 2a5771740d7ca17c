import gzip
import logging
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from soso.fetchers import HttpFetcher
from soso.model.errors import BadInput, HostileInput, Unavailable
from soso.ports.hosts import Hosts

from .conftest import Answers, Clock, RawServer, reply

Serve = Callable[[Answers], RawServer]
Make = Callable[..., HttpFetcher]


def test_a_page_comes_as_it_is(serve: Serve, make_fetcher: Make) -> None:
    body = gzip.compress("<html>页面</html>".encode())
    told = {"Content_Encoding": "gzip", "ETag": 'W/"1"', "Last_Modified": "yesterday"}
    server = serve(lambda path: [reply(body, **told)])
    found = make_fetcher().fetch(f"{server.address}/s/名字?before=2#x", max_bytes=1000)
    assert found.content.decode() == "<html>页面</html>"
    assert (found.status, found.etag, found.last_modified) == (200, 'W/"1"', "yesterday")
    assert (found.content_type, found.cut) == ("text/html", False)
    request = server.asked[0]
    assert request.startswith("GET /s/%E5%90%8D%E5%AD%97?before=2 HTTP/1.1\r\n")
    assert "user-agent: soso/test" in request.lower()
    assert f"host: 127.0.0.1:{server.port}" in request.lower()
    assert "cookie" not in request.lower()


def test_what_has_not_changed_is_not_sent_again(serve: Serve, make_fetcher: Make) -> None:
    server = serve(
        lambda path: [b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nConnection: close\r\n\r\n']
    )
    found = make_fetcher().fetch(server.address, max_bytes=9, etag='"a"', last_modified="then")
    assert (found.status, found.content) == (304, b"")
    request = server.asked[0].lower()
    assert 'if-none-match: "a"' in request
    assert "if-modified-since: then" in request


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "410 Gone"])
def test_a_refusal_is_an_answer(serve: Serve, make_fetcher: Make, status: str) -> None:
    server = serve(lambda path: [reply(b"x" * 99, status)])
    found = make_fetcher().fetch(server.address, max_bytes=9, kinds=("image/",))
    assert found.status == int(status[:3])
    assert found.content == b""


def test_redirects_are_followed_and_each_is_checked(serve: Serve, make_fetcher: Make) -> None:
    steps = {
        "/s/a": "/b",
        "/b": "c?x=1",
        "/out": "http://example.org/",
        "/file": "file:///etc/passwd",
    }
    server = serve(
        lambda path: [
            reply(b"", "302 Found", Location=steps[path]) if path in steps else reply(b"<html>")
        ]
    )
    fetcher = make_fetcher([f"127.0.0.1:{server.port}"])
    found = fetcher.fetch(f"{server.address}/s/a", max_bytes=99)
    assert found.url == f"{server.address}/c?x=1"
    for path in ("/out", "/file"):
        with pytest.raises(HostileInput):
            fetcher.fetch(server.address + path, max_bytes=99)


def test_a_redirect_leads_to_no_private_address(serve: Serve, make_fetcher: Make) -> None:
    """The first host is let through by its name; where it leads is not."""
    asked: list[str] = []
    server = serve(lambda path: [reply(b"secret")])
    fetcher = make_fetcher(private=False)
    for url in (server.address, f"http://[::ffff:127.0.0.1]:{server.port}/"):
        with pytest.raises(HostileInput, match="private"):
            fetcher.fetch(url, max_bytes=99)
    assert server.asked == asked


def test_a_name_that_changes_its_mind_leads_nowhere(
    serve: Serve, make_fetcher: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(lambda path: [reply(b"secret")])
    real = socket.getaddrinfo

    def rebound(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        named = host in ("rebind.example", b"rebind.example")
        return real("127.0.0.1" if named else host, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    with pytest.raises(HostileInput, match="private address"):
        make_fetcher(["rebind.example:" + str(server.port)], private=False).fetch(
            f"http://rebind.example:{server.port}/", max_bytes=99
        )
    assert server.asked == []
    # The same name, where private addresses may be asked: it is the guard that stops it.
    found = make_fetcher(None).fetch(f"http://rebind.example:{server.port}/", max_bytes=99)
    assert found.content == b"secret"


def test_a_ring_of_redirects_ends(serve: Serve, make_fetcher: Make) -> None:
    server = serve(lambda path: [reply(b"", "301 Moved", Location=f"{path}a")])
    with pytest.raises(HostileInput, match="redirects"):
        make_fetcher().fetch(server.address, max_bytes=99)
    assert len(server.asked) == 5


@pytest.mark.parametrize("told", [True, False])
def test_too_large_is_not_read(serve: Serve, make_fetcher: Make, told: bool) -> None:
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
    head += b"Content-Length: 500000000\r\n\r\n" if told else b"\r\n"
    server = serve(lambda path: [head, *([b"x" * 65536] * 200)])
    with pytest.raises(HostileInput, match="larger"):
        make_fetcher().fetch(server.address, max_bytes=100_000)


def test_a_picture_that_is_a_page_is_refused(serve: Serve, make_fetcher: Make) -> None:
    server = serve(lambda path: [reply(b"<html>", Content_Type="image/jpeg")])
    with pytest.raises(HostileInput):
        make_fetcher().fetch(server.address, max_bytes=99, kinds=("image/",))


def test_half_an_answer_says_so(serve: Serve, make_fetcher: Make, hosts: Hosts) -> None:
    server = serve(lambda path: [reply(b"<html>half", length=99)])
    found = make_fetcher().fetch(server.address, max_bytes=999)
    assert (found.content, found.cut) == (b"<html>half", True)
    server = serve(lambda path: [reply(b"", length=99)])
    with pytest.raises(Unavailable, match="hung up"):
        make_fetcher().fetch(server.address, max_bytes=999)


@pytest.mark.parametrize(
    ("status", "headers", "low", "high"),
    [
        ("429 Too Many Requests", {"Retry-After": "70"}, 69, 71),
        ("503 Unavailable", {}, 1.9, 2.6),
        ("500 Oops", {}, 1.9, 2.6),
        (
            "429 Slow",
            {
                "Retry-After": "Mon, 23 Nov 2026 11:02:00 GMT",
                "Date": "Mon, 23 Nov 2026 11:00:00 GMT",
            },
            119,
            121,
        ),
    ],
)
def test_a_host_that_wants_to_be_left_alone_is(
    serve: Serve, make_fetcher: Make, status: str, headers: dict[str, str], low: float, high: float
) -> None:
    server = serve(lambda path: [reply(b"", status, **headers)])
    fetcher = make_fetcher(rate=1)
    with pytest.raises(Unavailable) as told:
        fetcher.fetch(server.address, max_bytes=9)
    assert told.value.retry_after_s is not None
    assert low <= told.value.retry_after_s <= high
    assert low - 1 <= fetcher.wait_s(server.address) <= high


def test_an_answer_that_drips_ends_in_time(serve: Serve, make_fetcher: Make) -> None:
    def drip(path: str) -> list[bytes | float]:
        head: list[bytes | float] = []
        if path == "/head":
            head = [b"HTTP/1.1 200 OK\r\n"]
            return head + [piece for _ in range(100) for piece in (b"X: y\r\n", 0.05)]
        head = [b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"]
        return head + [piece for _ in range(100) for piece in (b"x", 0.05)]

    server = serve(drip)
    fetcher = make_fetcher(total_s=0.5, read_s=0.4)
    for path in ("/head", "/body"):
        begun = time.monotonic()
        with pytest.raises(Unavailable, match="too long"):
            fetcher.fetch(server.address + path, max_bytes=9999)
        assert time.monotonic() - begun < 2
        time.sleep(0.1)


def test_silence_ends_in_time(serve: Serve, make_fetcher: Make) -> None:
    server = serve(lambda path: [3.0])
    begun = time.monotonic()
    with pytest.raises(Unavailable, match="too long"):
        make_fetcher(read_s=0.2).fetch(server.address, max_bytes=9)
    assert time.monotonic() - begun < 2


def test_nobody_there(make_fetcher: Make) -> None:
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    with pytest.raises(Unavailable, match="can't be reached"):
        make_fetcher().fetch(f"http://127.0.0.1:{port}/", max_bytes=9)


@pytest.mark.parametrize("noise", [b"", b"\x16\x03\x01rubbish\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_rubbish_is_no_answer(serve: Serve, make_fetcher: Make, noise: bytes) -> None:
    server = serve(lambda path: [noise])
    with pytest.raises(Unavailable):
        make_fetcher().fetch(server.address, max_bytes=9)


def test_no_address_or_token_is_told(
    serve: Serve, make_fetcher: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = serve(lambda path: [reply(b"", "500 No")])
    with pytest.raises(Unavailable) as told:
        make_fetcher().fetch(f"{server.address}/file/a?token=geheim", max_bytes=9)
    assert "geheim" not in str(told.value) + caplog.text
    assert "500" in caplog.text


def test_the_limit_holds_for_many_threads(serve: Serve, make_fetcher: Make) -> None:
    server = serve(lambda path: [reply()])
    fetcher = make_fetcher(rate=40)

    def ask() -> None:
        for _ in range(5):
            fetcher.fetch(server.address, max_bytes=99)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.times) == 30
    assert (
        max(sum(start <= at < start + 0.5 for at in server.times) for start in server.times) <= 20
    )


def test_through_a_proxy_names_are_the_proxys_business(serve: Serve, make_fetcher: Make) -> None:
    proxy = serve(lambda path: [reply(b"<html>through")])
    fetcher = make_fetcher(["t.me"], private=False, proxy=f"http://me:pw@127.0.0.1:{proxy.port}")
    found = fetcher.fetch("http://t.me/s/x", max_bytes=99)
    assert found.content == b"<html>through"
    assert proxy.asked[0].startswith("GET http://t.me/s/x HTTP/1.1")
    assert "proxy-authorization: basic" in proxy.asked[0].lower()
    for url in ("http://10.0.0.1/", "http://other.example/"):
        with pytest.raises(HostileInput):
            fetcher.fetch(url, max_bytes=9)


@pytest.mark.parametrize("proxy", ["ftp://x", "nonsense", "http://", "socks4://127.0.0.1:1"])
def test_a_proxy_that_is_none(make_fetcher: Make, proxy: str) -> None:
    with pytest.raises(BadInput, match="fetch_proxy"):
        make_fetcher(proxy=proxy)


def test_a_socks_proxy_can_be_named(make_fetcher: Make, clock: Clock) -> None:
    fetcher = make_fetcher(["t.me"], proxy="socks5h://127.0.0.1:1")
    with pytest.raises(Unavailable, match=r"t\.me"):
        fetcher.fetch("http://t.me/", max_bytes=9)
