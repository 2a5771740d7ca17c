"""Small exports to read."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

WriteExport = Callable[[object], Path]


@pytest.fixture
def write_export(tmp_path: Path) -> WriteExport:
    """Writes a value, or bytes as they are, to result.json and returns its path."""

    def write(value: object) -> Path:
        path = tmp_path / "result.json"
        if isinstance(value, bytes):
            path.write_bytes(value)
        else:
            path.write_text(json.dumps(value, ensure_ascii=False, indent=1), "utf-8")
        return path

    return write
