"""The real program, run as a user runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
Soso = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def soso() -> Soso:
    """Run a command; check=False to look at its exit code."""

    def run(*words: str, data: Path, check: bool = True) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "soso", *words, "--data", str(data)]
        environment = {name: value for name, value in os.environ.items() if name[:5] != "SOSO_"}
        environment["SOSO_EMBEDDER"] = "none"
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=120, env=environment, check=False
        )
        if check:
            assert done.returncode == 0, done.stdout + done.stderr
        return done

    return run


@pytest.fixture(scope="session")
def ask(soso: Soso) -> Callable[..., Any]:
    """Run a command with --json and return what it prints."""

    def run(*words: str, data: Path) -> Any:
        return json.loads(soso(*words, "--json", data=data).stdout)

    return run


@pytest.fixture(scope="session")
def sample(soso: Soso, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample archive in it; for reading only."""
    data = tmp_path_factory.mktemp("sample")
    soso("import", str(ROOT / "sample"), data=data)
    return data


def message(number: int, text: str, **more: Any) -> dict[str, Any]:
    """A message of an export, a minute after the one before."""
    at = 1_790_000_000 + number * 60
    return {
        "id": number,
        "type": "message",
        "date": "2026-09-21T22:13:20",
        "date_unixtime": str(at),
        "from": "样例频道",
        "from_id": "channel1500009999",
        "text": text,
        "text_entities": [{"type": "plain", "text": text}],
        **more,
    }


@pytest.fixture
def write_export(tmp_path: Path) -> Callable[..., Path]:
    """Write an export of one chat and return its folder."""

    def write(messages: list[dict[str, Any]], *, name: str = "export", **chat: Any) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        export = {
            "name": "样例频道",
            "type": "public_channel",
            "id": 1500009999,
            **chat,
            "messages": messages,
        }
        text = json.dumps(export, ensure_ascii=False)
        (folder / "result.json").write_text(text, "utf-8")
        return folder

    return write
