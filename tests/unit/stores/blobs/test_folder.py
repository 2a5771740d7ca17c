import os
import time
from pathlib import Path

import pytest

from soso.model.errors import Unavailable
from soso.stores.blobs.folder import BlobFolder


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_folder_that_is_none_is_unavailable(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("not a folder")
    with pytest.raises(Unavailable):
        BlobFolder(place)


def test_a_disk_that_refuses_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = BlobFolder(tmp_path)

    def refuse(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(Unavailable, match="No space"):
            blobs.put(b"content")
    assert files(tmp_path) == []
    assert blobs.get(blobs.put(b"content")) == b"content"


def test_what_a_crash_left_goes_when_it_is_old(tmp_path: Path) -> None:
    name = BlobFolder(tmp_path).put(b"content")
    old, young = tmp_path / name[:2] / "x1.part", tmp_path / name[:2] / "x2.part"
    for part in (old, young):
        part.write_bytes(b"half")
    then = time.time() - 2 * 86_400
    os.utime(old, (then, then))
    blobs = BlobFolder(tmp_path)
    assert (old.exists(), young.exists()) == (False, True)
    assert list(blobs.iter_sizes()) == [(name, 7)]


def test_a_read_is_noted_once_a_day_and_changes_no_time_of_writing(tmp_path: Path) -> None:
    blobs = BlobFolder(tmp_path)
    file = tmp_path / (name := blobs.put(b"content"))[:2] / name
    written = time.time() - 5 * 86_400
    os.utime(file, (written, written))
    blobs.get(name)
    assert file.stat().st_atime > time.time() - 60
    assert file.stat().st_mtime == pytest.approx(written, abs=1)


def test_foreign_files_are_no_blobs(tmp_path: Path) -> None:
    blobs = BlobFolder(tmp_path)
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "README").write_text("hello")
    (tmp_path / "notes.txt").write_text("hello")
    assert list(blobs.iter_sizes()) == []
