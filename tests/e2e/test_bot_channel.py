"""A bot in a channel: what is posted is in the archive, whatever happens to the bot in between.

The program is the real one, in its own process; Telegram is the double, over HTTP.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from soso.bootstrap import open_app
from soso.config import load_settings
from soso.doubles.bot_api import BotApiDouble, VirtualClock
from soso.model.following import SourceState
from soso.model.ids import Peer, PeerKind
from soso.model.post import StoredPost

PEER = Peer(kind=PeerKind.CHANNEL, id=1_500_000_001)


def make_picture(shade: int) -> bytes:
    import io

    written = io.BytesIO()
    Image.new("RGB", (320, 200), (shade % 256, 90, 160)).save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
def double() -> Iterator[BotApiDouble]:
    clock = VirtualClock()
    clock.advance(-3600)  # so that an edit can come a minute after its post and not after now
    with BotApiDouble(clock=clock) as opened:
        yield opened


class Program:
    """`soso bot` in a process of its own."""

    def __init__(self, double: BotApiDouble, data: Path, log: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if name[:5] != "SOSO_"}
        told = {"TOKEN": double.token, "API_URL": double.url}
        self._environment = {**kept, **{f"SOSO_BOT_{name}": told[name] for name in told}}
        self._command = [sys.executable, "-m", "soso", "bot", "--data", str(data)]
        self.log = log
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self._running = subprocess.Popen(
                self._command, env=self._environment, stdout=out, stderr=out
            )

    def end(self, number: int) -> int:
        assert self._running is not None
        self._running.send_signal(number)
        return self._running.wait(30)


@pytest.fixture
def program(double: BotApiDouble, tmp_path: Path) -> Iterator[Program]:
    made = Program(double, tmp_path / "data", tmp_path / "log")
    yield made
    if made._running is not None and made._running.poll() is None:
        made.end(signal.SIGKILL)


def read_archive(data: Path) -> list[StoredPost]:
    with open_app(load_settings(data=data, embedder="none")) as app:
        chat = app.store.find_chat_by_peer(PEER)
        assert chat is not None
        return list(app.store.iter_posts(chat.key))


def test_posts_edits_and_albums_arrive(
    double: BotApiDouble, program: Program, tmp_path: Path
) -> None:
    owner = double.add_user("小雨")
    channel = double.add_channel("城南旧事", owner=owner, username="chengnan", bot="left")
    unseen = double.post(channel, "before the bot came")
    program.start()
    double.set_bot(channel, "administrator", by=owner)
    first = double.post(channel, "<b>天气</b> 😀 <i>晴</i> #城南", html=True)
    album = double.post_album(channel, [make_picture(n) for n in range(3)], "三张")
    double.post(channel, "带图", photo=make_picture(9))
    double.clock.advance(60)
    double.edit_post(channel, first["message_id"], "天气转阴")
    double.edit_post(channel, album[0]["message_id"], "三张，改过")
    double.wait_confirmed(timeout_s=40)
    double.set_bot(channel, "left", by=owner)
    double.wait_confirmed()
    assert program.end(signal.SIGTERM) == 0

    posts = read_archive(tmp_path / "data")
    ids = [message["message_id"] for message in album]
    assert unseen["message_id"] not in [stored.post.id for stored in posts]
    texts = [(stored.post.id, stored.post.text, stored.revisions) for stored in posts]
    assert texts == [
        (first["message_id"], "天气转阴", 1),
        (ids[0], "三张，改过", 1),
        (ids[-1] + 1, "带图", 0),
    ]
    assert posts[1].post.album == tuple(ids)
    assert [item.post_id for item in posts[1].post.media] == ids
    pictures = [item.picture for stored in posts for item in stored.post.media]
    assert len({picture.blob for picture in pictures if picture is not None}) == 4
    with open_app(load_settings(data=tmp_path / "data", embedder="none")) as app:
        chat = app.store.find_chat_by_peer(PEER)
        assert chat is not None
        assert (chat.title, chat.username, chat.visibility) == ("城南旧事", "chengnan", "public")
        followed = app.store.list_followed()
        assert [one.state for one in followed] == [SourceState.CLOSED]
        old = app.store.list_revisions(posts[0].key)[0]
        assert (old.text, [entity.start for entity in old.entities]) == (
            "天气 😀 晴 #城南",
            [0, 5, 7],
        )
        app.index_changes()
        assert not [finding for finding in app.examine(repair=False) if not finding.mended]
    written = program.log.read_text("utf-8")
    assert double.token not in written
    assert "天气" not in written


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_kill_9_at_any_moment_loses_nothing(
    double: BotApiDouble, program: Program, tmp_path: Path
) -> None:
    channel = double.add_channel("城南旧事", username="chengnan", bot="administrator")
    draw = random.Random(5)
    said: dict[int, str] = {}
    albums: list[list[int]] = []
    written = threading.Event()

    def write() -> None:
        for number in range(120):
            post = double.post(channel, f"第{number}篇")
            said[post["message_id"]] = f"第{number}篇"
            if number % 10 == 3:
                items = double.post_album(channel, [make_picture(number), make_picture(number + 1)])
                albums.append([item["message_id"] for item in items])
            if number % 4 == 1:
                edited = draw.choice(list(said))
                said[edited] += " 改"
                double.clock.advance(2)
                double.edit_post(channel, edited, said[edited])
            time.sleep(0.05)
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    for life_s in (2.5, 3.0, 2.7):
        program.start()
        time.sleep(life_s)
        program.end(signal.SIGKILL)
    program.start()
    assert written.wait(60)
    writer.join()
    double.wait_confirmed(timeout_s=60)
    assert program.end(signal.SIGTERM) == 0

    posts = read_archive(tmp_path / "data")
    assert {one.post.id: one.post.text for one in posts if not one.post.album} == said
    assert [list(one.post.album) for one in posts if one.post.album] == albums
    # Nothing twice: an edit that was applied again left no second revision.
    assert all(one.revisions <= one.post.text.count("改") for one in posts)
