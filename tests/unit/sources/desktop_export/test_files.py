"""Files of an export, and none else."""

import os
from pathlib import Path

import pytest

from soso.sources.desktop_export.files import read_inside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    export = tmp_path / "export"
    (export / "photos").mkdir(parents=True)
    (export / "photos" / "a.jpg").write_bytes(b"picture")
    (tmp_path / "secret").write_bytes(b"secret")
    return export


def test_a_file_of_the_export_is_read_up_to_its_limit(folder: Path) -> None:
    assert read_inside(folder, "photos/a.jpg", max_bytes=7) == b"picture"
    assert read_inside(folder, "photos/a.jpg", max_bytes=6) is None


@pytest.mark.parametrize(
    "source",
    ["", ".", "photos", "missing.jpg", "../secret", "photos/../../secret", "/etc/passwd", "a\0b",
     "photos/a.jpg/x", "x" * 5000, "..\\secret"],
)  # fmt: skip
def test_what_is_not_there_or_elsewhere_is_none(folder: Path, source: str) -> None:
    assert read_inside(folder, source, max_bytes=100) is None


def test_links_lead_nowhere_else(folder: Path) -> None:
    (folder / "out.jpg").symlink_to(folder.parent / "secret")
    (folder / "up").symlink_to(folder.parent)
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "in.jpg").symlink_to(folder / "photos" / "a.jpg")
    for source in ("out.jpg", "up/secret", "loop"):
        assert read_inside(folder, source, max_bytes=100) is None
    assert read_inside(folder, "in.jpg", max_bytes=100) == b"picture"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_no_file_and_does_not_wait(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert read_inside(folder, "pipe", max_bytes=100) is None


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    assert read_inside(tmp_path / "gone", "a", max_bytes=100) is None
