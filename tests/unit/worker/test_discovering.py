import logging
import threading

import pytest

from soso.model.errors import Unavailable
from soso.worker.discovering import DiscoverWorker


class FakeApp:
    """Counts what is asked; steps: what discover_changes returns one after another."""

    def __init__(self, steps: list[int | Exception]) -> None:
        self.steps = steps
        self.followed = 0
        self.is_done = threading.Event()

    def hold_turn(self, name: str) -> bool:
        return True

    def end_turn(self, name: str) -> None:
        return None

    def discover_changes(self) -> int:
        step = self.steps.pop(0) if self.steps else 0
        if isinstance(step, Exception):
            raise step
        return step

    def follow_found(self) -> int:
        self.followed += 1
        self.is_done.set()
        return 2


def test_it_looks_until_all_is_seen_and_then_follows(caplog: pytest.LogCaptureFixture) -> None:
    app = FakeApp([1000, 1000, 3])
    worker = DiscoverWorker(app)  # type: ignore[arg-type]
    with caplog.at_level(logging.INFO):
        worker.start()
        assert app.is_done.wait(10)
        worker.stop()
    assert app.steps == []
    assert "2 chats" in caplog.text


def test_a_failure_is_logged_and_stopping_does_not_wait(caplog: pytest.LogCaptureFixture) -> None:
    app = FakeApp([Unavailable("the disk is full")])
    worker = DiscoverWorker(app)  # type: ignore[arg-type]
    worker.start()
    for _ in range(500):
        if "the disk is full" in caplog.text:
            break
        threading.Event().wait(0.01)
    worker.stop()
    assert "the disk is full" in caplog.text
    assert app.followed == 0


def test_stopping_what_never_began_is_no_error() -> None:
    DiscoverWorker(FakeApp([])).stop()  # type: ignore[arg-type]
