"""A crash at any moment loses nothing: the program is killed while it imports and indexes."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from .conftest import Soso, message

POSTS = 6_000


def holds_posts(file: Path) -> bool:
    """Whether an import has written its first batch."""
    if not file.exists():
        return False
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as conn:
        try:
            return bool(conn.execute("select count(*) from posts").fetchone()[0])
        except sqlite3.Error:  # its tables are being made
            return False


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_kill_9_while_importing_loses_nothing(
    soso: Soso,
    ask: Callable[..., Any],
    write_export: Callable[..., Path],
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    folder = write_export([message(n, f"第{n}号石头 kill{n}") for n in range(1, POSTS + 1)])
    command = [sys.executable, "-m", "soso", "import", str(folder), "--data", str(data)]
    killed = 0
    for delay_s in (0.9, 1.1, 1.3, 1.6, 2.0):
        started = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
        )
        time.sleep(delay_s)
        if started.poll() is None:
            started.kill()
            killed += 1
        started.wait()
    assert killed > 0
    soso("import", str(folder), data=data)
    assert ask("status", data=data)["posts"] == POSTS
    assert ask("doctor", data=data)["ok"]
    for number in (1, 999, 1000, 1001, 3333, POSTS):
        assert ask("search", f"kill{number}", data=data)["total"] == 1


def test_ctrl_c_is_clean_and_goes_on(
    soso: Soso,
    ask: Callable[..., Any],
    write_export: Callable[..., Path],
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    folder = write_export([message(n, f"第{n}号石头") for n in range(1, 40_000)])
    command = [sys.executable, "-m", "soso", "import", str(folder), "--data", str(data)]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not holds_posts(data / "soso.sqlite"):
        time.sleep(0.02)
    started.send_signal(signal.SIGINT)
    _, errors = started.communicate(timeout=60)
    assert "Traceback" not in errors
    if started.returncode == 0:
        pytest.fail("the import was done before it could be interrupted")
    assert started.returncode == 130
    soso("import", str(folder), data=data)
    assert ask("status", data=data)["posts"] == 39_999
    assert ask("doctor", data=data)["ok"]
