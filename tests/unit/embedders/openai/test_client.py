import logging
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from soso.embedders.openai.client import Endpoint, Patience, is_here
from soso.model.errors import BadInput, Unavailable
from tests.contracts.embedder_cases import Double, serving

KEY = "sk-very-secret-0123456789"
BODY = b'{"input": ["a"]}'
PATIENCE = Patience(timeout_s=5, tries=4, longest_rest_s=30)


@pytest.fixture
def double() -> Iterator[Double]:
    with serving() as served:
        yield served


class Asked:
    """An endpoint, and the rests it took."""

    def __init__(self, url: str) -> None:
        self.rests: list[float] = []
        self.endpoint = Endpoint(url, key=KEY, rest=self.rests.append)

    def ask(self, patience: Patience = PATIENCE, longest_bytes: int = 10_000) -> bytes:
        return self.endpoint.ask(BODY, patience=patience, longest_bytes=longest_bytes)


@pytest.fixture
def asked(double: Double) -> Iterator[Asked]:
    made = Asked(double.url)
    yield made
    made.endpoint.close()


def test_the_answer_comes_back_and_the_key_goes_in_its_header(double: Double, asked: Asked) -> None:
    double.replies = [(200, {}, b"answer")]
    assert asked.ask() == b"answer"
    assert double.paths == ["/v1/embeddings"]
    assert double.headers[0]["authorization"] == f"Bearer {KEY}"
    assert double.headers[0]["content-type"] == "application/json"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_busy_endpoint_is_asked_again_with_longer_rests(
    double: Double, asked: Asked, status: int
) -> None:
    double.replies = [(status, {}, b"")] * 3 + [(200, {}, b"at last")]
    assert asked.ask() == b"at last"
    assert asked.rests == [0.5, 1, 2]


def test_after_the_last_try_it_is_unavailable(double: Double, asked: Asked) -> None:
    double.replies = [(503, {}, b"")] * 9
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1 does not answer: status 503"):
        asked.ask()
    assert (len(double.bodies), len(asked.rests)) == (4, 3)


def test_retry_after_is_honoured(double: Double, asked: Asked) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=20))
    double.replies = [
        (429, {"Retry-After": "7"}, b""),
        (429, {"Retry-After": later}, b""),
        (429, {"Retry-After": "soon"}, b""),
        (200, {}, b"x"),
    ]
    assert asked.ask() == b"x"
    assert asked.rests[0] == 7
    assert 10 < asked.rests[1] <= 20
    assert asked.rests[2] == 2


def test_an_endpoint_that_wants_too_long_a_rest_is_left_alone(double: Double, asked: Asked) -> None:
    double.replies = [(429, {"Retry-After": "3600"}, b"")]
    with pytest.raises(Unavailable, match="429"):
        asked.ask()
    assert (len(double.bodies), asked.rests) == (1, [])


@pytest.mark.parametrize(
    ("status", "text"), [(400, "take this"), (401, "wants a key"), (404, "model"), (307, "moved")]
)
def test_a_refusal_is_not_asked_again(double: Double, asked: Asked, status: int, text: str) -> None:
    double.replies = [(status, {"Location": "http://127.0.0.1:9/"}, b'{"error": "because of x"}')]
    with pytest.raises(BadInput, match=f"{text}.*because of x"):
        asked.ask()
    assert len(double.bodies) == 1


def test_the_key_is_in_no_error_and_no_log(
    double: Double, asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    double.replies = [
        (200, {}, b"x"),
        (401, {}, b'{"error": "' + b"x" * 190 + f' wrong key {KEY}"}}'.encode()),
    ]
    asked.ask()
    with pytest.raises(BadInput) as caught:
        asked.ask()
    assert "sk-" not in str(caught.value)
    assert KEY not in caplog.text
    assert KEY not in repr(asked.endpoint)


def test_an_endpoint_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        made = Asked(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        with pytest.raises(Unavailable, match="ConnectError"):
            made.ask()
        made.endpoint.close()
    assert made.rests == [0.5, 1, 2]


def test_an_endpoint_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        made = Asked(f"http://127.0.0.1:{silent.getsockname()[1]}/v1")
        with pytest.raises(Unavailable, match="ReadTimeout"):
            made.ask(Patience(timeout_s=0.05, tries=2, longest_rest_s=9))
        made.endpoint.close()


def test_an_endpoint_that_drips_is_given_up() -> None:
    stop = threading.Event()

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not stop.wait(0.02):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        made = Asked(f"http://127.0.0.1:{server.getsockname()[1]}/v1")
        with pytest.raises(Unavailable, match="too long"):
            made.ask(Patience(timeout_s=0.3, tries=1, longest_rest_s=9))
        stop.set()
        made.endpoint.close()
        thread.join()


def test_an_answer_without_end_is_not_read(double: Double, asked: Asked) -> None:
    double.replies = [(200, {}, b"x" * 20_000)]
    with pytest.raises(Unavailable, match="without end"):
        asked.ask()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://host/v1",
        "host:11434/v1",
        "http://",
        "http:///v1",
        "http://user:pass@host/v1",
        "https://host/v1?key=x",
        "https://host/v1#x",
        "http://host:99999/v1",
        "http://[::1/v1",
        "http://a b/v1",
    ],
)
def test_an_address_that_can_t_be_used_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match="address"):
        Endpoint(url)


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "鑰匙"])
def test_a_key_that_can_t_be_sent_is_refused_without_being_told(key: str) -> None:
    with pytest.raises(BadInput, match="key") as caught:
        Endpoint("http://127.0.0.1/v1", key=key)
    assert key not in str(caught.value)


def test_the_address_may_be_whole(double: Double) -> None:
    for url in (double.url + "/", double.url + "/embeddings", double.url + "/embeddings/"):
        double.replies = [(200, {}, b"x")]
        made = Asked(url)
        made.ask()
        made.endpoint.close()
    assert set(double.paths) == {"/v1/embeddings"}


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("gpu.localhost", True),
        ("192.168.1.5", False),
        ("api.example.org", False),
        ("localhost.example.org", False),
    ],
)
def test_which_hosts_are_this_machine(host: str, here: bool) -> None:
    assert is_here(host) is here
