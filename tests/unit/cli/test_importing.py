import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from soso.bootstrap import App
from soso.cli.importing import import_
from soso.model.errors import Unavailable

ROW = '{"type":"post","chat":"1500000042","id":5,"at":"2026-11-01T08:00:00Z","text":"High water"}'


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "rows.jsonl"
    file.write_text(ROW, "utf-8")
    return file


def test_a_report_has_its_zeros_too(rows: Path, tmp_path: Path) -> None:
    made = CliRunner().invoke(import_, [str(rows), "--json", "--data", str(tmp_path / "data")])
    (report,) = json.loads(made.stdout)["imports"]
    assert report["applied"]["inserted"] == 1
    assert report["applied"]["kept"] == report["applied"]["revised"] == 0
    assert (report["skipped"], report["notices"], report["error"]) == ({}, [], None)


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_what_came_in_is_told_though_the_index_fails(
    rows: Path, tmp_path: Path, flags: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise Unavailable("no space left")

    monkeypatch.setattr(App, "index_changes", fails)
    made = CliRunner().invoke(import_, [str(rows), *flags, "--data", str(tmp_path / "data")])
    assert isinstance(made.exception, Unavailable)
    assert "new 1" in made.stdout or '"inserted":1' in made.stdout
