"""Updates brought to the web server of `soso run`: taken with the secret, kept while it is down."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from soso.abilities.updating import HOOK_PATH
from soso.bootstrap import open_app
from soso.config import load_settings
from soso.doubles.bot_api import BotApiDouble
from soso.model.ids import Peer, PeerKind

SECRET = "a-secret_1"


@pytest.fixture
def double() -> Iterator[BotApiDouble]:
    with BotApiDouble() as opened:
        yield opened


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def start(double: BotApiDouble, tmp_path: Path) -> Iterator[object]:
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if name[:5] != "SOSO_"}
    told = {
        "SOSO_BOT_TOKEN": double.token,
        "SOSO_BOT_API_URL": double.url,
        "SOSO_BOT_WEBHOOK_SECRET": SECRET,
        "SOSO_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SOSO_EMBEDDER": "none",
        "SOSO_PORT": str(port),
    }
    running: list[subprocess.Popen[bytes]] = []

    def run() -> "subprocess.Popen[bytes]":
        with (tmp_path / "log").open("ab") as log:
            command = [sys.executable, "-m", "soso", "run", "--data", str(tmp_path / "data")]
            running.append(subprocess.Popen(command, env={**kept, **told}, stdout=log, stderr=log))
        double.wait_for(lambda: double.api.webhook.get("url"), timeout_s=40)
        return running[-1]

    yield run
    for one in running:
        if one.poll() is None:
            one.kill()
            one.wait()


def test_updates_come_to_the_web_server(
    double: BotApiDouble, start: object, tmp_path: Path
) -> None:
    assert callable(start)
    user = double.add_user("小雨")
    channel = double.add_channel("城南旧事", username="chengnan", bot="administrator")
    program = start()
    hook = double.api.webhook["url"]
    assert hook.endswith(HOOK_PATH)
    assert httpx.post(hook, json={"update_id": 1}).status_code == 404
    double.post(channel, "第一篇")
    double.start(user)
    assert "/help" in double.wait_sent(user, timeout_s=20)[0]["text"]
    double.wait_confirmed()

    program.send_signal(signal.SIGTERM)
    assert program.wait(40) == 0
    double.post(channel, "第二篇")
    program = start()
    double.wait_confirmed(timeout_s=60)
    program.send_signal(signal.SIGTERM)
    assert program.wait(40) == 0

    with open_app(load_settings(data=tmp_path / "data", embedder="none")) as app:
        chat = app.store.find_chat_by_peer(Peer(kind=PeerKind.CHANNEL, id=1_500_000_002 - 1))
        assert chat is not None
        texts = [stored.post.text for stored in app.store.iter_posts(chat.key)]
    assert texts == ["第一篇", "第二篇"]
    log = (tmp_path / "log").read_text("utf-8")
    assert double.token not in log
    assert SECRET not in log
