import os
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap
from pathlib import Path
from time import sleep

from benchmarks.probes import (
    MemoryWatch,
    anonymous_bytes,
    folder_bytes,
    time_calls,
    wait_until,
)


def test_calls_are_timed_one_by_one() -> None:
    took = time_calls(lambda text: sleep(0.02 if text == "slow" else 0.0), ["a"] * 9 + ["slow"])
    assert took.calls == 10
    assert took.p50_ms < 10 < 19 < took.p99_ms


def test_memory_is_what_a_process_holds_itself() -> None:
    before = anonymous_bytes(os.getpid())
    flags = MAP_PRIVATE | MAP_ANONYMOUS  # fresh pages: nothing that was freed before is reused
    with MemoryWatch(os.getpid()) as watch, mmap(-1, 40_000_000, flags=flags) as held:
        held.write(b"x" * 40_000_000)
        sleep(0.1)
    assert watch.peak_bytes - before > 30_000_000
    assert anonymous_bytes(2**22 + 1) == 0  # above the largest process id


def test_the_size_of_a_folder_is_that_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a").write_bytes(b"12345")
    (tmp_path / "b").write_bytes(b"123")
    assert folder_bytes(tmp_path) == 8
    assert folder_bytes(tmp_path / "b") == 3


def test_waiting_ends_when_it_is_true_or_the_time_is_over() -> None:
    answers = iter([False, False, True])
    assert wait_until(lambda: next(answers), seconds=5)
    assert not wait_until(lambda: False, seconds=0.02)
