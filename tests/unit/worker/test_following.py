import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from soso.model.errors import SosoError, Unavailable
from soso.worker import following
from soso.worker.following import FollowWorker


class FakeApp:
    """due: visits of each kind that can be made; fails: raised by the first calls."""

    class settings:
        follow_threads = 3

    def __init__(self, *, newest: int = 0, background: int = 0, fails: int = 0) -> None:
        self.due = {False: newest, True: background}
        self.made: list[bool] = []
        self.fails = [Unavailable("the disk is full")] * fails
        self.idle: list[float] = []
        self.freed = 0
        self.lock = threading.Lock()

    def free_dead_leases(self) -> int:
        self.freed += 1
        return 2

    def visit_due(
        self, *, seat: int, background: bool, is_stopped: Callable[[], bool]
    ) -> object | None:
        with self.lock:
            if self.fails:
                raise self.fails.pop()
            if not self.due[background] or is_stopped():
                return None
            self.due[background] -= 1
            self.made.append(background)
            return object()

    def follow_idle_s(self, *, longest_s: float) -> float:
        self.idle.append(longest_s)
        return 0.001


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "LONGEST_PAUSE_S", 0.01)
    monkeypatch.setattr(following, "_SHORTEST_S", 0.001)


def run_until(app: Any, done: Callable[[], bool]) -> None:
    worker = FollowWorker(app)
    worker.start()
    deadline = time.monotonic() + 10
    while not done() and time.monotonic() < deadline:
        time.sleep(0.001)
    worker.stop()
    assert done()
    assert not any(thread.name.startswith("follow-worker") for thread in threading.enumerate())


def test_all_that_is_due_is_visited_and_then_it_waits() -> None:
    app = FakeApp(newest=50, background=20)
    run_until(app, lambda: app.due == {False: 0, True: 0} and len(app.idle) > 3)
    assert app.freed == 1


def test_history_gets_its_share_while_newest_posts_are_due() -> None:
    app = FakeApp(newest=400, background=400)
    run_until(app, lambda: len(app.made) >= 400)
    share = sum(app.made[:400]) / 400
    assert 0.2 <= share <= 0.3


def test_an_archive_that_does_not_answer_is_waited_out() -> None:
    app = FakeApp(newest=5, fails=4)
    run_until(app, lambda: app.due[False] == 0)


def test_leases_that_can_t_be_freed_hold_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    app = FakeApp(newest=5)

    def fail() -> int:
        raise SosoError("no")

    app.free_dead_leases = fail  # type: ignore[method-assign]
    run_until(app, lambda: app.due[False] == 0)


def test_it_can_be_stopped_before_it_began() -> None:
    FollowWorker(FakeApp()).stop()  # type: ignore[arg-type]
