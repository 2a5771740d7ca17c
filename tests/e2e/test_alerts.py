"""Alerts, the whole way: posts come in, their feeds and webhooks tell, whatever is killed."""

import json
import logging
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from soso.alerts.watch import OPERATOR, Door, Owner
from soso.bootstrap import App, open_app
from soso.config import load_settings
from soso.flows import deliver
from soso.flows.watch import NewWatch
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post
from soso.web.app import make_web_app
from soso.worker.alerting import AlertWorker
from tests.unit.web.visitor import Visitor, find_csrf

Visit = Callable[[App], Visitor]
ATOM = "{http://www.w3.org/2005/Atom}"
CHANNEL = ChatSighting(
    peer=Peer(kind=PeerKind.CHANNEL, id=1500000001),
    kind=ChatKind.CHANNEL,
    title="天气早报",
    is_public=True,
)


class Receiver(ThreadingHTTPServer):
    """Keeps what it is told; refuses some of it if chance says so."""

    daemon_threads = True

    def __init__(self, chance: random.Random | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Telling)
        self.chance = chance
        self.got: list[tuple[str, dict[str, Any]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Telling(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers["Webhook-Id"], json.loads(body)))
        time.sleep(0.01)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit() -> Iterator[Visit]:
    """Visitors who go away at the end."""
    made: list[Visitor] = []

    def visit(app: App) -> Visitor:
        made.append(Visitor(make_web_app(app)))
        return made[-1]

    yield visit
    for visitor in made:
        visitor.close()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    settings = load_settings(
        data=tmp_path,
        embedder="none",
        fetch_private=True,
        reader_feeds=2,
        public_url="http://soso.test",
    )
    with open_app(settings) as made:
        yield made


def bring(app: App, *posts: tuple[int, str]) -> None:
    now = datetime.now(UTC)
    known = app.store.find_chat_by_peer(CHANNEL.peer)  # type: ignore[arg-type]
    chat = known or app.store.add_chat(CHANNEL, now)
    batch = Batch(
        chat=CHANNEL,
        observed_at=now,
        posts=tuple(Post(id=number, at=now, text=text) for number, text in posts),
    )
    app.store.apply(chat.key, batch, source="test", at=datetime.now(UTC))


def hook(app: App, text: str, receiver: Receiver) -> int:
    owner = Owner(door=Door.WEBHOOK, id=OPERATOR)
    made, _ = app.add_watch(NewWatch(owner=owner, text=text, url=receiver.url))
    return made.number


def told(receiver: Receiver) -> list[int]:
    """The numbers of the posts, each delivery once, as a receiver that keeps the rules has them."""
    once = dict(receiver.got)
    return sorted(row["id"] for payload in once.values() for row in payload["posts"])


def titles(answer: Any) -> list[str]:
    root = ElementTree.fromstring(answer.content)
    return [entry.findtext(f"{ATOM}title") or "" for entry in root.findall(f"{ATOM}entry")]


def test_a_new_post_reaches_its_webhook_within_seconds(app: App, receiver: Receiver) -> None:
    hook(app, "台风 -演习", receiver)
    worker = AlertWorker(app)
    worker.start()
    try:
        bring(app, (1, "台风登陆"), (2, "台风演习"), (3, "晴天"))
        app.cluster_changes()
        deadline = time.monotonic() + 15
        while not receiver.got and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        worker.stop()
    assert told(receiver) == [1]


def test_a_reader_makes_a_feed_and_reads_it(
    app: App, visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    visitor = visit(app)
    page = visitor.get("/watching", params={"q": '台风"><script>'})
    assert "<script>" not in page.text.partition("</head>")[2].replace("<script src", "")
    answer = visitor.post("/watching", data={"q": "台风", "csrf": find_csrf(page)})
    made = visitor.get(answer.headers["location"])
    secret = answer.headers["location"].rpartition("/")[2]
    address = f"/watch/{secret}.atom"
    assert f"http://soso.test{address}" in made.text
    bring(app, (1, "台风 <b>&登陆"), (2, "晴天"))
    app.alert_changes()
    feed = visitor.get(address)
    assert titles(feed) == ["台风 <b>&登陆"]
    assert feed.headers["x-robots-tag"] == "noindex"
    tag = feed.headers["etag"]
    assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 304
    app.hide_post("1500000001", 1, hidden=True, who="test")
    assert titles(visitor.get(address)) == []
    for path in (f"/watch/{secret}x.atom", "/watch/.atom", f"/watch/{secret}.rss"):
        assert visitor.get(path).status_code == 404
    logged = [record.getMessage() for record in caplog.records if record.name[:4] == "soso"]
    assert logged
    assert not any(secret in line for line in logged)
    search = visitor.get("/search", params={"q": "台风"})
    assert "/watching?q=" in search.text


def test_readers_make_so_many_feeds_and_nobody_makes_them_for_others(
    app: App, visit: Visit
) -> None:
    visitor = visit(app)
    csrf = find_csrf(visitor.get("/watching"))

    def send(q: str, token: str = csrf) -> int:
        return int(visitor.post("/watching", data={"q": q, "csrf": token}).status_code)

    assert send("台风", "forged") == 403
    assert send("kind:channel") == 400
    assert [send("台风"), send("地震"), send("海啸")] == [303, 303, 403]
    assert len(app.list_watches()) == 2
    assert send("台风") == 303  # there already: the same feed
    assert send("地震") == 429


def test_where_readers_may_make_none_there_is_no_page(tmp_path: Path, visit: Visit) -> None:
    with open_app(load_settings(data=tmp_path, embedder="none")) as app:
        visitor = visit(app)
        assert visitor.get("/watching").status_code == 404
        assert "/watching" not in visitor.get("/search", params={"q": "台风"}).text


def test_a_killed_process_loses_nothing_and_tells_nothing_twice(
    app: App, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deliveries in flight when it is killed come again under the number they had."""
    for text in ("台风", "号", "级"):
        hook(app, text, receiver)
    chance, number = random.Random(11), 0
    child = Path(__file__).with_name("alert_child.py")
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, str(child), str(app.data)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        for _ in range(8):
            number += 1
            bring(app, (number, f"台风第{number}号，风力{number * 3}级，方向{number * 7}度"))
            time.sleep(chance.uniform(0.02, 0.15))
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=20)
        process.stdout.close()
    monkeypatch.setattr(app, "clock", Later(app.clock))
    for _ in range(6):
        app.clock.minutes += 15  # type: ignore[attr-defined]
        app.alert_changes()
        app.cluster_changes()
        app.deliver_due(app.alert_doors)
    assert len(receiver.got) > 9
    for watch in (1, 2, 3):
        once = {
            name: payload for name, payload in receiver.got if payload["watch"]["number"] == watch
        }
        posts = [row["id"] for payload in once.values() for row in payload["posts"]]
        more = sum(payload["more"] for payload in once.values())
        assert len(posts) == len(set(posts))
        assert len(posts) + more == number
    assert {one.state.value for w in (1, 2, 3) for one in app.store.list_deliveries(w)} == {"sent"}
    assert deliver.LEASE_S < 15 * 60


class Later:
    """A clock that goes on faster."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock
        self.minutes = 0

    def now(self) -> datetime:
        now: datetime = self._clock.now()
        return now + timedelta(minutes=self.minutes)
