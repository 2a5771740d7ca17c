"""folder: which build is live, and that replacing it leaves nothing half done."""

from itertools import pairwise
from pathlib import Path

import pytest

from soso.engines.tantivy.folder import Home, Label, measure
from soso.model.errors import Unavailable

OURS = Label(fingerprint="ours", mapping=1, facets=("kind",))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_folder_has_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "a" / "b")
    assert home.is_new()
    assert home.mark() is None
    assert home.live() is None


def test_a_build_is_live_once_it_is_named(tmp_path: Path) -> None:
    home = Home(tmp_path)
    build = home.add_build(OURS)
    assert home.live() is None
    assert not home.is_new()
    home.make_live(build)
    assert home.live() == build
    assert Home(tmp_path).live() == build
    assert (tmp_path / "current").read_text() == "000001"
    assert names(build.path) == ["soso.json"]


def test_the_mark_differs_after_every_replacement(tmp_path: Path) -> None:
    home = Home(tmp_path)
    marks = [home.mark()]
    for _ in range(20):
        home.make_live(home.add_build(OURS))
        marks.append(home.mark())
        assert home.mark() == marks[-1]
    assert all(old != new for old, new in pairwise(marks))


def test_builds_have_new_names_and_old_ones_are_swept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = home.add_build(OURS)
    home.make_live(first)
    (first.path / "segment").write_bytes(b"x" * 100)
    assert measure(first) == 100 + (first.path / "soso.json").stat().st_size
    second = home.add_build(Label(fingerprint="new"))
    unfinished = home.add_build(OURS)
    home.make_live(second)
    (tmp_path / "notes.txt").write_text("not ours")
    home.sweep()
    assert names(tmp_path) == ["000002", "current", "notes.txt"]
    assert home.live() == second
    assert not unfinished.path.exists()
    assert home.add_build(OURS).path.name == "000003"


def test_without_a_live_build_nothing_is_swept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.add_build(OURS)
    home.sweep()
    assert names(tmp_path) == ["000001"]


@pytest.mark.parametrize(
    "content", [b"", b"000009", b"../x", b"/etc", b"\xff", b"0\x00", b"current"]
)
def test_a_pointer_that_names_no_build_names_none(tmp_path: Path, content: bytes) -> None:
    home = Home(tmp_path)
    home.make_live(home.add_build(OURS))
    (tmp_path / "current").write_bytes(content)
    assert home.live() is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"fingerprint": null}', b"\xff"])
def test_a_label_that_can_not_be_read_is_nobodys(tmp_path: Path, content: bytes) -> None:
    home = Home(tmp_path)
    build = home.add_build(OURS)
    home.make_live(build)
    (build.path / "soso.json").write_bytes(content)
    live = home.live()
    assert live is not None
    assert live.label == Label() != OURS


def test_a_label_may_hold_what_a_later_version_adds(tmp_path: Path) -> None:
    home = Home(tmp_path)
    build = home.add_build(OURS)
    home.make_live(build)
    (build.path / "soso.json").write_text(
        '{"fingerprint": "ours", "mapping": 1, "facets": ["kind"], "more": []}'
    )
    live = home.live()
    assert live is not None
    assert live.label == OURS


def test_a_disk_that_refuses_is_an_error(tmp_path: Path) -> None:
    home = Home(tmp_path / "index")
    build = home.add_build(OURS)
    (tmp_path / "index" / "current").mkdir()
    with pytest.raises(Unavailable):
        home.make_live(build)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable):
        Home(tmp_path / "file")
