"""Clocks and scales: time of calls, memory and time of a child process, bytes of a folder."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter, sleep
from typing import Final

import msgspec

from soso.evaluation.measures import percentile
from soso.model.value import Value

ROOT: Final = Path(__file__).parents[1]
LOOK_EVERY_S: Final = 0.02
LONGEST_S: Final = 3_600.0


class Timing(Value):
    """How long calls took."""

    p50_ms: float
    p99_ms: float
    calls: int


class Built(Value):
    """What a child did; peak_bytes: anonymous resident memory, which the disk's cache is not in."""

    posts: int
    seconds: float
    peak_bytes: int = 0

    @property
    def rate(self) -> float:
        """Posts a second."""
        return self.posts / self.seconds


def time_calls(call: Callable[[str], object], arguments: Iterable[str]) -> Timing:
    """Call once for each argument and say how long it took."""
    took: list[float] = []
    for argument in arguments:
        started = perf_counter()
        call(argument)
        took.append((perf_counter() - started) * 1000)
    return Timing(p50_ms=percentile(took, 0.5), p99_ms=percentile(took, 0.99), calls=len(took))


def anonymous_bytes(pid: int) -> int:
    """Return RssAnon of a process, 0 when it has ended or the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("RssAnon:")), "RssAnon: 0")
    return int(line.split()[1]) * 1024


class MemoryWatch:
    """Watches a process until the context ends; peak_bytes is the most that was seen."""

    def __init__(self, pid: int) -> None:
        self.peak_bytes = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "MemoryWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.is_set():
            self.peak_bytes = max(self.peak_bytes, anonymous_bytes(self._pid))
            self._ended.wait(LOOK_EVERY_S)


def run_child(*arguments: str) -> Built:
    """Run benchmarks.children with the arguments in a process of its own and measure it.

    Raises subprocess.CalledProcessError with its error output when it fails.
    """
    command = [sys.executable, "-m", "benchmarks.children", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        with MemoryWatch(child.pid) as watch:
            out, error = child.communicate(timeout=LONGEST_S)
        if child.returncode:
            sys.stderr.write(error.decode(errors="replace"))
            raise subprocess.CalledProcessError(child.returncode, command)
    built = msgspec.json.decode(out.splitlines()[-1], type=Built)
    return msgspec.structs.replace(built, peak_bytes=watch.peak_bytes)


def folder_bytes(place: Path) -> int:
    """Return the size of a file, or of all files below a folder."""
    files = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)


def wait_until(true: Callable[[], bool], *, seconds: float) -> bool:
    """Ask every 5 ms until it is true or the time is over; return whether it is."""
    end = perf_counter() + seconds
    while not true():
        if perf_counter() > end:
            return False
        sleep(0.005)
    return True
