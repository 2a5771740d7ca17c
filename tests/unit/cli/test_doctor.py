import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from soso.cli.doctor import doctor
from soso.cli.importing import import_

ROW = '{"type":"post","chat":"1500000042","id":%d,"at":"2026-11-01T08:00:00Z","text":"High water"}'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(ROW % number for number in range(1, 400)), "utf-8")
    data = tmp_path / "data"
    made = CliRunner().invoke(import_, [str(file), "--data", str(data)])
    assert made.exit_code == 0, made.output
    return data


def found(data: Path, *flags: str) -> list[str]:
    done = CliRunner().invoke(doctor, ["--json", *flags, "--data", str(data)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return [finding["what"] for finding in findings]


def test_a_folder_that_can_not_be_written_is_found_before_anything_is_opened(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, mode: not mode & os.W_OK)
    (data / "soso.sqlite").write_bytes(b"this is no database " * 500)
    assert found(data) == [f"data folder: {data} can't be written by this user"]


@pytest.mark.parametrize("flags", [(), ("--repair",)])
def test_a_malformed_database_comes_with_advice(data: Path, flags: tuple[str, ...]) -> None:
    (file,) = (path for path in data.glob("*.sqlite") if path.name == "soso.sqlite")
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    findings = found(data, *flags)
    assert any("restore the last backup" in what and "soso import" in what for what in findings)


def test_repair_drops_what_a_killed_import_left(data: Path) -> None:
    left = data / "work" / "import-abc"
    left.mkdir(parents=True)
    left.with_suffix(".lock").touch()
    assert found(data, "--repair") == ["work: 1 unpacked archives left by imports that were killed"]
    assert not left.exists()
