"""Two bots of one archive behind one webhook: Telegram's limits hold over both."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from soso.bootstrap import App
from soso.bot.company import LEASE_S
from soso.doubles.bot_api import BotApiDouble, Limits
from soso.model.errors import Unavailable
from tests.e2e.bot.conftest import run_bot

SECRET = "a-secret_1"
Door = tuple[str, list[App]]


@pytest.fixture
def door() -> Iterator[Door]:
    """One address that gives updates to bots in turn, as what divides requests would."""
    apps: list[App] = []
    count = 0

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            nonlocal count
            body = self.rfile.read(int(self.headers["Content-Length"]))
            count += 1
            try:
                apps[count % len(apps)].take_update(json.loads(body))
                self.send_response(200)
            except (Unavailable, ZeroDivisionError):
                self.send_response(503)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", apps
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.timeout(120)
def test_the_limits_hold_over_two_bots_and_nobody_starves(tmp_path: Path, door: Door) -> None:
    address, apps = door
    told = {"public_url": address, "bot_webhook_secret": SECRET}
    with ExitStack() as stack:
        double = stack.enter_context(BotApiDouble(limits=Limits()))
        people = [double.add_user(f"人{number}", started=True) for number in range(60)]
        for _ in range(2):
            apps.append(stack.enter_context(run_bot(tmp_path, double, **told)))
        loud, *others = people
        for number in range(5):
            double.send(loud, f"/help {number}")
        for person in others:
            double.send(person, "/help")
        begun = time.monotonic()
        for person in others:
            double.wait_sent(person, 1, timeout_s=60)
        double.wait_sent(loud, 5, timeout_s=60)
        took_s = time.monotonic() - begun
        assert double.api.brake.refused == []
        assert took_s < 25
        assert {app.store.meet_senders("looking", for_s=0.1).others for app in apps} == {2}


@pytest.mark.timeout(120)
def test_a_broadcast_of_two_bots_reaches_everybody_once(tmp_path: Path, door: Door) -> None:
    address, apps = door
    told = {"public_url": address, "bot_webhook_secret": SECRET}
    with ExitStack() as stack:
        double = stack.enter_context(BotApiDouble(limits=Limits()))
        people = [double.add_user(f"人{number}", started=True) for number in range(40)]
        for _ in range(2):
            apps.append(stack.enter_context(run_bot(tmp_path, double, **told)))
        for person in people:
            apps[0].set_bot_chat(person)
        number, count = apps[1].plan_broadcast("今晚维护", told=people[0])
        assert count == len(people)
        apps[1].start_broadcast(number)

        def got(person: int) -> int:
            return sum("今晚维护" in one.get("text", "") for one in double.sent(person))

        double.wait_for(lambda: all(got(person) for person in people), timeout_s=60)
        double.wait_for(lambda: apps[0].get_broadcast(number).state.value == "done", timeout_s=30)
        assert {got(person) for person in people} == {1}
        assert double.api.brake.refused == []


@pytest.mark.timeout(120)
def test_one_asks_for_updates_and_another_takes_over(tmp_path: Path) -> None:
    with ExitStack() as stack:
        double = stack.enter_context(BotApiDouble(limits=Limits(enforced=False)))
        person = double.add_user("小明", started=True)
        with run_bot(tmp_path, double):
            double.send(person, "/help")
            double.wait_sent(person, 1, timeout_s=30)
            stack.enter_context(run_bot(tmp_path, double))
        double.send(person, "/help")
        double.wait_sent(person, 2, timeout_s=LEASE_S + 20)
        assert len(double.sent(person)) == 2
