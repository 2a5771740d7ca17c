"""Webhooks over real HTTP on this machine: signed, told once, and to nobody in the house."""

import base64
import hmac
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest

from soso.alerts.delivery import DELIVERED, End
from soso.alerts.digest import Digest
from soso.alerts.watch import Door, Owner, Watch
from soso.fetchers import webhook
from soso.fetchers.guard import Guard
from soso.fetchers.webhook import WebhookDoor, make_key, sign
from soso.model.chat import Chat, ChatKind
from soso.model.errors import BadInput, HostileInput
from soso.model.ids import ChatKey, DocId
from soso.query.results import Card
from soso.text.snippet import Snippet

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = make_key(b"0123456789abcdef0123456789abcdef")


class FixedClock:
    def now(self) -> datetime:
        return NOW


class Receiver(ThreadingHTTPServer):
    """Notes what it is sent; answers with `status`, or not at all."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.status = 204
        self.headers: dict[str, str] = {}
        self.hang_s = 0.0
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?a=1"


class Answering(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({**self.headers}, body))
        time.sleep(self.server.hang_s)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def door(*, private: bool = True) -> WebhookDoor:
    guard = Guard(None, private=private)
    return WebhookDoor(
        guard, FixedClock(), base_url="https://soso.example", user_agent="Soso", plain=private
    )


def digest(url: str) -> Digest:
    watch = Watch(
        number=3,
        owner=Owner(door=Door.WEBHOOK, id="operator"),
        text="台风 <b>",
        created_at=NOW,
        since=NOW,
        url=url,
        key=KEY,
        secret="never-told",
    )
    chat = Chat(key=ChatKey(1), kind=ChatKind.CHANNEL, title="天气")
    title = Snippet(text="台风登陆")
    card = Card(doc=DocId(2), chat=chat, stored=None, kinds=("post",), title=title, snippet=title)
    return Digest(number=41, watch=watch, cards=(card,), more=5)


def test_a_payload_is_signed_as_standard_webhooks_are(receiver: Receiver) -> None:
    sender = door()
    assert sender.send(digest(receiver.url)) == DELIVERED
    assert sender.send(digest(receiver.url)) == DELIVERED
    sender.close()
    (headers, body), (again, _) = receiver.got
    assert headers["Webhook-Id"] == again["Webhook-Id"] == "soso-41"
    at = headers["Webhook-Timestamp"]
    assert at == str(int(NOW.timestamp()))
    raw = base64.b64decode(KEY.removeprefix("whsec_"))
    expected = hmac.digest(raw, b"soso-41." + at.encode() + b"." + body, "sha256")
    assert headers["Webhook-Signature"] == "v1," + base64.b64encode(expected).decode()
    told = msgspec.json.decode(body)
    assert (told["version"], told["delivery"], told["more"]) == (1, 41, 5)
    assert told["watch"] == {"number": 3, "query": "台风 <b>"}
    assert told["posts"][0]["title"] == "台风登陆"
    assert told["posts"][0]["url"].startswith("https://soso.example/c/")
    assert b"never-told" not in body
    assert KEY.encode() not in body


@pytest.mark.parametrize(
    ("status", "headers", "end", "after_s"),
    [
        (200, {}, End.DELIVERED, None),
        (410, {}, End.GONE, None),
        (404, {}, End.LATER, None),
        (500, {}, End.LATER, None),
        (429, {"Retry-After": "120"}, End.LATER, 120.0),
        (503, {"Retry-After": "nonsense"}, End.LATER, None),
        (302, {"Location": "http://127.0.0.1:1/"}, End.LATER, None),
    ],
)
def test_what_an_answer_means(
    receiver: Receiver, status: int, headers: dict[str, str], end: End, after_s: float | None
) -> None:
    receiver.status, receiver.headers = status, headers
    outcome = door().send(digest(receiver.url))
    assert (outcome.end, outcome.after_s, outcome.all_wait) == (end, after_s, False)
    assert len(receiver.got) == 1


def test_no_answer_is_a_doubt_and_no_connection_is_none(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "TOTAL_S", 0.3)
    receiver.hang_s = 1.0
    assert door().send(digest(receiver.url)).end is End.UNKNOWN
    outcome = door().send(digest("http://127.0.0.1:9/hook"))
    assert outcome.end is End.LATER
    assert "/hook" not in outcome.reason


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://127.0.0.1:8443/",
        "https://localhost/",
        "https://10.0.0.7/",
        "https://[::1]/",
        "https://[::ffff:192.168.1.1]/",
        "https://2130706433/",
        "https://169.254.169.254/latest/meta-data",
        "https://name:password@example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://printer.local/",
    ],
)
def test_nobody_in_the_house_is_told(url: str) -> None:
    with pytest.raises(HostileInput):
        door(private=False).check(url)
    assert door(private=False).send(digest(url)).end is End.LATER


def test_a_name_that_leads_home_is_not_followed(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = receiver.server_address[1]
    home = [(2, 1, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr("soso.fetchers.guard.socket.getaddrinfo", lambda *_, **__: home)
    outcome = door(private=False).send(digest(f"https://evil.example:{port}/"))
    assert outcome.end is End.LATER
    assert receiver.got == []


@pytest.mark.parametrize("url", ["", "nothing", "http://example.org/", "https://" + "x" * 9_000])
def test_an_address_is_https_and_sound(url: str) -> None:
    with pytest.raises(BadInput):
        door(private=False).check(url)


def test_a_damaged_key_signs_nothing() -> None:
    with pytest.raises(BadInput):
        sign("whsec_*", "soso-1", 0, b"")
