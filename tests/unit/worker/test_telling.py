import time
from collections.abc import Callable

import pytest

from soso.flows.tell_stories import StoryReport
from soso.model.errors import Busy, SosoError, Unavailable
from soso.worker import telling
from soso.worker.telling import TellWorker


class FakeApp:
    """waiting: posts to be told; fails: raised by the first steps."""

    def __init__(self, waiting: int = 0, *fails: SosoError, indexing: int = 0) -> None:
        self.waiting = waiting
        self.fails = list(fails)
        self.indexing = indexing
        self.steps: list[bool] = []

    def is_indexing(self) -> bool:
        self.indexing -= 1
        return self.indexing >= 0

    def tell_stories(self, *, vectors: bool = True) -> StoryReport:
        self.steps.append(vectors)
        if self.fails:
            raise self.fails.pop()
        done, self.waiting = min(self.waiting, 10), max(self.waiting - 10, 0)
        return StoryReport(placed=done)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "PAUSE_S", 0.001)
    monkeypatch.setattr(telling, "LONGEST_PAUSE_S", 0.01)


def run_until(app: FakeApp, done: Callable[[], bool]) -> None:
    worker = TellWorker(app)  # type: ignore[arg-type]
    worker.start()
    deadline = time.monotonic() + 10
    while not done() and time.monotonic() < deadline:
        time.sleep(0.001)
    worker.stop()
    assert done()


def test_it_tells_until_nothing_waits_and_goes_on_looking() -> None:
    app = FakeApp(35)
    run_until(app, lambda: app.waiting == 0 and len(app.steps) > 5)


def test_a_failure_is_tried_again() -> None:
    app = FakeApp(5, Busy("another"), Unavailable("the disk is full"))
    run_until(app, lambda: app.waiting == 0)
    assert len(app.steps) >= 3


def test_the_index_goes_first() -> None:
    app = FakeApp(5, indexing=4)
    run_until(app, lambda: app.waiting == 0)
    assert app.indexing < 0


def test_vectors_are_looked_at_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "VECTORS_S", 0.02)
    app = FakeApp()
    run_until(app, lambda: app.steps.count(True) >= 2)
    assert app.steps[0] is False


def test_it_can_be_stopped_before_it_began() -> None:
    TellWorker(FakeApp()).stop()  # type: ignore[arg-type]
