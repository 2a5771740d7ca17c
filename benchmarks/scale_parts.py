"""What each part of an installation uses: processor time and memory, from /proc.

Knows processes and their children. Must not know what they do. A part is a name for the processes
whose roots are given; a server's children that have ended are in the times of who waited for them.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.probes import anonymous_bytes
from soso.model.value import Value

TICKS: Final = os.sysconf("SC_CLK_TCK")
CORES: Final = os.cpu_count() or 1
LOOK_EVERY_S: Final = 0.25
_UTIME: Final = 11  # of what stands behind the name in /proc/PID/stat: utime, stime, cutime, cstime
_BUSY: Final = (0, 1, 2, 5, 6, 7)  # user, nice, system, irq, softirq, steal of /proc/stat
FULL: Final = 0.9
"""Cores that are busy so far are what everything waits for; a part with one such core, too."""

Parts = Mapping[str, Sequence[int]]
"""The roots of the processes of each part."""


class Use(Value):
    """What a step took. cpu_s, peak_bytes: of each part, anonymous memory alone; others_cpu_s: of
    everything else on the machine."""

    seconds: float
    cpu_s: Mapping[str, float]
    peak_bytes: Mapping[str, int]
    others_cpu_s: float


def find_tree(pid: int) -> list[int]:
    """Return a process and all below it; without it when it has ended."""
    below: dict[int, list[int]] = {}
    known = set()
    for entry in os.listdir("/proc"):
        fields = _stat(int(entry)) if entry.isdigit() else None
        if fields is not None:
            known.add(int(entry))
            below.setdefault(int(fields[1]), []).append(int(entry))
    found, waiting = [], [pid] if pid in known else []
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += below.get(one, ())
    return found


def find_children() -> set[int]:
    """Return the processes that this one started and that have not ended."""
    me = os.getpid()
    pids = (int(entry) for entry in os.listdir("/proc") if entry.isdigit())
    return {pid for pid in pids if (fields := _stat(pid)) is not None and int(fields[1]) == me}


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process, all below it, and those of them that have ended."""
    ticks = 0
    for one in find_tree(pid):
        fields = _stat(one)
        if fields is not None:
            ticks += sum(int(fields[_UTIME + place]) for place in range(4))
    return ticks / TICKS


def machine_seconds() -> float:
    """Return the processor time of everything that runs on the machine."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return sum(int(fields[place]) for place in _BUSY) / TICKS


class Meter:
    """Measures parts for as long as the context lasts; then use() tells."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._peaks = dict.fromkeys(parts, 0)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._took = 0.0
        self._cpu: dict[str, float] = {}
        self._machine = 0.0

    def __enter__(self) -> "Meter":
        self._cpu = self._times()
        self._machine = machine_seconds()
        self._took = perf_counter()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._took = perf_counter() - self._took
        self._cpu = {name: at - self._cpu[name] for name, at in self._times().items()}
        self._machine = machine_seconds() - self._machine
        self._ended.set()
        self._thread.join()

    def use(self, more: Mapping[str, float] | None = None) -> Use:
        """Return what was used. more: processor time of parts that have ended meanwhile."""
        cpu = dict(self._cpu) | dict(more or {})
        return Use(
            seconds=self._took,
            cpu_s=cpu,
            peak_bytes=self._peaks,
            others_cpu_s=max(self._machine - sum(cpu.values()), 0.0),
        )

    def _times(self) -> dict[str, float]:
        return {name: sum(map(cpu_seconds, pids)) for name, pids in self._parts.items()}

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            for name, pids in self._parts.items():
                held = sum(anonymous_bytes(one) for pid in pids for one in find_tree(pid))
                self._peaks[name] = max(self._peaks[name], held)


def name_bottleneck(use: Use, processes: Mapping[str, int], *, cores: int = CORES) -> str:
    """Say what a step waited for. processes: how many do one part's work, one core each.

    All cores busy: the part that takes most of them. Else a part whose processes are each busy.
    Else it waits: for a lock, an answer, the disk.
    """
    busy = {name: cpu / use.seconds for name, cpu in use.cpu_s.items()}
    most = max(busy, key=lambda name: busy[name])
    if sum(busy.values()) + use.others_cpu_s / use.seconds >= FULL * cores:
        return f"all cores; {most} {busy[most]:.1f}"
    alone = [name for name, count in processes.items() if busy.get(name, 0) >= FULL * count]
    if alone:
        return f"a core of {alone[0]}"
    return f"waiting; {most} {busy[most]:.1f}"


def _stat(pid: int) -> list[str] | None:
    """Return what stands behind the name of a process: state, parent, ...; None when it ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
