import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from soso.fetchers.queue import PoliteQueue
from soso.model.errors import Unavailable
from soso.ports.hosts import Hosts

from .conftest import Clock

HOST = "t.me"


@pytest.fixture
def queue(hosts: Hosts, clock: Clock) -> Iterator[PoliteQueue]:
    made = PoliteQueue(hosts, clock)
    yield made
    made.close()


def test_threads_stand_in_one_line(queue: PoliteQueue) -> None:
    times: list[float] = []

    def ask() -> None:
        for _ in range(5):
            queue.wait_turn(HOST, 0.02)
            times.append(time.monotonic())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(times) == 20
    assert times[-1] - times[0] >= 19 * 0.02 * 0.95
    assert max(sum(start <= at < start + 0.1 for at in times) for start in times) <= 6


def test_two_processes_share_the_line(hosts: Hosts, clock: Clock) -> None:
    queues = [PoliteQueue(hosts, clock) for _ in range(2)]  # nothing in common but the store
    begun = time.monotonic()
    for _ in range(5):
        for one in queues:
            one.wait_turn(HOST, 0.02)
    assert time.monotonic() - begun >= 9 * 0.02


def test_other_hosts_do_not_wait(queue: PoliteQueue) -> None:
    queue.wait_turn(HOST, 60.0)
    begun = time.monotonic()
    queue.wait_turn("other.example", 60.0)
    assert time.monotonic() - begun < 1
    assert 50 < queue.wait_s(HOST, 60.0) <= 75


def test_a_failing_host_is_left_alone_and_comes_back(queue: PoliteQueue, hosts: Hosts) -> None:
    def fail() -> float:
        return queue.tell_failure(
            HOST, 1.0, reason="it answers 503", status=503, retry_after_s=None
        )

    first = fail()
    assert 2 <= first <= 2.5
    assert 0 < queue.wait_s(HOST, 1.0) <= 2.5
    assert fail() < 3  # it went out together with the first: one failure
    pace = hosts.find_pace(HOST, now=Clock().now())
    assert pace is not None
    assert (pace.failures, pace.reason) == (1, "it answers 503")


def test_failures_in_a_row_count(queue: PoliteQueue, clock: Clock, hosts: Hosts) -> None:
    for _ in range(3):
        queue.tell_failure(HOST, 1.0, reason="x", status=500, retry_after_s=None)
        clock.jump += timedelta(seconds=60)
    pace = hosts.find_pace(HOST, now=clock.now())
    assert pace is not None
    assert pace.failures == 3
    queue.tell_success(HOST)
    pace = hosts.find_pace(HOST, now=clock.now())
    assert pace is not None
    assert pace.failures == 0


def test_a_long_back_off_is_told_at_once_and_survives_the_process(
    queue: PoliteQueue, hosts: Hosts, clock: Clock
) -> None:
    queue.tell_failure(HOST, 1.0, reason="x", status=429, retry_after_s=600)
    for one in (queue, PoliteQueue(hosts, clock)):
        for every_s in (1.0, 0.0):  # without a pace the back-off holds too
            begun = time.monotonic()
            with pytest.raises(Unavailable) as told:
                one.wait_turn(HOST, every_s)
            assert time.monotonic() - begun < 1
            assert told.value.retry_after_s == pytest.approx(600, abs=5)


def test_a_short_back_off_is_waited_out(queue: PoliteQueue) -> None:
    queue.tell_failure(HOST, 0.0, reason="x", status=500, retry_after_s=0.2)
    begun = time.monotonic()
    queue.wait_turn(HOST, 0.0)
    assert time.monotonic() - begun >= 0.15


@pytest.mark.parametrize("hours", [-10, 10])
def test_a_clock_that_jumps_stops_nothing(queue: PoliteQueue, clock: Clock, hours: int) -> None:
    queue.wait_turn(HOST, 0.05)
    clock.jump = timedelta(hours=hours)
    begun = time.monotonic()
    queue.wait_turn(HOST, 0.05)
    clock.jump = timedelta()
    queue.wait_turn(HOST, 0.05)
    assert 0.09 <= time.monotonic() - begun < 2


def test_a_jump_back_makes_no_back_off_longer(queue: PoliteQueue, clock: Clock) -> None:
    queue.tell_failure(HOST, 1.0, reason="x", status=429, retry_after_s=100)
    clock.jump = timedelta(hours=-10)
    assert queue.wait_s(HOST, 1.0) <= 100


def test_an_ending_program_lets_nobody_wait(hosts: Hosts, clock: Clock) -> None:
    queue = PoliteQueue(hosts, clock)
    queue.wait_turn(HOST, 100.0)
    threading.Timer(0.1, queue.close).start()
    begun = time.monotonic()
    with pytest.raises(Unavailable, match="ending"):
        queue.wait_turn(HOST, 100.0)
    assert time.monotonic() - begun < 2
