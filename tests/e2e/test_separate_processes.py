"""soso web and soso worker as programs of their own over one archive."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from soso.bootstrap import ImportOptions, open_app
from soso.config import load_settings
from tests.e2e.conftest import Soso, message

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a command; what is left of it at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def run(*words: str, data: Path) -> "subprocess.Popen[str]":
        kept = {name: value for name, value in os.environ.items() if name[:5] != "SOSO_"}
        with (tmp_path / f"log{len(running)}").open("w") as log:
            program = subprocess.Popen(
                [sys.executable, "-m", "soso", *words, "--data", str(data)],
                env={**kept, "SOSO_EMBEDDER": "none", "PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        running.append(program)
        return program

    yield run
    for one in running:
        if one.poll() is None:
            one.kill()
        one.communicate()


def read_until(program: "subprocess.Popen[str]", pattern: str) -> str:
    assert program.stdout is not None
    for line in program.stdout:
        if found := re.search(pattern, line):
            return found[0]
    raise AssertionError(f"it ended with {program.wait()} before it said {pattern!r}")


def bring_in(export: Path, data: Path) -> None:
    """Import without indexing, which is left to the worker."""
    with open_app(load_settings(data=data, embedder="none")) as app:
        reports = list(app.import_paths([export], ImportOptions(), lambda _: None))
    assert [one.state for one in reports] == ["done"]


def count(address: str, text: str) -> int:
    answer = httpx.get(f"{address}/api/v1/search", params={"q": text})
    assert answer.status_code == 200, answer.text
    return len(answer.json()["hits"])


@pytest.mark.timeout(150)
def test_what_one_imports_and_another_indexes_all_webs_find(
    start: Start, write_export: Callable[..., Path], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    webs = [start("web", "--port", "0", data=data) for _ in range(2)]
    addresses = [read_until(web, r"http://127\.0\.0\.1:\d+") for web in webs]
    worker = start("worker", data=data)
    assert "follow" in read_until(worker, "running: .*")

    bring_in(write_export([message(1, "青铜鼎出土于河畔")]), data)
    deadline = time.monotonic() + 60
    while not all(count(one, "青铜鼎") for one in addresses):
        assert time.monotonic() < deadline
        time.sleep(0.3)

    worker.send_signal(signal.SIGTERM)
    assert worker.wait(40) == 0
    webs[0].send_signal(signal.SIGTERM)
    assert webs[0].wait(40) == 0
    assert count(addresses[1], "青铜鼎") == 1


@pytest.mark.timeout(120)
def test_a_second_worker_waits_and_takes_over_from_one_that_was_killed(
    start: Start, write_export: Callable[..., Path], ask: Any, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    workers = [start("worker", "--only", "index", data=data) for _ in range(2)]
    for one in workers:
        assert read_until(one, "running: .*") == "running: index"
    workers[0].kill()
    workers[0].wait()

    bring_in(write_export([message(1, "青铜鼎出土于河畔")]), data)
    deadline = time.monotonic() + 60
    while not ask("search", "青铜鼎", data=data)["hits"]:
        assert time.monotonic() < deadline
        time.sleep(0.5)
    workers[1].send_signal(signal.SIGINT)
    assert workers[1].wait(40) == 0


def test_a_loop_that_does_not_exist_is_named(soso: Soso, tmp_path: Path) -> None:
    done = soso("worker", "--only", "dance", data=tmp_path, check=False)
    assert done.returncode == 2
    assert "dance" in done.stderr
