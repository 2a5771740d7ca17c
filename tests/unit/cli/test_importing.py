import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from soso.bootstrap import App, ImportOptions, open_app
from soso.cli.importing import import_
from soso.config import load_settings
from soso.flows.ingest import Progress
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
    assert (report["skipped"], report["error"]) == ({}, None)
    (notice,) = report["notices"]
    assert notice.endswith("soso admin chat 1500000042 --visibility public")


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


def test_unpacking_is_told_and_leaves_nothing(rows: Path, tmp_path: Path) -> None:
    archive = tmp_path / "rows.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(rows, "rows.jsonl")
    left = tmp_path / "data" / "work" / "import-killed"
    left.mkdir(parents=True)
    left.with_suffix(".lock").touch()
    seen: list[Progress] = []
    with open_app(load_settings(data=tmp_path / "data")) as app:
        list(app.import_paths([archive], ImportOptions(), seen.append))
    assert (seen[0].source, seen[0].read_bytes) == ("unpacking", rows.stat().st_size)
    assert seen[0].total_bytes == rows.stat().st_size
    assert list((tmp_path / "data" / "work").iterdir()) == []
