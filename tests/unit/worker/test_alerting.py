import threading
import time
from collections.abc import Callable, Mapping

import pytest

from soso.alerts.watch import Door
from soso.flows.alert import AlertReport
from soso.flows.deliver import DeliverReport
from soso.model.errors import Unavailable
from soso.ports.alert_door import AlertDoor
from soso.worker import alerting
from soso.worker.alerting import AlertWorker, Deliverer


class FakeApp:
    """waiting: changes; due: deliveries; fails: raised by the first steps of either loop."""

    def __init__(self, waiting: int = 0, due: int = 0, fails: tuple[Exception, ...] = ()) -> None:
        self.waiting = waiting
        self.due = due
        self.fails = [list(fails), list(fails)]
        self.cleaned = 0
        self.doors: list[set[Door]] = []
        self.times: list[float] = []
        self.down: dict[str, float] = {}
        self.alert_doors = {Door.WEBHOOK: object()}
        self._lock = threading.Lock()

    def alert_changes(self) -> AlertReport:
        if self.fails[0]:
            raise self.fails[0].pop()
        done, self.waiting = min(self.waiting, 10), max(self.waiting - 10, 0)
        return AlertReport(changes=done, posts=done, matches=done)

    def forget_old_matches(self) -> int:
        self.cleaned += 1
        return 0

    def deliver_due(self, doors: Mapping[Door, AlertDoor]) -> DeliverReport:
        self.doors.append(set(doors))
        self.times.append(time.monotonic())
        if self.fails[1]:
            raise self.fails[1].pop()
        if self.down:
            return DeliverReport(later=1, paused_s=self.down)
        done, self.due = min(self.due, 10), max(self.due - 10, 0)
        return DeliverReport(sent=done)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerting, "PAUSE_S", 0.002)
    monkeypatch.setattr(alerting, "LONGEST_PAUSE_S", 0.01)


def run_until(worker: AlertWorker | Deliverer, done: Callable[[], bool]) -> None:
    worker.start()
    deadline = time.monotonic() + 10
    while not done() and time.monotonic() < deadline:
        time.sleep(0.001)
    worker.stop()
    assert done()


def test_both_loops_work_until_nothing_waits_whatever_fails() -> None:
    app = FakeApp(35, 35, fails=(Unavailable("the disk is full"), Unavailable("again")))
    worker = AlertWorker(app)  # type: ignore[arg-type]
    run_until(worker, lambda: app.waiting == app.due == 0)
    assert app.cleaned == 1
    assert app.doors[0] == {Door.WEBHOOK}


def test_an_error_of_another_ends_no_loop_and_its_text_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = FakeApp(35, 35, fails=(RuntimeError("秘密的话"),))
    worker = AlertWorker(app)  # type: ignore[arg-type]
    run_until(worker, lambda: app.waiting == app.due == 0)
    assert "RuntimeError at test_alerting.py" in caplog.text
    assert "秘密的话" not in caplog.text


def test_a_door_that_is_down_is_left_alone_longer_each_time() -> None:
    app = FakeApp()
    app.down = {"bot": 0.02}
    doors = {Door.BOT: object()}
    run_until(Deliverer(app, doors), lambda: len(app.times) >= 5)  # type: ignore[arg-type]
    gaps = [after - before for before, after in zip(app.times, app.times[1:], strict=False)]
    assert gaps[0] >= 0.02
    assert gaps[3] >= 0.15


def test_a_door_that_is_down_holds_up_no_other() -> None:
    app = FakeApp()
    app.down = {"bot": 60.0}
    doors = {Door.BOT: object(), Door.WEBHOOK: object()}
    run_until(Deliverer(app, doors), lambda: len(app.doors) >= 3)  # type: ignore[arg-type]
    assert app.doors[0] == {Door.BOT, Door.WEBHOOK}
    assert app.doors[1] == app.doors[2] == {Door.WEBHOOK}


def test_one_that_was_never_started_stops() -> None:
    AlertWorker(FakeApp()).stop()  # type: ignore[arg-type]
