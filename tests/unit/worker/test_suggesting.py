import time
from collections.abc import Callable

import pytest

from soso.model.errors import Unavailable
from soso.worker import suggesting
from soso.worker.suggesting import SuggestWorker


class FakeApp:
    """Notes what the worker does. waiting: documents to follow; fails: so many steps fail."""

    def __init__(self, waiting: int = 0, fails: int = 0) -> None:
        self.indexing = False
        self.waiting = waiting
        self.fails = fails
        self.steps = self.flushed = self.loaded = 0

    def hold_turn(self, name: str) -> bool:
        return True

    def end_turn(self, name: str) -> None:
        return None

    def is_indexing(self) -> bool:
        return self.indexing

    def flush_searches(self) -> int:
        self.flushed += 1
        return 0

    def load_popular(self) -> None:
        self.loaded += 1

    def offer_step(self) -> int:
        self.steps += 1
        if self.fails:
            self.fails -= 1
            raise Unavailable("the disk is full")
        done, self.waiting = min(self.waiting, 10), max(self.waiting - 10, 0)
        return done


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "PAUSE_S", 0.01)
    monkeypatch.setattr(suggesting, "LONGEST_PAUSE_S", 0.05)
    monkeypatch.setattr(suggesting, "FLUSH_S", 0.02)
    monkeypatch.setattr(suggesting, "POPULAR_S", 0.02)


def run(app: FakeApp, until: Callable[[], bool]) -> None:
    worker = SuggestWorker(app)  # type: ignore[arg-type]
    worker.start()
    ends = time.monotonic() + 20
    while not until() and time.monotonic() < ends:
        time.sleep(0.01)
    worker.stop()
    assert until()


def test_it_follows_the_archive_and_writes_counts_down() -> None:
    app = FakeApp(waiting=100)
    run(app, lambda: app.waiting == 0 and app.flushed > 1 and app.loaded > 1)


def test_it_waits_for_the_index_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "YIELDED_S", 3600.0)
    app = FakeApp(waiting=100)
    app.indexing = True
    run(app, lambda: app.flushed > 3)
    assert app.steps == 0
    monkeypatch.setattr(suggesting, "YIELDED_S", 0.03)
    run(app, lambda: app.waiting == 0)


def test_a_failure_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    app = FakeApp(waiting=10, fails=3)
    run(app, lambda: app.waiting == 0)
    assert "the disk is full" in caplog.text


def test_the_last_counts_are_written_when_it_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "FLUSH_S", 3600.0)
    app = FakeApp()
    run(app, lambda: app.steps > 0)
    assert app.flushed == 1
