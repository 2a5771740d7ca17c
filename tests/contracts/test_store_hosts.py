"""What ports.hosts promises."""

import threading
from datetime import timedelta

from soso.ports.hosts import HostPace
from soso.ports.store import Store

from .store_cases import NOW

HOST = "t.me"


def pace_of(store: Store, later_s: float = 0) -> HostPace:
    pace = store.find_pace(HOST, now=NOW + timedelta(seconds=later_s))
    assert pace is not None
    return pace


def test_turns_follow_each_other(store: Store) -> None:
    assert store.find_pace(HOST, now=NOW) is None
    assert store.take_turn(HOST, now=NOW, every_s=2) == (True, 0)
    assert store.take_turn(HOST, now=NOW, every_s=0.5) == (True, 2)
    assert store.take_turn(HOST, now=NOW, every_s=2) == (True, 2.5)
    assert store.take_turn("other", now=NOW, every_s=2) == (True, 0)
    assert store.take_turn(HOST, now=NOW + timedelta(seconds=9), every_s=2) == (True, 0)


def test_each_turn_is_given_once(store: Store) -> None:
    waits: list[float] = []

    def take() -> None:
        for _ in range(10):
            waits.append(store.take_turn(HOST, now=NOW, every_s=1).wait_s)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == list(range(40))


def test_while_a_host_is_backed_off_no_turn_is_given(store: Store) -> None:
    store.take_turn(HOST, now=NOW, every_s=1)
    store.back_off(HOST, now=NOW, for_s=60, failures=1, reason="it answers 429")
    assert store.take_turn(HOST, now=NOW, every_s=1) == (False, 60)
    assert store.take_turn(HOST, now=NOW + timedelta(seconds=59), every_s=1) == (False, 1)
    assert store.take_turn(HOST, now=NOW + timedelta(seconds=60), every_s=1) == (True, 0)
    pace = pace_of(store, 60)
    assert (pace.failures, pace.reason) == (1, "it answers 429")


def test_a_back_off_only_grows_and_success_forgets_the_failures(store: Store) -> None:
    store.back_off(HOST, now=NOW, for_s=60, failures=3, reason="a")
    store.back_off(HOST, now=NOW, for_s=5, failures=2, reason="b")
    pace = pace_of(store)
    assert pace.backoff_until == NOW + timedelta(seconds=60)
    assert (pace.failures, pace.reason) == (3, "b")
    store.forget_failures(HOST)
    store.forget_failures("never asked")
    pace = pace_of(store)
    assert (pace.failures, pace.reason) == (0, None)
    assert pace.backoff_until == NOW + timedelta(seconds=60)


def test_after_a_jump_back_the_waits_count_from_now(store: Store) -> None:
    store.take_turn(HOST, now=NOW, every_s=3)
    store.back_off(HOST, now=NOW, for_s=60, failures=1, reason="x")
    before = NOW - timedelta(hours=10)
    pace = store.find_pace(HOST, now=before)
    assert pace is not None
    assert pace.next_at == before + timedelta(seconds=3)
    assert pace.backoff_until == before + timedelta(seconds=60)
    assert store.list_paces(now=before) == [pace]
    assert store.take_turn(HOST, now=before, every_s=3) == (False, 60)


def test_a_clock_read_a_little_earlier_is_no_jump(store: Store) -> None:
    store.take_turn(HOST, now=NOW, every_s=10)
    turn = store.take_turn(HOST, now=NOW - timedelta(seconds=1), every_s=10)
    assert turn == (True, 11)
