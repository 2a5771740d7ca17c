"""soso run --demo-live: a newcomer sees invented posts arrive, apart from the real archive."""

import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(150)
def test_posts_arrive_from_the_double(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name[:5] != "SOSO_"}
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "soso",
            "run",
            "--demo-live",
            "--port",
            "0",
            "--data",
            str(tmp_path),
        ],
        cwd=ROOT,
        env={**environment, "SOSO_EMBEDDER": "none", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    watchdog = threading.Timer(100, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        address, arrived = "", []
        for line in process.stdout:
            if match := re.match(r"http://127\.0\.0\.1:\d+$", line.strip()):
                address = match[0]
            if line.startswith("  ") and ": " in line:
                arrived.append(line.strip())
            if address and len(arrived) >= 5:
                break
        assert len(arrived) >= 5
        title = arrived[-1].partition(": ")[0]
        with urllib.request.urlopen(address) as answer:
            assert title in answer.read().decode()
    finally:
        watchdog.cancel()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert (tmp_path / "demo-live" / "soso.sqlite").is_file()
    assert not (tmp_path / "soso.sqlite").exists()
