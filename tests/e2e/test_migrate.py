"""An archive that outgrew its file goes on in PostgreSQL, with the program that a user runs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.servers import postgres, skip_without

pytestmark = pytest.mark.servers


def run(*words: str, data: Path, url: str = "") -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name[:5] != "SOSO_"}
    return subprocess.run(
        [sys.executable, "-m", "soso", *words, "--data", str(data), "--json"],
        env={**kept, "SOSO_EMBEDDER": "none", "SOSO_STORE_URL": url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def ask(*words: str, data: Path, url: str = "") -> Any:
    done = run(*words, data=data, url=url)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def without_time(answer: Any) -> Any:
    return {
        name: value
        for name, value in answer.items()
        if name not in ("took_ms", "seconds", "next_page")
    }


def test_the_sample_answers_the_same_from_postgresql(sample: Path) -> None:
    skip_without(postgres.why_absent())
    url = postgres.running().make_database()
    moved = ask("migrate", "--from", "sqlite", "--to", "postgres", data=sample, url=url)
    assert moved["differing"] == {}
    assert moved["behind"] == 0
    assert moved["rows"]["posts"] >= ask("status", data=sample)["posts"] > 100
    for words in (
        ("search", "台风"),
        ("search", "kind:channel 新闻"),
        ("search", '"开源"'),
        ("doctor",),
    ):
        here, there = ask(*words, data=sample), ask(*words, data=sample, url=url)
        assert without_time(here) == without_time(there), words
    refused = run("migrate", "--to", url, "--from", "nowhere", data=sample)
    assert refused.returncode == 2
    assert "no archive" in refused.stderr
