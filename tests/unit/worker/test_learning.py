import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from soso.flows.learn_spelling import LearnReport
from soso.model.errors import Unavailable
from soso.worker import learning
from soso.worker.learning import LearnWorker, Slices


class FakeApp:
    """Counts what the worker asks of it."""

    def __init__(self) -> None:
        self.waiting = 0  # changes the index has not seen
        self.due = True
        self.failures = 0
        self.learned = threading.Event()
        self.rested = 0
        self.learning_turn = "learn/here"
        self.has_turn = True

    def hold_turn(self, name: str) -> bool:
        assert name == "learn/here"
        return self.has_turn

    def end_turn(self, name: str) -> None:
        assert name == "learn/here"

    def is_indexing(self) -> bool:
        return self.waiting > 0

    def is_spelling_due(self) -> bool:
        if self.failures:
            self.failures -= 1
            raise Unavailable("busy")
        return self.due

    def learn_spelling(self, rest: Callable[[], bool], breathe: Callable[[], None]) -> LearnReport:
        self.rested += rest()
        breathe()
        self.due = False
        self.learned.set()
        return LearnReport(posts=1, chats=1, bytes=1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_PAUSE_S", "PAUSE_S", "LONGEST_REST_S"):
        monkeypatch.setattr(learning, name, 0.005)


def run(app: Any, done: Callable[[], bool]) -> None:
    worker = LearnWorker(app)
    worker.start()
    try:
        assert done()
    finally:
        worker.stop()


def test_it_learns_what_is_due_and_rests_between_batches() -> None:
    app = FakeApp()
    run(app, lambda: app.learned.wait(5))
    assert app.rested == 1


def test_it_waits_for_the_index() -> None:
    app = FakeApp()
    app.waiting = 3
    run(app, lambda: not app.learned.wait(0.1))
    app.waiting = 0
    run(app, lambda: app.learned.wait(5))


def test_of_several_in_one_folder_one_learns() -> None:
    app = FakeApp()
    app.has_turn = False
    run(app, lambda: not app.learned.wait(0.1))
    app.has_turn = True
    run(app, lambda: app.learned.wait(5))


def test_who_lost_its_turn_learns_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    app, rests = FakeApp(), list[bool]()

    def learn(rest: Callable[[], bool], _: Callable[[], None]) -> LearnReport:
        rests.append(rest())
        app.has_turn = False
        rests.append(rest())
        app.learned.set()
        return LearnReport()

    monkeypatch.setattr(app, "learn_spelling", learn)
    run(app, lambda: app.learned.wait(5))
    assert rests == [True, False]


def test_a_failure_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    app = FakeApp()
    app.failures = 1
    run(app, lambda: app.learned.wait(5))
    assert "tried again" in caplog.text


def test_work_is_parted_into_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    now, slept = [0.0], list[float]()
    clock = SimpleNamespace(perf_counter=lambda: now[0], sleep=slept.append)
    monkeypatch.setattr(learning, "time", clock)
    slices = Slices()
    for _ in range(40):
        now[0] += learning.SLICE_S / 4
        slices.breathe()
    assert slept == [learning.PAUSE_OF_SLICE_S] * 10


def test_it_ends_while_it_waits() -> None:
    app = FakeApp()
    app.waiting = 1
    worker = LearnWorker(app)  # type: ignore[arg-type]
    worker.start()
    worker.stop()
    assert not app.learned.is_set()
